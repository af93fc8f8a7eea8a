//! Processes as the system shows them: whose cluster they work for, whether they live, and signals to them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::account::Account;

/// Asks PostgreSQL to end all connections, write everything and go: its fast shutdown.
pub(super) const FAST: i32 = libc::SIGINT;
/// Makes it go at once; the next start recovers from the log.
pub(super) const IMMEDIATE: i32 = libc::SIGQUIT;
/// Nothing is asked.
pub(super) const KILL: i32 = libc::SIGKILL;

/// Sends a signal to one process.
pub(super) fn signal(pid: i32, signal: i32) {
    if pid > 1 {
        // SAFETY: the call takes two numbers and touches no memory of ours.
        #[allow(unsafe_code)]
        unsafe {
            libc::kill(pid, signal);
        }
    }
}

/// All living processes of PostgreSQL that work in the folder `cluster`, as each of a cluster's does. Nobody else who
/// happens to stand there is meant.
pub(super) async fn all_in(account: Account, cluster: &Path) -> Vec<i32> {
    let folders = match account {
        Account::Same => own_folders(),
        // In a container even root may not look where processes of others work: they are asked for by their own account.
        Account::Other { .. } => folders_seen_by(account).await,
    };
    folders.into_iter().filter(|(pid, folder)| folder == cluster && is_postgres(*pid)).map(|(pid, _)| pid).collect()
}

fn own_folders() -> Vec<(i32, PathBuf)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| Some((pid, fs::read_link(format!("/proc/{pid}/cwd")).ok()?))).collect()
}

async fn folders_seen_by(account: Account) -> Vec<(i32, PathBuf)> {
    let mut find = account.command("find".as_ref());
    find.args(["/proc", "-mindepth", "2", "-maxdepth", "2", "-name", "cwd", "-printf", "%P %l\n"]);
    // Processes that end meanwhile are complained about; what was found counts all the same.
    let Ok(output) = find.output().await else { return Vec::new() };
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let (process, folder) = line.split_once("/cwd ")?;
            Some((process.parse().ok()?, folder.into()))
        })
        .collect()
}

/// Whether `pid` exists and is no zombie: nobody has asked for that one's end yet, and in a container perhaps nobody
/// ever will.
pub(super) fn is_alive(pid: i32) -> bool {
    status(pid).is_some_and(|(_, state)| !matches!(state, 'Z' | 'X'))
}

fn is_postgres(pid: i32) -> bool {
    status(pid).is_some_and(|(program, state)| program == "postgres" && !matches!(state, 'Z' | 'X'))
}

/// Name of the program and state of a process.
fn status(pid: i32) -> Option<(String, char)> {
    // The name is in parentheses and may hold any character, parentheses too.
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (before, after) = line.rsplit_once(") ")?;
    Some((before.split_once('(')?.1.to_owned(), after.chars().next()?))
}

/// Waits until nobody works in `cluster` any more, at most for `limit`. Whether that is so.
pub(super) async fn wait_until_deserted(account: Account, cluster: &Path, limit: Duration) -> bool {
    let begun = Instant::now();
    while !all_in(account, cluster).await.is_empty() {
        if begun.elapsed() >= limit {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

/// What PostgreSQL notes about itself in `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) pid: i32,
    /// Folder of its socket.
    pub(super) socket: String,
    /// Whether it takes connections: recovery after a crash comes first.
    pub(super) is_ready: bool,
}

impl Note {
    pub(super) fn read(cluster: &Path) -> Option<Note> {
        Note::parse(&fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
    }

    fn parse(text: &str) -> Option<Note> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        Some(Note {
            pid: lines.first()?.parse().ok()?,
            socket: lines.get(4).copied().unwrap_or_default().to_owned(),
            is_ready: lines.get(7) == Some(&"ready"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_line_by_line() {
        let note = Note::parse("4711\n/data/postgres\n1790000000\n5432\n/data/run\n\n  5432001  1234\nready   \n").unwrap();
        assert_eq!(note, Note { pid: 4711, socket: "/data/run".into(), is_ready: true });
        assert!(!Note::parse("4711\n/data/postgres\n1790000000\n5432\n/data/run\n").unwrap().is_ready);
        assert_eq!(Note::parse(""), None);
    }

    #[tokio::test]
    async fn who_merely_stands_in_the_folder_is_left_alone() {
        let here = std::env::current_dir().unwrap();
        let pid = i32::try_from(std::process::id()).unwrap();
        assert!(is_alive(pid) && own_folders().contains(&(pid, here.clone())));
        assert!(!all_in(Account::Same, &here).await.contains(&pid));
        assert!(!is_alive(i32::MAX));
    }

    #[test]
    fn a_zombie_does_not_live() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let until = Instant::now() + Duration::from_secs(5);
        while is_alive(pid) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(Path::new(&format!("/proc/{pid}")).exists());
        assert!(!is_alive(pid));
        child.wait().unwrap();
    }
}
