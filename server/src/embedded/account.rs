//! The account that runs PostgreSQL, which refuses to run as root.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
};

use tokio::process::Command;

use super::EmbeddedError;

/// Whom the cluster belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// Whoever runs the server.
    Same,
    /// Another one, because the server is run by root.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// As root: the owner of the cluster if there is one already, else `postgres`, else `nobody`.
    pub(super) fn choose(cluster: &Path) -> Result<Account, EmbeddedError> {
        if !is_root() {
            return Ok(Account::Same);
        }
        if let Ok(data) = fs::metadata(cluster)
            && data.uid() != 0
        {
            return Ok(Account::Other { uid: data.uid(), gid: data.gid() });
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"].iter().find_map(|name| listed(&accounts, name)).ok_or(EmbeddedError::NoAccount)
    }

    /// A command run by this account, in no particular folder and with none of the server's settings.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // Settings such as PGDATA or PGPORT are meant for other servers.
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC").current_dir("/").stdin(std::process::Stdio::null());
        if let Account::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Whether it may enter `folder`, asked of the system itself: rights of all parents count.
    pub(super) async fn can_enter(self, folder: &Path) -> bool {
        match self {
            Account::Same => true,
            Account::Other { .. } => {
                self.command("test".as_ref()).arg("-x").arg(folder).status().await.is_ok_and(|status| status.success())
            }
        }
    }

    /// Makes `folder` one that nobody else may enter.
    pub(super) fn own(self, folder: &Path) -> io::Result<()> {
        if !folder.exists() {
            fs::create_dir_all(folder)?;
        }
        // A link could lead to a folder that is not ours to change.
        let kind = fs::symlink_metadata(folder)?;
        if !kind.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "is no folder"));
        }
        if let Account::Other { uid, gid } = self
            && kind.uid() != uid
        {
            if kind.uid() != 0 {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "belongs to somebody else"));
            }
            chown(folder, Some(uid), Some(gid))?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// User and group of `name` in the text of `/etc/passwd`.
fn listed(accounts: &str, name: &str) -> Option<Account> {
    let fields = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields.first() == Some(&name))?;
    Some(Account::Other { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "postgresql:x:7:7::/:/bin/sh\npostgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(listed(accounts, "postgres"), Some(Account::Other { uid: 101, gid: 104 }));
        assert_eq!(listed(accounts, "nobody"), None);
    }
}
