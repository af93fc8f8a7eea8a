//! Time that becomes free: written down in the transaction that frees it, so that none is forgotten and nobody is told of
//! what is not yet so.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use platform::{
    Result, Tx,
    id::{EntityId, LocationId},
    locations, time,
    time::ZoneWindow,
};

use super::job;

/// What was done can be taken back for a while, and for that its time has to be free still.
pub(super) const UNDO: TimeDelta = TimeDelta::seconds(12);
/// Then it is looked at.
const LOOK: TimeDelta = TimeDelta::seconds(13);

/// Notes that a practitioner's time has become free, if somebody at all waits for a time there.
///
/// # Errors
/// `Unavailable`.
pub async fn freed(tx: &mut Tx, location: LocationId, employee: EntityId, time: (DateTime<Utc>, DateTime<Utc>)) -> Result<()> {
    freed_of_all(tx, location, &[employee], time).await
}

/// As [`freed`] for several practitioners at once.
async fn freed_of_all(
    tx: &mut Tx,
    location: LocationId,
    employees: &[EntityId],
    (start, end): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    if end <= now || employees.is_empty() {
        return Ok(());
    }
    let ids: Vec<EntityId> = employees.iter().map(|_| EntityId::new()).collect();
    let noted = sqlx::query(
        "insert into gabinet_freed (organization_id, id, location_id, employee_id, starts_at, ends_at, at)
         select $1, x.id, $3, x.employee_id, $5, $6, $7
         from unnest($2::uuid[], $4::uuid[]) x (id, employee_id)
         where exists (select from gabinet_waiting w
                       where w.organization_id = $1 and w.location_id = $3 and w.status = 'waiting'
                         and w.from_date <= ($6::timestamptz + interval '1 day')::date and w.to_date >= ($5::timestamptz - interval '1 day')::date)",
    )
    .bind(organization)
    .bind(&ids)
    .bind(location)
    .bind(employees)
    .bind(start)
    .bind(end)
    .bind(now)
    .execute(tx.conn())
    .await?
    .rows_affected();
    match (noted, ids.first()) {
        (0, _) | (_, None) => Ok(()),
        // One look finds all of it.
        (_, Some(first)) => job::look_later(tx, *first, LOOK).await,
    }
}

/// Notes that practitioners are there after all on these local dates, at whichever location.
///
/// # Errors
/// `Unavailable`.
pub async fn freed_dates(tx: &mut Tx, employees: &[EntityId], (from, to): (NaiveDate, NaiveDate)) -> Result<()> {
    for location in locations::list(tx).await?.into_iter().filter(|location| location.active) {
        let window = ZoneWindow::of(time::zone(&location.zone)?, from, to);
        let time = (window.day_start(from), window.day_start(to.succ_opt().unwrap_or(to)));
        freed_of_all(tx, location.id, employees, time).await?;
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
