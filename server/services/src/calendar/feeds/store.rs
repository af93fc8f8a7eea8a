//! What was taken over before.

use std::collections::HashMap;

use platform::{Result, Tx, id::EntityId};

/// An activity that came from a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) activity: EntityId,
    pub(super) all_day: bool,
    /// The file's SEQUENCE less the activity's version.
    pub(super) base: i32,
}

/// What a resource has of these names, by name and place in the series.
pub(super) async fn known(tx: &mut Tx, resource: EntityId, uids: &[String]) -> Result<HashMap<(String, String), Known>> {
    let organization = tx.organization();
    let rows: Vec<(String, String, EntityId, bool, i32)> = sqlx::query_as(
        "select uid, recurrence, activity_id, all_day, sequence_base from calendar_imports
         where organization_id = $1 and resource_id = $2 and uid = any ($3)",
    )
    .bind(organization)
    .bind(resource)
    .bind(uids)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(uid, recurrence, activity, all_day, base)| ((uid, recurrence), Known { activity, all_day, base })).collect())
}

/// Keeps by which name an activity is known elsewhere.
pub(super) async fn keep(tx: &mut Tx, resource: EntityId, (uid, recurrence): (&str, &str), known: Known) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into calendar_imports (organization_id, activity_id, resource_id, uid, recurrence, all_day, sequence_base)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (organization_id, resource_id, uid, recurrence)
         do update set activity_id = excluded.activity_id, all_day = excluded.all_day, sequence_base = excluded.sequence_base",
    )
    .bind(organization)
    .bind(known.activity)
    .bind(resource)
    .bind(uid)
    .bind(recurrence)
    .bind(known.all_day)
    .bind(known.base)
    .execute(tx.conn())
    .await?;
    Ok(())
}
