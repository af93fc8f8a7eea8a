//! Where the other sides come to us: people whom Google sends back, and the bells of both.

use std::time::Duration;

use platform::{
    Error, Result, State, Tx, actions,
    id::{EntityId, EntityRef, OrganizationId},
    jobs,
    sessions::Identity,
    tokens,
    tx::Door,
};
use serde_json::json;
use uuid::Uuid;

use super::{Outside, Provider, cal_com, google, run::JOB, secret::Secret};

fn id(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| Error::NotFound)
}

/// Somebody comes back from Google's page: with a code, or without one if they did not allow it. It must be they who were
/// sent there, by the pass they were given, within its ten minutes, and once.
///
/// # Errors
/// `NotFound`.
pub async fn allowed(state: &State, identity: &Identity, pass: &str, code: Option<&str>) -> Result<()> {
    let (organization, _) = pass.split_at_checked(32).ok_or(Error::NotFound)?;
    let organization = OrganizationId(id(organization)?);
    let outside = Outside::of(state)?;
    let identity = Identity { organization: Some(organization), ..identity.clone() };
    let mut tx = Tx::begin(state, &identity, Door::Screen).await?;
    let (user, now) = (tx.user(), tx.now());
    let found: Option<(EntityId, EntityId, String)> = sqlx::query_as(
        "update calendar_connections set pass_hash = null, pass_until = null, updated_at = $4
         where organization_id = $1 and user_id = $2 and pass_hash = $3 and pass_until > $4 and state not in ('ending', 'ended')
         returning id, resource_id, secret",
    )
    .bind(organization)
    .bind(user)
    .bind(tokens::hash(pass))
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    let (connection, resource, sealed) = found.ok_or(Error::NotFound)?;
    let secret = Secret::open(&outside.sealer, organization, connection, &sealed).ok_or(Error::NotFound)?;
    let code = code.filter(|code| !code.is_empty() && code.len() <= 2000);
    let secret = Secret { code: code.unwrap_or_default().to_owned(), ..secret };
    // Whoever does not allow it anew keeps what they had allowed before.
    sqlx::query(
        "update calendar_connections set secret = $3, state = case when $4 then 'connecting' when state = 'authorizing' then 'broken' else state end,
             problem = case when $4 then '' when state = 'authorizing' then 'refused' else problem end
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(connection)
    .bind(secret.seal(&outside.sealer, organization, connection)?)
    .bind(code.is_some())
    .execute(tx.conn())
    .await?;
    if code.is_some() {
        jobs::want(&mut tx, &JOB, &connection.to_string(), json!({}), Duration::ZERO).await?;
    }
    let verb = if code.is_some() { "connection_allowed" } else { "connection_refused" };
    actions::record(&mut tx, EntityRef::new("resource", resource), verb, None, Some(json!({ "connection": connection }))).await?;
    tx.commit().await
}

/// A ring as it came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ring<'a> {
    /// Cal.com's signature of the body.
    pub signature: &'a str,
    pub body: &'a [u8],
    /// Google's channel, the word it was opened with, and what has happened: `sync` where it has only been opened.
    pub channel: &'a str,
    pub token: &'a str,
    pub happened: &'a str,
}

/// Cal.com or Google rings: a run is asked for. Who rings without the secret rings nowhere.
///
/// # Errors
/// `NotFound`.
pub async fn rung(state: &State, bell: &str, ring: Ring<'_>) -> Result<()> {
    let (organization, connection) = bell.split_at_checked(32).ok_or(Error::NotFound)?;
    let (organization, connection) = (OrganizationId(id(organization)?), EntityId(id(connection)?));
    let outside = Outside::of(state).map_err(|_| Error::NotFound)?;
    let mut tx = Tx::begin_for_job(state, organization).await?;
    let kept: Option<(String, String)> = sqlx::query_as(
        "select provider, secret from calendar_connections where organization_id = $1 and id = $2 and state in ('active', 'broken')",
    )
    .bind(organization)
    .bind(connection)
    .fetch_optional(tx.conn())
    .await?;
    let (provider, sealed) = kept.ok_or(Error::NotFound)?;
    let secret = Secret::open(&outside.sealer, organization, connection, &sealed).ok_or(Error::NotFound)?;
    let ours = match Provider::parse(&provider) {
        Some(Provider::Google) => google::bell::known(&secret, ring.channel, ring.token),
        Some(Provider::CalCom) => cal_com::bell::signed(&secret, ring.body, ring.signature),
        None => false,
    };
    if !ours {
        return Err(Error::NotFound);
    }
    // That a channel is open says nothing about what is in the calendar.
    if ring.happened == "sync" {
        return tx.commit().await;
    }
    jobs::hurry(&mut tx, &JOB, Some(&[connection.to_string()]), Duration::from_secs(1)).await?;
    tx.commit().await
}
