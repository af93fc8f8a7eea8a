//! The one action log: audit trail, timeline, source of undo, feed of live updates. Written in the transaction of what
//! it tells; append-only.

use crate::error::{Error, Refusal, Result};
use crate::id::{EntityId, EntityRef, OrganizationId, UserId};
use crate::rest::correlation;
use crate::state::State;
use crate::tx::{Door, Tx};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

/// Writes down what was done to a record, with what it was before and is now, and puts it into the feed.
pub async fn record(tx: &mut Tx, entity: EntityRef, verb: &str, old: Option<Value>, new: Option<Value>) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let user = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    let (door, correlation) = (tx.actor().door.as_str(), tx.actor().correlation);
    sqlx::query(
        "with feed as (
             insert into action_feed (organization_id, entity_type, entity_id, action) values ($1, $7, $8, $9)
         )
         insert into actions (organization_id, id, at, user_id, door, correlation, entity_type, entity_id, action, old, new)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(organization)
    .bind(Uuid::now_v7())
    .bind(now)
    .bind(user)
    .bind(door)
    .bind(correlation)
    .bind(&entity.entity_type)
    .bind(entity.id)
    .bind(verb)
    .bind(old)
    .bind(new)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What somebody did to a session of theirs, in the transaction that did it. A session is no tenant's; it is told in the
/// log of the organization that was being worked in, and nowhere where none is chosen.
pub(crate) async fn record_session(
    connection: &mut PgConnection,
    state: &State,
    (user, organization): (UserId, Option<OrganizationId>),
    door: Door,
    verb: &str,
    new: Value,
) -> Result<()> {
    let Some(organization) = organization else { return Ok(()) };
    sqlx::query("select set_config('app.organization_id', $1, true)").bind(organization.to_string()).execute(&mut *connection).await?;
    sqlx::query(
        "insert into actions (organization_id, id, at, user_id, door, correlation, entity_type, entity_id, action, new)
         values ($1, $2, $3, $4, $5, $6, 'organization', $1, $7, $8)",
    )
    .bind(organization)
    .bind(Uuid::now_v7())
    .bind(state.clock.now())
    .bind(user)
    .bind(door.as_str())
    .bind(correlation::current())
    .bind(verb)
    .bind(new)
    .execute(connection)
    .await?;
    Ok(())
}

/// Something that was done at a time of its own, for records that are taken over with their history.
#[derive(Clone, Debug)]
pub struct Done {
    /// To which record.
    pub entity: EntityRef,
    /// `booked`, `cancelled` …
    pub verb: String,
    /// When, which may be long ago.
    pub at: DateTime<Utc>,
    /// What was changed, as it was.
    pub old: Option<Value>,
    /// What was changed, as it was then.
    pub new: Option<Value>,
}

/// As [`record`] for many things at once, in one statement.
pub async fn record_all(tx: &mut Tx, done: &[Done]) -> Result<()> {
    let organization = tx.organization();
    let user = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    let (door, correlation) = (tx.actor().door.as_str(), tx.actor().correlation);
    sqlx::query(
        "with done as (
             select * from unnest($5::uuid[], $6::timestamptz[], $7::text[], $8::uuid[], $9::text[], $10::jsonb[], $11::jsonb[])
                 with ordinality as d (id, at, entity_type, entity_id, action, old, new, place)
         ), feed as (
             insert into action_feed (organization_id, entity_type, entity_id, action)
             select $1, entity_type, entity_id, action from done order by place
         )
         insert into actions (organization_id, id, at, user_id, door, correlation, entity_type, entity_id, action, old, new)
         select $1, id, at, $2, $3, $4, entity_type, entity_id, action, old, new from done order by place",
    )
    .bind(organization)
    .bind(user)
    .bind(door)
    .bind(correlation)
    .bind(done.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind(done.iter().map(|done| done.at).collect::<Vec<_>>())
    .bind(done.iter().map(|done| done.entity.entity_type.clone()).collect::<Vec<_>>())
    .bind(done.iter().map(|done| done.entity.id).collect::<Vec<_>>())
    .bind(done.iter().map(|done| done.verb.clone()).collect::<Vec<_>>())
    .bind(done.iter().map(|done| done.old.clone()).collect::<Vec<_>>())
    .bind(done.iter().map(|done| done.new.clone()).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One entry of a record's timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, sqlx::FromRow)]
pub struct ActionRow {
    /// UTC.
    pub at: DateTime<Utc>,
    /// None for what the system did by itself.
    pub user_name: Option<String>,
    /// `created`, `updated`, `cancelled` …
    pub verb: String,
    /// What was changed, as it was.
    pub old: Option<Value>,
    /// What was changed, as it is since.
    pub new: Option<Value>,
}

/// What was done to a record, the latest first. Whoever may read the record may read its timeline; the caller checks.
pub async fn timeline(tx: &mut Tx, entity: EntityId, limit: i64) -> Result<Vec<ActionRow>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select a.at, u.name as user_name, a.action as verb, a.old, a.new
         from actions a
         left join memberships m on m.organization_id = a.organization_id and m.user_id = a.user_id
         left join users u on u.id = m.user_id
         where a.organization_id = $1 and a.entity_id = $2
         order by a.at desc, a.id desc
         limit $3",
    )
    .bind(organization)
    .bind(entity)
    .bind(limit.clamp(0, 200))
    .fetch_all(tx.conn())
    .await?)
}

/// R18: the refusal of a change that was made from an older version than the present one. It tells what is stored, under
/// its kind's name, and who has stored it.
///
/// # Errors
/// `Unavailable`.
pub async fn changed_meanwhile(tx: &mut Tx, id: EntityId, kind: &str, now: &impl Serialize, message: &str) -> Result<Error> {
    let author = timeline(tx, id, 1).await?.into_iter().next().and_then(|row| row.user_name);
    Ok(refused_version(kind, now, author, message))
}

/// As [`changed_meanwhile`] for a part of the organization, of which the organization's own entries tell: those whose verb
/// begins so and whose new state has this id.
pub(crate) async fn part_changed_meanwhile(tx: &mut Tx, part: &str, kind: &str, verbs: &str, now: &impl Serialize) -> Result<Error> {
    let organization = tx.organization();
    let author: Option<Option<String>> = sqlx::query_scalar(
        "select u.name
         from actions a
         left join memberships m on m.organization_id = a.organization_id and m.user_id = a.user_id
         left join users u on u.id = m.user_id
         where a.organization_id = $1 and a.entity_id = $1 and starts_with(a.action, $2) and a.new ->> 'id' = $3
         order by a.at desc, a.id desc limit 1",
    )
    .bind(organization)
    .bind(verbs)
    .bind(part)
    .fetch_optional(tx.conn())
    .await?;
    Ok(refused_version(kind, now, author.flatten(), "Somebody else has changed this in the meantime."))
}

fn refused_version(kind: &str, now: &impl Serialize, author: Option<String>, message: &str) -> Error {
    let current = json!({ kind: now, "author": author });
    Refusal { current: Some(current), ..Refusal::new("version", message) }.into()
}
