//! The private PostgreSQL cluster: made, started, watched and stopped by the server, so that nobody has to set one up.
//!
//! It listens on a unix socket in a folder that only its own account may enter, and on no port. It lives in its own
//! process group, so that Ctrl-C in a terminal reaches the server first, which then stops it in order. After a
//! `kill -9` of the server the cluster goes on alone; the next start adopts it if it is well and stops it otherwise.
//! If PostgreSQL itself dies, it is started again and recovers, while the server answers that it is not ready.
//!
//! | in the data folder | what |
//! | --- | --- |
//! | `postgres/` | the cluster |
//! | `postgres.log` | what it says |
//! | `postgres.lock` | held by the server that runs it |
//! | `postgres.url` | address of the database, for `make db-shell` |
//! | `postgres.location` | where the cluster is instead, if its account cannot enter the data folder |

mod account;
mod binaries;
mod cluster;
mod place;
mod process;
mod supervisor;

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use cluster::Cluster;
use supervisor::Supervisor;

/// How long a server waits for another one, which is just stopping, to let go of the data folder.
const HAND_OVER: Duration = Duration::from_secs(15);

/// Why there is no private cluster, in words for whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No usable programs were found.
    #[error(
        "no PostgreSQL 15 or later was found. Install one (Debian: apt-get install postgresql), or name the folder of its programs in \
         ATRIUM_POSTGRES_BIN, or a running server in DATABASE_URL. Looked at: {0}"
    )]
    NoPostgres(String),
    /// The cluster was made by another major version than the one at hand.
    #[error("the cluster in {cluster} was made by PostgreSQL {wanted}, which was not found (found: {found})")]
    OtherVersion {
        /// Where the cluster is.
        cluster: String,
        /// Its major version.
        wanted: u32,
        /// Major versions at hand.
        found: String,
    },
    /// The server runs as root, PostgreSQL refuses to, and no other account exists.
    #[error("PostgreSQL refuses to run as root, and neither the account `postgres` nor `nobody` exists")]
    NoAccount,
    /// Another server runs the cluster of this data folder.
    #[error("another server (process {0}) runs the database in this data folder; stop it, or share its database through DATABASE_URL")]
    InUse(String),
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {said}")]
    Failed {
        /// Which program.
        program: &'static str,
        /// The last lines it said.
        said: String,
    },
    /// A file or folder could not be had.
    #[error("{path}: {cause}")]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// It runs, but cannot be talked to.
    #[error("the private PostgreSQL does not answer: {0}")]
    Silent(String),
}

/// Names the file or folder in an error.
pub(crate) fn io_at(path: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
    let path = path.to_path_buf();
    move |cause| EmbeddedError::Io { path, cause }
}

/// A private cluster that runs and is watched. Stop it with [`Embedded::stop`]; dropped without, it is only told to stop.
pub struct Embedded {
    url: String,
    supervisor: Supervisor,
    // Held until the cluster is down.
    _lock: File,
}

impl Embedded {
    /// Address of its database, for the role that owns everything in it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Process id of PostgreSQL; changes when it had to be started again.
    pub fn pid(&self) -> Option<i32> {
        self.supervisor.pid()
    }

    /// Stops the cluster: connections are ended, everything is written, the process is gone.
    pub async fn stop(self) {
        self.supervisor.stop().await;
    }
}

/// Starts the cluster in the folder `data`, which is made if need be, and waits until it answers.
///
/// `durable`: whether what was committed survives a power cut. Only tests may do without.
///
/// # Errors
/// A sentence that says what is missing and what to do.
pub async fn start(data: &Path, durable: bool) -> Result<Embedded, EmbeddedError> {
    std::fs::create_dir_all(data).map_err(io_at(data))?;
    let data = data.canonicalize().map_err(io_at(data))?;
    let lock = take_lock(&data.join("postgres.lock")).await?;
    let cluster = Cluster::prepare(&data, durable).await?;
    let url = cluster.url("atrium");
    let supervisor = Supervisor::start(cluster).await?;
    let note = data.join("postgres.url");
    std::fs::write(&note, format!("{url}\n")).map_err(io_at(&note))?;
    Ok(Embedded { url, supervisor, _lock: lock })
}

/// Takes the data folder for this server. The lock ends with the process, however that ends.
async fn take_lock(path: &Path) -> Result<File, EmbeddedError> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io_at(path))?;
    let until = tokio::time::Instant::now() + HAND_OVER;
    while file.try_lock().is_err() {
        if tokio::time::Instant::now() >= until {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(EmbeddedError::InUse(holder.trim().to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let noted = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
    noted.map_err(io_at(path))?;
    Ok(file)
}
