//! Drops test databases behind the tests' back, so that they neither wait for it nor fill the disk.

use super::{PREFIX, execute};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use std::sync::{OnceLock, mpsc};
use std::time::SystemTime;

/// Old enough that its test must be over, in seconds.
const OLD: u64 = 1800;
/// Held by the one process that clears away what earlier ones left behind.
const CLEARING_LOCK: i64 = 0x6174_7269_756d_7432;

/// Drops the database when nothing uses it any more.
pub(super) struct Guard {
    server: PgConnectOptions,
    name: String,
}

impl Guard {
    pub(super) fn new(server: PgConnectOptions, name: String) -> Guard {
        Guard { server, name }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        static JANITOR: OnceLock<mpsc::Sender<(PgConnectOptions, String)>> = OnceLock::new();
        let janitor = JANITOR.get_or_init(|| {
            let (sender, receiver) = mpsc::channel::<(PgConnectOptions, String)>();
            in_background(async move {
                while let Ok((server, name)) = receiver.recv() {
                    if let Ok(mut connection) = server.connect().await {
                        execute(&mut connection, format!("drop database if exists {name} with (force)")).await.ok();
                    }
                }
            });
            sender
        });
        // What the process's end leaves undone, a later one clears away.
        janitor.send((self.server.clone(), std::mem::take(&mut self.name))).ok();
    }
}

/// Clears away what earlier processes left behind, unless another is at it.
pub(super) fn clear_away_old(server: PgConnectOptions) {
    in_background(async move {
        let Ok(mut connection) = server.connect().await else { return };
        let ours = sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(CLEARING_LOCK).fetch_one(&mut connection).await;
        if !ours.unwrap_or(false) {
            return;
        }
        for name in left_behind(&mut connection).await {
            execute(&mut connection, format!("drop database if exists {name}")).await.ok();
        }
    });
}

async fn left_behind(connection: &mut PgConnection) -> Vec<String> {
    let names: Vec<String> = sqlx::query_scalar("select datname::text from pg_database where starts_with(datname, $1) order by datname")
        .bind(PREFIX)
        .fetch_all(connection)
        .await
        .unwrap_or_default();
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    names
        .into_iter()
        .filter(|name| {
            let seconds = name[PREFIX.len()..].split('_').next().and_then(|seconds| seconds.parse::<u64>().ok());
            seconds.is_some_and(|seconds| seconds + OLD < now)
        })
        .collect()
}

fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(|| {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            runtime.block_on(work);
        }
    });
}
