//! Rows of documents, and what all that is done to one begins with.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
};
use serde_json::{Value, json};

use super::RecordDocument;
use crate::subjects::{self, Subject, stale};

#[derive(Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: EntityId,
    pub(super) entity_id: EntityId,
    pub(super) name: String,
    pub(super) folder: String,
    pub(super) media_type: String,
    pub(super) size: i64,
    pub(super) sha256: Vec<u8>,
    pub(super) number: i32,
    pub(super) latest: i32,
    links: i64,
    same_as: Option<String>,
    author: Option<String>,
    at: DateTime<Utc>,
    pub(super) editor: Option<String>,
    pub(super) version: i32,
    pub(super) deleted: bool,
    /// Whether its bytes are forgotten.
    pub(super) cleared: bool,
}

impl From<Row> for RecordDocument {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            record: row.entity_id,
            name: row.name,
            folder: row.folder,
            media_type: row.media_type,
            size: row.size,
            sha256: HEXLOWER.encode(&row.sha256),
            number: row.number,
            latest: row.latest,
            links: row.links,
            same_as: row.same_as,
            author: row.author,
            at: row.at,
            version: row.version,
        }
    }
}

impl Row {
    /// What the log tells of it.
    pub(super) fn told(&self) -> Value {
        json!({ "document": self.id, "name": self.name, "folder": self.folder, "file_number": self.number })
    }
}

/// `$1` is the tenant, `$2` now. Links are those that `share` finds: [`super::MOST_OPENINGS`] stands here as a number.
macro_rules! documents {
    ($rest:literal) => {
        concat!(
            "select d.id, d.entity_id, d.name, d.folder, v.media_type, v.size, v.sha256, d.number, d.latest, u.name as author,
                    v.created_at as at, w.name as editor, d.version, d.deleted_at is not null as deleted,
                    d.cleared_at is not null as cleared,
                    (select count(*) from document_links l
                     where l.organization_id = d.organization_id and l.document_id = d.id and l.revoked_at is null and l.expires_at > $2
                       and l.opened < 1000) as links,
                    (select o.name from record_documents o
                     join record_document_versions p on p.organization_id = o.organization_id and p.document_id = o.id and p.number = o.number
                     where o.organization_id = d.organization_id and o.entity_id = d.entity_id and o.deleted_at is null and o.id < d.id
                       and p.sha256 = v.sha256
                     order by o.id limit 1) as same_as
             from record_documents d
             join record_document_versions v on v.organization_id = d.organization_id and v.document_id = d.id and v.number = d.number
             left join memberships m on m.organization_id = v.organization_id and m.user_id = v.author_id
             left join users u on u.id = m.user_id
             left join memberships n on n.organization_id = d.organization_id and n.user_id = d.updated_by
             left join users w on w.id = n.user_id
             where d.organization_id = $1 and ",
            $rest
        )
    };
}

/// The documents of a record that are there, the newest first.
pub(super) async fn of_record(tx: &mut Tx, record: EntityId, folder: Option<&str>, after: Option<EntityId>, most: i64) -> Result<Vec<Row>> {
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_as(documents!(
        "d.entity_id = $3 and d.deleted_at is null and ($4::text is null or d.folder = $4)
         and d.id < coalesce($5, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
         order by d.id desc limit $6"
    ))
    .bind(organization)
    .bind(now)
    .bind(record)
    .bind(folder)
    .bind(after)
    .bind(most)
    .fetch_all(tx.conn())
    .await?)
}

/// One document, deleted or not; whether it may be seen is the caller's to ask.
pub(super) async fn row(tx: &mut Tx, id: EntityId, lock: bool) -> Result<Row> {
    let (organization, now) = (tx.organization(), tx.now());
    if lock {
        sqlx::query("select 1 from record_documents where organization_id = $1 and id = $2 for update")
            .bind(organization)
            .bind(id)
            .execute(tx.conn())
            .await?;
    }
    let found = sqlx::query_as(documents!("d.id = $3")).bind(organization).bind(now).bind(id);
    found.fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)
}

/// A document that is there, held until the transaction ends if it is to be changed, and what it is on.
pub(super) async fn open(tx: &mut Tx, id: EntityId, lock: bool) -> Result<(Row, Subject)> {
    tx.require(subjects::RECORDS_READ)?;
    let found = row(tx, id, lock).await?;
    let subject = subjects::see(tx, found.entity_id).await?;
    if found.deleted { Err(Error::NotFound) } else { Ok((found, subject)) }
}

/// Refuses what was made from another version than the present one.
pub(super) fn expect(before: &Row, version: i32) -> Result<()> {
    if before.version == version {
        return Ok(());
    }
    let (document, editor) = (RecordDocument::from(before.clone()), before.editor.clone());
    Err(stale(&document, editor.as_deref()))
}

/// What happens to a document stands in the log of the record it is on.
pub(super) async fn record(tx: &mut Tx, subject: &Subject, verb: &str, old: Option<Value>, new: Option<Value>) -> Result<()> {
    actions::record(tx, EntityRef::new(&subject.entity_type, subject.id), verb, old, new).await
}
