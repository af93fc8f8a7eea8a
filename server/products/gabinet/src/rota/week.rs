//! Everybody's hours over some dates, on the wall clock.

use chrono::NaiveDate;
use platform::{
    Result, Tx,
    id::{EntityId, LocationId},
    input::Input,
    locations,
    time::{self, Interval, ZoneWindow},
};

use super::{Rota, RotaDay, RotaLeave, RotaRow};
use crate::{
    EMPLOYEES_READ, LEAVE_WRITE, PRODUCT, employees,
    hours::{self, LeaveKind, resolve},
    working_time::{minutes_within, open},
};

/// The rota of a location between two local dates (`to` is exclusive), at most six weeks: those who still work and may
/// work there.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the location), `Invalid`.
pub async fn week(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Rota> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(EMPLOYEES_READ)?;
    let mut input = Input::new();
    input.year("from", &from);
    input.year("to", &to);
    input.check(from < to, "to", "order", "The range must end after it starts.");
    input.check((to - from).num_days() <= 43, "to", "range", "At most 43 days are given at once.");
    input.finish()?;
    let place = locations::get(tx, location).await?;
    let zone = ZoneWindow::of(time::zone(&place.zone)?, from, to);
    let staff = employees::list(tx).await?;
    let staff = staff.into_iter().filter(|employee| employee.active && employee.location.is_none_or(|own| own == location));
    let staff: Vec<_> = staff.collect();
    let ids: Vec<EntityId> = staff.iter().map(|employee| employee.id).collect();
    let known = hours::load(tx, &ids, location, from, to).await?;
    let sees_sickness = tx.can(LEAVE_WRITE);
    let whole = Interval { start: zone.day_start(from), end: zone.day_start(to) };
    let rows = staff
        .into_iter()
        .filter_map(|employee| {
            let (_, (set, leave)) = known.employees.iter().find(|(id, _)| *id == employee.id)?;
            let days = from.iter_days().take_while(|date| *date < to).map(|date| {
                let day = set.on(date, place.week_start);
                let away = leave.iter().find(|leave| leave.from_date <= date && date <= leave.to_date);
                let leave = away.map(|leave| RotaLeave {
                    kind: if leave.kind == LeaveKind::Sick && !sees_sickness { LeaveKind::Other } else { leave.kind },
                    starts: leave.starts,
                    ends: leave.ends,
                });
                let closure = known.closures.iter().find(|closure| closure.on_date == date).map(|closure| closure.name.clone());
                RotaDay { date, windows: day.windows, breaks: day.breaks, dated: day.dated, leave, closure }
            });
            let hours = resolve(employee.id, set, leave, &known.closures, from, to, &zone, place.week_start);
            Some(RotaRow {
                employee: employee.id,
                hue: employee.hue,
                minutes: minutes_within(&open(&hours), whole),
                contract_minutes: employee.contract_minutes,
                days: days.collect(),
                name: employee.name,
            })
        })
        .collect();
    Ok(Rota { from, to, week_start: place.week_start, rows })
}
