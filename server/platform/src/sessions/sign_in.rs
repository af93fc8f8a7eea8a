//! Signing in by e-mail address and password, and changing the password.

use chrono::Duration;
use serde_json::json;
use sqlx::PgConnection;

use super::{Identity, Kind, LONGEST_DAYS, REFRESH_DAYS, Worked, memberships, tell_ended};
use crate::error::{Error, Result};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::input::Input;
use crate::state::State;
use crate::{actions, passwords, throttle, tokens};

/// The most letters of an address that is looked up at all.
const LONGEST_EMAIL: usize = 254;
/// So much of a browser's description of itself is kept.
const LONGEST_AGENT: usize = 200;

/// Signs a browser in and gives the new session's token, which exists nowhere else.
///
/// The token is always a fresh one and the session of a `previous` token ends, so that nobody can plant
/// a session before the sign-in. Wrong password and unknown address are the same
/// [`Error::Unauthenticated`]; too many of them are [`Error::Throttled`].
pub async fn sign_in(
    state: &State,
    email: &str,
    password: &str,
    agent: &str,
    client: &str,
    previous: Option<String>,
) -> Result<(Identity, String)> {
    let user = authenticate(state, email, password, client, previous.as_deref()).await?;
    let token = tokens::random();
    let mut tx = state.pool.begin().await?;
    if let Some(previous) = previous {
        let ended: Vec<Worked> = sqlx::query_scalar(
            "update sessions set revoked_at = $2 where token_hash = $1 and revoked_at is null returning organization_id",
        )
        .bind(tokens::hash(&previous))
        .bind(state.clock.now())
        .fetch_all(&mut *tx)
        .await?;
        tell_ended(&mut tx, &ended).await?;
    }
    let identity = open(state, &mut tx, user, Kind::Browser, agent, &token).await?;
    tx.commit().await?;
    Ok((identity, token))
}

