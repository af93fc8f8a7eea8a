//! Deleting records of the organization's own types, and bringing them back.

use platform::{
    Error, Result, Tx, actions, entities,
    id::{EntityId, EntityRef},
};
use serde_json::json;

use super::{list, sql, write};
use crate::{
    core::OBJECTS_WRITE,
    fields,
    records::{self, FieldInfo, Record, Saving, Values, source},
};

/// Takes a record out of lists; what points at it keeps pointing, and it can be brought back. What a module keeps only its
/// own functions remove.
///
/// # Errors
/// `NotFound`, `Denied`, `Conflict` of code `version`.
pub async fn delete(tx: &mut Tx, entity_type: &str, id: EntityId, version: i32) -> Result<()> {
    tx.require(OBJECTS_WRITE)?;
    records::may_read(tx, entity_type).await?;
    let key = entity_type.strip_prefix("object:").ok_or(Error::Denied(OBJECTS_WRITE))?;
    sql::writable(tx, key).await?;
    let present = fields::version(tx, entity_type, id).await?;
    let before = list::one(tx, entity_type, id).await?;
    if present != version {
        let state = tx.state().clone();
        let infos = records::fields_of(tx, &state, entity_type).await?;
        return Err(write::stale(tx, &before, &infos).await?);
    }
    take_out(tx, &before).await
}

/// Takes a record of whichever type out of lists that came to be by mistake and that nothing else depends on, as an import is
/// taken back: of a module's type too, by whoever may write it. The caller has made sure that nothing depends on it.
///
/// # Errors
/// `NotFound`, `Denied`, `Conflict` of code `version`.
pub(crate) async fn withdraw(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<()> {
    records::may_write(tx, entity_type).await?;
    let before = list::one(tx, entity_type, id).await?;
    let state = tx.state().clone();
    let source = source(&state, entity_type)?;
    match (entity_type.strip_prefix("object:"), source.save) {
        (Some(key), _) => drop(sql::writable(tx, key).await?),
        // Who may write it only its module knows: it is asked by writing nothing new, which leaves nothing.
        (None, Some(save)) => {
            let (_, own) = records::turn_of(tx, source, entity_type, id).await?;
            tx.mark().await?;
            let written = save(tx, Saving::Known(id, own), &Values::new(), &[]).await;
            tx.back().await?;
            tx.unmark().await?;
            written?;
        }
        (None, None) => return Err(Error::Denied(OBJECTS_WRITE)),
    }
    take_out(tx, &before).await?;
    if let Some(release) = source.release {
        release(tx, id).await?;
    }
    Ok(())
}

async fn take_out(tx: &mut Tx, before: &Record) -> Result<()> {
    let (entity_type, id) = (before.entity_type.as_str(), before.id);
    let looking = fields::looking(tx, entity_type, id).await?;
    entities::soft_delete(tx, id).await?;
    fields::forget_unique(tx, id).await?;
    fields::again(tx, looking).await?;
    actions::record(tx, EntityRef::new(entity_type, id), "deleted", Some(json!({ "title": before.title })), None).await
}

/// Brings a deleted record back.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid` where another record has one of its unique values meanwhile.
pub async fn restore(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<Record> {
    tx.require(OBJECTS_WRITE)?;
    records::may_read(tx, entity_type).await?;
    let key = entity_type.strip_prefix("object:").ok_or(Error::NotFound)?;
    sql::writable(tx, key).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let done = sqlx::query(
        "update entities set deleted_at = null, version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2 and entity_type = $3 and deleted_at is not null",
    )
    .bind(organization)
    .bind(id)
    .bind(entity_type)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        // Brought back already, or never there.
        return list::one(tx, entity_type, id).await;
    }
    fields::keep_unique(tx, entity_type, id).await?;
    fields::touched(tx, entity_type, id).await?;
    let record = list::one(tx, entity_type, id).await?;
    actions::record(tx, EntityRef::new(entity_type, id), "restored", None, Some(json!({ "title": record.title }))).await?;
    Ok(record)
}

/// A deleted record as it was.
pub(super) async fn deleted(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<Record> {
    let organization = tx.organization();
    let row: Option<(String, Option<String>, i32)> = sqlx::query_as(
        "select title, status, version from entities
         where organization_id = $1 and id = $2 and entity_type = $3 and deleted_at is not null",
    )
    .bind(organization)
    .bind(id)
    .bind(entity_type)
    .fetch_optional(tx.conn())
    .await?;
    let (title, status, version) = row.ok_or(Error::NotFound)?;
    let role = tx.actor().role.clone();
    let own = fields::of_type(tx, entity_type).await?;
    let infos: Vec<FieldInfo> = own.iter().filter(|field| field.visible_to(&role)).map(|field| field.info(&role)).collect();
    let known: Vec<_> = infos.iter().filter_map(|field| Some((field.custom?, field))).collect();
    let values: Values = fields::values(tx, &known, &[id]).await?.into_iter().map(|(_, key, value)| (key, value)).collect();
    Ok(Record { id, entity_type: entity_type.into(), title, status, version, values })
}
