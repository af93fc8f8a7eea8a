//! Types of record in the database, and who may see and write their records.

use platform::{Error, Result, Tx, id::EntityId};
use sqlx::types::Json;

use super::{ObjectDetails, ObjectType};
use crate::core::{OBJECTS_READ, OBJECTS_WRITE};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    key: String,
    details: Json<ObjectDetails>,
    version: i32,
    retired: bool,
}

impl From<Row> for ObjectType {
    fn from(row: Row) -> ObjectType {
        ObjectType { id: row.id, key: row.key, details: row.details.0, version: row.version, retired: row.retired }
    }
}

/// Types in the order of their names; those out of use last and only if wanted; or the one of that key.
pub(super) async fn select(tx: &mut Tx, key: Option<&str>, retired: bool) -> Result<Vec<ObjectType>> {
    // What cannot be a key names nothing, and must not reach the database: it could hold the character NUL.
    if key.is_some_and(|key| !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')) {
        return Ok(Vec::new());
    }
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, key, details, version, retired_at is not null as retired from object_types
         where organization_id = $1 and ($2::text is null or key = $2) and ($3 or retired_at is null)
         order by retired_at is not null, details ->> 'plural', id limit 500",
    )
    .bind(organization)
    .bind(key)
    .bind(retired)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(ObjectType::from).collect())
}

/// All types in use whose records who asks may see.
pub(crate) async fn visible(tx: &mut Tx) -> Result<Vec<ObjectType>> {
    if !tx.can(OBJECTS_READ) {
        return Ok(Vec::new());
    }
    let role = tx.actor().role.clone();
    let mut types = select(tx, None, false).await?;
    types.retain(|known| known.readable_by(&role));
    Ok(types)
}

/// The type of that key, if who asks may see its records.
pub(crate) async fn readable(tx: &mut Tx, key: &str) -> Result<ObjectType> {
    let may = tx.can(OBJECTS_READ);
    let role = tx.actor().role.clone();
    let found = if may { select(tx, Some(key), false).await?.pop() } else { None };
    found.filter(|known| known.readable_by(&role)).ok_or(Error::NotFound)
}

/// The type of that key, if who asks may write its records.
pub(crate) async fn writable(tx: &mut Tx, key: &str) -> Result<ObjectType> {
    let known = readable(tx, key).await?;
    tx.require(OBJECTS_WRITE)?;
    if known.writable_by(&tx.actor().role) { Ok(known) } else { Err(Error::Denied(OBJECTS_WRITE)) }
}
