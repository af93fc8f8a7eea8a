//! Entries that somebody should look at, and blocks that are made entries of our own.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
};
use serde_json::json;

use super::one;
use crate::{
    calendar::{
        Face,
        activities::{self, Activity, Change, Sight},
        sync::{FOREIGN, SyncEntry},
    },
    core::{ACTIVITIES_WRITE, CONNECTIONS_WRITE},
};

type Row = (EntityId, String, String, DateTime<Utc>, DateTime<Utc>, bool, String);

/// What collides here, and what the other side does not take; what is to come only.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn entries(tx: &mut Tx, id: EntityId) -> Result<Vec<SyncEntry>> {
    tx.require(CONNECTIONS_WRITE)?;
    one(tx, id).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(
        "select a.id, a.activity_type, a.title, a.starts_at, a.ends_at, l.direction = 'in', case when l.refused <> '' then l.refused else 'collides' end
         from calendar_links l join scheduled_activities a on a.organization_id = l.organization_id and a.id = l.activity_id
         where l.organization_id = $1 and l.connection_id = $2 and (l.refused <> '' or l.collides and not l.unlinked) and a.ends_at > $3
         order by a.starts_at limit 200",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let sight = Sight::of(tx);
    let entry = |(activity, kind, title, start, end, foreign, problem): Row| {
        let title = sight.title(&kind, title);
        SyncEntry { activity, title, start, end, foreign, problem }
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Makes a block that came from elsewhere an entry of our own: it can be changed here from now on, and what becomes of it there
/// is not taken over any more.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `transition` for what did not come from elsewhere.
pub async fn unlink(tx: &mut Tx, activity: EntityId) -> Result<Activity> {
    tx.require(ACTIVITIES_WRITE)?;
    let before = activities::lock(tx, activity).await?;
    let organization = tx.organization();
    let unlinked = sqlx::query(
        "update calendar_links set unlinked = true, collides = false
         where organization_id = $1 and activity_id = $2 and direction = 'in' and not unlinked",
    )
    .bind(organization)
    .bind(activity)
    .execute(tx.conn())
    .await?
    .rows_affected();
    if unlinked == 0 {
        return Err(Error::conflict("transition", "It did not come from another calendar."));
    }
    let face = Face { flags: before.face.flags.into_iter().filter(|flag| flag != FOREIGN).collect(), ..before.face };
    activities::change(tx, activity, &Change { face: Some(&face), raises: true, ..Change::default() }).await?;
    actions::record(tx, EntityRef::new("activity", activity), "unlinked", None, Some(json!({ "title": before.title }))).await?;
    activities::get(tx, activity).await
}
