//! Feeds as their owners keep them.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    input::Input,
    tokens,
};
use serde_json::json;

use super::{Detail, Feed, MadeFeed, NewFeed, publish::address};
use crate::core::{CALENDAR_READ, FEEDS_WRITE};

/// Nobody needs more at once.
const MOST: i64 = 50;

type Row = (EntityId, String, Option<EntityId>, Option<String>, String, DateTime<Utc>, Option<DateTime<Utc>>);

fn feed((id, name, resource, resource_name, detail, created_at, read_at): Row) -> Result<Feed> {
    let detail = Detail::parse(&detail).ok_or_else(|| Error::internal("a feed has an unknown detail"))?;
    Ok(Feed { id, name, resource, resource_name, detail, created_at, read_at })
}

/// One's own feeds, the newest first. Their secrets are nowhere to be had.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Feed>> {
    tx.require(FEEDS_WRITE)?;
    let (organization, user) = (tx.organization(), tx.user());
    let rows: Vec<Row> = sqlx::query_as(
        "select f.id, f.name, f.resource_id, r.name, f.detail, f.created_at, f.read_at
         from calendar_feeds f left join resources r on r.organization_id = f.organization_id and r.id = f.resource_id
         where f.organization_id = $1 and f.user_id = $2 and f.revoked_at is null
         order by f.id desc limit 50",
    )
    .bind(organization)
    .bind(user)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(feed).collect()
}

/// Makes a feed of one's own time or of a resource's, and gives its address, which is told this once.
///
/// # Errors
/// `Denied`, `Invalid`, `Conflict` of code `too_many`.
pub async fn create(tx: &mut Tx, new: &NewFeed) -> Result<MadeFeed> {
    tx.require(FEEDS_WRITE)?;
    tx.require(CALENDAR_READ)?;
    let mut input = Input::new();
    input.text("name", new.name.trim(), 1, 200);
    input.finish()?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let living: i64 =
        sqlx::query_scalar("select count(*) from calendar_feeds where organization_id = $1 and user_id = $2 and revoked_at is null")
            .bind(organization)
            .bind(user)
            .fetch_one(tx.conn())
            .await?;
    if living >= MOST {
        return Err(Error::invalid("name", "too_many", "There are 50 feeds already; revoke one that is no longer used."));
    }
    let (id, secret) = (EntityId::new(), tokens::random());
    sqlx::query(
        "insert into calendar_feeds (organization_id, id, user_id, resource_id, name, detail, token_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(new.resource)
    .bind(new.name.trim())
    .bind(new.detail.as_str())
    .bind(tokens::hash(&secret))
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("calendar_feeds_resource_fkey", || Error::invalid("resource", "unknown", "There is no such choice."))?;
    let told = json!({ "feed": id, "name": new.name.trim(), "detail": new.detail, "user": user });
    actions::record(tx, about(tx, new.resource), "feed_created", None, Some(told)).await?;
    let feed = list(tx).await?.into_iter().find(|feed| feed.id == id).ok_or(Error::NotFound)?;
    Ok(MadeFeed { feed, path: address(organization, &secret) })
}

/// Ends a feed of one's own: its address leads nowhere from now on.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn revoke(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(FEEDS_WRITE)?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let revoked: Option<(Option<EntityId>, String)> = sqlx::query_as(
        "update calendar_feeds set revoked_at = $4
         where organization_id = $1 and id = $2 and user_id = $3 and revoked_at is null returning resource_id, name",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    let (resource, name) = revoked.ok_or(Error::NotFound)?;
    actions::record(tx, about(tx, resource), "feed_revoked", Some(json!({ "feed": id, "name": name, "user": user })), None).await
}

/// Where the log tells it: a resource's feed with the resource, one's own with the organization.
fn about(tx: &Tx, resource: Option<EntityId>) -> EntityRef {
    match resource {
        Some(resource) => EntityRef::new("resource", resource),
        None => EntityRef::new("organization", EntityId(tx.organization().0)),
    }
}
