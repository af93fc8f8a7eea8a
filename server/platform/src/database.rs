//! From an address to a pool that serves: the schema is brought up to date by the role that owns it, and
//! everything after that is done by a role that owns nothing.

use crate::config::Mode;
use crate::state::Clock;
use crate::{idempotency, throttle, tx};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use std::str::FromStr;
use std::sync::Arc;
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
    Migration(MigrateError),
    /// A migration is not the one that ran here.
    #[error(
        "migration {0} was changed after it had run on this database: put it back as it was and write a further one; \
         in development, where the data may go, `make reset` begins anew"
    )]
    Edited(i64),
    /// The database is of a later version than the server.
    #[error("migration {0} has run on this database and is unknown to this server: the database belongs to a later version")]
    Ahead(i64),
    /// It would lose what it has acknowledged.
    #[error("PostgreSQL has {0} = off, which is refused in production: acknowledged bookings could be lost")]
    Unsafe(String),
}

impl From<MigrateError> for DatabaseError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMismatch(version) => Self::Edited(version),
            MigrateError::VersionMissing(version) => Self::Ahead(version),
            other => Self::Migration(other),
        }
    }
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
        // A burst is worth waiting for: two hundred who want one time at once are all to be told who has it, also by a
        // machine that does much else. What is left of a request's deadline is enough for the work itself.
        Self { connections: 32, wait: Duration::from_secs(7) }
    }
}

/// Asks about nobody what somebody in a hurry will ask. The first time a connection is asked something it has to learn what
/// the tables are like and to plan, which takes longer than most answers: so it learns before it serves.
pub type Warm = for<'a> fn(&'a mut PgConnection) -> BoxFuture<'a, sqlx::Result<()>>;

/// Brings the schema up to date and opens the pool that serves, whose connections are warmed.
pub async fn connect(url: &str, mode: Mode, warm: Vec<Warm>) -> Result<PgPool, DatabaseError> {
    let owner = PgConnectOptions::from_str(url)?;
    migrate(&owner, mode).await?;
    Ok(warmed(&owner, PoolSize::default(), warm).await?)
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

/// Sessions that are over are kept so long: by them a browser is known again when it signs in.
const SESSIONS_KEPT: chrono::Duration = chrono::Duration::days(90);

/// Keeps the action log's partitions ahead of time and clears away what has expired: soon after the start and once a
/// day, until the task is dropped.
pub async fn maintain(owner: PgConnectOptions, clock: Clock) {
    let mut wait = Duration::from_secs(60);
    loop {
        tokio::time::sleep(wait).await;
        wait = Duration::from_secs(24 * 3600);
        let turn = async {
            let pool = PgPoolOptions::new().max_connections(1).connect_with(owner.clone()).await?;
            let done = match ensure_partitions(&pool).await {
                Ok(()) => clear_expired(&pool, clock.now()).await,
                failed => failed,
            };
            pool.close().await;
            done
        };
        if let Err(error) = turn.await {
            // Rows without a partition of their own go to the default one: nothing is lost until tomorrow.
            tracing::warn!(%error, "today's maintenance of the database was not done");
        }
    }
}

/// Deletes what nobody can use any more: refresh tokens, sessions, kept answers and counted failures.
///
/// # Errors
/// Those of the database.
pub async fn clear_expired(owner: &PgPool, now: DateTime<Utc>) -> Result<(), DatabaseError> {
    sqlx::query("delete from refresh_tokens where expires_at < $1").bind(now).execute(owner).await?;
    sqlx::query("delete from sessions where least(expires_at, revoked_at) < $1").bind(now - SESSIONS_KEPT).execute(owner).await?;
    sqlx::query("delete from idempotency_keys where created_at < $1").bind(now - idempotency::KEPT).execute(owner).await?;
    let window = chrono::Duration::minutes(throttle::WINDOW_MINUTES);
    sqlx::query("delete from sign_in_failures where at < $1").bind(now - window).execute(owner).await?;
    Ok(())
}

/// How long a connection that has answered is taken to be there.
const TRUSTED: Duration = Duration::from_secs(1);

/// The pool that serves, as the role that owns nothing and is under row-level security. The role and the deadlines are
/// options of the connection itself, so that `reset` and `discard` come back to them.
pub async fn serving(owner: &PgConnectOptions, size: PoolSize) -> Result<PgPool, sqlx::Error> {
    options(size).connect_with(as_application(owner)).await
}

/// As [`serving`], with connections each of which has rehearsed what it will be asked.
pub async fn warmed(owner: &PgConnectOptions, size: PoolSize, warm: Vec<Warm>) -> Result<PgPool, sqlx::Error> {
    let warm: Arc<[Warm]> = warm.into();
    options(size)
        .after_connect(move |connection, _| {
            let warm = warm.clone();
            Box::pin(async move {
                // What could not be learnt now is learnt when it is asked.
                if let Err(error) = tx::rehearse(connection, &warm).await {
                    tracing::warn!(%error, "a connection serves without having rehearsed");
                    connection.execute("rollback").await?;
                }
                Ok(())
            })
        })
        .connect_with(as_application(owner))
        .await
}

fn as_application(owner: &PgConnectOptions) -> PgConnectOptions {
    owner.clone().application_name("atrium").options([
        ("role", "atrium_app"),
        ("statement_timeout", "5s"),
        // Longer than all connections of two servers take for one resource, one after the other.
        ("lock_timeout", "4s"),
        ("idle_in_transaction_session_timeout", "15s"),
        ("timezone", "UTC"),
        // Under row-level security each plan costs more than most of our queries, so it is made once a connection. No
        // query may count on being planned for its values: an optional condition is one that an index serves either
        // way, or a query of its own.
        ("plan_cache_mode", "force_generic_plan"),
    ])
}

fn options(size: PoolSize) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(size.connections)
        .acquire_timeout(size.wait)
        // One that was just used is not asked first whether it is there: that is a round trip before each request.
        .test_before_acquire(false)
        .before_acquire(|connection, used| {
            Box::pin(async move {
                if used.idle_for >= TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
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
