//! Sessions: who is asking, and the end of it.
//!
//! A session is a row in the database; the browser's cookie holds a random token of which only the hash
//! is kept, and a REST client holds access tokens that name their session. Every request looks its
//! session up, so that one which is ended is ended at once, on all servers.
//!
//! A browser's session ends after 12 hours without use, and 30 days after signing in whatever happens.
//! An API session ends 7 days after its last refresh, and likewise after 30 days at the latest.

mod api;
mod cookie;
mod me;
mod sign_in;
#[cfg(all(test, feature = "testing"))]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use http::HeaderMap;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

pub use api::{Tokens, refresh, refresh_once, sign_in_api, sign_in_once};
pub use cookie::{clear_cookie, cookie_name, presented_token, set_cookie};
pub use me::{me, memberships};
pub use sign_in::{change_password, sign_in};

use crate::error::{Error, Result};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::session::SessionRow;
use crate::state::State;
use crate::tx::Door;
use crate::{actions, tokens};

/// A browser's session ends when it has not been used for so many hours.
pub const IDLE_HOURS: i64 = 12;
/// Any session ends so many days after signing in.
pub const LONGEST_DAYS: i64 = 30;
/// Each refresh token is good for so many days.
pub const REFRESH_DAYS: i64 = 7;
/// `seen_at` is written at most once in so many seconds, so that reading does not mean writing.
const SEEN_SECONDS: i64 = 60;
/// The feed's name for a session; never for browsers.
pub const SESSION: &str = "session";

/// By which door a session came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Browser,
    Api,
}

impl Kind {
    /// As stored in `sessions`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Browser => "browser",
            Kind::Api => "api",
        }
    }

    /// As the action log has it.
    fn door(self) -> Door {
        match self {
            Kind::Browser => Door::Screen,
            Kind::Api => Door::Rest,
        }
    }
}

/// Who is asking. It says nothing about rights: those come with the membership, read by `Tx::begin`.
#[derive(Debug, Clone)]
pub struct Identity {
    pub session: SessionId,
    pub user: UserId,
    /// The organization being worked in; none is chosen before the first membership.
    pub organization: Option<OrganizationId>,
    pub name: String,
    pub email: String,
    pub kind: Kind,
    pub locale: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: SessionId,
    user_id: UserId,
    organization_id: Option<OrganizationId>,
    seen_at: DateTime<Utc>,
    name: String,
    email: String,
    locale: Option<String>,
}

impl Found {
    fn identity(self, kind: Kind) -> Identity {
        Identity {
            session: self.id,
            user: self.user_id,
            organization: self.organization_id,
            name: self.name,
            email: self.email,
            kind,
            locale: self.locale,
        }
    }
}

