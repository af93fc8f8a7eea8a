//! Secrets that are handed out: random tokens of which only the hash is kept, and signed access tokens.
//!
//! Access tokens are JWTs signed by RS256. The key pair is made at the first start and shared by all
//! servers on one database. A token alone opens nothing: it names a session, and the session is looked up.

use std::collections::HashMap;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use chrono::{DateTime, Duration, Utc};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::error::{Error, Result};
use crate::id::{OrganizationId, SessionId, UserId};

/// How long an access token is good for.
pub const ACCESS_MINUTES: i64 = 60;
const ISSUER: &str = "atrium";
const AUDIENCE: &str = "atrium-api";
/// Held while looking for the first key, so that servers which start together make only one.
const FIRST_KEY_LOCK: i64 = 0x6174_7269_756d_6b31;

/// A new random token of 256 bits in URL-safe letters.
pub fn random() -> String {
    BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
}

/// What is stored of a token. The tokens are random, so that a plain SHA-256 is enough.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// The session, without which the token is worth nothing.
    pub sid: SessionId,
    /// The organization in which its bearer works.
    pub org: Option<OrganizationId>,
    /// Issued at and expires at, in seconds since 1970.
    pub iat: i64,
    pub exp: i64,
}

/// The keys by which access tokens are signed and checked.
pub struct Keys {
    id: String,
    signing: EncodingKey,
    /// What [`Keys::derive`] mixes in.
    secret: hmac::Key,
    checking: HashMap<String, DecodingKey>,
}

impl Keys {
    /// Reads the keys of this database and makes the first where there is none yet.
    pub async fn load(pool: &PgPool) -> Result<Keys> {
        let mut tx = pool.begin().await?;
        sqlx::query("select pg_advisory_xact_lock($1)").bind(FIRST_KEY_LOCK).execute(&mut *tx).await?;
        let mut rows = stored(&mut tx).await?;
        if rows.is_empty() {
            let made = tokio::task::spawn_blocking(make).await.map_err(|error| Error::Internal(Box::new(error)))??;
            sqlx::query("insert into signing_keys (id, private_pkcs8, public_der) values ($1, $2, $3)")
                .bind(&made.id)
                .bind(&made.private_pkcs8)
                .bind(&made.public_der)
                .execute(&mut *tx)
                .await?;
            rows.push(made);
        }
        tx.commit().await?;
        Keys::of(&rows)
    }

    fn of(rows: &[Row]) -> Result<Keys> {
        let (newest, oldest) = rows.first().zip(rows.last()).ok_or_else(|| internal("no signing key"))?;
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64.encode(&newest.private_pkcs8));
        Ok(Keys {
            id: newest.id.clone(),
            signing: EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(internal)?,
            // The oldest, so that what is derived outlives a change of keys.
            secret: hmac::Key::new(hmac::HMAC_SHA256, &oldest.private_pkcs8),
            checking: rows.iter().map(|row| (row.id.clone(), DecodingKey::from_rsa_der(&row.public_der))).collect(),
        })
    }

    /// A token like [`random`] that only this server's secret and these words make, and make again: a request that is sent
    /// again is told the same secret, although nobody has kept it.
    pub fn derive(&self, words: &[&str]) -> String {
        let mut mixed = hmac::Context::with_key(&self.secret);
        mixed.update(b"derived token");
        for word in words {
            mixed.update(&word.len().to_be_bytes());
            mixed.update(word.as_bytes());
        }
        BASE64URL_NOPAD.encode(mixed.sign().as_ref())
    }

    /// An access token for a session, good for an hour from `now`.
    pub fn sign(&self, user: UserId, session: SessionId, organization: Option<OrganizationId>, now: DateTime<Utc>) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            org: organization,
            iat: now.timestamp(),
            exp: (now + Duration::minutes(ACCESS_MINUTES)).timestamp(),
        };
        self.sign_claims(&claims)
    }

    fn sign_claims(&self, claims: &Claims) -> Result<String> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(internal)
    }

    /// What a token says, if we signed it, for this door, and it has not expired. The algorithm is fixed:
    /// what the token's header asks for is never followed.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = self.checking.get(&kid)?;
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Expiry goes by the server's own clock, which a rehearsal may have set.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &rules).ok()?.claims;
        (claims.exp > now.timestamp()).then_some(claims)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    private_pkcs8: Vec<u8>,
    public_der: Vec<u8>,
}

