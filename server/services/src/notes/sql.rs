//! Notes in the database. Each change stands in the log of the record they are about.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef, UserId},
    input::Input,
    rest::{Page, PageQuery},
};
use serde_json::{Value, json};

use super::{EditRecordNote, LONGEST, NewRecordNote, RecordNote, TickRecordNote, markdown};
use crate::subjects::{self, NOTES_WRITE, Subject, stale};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    entity_id: EntityId,
    body: String,
    pinned: bool,
    author: Option<String>,
    author_id: Option<UserId>,
    editor: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted: bool,
}

impl From<Row> for RecordNote {
    fn from(row: Row) -> Self {
        let shown = markdown::html(&row.body);
        Self {
            id: row.id,
            record: row.entity_id,
            text: row.body,
            html: shown.html,
            pinned: row.pinned,
            author: row.author,
            author_id: row.author_id,
            items: shown.items,
            done: shown.done,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The notes about a record, the pinned first and then the newest.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (the cursor).
pub async fn list(tx: &mut Tx, record: EntityId, page: &PageQuery) -> Result<Page<RecordNote>> {
    let subject = subjects::see(tx, record).await?;
    let (limit, after) = (page.limit(), page.after::<(bool, EntityId)>()?);
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select n.id, n.entity_id, n.body, n.pinned, u.name as author, n.author_id, w.name as editor, n.version, n.created_at,
                n.updated_at, false as deleted
         from record_notes n
         left join memberships m on m.organization_id = n.organization_id and m.user_id = n.author_id
         left join users u on u.id = m.user_id
         left join memberships v on v.organization_id = n.organization_id and v.user_id = n.updated_by
         left join users w on w.id = v.user_id
         where n.organization_id = $1 and n.entity_id = $2 and n.deleted_at is null
           and (n.pinned, n.id) < (coalesce($3, true), coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
         order by n.pinned desc, n.id desc limit $5",
    )
    .bind(organization)
    .bind(subject.id)
    .bind(after.map(|after| after.0))
    .bind(after.map(|after| after.1))
    .bind(limit + 1)
    .fetch_all(tx.conn())
    .await?;
    Page::of(rows.into_iter().map(RecordNote::from).collect(), limit, |note: &RecordNote| (note.pinned, note.id))
}

/// Writes a note about a record. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `duplicate` (the id is another note's).
pub async fn add(tx: &mut Tx, record: EntityId, new: &NewRecordNote) -> Result<RecordNote> {
    tx.require(NOTES_WRITE)?;
    check(&new.text)?;
    let subject = subjects::see(tx, record).await?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match row(tx, id, false).await {
            Ok(found) if found.entity_id == subject.id && !found.deleted => return Ok(found.into()),
            Ok(_) => return Err(Error::conflict("duplicate", "There is a record of that id already.")),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "insert into record_notes (organization_id, id, entity_id, body, pinned, author_id, updated_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7, $7)",
    )
    .bind(organization)
    .bind(id)
    .bind(subject.id)
    .bind(new.text.trim())
    .bind(new.pinned)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("record_notes_pkey", || Error::conflict("duplicate", "There is a record of that id already."))?;
    let told = told(id, new.text.trim(), new.pinned);
    record_note(tx, &subject, "note_added", None, Some(told)).await?;
    Ok(row(tx, id, false).await?.into())
}

/// Changes what a note says.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn edit(tx: &mut Tx, id: EntityId, edit: &EditRecordNote) -> Result<RecordNote> {
    tx.require(NOTES_WRITE)?;
    check(&edit.text)?;
    let (before, subject) = open(tx, id).await?;
    expect(&before, edit.version)?;
    write(tx, &subject, before, edit.text.trim(), edit.pinned).await
}

/// Ticks an item of a note's checklist, or takes the tick away.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (there is no such item), `Conflict` of code `version`.
pub async fn tick_item(tx: &mut Tx, id: EntityId, asked: &TickRecordNote) -> Result<RecordNote> {
    tx.require(NOTES_WRITE)?;
    let (before, subject) = open(tx, id).await?;
    expect(&before, asked.version)?;
    let text = markdown::tick(&before.body, asked.item, asked.done)
        .ok_or_else(|| Error::invalid("item", "unknown", "The note has no such item."))?;
    let pinned = before.pinned;
    write(tx, &subject, before, &text, pinned).await
}

/// Takes a note away; [`restore`] brings it back.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn delete(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(NOTES_WRITE)?;
    let (before, subject) = open(tx, id).await?;
    set_deleted(tx, id, true).await?;
    record_note(tx, &subject, "note_deleted", Some(told(id, &before.body, before.pinned)), None).await
}

/// Brings a note back that was taken away.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn restore(tx: &mut Tx, id: EntityId) -> Result<RecordNote> {
    tx.require(NOTES_WRITE)?;
    let found = row(tx, id, true).await?;
    let subject = subjects::see(tx, found.entity_id).await?;
    if found.deleted {
        set_deleted(tx, id, false).await?;
        record_note(tx, &subject, "note_restored", None, Some(told(id, &found.body, found.pinned))).await?;
    }
    Ok(row(tx, id, false).await?.into())
}

