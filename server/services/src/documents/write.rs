//! Documents brought, changed, taken away and brought back. Each change stands in the log of the record they are on.

use platform::{Error, Result, Tx, error::ResultExt, id::EntityId, input::Input};
use serde_json::json;

use super::{
    ChooseDocumentVersion, EditDocument, NewDocument, NewDocumentVersion, RecordDocument, names,
    sql::{self, Row, expect},
    store,
};
use crate::{
    notes::author,
    subjects::{self, DOCUMENTS_WRITE, Subject},
};

/// Keeps a file on a record. With the id of an existing document it returns that one. A file that is on the record already
/// is kept all the same: the answer tells as what (`same_as`).
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `duplicate` (the id is another document's) or `storage`.
pub async fn add(tx: &mut Tx, record: EntityId, new: &NewDocument) -> Result<RecordDocument> {
    tx.require(DOCUMENTS_WRITE)?;
    let subject = subjects::see(tx, record).await?;
    let (name, folder) = checked(&new.name, &new.folder)?;
    store::given(&new.file)?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match sql::row(tx, id, false).await {
            Ok(found) if found.entity_id == subject.id && !found.deleted => return Ok(found.into()),
            Ok(_) => return Err(duplicate()),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let came = store::read(&new.file).await?;
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "insert into record_documents (organization_id, id, entity_id, name, folder, author_id, updated_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7, $7)",
    )
    .bind(organization)
    .bind(id)
    .bind(subject.id)
    .bind(&name)
    .bind(&folder)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("record_documents_pkey", duplicate)?;
    store::keep(tx, id, 1, &name, &came).await?;
    let made = sql::row(tx, id, false).await?;
    let mut told = made.told();
    told["size"] = json!(made.size);
    sql::record(tx, &subject, "document_added", None, Some(told)).await?;
    Ok(made.into())
}

/// Puts another file in the place of a document's present one, which is kept. The very same file changes nothing.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `storage`.
pub async fn add_version(tx: &mut Tx, id: EntityId, new: &NewDocumentVersion) -> Result<RecordDocument> {
    tx.require(DOCUMENTS_WRITE)?;
    let (before, subject) = sql::open(tx, id, true).await?;
    let (file_name, _) = checked(&new.name, "")?;
    expect(&before, new.version)?;
    let came = store::read(&new.file).await?;
    if before.sha256 == came.sha256 {
        return Ok(before.into());
    }
    let number = before.latest + 1;
    store::keep(tx, id, number, &file_name, &came).await?;
    let name = names::with_ending(&before.name, &file_name);
    become_number(tx, &subject, before, &name, number, "document_version_added").await
}

/// Makes one of the files that a document was the present one again.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` at `number`, `Conflict` of code `version`.
pub async fn choose(tx: &mut Tx, id: EntityId, chosen: &ChooseDocumentVersion) -> Result<RecordDocument> {
    tx.require(DOCUMENTS_WRITE)?;
    let (before, subject) = sql::open(tx, id, true).await?;
    expect(&before, chosen.version)?;
    if before.number == chosen.number {
        return Ok(before.into());
    }
    let unknown = || Error::invalid("number", "unknown", "The document was no such file.");
    let content = match super::read::of(tx, id, &before.name, chosen.number).await {
        Err(Error::NotFound) => return Err(unknown()),
        found => found?,
    };
    become_number(tx, &subject, before, &content.name, chosen.number, "document_version_changed").await
}

/// Gives a document another name or folder.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn edit(tx: &mut Tx, id: EntityId, edit: &EditDocument) -> Result<RecordDocument> {
    tx.require(DOCUMENTS_WRITE)?;
    let (before, subject) = sql::open(tx, id, true).await?;
    let (name, folder) = checked(&edit.name, &edit.folder)?;
    expect(&before, edit.version)?;
    if before.name == name && before.folder == folder {
        return Ok(before.into());
    }
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "update record_documents set name = $3, folder = $4, version = version + 1, updated_by = $5, updated_at = $6
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(&name)
    .bind(&folder)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await?;
    changed(tx, &subject, &before, "document_changed").await
}

/// Takes a document away; [`restore`] brings it back. Links to it lead nowhere meanwhile.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn delete(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(DOCUMENTS_WRITE)?;
    let (before, subject) = sql::open(tx, id, true).await?;
    set_deleted(tx, id, true).await?;
    sql::record(tx, &subject, "document_deleted", Some(before.told()), None).await
}

/// Brings a document back that was taken away.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `too_late` once its bytes are forgotten.
pub async fn restore(tx: &mut Tx, id: EntityId) -> Result<RecordDocument> {
    tx.require(DOCUMENTS_WRITE)?;
    let found = sql::row(tx, id, true).await?;
    let subject = subjects::see(tx, found.entity_id).await?;
    if found.cleared {
        return Err(Error::conflict("too_late", "It was deleted more than 30 days ago, and its bytes are forgotten."));
    }
    if found.deleted {
        set_deleted(tx, id, false).await?;
        sql::record(tx, &subject, "document_restored", None, Some(found.told())).await?;
    }
    Ok(sql::row(tx, id, false).await?.into())
}

/// A name and a folder as they are kept.
fn checked(name: &str, folder: &str) -> Result<(String, String)> {
    let mut input = Input::new();
    // What is a little too long is cut; what is this long is no name.
    input.check(name.chars().count() <= 1_000, "name", "too_long", "A name has at most 200 characters.");
    let (name, folder) = (names::file(name), names::folder(folder));
    input.text("name", &name, 1, names::LONGEST);
    input.check(folder.is_some(), "folder", "too_long", "At most five folders within each other, and 200 characters in all.");
    input.finish()?;
    Ok((name, folder.unwrap_or_default()))
}

fn duplicate() -> Error {
    Error::conflict("duplicate", "There is a record of that id already.")
}

async fn become_number(tx: &mut Tx, subject: &Subject, before: Row, name: &str, number: i32, verb: &str) -> Result<RecordDocument> {
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "update record_documents set name = $3, number = $4, latest = greatest(latest, $4), version = version + 1, updated_by = $5,
             updated_at = $6
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(name)
    .bind(number)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await?;
    changed(tx, subject, &before, verb).await
}

async fn changed(tx: &mut Tx, subject: &Subject, before: &Row, verb: &str) -> Result<RecordDocument> {
    let after = sql::row(tx, before.id, false).await?;
    sql::record(tx, subject, verb, Some(before.told()), Some(after.told())).await?;
    Ok(after.into())
}

async fn set_deleted(tx: &mut Tx, id: EntityId, deleted: bool) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update record_documents set deleted_at = case when $3 then $4 end, version = version + 1, updated_at = $4
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
