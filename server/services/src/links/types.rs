//! Kinds of links in the database.

use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{LinkType, LinkTypeInput};
use crate::subjects::{RECORD_SETTINGS_WRITE, RECORDS_READ, stale};

/// How many kinds an organization has at most.
const MOST: i64 = 200;

/// The organization's kinds of links by name.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<LinkType>> {
    tx.require(RECORDS_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, name, inverse, from_types, to_types, active, version from link_types
         where organization_id = $1 order by not active, normalised(name), normalised(inverse)",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?)
}

/// Makes a kind. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`, `Conflict` of code `duplicate` or `limit`.
pub async fn create(tx: &mut Tx, input: &LinkTypeInput) -> Result<LinkType> {
    tx.require(RECORD_SETTINGS_WRITE)?;
    check(input)?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some()
        && let Some(found) = get(tx, id).await?
    {
        return Ok(found);
    }
    let organization = tx.organization();
    let count: i64 =
        sqlx::query_scalar("select count(*) from link_types where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    if count >= MOST {
        return Err(Error::conflict("limit", "There are too many kinds of links."));
    }
    sqlx::query(
        "insert into link_types (organization_id, id, name, inverse, from_types, to_types, active) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(organization)
    .bind(id)
    .bind(input.name.trim())
    .bind(input.inverse.trim())
    .bind(&input.from_types)
    .bind(&input.to_types)
    .bind(input.active)
    .execute(tx.conn())
    .await
    .on_constraint("link_types_name_key", taken)?;
    let made = get(tx, id).await?.ok_or(Error::NotFound)?;
    told(tx, "link_type_created", None, Some(json!(made))).await?;
    Ok(made)
}

/// Changes a kind. Links of it that are there stay, also where new ones could not be made any more.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `duplicate`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &LinkTypeInput) -> Result<LinkType> {
    tx.require(RECORD_SETTINGS_WRITE)?;
    check(input)?;
    let before = get(tx, id).await?.ok_or(Error::NotFound)?;
    let organization = tx.organization();
    let done = sqlx::query(
        "update link_types set name = $4, inverse = $5, from_types = $6, to_types = $7, active = $8, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.name.trim())
    .bind(input.inverse.trim())
    .bind(&input.from_types)
    .bind(&input.to_types)
    .bind(input.active)
    .execute(tx.conn())
    .await
    .on_constraint("link_types_name_key", taken)?;
    if done.rows_affected() == 0 {
        return Err(stale(&before, None));
    }
    let after = get(tx, id).await?.ok_or(Error::NotFound)?;
    told(tx, "link_type_changed", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}

/// One kind, if there is such a one.
pub(super) async fn get(tx: &mut Tx, id: EntityId) -> Result<Option<LinkType>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, name, inverse, from_types, to_types, active, version from link_types where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?)
}

fn taken() -> Error {
    Error::conflict("duplicate", "There is a kind of link of this name already.")
}

fn check(input: &LinkTypeInput) -> Result<()> {
    let mut checked = Input::new();
    checked.text("name", input.name.trim(), 1, 100);
    checked.text("inverse", input.inverse.trim(), 1, 100);
    for (field, types) in [("from_types", &input.from_types), ("to_types", &input.to_types)] {
        checked.check(types.len() <= 50, field, "too_long", "At most 50 types.");
        let word = |kind: &String| {
            kind.len() <= 100 && !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || b"_:0123456789".contains(&byte))
        };
        checked.check(types.iter().all(word), field, "choice", "This is not a type of record.");
    }
    checked.finish()
}

async fn told(tx: &mut Tx, verb: &str, old: Option<serde_json::Value>, new: Option<serde_json::Value>) -> Result<()> {
    let organization = EntityRef::new("organization", EntityId(tx.organization().0));
    actions::record(tx, organization, verb, old, new).await
}
