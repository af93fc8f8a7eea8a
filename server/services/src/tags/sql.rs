//! Tags in the database.

use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{RecordTag, TagInput};
use crate::subjects::{self, RECORD_SETTINGS_WRITE, RECORDS_READ, TAGS_WRITE, stale};

/// How many tags an organization has at most.
const MOST: i64 = 500;

/// The organization's tags by name.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<RecordTag>> {
    tx.require(RECORDS_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, name, hue, version from tags where organization_id = $1 and deleted_at is null order by normalised(name)",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?)
}

/// Makes a tag. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`, `Conflict` of code `duplicate` (there is one of this name) or `limit`.
pub async fn create(tx: &mut Tx, input: &TagInput) -> Result<RecordTag> {
    tx.require(RECORD_SETTINGS_WRITE)?;
    check(input)?;
    let id = input.id.unwrap_or_else(EntityId::new);
    let organization = tx.organization();
    if input.id.is_some()
        && let Some(found) = get(tx, id).await?
    {
        return Ok(found);
    }
    let count: i64 = sqlx::query_scalar("select count(*) from tags where organization_id = $1 and deleted_at is null")
        .bind(organization)
        .fetch_one(tx.conn())
        .await?;
    if count >= MOST {
        return Err(Error::conflict("limit", "There are too many tags."));
    }
    let done = sqlx::query(
        "insert into tags (organization_id, id, name, hue) values ($1, $2, $3, $4) on conflict (organization_id, id) do nothing",
    )
    .bind(organization)
    .bind(id)
    .bind(input.name.trim())
    .bind(input.hue)
    .execute(tx.conn())
    .await
    .on_constraint("tags_by_name", taken)?;
    if done.rows_affected() == 0 {
        return Err(taken());
    }
    told(tx, "tag_created", None, Some(json!({ "tag": id, "name": input.name.trim(), "hue": input.hue }))).await?;
    get(tx, id).await?.ok_or(Error::NotFound)
}

/// Gives a tag another name or colour, on all records at once.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `duplicate`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &TagInput) -> Result<RecordTag> {
    tx.require(RECORD_SETTINGS_WRITE)?;
    check(input)?;
    let before = get(tx, id).await?.ok_or(Error::NotFound)?;
    let organization = tx.organization();
    let done = sqlx::query(
        "update tags set name = $4, hue = $5, version = version + 1
         where organization_id = $1 and id = $2 and version = $3 and deleted_at is null",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.name.trim())
    .bind(input.hue)
    .execute(tx.conn())
    .await
    .on_constraint("tags_by_name", taken)?;
    if done.rows_affected() == 0 {
        return Err(stale(&before, None));
    }
    let after = get(tx, id).await?.ok_or(Error::NotFound)?;
    let shown = |tag: &RecordTag| json!({ "tag": tag.id, "name": tag.name, "hue": tag.hue });
    told(tx, "tag_changed", Some(shown(&before)), Some(shown(&after))).await?;
    Ok(after)
}

/// Takes a tag away from all records and lists; [`restore`] brings it back to where it was.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn delete(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(RECORD_SETTINGS_WRITE)?;
    let before = get(tx, id).await?.ok_or(Error::NotFound)?;
    set_deleted(tx, id, true).await?;
    told(tx, "tag_deleted", Some(json!({ "tag": id, "name": before.name })), None).await
}

/// Brings a tag back that was taken away.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `duplicate` (another has its name meanwhile).
pub async fn restore(tx: &mut Tx, id: EntityId) -> Result<RecordTag> {
    tx.require(RECORD_SETTINGS_WRITE)?;
    if get(tx, id).await?.is_none() {
        set_deleted(tx, id, false).await?;
        let name = get(tx, id).await?.ok_or(Error::NotFound)?.name;
        told(tx, "tag_restored", None, Some(json!({ "tag": id, "name": name }))).await?;
    }
    get(tx, id).await?.ok_or(Error::NotFound)
}

