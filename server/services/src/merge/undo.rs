//! Taking a merge back: what it moved goes back, what it wrote over comes back, and what has come since stays with the
//! survivor and is told.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef, UserId},
};
use serde_json::json;

use super::{
    CameSince, Merged, MergedSince,
    fields::{self, Written},
    moves,
    sql::{into, until},
};
use crate::{
    core::{PERSONS_MERGE, PERSONS_READ},
    fields as custom, persons, subjects,
};

/// How much of what has come since is told.
const MOST: usize = 200;

/// A merge that was not taken back, of a person that may be seen.
async fn one(tx: &mut Tx, id: EntityId) -> Result<(Merged, Vec<Written>)> {
    tx.require(PERSONS_READ)?;
    let organization = tx.organization();
    let row: Option<(EntityId, serde_json::Value)> =
        sqlx::query_as("select winner_id, fields from person_merges where organization_id = $1 and id = $2 and undone_at is null")
            .bind(organization)
            .bind(id)
            .fetch_optional(tx.conn())
            .await?;
    let (winner, written) = row.ok_or(Error::NotFound)?;
    persons::find(tx, winner).await?;
    let merged = into(tx, winner).await?.into_iter().find(|merged| merged.id == id).ok_or(Error::NotFound)?;
    Ok((merged, serde_json::from_value(written).map_err(Error::internal)?))
}

/// A merge, and what has come to the survivor since: it stays there when the merge is taken back.
///
/// # Errors
/// `Denied`, `NotFound` (also for one that was taken back).
pub async fn since(tx: &mut Tx, id: EntityId) -> Result<MergedSince> {
    tx.require(PERSONS_MERGE)?;
    let (merge, written) = one(tx, id).await?;
    let organization = tx.organization();
    let mut found: Vec<(String, EntityId, DateTime<Utc>)> = Vec::new();
    for reference in moves::moving(tx) {
        let (Some(created), Some("id")) = (reference.created, reference.key.first().copied()) else { continue };
        let (table, column, is_row) = (reference.table, reference.column, reference.is_row());
        let query = format!(
            "select t.id, t.{created} from {table} t
             where t.organization_id = $1 and t.{column} = $2 and t.{created} > $3 and not exists (
                 select from person_merge_moves m where m.organization_id = $1 and m.merge_id = $4 and m.reference = $5 and {is_row})
             order by t.{created} desc limit 200"
        );
        let rows: Vec<(EntityId, DateTime<Utc>)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(organization)
            .bind(merge.winner)
            .bind(merge.merged_at)
            .bind(id)
            .bind(reference.name())
            .fetch_all(tx.conn())
            .await?;
        found.extend(rows.into_iter().map(|(row, at)| (reference.name(), row, at)));
    }
    found.sort_by_key(|(_, _, at)| std::cmp::Reverse(*at));
    found.truncate(MOST);
    let ids: Vec<EntityId> = found.iter().map(|(_, row, _)| *row).collect();
    let named = subjects::named(tx, &ids).await?;
    let came = |(reference, row, at): (String, EntityId, DateTime<Utc>)| {
        let subject = named.get(&row);
        CameSince { reference, field: false, record: subject.map(|s| s.id), title: subject.map(|s| s.title.clone()), at: Some(at) }
    };
    let mut since: Vec<CameSince> = changed_fields(tx, &merge, &written).await?;
    since.extend(found.into_iter().map(came));
    let free = not_merged_further(tx, merge.winner).await?;
    let may_undo = free && tx.now() <= until(merge.merged_at);
    Ok(MergedSince { merge, since, may_undo })
}

/// Fields that the merge wrote and somebody has changed since.
async fn changed_fields(tx: &mut Tx, merge: &Merged, written: &[Written]) -> Result<Vec<CameSince>> {
    let now = fields::said(tx, merge.winner, merge.loser).await?;
    let changed = |one: &&Written| {
        now.iter().any(|said| said.field.table == one.table && said.field.column == one.column && said.winner != one.after)
    };
    let told = |one: &Written| CameSince {
        reference: [one.table.as_str(), ".", &one.column].concat(),
        field: true,
        record: None,
        title: None,
        at: None,
    };
    Ok(written.iter().filter(changed).map(told).collect())
}

async fn not_merged_further(tx: &mut Tx, winner: EntityId) -> Result<bool> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar("select merged_into is null from entities where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(winner)
        .fetch_one(tx.conn())
        .await?)
}

/// Takes a merge back.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `too_late` (after thirty days) or `in_use` (the survivor was merged further:
/// that comes first).
pub async fn undo(tx: &mut Tx, id: EntityId) -> Result<MergedSince> {
    tx.require(PERSONS_MERGE)?;
    let (merge, written) = one(tx, id).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let types: Vec<(EntityId, String)> =
        sqlx::query_as("select id, entity_type from entities where organization_id = $1 and id in ($2, $3) order by id for no key update")
            .bind(organization)
            .bind(merge.winner)
            .bind(merge.loser)
            .fetch_all(tx.conn())
            .await?;
    if now > until(merge.merged_at) {
        return Err(Error::conflict("too_late", "A merge can be taken back for thirty days."));
    }
    if !not_merged_further(tx, merge.winner).await? {
        return Err(Error::conflict("in_use", "The record was merged into another since: take that back first."));
    }
    let told = since(tx, id).await?;
    sqlx::query("update entities set merged_into = null where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(merge.loser)
        .execute(tx.conn())
        .await?;
    let state = tx.state().clone();
    let mut made = Vec::new();
    for one in &written {
        match fields::find(&state, &one.table, &one.column) {
            Some(field) => {
                fields::put(tx, field, merge.winner, one.before.as_deref(), one.after.as_deref()).await?;
            }
            None => made.extend(one.after.as_deref().and_then(|id| id.parse::<EntityId>().ok())),
        }
    }
    sqlx::query("delete from person_contacts where organization_id = $1 and person_id = $2 and id = any ($3)")
        .bind(organization)
        .bind(merge.winner)
        .bind(made)
        .execute(tx.conn())
        .await?;
    moves::back(tx, id, merge.winner, merge.loser).await?;
    let by = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    sqlx::query("update person_merges set undone_at = $3, undone_by = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(now)
        .bind(by)
        .execute(tx.conn())
        .await?;
    sqlx::query("update entities set version = version + 1, updated_at = $4 where organization_id = $1 and id in ($2, $3)")
        .bind(organization)
        .bind(merge.winner)
        .bind(merge.loser)
        .bind(now)
        .execute(tx.conn())
        .await?;
    for (person, entity_type) in types {
        persons::changed(tx, person).await?;
        let other = if person == merge.winner { merge.loser } else { merge.winner };
        let entity = EntityRef::new(&entity_type, person);
        actions::record(tx, entity, "merge_undone", None, Some(json!({ "merge": id, "other": other }))).await?;
        custom::touched(tx, &entity_type, person).await?;
    }
    Ok(MergedSince { may_undo: false, ..told })
}
