//! `/activities`: what all activities have in common, and core's own types.

use axum::response::Response;
use chrono::{DateTime, Utc};
use platform::{
    Result, State,
    id::{EntityId, LocationId},
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    calendar::{
        Status,
        activities::{self, Activity, Asked},
        generic::{self, GenericDetails, NewGeneric},
        moves,
    },
    hooks::{MoveTo, MoveTogether, Note, StatusChange},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, book))
        .routes(routes!(get_one, move_to, cancel))
        .routes(routes!(together))
        .routes(routes!(history))
        .routes(routes!(status))
        .routes(routes!(note))
}

/// Which activities. Their page is told in the same place.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    from: DateTime<Utc>,
    /// Exclusive.
    to: DateTime<Utc>,
    /// All locations if not given.
    location_id: Option<LocationId>,
    /// Only what takes this resource's time.
    resource_id: Option<EntityId>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Activities of all products that lie at least partly between two instants.
#[utoipa::path(get, path = "/activities", tag = "calendar", params(Which), security(("bearer" = [])),
    responses((status = 200, description = "By start; one page.", body = Page<Activity>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<Activity>>> {
    let page = PageQuery { cursor: which.cursor, limit: which.limit };
    let limit = page.limit();
    let asked = Asked {
        from: which.from,
        to: which.to,
        location: which.location_id,
        resource: which.resource_id,
        after: page.after()?,
        limit: limit + 1,
    };
    let items = activities::list(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(Page::of(items, limit, |last| (last.start, last.id))?))
}

/// Put a meeting, task or block on the calendar.
#[utoipa::path(post, path = "/activities", tag = "calendar", request_body = NewGeneric,
    params(IdempotencyKey),
    security(("bearer" = [])), responses((status = 201, description = "Booked.", body = Activity), Problems))]
async fn book(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<NewGeneric>) -> Result<Response> {
    created(tx, "POST /activities", key, &new, generic::book).await
}

/// One activity, of whichever product.
///
/// What it is about is left out for those who may not read its product's records.
#[utoipa::path(get, path = "/activities/{id}", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The activity.", body = Activity), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Activity>> {
    let activity = activities::see(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(activity))
}

/// What was done to an activity, beside what it says.
#[utoipa::path(get, path = "/activities/{id}/history", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The activity with its history, the latest step first.", body = GenericDetails), Problems))]
async fn history(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<GenericDetails>> {
    let details = generic::details(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(details))
}

/// Move or resize an activity by the rules of the module it belongs to.
#[utoipa::path(put, path = "/activities/{id}", tag = "calendar", params(("id" = EntityId, Path)), request_body = MoveTo,
    security(("bearer" = [])),
    responses((status = 200, description = "As it is now; the same version if nothing changed.", body = Activity), Problems))]
async fn move_to(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(to): Json<MoveTo>) -> Result<Json<Activity>> {
    let activity = moves::move_to(&mut tx, id, &to).await?;
    tx.commit().await?;
    Ok(Json(activity))
}

/// Move several activities at once, each by the rules of the module it belongs to: all of them or none.
///
/// A refusal names each that cannot go by a reason of rule `moved`, with what stands against it after that. To undo it they
/// are moved back in the same way.
#[utoipa::path(post, path = "/activities/move", tag = "calendar", params(IdempotencyKey), request_body = MoveTogether,
    security(("bearer" = [])), responses((status = 200, description = "As they are now, in the order asked for.", body = Vec<Activity>), Problems))]
async fn together(RestTx(tx): RestTx, key: IdempotencyKey, Json(asked): Json<MoveTogether>) -> Result<Response> {
    changed(tx, "POST /activities/move", key, &asked, moves::together).await
}

/// Take an activity a step further, by the rules of the module it belongs to.
#[utoipa::path(post, path = "/activities/{id}/status", tag = "calendar", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = StatusChange, security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = Activity), Problems))]
async fn status(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(change): Json<StatusChange>) -> Result<Response> {
    changed(tx, &format!("POST /activities/{id}/status"), key, &change, async |tx, change| moves::set_status(tx, id, change).await).await
}

/// Write something down about an activity, below what was written before.
///
/// It names no version: the notes of two people are both kept.
#[utoipa::path(post, path = "/activities/{id}/notes", tag = "calendar", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = Note, security(("bearer" = [])),
    responses((status = 200, description = "The activity.", body = Activity), Problems))]
async fn note(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(note): Json<Note>) -> Result<Response> {
    changed(tx, &format!("POST /activities/{id}/notes"), key, &note, async |tx, note| moves::note(tx, id, note).await).await
}

/// Why it is cancelled.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cancel {
    /// The version that was seen; the present one if not given.
    version: Option<i32>,
    /// At most 1,000 characters.
    reason: Option<String>,
}

/// Cancel an activity; its time is free at once.
#[utoipa::path(delete, path = "/activities/{id}", tag = "calendar", params(("id" = EntityId, Path), Cancel), security(("bearer" = [])),
    responses((status = 200, description = "The cancelled activity.", body = Activity), Problems))]
async fn cancel(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<Cancel>) -> Result<Json<Activity>> {
    let version = match asked.version {
        Some(version) => version,
        None => activities::get(&mut tx, id).await?.version,
    };
    let change = StatusChange { version, to: Status::Cancelled, reason: asked.reason.unwrap_or_default() };
    let activity = moves::set_status(&mut tx, id, &change).await?;
    tx.commit().await?;
    Ok(Json(activity))
}
