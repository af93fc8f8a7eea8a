//! Requests that may be sent twice: the answer is kept in the transaction of its effect and given again.

use crate::error::{Error, Result};
use crate::tx::Tx;
use chrono::Duration;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::days(7);
/// The longest key.
pub const LONGEST_KEY: usize = 200;

/// The kept answer if this key was used before for the same request; none if the request is to be carried out, and
/// then [`store`] must be called with its answer before the commit. A second request that comes while the first is at
/// work waits for it. The same key with another request is refused with `idempotency_key_reused`.
pub async fn idempotent(tx: &mut Tx, route: &str, key: Option<&str>, request: &impl Serialize) -> Result<Option<(u16, Value)>> {
    let Some(key) = key else { return Ok(None) };
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Error::invalid("idempotency-key", "length", "An idempotency key has 1 to 200 characters."));
    }
    let hash = Sha256::digest(serde_json::to_vec(request).map_err(Error::internal)?).to_vec();
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    // A row too old to count is taken over. Another transaction's uncommitted row makes this one wait for its end.
    let claimed = sqlx::query(
        "insert into idempotency_keys (organization_id, user_id, route, key, request_hash, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (organization_id, user_id, route, key)
         do update set request_hash = excluded.request_hash, status = null, body = null, created_at = excluded.created_at
         where idempotency_keys.created_at < $7",
    )
    .bind(organization)
    .bind(user)
    .bind(route)
    .bind(key)
    .bind(&hash)
    .bind(now)
    .bind(now - KEPT)
    .execute(tx.conn())
    .await?
    .rows_affected();
    if claimed == 1 {
        return Ok(None);
    }
    let (stored, status, body): (Vec<u8>, Option<i16>, Option<Value>) = sqlx::query_as(
        "select request_hash, status, body from idempotency_keys
         where organization_id = $1 and user_id = $2 and route = $3 and key = $4",
    )
    .bind(organization)
    .bind(user)
    .bind(route)
    .bind(key)
    .fetch_one(tx.conn())
    .await?;
    if stored != hash {
        return Err(Error::conflict("idempotency_key_reused", "This idempotency key was used for a different request."));
    }
    // A row without an answer was committed by a caller that forgot to store one: the request had its effect.
    let status =
        status.and_then(|status| u16::try_from(status).ok()).ok_or_else(|| Error::internal("idempotency row without an answer"))?;
    Ok(Some((status, body.unwrap_or(Value::Null))))
}

/// Keeps the answer for the key that [`idempotent`] has claimed; without a key there is nothing to keep.
pub async fn store(tx: &mut Tx, route: &str, key: Option<&str>, status: u16, body: &impl Serialize) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    let body = serde_json::to_value(body).map_err(Error::internal)?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    sqlx::query(
        "update idempotency_keys set status = $5, body = $6
         where organization_id = $1 and user_id = $2 and route = $3 and key = $4",
    )
    .bind(organization)
    .bind(user)
    .bind(route)
    .bind(key)
    .bind(i16::try_from(status).map_err(Error::internal)?)
    .bind(body)
    .execute(tx.conn())
    .await?;
    // Now and then the user's own expired rows are cleared away, so that nothing has to do it for all tenants at once.
    if rand::random_ratio(1, 64) {
        sqlx::query("delete from idempotency_keys where organization_id = $1 and user_id = $2 and created_at < $3")
            .bind(organization)
            .bind(user)
            .bind(now - KEPT)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
