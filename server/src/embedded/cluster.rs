//! One cluster: made by `initdb`, started as a process, asked whether it is well.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::process::Child;

use super::{EmbeddedError, account::Account, binaries::Binaries, io_at, place::Place, process::Note};

/// The role that owns the cluster. The server serves as another one, which owns nothing.
const OWNER: &str = "atrium";
/// Part of the socket's name; there is no port.
const PORT: u16 = 5432;
/// A log larger than this begins anew at the next start, in bytes.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;
/// How long recovery after a crash may take. `max_wal_size` makes it seconds; a slow disk must not be a failure.
const RECOVERY: Duration = Duration::from_secs(300);

/// A cluster that exists and may or may not run.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) place: Place,
    pub(super) account: Account,
    binaries: Binaries,
    durable: bool,
    log: PathBuf,
}

impl Cluster {
    /// Finds or makes the cluster of the data folder.
    pub(super) async fn prepare(data: &Path, durable: bool) -> Result<Cluster, EmbeddedError> {
        let (place, account) = Place::find(data).await?;
        let binaries = Binaries::find(account, data, &place.cluster).await?;
        let cluster = Cluster { place, account, binaries, durable, log: data.join("postgres.log") };
        if !cluster.place.cluster.join("PG_VERSION").exists() {
            cluster.make().await?;
        }
        Ok(cluster)
    }

    /// Address of the database `name` for the owner.
    pub(super) fn url(&self, name: &str) -> String {
        let socket = app_platform::address::encoded(&self.place.socket.to_string_lossy());
        format!("postgres://{OWNER}@localhost:{PORT}/{name}?host={socket}")
    }

    /// Runs `initdb` in a folder beside, and moves it: one that was interrupted is never taken for a whole one.
    async fn make(&self) -> Result<(), EmbeddedError> {
        let unfinished = self.place.cluster.with_extension("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(io_at(&unfinished))?;
        }
        self.account.own(&unfinished).map_err(io_at(&unfinished))?;
        let mut initdb = self.account.command(&self.binaries.program("initdb"));
        initdb.args(["-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "-D"]).arg(&unfinished);
        if !self.durable {
            initdb.arg("--no-sync");
        }
        let output = initdb.output().await.map_err(io_at(&self.binaries.program("initdb")))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(EmbeddedError::Failed { program: "initdb", said });
        }
        fs::rename(&unfinished, &self.place.cluster).map_err(io_at(&self.place.cluster))
    }

    /// Starts the server process, which may recover for a while, and returns once it takes connections.
    pub(super) async fn launch(&self) -> Result<Child, EmbeddedError> {
        let log = self.open_log()?;
        let began_at = log.metadata().map_or(0, |data| data.size());
        let safe = if self.durable { "on" } else { "off" };
        let settings = [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.place.socket.display()),
            "unix_socket_permissions=0700".to_owned(),
            "max_connections=200".to_owned(),
            "shared_buffers=256MB".to_owned(),
            // A restart after a crash replays at most this much: about four seconds of work.
            "max_wal_size=1GB".to_owned(),
            format!("fsync={safe}"),
            format!("synchronous_commit={safe}"),
            format!("full_page_writes={safe}"),
            "jit=off".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
            "log_line_prefix=%m [%p] ".to_owned(),
            "logging_collector=off".to_owned(),
        ];
        let mut command = self.account.command(&self.binaries.program("postgres"));
        command.arg("-D").arg(&self.place.cluster).args(["-p", &PORT.to_string()]);
        for setting in settings {
            command.args(["-c", &setting]);
        }
        let errors = log.try_clone().map_err(io_at(&self.log))?;
        command.stdout(Stdio::from(errors)).stderr(Stdio::from(log)).process_group(0);
        let mut child = command.spawn().map_err(io_at(&self.binaries.program("postgres")))?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok());
        let deadline = tokio::time::Instant::now() + RECOVERY;
        loop {
            if let Some(status) = child.try_wait().map_err(io_at(&self.log))? {
                let said = self.said_since(began_at);
                return Err(EmbeddedError::Failed { program: "postgres", said: format!("{said} ({status})") });
            }
            if Note::read(&self.place.cluster).is_some_and(|note| Some(note.pid) == pid && note.is_ready) {
                return Ok(child);
            }
            if tokio::time::Instant::now() >= deadline {
                // Left alone it would hold the folder.
                super::process::signal(pid.unwrap_or(0), super::process::IMMEDIATE);
                return Err(EmbeddedError::Silent(self.said_since(began_at)));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether a running cluster answers and keeps its promises.
    pub(super) async fn is_well(&self) -> bool {
        let asked = async {
            let mut connection = self.connect("postgres").await?;
            let fsync: String = sqlx::query_scalar("select current_setting('fsync')").fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok::<_, sqlx::Error>(fsync)
        };
        match tokio::time::timeout(Duration::from_secs(3), asked).await {
            Ok(Ok(fsync)) => fsync == "on" || !self.durable,
            Ok(Err(_)) | Err(_) => false,
        }
    }

    /// Makes the database if it is not there yet.
    pub(super) async fn ensure_database(&self) -> Result<(), EmbeddedError> {
        let asked = async {
            let mut connection = self.connect("postgres").await?;
            let exists: bool =
                sqlx::query_scalar("select exists (select from pg_database where datname = 'atrium')").fetch_one(&mut connection).await?;
            if !exists {
                sqlx::query("create database atrium").execute(&mut connection).await?;
            }
            connection.close().await
        };
        asked.await.map_err(|error: sqlx::Error| EmbeddedError::Silent(error.to_string()))
    }

    async fn connect(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        let options: PgConnectOptions = self.url(database).parse()?;
        options.connect().await
    }

    fn open_log(&self) -> Result<File, EmbeddedError> {
        let is_large = fs::metadata(&self.log).is_ok_and(|data| data.size() > LOG_LIMIT);
        let mut options = OpenOptions::new();
        if is_large {
            options.write(true).truncate(true);
        } else {
            options.append(true);
        }
        options.create(true).open(&self.log).map_err(io_at(&self.log))
    }

    /// The last lines of the log since a place in it.
    fn said_since(&self, offset: u64) -> String {
        let read = || {
            let mut file = File::open(&self.log)?;
            file.seek(SeekFrom::Start(offset))?;
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            Ok::<_, std::io::Error>(text)
        };
        let text = read().unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("; ")
    }
}
