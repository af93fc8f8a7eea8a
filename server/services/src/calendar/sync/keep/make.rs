//! Making a connection, and having it allowed anew.

use chrono::TimeDelta;
use platform::{
    Error, Result, Tx,
    error::ResultExt,
    id::{EntityId, LocationId, OrganizationId},
    input::Input,
    locations, tokens,
};

use super::{one, record, told, wake};
use crate::{
    calendar::sync::{ConnectionState, MadeConnection, NewConnection, Outside, Provider, google, secret::Secret},
    core::{CALENDAR_READ, CONNECTIONS_WRITE, RESOURCES_WRITE},
    resources,
};

/// Nobody needs more.
const MOST: i64 = 20;
/// Whoever is sent to the other side's page comes back by then.
const PASS: TimeDelta = TimeDelta::minutes(10);

/// What the other side hands back to whom it sends back; it begins with the tenant, for nothing is found without knowing it.
fn pass(organization: OrganizationId) -> (String, Vec<u8>) {
    let pass = format!("{}{}", organization.0.simple(), tokens::random());
    let hash = tokens::hash(&pass);
    (pass, hash)
}

/// Makes a connection. Google's has to be allowed on Google's page; Cal.com's begins with its key.
///
/// # Errors
/// `Denied`, `Invalid`, `NotFound` (resource), `Conflict` of code `limit`.
pub async fn connect(tx: &mut Tx, new: &NewConnection) -> Result<MadeConnection> {
    tx.require(CONNECTIONS_WRITE)?;
    tx.require(CALENDAR_READ)?;
    let calendar = new.calendar.trim();
    let mut input = Input::new();
    input.text("calendar", calendar, 0, 300);
    input.check(new.sends || new.receives, "sends", "required", "It must send, receive or both.");
    if new.provider == Provider::CalCom {
        input.text("api_key", new.api_key.trim(), 1, 500);
        input.check(
            new.api_key.trim().bytes().all(|byte| byte.is_ascii_graphic()),
            "api_key",
            "character",
            "A key has plain characters only.",
        );
        input.check(!new.sends || calendar.parse::<u32>().is_ok(), "calendar", "type", "The number of a type of event is needed.");
    }
    input.finish()?;
    let outside = Outside::of(tx.state())?.clone();
    if new.provider == Provider::Google && outside.settings.google.is_none() {
        return Err(Error::invalid("provider", "choice", "This server is not known to Google."));
    }
    let resource = whose(tx, new.resource).await?;
    let location = place(tx, resource, new.location).await?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let living: i64 =
        sqlx::query_scalar("select count(*) from calendar_connections where organization_id = $1 and user_id = $2 and state <> 'ended'")
            .bind(organization)
            .bind(user)
            .fetch_one(tx.conn())
            .await?;
    if living >= MOST {
        return Err(Error::conflict("limit", "There are 20 connections already."));
    }
    let id = EntityId::new();
    let google = new.provider == Provider::Google;
    let (pass, hash) = pass(organization);
    let secret = Secret {
        api_key: if google { String::new() } else { new.api_key.trim().to_owned() },
        verifier: if google { tokens::random() } else { String::new() },
        ..Secret::default()
    };
    let sealed = secret.seal(&outside.sealer, organization, id)?;
    let state = if google { ConnectionState::Authorizing } else { ConnectionState::Connecting };
    sqlx::query(
        "insert into calendar_connections (organization_id, id, user_id, resource_id, location_id, provider, calendar, detail, sends, receives,
             state, secret, pass_hash, pass_until, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(resource)
    .bind(location)
    .bind(new.provider.as_str())
    .bind(if google && calendar.is_empty() { "primary" } else { calendar })
    .bind(new.detail.as_str())
    .bind(new.sends)
    .bind(new.receives)
    .bind(state.as_str())
    .bind(sealed)
    .bind(google.then_some(hash))
    .bind(google.then_some(now + PASS))
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("calendar_connections_location_fkey", || Error::invalid("location", "unknown", "There is no such choice."))?;
    if !google {
        wake(tx, id).await?;
    }
    let connection = one(tx, id).await?;
    record(tx, &connection, "connection_made", None, Some(told(&connection))).await?;
    let allow_at = google_page(&outside, google, &pass, &secret)?;
    Ok(MadeConnection { connection, allow_at })
}

/// Sends somebody to Google's page once more: because they never came back from it, or because what they allowed is no
/// longer good.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `transition` for one that is let in by a key, or is ending.
pub async fn reconnect(tx: &mut Tx, id: EntityId) -> Result<MadeConnection> {
    tx.require(CONNECTIONS_WRITE)?;
    let outside = Outside::of(tx.state())?.clone();
    let before = one(tx, id).await?;
    if before.provider != Provider::Google || before.state == ConnectionState::Ending {
        return Err(Error::conflict("transition", "This connection is not allowed on a page."));
    }
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    let sealed: String = sqlx::query_scalar("select secret from calendar_connections where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .fetch_one(tx.conn())
        .await?;
    let secret = Secret::open(&outside.sealer, organization, id, &sealed).unwrap_or_default();
    let secret = Secret { verifier: tokens::random(), code: String::new(), ..secret };
    let (pass, hash) = pass(organization);
    sqlx::query(
        "update calendar_connections set secret = $4, pass_hash = $5, pass_until = $6, updated_at = $7
         where organization_id = $1 and id = $2 and user_id = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(secret.seal(&outside.sealer, organization, id)?)
    .bind(hash)
    .bind(now + PASS)
    .bind(now)
    .execute(tx.conn())
    .await?;
    record(tx, &before, "connection_asked", None, Some(told(&before))).await?;
    let connection = one(tx, id).await?;
    let allow_at = google_page(&outside, true, &pass, &secret)?;
    Ok(MadeConnection { connection, allow_at })
}

fn google_page(outside: &Outside, google: bool, pass: &str, secret: &Secret) -> Result<Option<String>> {
    if !google {
        return Ok(None);
    }
    let page = google::sign_in::page(outside, pass, &secret.verifier);
    page.map(Some).ok_or_else(|| Error::internal("Google's page has no address"))
}

/// Whose time: one's own, or for those who may change resources anybody's.
async fn whose(tx: &mut Tx, asked: Option<EntityId>) -> Result<EntityId> {
    let (organization, user) = (tx.organization(), tx.user());
    let own: Vec<EntityId> =
        sqlx::query_scalar("select id from resources where organization_id = $1 and user_id = $2 and active order by sort, id")
            .bind(organization)
            .bind(user)
            .fetch_all(tx.conn())
            .await?;
    match asked {
        None => own.first().copied().ok_or_else(|| Error::invalid("resource", "required", "Nobody's time is yours; choose whose it is.")),
        Some(resource) if own.contains(&resource) => Ok(resource),
        Some(resource) => {
            let found = match resources::get(tx, resource).await {
                Err(Error::NotFound) => return Err(Error::invalid("resource", "unknown", "There is no such choice.")),
                found => found?,
            };
            tx.require(RESOURCES_WRITE)?;
            if found.active { Ok(resource) } else { Err(Error::invalid("resource", "inactive", "This resource is no longer in use.")) }
        }
    }
}

async fn place(tx: &mut Tx, resource: EntityId, asked: Option<LocationId>) -> Result<LocationId> {
    if let Some(location) = asked {
        return Ok(location);
    }
    if let Some(own) = resources::get(tx, resource).await?.location {
        return Ok(own);
    }
    let places = locations::list(tx).await?;
    places.iter().find(|place| place.active).map(|place| place.id).ok_or_else(|| Error::invalid("location", "required", "This is needed."))
}
