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
pub async fn freed(tx: &mut Tx, location: LocationId, employee: EntityId, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Result<()> {
    let (organization, now, id) = (tx.organization(), tx.now(), EntityId::new());
    if end <= now {
        return Ok(());
    }
    let noted = sqlx::query(
        "insert into gabinet_freed (organization_id, id, location_id, employee_id, starts_at, ends_at, at)
         select $1, $2, $3, $4, $5, $6, $7
         where exists (select from gabinet_waiting w
                       where w.organization_id = $1 and w.location_id = $3 and w.status = 'waiting'
                         and w.from_date <= ($6::timestamptz + interval '1 day')::date and w.to_date >= ($5::timestamptz - interval '1 day')::date)",
    )
    .bind(organization)
    .bind(id)
    .bind(location)
    .bind(employee)
    .bind(start)
    .bind(end)
    .bind(now)
    .execute(tx.conn())
    .await?
    .rows_affected();
    match noted {
        0 => Ok(()),
        _ => job::look_later(tx, id, LOOK).await,
    }
}

/// Notes that a practitioner is there after all on these local dates, at whichever location.
///
/// # Errors
/// `Unavailable`.
pub async fn freed_dates(tx: &mut Tx, employee: EntityId, (from, to): (NaiveDate, NaiveDate)) -> Result<()> {
    for location in locations::list(tx).await?.into_iter().filter(|location| location.active) {
        let window = ZoneWindow::of(time::zone(&location.zone)?, from, to);
        let time = (window.day_start(from), window.day_start(to.succ_opt().unwrap_or(to)));
        freed(tx, location.id, employee, time).await?;
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
    for employee in employees {
        freed_dates(tx, *employee, (first, last)).await?;
    }
    Ok(())
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
    for employee in everybody {
        freed_dates(tx, employee, (date, date)).await?;
    }
    Ok(())
}
