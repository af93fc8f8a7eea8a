//! Time that becomes free: written down in the transaction that frees it, so that none is forgotten and nobody is told of
//! what is not yet so.

use chrono::{Days, NaiveDate, TimeDelta};
use futures::future::BoxFuture;
use platform::{
    Result, Tx,
    id::{EntityId, LocationId},
    locations, time,
    time::{Interval, ZoneWindow},
};
use services::hooks::Freed;

use super::job;
use crate::PRODUCT;

/// What was done can be taken back for a while, and for that its time has to be free still.
pub(super) const UNDO: TimeDelta = TimeDelta::seconds(12);
/// Then it is looked at.
const LOOK: TimeDelta = TimeDelta::seconds(13);

/// Notes that any activity of whichever product gives time of practitioners, rooms or devices back, if somebody at all waits
/// for a time there.
///
/// # Errors
/// `Unavailable`.
pub fn freed<'a>(tx: &'a mut Tx, freed: &'a Freed) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        if tx.verify_product_access(PRODUCT).is_err() {
            return Ok(());
        }
        note(tx, freed.location, &freed.parts).await
    })
}

async fn note(tx: &mut Tx, location: LocationId, parts: &[(EntityId, Interval)]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let ahead: Vec<&(EntityId, Interval)> = parts.iter().filter(|(_, time)| time.end > now).collect();
    let ids: Vec<EntityId> = ahead.iter().map(|_| EntityId::new()).collect();
    let Some(first) = ids.first().copied() else { return Ok(()) };
    // Of what serves no treatment nothing is ever offered.
    let noted = sqlx::query(
        "insert into gabinet_freed (organization_id, id, location_id, resource_id, starts_at, ends_at, at)
         select $1, x.id, $3, x.resource_id, x.starts_at, x.ends_at, $7
         from unnest($2::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]) x (id, resource_id, starts_at, ends_at)
         where exists (select from gabinet_waiting w
                       where w.organization_id = $1 and w.location_id = $3 and w.status = 'waiting'
                         and w.from_date <= (x.ends_at + interval '1 day')::date and w.to_date >= (x.starts_at - interval '1 day')::date)
           and (exists (select from gabinet_employees e where e.organization_id = $1 and e.id = x.resource_id)
                or exists (select from gabinet_equipment e where e.organization_id = $1 and e.resource_id = x.resource_id))",
    )
    .bind(organization)
    .bind(&ids)
    .bind(location)
    .bind(ahead.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(ahead.iter().map(|(_, time)| time.start).collect::<Vec<_>>())
    .bind(ahead.iter().map(|(_, time)| time.end).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.conn())
    .await?
    .rows_affected();
    // One look finds all of it.
    if noted == 0 { Ok(()) } else { job::look_later(tx, first, LOOK).await }
}

/// Notes that practitioners are there after all on these local dates, at whichever location.
///
/// # Errors
/// `Unavailable`.
pub async fn freed_dates(tx: &mut Tx, employees: &[EntityId], (from, to): (NaiveDate, NaiveDate)) -> Result<()> {
    for location in locations::list(tx).await?.into_iter().filter(|location| location.active) {
        let window = ZoneWindow::of(time::zone(&location.zone)?, from, to);
        let Some(time) = Interval::new(window.day_start(from), window.day_start(to.succ_opt().unwrap_or(to))) else { continue };
        let parts: Vec<(EntityId, Interval)> = employees.iter().map(|id| (*id, time)).collect();
        note(tx, location.id, &parts).await?;
    }
    Ok(())
}

/// How far ahead time is offered that hours give which were changed.
const AHEAD: Days = Days::new(28);

/// Notes that practitioners have other hours from now on.
///
/// # Errors
/// `Unavailable`.
pub async fn freed_by_hours(tx: &mut Tx, employees: &[EntityId], from: NaiveDate) -> Result<()> {
    let first = from.max(tx.now().date_naive());
    let last = first.checked_add_days(AHEAD).unwrap_or(first);
    freed_dates(tx, employees, (first, last)).await
}

/// Notes that places are open after all on a date.
///
/// # Errors
/// `Unavailable`.
pub async fn freed_by_opening(tx: &mut Tx, date: NaiveDate) -> Result<()> {
    let organization = tx.organization();
    let everybody: Vec<EntityId> =
        // Of the staff on the calendar only those who give treatments are waited for.
        sqlx::query_scalar(
            "select e.id from gabinet_employees e
             join resources r on r.organization_id = $1 and r.id = e.id
             where e.organization_id = $1 and r.active order by e.id limit 500",
        )
        .bind(organization)
        .fetch_all(tx.conn())
        .await?;
    freed_dates(tx, &everybody, (date, date)).await
}
