//! `/views` and `/records/{type}/…`: lists of any type of record, and those that were kept.

use axum::response::{IntoResponse, Response};
use http::header;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, created},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    filter::{Explained, Filter},
    views::{self, Column, Rows, Summary, SummaryQuery, View, ViewInput},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, update, delete))
        .routes(routes!(restore))
        .routes(routes!(columns))
        .routes(routes!(query))
        .routes(routes!(summary))
        .routes(routes!(explain))
        .routes(routes!(export))
}

/// Views of which type.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `crm:lead`, `object:device` …
    #[serde(rename = "type")]
    entity_type: String,
}

/// Which state of a view is taken away.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Version {
    /// The version that was read (R18).
    version: i32,
}

/// The kept views of a type: one's own, one's teams', everybody's.
#[utoipa::path(get, path = "/views", tag = "views", params(Which), security(("bearer" = [])),
    responses((status = 200, description = "All of them; there is no second page.", body = Page<View>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<View>>> {
    let items = views::list(&mut tx, &which.entity_type).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Keep a view.
#[utoipa::path(post, path = "/views", tag = "views", request_body = ViewInput, params(IdempotencyKey), security(("bearer" = [])),
    responses((status = 201, description = "Kept.", body = View), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<ViewInput>) -> Result<Response> {
    created(tx, "POST /views", key, &input, views::create).await
}

/// One view.
#[utoipa::path(get, path = "/views/{id}", tag = "views", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The view.", body = View), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<View>> {
    let view = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Change a view; names the version that was read.
#[utoipa::path(put, path = "/views/{id}", tag = "views", params(("id" = EntityId, Path)), request_body = ViewInput, security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = View), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<ViewInput>) -> Result<Json<View>> {
    let view = views::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Take a view away; it can be brought back.
#[utoipa::path(delete, path = "/views/{id}", tag = "views", params(("id" = EntityId, Path), Version), security(("bearer" = [])),
    responses((status = 204, description = "Gone."), Problems))]
async fn delete(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(version): Query<Version>) -> Result<http::StatusCode> {
    views::delete(&mut tx, id, version.version).await?;
    tx.commit().await?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// Bring back a view that was taken away.
#[utoipa::path(post, path = "/views/{id}/restore", tag = "views", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "Back again.", body = View), Problems))]
async fn restore(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<View>> {
    let view = views::restore(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// What lists of a type can show, be filtered, ordered and grouped by.
#[utoipa::path(get, path = "/records/{type}/columns", tag = "views", params(("type" = String, Path)), security(("bearer" = [])),
    responses((status = 200, description = "All of them; there is no second page.", body = Page<Column>), Problems))]
async fn columns(RestTx(mut tx): RestTx, Path(kind): Path<String>) -> Result<Json<Page<Column>>> {
    let items = views::columns_of(&mut tx, &kind).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// A page of the records that pass a filter.
#[utoipa::path(post, path = "/records/{type}/query", tag = "views", params(("type" = String, Path)), request_body = views::Query,
    security(("bearer" = [])), responses((status = 200, description = "The page.", body = Rows), Problems))]
async fn query(RestTx(mut tx): RestTx, Path(kind): Path<String>, Json(asked): Json<views::Query>) -> Result<Json<Rows>> {
    let rows = views::query(&mut tx, &kind, &asked).await?;
    tx.commit().await?;
    Ok(Json(rows))
}

/// How many records pass a filter, by groups, and measures of them.
#[utoipa::path(post, path = "/records/{type}/summary", tag = "views", params(("type" = String, Path)), request_body = SummaryQuery,
    security(("bearer" = [])), responses((status = 200, description = "Counts and measures.", body = Summary), Problems))]
async fn summary(RestTx(mut tx): RestTx, Path(kind): Path<String>, Json(asked): Json<SummaryQuery>) -> Result<Json<Summary>> {
    let summary = views::summary(&mut tx, &kind, &asked).await?;
    tx.commit().await?;
    Ok(Json(summary))
}

/// Why a record passes a filter, or does not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExplainQuery {
    id: EntityId,
    #[serde(default)]
    filter: Filter,
}

/// Why a record passes a filter or does not: the filter's tree, each node with its truth and what the record holds there.
#[utoipa::path(post, path = "/records/{type}/explain", tag = "views", params(("type" = String, Path)), request_body = ExplainQuery,
    security(("bearer" = [])), responses((status = 200, description = "The tree.", body = Explained), Problems))]
async fn explain(RestTx(mut tx): RestTx, Path(kind): Path<String>, Json(asked): Json<ExplainQuery>) -> Result<Json<Explained>> {
    let explained = views::explain(&mut tx, &kind, &asked.filter, asked.id).await?;
    tx.commit().await?;
    Ok(Json(explained))
}

/// All records that pass a filter, at most 100,000, as CSV in UTF-8.
#[utoipa::path(post, path = "/records/{type}/export", tag = "views", params(("type" = String, Path)), request_body = views::Query,
    security(("bearer" = [])), responses((status = 200, description = "CSV with a heading.", body = String, content_type = "text/csv"), Problems))]
async fn export(RestTx(mut tx): RestTx, Path(kind): Path<String>, Json(asked): Json<views::Query>) -> Result<Response> {
    let csv = views::export(&mut tx, &kind, &asked, &[]).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"records.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, csv).into_response())
}
