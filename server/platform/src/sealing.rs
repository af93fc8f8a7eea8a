//! Secrets of others that must be had again: keys and tokens by which other programs let us in. They are kept sealed
//! (AES-256-GCM), bound to the row they stand in, by a key that does not lie in the database.
//!
//! The key comes from `ATRIUM_SECRET_KEY`; without it one is made in the data folder at the first start. Several keys
//! with commas between them: the first seals, all of them open, so that a key can be replaced without losing anything.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Name of the key's file in the data folder.
const FILE: &str = "secret.key";

struct Key {
    id: String,
    key: LessSafeKey,
}

/// Seals and opens. Put into the state's extensions by the server.
#[derive(Clone)]
pub struct Sealer(Arc<Vec<Key>>);

impl Sealer {
    /// Of keys written in base64, 32 bytes each, with commas between them.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn of(keys: &str) -> std::result::Result<Sealer, String> {
        let refuse =
            || "ATRIUM_SECRET_KEY: must be 32 bytes in base64 (openssl rand -base64 32), or several with commas between them".to_owned();
        let one = |text: &str| {
            let bytes = BASE64.decode(text.trim().as_bytes()).ok().filter(|bytes| bytes.len() == 32)?;
            let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).ok()?);
            Some(Key { id: HEXLOWER.encode(&Sha256::digest(&bytes)[..4]), key })
        };
        keys.split(',')
            .map(|text| one(text).ok_or_else(refuse))
            .collect::<std::result::Result<Vec<_>, _>>()
            .map(|keys| Sealer(Arc::new(keys)))
    }

    /// Of the given keys, or of the one in the data folder, which is made there if there is none.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn load(given: Option<&str>, folder: &Path) -> std::result::Result<Sealer, String> {
        if let Some(keys) = given {
            return Sealer::of(keys);
        }
        let path = folder.join(FILE);
        let told = |error: std::io::Error| format!("{}: {error}", path.display());
        if !path.exists() {
            fs::create_dir_all(folder).map_err(told)?;
            let made = BASE64.encode(&rand::random::<[u8; 32]>());
            match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(mut file) => file.write_all(made.as_bytes()).and_then(|()| file.sync_all()).map_err(told)?,
                // Another server that starts at the same moment has made it.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(told(error)),
            }
        }
        Sealer::of(fs::read_to_string(&path).map_err(told)?.trim())
    }

    /// Seals a secret. `about` names the place it is kept in: put elsewhere, it does not open.
    ///
    /// # Errors
    /// `Internal`.
    pub fn seal(&self, about: &str, secret: &[u8]) -> Result<String> {
        let first = self.0.first().ok_or_else(|| Error::internal("there is no key to seal with"))?;
        let nonce = rand::random::<[u8; NONCE_LEN]>();
        let mut sealed = secret.to_vec();
        first
            .key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed)
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok(format!("v1.{}.{}.{}", first.id, BASE64URL_NOPAD.encode(&nonce), BASE64URL_NOPAD.encode(&sealed)))
    }

    /// Opens what was sealed about this place; none with another key or in another place.
    pub fn open(&self, about: &str, sealed: &str) -> Option<Vec<u8>> {
        let mut parts = sealed.split('.');
        let (Some("v1"), Some(id), Some(nonce), Some(text), None) = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let key = self.0.iter().find(|key| key.id == id)?;
        let nonce: [u8; NONCE_LEN] = BASE64URL_NOPAD.decode(nonce.as_bytes()).ok()?.try_into().ok()?;
        let mut text = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let opened = key.key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut text).ok()?;
        Some(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> String {
        BASE64.encode(&[byte; 32])
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_only() {
        let sealer = Sealer::of(&key(1)).unwrap();
        let sealed = sealer.seal("here", b"token").unwrap();
        assert!(!sealed.contains("token"));
        assert_eq!(sealer.open("here", &sealed).as_deref(), Some(&b"token"[..]));
        assert_eq!(sealer.open("there", &sealed), None);
        assert_eq!(sealer.open("here", &sealed.replace("v1", "v2")), None);
        assert_ne!(sealed, sealer.seal("here", b"token").unwrap(), "the same secret does not look the same twice");
    }

    #[test]
    fn a_new_key_opens_what_the_old_one_sealed_as_long_as_both_are_given() {
        let old = Sealer::of(&key(1)).unwrap().seal("here", b"token").unwrap();
        let both = Sealer::of(&format!("{}, {}", key(2), key(1))).unwrap();
        assert_eq!(both.open("here", &old).as_deref(), Some(&b"token"[..]));
        assert_eq!(Sealer::of(&key(2)).unwrap().open("here", &old), None);
        assert!(Sealer::of("short").is_err());
    }

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let folder = std::env::temp_dir().join(format!("atrium-key-{}", uuid::Uuid::now_v7().simple()));
        let sealed = Sealer::load(None, &folder).unwrap().seal("here", b"token").unwrap();
        assert_eq!(Sealer::load(None, &folder).unwrap().open("here", &sealed).as_deref(), Some(&b"token"[..]));
        fs::remove_dir_all(folder).unwrap();
    }
}
