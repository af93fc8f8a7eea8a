//! Sessions of REST clients: a short access token, and refresh tokens of which each is used once.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::sign_in::{authenticate, open};
use super::{Kind, LONGEST_DAYS, REFRESH_DAYS, end, memberships};
use crate::error::{Error, Result};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::state::State;
use crate::tokens;

/// What a REST client signs its requests with. Not printable, so that no log gets hold of it.
#[derive(Clone, Serialize, ToSchema)]
pub struct Tokens {
    /// Sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Exchanged for the next pair, once, within 7 days.
    pub refresh_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
}

/// Signs a REST client in; otherwise like [`super::sign_in`].
pub async fn sign_in_api(state: &State, email: &str, password: &str, agent: &str, client: &str) -> Result<Tokens> {
    sign_in_once(state, email, password, (agent, client), None).await
}

/// As [`sign_in_api`] for a request that may come twice: with the key of an earlier sign-in that session is given again, as
/// long as its first refresh token is unused. The tokens come from the key and the server's secret, and are kept nowhere.
///
/// # Errors
/// As [`sign_in_api`]; `Conflict` of code `idempotency_key_reused` where that session is over or has gone on.
pub async fn sign_in_once(state: &State, email: &str, password: &str, (agent, client): (&str, &str), key: Option<&str>) -> Result<Tokens> {
    let user = authenticate(state, email, password, client, None).await?;
    let now = state.clock.now();
    let mut tx = state.pool.begin().await?;
    // An API session has no cookie: its token is known to nobody, and with a key it is what the session is found by.
    let (token, refresh) = match key {
        None => (tokens::random(), tokens::random()),
        Some(key) => {
            let whose = user.id.to_string();
            (state.keys.derive(&["sign-in", &whose, key]), state.keys.derive(&["first refresh", &whose, key]))
        }
    };
    if key.is_some() {
        // The same request at the same moment waits here and then finds the session.
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind(&token).execute(&mut *tx).await?;
        let known: Option<(SessionId, Option<OrganizationId>, bool)> = sqlx::query_as(
            "select s.id, s.organization_id, \
                    s.revoked_at is null and s.expires_at > $3 and exists ( \
                        select 1 from refresh_tokens r \
                        where r.token_hash = $2 and r.session_id = s.id and r.used_at is null and r.expires_at > $3) \
             from sessions s where s.token_hash = $1",
        )
        .bind(tokens::hash(&token))
        .bind(tokens::hash(&refresh))
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        match known {
            Some((session, organization, true)) => return tokens_for(state, session, user.id, organization, refresh),
            Some(_) => {
                return Err(Error::conflict("idempotency_key_reused", "The session of this idempotency key is over or has gone on."));
            }
            None => {}
        }
    }
    let identity = open(state, &mut tx, user, Kind::Api, agent, &token).await?;
    insert(&mut tx, identity.session, &refresh, now).await?;
    tx.commit().await?;
    tokens_for(state, identity.session, identity.user, identity.organization, refresh)
}

#[derive(sqlx::FromRow)]
struct Known {
    session_id: SessionId,
    user_id: UserId,
    organization_id: Option<OrganizationId>,
    session_created_at: DateTime<Utc>,
    used: bool,
    living: bool,
}

/// Exchanges a refresh token for the next pair.
///
/// A token that has been used before was stolen, by this caller or by the one before: the whole session
/// ends, and with it all its tokens. Any refusal is [`Error::Unauthenticated`].
pub async fn refresh(state: &State, token: &str) -> Result<Tokens> {
    refresh_once(state, token, None).await
}

/// As [`refresh`] for a request that may come twice: with the same key the same next pair is told again, as long as it is
/// unused. Whoever has stolen the token does not know the key.
pub async fn refresh_once(state: &State, token: &str, key: Option<&str>) -> Result<Tokens> {
    let next = key.map_or_else(tokens::random, |key| state.keys.derive(&["refresh", token, key]));
    let now = state.clock.now();
    let mut tx = state.pool.begin().await?;
    let known: Option<Known> = sqlx::query_as(
        "select r.session_id, s.user_id, s.organization_id, s.created_at as session_created_at, \
                r.used_at is not null as used, \
                r.expires_at > $2 and s.expires_at > $2 and s.revoked_at is null as living \
         from refresh_tokens r join sessions s on s.id = r.session_id \
         where r.token_hash = $1 for update of r",
    )
    .bind(tokens::hash(token))
    .bind(now)
    .fetch_optional(&mut *tx)
    .await?;
    let known = known.ok_or(Error::Unauthenticated)?;
    if known.used && known.living && key.is_some() && is_unused(&mut tx, &next, known.session_id, now).await? {
        tx.rollback().await?;
        return next_tokens(state, &known, next).await;
    }
    if known.used {
        tx.rollback().await?;
        tracing::warn!(session = %known.session_id, "a refresh token was used twice; its session has been ended");
        end(state, known.session_id).await?;
        return Err(Error::Unauthenticated);
    }
    if !known.living {
        return Err(Error::Unauthenticated);
    }
    sqlx::query("update refresh_tokens set used_at = $2 where token_hash = $1")
        .bind(tokens::hash(token))
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let latest = known.session_created_at + Duration::days(LONGEST_DAYS);
    // Still living as it is written, so that a sign-out at the same moment wins.
    let kept = sqlx::query("update sessions set expires_at = $2, seen_at = $3 where id = $1 and revoked_at is null")
        .bind(known.session_id)
        .bind((now + Duration::days(REFRESH_DAYS)).min(latest))
        .bind(now)
        .execute(&mut *tx)
        .await?;
    if kept.rows_affected() == 0 {
        return Err(Error::Unauthenticated);
    }
    insert(&mut tx, known.session_id, &next, now).await?;
    tx.commit().await?;
    next_tokens(state, &known, next).await
}

/// Whether a refresh token was handed out and not yet exchanged.
async fn is_unused(connection: &mut sqlx::PgConnection, token: &str, session: SessionId, now: DateTime<Utc>) -> Result<bool> {
    let unused =
        "select exists (select 1 from refresh_tokens where token_hash = $1 and session_id = $2 and used_at is null and expires_at > $3)";
    Ok(sqlx::query_scalar(unused).bind(tokens::hash(token)).bind(session).bind(now).fetch_one(connection).await?)
}

/// The pair after a refresh, for the organization that is worked in and still one's own.
async fn next_tokens(state: &State, known: &Known, refresh: String) -> Result<Tokens> {
    let mine = memberships(state, known.user_id).await?;
    let organization = known
        .organization_id
        .filter(|chosen| mine.iter().any(|membership| membership.organization == *chosen))
        .or_else(|| mine.first().map(|membership| membership.organization));
    tokens_for(state, known.session_id, known.user_id, organization, refresh)
}

async fn insert(connection: &mut sqlx::PgConnection, session: SessionId, token: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query("insert into refresh_tokens (token_hash, session_id, created_at, expires_at) values ($1, $2, $3, $4)")
        .bind(tokens::hash(token))
        .bind(session)
        .bind(now)
        .bind(now + Duration::days(REFRESH_DAYS))
        .execute(connection)
        .await?;
    Ok(())
}

fn tokens_for(
    state: &State,
    session: SessionId,
    user: UserId,
    organization: Option<OrganizationId>,
    refresh_token: String,
) -> Result<Tokens> {
    let access_token = state.keys.sign(user, session, organization, state.clock.now())?;
    Ok(Tokens { access_token, refresh_token, token_type: "Bearer", expires_in: tokens::ACCESS_MINUTES * 60 })
}
