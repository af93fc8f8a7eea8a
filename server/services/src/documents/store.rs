//! The bytes of documents, in pieces; and how many of them an organization keeps.

use chrono::TimeDelta;
use data_encoding::BASE64;
use futures::stream::{self, Stream};
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, OrganizationId},
};

use super::{CHUNK, Content, DocumentStorage, KEPT_DAYS, MOST_BYTES, media_type};
use crate::subjects::RECORDS_READ;

/// How many deleted documents are forgotten at once.
const CLEARED: i64 = 20;

/// A file that has come, and what is known of it.
pub(super) struct Came {
    pub(super) bytes: Vec<u8>,
    pub(super) media_type: &'static str,
    pub(super) sha256: Vec<u8>,
}

/// That there is a file at all.
///
/// # Errors
/// `Invalid` at `file`.
pub(super) fn given(file: &str) -> Result<()> {
    if file.is_empty() { Err(Error::invalid("file", "required", "The file is empty.")) } else { Ok(()) }
}

/// Reads a file as it travels.
///
/// # Errors
/// `Invalid` at `file`.
pub(super) async fn read(file: &str) -> Result<Came> {
    let refused = |code: &str, message: &str| Err(Error::invalid("file", code, message));
    given(file)?;
    if file.len() > MOST_BYTES.div_ceil(3) * 4 {
        return refused("too_large", "A file has at most 20 MiB.");
    }
    let file = file.to_owned();
    // Looking through a file takes the processor for a while, and others are served by the same threads.
    let read = move || {
        let bytes = BASE64.decode(file.as_bytes()).map_err(|_| Error::invalid("file", "type", "This is not base64."))?;
        let sha256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes).as_ref().to_vec();
        Ok::<_, Error>(Came { media_type: media_type(&bytes), sha256, bytes })
    };
    let came = tokio::task::spawn_blocking(read).await.map_err(|_| Error::internal("a file could not be read"))??;
    match came.bytes.len() {
        1..=MOST_BYTES => Ok(came),
        0 => refused("required", "The file is empty."),
        _ => refused("too_large", "A file has at most 20 MiB."),
    }
}

/// Keeps a file as a version of a document that is there, after forgetting what has been deleted for long.
///
/// # Errors
/// `Conflict` of code `storage`.
pub(super) async fn keep(tx: &mut Tx, document: EntityId, number: i32, file_name: &str, came: &Came) -> Result<()> {
    let (organization, now, author) = (tx.organization(), tx.now(), crate::notes::author(tx));
    let size = i64::try_from(came.bytes.len()).map_err(Error::internal)?;
    sqlx::query(
        "insert into record_document_versions (organization_id, document_id, number, file_name, media_type, size, sha256, author_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(organization)
    .bind(document)
    .bind(number)
    .bind(file_name)
    .bind(came.media_type)
    .bind(size)
    .bind(&came.sha256)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await?;
    for (seq, piece) in (0_i32..).zip(came.bytes.chunks(CHUNK)) {
        sqlx::query("insert into record_document_chunks (organization_id, document_id, number, seq, bytes) values ($1, $2, $3, $4, $5)")
            .bind(organization)
            .bind(document)
            .bind(number)
            .bind(seq)
            .bind(piece)
            .execute(tx.conn())
            .await?;
    }
    // Last, as others who bring files wait here for the end of this transaction.
    let freed = clear(tx).await?;
    take(tx, size, freed).await
}

/// Forgets the bytes of documents that have been deleted for longer than they are kept, and tells how many they were.
async fn clear(tx: &mut Tx) -> Result<i64> {
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_scalar(
        "with old as (
             select id from record_documents
             where organization_id = $1 and deleted_at < $2 and cleared_at is null
             order by deleted_at limit $3 for update skip locked
         ), gone as (
             delete from record_document_chunks c using old where c.organization_id = $1 and c.document_id = old.id
         ), marked as (
             update record_documents d set cleared_at = $4 from old where d.organization_id = $1 and d.id = old.id
         )
         select coalesce(sum(v.size), 0)::bigint from record_document_versions v join old on old.id = v.document_id
         where v.organization_id = $1",
    )
    .bind(organization)
    .bind(now - TimeDelta::days(KEPT_DAYS))
    .bind(CLEARED)
    .bind(now)
    .fetch_one(tx.conn())
    .await?)
}

/// Counts bytes that have come and others that are forgotten.
async fn take(tx: &mut Tx, came: i64, freed: i64) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("insert into document_storage (organization_id) values ($1) on conflict do nothing")
        .bind(organization)
        .execute(tx.conn())
        .await?;
    let done = sqlx::query(
        "update document_storage set used = greatest(used - $3, 0) + $2
         where organization_id = $1 and greatest(used - $3, 0) + $2 <= most",
    )
    .bind(organization)
    .bind(came)
    .bind(freed)
    .execute(tx.conn())
    .await?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::conflict(
            "storage",
            "The organization keeps as many documents as it may. Deleted ones count until they cannot be brought back any more.",
        )),
    }
}

/// How much the organization keeps, and how much it may.
///
/// # Errors
/// `Denied`.
pub async fn storage(tx: &mut Tx) -> Result<DocumentStorage> {
    tx.require(RECORDS_READ)?;
    let organization = tx.organization();
    let kept = sqlx::query_as("select used, most from document_storage where organization_id = $1");
    let kept: Option<DocumentStorage> = kept.bind(organization).fetch_optional(tx.conn()).await?;
    Ok(kept.unwrap_or(DocumentStorage { used: 0, most: 2 * 1024 * 1024 * 1024 }))
}

/// A file's bytes, piece by piece. Each is asked for in a transaction of its own, so that no slow reader holds one; who may
/// have the file was asked when its [`Content`] was.
pub fn pieces(state: State, organization: OrganizationId, content: &Content) -> impl Stream<Item = Result<Vec<u8>>> + Send + use<> {
    let (document, number) = (content.document, content.number);
    let pieces = i32::try_from(content.size.unsigned_abs().div_ceil(CHUNK as u64)).unwrap_or_default();
    stream::try_unfold((state, 0), move |(state, seq)| async move {
        if seq == pieces {
            return Ok(None);
        }
        let piece = piece(&state, organization, document, number, seq).await?;
        Ok(Some((piece, (state, seq + 1))))
    })
}

async fn piece(state: &State, organization: OrganizationId, document: EntityId, number: i32, seq: i32) -> Result<Vec<u8>> {
    let mut tx = Tx::begin_for_job(state, organization).await?;
    let found = sqlx::query_scalar(
        "select bytes from record_document_chunks where organization_id = $1 and document_id = $2 and number = $3 and seq = $4",
    )
    .bind(organization)
    .bind(document)
    .bind(number)
    .bind(seq)
    .fetch_optional(tx.conn())
    .await?;
    tx.commit().await?;
    found.ok_or(Error::NotFound)
}
