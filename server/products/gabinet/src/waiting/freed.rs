//! Time that becomes free: written down in the transaction that frees it, so that none is forgotten and nobody is told of
//! what is not yet so.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Result, State, Tx,
    id::{EntityId, LocationId, OrganizationId},
    locations, time,
    time::ZoneWindow,
};

use super::job;

/// What was done can be taken back for a while, and for that its time has to be free still.
pub(super) const UNDO: TimeDelta = TimeDelta::seconds(12);
/// Then there is a first look.
const FIRST_LOOK: Duration = Duration::from_secs(13);
/// And another, should the transaction that frees the time have been slow to end.
const SECOND_LOOK: Duration = Duration::from_secs(15);

/// Notes that a practitioner's time has become free, if somebody at all waits for a time there.
///
/// # Errors
/// `Unavailable`.
pub async fn freed(tx: &mut Tx, location: LocationId, employee: EntityId, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
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
    .bind(EntityId::new())
    .bind(location)
    .bind(employee)
    .bind(start)
    .bind(end)
    .bind(now)
    .execute(tx.conn())
    .await?
    .rows_affected();
    if noted > 0 {
        let state = tx.state().clone();
        tokio::spawn(async move {
            for wait in [FIRST_LOOK, SECOND_LOOK] {
                look(&state, organization, wait).await;
            }
        });
    }
    Ok(())
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

/// Has the job look after a while. Should this server not live that long, the next time that frees, or the next look at the
/// list, makes it look.
pub(super) async fn look(state: &State, organization: OrganizationId, wait: Duration) {
    tokio::time::sleep(wait).await;
    if let Err(error) = job::run(state, organization).await {
        tracing::warn!(%error, "the waiting list was not looked at");
    }
}