/// The tags of a record by name.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn of(tx: &mut Tx, record: EntityId) -> Result<Vec<RecordTag>> {
    let subject = subjects::see(tx, record).await?;
    tags_of(tx, subject.id).await
}

/// Puts a tag on a record, or leaves it there.
///
/// # Errors
/// `Denied`, `NotFound` (the record), `Invalid` (there is no such tag).
pub async fn tag(tx: &mut Tx, record: EntityId, tag: EntityId) -> Result<Vec<RecordTag>> {
    tx.require(TAGS_WRITE)?;
    let subject = subjects::see(tx, record).await?;
    let found = get(tx, tag).await?.ok_or_else(|| Error::invalid("tag", "unknown", "There is no such tag."))?;
    let (organization, now) = (tx.organization(), tx.now());
    let done =
        sqlx::query("insert into record_tags (organization_id, entity_id, tag_id, at) values ($1, $2, $3, $4) on conflict do nothing")
            .bind(organization)
            .bind(subject.id)
            .bind(tag)
            .bind(now)
            .execute(tx.conn())
            .await?;
    if done.rows_affected() > 0 {
        let new = json!({ "tag": tag, "name": found.name });
        actions::record(tx, EntityRef::new(&subject.entity_type, subject.id), "tagged", None, Some(new)).await?;
    }
    tags_of(tx, subject.id).await
}

/// Takes a tag from a record, if it has it.
///
/// # Errors
/// `Denied`, `NotFound` (the record).
pub async fn untag(tx: &mut Tx, record: EntityId, tag: EntityId) -> Result<Vec<RecordTag>> {
    tx.require(TAGS_WRITE)?;
    let subject = subjects::see(tx, record).await?;
    let organization = tx.organization();
    let done = sqlx::query("delete from record_tags where organization_id = $1 and entity_id = $2 and tag_id = $3")
        .bind(organization)
        .bind(subject.id)
        .bind(tag)
        .execute(tx.conn())
        .await?;
    if done.rows_affected() > 0 {
        let name = get(tx, tag).await?.map(|tag| tag.name).unwrap_or_default();
        let old = json!({ "tag": tag, "name": name });
        actions::record(tx, EntityRef::new(&subject.entity_type, subject.id), "untagged", Some(old), None).await?;
    }
    tags_of(tx, subject.id).await
}

fn taken() -> Error {
    Error::conflict("duplicate", "There is a tag of this name already.")
}

fn check(input: &TagInput) -> Result<()> {
    let mut checked = Input::new();
    checked.text("name", input.name.trim(), 1, 60);
    checked.check((0..=359).contains(&input.hue), "hue", "range", "A hue lies between 0 and 359.");
    checked.finish()
}

async fn get(tx: &mut Tx, id: EntityId) -> Result<Option<RecordTag>> {
    let organization = tx.organization();
    Ok(sqlx::query_as("select id, name, hue, version from tags where organization_id = $1 and id = $2 and deleted_at is null")
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?)
}

async fn tags_of(tx: &mut Tx, record: EntityId) -> Result<Vec<RecordTag>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select t.id, t.name, t.hue, t.version from record_tags r
         join tags t on t.organization_id = r.organization_id and t.id = r.tag_id
         where r.organization_id = $1 and r.entity_id = $2 and t.deleted_at is null order by normalised(t.name)",
    )
    .bind(organization)
    .bind(record)
    .fetch_all(tx.conn())
    .await?)
}

async fn set_deleted(tx: &mut Tx, id: EntityId, deleted: bool) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update tags set deleted_at = case when $3 then $4 end, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(deleted)
        .bind(now)
        .execute(tx.conn())
        .await
        .on_constraint("tags_by_name", taken)?;
    Ok(())
}

/// Which tags there are is the organization's matter, and stands in its log.
async fn told(tx: &mut Tx, verb: &str, old: Option<serde_json::Value>, new: Option<serde_json::Value>) -> Result<()> {
    let organization = EntityRef::new("organization", EntityId(tx.organization().0));
    actions::record(tx, organization, verb, old, new).await
}
