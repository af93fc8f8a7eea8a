//! Passwords: argon2id, hashed away from the request threads and only a few at a time.
//!
//! Hashing is slow on purpose. A flood of sign-ins must not starve the calendar, so whoever wants to
//! hash waits for his [`Turn`]; and an unknown address costs the same work as a known one, so that the
//! answer's time does not tell which addresses have an account.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::OwnedSemaphorePermit;

use crate::error::{Error, Result};
use crate::state::State;

/// The fewest characters of a new password.
pub const SHORTEST: usize = 10;
/// The most characters of any password; longer ones would only be work for the hasher.
pub const LONGEST: usize = 200;

/// How long a request waits for its turn before it is told that the server is busy.
const PATIENCE: Duration = Duration::from_secs(8);

/// What a password is compared with where there is no account, so that the work is equal.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

/// The right to hash: one of the few permits of `State::hashing`, given back when dropped.
///
/// The permit also lives in the hashing thread, so that a client which hangs up early does not make
/// room for another before its work is done.
pub struct Turn {
    permit: Arc<OwnedSemaphorePermit>,
}

/// Waits for a turn at hashing, at most 8 seconds; then [`Error::Unavailable`].
pub async fn turn(state: &State) -> Result<Turn> {
    let waiting = state.hashing.clone().acquire_owned();
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(Ok(permit)) => Ok(Turn { permit: Arc::new(permit) }),
        _ => Err(Error::Unavailable),
    }
}

impl Turn {
    /// The PHC string of a password with a fresh salt.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.work(move || hash_now(&password)).await?
    }

    /// Whether the password is the one behind `hash`. Without a hash the same work is done for nothing.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        self.work(move || match hash {
            Some(hash) => matches(&password, &hash),
            None => {
                if let Some(nobody) = NOBODY.as_deref() {
                    matches(&password, nobody);
                }
                false
            }
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = self.permit.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        work.await.map_err(|error| Error::Internal(Box::new(error)))
    }
}

fn hash_now(password: &str) -> Result<String> {
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(error) => Err(Error::Internal(error.to_string().into())),
    }
}

fn matches(password: &str, hash: &str) -> bool {
    match PasswordHash::new(hash) {
        Ok(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_with_its_own_salt() {
        let (one, two) = (hash_now("correct horse").unwrap(), hash_now("correct horse").unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(matches("correct horse", &one) && matches("correct horse", &two));
        assert!(!matches("wrong horse", &one) && !matches("correct horse", "not a hash"));
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_anybodys() {
        let nobody = NOBODY.as_deref().unwrap();
        assert!(nobody.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{nobody}");
    }
}
