//! Connections as their owners keep them. Nobody outside is asked here: that is a job's work.

mod entries;
mod make;

use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
    jobs,
};
use serde_json::{Value, json};

use super::{Connection, ConnectionChange, ConnectionState, Outside, Provider, apply, push, run::JOB};
use crate::{calendar::feeds::Detail, core::CONNECTIONS_WRITE};

pub use entries::{entries, unlink};
pub use make::{connect, reconnect};

/// What this server can be connected with.
pub fn offered(tx: &Tx) -> Vec<Provider> {
    let Ok(outside) = Outside::of(tx.state()) else { return Vec::new() };
    Provider::ALL.into_iter().filter(|provider| *provider != Provider::Google || outside.settings.google.is_some()).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    provider: String,
    resource_id: EntityId,
    resource_name: String,
    account: String,
    calendar: String,
    detail: String,
    sends: bool,
    receives: bool,
    state: String,
    problem: String,
    synced_at: Option<DateTime<Utc>>,
    refused: i64,
    received: i64,
    colliding: i64,
    attempts: Option<i32>,
    next: Option<f64>,
    version: i32,
    created_at: DateTime<Utc>,
}

async fn connection(tx: &mut Tx, row: Row) -> Result<Connection> {
    let unknown = || Error::internal("a connection has an unknown word");
    let state = ConnectionState::parse(&row.state).ok_or_else(unknown)?;
    let tells = row.sends && !matches!(state, ConnectionState::Ending | ConnectionState::Ended);
    #[allow(clippy::cast_possible_truncation)]
    Ok(Connection {
        unsent: if tells { push::count(tx, row.id, row.resource_id).await? } else { 0 },
        id: row.id,
        provider: Provider::parse(&row.provider).ok_or_else(unknown)?,
        resource: row.resource_id,
        resource_name: row.resource_name,
        account: row.account,
        calendar: row.calendar,
        detail: Detail::parse(&row.detail).ok_or_else(unknown)?,
        sends: row.sends,
        receives: row.receives,
        state,
        problem: row.problem,
        synced_at: row.synced_at,
        refused: row.refused,
        received: row.received,
        colliding: row.colliding,
        attempts: row.attempts.unwrap_or(0),
        next_in_seconds: row.next.map(|seconds| seconds.round() as i64),
        version: row.version,
        created_at: row.created_at,
    })
}

/// One's own connections, the newest first. By what they are let in is nowhere to be had.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Connection>> {
    tx.require(CONNECTIONS_WRITE)?;
    read(tx, None).await
}

