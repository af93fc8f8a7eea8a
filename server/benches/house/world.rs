//! The clinics that are asked: a private durable cluster, in it one database of ten thousand events and one of a million.

use std::{path::PathBuf, str::FromStr, time::Instant};

use gabinet::appointments::Book;
use platform::{
    State, Tx,
    config::Mode,
    database,
    id::{EntityId, LocationId, OrganizationId, SessionId, UserId},
    sessions::{Identity, Kind},
    state::Clock,
    tokens::Keys,
    tx::Door,
};
use server::{
    embedded::{self, Embedded},
    modules::{HOOKS, MODULES},
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

/// Where the server's clock stands: the Tuesday of the measured week.
pub const CLOCK: &str = "2026-11-24T07:00:00Z";
/// The measured week, and the Monday after it.
pub const WEEK: (&str, &str) = ("2026-11-23", "2026-11-30");
/// Of everybody at the desk.
pub const PASSWORD: &str = "measured-not-guessed";

/// A cluster that goes away with its owner, or stays in the folder that `ATRIUM_BENCH_DATA` names.
pub struct Cluster {
    embedded: Embedded,
    folder: PathBuf,
    kept: bool,
}

impl Cluster {
    /// What is acknowledged survives a power cut, as in service.
    pub async fn start() -> Cluster {
        let named = std::env::var_os("ATRIUM_BENCH_DATA").map(PathBuf::from);
        let kept = named.is_some();
        let folder = named.unwrap_or_else(|| std::env::temp_dir().join(format!("atrium-bench-{}", std::process::id())));
        let embedded = embedded::start(&folder, true).await.expect("a private cluster");
        Cluster { embedded, folder, kept }
    }

    pub async fn stop(self) {
        self.embedded.stop().await;
        if !self.kept {
            std::fs::remove_dir_all(&self.folder).ok();
        }
    }

    /// The database that is measured: a copy of the filled one where that is kept, for measuring leaves its traces.
    async fn copy(&self, name: &str) -> String {
        if !self.kept {
            return name.to_owned();
        }
        let mut first = connect(self.embedded.url()).await;
        run(&mut first, &format!("drop database if exists {name}_measured")).await;
        run(&mut first, &format!("create database {name}_measured template {name} strategy file_copy")).await;
        format!("{name}_measured")
    }

    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
}

/// How much there is in a database: clinics, whether one more is there that is full, first and last week.
#[derive(Clone, Copy)]
pub struct Shape(pub i32, pub bool, pub i32, pub i32);

/// One database and those who ask it.
#[derive(Clone)]
pub struct World {
    /// The server's half: the application's role, under row-level security.
    pub state: State,
    /// The schema's owner, whom row-level security does not bind: for raw SQL.
    pub owner: PgPool,
    pub url: String,
    /// Events of all clinics.
    pub events: i64,
}

impl World {
    pub async fn fill(cluster: &Cluster, name: &str, shape: Shape) -> World {
        let began = Instant::now();
        let mut first = connect(cluster.embedded.url()).await;
        let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(&mut first)
            .await
            .expect("the databases are listed");
        if !known {
            run(&mut first, &format!("create database {name}")).await;
            fill(&address(cluster, name), shape).await;
        }
        let url = address(cluster, &cluster.copy(name).await);
        let state = serving(&url).await;
        let options = PgConnectOptions::from_str(&url).expect("an address");
        let owner = PgPoolOptions::new().max_connections(32).connect_with(options).await.expect("the owner can connect");
        let count: i64 = sqlx::query_scalar("select count(*) from scheduled_activities").fetch_one(&owner).await.expect("they are counted");
        eprintln!("{name}: {count} events, there after {:.0} s", began.elapsed().as_secs_f64());
        World { state, owner, url, events: count }
    }

    /// Runs a script as the schema's owner.
    pub async fn run(&self, text: &str) {
        script(&mut connect(&self.url).await, text).await;
    }

    /// The same as a server has it that has just started: nothing was read yet, and one connection is there.
    pub async fn fresh(&self) -> World {
        let options = PgConnectOptions::from_str(&self.url).expect("an address");
        let pool = warmed(&options).await;
        pool.acquire().await.expect("a connection");
        World { state: State { pool, kept: Default::default(), ..self.state.clone() }, ..self.clone() }
    }

    /// A transaction as the server begins one for whoever sits at a clinic's desk.
    pub async fn tx(&self, clinic: &Clinic) -> Tx {
        Tx::begin(&self.state, &clinic.desk, Door::Screen).await.expect("the desk is a member")
    }
}

/// A clinic, by its number; `fill.sql` gives everything its id by the same rule.
#[derive(Clone)]
pub struct Clinic {
    number: u64,
    pub organization: OrganizationId,
    pub location: LocationId,
    /// Takes a room too; the full clinic's does not.
    pub consultation: EntityId,
    pub injection: EntityId,
    pub desk: Identity,
}

impl Clinic {
    pub fn number(number: u64) -> Clinic {
        let uuid = |place: u64| id(number * 1_000_000 + place);
        let organization = OrganizationId(uuid(0));
        Clinic {
            number,
            organization,
            location: LocationId(uuid(1)),
            consultation: EntityId(uuid(2)),
            injection: EntityId(uuid(3)),
            desk: Identity {
                session: SessionId::new(),
                user: UserId(uuid(10)),
                organization: Some(organization),
                name: "Ewa Kowalska".into(),
                email: Clinic::email(number),
                kind: Kind::Browser,
                locale: None,
            },
        }
    }

    pub fn email(number: u64) -> String {
        format!("desk@clinic-{number}.example")
    }

    /// From 1.
    pub fn practitioner(&self, number: u64) -> EntityId {
        EntityId(id(self.number * 1_000_000 + 100 + number))
    }

    /// From 1.
    pub fn room(&self, number: u64) -> EntityId {
        EntityId(id(self.number * 1_000_000 + 200 + number))
    }

    /// From 0.
    pub fn patient(&self, number: u64) -> EntityId {
        EntityId(id(self.number * 1_000_000 + 1_000 + number % 1_000))
    }

    /// A visit of a quarter of an hour.
    pub fn visit(&self, person: u64, patient: u64, start: chrono::DateTime<chrono::Utc>) -> Book {
        Book {
            id: None,
            patient: self.patient(patient),
            treatment: self.injection,
            employee: self.practitioner(person),
            resources: Some(vec![self.room(person)]),
            location: self.location,
            start,
            notes: String::new(),
            overbook_reason: None,
            hold: None,
            further: Vec::new(),
            channel: Default::default(),
        }
    }
}

fn id(place: u64) -> Uuid {
    Uuid::from_u128(0x0194_0000_0000_7000_8000_0000_0000_0000 + u128::from(place))
}

fn address(cluster: &Cluster, name: &str) -> String {
    cluster.embedded.url().replace("/atrium?", &format!("/{name}?"))
}

/// As the server opens it.
async fn warmed(options: &PgConnectOptions) -> PgPool {
    let pool = database::warmed(options, database::PoolSize::default(), services::hooks::warm(HOOKS)).await;
    pool.expect("the application can connect")
}

/// The server's half.
async fn serving(url: &str) -> State {
    let options = PgConnectOptions::from_str(url).expect("an address");
    let pool = warmed(&options).await;
    let keys = Keys::load(&pool).await.expect("a key");
    let mut extensions = http::Extensions::new();
    extensions.insert(HOOKS);
    let clock = Clock::starting_at(CLOCK.parse().expect("an instant"));
    State::new(pool, clock, Mode::Development, &MODULES, keys, extensions)
}

/// Makes the schema and everything in it.
async fn fill(url: &str, shape: Shape) {
    let options = PgConnectOptions::from_str(url).expect("an address");
    database::migrate(&options, Mode::Development).await.expect("the migrations run");
    let state = serving(url).await;
    let hash = platform::passwords::turn(&state).await.expect("a turn").hash(PASSWORD).await.expect("a hash");
    state.pool.close().await;
    let mut events = connect(url).await;
    let mut bookings = connect(url).await;
    run(&mut events, "create table shape (clinics int, full_clinic boolean, first_week int, last_week int, password_hash text)").await;
    sqlx::query("insert into shape values ($1, $2, $3, $4, $5)")
        .bind(shape.0)
        .bind(shape.1)
        .bind(shape.2)
        .bind(shape.3)
        .bind(hash)
        .execute(&mut events)
        .await
        .expect("the shape is noted");
    script(&mut events, include_str!("fill.sql")).await;
    // The slowest is the exclusion constraint's index; the other core makes the rest meanwhile.
    tokio::join!(script(&mut events, include_str!("events.sql")), script(&mut bookings, include_str!("bookings.sql")));
    script(&mut events, "drop table visits;\ndrop table shape;\nanalyze;\ncheckpoint").await;
    // Nobody may be connected to what is to be copied.
    for connection in [events, bookings] {
        connection.close().await.expect("it is closed");
    }
}

pub async fn connect(url: &str) -> PgConnection {
    PgConnectOptions::from_str(url).expect("an address").connect().await.expect("the cluster answers")
}

async fn run(connection: &mut PgConnection, statement: &str) {
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await {
        panic!("{error} in {statement}");
    }
}

/// One statement after the other: some cannot share a transaction.
async fn script(connection: &mut PgConnection, text: &str) {
    for statement in text.split(";\n") {
        run(connection, statement).await;
    }
}
