//! `/treatments`

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, RestTx, created},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::treatments::{self, Treatment, TreatmentInput};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get_one, update))
}

/// The whole catalogue, at most 2,000 treatments.
#[utoipa::path(get, path = "/treatments", tag = "gabinet", security(("bearer" = [])), responses((status = 200, body = Page<Treatment>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<Treatment>>> {
    let items = treatments::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Adds a treatment to the catalogue.
#[utoipa::path(post, path = "/treatments", tag = "gabinet", params(IdempotencyKey), request_body = TreatmentInput, security(("bearer" = [])), responses((status = 201, body = Treatment), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<TreatmentInput>) -> Result<Response> {
    created(tx, "POST /treatments", key, &input, treatments::create).await
}

/// One treatment.
#[utoipa::path(get, path = "/treatments/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Treatment), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Treatment>> {
    let treatment = treatments::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(treatment))
}

/// Changes a treatment; names the version that was read.
#[utoipa::path(put, path = "/treatments/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = TreatmentInput, security(("bearer" = [])), responses((status = 200, body = Treatment), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<TreatmentInput>) -> Result<Json<Treatment>> {
    let treatment = treatments::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(treatment))
}
