//! As Google Calendar answers (version 3 of its API, and its tokens).

use std::collections::HashMap;

use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::{Shared, World, lock};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/token", post(token))
        .route("/revoke", post(revoke))
        .route("/calendar/v3/calendars/{calendar}/events/watch", post(watch))
        .route("/calendar/v3/channels/stop", post(stop))
        .route("/calendar/v3/calendars/{calendar}/events", get(list).post(insert))
        .route("/calendar/v3/calendars/{calendar}/events/{id}", get(one).put(update).delete(delete))
}

/// Puts an event there as its owner does.
pub(super) fn change(world: &mut World, id: &str, event: Value) -> Value {
    world.count += 1;
    let mut event = event;
    event["kind"] = json!("calendar#event");
    event["id"] = json!(id);
    event["etag"] = json!(format!("\"{}\"", world.count));
    event["iCalUID"] = json!(format!("{id}@google.com"));
    if event["status"].is_null() {
        event["status"] = json!("confirmed");
    }
    world.events.insert(id.to_owned(), (world.count, event.clone()));
    event
}

fn error(status: u16, reason: &str) -> Response {
    let body =
        json!({ "error": { "errors": [{ "domain": "global", "reason": reason, "message": reason }], "code": status, "message": reason } });
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

async fn token(State(shared): State<Shared>, Form(form): Form<HashMap<String, String>>) -> Response {
    let mut world = lock(&shared);
    let word = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let good = match word("grant_type") {
        "authorization_code" => word("code") == "good" && word("code_verifier").len() >= 43,
        "refresh_token" => word("refresh_token") == "refresh" && !world.revoked,
        _ => false,
    };
    if !good || word("client_secret") != "atrium" {
        let body = json!({ "error": "invalid_grant", "error_description": "Token has been expired or revoked." });
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    }
    world.count += 1;
    let access = format!("ya29.{}", world.count);
    world.access.push(access.clone());
    let mut body = json!({ "access_token": access, "expires_in": 3599, "scope": "https://www.googleapis.com/auth/calendar.events", "token_type": "Bearer" });
    if word("grant_type") == "authorization_code" {
        world.revoked = false;
        body["refresh_token"] = json!("refresh");
    }
    Json(body).into_response()
}

async fn revoke(State(shared): State<Shared>, Form(_): Form<HashMap<String, String>>) -> Response {
    lock(&shared).revoked = true;
    StatusCode::OK.into_response()
}

/// Whether a bearer token is good.
fn entered(world: &World, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ")).unwrap_or_default();
    if world.access.iter().any(|good| good == token) { Ok(()) } else { Err(Box::new(error(401, "authError"))) }
}

/// When an event begins and ends, roughly for whole days.
fn span(event: &Value) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let at = |side: &Value| match side["dateTime"].as_str() {
        Some(at) => DateTime::parse_from_rfc3339(at).ok().map(|at| at.to_utc()),
        None => format!("{}T00:00:00Z", side["date"].as_str()?).parse().ok(),
    };
    Some((at(&event["start"])?, at(&event["end"])?))
}

async fn list(State(shared): State<Shared>, Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    let since = match query.get("syncToken") {
        Some(token) => match token.strip_prefix("sync-").and_then(|count| count.parse::<u64>().ok()) {
            Some(since) if since >= world.oldest && !query.contains_key("timeMin") => Some(since),
            _ => return error(410, "fullSyncRequired"),
        },
        None => None,
    };
    let bound = |name: &str| query.get(name).and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| at.to_utc());
    let (from, to) = (bound("timeMin"), bound("timeMax"));
    let found: Vec<Value> = world
        .events
        .values()
        .filter(|(changed, event)| match since {
            Some(since) => *changed > since,
            None => {
                let within = span(event).is_none_or(|(start, end)| from.is_none_or(|from| end > from) && to.is_none_or(|to| start < to));
                event["status"] != "cancelled" && within
            }
        })
        .map(|(_, event)| match event["status"] == "cancelled" {
            // Of what is deleted little more than the name is told.
            true => json!({ "kind": "calendar#event", "etag": event["etag"], "id": event["id"], "status": "cancelled" }),
            false => event.clone(),
        })
        .collect();
    let offset: usize = query.get("pageToken").and_then(|page| page.parse().ok()).unwrap_or(0);
    let items: Vec<Value> = found.iter().skip(offset).take(world.page).cloned().collect();
    let mut body = json!({ "kind": "calendar#events", "summary": "jan@lipowa.example", "timeZone": "Europe/Warsaw", "accessRole": "owner", "items": items });
    if offset + world.page < found.len() {
        body["nextPageToken"] = json!((offset + world.page).to_string());
    } else {
        body["nextSyncToken"] = json!(format!("sync-{}", world.count));
    }
    Json(body).into_response()
}

async fn insert(State(shared): State<Shared>, headers: HeaderMap, Json(event): Json<Value>) -> Response {
    let mut world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    let id = event["id"].as_str().unwrap_or_default().to_owned();
    if !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v')) || !(5..=1024).contains(&id.len()) || span(&event).is_none() {
        return error(400, "invalid");
    }
    if world.events.contains_key(&id) {
        return error(409, "duplicate");
    }
    Json(change(&mut world, &id, event)).into_response()
}

async fn watch(State(shared): State<Shared>, headers: HeaderMap, Json(asked): Json<Value>) -> Response {
    let mut world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    let id = asked["id"].as_str().unwrap_or_default().to_owned();
    if asked["type"] != "web_hook" || id.is_empty() || world.channels.contains_key(&id) {
        return error(400, "channelIdNotUnique");
    }
    let until = world.channel_until.map_or(4_102_444_800_000, |until| until.timestamp_millis());
    let body = json!({ "kind": "api#channel", "id": id, "resourceId": "o3hgv1538sdjfh", "resourceUri": "https://www.googleapis.com/calendar/v3/calendars/primary/events", "token": asked["token"], "expiration": until.to_string() });
    world.channels.insert(id, asked);
    Json(body).into_response()
}

async fn stop(State(shared): State<Shared>, headers: HeaderMap, Json(asked): Json<Value>) -> Response {
    let mut world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    let known = asked["id"].as_str().and_then(|id| world.channels.remove(id)).is_some();
    if known && asked["resourceId"] == "o3hgv1538sdjfh" { StatusCode::NO_CONTENT.into_response() } else { error(404, "notFound") }
}

async fn one(State(shared): State<Shared>, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    world.events.get(&id).map_or_else(|| error(404, "notFound"), |(_, event)| Json(event.clone()).into_response())
}

async fn update(
    State(shared): State<Shared>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Json(event): Json<Value>,
) -> Response {
    let mut world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    if let Some((id, event)) = world.meanwhile.take() {
        change(&mut world, &id, event);
    }
    let Some((_, before)) = world.events.get(&id) else { return error(404, "notFound") };
    let wanted = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    if wanted.is_some_and(|wanted| before["etag"] != wanted) {
        return error(412, "conditionNotMet");
    }
    Json(change(&mut world, &id, event)).into_response()
}

async fn delete(State(shared): State<Shared>, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let mut world = lock(&shared);
    if let Err(refused) = entered(&world, &headers) {
        return *refused;
    }
    match world.events.get(&id).map(|(_, event)| event.clone()) {
        None => error(404, "notFound"),
        Some(event) if event["status"] == "cancelled" => error(410, "deleted"),
        Some(mut event) => {
            event["status"] = json!("cancelled");
            change(&mut world, &id, event);
            StatusCode::NO_CONTENT.into_response()
        }
    }
}
