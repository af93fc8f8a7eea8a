//! `/imports`: files that are taken over into records of whichever type that can be written.

use axum::{
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response},
};
use http::header;
use platform::{
    Error, Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, body::LARGEST_FILE, changed, created},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::fields::Seen;
use crate::imports::{self, ImportLine, ImportStep, LineOutcome, NewRecordImport, RecordImport, RecordImportChange};

/// All routes, relative to `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(get_one, change))
        .routes(routes!(trial))
        .routes(routes!(run))
        .routes(routes!(undo))
        .routes(routes!(lines))
        .routes(routes!(refusals))
        .layer(DefaultBodyLimit::max(LARGEST_FILE))
}

/// Which imports.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportsAsked {
    /// Into which type; all if not given.
    r#type: Option<String>,
}

/// One's own imports, and everybody's for those who look after jobs.
#[utoipa::path(get, path = "/imports", tag = "records", params(ImportsAsked), security(("bearer" = [])),
    responses((status = 200, description = "The newest fifty, without their lines; there is no second page.", body = Page<RecordImport>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(asked): Query<ImportsAsked>) -> Result<Json<Page<RecordImport>>> {
    let items = imports::list(&mut tx, asked.r#type.as_deref()).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Bring a file in.
///
/// CSV with a heading, whatever its encoding and delimiter. What its columns are is guessed; nothing is made yet.
#[utoipa::path(post, path = "/imports", tag = "records", params(IdempotencyKey), request_body = NewRecordImport, security(("bearer" = [])),
    responses((status = 201, description = "Read.", body = RecordImport), Problems))]
async fn begin(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<NewRecordImport>) -> Result<Response> {
    created(tx, "POST /imports", key, &input, imports::begin).await
}

/// One import: how it is read, how far it is, and what became of its lines.
#[utoipa::path(get, path = "/imports/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The import.", body = RecordImport), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<RecordImport>> {
    let import = imports::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(import))
}

/// Say what the columns of a file are and how it is read; names the version that was read.
#[utoipa::path(put, path = "/imports/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = RecordImportChange,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordImport), Problems))]
async fn change(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<RecordImportChange>) -> Result<Json<RecordImport>> {
    let import = imports::change(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(import))
}

/// Find out what would come of an import.
///
/// Every line is made and undone at once, so that what it tells is what would happen. `GET /imports/{id}` says when it is `tried`.
#[utoipa::path(post, path = "/imports/{id}/try", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = Seen,
    security(("bearer" = [])), responses((status = 200, description = "It is being found out.", body = RecordImport), Problems))]
async fn trial(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<Seen>) -> Result<Response> {
    let route = format!("POST /imports/{id}/try");
    changed(tx, &route, key, &input, async |tx, input| imports::step(tx, id, input.version, ImportStep::Try).await).await
}

/// Take a file over that was tried.
#[utoipa::path(post, path = "/imports/{id}/run", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = Seen,
    security(("bearer" = [])), responses((status = 200, description = "It is being done.", body = RecordImport), Problems))]
async fn run(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<Seen>) -> Result<Response> {
    let route = format!("POST /imports/{id}/run");
    changed(tx, &route, key, &input, async |tx, input| imports::step(tx, id, input.version, ImportStep::Run).await).await
}

/// Take an import back; what was changed since stays, and is told.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = Seen,
    security(("bearer" = [])), responses((status = 200, description = "It is being taken back.", body = RecordImport), Problems))]
async fn undo(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<Seen>) -> Result<Response> {
    let route = format!("POST /imports/{id}/undo");
    changed(tx, &route, key, &input, async |tx, input| imports::step(tx, id, input.version, ImportStep::Undo).await).await
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LinesAsked {
    /// Of which this became; all if not given.
    #[param(inline)]
    outcome: Option<LineOutcome>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// The lines of a file and what became of them, in their order.
#[utoipa::path(get, path = "/imports/{id}/lines", tag = "records", params(("id" = EntityId, Path), LinesAsked), security(("bearer" = [])),
    responses((status = 200, description = "A page of them.", body = Page<ImportLine>), Problems))]
async fn lines(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<LinesAsked>) -> Result<Json<Page<ImportLine>>> {
    let page = PageQuery { cursor: asked.cursor, limit: asked.limit };
    let lines = imports::rows(&mut tx, id, asked.outcome, &page).await?;
    tx.commit().await?;
    Ok(Json(lines))
}

/// The lines that were not taken over, as CSV: as they came, with the line, the columns at fault and the reasons.
#[utoipa::path(get, path = "/imports/{id}/refusals", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "CSV with a heading.", body = String, content_type = "text/csv"), Problems))]
async fn refusals(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Response, Error> {
    let csv = imports::refusals(&mut tx, id, LineOutcome::Refused, &[], &BTreeMap::new()).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"refusals.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, csv).into_response())
}
