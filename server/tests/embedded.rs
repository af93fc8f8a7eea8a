//! The private cluster through its life and its accidents. Needs PostgreSQL's programs, as the server does.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use server::embedded::{self, Embedded, EmbeddedError};
use sqlx::{Connection, PgConnection};

/// A data folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("atrium-embedded-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    async fn start(&self) -> Embedded {
        embedded::start(&self.0, false).await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn ask(url: &str, question: &'static str) -> Result<String, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let answer = sqlx::query_scalar(question).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

async fn execute(url: &str, statement: &'static str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Asks again and again, as a server's pool does, until there is an answer.
async fn eventually(url: &str, question: &'static str) -> String {
    let begun = Instant::now();
    loop {
        match ask(url, question).await {
            Ok(answer) => return answer,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "no answer for {:?}: {error}", begun.elapsed()),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The process of a cluster that has come back; it answers a moment before that is noted.
async fn running(cluster: &Embedded) -> i32 {
    loop {
        match cluster.pid() {
            Some(pid) if exists(pid) => return pid,
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

fn exists(pid: i32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

fn kill(pid: i32, signal: i32) {
    assert!(pid > 1);
    // SAFETY: the call takes two numbers; the process is one that this test has started.
    #[allow(unsafe_code)]
    unsafe {
        libc::kill(pid, signal);
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_stop_and_a_start() {
    let folder = Folder::new("life");
    let first = folder.start().await;
    let (url, pid) = (first.url().to_owned(), first.pid().unwrap());
    execute(&url, "create table kept as select 'a visit' as what").await;
    first.stop().await;
    assert!(!exists(pid), "stopping has left the process");

    let second = folder.start().await;
    assert_eq!(second.url(), url);
    assert_eq!(ask(&url, "select what from kept").await.unwrap(), "a visit");
    assert_eq!(ask(&url, "select current_setting('data_checksums')").await.unwrap(), "on");
    assert_eq!(ask(&url, "select current_setting('listen_addresses')").await.unwrap(), "");
    assert_eq!(ask(&url, "select current_setting('max_wal_size')").await.unwrap(), "1GB");
    second.stop().await;
}

#[tokio::test]
async fn a_durable_cluster_has_durable_settings() {
    let folder = Folder::new("durable");
    let cluster = embedded::start(&folder.0, true).await.unwrap();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let mut connection = PgConnection::connect(cluster.url()).await.unwrap();
        let value: String = sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(&mut connection).await.unwrap();
        assert_eq!(value, "on", "{setting}");
    }
    cluster.stop().await;
}

#[tokio::test]
async fn a_killed_postgres_comes_back_by_itself_with_everything_committed() {
    let folder = Folder::new("killed");
    // Only a durable one promises that: without `synchronous_commit` the last commits may still be in memory.
    let cluster = embedded::start(&folder.0, true).await.unwrap();
    execute(cluster.url(), "create table kept as select 'a visit' as what").await;
    for _ in 0..2 {
        let pid = cluster.pid().unwrap();
        // A connection in the middle of something, whose process lingers.
        let url = cluster.url().to_owned();
        let busy = tokio::spawn(async move { ask(&url, "select 'slept' from pg_sleep(600)").await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = Instant::now();
        kill(pid, libc::SIGKILL);
        assert!(busy.await.unwrap().is_err());
        assert_eq!(eventually(cluster.url(), "select what from kept").await, "a visit");
        println!("answers again {:?} after the kill", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(15));
        assert_ne!(running(&cluster).await, pid);
    }
    cluster.stop().await;
}

#[tokio::test]
async fn the_cluster_of_a_killed_server_is_adopted() {
    let folder = Folder::new("orphan");
    let pid = start_and_kill_the_server(&folder).await;

    let next = folder.start().await;
    let url = next.url().to_owned();
    assert_eq!(next.pid(), Some(pid));
    assert_eq!(ask(&url, "select 'well'").await.unwrap(), "well");
    // An adopted one is watched and stopped like an own one.
    kill(pid, libc::SIGKILL);
    assert_eq!(eventually(&url, "select 'well'").await, "well");
    let pid = running(&next).await;
    next.stop().await;
    assert!(!exists(pid));
}

#[tokio::test]
async fn a_cluster_that_a_killed_server_left_with_unsafe_settings_is_restarted() {
    let folder = Folder::new("unsafe");
    let pid = start_and_kill_the_server(&folder).await;

    let next = embedded::start(&folder.0, true).await.unwrap();
    assert_ne!(next.pid(), Some(pid));
    assert_eq!(ask(next.url(), "select current_setting('fsync')").await.unwrap(), "on");
    next.stop().await;
}

#[tokio::test]
async fn a_note_of_a_process_that_is_somebody_else_is_no_obstacle() {
    let folder = Folder::new("stale");
    folder.start().await.stop().await;
    let cluster = folder.0.canonicalize().unwrap().join("postgres");
    // This very process lives, but is no PostgreSQL.
    let note = format!("{}\n{}\n1790000000\n5432\n/nowhere\n\n  1 1\nready\n", std::process::id(), cluster.display());
    std::fs::write(cluster.join("postmaster.pid"), note).unwrap();
    let again = folder.start().await;
    assert_eq!(ask(again.url(), "select 'well'").await.unwrap(), "well");
    again.stop().await;
}

#[tokio::test]
async fn a_second_server_is_told_that_the_folder_is_in_use() {
    let folder = Folder::new("in-use");
    let first = folder.start().await;
    let refused = embedded::start(&folder.0, false).await;
    assert!(matches!(refused, Err(EmbeddedError::InUse(holder)) if holder == std::process::id().to_string()));
    first.stop().await;
}

/// Does nothing when run as a test; run by [`start_and_kill_the_server`] it is a server that starts the cluster and waits for its end.
#[tokio::test]
async fn a_server_that_others_kill() {
    let Ok(data) = std::env::var(DATA) else { return };
    let cluster = embedded::start(data.as_ref(), false).await.unwrap();
    std::fs::write(PathBuf::from(&data).join("started"), cluster.pid().unwrap().to_string()).unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

const DATA: &str = "ATRIUM_TEST_KILLED_SERVER";

/// Starts the cluster by a server of its own process, kills that with `kill -9`, and tells the cluster's process.
async fn start_and_kill_the_server(folder: &Folder) -> i32 {
    let mut server = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_server_that_others_kill"])
        .env(DATA, &folder.0)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let started = folder.0.join("started");
    let pid = loop {
        if let Some(pid) = std::fs::read_to_string(&started).ok().and_then(|text| text.parse().ok()) {
            break pid;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the server to be killed does not start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    kill(i32::try_from(server.id().unwrap()).unwrap(), libc::SIGKILL);
    server.wait().await.unwrap();
    assert!(exists(pid), "the cluster has gone with its server");
    pid
}
