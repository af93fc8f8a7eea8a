//! Where the cluster and its socket are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{EmbeddedError, account::Account, io_at};

/// Longest path of the socket's folder, in bytes: the address of a unix socket has room for 107 with the file's name.
const LONGEST: usize = 85;
/// Where clusters go whose account cannot enter the data folder.
const ELSEWHERE: &str = "/var/lib/atrium";

/// Folders of a cluster.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The cluster's own, `PGDATA`.
    pub(super) cluster: PathBuf,
    /// The socket's.
    pub(super) socket: PathBuf,
}

impl Place {
    /// In the data folder if the account can enter it. Root's home usually forbids that; then elsewhere, with a note.
    pub(super) async fn find(data: &Path) -> Result<(Place, Account), EmbeddedError> {
        let usual = data.join("postgres");
        let account = Account::choose(&usual)?;
        let short = short_name(data);
        let (cluster, socket) = if account.can_enter(data).await {
            (usual, data.join("run"))
        } else {
            let root = Path::new(ELSEWHERE).join(&short);
            fs::create_dir_all(&root).map_err(io_at(&root))?;
            let cluster = root.join("postgres");
            tracing::info!(cluster = %cluster.display(), "the database's account cannot enter the data folder; the cluster is kept elsewhere");
            let note = data.join("postgres.location");
            fs::write(&note, format!("{}\n", root.display())).map_err(io_at(&note))?;
            (cluster, root.join("run"))
        };
        let socket = if socket.as_os_str().len() <= LONGEST { socket } else { Path::new("/tmp").join(format!("atrium-{short}")) };
        account.own(&socket).map_err(io_at(&socket))?;
        Ok((Place { cluster, socket }, account))
    }
}

/// A short name for a folder, the same each time.
fn short_name(folder: &Path) -> String {
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_path_has_its_socket_in_a_short_one() {
        let data = std::env::temp_dir().join(format!("atrium-place-{}", std::process::id())).join("long".repeat(30));
        fs::create_dir_all(&data).unwrap();
        let (place, _) = Place::find(&data).await.unwrap();
        assert!(place.socket.as_os_str().len() <= LONGEST);
        assert_eq!(place.cluster, data.join("postgres"));
        fs::remove_dir_all(place.socket).unwrap();
        fs::remove_dir_all(data.parent().unwrap()).unwrap();
    }
}
