//! Sessions of a treatment that takes several patients at once: which of them have how many.

use std::collections::HashMap;

use platform::{Result, Tx, id::EntityId, time::Interval};
use services::calendar::slots::ResourceTime;

use crate::treatments::Treatment;

/// Makes the sessions of the treatment such that others can join while a seat is left. Everything else takes its
/// resources as a whole.
pub(super) async fn open(tx: &mut Tx, treatment: &Treatment, times: &mut [ResourceTime], range: Interval) -> Result<()> {
    if treatment.rules.seats <= 1 {
        return Ok(());
    }
    let taken = taken(tx, treatment.id, range).await?;
    for time in times {
        time.capacity = treatment.rules.seats;
        for busy in &mut time.busy {
            busy.session = Some(busy.activity);
            busy.seats = taken.get(&busy.activity).copied().unwrap_or(treatment.rules.seats);
        }
    }
    Ok(())
}

/// Seats taken of each of the treatment's sessions that lie at least partly in the range.
async fn taken(tx: &mut Tx, treatment: EntityId, range: Interval) -> Result<HashMap<EntityId, i32>> {
    let organization = tx.organization();
    let rows: Vec<(EntityId, i64)> = sqlx::query_as(
        "select a.id, count(*) from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.treatment_id = $2 and v.seat_status is not null
           and v.seat_status not in ('cancelled', 'no_show') and a.starts_at < $4 and a.ends_at > $3
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         group by a.id",
    )
    .bind(organization)
    .bind(treatment)
    .bind(range.start)
    .bind(range.end)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(id, seats)| (id, i32::try_from(seats).unwrap_or(i32::MAX))).collect())
}
