//! A fresh database for each test, and named people in it.
//!
//! With `DATABASE_URL` the databases are made on that server, whose role must be allowed to make them; without it on a
//! private cluster that the first test starts under the build's target folder and later ones find running.
//! Here, as in tests, what cannot be had is a panic.

mod clinic;
mod cluster;
mod janitor;
mod statements;

pub use clinic::{CLINIC_STARTS_AT, Clinic, clinic, clinic_with};
pub use statements::Statements;

use crate::config::Mode;
use crate::database::{self, MIGRATIONS, PoolSize};
use crate::module::Module;
use crate::state::{Clock, State};
use crate::tokens::Keys;
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::OnceCell;

/// Prefix of test databases; the second at which it was made follows.
const PREFIX: &str = "atrium_test_";
/// Held while the template is made.
const TEMPLATE_LOCK: i64 = 0x6174_7269_756d_7431;

struct Server {
    owner: PgConnectOptions,
    template: String,
    /// How a database is copied: by files in the private cluster, where a checkpoint costs next to nothing.
    strategy: &'static str,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// One test's own database, dropped some time after its last state.
#[derive(Clone)]
pub struct Database {
    owner: PgConnectOptions,
    guard: Arc<janitor::Guard>,
}

/// A fresh database with the schema and nothing in it.
pub async fn database() -> Database {
    let server = SERVER.get_or_init(start).await;
    create(server, &server.template).await
}

/// A fresh database without even the schema.
pub async fn empty_database() -> Database {
    let server = SERVER.get_or_init(start).await;
    create(server, "template0").await
}

impl Database {
    /// How its owner connects, who is above row-level security.
    pub fn owner(&self) -> &PgConnectOptions {
        &self.owner
    }

    /// A connection of its owner, for what no tenant may see or do.
    pub async fn owner_connection(&self) -> PgConnection {
        self.owner.connect().await.expect("the owner can connect")
    }

    /// A pool of the application's role, with as many connections at most.
    pub async fn pool(&self, connections: u32) -> PgPool {
        // Machines that test are busy; that a pool is exhausted is tested with a pool of its own.
        let size = PoolSize { connections, wait: Duration::from_secs(20) };
        database::serving(&self.owner, size).await.expect("the application's role can connect")
    }

    /// A server's state on this database, in the real time.
    pub async fn state(&self, modules: &'static [&'static Module]) -> State {
        self.state_with(modules, Clock::system(), http::Extensions::new()).await
    }

    /// A server's state on this database, with a clock and with what upper floors put there.
    pub async fn state_with(&self, modules: &'static [&'static Module], clock: Clock, mut extensions: http::Extensions) -> State {
        let pool = self.pool(24).await;
        let keys = Keys::load(&pool).await.expect("the template has a key");
        // The database lives as long as any state on it.
        extensions.insert(self.guard.clone());
        State::new(pool, clock, Mode::Development, modules, keys, extensions)
    }
}

async fn create(server: &Server, template: &str) -> Database {
    let seconds = SystemTime::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{PREFIX}{seconds}_{}_{count}", std::process::id());
    let (owner, strategy) = (&server.owner, server.strategy);
    let mut connection: PgConnection = owner.connect().await.expect("the test server answers");
    execute(&mut connection, format!("create database {name} template {template} strategy {strategy}"))
        .await
        .expect("a database can be made");
    connection.close().await.ok();
    Database { owner: owner.clone().database(&name), guard: Arc::new(janitor::Guard::new(owner.clone(), name)) }
}

/// Finds or starts the server, and makes the template if this schema has none yet.
async fn start() -> Server {
    let (owner, strategy): (PgConnectOptions, _) = match std::env::var("DATABASE_URL") {
        Ok(url) if !url.is_empty() => (url.parse().expect("DATABASE_URL is an address"), "wal_log"),
        _ => (cluster::ensure(), "file_copy"),
    };
    let mut schema = Sha256::new();
    for migration in MIGRATIONS.iter() {
        schema.update(&*migration.checksum);
    }
    let template = format!("atrium_template_{}", &HEXLOWER.encode(&schema.finalize())[..16]);
    let mut connection: PgConnection = owner.connect().await.expect("the test server answers");
    sqlx::query("select pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut connection).await.expect("a lock");
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&template)
        .fetch_one(&mut connection)
        .await
        .expect("the catalogue can be read");
    if !there {
        make_template(&owner, &mut connection, &template).await;
    }
    connection.close().await.ok();
    janitor::clear_away_old(owner.clone());
    Server { owner, template, strategy }
}

async fn make_template(server: &PgConnectOptions, connection: &mut PgConnection, template: &str) {
    let unfinished = format!("{template}_unfinished");
    execute(connection, format!("drop database if exists {unfinished} with (force)")).await.expect("an unfinished template can go");
    execute(connection, format!("create database {unfinished} template template0")).await.expect("a template can be made");
    let owner = server.clone().database(&unfinished);
    database::migrate(&owner, Mode::Development).await.expect("the migrations run");
    // The key pair takes long to make; all tests share it.
    let pool = PgPoolOptions::new().max_connections(1).connect_with(owner).await.expect("the template answers");
    Keys::load(&pool).await.expect("a key can be made");
    pool.close().await;
    // The backends take a moment to go after their connections.
    for _ in 0..100 {
        if execute(connection, format!("alter database {unfinished} rename to {template}")).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the template {unfinished} stays in use");
}

/// For statements that cannot bind; all names in them are made here.
async fn execute(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.map(drop)
}

/// An instant written out, for tests.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 instant")
}
