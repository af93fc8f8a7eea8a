//! `/link-types`, `/records/{id}/links`, `/links` and `/records/{id}/graph`.

use axum::response::Response;
use http::StatusCode;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, RestTx, changed, created},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::links::{self, LinkChange, LinkType, LinkTypeInput, NewLink, RecordGraph, RecordLink};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(types, create_type))
        .routes(routes!(update_type))
        .routes(routes!(list, create))
        .routes(routes!(update, delete))
        .routes(routes!(restore))
        .routes(routes!(graph))
}

/// The organization's kinds of links.
#[utoipa::path(get, path = "/link-types", tag = "records", security(("bearer" = [])),
    responses((status = 200, description = "By name; there is no second page.", body = Page<LinkType>), Problems))]
async fn types(RestTx(mut tx): RestTx) -> Result<Json<Page<LinkType>>> {
    let items = links::types(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a kind of link: what it is called from either side, and which types of record it joins.
#[utoipa::path(post, path = "/link-types", tag = "records", params(IdempotencyKey), request_body = LinkTypeInput,
    security(("bearer" = [])), responses((status = 201, description = "Made.", body = LinkType), Problems))]
async fn create_type(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<LinkTypeInput>) -> Result<Response> {
    created(tx, "POST /link-types", key, &input, links::create_type).await
}

/// Change a kind of link; names the version that was read. Links that are there stay.
#[utoipa::path(put, path = "/link-types/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = LinkTypeInput,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = LinkType), Problems))]
async fn update_type(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<LinkTypeInput>) -> Result<Json<LinkType>> {
    let kind = links::update_type(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(kind))
}

/// The links of a record, each as it reads from there.
#[utoipa::path(get, path = "/records/{id}/links", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "There is no second page.", body = Page<RecordLink>), Problems))]
async fn list(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<RecordLink>>> {
    let items = links::list(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Link a record to another.
#[utoipa::path(post, path = "/records/{id}/links", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = NewLink,
    security(("bearer" = [])), responses((status = 201, description = "Linked.", body = RecordLink), Problems))]
async fn create(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(new): Json<NewLink>) -> Result<Response> {
    created(tx, &format!("POST /records/{id}/links"), key, &new, async |tx, new| links::link(tx, id, new).await).await
}

/// Change the dates and properties of a link; names the version that was read.
#[utoipa::path(put, path = "/links/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = LinkChange,
    security(("bearer" = [])), responses((status = 200, description = "As it reads from its beginning.", body = RecordLink), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(change): Json<LinkChange>) -> Result<Json<RecordLink>> {
    let link = links::change(&mut tx, id, &change).await?;
    tx.commit().await?;
    Ok(Json(link))
}

/// Take a link away; it can be brought back.
#[utoipa::path(delete, path = "/links/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "It is gone until it is brought back."), Problems))]
async fn delete(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    links::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a link back that was taken away.
#[utoipa::path(post, path = "/links/{id}/restore", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "As it reads from its beginning.", body = RecordLink), Problems))]
async fn restore(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /links/{id}/restore"), key, &id, async |tx, id| links::restore(tx, *id).await).await
}

/// The records around a record, at most two links away.
#[utoipa::path(get, path = "/records/{id}/graph", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "Records and the links between them; those one may not read are not there.", body = RecordGraph), Problems))]
async fn graph(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<RecordGraph>> {
    let graph = links::around(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(graph))
}