/// Somebody whose password was right.
pub(super) struct User {
    pub(super) id: UserId,
    name: String,
    email: String,
    locale: Option<String>,
    organization: Option<OrganizationId>,
    /// What the password was compared with.
    password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Account {
    id: UserId,
    name: String,
    email: String,
    locale: Option<String>,
    password_hash: Option<String>,
}

pub(super) async fn authenticate(state: &State, email: &str, password: &str, client: &str, previous: Option<&str>) -> Result<User> {
    let email = email.trim().to_lowercase();
    let mut input = Input::new();
    input.text("email", &email, 1, LONGEST_EMAIL);
    input.text("password", password, 1, passwords::LONGEST);
    input.finish()?;

    let device = known_device(state, &email, previous).await?;
    let keys = throttle::Keys::new(&email, client, device.as_deref());
    throttle::look(state, &keys).await?;
    let turn = passwords::turn(state).await?;
    let attempt = throttle::begin(state, keys).await?;
    let account: Option<Account> = sqlx::query_as("select id, name, email, locale, password_hash from users where email = $1")
        .bind(&email)
        .fetch_optional(&state.pool)
        .await?;
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = turn.verify(password, hash).await?;
    drop(turn);
    let account = account.filter(|_| right).ok_or(Error::Unauthenticated)?;
    throttle::succeeded(state, attempt).await?;
    let organization = last_organization(state, account.id).await?;
    Ok(User {
        id: account.id,
        name: account.name,
        email: account.email,
        locale: account.locale,
        organization,
        password_hash: account.password_hash,
    })
}

/// The hash of a session that this browser had for this account before, living or not.
async fn known_device(state: &State, email: &str, previous: Option<&str>) -> Result<Option<Vec<u8>>> {
    // Without a token the same question is asked for nothing, so that both ways take the same time.
    let hash = tokens::hash(previous.unwrap_or_default());
    let known: Option<Vec<u8>> =
        sqlx::query_scalar("select s.token_hash from sessions s join users u on u.id = s.user_id where s.token_hash = $1 and u.email = $2")
            .bind(hash)
            .bind(email)
            .fetch_optional(&state.pool)
            .await?;
    Ok(known)
}

/// Where the user worked last, if he still belongs there; otherwise the first of his organizations.
async fn last_organization(state: &State, user: UserId) -> Result<Option<OrganizationId>> {
    let mine = memberships(state, user).await?;
    let last: Option<OrganizationId> = sqlx::query_scalar(
        "select organization_id from sessions where user_id = $1 and organization_id is not null \
         order by seen_at desc, id desc limit 1",
    )
    .bind(user)
    .fetch_optional(&state.pool)
    .await?;
    let last = last.filter(|last| mine.iter().any(|membership| membership.organization == *last));
    Ok(last.or_else(|| mine.first().map(|membership| membership.organization)))
}

/// Writes a new session down.
pub(super) async fn open(
    state: &State,
    connection: &mut PgConnection,
    user: User,
    kind: Kind,
    agent: &str,
    token: &str,
) -> Result<Identity> {
    let session = SessionId::new();
    let now = state.clock.now();
    let days = match kind {
        Kind::Browser => LONGEST_DAYS,
        Kind::Api => REFRESH_DAYS,
    };
    // A password changed since it was compared opens nothing; and a change at this moment waits for the session to be
    // there, and ends it.
    sqlx::query("select 1 from users where id = $1 and password_hash is not distinct from $2 for share")
        .bind(user.id)
        .bind(&user.password_hash)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let agent: String = agent.chars().filter(|letter| !letter.is_control()).take(LONGEST_AGENT).collect();
    sqlx::query(
        "insert into sessions (id, user_id, organization_id, token_hash, kind, agent, created_at, seen_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
    )
    .bind(session)
    .bind(user.id)
    .bind(user.organization)
    .bind(tokens::hash(token))
    .bind(kind.as_str())
    .bind(agent)
    .bind(now)
    .bind(now + Duration::days(days))
    .execute(&mut *connection)
    .await?;
    let who = (user.id, user.organization);
    actions::record_session(connection, state, who, kind.door(), "signed_in", json!({ "session": session })).await?;
    Ok(Identity { session, user: user.id, organization: user.organization, name: user.name, email: user.email, kind, locale: user.locale })
}

/// Sets a new password and gives this session a new token, which replaces the browser's.
///
/// All other sessions of the user end in the same transaction, and with them their access and refresh
/// tokens; so do the refresh tokens of this one, whose program signs in anew. Guessing the current password is throttled like a sign-in.
pub async fn change_password(state: &State, identity: &Identity, current: &str, new: &str) -> Result<String> {
    let mut input = Input::new();
    input.text("current", current, 1, passwords::LONGEST);
    input.text("password", new, passwords::SHORTEST, passwords::LONGEST);
    input.finish()?;

    let keys = throttle::Keys::new(&identity.email, &identity.user.to_string(), Some(b"password change"));
    throttle::look(state, &keys).await?;
    let turn = passwords::turn(state).await?;
    let attempt = throttle::begin(state, keys).await?;
    let old: Option<Option<String>> =
        sqlx::query_scalar("select password_hash from users where id = $1").bind(identity.user).fetch_optional(&state.pool).await?;
    let old = old.flatten();
    if !turn.verify(current, old.clone()).await? {
        return Err(Error::invalid("current", "wrong", "This is not the current password."));
    }
    throttle::succeeded(state, attempt).await?;
    let hash = turn.hash(new).await?;
    drop(turn);

    let token = tokens::random();
    let now = state.clock.now();
    let mut tx = state.pool.begin().await?;
    // The old hash is compared again: of two changes at the same time the second must know the first's.
    let changed = sqlx::query(
        "update users set password_hash = $2, password_changed_at = $3 where id = $1 and password_hash is not distinct from $4",
    )
    .bind(identity.user)
    .bind(hash)
    .bind(now)
    .bind(old)
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Error::invalid("current", "wrong", "This is not the current password."));
    }
    let ended: Vec<Worked> = sqlx::query_scalar(
        "update sessions set revoked_at = $3 where user_id = $1 and id <> $2 and revoked_at is null returning organization_id",
    )
    .bind(identity.user)
    .bind(identity.session)
    .bind(now)
    .fetch_all(&mut *tx)
    .await?;
    tell_ended(&mut tx, &ended).await?;
    sqlx::query("update sessions set token_hash = $2 where id = $1")
        .bind(identity.session)
        .bind(tokens::hash(&token))
        .execute(&mut *tx)
        .await?;
    // Whoever has copied a refresh token of this session is out as well.
    sqlx::query("update refresh_tokens set expires_at = $2 where session_id = $1 and expires_at > $2")
        .bind(identity.session)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let (who, new) = ((identity.user, identity.organization), json!({ "session": identity.session }));
    actions::record_session(&mut tx, state, who, identity.kind.door(), "password_changed", new).await?;
    tx.commit().await?;
    Ok(token)
}
