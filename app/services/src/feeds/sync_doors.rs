//! What the part about other calendars asks the server.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use platform::{id::EntityId, time::ZoneWindow};
use serde::{Deserialize, Serialize};
use services::calendar::sync::{Connection, ConnectionChange, MadeConnection, NewConnection, Provider, SyncEntry};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use app_platform::session::begin;

/// Work that failed, as the part shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    pub id: EntityId,
    /// Laid aside, or to be tried again.
    pub dead: bool,
    pub attempts: i32,
    pub problem: String,
    pub since: DateTime<Utc>,
}

/// What the part shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Connected {
    pub offered: Vec<Provider>,
    pub connections: Vec<Connection>,
    /// What failed in the whole organization, for those who look after it.
    pub stuck: Vec<Stuck>,
    pub zone: ZoneWindow,
    pub now: DateTime<Utc>,
}

/// One's own connections with other calendars.
#[server(prefix = "/fn", endpoint = "calendar/connections", input = Wire, output = Wire)]
pub async fn read_connections() -> Result<Connected, Failure> {
    let mut tx = begin().await?;
    let connections = services::calendar::sync::list(&mut tx).await?;
    let stuck = if tx.can(platform::permission::Permission::JOBS_WRITE) { platform::jobs::list(&mut tx).await? } else { Vec::new() };
    let stuck = stuck.into_iter().filter(|job| job.attempts > 0 && job.state != "running").map(|job| Stuck {
        id: job.id,
        dead: job.state == "dead",
        attempts: job.attempts,
        problem: job.problem,
        since: job.updated_at,
    });
    let stuck: Vec<Stuck> = stuck.collect();
    let instants = connections.iter().filter_map(|connection| connection.synced_at).chain(stuck.iter().map(|job| job.since));
    let zone = super::doors::zone(&mut tx, None, instants.collect()).await?;
    let (offered, now) = (services::calendar::sync::offered(&tx), tx.now());
    tx.commit().await?;
    Ok(Connected { offered, connections, stuck, zone, now })
}

/// Makes a connection; where it has to be allowed, the page is told this once.
#[server(prefix = "/fn", endpoint = "calendar/connections/new", input = Wire, output = Wire)]
pub async fn connect(new: NewConnection) -> Result<MadeConnection, Failure> {
    let mut tx = begin().await?;
    let made = services::calendar::sync::connect(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes what a connection does.
#[server(prefix = "/fn", endpoint = "calendar/connections/change", input = Wire, output = Wire)]
pub async fn change_connection(id: EntityId, change: ConnectionChange) -> Result<Connection, Failure> {
    let mut tx = begin().await?;
    let changed = services::calendar::sync::change(&mut tx, id, &change).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Compares both sides now.
#[server(prefix = "/fn", endpoint = "calendar/connections/run", input = Wire, output = Wire)]
pub async fn run_connection(id: EntityId) -> Result<Connection, Failure> {
    let mut tx = begin().await?;
    let connection = services::calendar::sync::sync_now(&mut tx, id).await?;
    tx.commit().await?;
    Ok(connection)
}

/// Has it allowed once more.
#[server(prefix = "/fn", endpoint = "calendar/connections/again", input = Wire, output = Wire)]
pub async fn reconnect(id: EntityId) -> Result<MadeConnection, Failure> {
    let mut tx = begin().await?;
    let made = services::calendar::sync::reconnect(&mut tx, id).await?;
    tx.commit().await?;
    Ok(made)
}

/// Ends a connection.
#[server(prefix = "/fn", endpoint = "calendar/connections/revoke", input = Wire, output = Wire)]
pub async fn end_connection(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    services::calendar::sync::end(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// What of a connection needs somebody's eye.
#[server(prefix = "/fn", endpoint = "calendar/connections/entries", input = Wire, output = Wire)]
pub async fn read_entries(id: EntityId) -> Result<(Vec<SyncEntry>, ZoneWindow), Failure> {
    let mut tx = begin().await?;
    let entries = services::calendar::sync::entries(&mut tx, id).await?;
    let zone = super::doors::zone(&mut tx, None, entries.iter().map(|entry| entry.start).collect()).await?;
    tx.commit().await?;
    Ok((entries, zone))
}

/// Makes a block that came from elsewhere an entry of our own.
#[server(prefix = "/fn", endpoint = "calendar/unlink", input = Wire, output = Wire)]
pub async fn unlink(activity: EntityId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    services::calendar::sync::unlink(&mut tx, activity).await?;
    Ok(tx.commit().await?)
}

/// Has work that was laid aside done now.
#[server(prefix = "/fn", endpoint = "platform/jobs/run", input = Wire, output = Wire)]
pub async fn run_job(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    platform::jobs::run_now(&mut tx, id).await?;
    Ok(tx.commit().await?)
}
