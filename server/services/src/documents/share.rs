//! Links by which somebody without a sign-in reads one file for a while.
//!
//! A link's secret is told once; its hash is kept. It leads to the file that the document was when it was made, shows no more
//! than its maker may see at that moment, and nothing once they are no member any more. What is wrong, over, revoked or
//! deleted is answered alike: not found.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, OrganizationId, UserId},
    rest::correlation,
    tokens,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Content, DocumentLink, MOST_LINKS, MOST_OPENINGS, MadeDocumentLink, NewDocumentLink, read,
    sql::{self, Row},
};
use crate::subjects::{self, DOCUMENTS_SHARE, DOCUMENTS_WRITE};

/// The links of a document that lead somewhere at this moment, the newest first. Their secrets are nowhere to be had.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn links(tx: &mut Tx, document: EntityId) -> Result<Vec<DocumentLink>> {
    sql::open(tx, document, false).await?;
    living(tx, document).await
}

/// Makes a link to a document's present file, and gives its address, which is told this once.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `limit`.
pub async fn lend(tx: &mut Tx, document: EntityId, new: &NewDocumentLink) -> Result<MadeDocumentLink> {
    tx.require(DOCUMENTS_SHARE)?;
    let (lent, subject) = sql::open(tx, document, true).await?;
    if living(tx, document).await?.len() as i64 >= MOST_LINKS {
        return Err(Error::conflict("limit", "There are 20 links to it already; revoke one that is no longer needed."));
    }
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let (id, secret, expires_at) = (EntityId::new(), tokens::random(), now + new.term.length());
    sqlx::query(
        "insert into document_links (organization_id, id, document_id, number, user_id, token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(document)
    .bind(lent.number)
    .bind(user)
    .bind(tokens::hash(&secret))
    .bind(now)
    .bind(expires_at)
    .execute(tx.conn())
    .await?;
    let told = told(&lent, id, lent.number, expires_at);
    sql::record(tx, &subject, "document_shared", None, Some(told)).await?;
    let link = living(tx, document).await?.into_iter().find(|link| link.id == id).ok_or(Error::NotFound)?;
    Ok(MadeDocumentLink { link, path: format!("/shared/{}{secret}", organization.0.simple()) })
}

/// Ends a link: its address leads nowhere from now on. Again it changes nothing.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn revoke(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(DOCUMENTS_WRITE)?;
    let (organization, now) = (tx.organization(), tx.now());
    let link: Option<(EntityId, i32, DateTime<Utc>, bool)> = sqlx::query_as(
        "select document_id, number, expires_at, revoked_at is not null from document_links
         where organization_id = $1 and id = $2 for update",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let (document, number, expires_at, revoked) = link.ok_or(Error::NotFound)?;
    // Also of a document that is deleted: it may be brought back.
    let lent = sql::row(tx, document, false).await?;
    let subject = subjects::see(tx, lent.entity_id).await?;
    if revoked {
        return Ok(());
    }
    sqlx::query("update document_links set revoked_at = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let told = told(&lent, id, number, expires_at);
    sql::record(tx, &subject, "document_unshared", Some(told), None).await
}

/// The file behind an address, and whose it is. That it was opened is counted and stands in the record's log, unless only its
/// headers are asked for.
///
/// # Errors
/// `NotFound`, whatever the reason.
pub async fn opened(state: &State, token: &str, counts: bool) -> Result<(OrganizationId, Content)> {
    let (organization, secret) = token.split_at_checked(32).ok_or(Error::NotFound)?;
    let organization = Uuid::try_parse(organization).map(OrganizationId).map_err(|_| Error::NotFound)?;
    let mut tx = Tx::begin_for_job(state, organization).await?;
    let (id, document, number, user) = find(&mut tx, secret).await?;
    let lent = sql::row(&mut tx, document, false).await?;
    tx.commit().await?;
    if lent.deleted {
        return Err(Error::NotFound);
    }
    // With the rights that its maker has today.
    let mut maker = Tx::begin_in_the_name_of(state, organization, user, correlation::current()).await?;
    let subject = match subjects::see(&mut maker, lent.entity_id).await {
        Ok(subject) if maker.can(DOCUMENTS_SHARE) => subject,
        Ok(_) | Err(Error::Denied(_) | Error::NotSubscribed(_)) => return Err(Error::NotFound),
        Err(error) => return Err(error),
    };
    maker.commit().await?;
    // What a stranger does is nobody's doing in the log.
    let mut tx = Tx::begin_for_job(state, organization).await?;
    let content = read::of(&mut tx, document, &lent.name, number).await?;
    if counts {
        let now = tx.now();
        let expires_at: Option<DateTime<Utc>> = sqlx::query_scalar(
            "update document_links set opened = opened + 1, opened_at = $3
             where organization_id = $1 and id = $2 and revoked_at is null and expires_at > $3 and opened < $4 returning expires_at",
        )
        .bind(organization)
        .bind(id)
        .bind(now)
        .bind(MOST_OPENINGS)
        .fetch_optional(tx.conn())
        .await?;
        let told = told(&lent, id, number, expires_at.ok_or(Error::NotFound)?);
        sql::record(&mut tx, &subject, "document_opened", None, Some(told)).await?;
    }
    tx.commit().await?;
    Ok((organization, content))
}

/// The link of a secret that leads somewhere: its id, the document, which file of it, and who made it.
async fn find(tx: &mut Tx, secret: &str) -> Result<(EntityId, EntityId, i32, UserId)> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query_as(
        "select id, document_id, number, user_id from document_links
         where organization_id = $1 and token_hash = $2 and revoked_at is null and expires_at > $3 and opened < $4",
    )
    .bind(organization)
    .bind(tokens::hash(secret))
    .bind(now)
    .bind(MOST_OPENINGS)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)
}

/// What the log tells of a link: never its secret.
fn told(lent: &Row, link: EntityId, number: i32, expires_at: DateTime<Utc>) -> Value {
    json!({ "share": link, "document": lent.id, "name": lent.name, "file_number": number, "expires_at": expires_at })
}

async fn living(tx: &mut Tx, document: EntityId) -> Result<Vec<DocumentLink>> {
    type Found = (EntityId, i32, Option<String>, DateTime<Utc>, DateTime<Utc>, i32, Option<DateTime<Utc>>);
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Found> = sqlx::query_as(
        "select l.id, l.number, u.name, l.created_at, l.expires_at, l.opened, l.opened_at from document_links l
         left join memberships m on m.organization_id = l.organization_id and m.user_id = l.user_id
         left join users u on u.id = m.user_id
         where l.organization_id = $1 and l.document_id = $2 and l.revoked_at is null and l.expires_at > $3 and l.opened < $4
         order by l.id desc limit $5",
    )
    .bind(organization)
    .bind(document)
    .bind(now)
    .bind(MOST_OPENINGS)
    .bind(MOST_LINKS)
    .fetch_all(tx.conn())
    .await?;
    let told = |(id, number, author, created_at, expires_at, opened, opened_at): Found| DocumentLink {
        id,
        document,
        number,
        author,
        created_at,
        expires_at,
        opened,
        opened_at,
    };
    Ok(rows.into_iter().map(told).collect())
}