/// Who sends these headers: by the bearer token if there is one, otherwise by the session cookie.
///
/// A bearer token that is no good does not fall back on the cookie, for the two are trusted differently.
pub async fn identify(state: &State, headers: &HeaderMap) -> Result<Option<Identity>> {
    if let Some(authorization) = headers.get(http::header::AUTHORIZATION) {
        let bearer = authorization.to_str().ok().and_then(bearer);
        return match bearer {
            Some(token) => by_access_token(state, token).await,
            None => Ok(None),
        };
    }
    match presented_token(state, headers) {
        Some(token) => by_cookie(state, &token).await,
        None => Ok(None),
    }
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

async fn by_cookie(state: &State, token: &str) -> Result<Option<Identity>> {
    let now = state.clock.now();
    let found: Option<Found> = sqlx::query_as(
        "select s.id, s.user_id, s.organization_id, s.seen_at, u.name, u.email, u.locale \
         from sessions s join users u on u.id = s.user_id \
         where s.token_hash = $1 and s.kind = 'browser' and s.revoked_at is null \
           and s.expires_at > $2 and s.seen_at > $3",
    )
    .bind(tokens::hash(token))
    .bind(now)
    .bind(now - Duration::hours(IDLE_HOURS))
    .fetch_optional(&state.pool)
    .await?;
    seen(state, found, now).await.map(|found| found.map(|found| found.identity(Kind::Browser)))
}

async fn by_access_token(state: &State, token: &str) -> Result<Option<Identity>> {
    let now = state.clock.now();
    let Some(claims) = state.keys.check(token, now) else { return Ok(None) };
    let found: Option<Found> = sqlx::query_as(
        "select s.id, s.user_id, s.organization_id, s.seen_at, u.name, u.email, u.locale \
         from sessions s join users u on u.id = s.user_id \
         where s.id = $1 and s.user_id = $2 and s.kind = 'api' and s.revoked_at is null and s.expires_at > $3",
    )
    .bind(claims.sid)
    .bind(claims.sub)
    .bind(now)
    .fetch_optional(&state.pool)
    .await?;
    let found = seen(state, found, now).await?;
    // The tenant is the token's, even if the session has moved on since it was issued.
    Ok(found.map(|found| Identity { organization: claims.org, ..found.identity(Kind::Api) }))
}

async fn seen(state: &State, found: Option<Found>, now: DateTime<Utc>) -> Result<Option<Found>> {
    if let Some(found) = &found
        && now - found.seen_at > Duration::seconds(SEEN_SECONDS)
    {
        sqlx::query("update sessions set seen_at = $2 where id = $1 and seen_at < $2")
            .bind(found.id)
            .bind(now)
            .execute(&state.pool)
            .await?;
    }
    Ok(found)
}

/// Ends this session: its cookie, its access tokens and its refresh tokens are worth nothing from now on.
pub async fn sign_out(state: &State, identity: &Identity) -> Result<()> {
    let mut tx = state.pool.begin().await?;
    let ended: Vec<Worked> =
        sqlx::query_scalar("update sessions set revoked_at = $2 where id = $1 and revoked_at is null returning organization_id")
            .bind(identity.session)
            .bind(state.clock.now())
            .fetch_all(&mut *tx)
            .await?;
    if !ended.is_empty() {
        tell_ended(&mut tx, &ended).await?;
        let (who, new) = ((identity.user, identity.organization), json!({ "session": identity.session }));
        actions::record_session(&mut tx, state, who, identity.kind.door(), "signed_out", new).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn end(state: &State, session: SessionId) -> Result<()> {
    let mut tx = state.pool.begin().await?;
    let ended: Vec<Worked> =
        sqlx::query_scalar("update sessions set revoked_at = $2 where id = $1 and revoked_at is null returning organization_id")
            .bind(session)
            .bind(state.clock.now())
            .fetch_all(&mut *tx)
            .await?;
    tell_ended(&mut tx, &ended).await?;
    tx.commit().await?;
    Ok(())
}

/// In which organization a session worked.
type Worked = Option<OrganizationId>;

/// Puts into the feed that sessions which worked in these organizations have ended: all servers then ask their
/// listeners there again who they are.
async fn tell_ended(connection: &mut PgConnection, worked: &[Worked]) -> Result<()> {
    let organizations: BTreeSet<Uuid> = worked.iter().flatten().map(|organization| organization.0).collect();
    sqlx::query(
        "insert into action_feed (organization_id, entity_type, entity_id, action) \
         select organization, $2, organization, 'ended' from unnest($1::uuid[]) as organization",
    )
    .bind(organizations.into_iter().collect::<Vec<_>>())
    .bind(SESSION)
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Listed {
    id: SessionId,
    kind: String,
    agent: String,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// One's own living sessions, the last used first; at most 200.
pub async fn list(state: &State, identity: &Identity) -> Result<Vec<SessionRow>> {
    let now = state.clock.now();
    let rows: Vec<Listed> = sqlx::query_as(
        "select id, kind, agent, created_at, seen_at, expires_at from sessions \
         where user_id = $1 and revoked_at is null and expires_at > $2 and (kind = 'api' or seen_at > $3) \
         order by seen_at desc, id desc limit 200",
    )
    .bind(identity.user)
    .bind(now)
    .bind(now - Duration::hours(IDLE_HOURS))
    .fetch_all(&state.pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionRow {
            id: row.id,
            kind: row.kind,
            agent: row.agent,
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
            current: row.id == identity.session,
        })
        .collect())
}

/// Ends one of one's own sessions; another's is [`Error::NotFound`].
pub async fn revoke(state: &State, identity: &Identity, session: SessionId) -> Result<()> {
    let mut tx = state.pool.begin().await?;
    let ended: Vec<Worked> = sqlx::query_scalar(
        "update sessions set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null and expires_at > $3 \
         returning organization_id",
    )
    .bind(session)
    .bind(identity.user)
    .bind(state.clock.now())
    .fetch_all(&mut *tx)
    .await?;
    if ended.is_empty() {
        return Err(Error::NotFound);
    }
    tell_ended(&mut tx, &ended).await?;
    let (who, new) = ((identity.user, identity.organization), json!({ "session": session }));
    actions::record_session(&mut tx, state, who, identity.kind.door(), "session_ended", new).await?;
    tx.commit().await?;
    Ok(())
}

/// Works in another organization from now on. One that the user does not belong to is [`Error::NotFound`].
///
/// A REST client gets a token for it by its next refresh.
pub async fn switch_organization(state: &State, identity: &Identity, organization: OrganizationId) -> Result<()> {
    let mine = memberships(state, identity.user).await?;
    if !mine.iter().any(|membership| membership.organization == organization) {
        return Err(Error::NotFound);
    }
    sqlx::query("update sessions set organization_id = $3 where id = $1 and user_id = $2 and revoked_at is null")
        .bind(identity.session)
        .bind(identity.user)
        .bind(organization)
        .execute(&state.pool)
        .await?;
    Ok(())
}
