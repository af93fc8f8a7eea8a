//! `/activities`: what all activities have in common, and core's own types.

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Path, Problems, Query, RestTx, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    calendar::{
        Status,
        activities::{self, Activity},
        generic::{self, GenericDetails, NewGeneric},
        moves,
    },
    core::CALENDAR_READ,
    hooks::{MoveTo, StatusChange},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(book)).routes(routes!(get_one, move_to, cancel)).routes(routes!(history))
}

/// Puts a meeting, task or block on the calendar.
#[utoipa::path(post, path = "/activities", tag = "calendar", request_body = NewGeneric, security(("bearer" = [])), responses((status = 201, body = Activity), Problems))]
async fn book(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<NewGeneric>) -> Result<Response> {
    created(tx, "POST /activities", key, &new, generic::book).await
}

/// One activity, of whichever product.
#[utoipa::path(get, path = "/activities/{id}", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Activity), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Activity>> {
    tx.require(CALENDAR_READ)?;
    let activity = activities::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(activity))
}

/// What was done to an activity, beside what it says.
#[utoipa::path(get, path = "/activities/{id}/history", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = GenericDetails), Problems))]
async fn history(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<GenericDetails>> {
    let details = generic::details(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(details))
}

/// Moves or resizes an activity by the rules of the module it belongs to.
#[utoipa::path(put, path = "/activities/{id}", tag = "calendar", params(("id" = EntityId, Path)), request_body = MoveTo, security(("bearer" = [])), responses((status = 200, body = Activity), Problems))]
async fn move_to(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(to): Json<MoveTo>) -> Result<Json<Activity>> {
    let activity = moves::move_to(&mut tx, id, &to).await?;
    tx.commit().await?;
    Ok(Json(activity))
}

/// Why it is cancelled.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cancel {
    /// The version that was seen; the present one if not given.
    version: Option<i32>,
    /// Why.
    reason: Option<String>,
}

/// Cancels an activity; its time is free at once.
#[utoipa::path(delete, path = "/activities/{id}", tag = "calendar", params(("id" = EntityId, Path), Cancel), security(("bearer" = [])), responses((status = 200, body = Activity), Problems))]
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
