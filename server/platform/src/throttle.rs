//! How often a sign-in may fail: 10 times in a quarter of an hour for one account and 50 times for one
//! client, with a growing delay from the third failure on.
//!
//! Failures are counted in the database, so that the limits hold over several servers. There is no
//! lockout: what is refused here is not counted again, and a quarter of an hour later all is forgotten.
//! Accounts are counted by the address as typed, whether or not it is known, so that being throttled
//! tells nothing. The keys are hashes: the table names nobody.

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::error::{Error, Result};
use crate::state::State;

/// Failures are of interest for this long.
pub const WINDOW_MINUTES: i64 = 15;
/// The most failures of one account within the window.
pub const PER_ACCOUNT: usize = 10;
/// The most failures of one client within the window.
pub const PER_CLIENT: usize = 50;
/// From this failure on one has to wait, each time twice as long.
const DELAY_FROM: usize = 3;
/// Old failures are swept away by about every fiftieth attempt.
const SWEEP_RATIO: (u32, u32) = (1, 50);

/// What an attempt is counted by.
#[derive(Clone)]
pub struct Keys {
    account: Vec<u8>,
    client: Vec<u8>,
}

impl Keys {
    /// `client` is the network address the request came from. `device` is the hash of an earlier session
    /// of this very account, if the browser shows one: such a browser is counted apart, so that a
    /// stranger who fails again and again does not shut the owner out.
    pub fn new(email: &str, client: &str, device: Option<&[u8]>) -> Keys {
        let account = match device {
            Some(device) => Sha256::new().chain_update("device\0").chain_update(email).chain_update(device),
            None => Sha256::new().chain_update("account\0").chain_update(email),
        };
        let client = Sha256::new().chain_update("client\0").chain_update(client);
        Keys { account: account.finalize().to_vec(), client: client.finalize().to_vec() }
    }
}

/// An attempt under way. It counts as failed from its beginning, so that many at once are no way around
/// the limit; [`succeeded`] takes it back.
pub struct Attempt {
    keys: Keys,
    at: DateTime<Utc>,
}

/// Refuses early, before anybody waits for a turn at hashing.
pub async fn look(state: &State, keys: &Keys) -> Result<()> {
    let mut connection = state.pool.acquire().await?;
    judge(&mut connection, keys, state.clock.now()).await
}

/// Counts an attempt, or refuses it with [`Error::Throttled`].
pub async fn begin(state: &State, keys: Keys) -> Result<Attempt> {
    let now = state.clock.now();
    let mut tx = state.pool.begin().await?;
    // Both locks are taken in the order of their numbers, so that no two attempts wait for each other.
    sqlx::query("select pg_advisory_xact_lock(n) from (select unnest($1::bigint[]) as n order by 1) as locks")
        .bind(vec![number(&keys.account), number(&keys.client)])
        .execute(&mut *tx)
        .await?;
    judge(&mut tx, &keys, now).await?;
    sqlx::query("insert into sign_in_failures (key, at) values ($1, $3), ($2, $3)")
        .bind(&keys.account)
        .bind(&keys.client)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    if rand::random_ratio(SWEEP_RATIO.0, SWEEP_RATIO.1) {
        sqlx::query("delete from sign_in_failures where at < $1").bind(now - Duration::minutes(WINDOW_MINUTES)).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(Attempt { keys, at: now })
}

/// Forgets the account's failures. The client keeps those of its other attempts.
pub async fn succeeded(state: &State, attempt: Attempt) -> Result<()> {
    sqlx::query("delete from sign_in_failures where key = $1 or (key = $2 and at = $3)")
        .bind(&attempt.keys.account)
        .bind(&attempt.keys.client)
        .bind(attempt.at)
        .execute(&state.pool)
        .await?;
    Ok(())
}

async fn judge(connection: &mut PgConnection, keys: &Keys, now: DateTime<Utc>) -> Result<()> {
    let failures: Vec<(Vec<u8>, DateTime<Utc>)> = sqlx::query_as(
        "(select key, at from sign_in_failures where key = $1 and at > $3 order by at desc limit 10) \
         union all (select key, at from sign_in_failures where key = $2 and at > $3 order by at desc limit 50)",
    )
    .bind(&keys.account)
    .bind(&keys.client)
    .bind(now - Duration::minutes(WINDOW_MINUTES))
    .fetch_all(connection)
    .await?;
    let of = |wanted: &[u8]| -> Vec<DateTime<Utc>> { failures.iter().filter(|(key, _)| key == wanted).map(|(_, at)| *at).collect() };
    let wait = wait(&of(&keys.account), PER_ACCOUNT, true, now).max(wait(&of(&keys.client), PER_CLIENT, false, now));
    if wait > 0 { Err(Error::Throttled { retry_after: wait }) } else { Ok(()) }
}

/// Seconds until the next attempt, from the newest failures in falling order.
fn wait(failures: &[DateTime<Utc>], limit: usize, growing: bool, now: DateTime<Utc>) -> u32 {
    let until = if let Some(oldest) = failures.get(limit - 1) {
        *oldest + Duration::minutes(WINDOW_MINUTES)
    } else if growing && failures.len() >= DELAY_FROM {
        failures[0] + Duration::seconds(1 << (failures.len() - DELAY_FROM))
    } else {
        return 0;
    };
    let milliseconds = (until - now).num_milliseconds();
    u32::try_from(milliseconds.max(0).div_euclid(1000) + i64::from(milliseconds.max(0) % 1000 > 0)).unwrap_or(0)
}

/// The number of the lock that attempts with this key take one after the other.
fn number(key: &[u8]) -> i64 {
    key.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_from_the_third_failure_and_ends_with_the_window() {
        let now = Utc::now();
        let mut failures = Vec::new();
        let mut delays = Vec::new();
        for _ in 0..10 {
            failures.insert(0, now);
            delays.push(wait(&failures, PER_ACCOUNT, true, now));
        }
        assert_eq!(delays, [0, 0, 1, 2, 4, 8, 16, 32, 64, 900]);
        assert_eq!(wait(&failures, PER_ACCOUNT, true, now + Duration::minutes(15)), 0);
    }

    #[test]
    fn a_client_is_only_stopped_at_its_limit() {
        let now = Utc::now();
        assert_eq!(wait(&vec![now; 49], PER_CLIENT, false, now), 0);
        assert_eq!(wait(&vec![now; 50], PER_CLIENT, false, now), 900);
    }
}