async fn stored(tx: &mut sqlx::PgConnection) -> Result<Vec<Row>> {
    let rows = "select id, private_pkcs8, public_der from signing_keys order by created_at desc, id";
    Ok(sqlx::query_as(rows).fetch_all(tx).await?)
}

fn make() -> Result<Row> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(internal)?;
    let private: Pkcs8V1Der = pair.as_der().map_err(internal)?;
    let public = pair.public_key().as_ref().to_vec();
    let id = BASE64URL_NOPAD.encode(&Sha256::digest(&public).as_slice()[..12]);
    Ok(Row { id, private_pkcs8: private.as_ref().to_vec(), public_der: public })
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::of(&[make().unwrap()]).unwrap()
    }

    fn token(keys: &Keys, now: DateTime<Utc>) -> String {
        keys.sign(UserId::new(), SessionId::new(), Some(OrganizationId::new()), now).unwrap()
    }

    fn part(value: serde_json::Value) -> String {
        BASE64URL_NOPAD.encode(value.to_string().as_bytes())
    }

    #[test]
    fn a_signed_token_is_read_back_until_it_expires() {
        let (keys, now) = (keys(), Utc::now());
        let token = token(&keys, now);
        let claims = keys.check(&token, now).unwrap();
        assert_eq!(claims.exp - claims.iat, 3600);
        assert!(keys.check(&token, now + Duration::minutes(59)).is_some());
        assert!(keys.check(&token, now + Duration::minutes(61)).is_none());
    }

    #[test]
    fn a_derived_token_comes_from_its_words_and_the_servers_secret() {
        let (ours, theirs) = (keys(), keys());
        let token = ours.derive(&["invitation", "a", "bc"]);
        assert_eq!((token.len(), token == ours.derive(&["invitation", "a", "bc"])), (43, true));
        assert_ne!(token, ours.derive(&["invitation", "ab", "c"]));
        assert_ne!(token, theirs.derive(&["invitation", "a", "bc"]));
    }

    #[test]
    fn a_token_without_signature_is_refused() {
        let (keys, now) = (keys(), Utc::now());
        let signed = token(&keys, now);
        let body = signed.split('.').nth(1).unwrap();
        for algorithm in ["none", "None", "HS256"] {
            let header = part(serde_json::json!({"typ": "JWT", "alg": algorithm, "kid": keys.id}));
            assert!(keys.check(&format!("{header}.{body}."), now).is_none(), "{algorithm}");
            assert!(keys.check(&format!("{header}.{body}"), now).is_none(), "{algorithm}");
        }
    }

    #[test]
    fn a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() {
        let row = make().unwrap();
        let keys = Keys::of(std::slice::from_ref(&row)).unwrap();
        let now = Utc::now();
        let claims = keys.check(&token(&keys, now), now).unwrap();
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(row.id.clone());
        let forged = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&row.public_der)).unwrap();
        assert!(keys.check(&forged, now).is_none());
    }

    #[test]
    fn a_token_for_another_audience_or_issuer_is_refused() {
        let (keys, now) = (keys(), Utc::now());
        let claims = keys.check(&token(&keys, now), now).unwrap();
        let other = Claims { aud: "someone-else".into(), ..claims.clone() };
        assert!(keys.check(&keys.sign_claims(&other).unwrap(), now).is_none());
        let other = Claims { iss: "someone-else".into(), ..claims };
        assert!(keys.check(&keys.sign_claims(&other).unwrap(), now).is_none());
    }

    #[test]
    fn a_token_of_another_servers_key_or_with_a_changed_body_is_refused() {
        let (ours, theirs, now) = (keys(), keys(), Utc::now());
        assert!(ours.check(&token(&theirs, now), now).is_none());
        let (one, two) = (token(&ours, now), token(&ours, now));
        let one: Vec<&str> = one.split('.').collect();
        let two: Vec<&str> = two.split('.').collect();
        assert!(ours.check(&[one[0], two[1], one[2]].join("."), now).is_none());
        assert!(ours.check("", now).is_none() && ours.check("a.b.c", now).is_none());
    }
}
