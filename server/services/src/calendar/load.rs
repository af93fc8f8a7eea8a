//! How full the days of a month are, without reading what fills them.

use chrono::NaiveDate;
use platform::{Result, Tx, id::LocationId, locations, time, time::ZoneWindow};

use super::{event::DayLoad, range::may_ask};

/// What is booked at a location on each local date between two (`to` is exclusive), counted where it begins. Days on which
/// nothing begins are left out. What takes no time (R10) is not counted, nor is a hold whose time is over.
///
/// # Errors
/// As [`super::range`]: `Denied`, `NotFound` (the location), `Invalid` (an empty range, or one of more than 43 days).
pub async fn load(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Vec<DayLoad>> {
    may_ask(tx, from, to)?;
    let location = locations::get(tx, location).await?;
    let tz = time::zone(&location.zone)?;
    let zone = ZoneWindow::of(tz, from, to);
    let days = sqlx::query_as(
        "select (a.starts_at at time zone $6)::date as date, count(*) as count,
             coalesce(sum(extract(epoch from a.ends_at - a.starts_at)), 0)::bigint / 60 as minutes
         from scheduled_activities a
         where a.organization_id = $1 and a.location_id = $2 and a.starts_at >= $3 and a.starts_at < $4
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired') and (a.expires_at is null or a.expires_at > $5)
         group by 1 order by 1",
    )
    .bind(tx.organization())
    .bind(location.id)
    .bind(zone.day_start(from))
    .bind(zone.day_start(to))
    .bind(tx.now())
    .bind(tz.name())
    .fetch_all(tx.conn())
    .await?;
    Ok(days)
}
