//! `/resources`: rooms, devices and people as what can be booked.

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    calendar::ResourceKind,
    resources::{self, ResourceInput, ResourceRecord},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get_one, update))
}

/// Which resources.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `staff`, `room` or `device`; all if not given.
    kind: Option<ResourceKind>,
}

/// Rooms, devices and people that can be booked; at most 1,000.
#[utoipa::path(get, path = "/resources", tag = "calendar", params(Which), security(("bearer" = [])),
    responses((status = 200, description = "All of them; there is no second page.", body = Page<ResourceRecord>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<ResourceRecord>>> {
    let items = resources::list(&mut tx, which.kind).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a room or a device.
#[utoipa::path(post, path = "/resources", tag = "calendar", request_body = ResourceInput,
    params(IdempotencyKey),
    security(("bearer" = [])), responses((status = 201, description = "Made.", body = ResourceRecord), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<ResourceInput>) -> Result<Response> {
    created(tx, "POST /resources", key, &input, resources::insert).await
}

/// One resource.
#[utoipa::path(get, path = "/resources/{id}", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The resource.", body = ResourceRecord), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<ResourceRecord>> {
    let resource = resources::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(resource))
}

/// Change a resource; it stays of its kind.
#[utoipa::path(put, path = "/resources/{id}", tag = "calendar", params(("id" = EntityId, Path)), request_body = ResourceInput,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = ResourceRecord), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<ResourceInput>) -> Result<Json<ResourceRecord>> {
    let resource = resources::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(resource))
}
