//! Documents as they are listed and downloaded.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use platform::{
    Error, Result, Tx,
    id::EntityId,
    rest::{Page, PageQuery},
};

use super::{DocumentVersion, RecordDocument, names, sql};
use crate::subjects;

/// The documents of a record, the newest first: all, or those of one folder.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (the cursor).
pub async fn list(tx: &mut Tx, record: EntityId, folder: Option<&str>, page: &PageQuery) -> Result<Page<RecordDocument>> {
    let subject = subjects::see(tx, record).await?;
    let (limit, after) = (page.limit(), page.after::<EntityId>()?);
    let rows = sql::of_record(tx, subject.id, folder, after, limit + 1).await?;
    Page::of(rows.into_iter().map(RecordDocument::from).collect(), limit, |document: &RecordDocument| document.id)
}

/// One document.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<RecordDocument> {
    Ok(sql::open(tx, id, false).await?.0.into())
}

/// The present version of a document that the actor may see, for what goes by the log and not by what somebody saw.
pub(crate) async fn version(tx: &mut Tx, id: EntityId) -> Result<i32> {
    Ok(sql::open(tx, id, true).await?.0.version)
}

/// Every file that a document is or was, the latest first; there is no second page.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn versions(tx: &mut Tx, id: EntityId) -> Result<Vec<DocumentVersion>> {
    let (document, _) = sql::open(tx, id, false).await?;
    type Row = (i32, String, String, i64, Vec<u8>, Option<String>, DateTime<Utc>);
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select v.number, v.file_name, v.media_type, v.size, v.sha256, u.name, v.created_at
         from record_document_versions v
         left join memberships m on m.organization_id = v.organization_id and m.user_id = v.author_id
         left join users u on u.id = m.user_id
         where v.organization_id = $1 and v.document_id = $2 order by v.number desc limit 1000",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let told = |(number, file_name, media_type, size, sha256, author, at): Row| DocumentVersion {
        current: number == document.number,
        sha256: HEXLOWER.encode(&sha256),
        number,
        file_name,
        media_type,
        size,
        author,
        at,
    };
    Ok(rows.into_iter().map(told).collect())
}

/// A file that whoever asks may have; [`super::pieces`] has its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub document: EntityId,
    pub number: i32,
    /// What it is to be called where it is kept.
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
}

/// A document's file: the present one, or an earlier one by its number.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn content(tx: &mut Tx, id: EntityId, number: Option<i32>) -> Result<Content> {
    let (document, _) = sql::open(tx, id, false).await?;
    let wanted = number.unwrap_or(document.number);
    of(tx, id, &document.name, wanted).await
}

/// One file of a document of that name.
pub(super) async fn of(tx: &mut Tx, id: EntityId, name: &str, number: i32) -> Result<Content> {
    let organization = tx.organization();
    let found: Option<(String, String, i64)> = sqlx::query_as(
        "select file_name, media_type, size from record_document_versions where organization_id = $1 and document_id = $2 and number = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(number)
    .fetch_optional(tx.conn())
    .await?;
    let (file_name, media_type, size) = found.ok_or(Error::NotFound)?;
    Ok(Content { document: id, number, name: names::with_ending(name, &file_name), media_type, size })
}
