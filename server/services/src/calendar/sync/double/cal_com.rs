//! As Cal.com answers (version 2 of its API, bookings of 2024-08-13).

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::{Shared, World, lock};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v2/me", get(me))
        .route("/v2/webhooks", get(hooks).post(hang))
        .route("/v2/webhooks/{id}", delete(take_down))
        .route("/v2/bookings", get(list).post(book))
        .route("/v2/bookings/{uid}/cancel", post(cancel))
}

/// Puts a booking there as somebody who books does.
pub(super) fn change(world: &mut World, uid: &str, booking: Value) -> Value {
    world.count += 1;
    let mut booking = booking;
    let changed = "2026-11-24T07:00:00Z".parse::<DateTime<Utc>>().unwrap_or_default()
        + TimeDelta::minutes(i64::try_from(world.count).unwrap_or(0) * 10);
    booking["id"] = json!(world.count);
    booking["uid"] = json!(uid);
    booking["updatedAt"] = json!(changed.to_rfc3339_opts(SecondsFormat::Millis, true));
    if booking["status"].is_null() {
        booking["status"] = json!("accepted");
    }
    if booking["metadata"].is_null() {
        booking["metadata"] = json!({});
    }
    world.bookings.insert(uid.to_owned(), booking.clone());
    booking
}

fn entered(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).is_some_and(|value| value == "Bearer cal_live_good") && headers.contains_key("cal-api-version")
}

fn refused(status: StatusCode, code: &str) -> Response {
    let body = json!({ "status": "error", "timestamp": "2026-11-24T07:00:00.000Z", "path": "/v2", "error": { "code": code, "message": code, "details": {} } });
    (status, Json(body)).into_response()
}

fn done(data: &Value) -> Response {
    Json(json!({ "status": "success", "data": data })).into_response()
}

async fn me(headers: HeaderMap) -> Response {
    if !entered(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "UnauthorizedException");
    }
    done(
        &json!({ "id": 1, "username": "jan-nowak", "email": "jan@lipowa.example", "timeFormat": 24, "weekStart": "Monday", "timeZone": "Europe/Warsaw" }),
    )
}

async fn hooks(State(shared): State<Shared>) -> Response {
    let all: Vec<Value> = lock(&shared).hooks.values().cloned().collect();
    done(&json!(all))
}

async fn hang(State(shared): State<Shared>, headers: HeaderMap, Json(hook): Json<Value>) -> Response {
    if !entered(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "UnauthorizedException");
    }
    let mut world = lock(&shared);
    world.count += 1;
    let id = format!("hook-{}", world.count);
    let mut hook = hook;
    hook["id"] = json!(id);
    world.hooks.insert(id, hook.clone());
    (StatusCode::CREATED, Json(json!({ "status": "success", "data": hook }))).into_response()
}

async fn take_down(State(shared): State<Shared>, Path(id): Path<String>) -> Response {
    match lock(&shared).hooks.remove(&id) {
        Some(hook) => done(&hook),
        None => refused(StatusCode::NOT_FOUND, "NotFoundException"),
    }
}

async fn list(State(shared): State<Shared>, Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    if !entered(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "UnauthorizedException");
    }
    let world = lock(&shared);
    let word = |booking: &Value, name: &str| booking[name].as_str().unwrap_or_default().to_owned();
    let mut found: Vec<Value> = world
        .bookings
        .values()
        .filter(|booking| {
            query.get("afterUpdatedAt").is_none_or(|after| word(booking, "updatedAt") >= *after)
                && query.get("afterStart").is_none_or(|after| word(booking, "start") >= *after)
                && query.get("beforeEnd").is_none_or(|before| word(booking, "end") <= *before)
        })
        .cloned()
        .collect();
    found.sort_by_key(|booking| word(booking, "updatedAt"));
    let number = |name: &str, default: usize| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (skip, take) = (number("skip", 0), number("take", 100).min(world.page));
    let items: Vec<Value> = found.iter().skip(skip).take(take).cloned().collect();
    let more = skip + items.len() < found.len();
    let pagination = json!({ "totalItems": found.len(), "returnedItems": items.len(), "itemsPerPage": take, "hasNextPage": more, "hasPreviousPage": skip > 0 });
    Json(json!({ "status": "success", "data": items, "pagination": pagination })).into_response()
}

async fn book(State(shared): State<Shared>, headers: HeaderMap, Json(asked): Json<Value>) -> Response {
    if !entered(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "UnauthorizedException");
    }
    let mut world = lock(&shared);
    let start = asked["start"].as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let (Some(start), Some(minutes), Some(kind)) = (start, asked["lengthInMinutes"].as_i64(), asked["eventTypeId"].as_i64()) else {
        return refused(StatusCode::BAD_REQUEST, "BadRequestException");
    };
    if asked["attendee"]["email"].as_str().is_none_or(str::is_empty) || world.minutes.is_some_and(|only| only != minutes) {
        return refused(StatusCode::BAD_REQUEST, "BadRequestException");
    }
    let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let booking = json!({
        "title": "Busy", "status": "accepted", "start": at(start), "end": at(start + TimeDelta::minutes(minutes)), "duration": minutes,
        "eventTypeId": kind, "eventType": { "id": kind, "slug": "busy" }, "attendees": [asked["attendee"]], "metadata": asked["metadata"],
    });
    let uid = format!("own{}", world.count + 1);
    let made = change(&mut world, &uid, booking);
    (StatusCode::CREATED, Json(json!({ "status": "success", "data": made }))).into_response()
}

async fn cancel(State(shared): State<Shared>, Path(uid): Path<String>, headers: HeaderMap) -> Response {
    if !entered(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "UnauthorizedException");
    }
    let mut world = lock(&shared);
    match world.bookings.get(&uid).cloned() {
        None => refused(StatusCode::NOT_FOUND, "NotFoundException"),
        Some(booking) if booking["status"] == "cancelled" => refused(StatusCode::BAD_REQUEST, "BadRequestException"),
        Some(mut booking) => {
            booking["status"] = json!("cancelled");
            done(&change(&mut world, &uid, booking))
        }
    }
}
