//! `/tags` and `/records/{id}/tags`.

use axum::response::Response;
use http::StatusCode;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::tags::{self, PutTag, RecordTag, TagInput};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, delete))
        .routes(routes!(restore))
        .routes(routes!(of, put_on, take_off))
}

/// The organization's tags.
#[utoipa::path(get, path = "/tags", tag = "records", security(("bearer" = [])),
    responses((status = 200, description = "By name; there is no second page.", body = Page<RecordTag>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<RecordTag>>> {
    let items = tags::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a tag.
#[utoipa::path(post, path = "/tags", tag = "records", params(IdempotencyKey), request_body = TagInput, security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = RecordTag), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<TagInput>) -> Result<Response> {
    created(tx, "POST /tags", key, &input, tags::create).await
}

/// Give a tag another name or colour; names the version that was read.
#[utoipa::path(put, path = "/tags/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = TagInput,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordTag), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<TagInput>) -> Result<Json<RecordTag>> {
    let tag = tags::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(tag))
}

/// Take a tag away from everything; it can be brought back.
#[utoipa::path(delete, path = "/tags/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "It is gone until it is brought back."), Problems))]
async fn delete(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    tags::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a tag back to where it was.
#[utoipa::path(post, path = "/tags/{id}/restore", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "It is back.", body = RecordTag), Problems))]
async fn restore(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /tags/{id}/restore"), key, &id, async |tx, id| tags::restore(tx, *id).await).await
}

/// The tags of a record.
#[utoipa::path(get, path = "/records/{id}/tags", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "By name; there is no second page.", body = Page<RecordTag>), Problems))]
async fn of(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<RecordTag>>> {
    let items = tags::of(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Put a tag on a record, or leave it there.
#[utoipa::path(post, path = "/records/{id}/tags", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = PutTag,
    security(("bearer" = [])), responses((status = 200, description = "The tags the record has now.", body = Vec<RecordTag>), Problems))]
async fn put_on(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(put): Json<PutTag>) -> Result<Response> {
    changed(tx, &format!("POST /records/{id}/tags"), key, &put, async |tx, put| tags::tag(tx, id, put.tag).await).await
}

/// Which tag.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TakeOff {
    tag: EntityId,
}

/// Take a tag from a record, if it has it.
#[utoipa::path(delete, path = "/records/{id}/tags", tag = "records", params(("id" = EntityId, Path), TakeOff), security(("bearer" = [])),
    responses((status = 200, description = "The tags the record has now.", body = Vec<RecordTag>), Problems))]
async fn take_off(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<TakeOff>) -> Result<Json<Vec<RecordTag>>> {
    let left = tags::untag(&mut tx, id, asked.tag).await?;
    tx.commit().await?;
    Ok(Json(left))
}
