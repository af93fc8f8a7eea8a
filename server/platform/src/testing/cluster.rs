//! A private PostgreSQL for tests: fast rather than safe, without a port, and left running for the next test run.

use sqlx::postgres::PgConnectOptions;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PORT: u16 = 5432;
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 300
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
autovacuum = off
jit = off
";

/// The running cluster of this target folder, which is started if it is not.
///
/// `testing` in the target folder knows where it is: `testing/socket` names its socket's folder, `testing/data` its
/// own, so that `pg_ctl stop -D "$(cat target/testing/data)"` ends it.
pub(super) fn ensure() -> PgConnectOptions {
    let account = Account::who_runs_it();
    let folder = folder(account.as_ref());
    fs::create_dir_all(&folder).expect("the folder for tests can be made");
    // Several test binaries start at once; one starts the cluster and the others wait here.
    let lock = File::create(folder.join("lock")).expect("the lock file can be made");
    lock.lock().expect("the lock can be had");
    // A socket's whole path has at most 107 bytes.
    let socket = PathBuf::from(format!("/tmp/atrium-test-{}", mark(&folder)));
    if UnixStream::connect(socket.join(format!(".s.PGSQL.{PORT}"))).is_err() {
        start(&folder, &socket, account.as_ref());
    }
    PgConnectOptions::new_without_pgpass().socket(&socket).port(PORT).username("postgres").database("postgres")
}

fn start(folder: &Path, socket: &Path, account: Option<&Account>) {
    let binaries = binaries();
    let version = run(Command::new(binaries.join("postgres")).arg("--version"));
    let major: String = version.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let place = place(folder);
    let data = place.join(format!("data-{major}"));
    own(socket, account);
    for (name, path) in [("socket", socket), ("data", &data)] {
        fs::write(folder.join(name), path.as_os_str().as_encoded_bytes()).expect("the cluster's places can be noted");
    }
    let as_owner = |program: &str| {
        let mut command = Command::new(binaries.join(program));
        // The server must not inherit a folder it may not enter, nor settings meant for another one.
        command.current_dir(socket).env_clear().env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
        if let Some(account) = account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    };
    if !data.join("PG_VERSION").exists() {
        // Made elsewhere and moved, so that one that was interrupted is never taken for a whole one.
        let unfinished = place.join("unfinished");
        fs::remove_dir_all(&unfinished).ok();
        own(&unfinished, account);
        run(as_owner("initdb").args(["--no-sync", "-A", "trust", "-U", "postgres", "--encoding=UTF8", "-D"]).arg(&unfinished));
        let path = unfinished.join("postgresql.auto.conf");
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", socket.display());
        fs::write(path, settings).expect("the settings can be written");
        fs::rename(&unfinished, &data).expect("the cluster can be moved into place");
    }
    run(as_owner("pg_ctl").args(["start", "-w", "-s", "-t", "60", "-D"]).arg(&data).arg("-l").arg(data.join("log")));
}

/// The account that runs the cluster, if it must be another one: PostgreSQL refuses to run as root.
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    fn who_runs_it() -> Option<Account> {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let uid = status.lines().find_map(|line| line.strip_prefix("Uid:")).and_then(|ids| ids.split_whitespace().nth(1));
        if uid != Some("0") {
            return None;
        }
        let accounts = fs::read_to_string("/etc/passwd").expect("the accounts can be read");
        let fields: Vec<&str> = accounts
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>())
            .find(|fields| fields[0] == "postgres")
            .expect("tests that run as root need the account `postgres`");
        Some(Account { uid: fields[2].parse().expect("a number"), gid: fields[3].parse().expect("a number") })
    }
}

/// `testing` in the target folder; under `/tmp` if the account that runs the cluster cannot get there.
fn folder(account: Option<&Account>) -> PathBuf {
    let program = std::env::current_exe().expect("the test has a path");
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    let target = target.map_or_else(|| std::env::temp_dir().join("atrium-target"), Path::to_owned);
    let open = |folder: &Path| fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0);
    if account.is_none() || target.ancestors().all(open) {
        return target.join("testing");
    }
    PathBuf::from(format!("/tmp/atrium-testing-{}", mark(&target)))
}

/// Tells the places of one checkout from those of another.
fn mark(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}

/// Where the cluster's files are: in memory if there is plenty, since a new database is a thousand new files, which
/// take ten times as long on a disk; otherwise where the rest is.
fn place(folder: &Path) -> PathBuf {
    let memory = Path::new("/dev/shm");
    // In blocks of 1 KiB; containers often have but 64 MiB there.
    let free = Command::new("df")
        .args(["-Pk", "/dev/shm"])
        .output()
        .ok()
        .and_then(|said| String::from_utf8_lossy(&said.stdout).lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok());
    if free.is_none_or(|kibibytes| kibibytes < 8 * 1024 * 1024) {
        return folder.to_owned();
    }
    let place = memory.join(format!("atrium-testing-{}", mark(folder)));
    match fs::create_dir_all(&place) {
        Ok(()) => place,
        Err(_) => folder.to_owned(),
    }
}

/// An existing folder that nobody else may enter but whoever runs the cluster.
fn own(folder: &Path, account: Option<&Account>) {
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("its rights can be set");
    if let Some(account) = account {
        chown(folder, Some(account.uid), Some(account.gid)).expect("its owner can be set");
    }
}

/// Where PostgreSQL's programs are: in the path, or the newest that Debian's packages put aside.
fn binaries() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut packaged: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    packaged.sort();
    std::env::split_paths(&path)
        .chain(packaged.into_iter().rev().map(|(_, path)| path))
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
        .expect("PostgreSQL 15 or later is installed, or DATABASE_URL names one")
}

fn run(command: &mut Command) -> String {
    // The server that `pg_ctl` leaves behind inherits these, and must not keep a pipe of the test runner's open; so
    // the outputs are files.
    let said = tempfile();
    let errors = said.try_clone().expect("a file can be shared");
    let status = command.stdin(Stdio::null()).stdout(said.try_clone().expect("a file can be shared")).stderr(errors).status();
    let text = read(said);
    assert!(status.is_ok_and(|status| status.success()), "{command:?}: {text}");
    text
}

fn tempfile() -> File {
    let path = std::env::temp_dir().join(format!("atrium-{}", uuid::Uuid::now_v7()));
    let file = File::options().read(true).write(true).create_new(true).open(&path).expect("a file can be made");
    fs::remove_file(path).ok();
    file
}

fn read(mut file: File) -> String {
    use std::io::{Read, Seek};
    let mut text = String::new();
    file.rewind().ok();
    file.read_to_string(&mut text).ok();
    text
}