/// The present version of a note that the actor may read, for what goes by the log and not by what somebody saw.
pub(crate) async fn version(tx: &mut Tx, id: EntityId) -> Result<i32> {
    Ok(open(tx, id).await?.0.version)
}

fn check(text: &str) -> Result<()> {
    let mut input = Input::new();
    input.text("text", text.trim(), 1, LONGEST);
    input.check(!markdown::is_too_deep(text), "text", "depth", "Too many quotations or lists stand within each other.");
    input.finish()
}

fn expect(before: &Row, version: i32) -> Result<()> {
    if before.version == version {
        return Ok(());
    }
    let current = json!({ "id": before.id, "text": before.body, "pinned": before.pinned, "version": before.version });
    Err(stale(&current, before.editor.as_deref()))
}

async fn write(tx: &mut Tx, subject: &Subject, before: Row, text: &str, pinned: bool) -> Result<RecordNote> {
    if before.body == text && before.pinned == pinned {
        return Ok(before.into());
    }
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "update record_notes set body = $3, pinned = $4, version = version + 1, updated_by = $5, updated_at = $6
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(text)
    .bind(pinned)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let (old, new) = (told(before.id, &before.body, before.pinned), told(before.id, text, pinned));
    record_note(tx, subject, "note_changed", Some(old), Some(new)).await?;
    Ok(row(tx, before.id, false).await?.into())
}

/// What the log tells of a note, with whom it mentions.
fn told(id: EntityId, text: &str, pinned: bool) -> Value {
    json!({ "note": id, "text": text, "pinned": pinned, "mentions": markdown::mentions(text) })
}

async fn record_note(tx: &mut Tx, subject: &Subject, verb: &str, old: Option<Value>, new: Option<Value>) -> Result<()> {
    actions::record(tx, EntityRef::new(&subject.entity_type, subject.id), verb, old, new).await
}

pub(crate) fn author(tx: &Tx) -> Option<UserId> {
    Some(tx.user()).filter(|user| *user != UserId::SYSTEM)
}

/// A note that is there, held until the transaction ends, and what it is about.
async fn open(tx: &mut Tx, id: EntityId) -> Result<(Row, Subject)> {
    let found = row(tx, id, true).await?;
    let subject = subjects::see(tx, found.entity_id).await?;
    if found.deleted { Err(Error::NotFound) } else { Ok((found, subject)) }
}

async fn row(tx: &mut Tx, id: EntityId, lock: bool) -> Result<Row> {
    const PLAIN: &str = "select n.id, n.entity_id, n.body, n.pinned, u.name as author, n.author_id, w.name as editor, n.version,
                n.created_at, n.updated_at, n.deleted_at is not null as deleted
         from record_notes n
         left join memberships m on m.organization_id = n.organization_id and m.user_id = n.author_id
         left join users u on u.id = m.user_id
         left join memberships v on v.organization_id = n.organization_id and v.user_id = n.updated_by
         left join users w on w.id = v.user_id
         where n.organization_id = $1 and n.id = $2";
    let organization = tx.organization();
    if lock {
        sqlx::query("select 1 from record_notes where organization_id = $1 and id = $2 for update")
            .bind(organization)
            .bind(id)
            .execute(tx.conn())
            .await?;
    }
    sqlx::query_as(PLAIN).bind(organization).bind(id).fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)
}

async fn set_deleted(tx: &mut Tx, id: EntityId, deleted: bool) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update record_notes set deleted_at = case when $3 then $4 end, version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(deleted)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
