//! From an address to a pool that serves: the schema is brought up to date by the role that owns it, and
//! everything after that is done by a role that owns nothing.

use crate::config::Mode;
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;

/// The schema, in the order in which it is built.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// What keeps the server from its database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be reached, or refused something.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// It would lose what it has acknowledged.
    #[error("PostgreSQL has {0} = off, which is refused in production: acknowledged bookings could be lost")]
    Unsafe(String),
}

/// Limits of the serving pool.
#[derive(Clone, Copy, Debug)]
pub struct PoolSize {
    /// Connections at most.
    pub connections: u32,
    /// How long a request waits for one before it is `Unavailable`.
    pub wait: Duration,
}

impl Default for PoolSize {
    fn default() -> Self {
        Self { connections: 32, wait: Duration::from_secs(1) }
    }
}

/// Brings the schema up to date and opens the pool that serves.
pub async fn connect(url: &str, mode: Mode) -> Result<PgPool, DatabaseError> {
    let owner = PgConnectOptions::from_str(url)?;
    migrate(&owner, mode).await?;
    Ok(serving(&owner, PoolSize::default()).await?)
}

/// Brings the schema up to date as its owner. Several servers may do so at once: they take turns by a lock.
pub async fn migrate(owner: &PgConnectOptions, mode: Mode) -> Result<(), DatabaseError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(owner.clone()).await?;
    let done = async {
        if mode == Mode::Production {
            assert_durable(&pool).await?;
        }
        MIGRATIONS.run(&pool).await?;
        ensure_partitions(&pool).await
    };
    let done = done.await;
    pool.close().await;
    done
}

/// Makes the action log's partitions for the months around today; at each start and once a day.
pub async fn ensure_partitions(owner: &PgPool) -> Result<(), DatabaseError> {
    sqlx::query("call ensure_action_partitions(current_date)").execute(owner).await?;
    Ok(())
}

/// Keeps the action log's partitions ahead of time, once a day, until the task is dropped.
pub async fn maintain(owner: PgConnectOptions) {
    loop {
        tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
        let turn = async {
            let pool = PgPoolOptions::new().max_connections(1).connect_with(owner.clone()).await?;
            let done = ensure_partitions(&pool).await;
            pool.close().await;
            done
        };
        if turn.await.is_err() {
            // Rows without a partition of their own go to the default one: nothing is lost until tomorrow.
            tracing::warn!("the partitions of the action log could not be made today");
        }
    }
}

/// The pool that serves, as the role that owns nothing and is under row-level security. The role and the deadlines are
/// options of the connection itself, so that `reset` and `discard` come back to them.
pub async fn serving(owner: &PgConnectOptions, size: PoolSize) -> Result<PgPool, sqlx::Error> {
    let options = owner.clone().application_name("atrium").options([
        ("role", "atrium_app"),
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "15s"),
        ("timezone", "UTC"),
    ]);
    PgPoolOptions::new().max_connections(size.connections).acquire_timeout(size.wait).connect_with(options).await
}

async fn assert_durable(pool: &PgPool) -> Result<(), DatabaseError> {
    let off: Option<String> = sqlx::query_scalar(
        "select name from pg_settings
         where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting = 'off'
         order by name limit 1",
    )
    .fetch_optional(pool)
    .await?;
    off.map_or(Ok(()), |name| Err(DatabaseError::Unsafe(name)))
}