async fn one(tx: &mut Tx, id: EntityId) -> Result<Connection> {
    read(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn read(tx: &mut Tx, id: Option<EntityId>) -> Result<Vec<Connection>> {
    let (organization, user) = (tx.organization(), tx.user());
    let rows: Vec<Row> = sqlx::query_as(
        "select c.id, c.provider, c.resource_id, r.name as resource_name, c.account, c.calendar, c.detail, c.sends, c.receives, c.state,
                c.problem, c.synced_at, k.refused, k.received, k.colliding, j.attempts,
                case when j.state = 'waiting' then extract(epoch from j.due_at - now())::float8 when j.state = 'running' then 0::float8 end as next,
                c.version, c.created_at
         from calendar_connections c
         join resources r on r.organization_id = c.organization_id and r.id = c.resource_id
         left join jobs j on j.organization_id = c.organization_id and j.kind = $4 and j.key = c.id::text
         cross join lateral (
             select count(*) filter (where refused <> '') as refused, count(distinct remote_id) filter (where direction = 'in' and not unlinked) as received,
                    count(*) filter (where collides and not unlinked) as colliding
             from calendar_links l where l.organization_id = c.organization_id and l.connection_id = c.id) k
         where c.organization_id = $1 and c.user_id = $2 and c.state <> 'ended' and ($3::uuid is null or c.id = $3)
         order by c.id desc limit 50",
    )
    .bind(organization)
    .bind(user)
    .bind(id)
    .bind(JOB.key)
    .fetch_all(tx.conn())
    .await?;
    let mut connections = Vec::new();
    for row in rows {
        connections.push(connection(tx, row).await?);
    }
    Ok(connections)
}

/// Asks for a run at once.
async fn wake(tx: &mut Tx, id: EntityId) -> Result<()> {
    jobs::want(tx, &JOB, &id.to_string(), json!({}), Duration::ZERO).await.map(drop)
}

async fn record(tx: &mut Tx, connection: &Connection, verb: &str, old: Option<Value>, new: Option<Value>) -> Result<()> {
    actions::record(tx, EntityRef::new("resource", connection.resource), verb, old, new).await
}

fn told(connection: &Connection) -> Value {
    json!({
        "connection": connection.id, "provider": connection.provider, "detail": connection.detail,
        "sends": connection.sends, "receives": connection.receives,
    })
}

/// Changes what a connection does. What is told there already is told anew where less or more is to be told; what came from
/// there goes at once where nothing is to come any more.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `transition`.
pub async fn change(tx: &mut Tx, id: EntityId, change: &ConnectionChange) -> Result<Connection> {
    tx.require(CONNECTIONS_WRITE)?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let before = one(tx, id).await?;
    if !change.sends && !change.receives {
        return Err(Error::invalid("sends", "required", "It must send, receive or both."));
    }
    if change.sends && before.provider == Provider::CalCom && before.calendar.is_empty() {
        return Err(Error::invalid("sends", "fixed", "It was made without a type of event to book under."));
    }
    if before.state == ConnectionState::Ending {
        return Err(Error::conflict("transition", "It is being ended."));
    }
    let changed = sqlx::query(
        "update calendar_connections set detail = $5, sends = $6, receives = $7, version = version + 1, updated_at = $8,
             cursor = case when $7 and not receives then '' else cursor end
         where organization_id = $1 and id = $2 and user_id = $3 and version = $4",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(change.version)
    .bind(change.detail.as_str())
    .bind(change.sends)
    .bind(change.receives)
    .bind(now)
    .execute(tx.conn())
    .await?
    .rows_affected();
    if changed == 0 {
        return Err(Error::conflict("version", "Somebody else has changed this in the meantime."));
    }
    if change.detail != before.detail {
        sqlx::query("update calendar_links set sent_version = 0 where organization_id = $1 and connection_id = $2 and direction = 'out'")
            .bind(organization)
            .bind(id)
            .execute(tx.conn())
            .await?;
    }
    if before.receives && !change.receives {
        withdraw_blocks(tx, id).await?;
    }
    if before.state != ConnectionState::Authorizing {
        wake(tx, id).await?;
    }
    let after = one(tx, id).await?;
    record(tx, &after, "connection_changed", Some(told(&before)), Some(told(&after))).await?;
    Ok(after)
}

/// Has both sides compared at once; one that is broken is tried again.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `transition` where nobody has allowed it yet.
pub async fn sync_now(tx: &mut Tx, id: EntityId) -> Result<Connection> {
    tx.require(CONNECTIONS_WRITE)?;
    let before = one(tx, id).await?;
    if before.state == ConnectionState::Authorizing {
        return Err(Error::conflict("transition", "It has not been allowed yet."));
    }
    wake(tx, id).await?;
    record(tx, &before, "connection_run", None, Some(json!({ "connection": id }))).await?;
    one(tx, id).await
}

/// Ends a connection. What came from there is gone at once; what was told there is taken back by a job, and then the keys are
/// forgotten.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn end(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(CONNECTIONS_WRITE)?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let before = one(tx, id).await?;
    if before.state == ConnectionState::Ending {
        return Ok(());
    }
    withdraw_blocks(tx, id).await?;
    sqlx::query(
        "update calendar_connections set state = 'ending', problem = '', pass_hash = null, version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2 and user_id = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(now)
    .execute(tx.conn())
    .await?;
    wake(tx, id).await?;
    record(tx, &before, "connection_ending", Some(told(&before)), None).await
}

/// Takes away what came from there, but for what was made an entry of our own.
async fn withdraw_blocks(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    let gone: Vec<Option<EntityId>> = sqlx::query_scalar(
        "delete from calendar_links where organization_id = $1 and connection_id = $2 and direction = 'in' and not unlinked returning activity_id",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let gone: Vec<EntityId> = gone.into_iter().flatten().collect();
    apply::take_away(tx, &gone).await
}
