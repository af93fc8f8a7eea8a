//! What of a treatment's rules is not the same with every practitioner, or not on every day: lengths, and limits (R9).

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use platform::{
    Result, Tx,
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use services::calendar::slots::{Limit, Per, full, horizon};

use super::Asked;
use crate::{
    appointments::OwnWish,
    treatments::{Agreed, Rules, Treatment},
};

/// How far beyond the asked dates starts are counted: a month or a week may reach out of them.
const AROUND: Days = Days::new(32);

/// Of these practitioners those with a length of their own, or with limits that are reached somewhere.
pub(super) async fn own(
    tx: &mut Tx,
    (treatment, agreed): (&Treatment, Agreed),
    staff: &[EntityId],
    asked: &Asked,
    (tz, week_start, range): (Tz, u8, Interval),
) -> Result<Vec<OwnWish>> {
    let limits = limits(&treatment.rules);
    let window = ZoneWindow::of(tz, earlier(asked.from), later(asked.to));
    let counted = if limits.is_empty() {
        HashMap::new()
    } else {
        let around = Interval { start: window.day_start(earlier(asked.from)), end: window.day_start(later(asked.to)) };
        let leaving: Vec<EntityId> = asked.moving.into_iter().chain(asked.beside).collect();
        starts(tx, treatment.id, staff, around, &leaving).await?
    };
    let own = staff.iter().map(|employee| OwnWish {
        employee: *employee,
        minutes: asked.minutes.unwrap_or_else(|| treatment.minutes_with(*employee, agreed)),
        full: match counted.get(employee) {
            Some(starts) => full(&window, &limits, week_start, starts, range),
            None => Vec::new(),
        },
    });
    let base = asked.minutes.unwrap_or_else(|| treatment.minutes_for(agreed));
    Ok(own.filter(|own| own.minutes != base || !own.full.is_empty()).collect())
}

/// The first instant that lies too far ahead, if the treatment has a horizon (R8).
pub(super) fn latest(rules: &Rules, tz: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let days = u32::try_from(rules.horizon_days?).ok()?;
    let today = now.with_timezone(&tz).date_naive();
    let last = today.checked_add_days(Days::new(u64::from(days) + 2))?;
    horizon(&ZoneWindow::of(tz, today, last), now, days)
}

/// How many of a treatment may begin with one practitioner (R9).
pub(crate) fn limits(rules: &Rules) -> Vec<Limit> {
    let limits = [(Per::Day, rules.per_day), (Per::Week, rules.per_week), (Per::Month, rules.per_month)];
    limits.into_iter().filter_map(|(per, max)| Some(Limit { per, max: max? })).collect()
}

fn earlier(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(AROUND).unwrap_or(date)
}

fn later(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(AROUND).unwrap_or(date)
}

/// Starts of the treatment with each of them over a range, alone or as one of a visit's several, holds included; a session
/// counts once, what leaves its place not at all (R11).
pub(crate) async fn starts(
    tx: &mut Tx,
    treatment: EntityId,
    staff: &[EntityId],
    range: Interval,
    leaving: &[EntityId],
) -> Result<HashMap<EntityId, Vec<DateTime<Utc>>>> {
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<(EntityId, DateTime<Utc>)> = sqlx::query_as(
        "select employee_id, starts_at from (
             select distinct v.employee_id, a.id, a.starts_at from gabinet_appointments v
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             where v.organization_id = $1 and v.treatment_id = $2 and v.employee_id = any ($3)
               and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
             union all
             select s.employee_id, a.id, a.starts_at + make_interval(mins => s.offset_minutes) from gabinet_visit_steps s
             join gabinet_appointments v on v.organization_id = s.organization_id and v.id = s.visit_id
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             where s.organization_id = $1 and s.treatment_id = $2 and s.employee_id = any ($3) and s.nth > 1
               and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
             union all
             select h.employee_id, a.id, a.starts_at from gabinet_holds h
             join scheduled_activities a on a.organization_id = h.organization_id and a.id = h.id
             where h.organization_id = $1 and h.treatment_id = $2 and h.employee_id = any ($3) and h.expires_at > $6
             union all
             select s.employee_id, a.id, a.starts_at + make_interval(mins => s.offset_minutes) from gabinet_hold_steps s
             join gabinet_holds h on h.organization_id = s.organization_id and h.id = s.hold_id
             join scheduled_activities a on a.organization_id = h.organization_id and a.id = h.id
             where s.organization_id = $1 and s.treatment_id = $2 and s.employee_id = any ($3) and h.expires_at > $6
         ) as begun
         where starts_at >= $4 and starts_at < $5 and not id = any ($7)",
    )
    .bind(organization)
    .bind(treatment)
    .bind(staff)
    .bind(range.start)
    .bind(range.end)
    .bind(now)
    .bind(leaving)
    .fetch_all(tx.conn())
    .await?;
    let mut counted: HashMap<EntityId, Vec<DateTime<Utc>>> = HashMap::new();
    for (employee, start) in rows {
        counted.entry(employee).or_default().push(start);
    }
    Ok(counted)
}
