//! `/appointments/holds` and `/appointments/swap`

use axum::{http::StatusCode, response::Response};
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Path, Problems, RestTx, changed, created},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::appointments::{self, Hold, HoldTime, SwapVisits, Swapped, holds};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(hold)).routes(routes!(release)).routes(routes!(swap))
}

/// Holds a time for five minutes, or brings one's hold to another time under its id. Others see it as taken.
#[utoipa::path(post, path = "/appointments/holds", tag = "gabinet", params(IdempotencyKey), request_body = HoldTime, security(("bearer" = [])), responses((status = 201, body = Hold), Problems))]
async fn hold(RestTx(tx): RestTx, key: IdempotencyKey, Json(wanted): Json<HoldTime>) -> Result<Response> {
    created(tx, "POST /appointments/holds", key, &wanted, holds::hold).await
}

/// Gives a held time back.
#[utoipa::path(delete, path = "/appointments/holds/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 204), Problems))]
async fn release(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    holds::release(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets two visits change places, both or neither. Undone by asking again with the new versions.
#[utoipa::path(post, path = "/appointments/swap", tag = "gabinet", params(IdempotencyKey), request_body = SwapVisits, security(("bearer" = [])), responses((status = 200, body = Swapped), Problems))]
async fn swap(RestTx(tx): RestTx, key: IdempotencyKey, Json(asked): Json<SwapVisits>) -> Result<Response> {
    changed(tx, "POST /appointments/swap", key, &asked, appointments::swap).await
}
