//! `/records/{id}/notes` and `/notes`: notes about any record.

use axum::response::Response;
use http::StatusCode;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::notes::{self, EditRecordNote, NewRecordNote, RecordNote, TickRecordNote};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete)).routes(routes!(tick)).routes(routes!(restore))
}

/// The notes about a record, the pinned first and then the newest.
#[utoipa::path(get, path = "/records/{id}/notes", tag = "records", params(("id" = EntityId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "Notes.", body = Page<RecordNote>), Problems))]
async fn list(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(page): Query<PageQuery>) -> Result<Json<Page<RecordNote>>> {
    let page = notes::list(&mut tx, id, &page).await?;
    tx.commit().await?;
    Ok(Json(page))
}

/// Write a note about a record, in Markdown.
///
/// `[@Jan Nowak](user:…)` mentions a member, `- [ ] …` is an item of a checklist. HTML in it is text.
#[utoipa::path(post, path = "/records/{id}/notes", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = NewRecordNote, security(("bearer" = [])),
    responses((status = 201, description = "Written.", body = RecordNote), Problems))]
async fn create(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(new): Json<NewRecordNote>) -> Result<Response> {
    created(tx, &format!("POST /records/{id}/notes"), key, &new, async |tx, new| notes::add(tx, id, new).await).await
}

/// Change what a note says; names the version that was read.
#[utoipa::path(put, path = "/notes/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = EditRecordNote,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordNote), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(edit): Json<EditRecordNote>) -> Result<Json<RecordNote>> {
    let note = notes::edit(&mut tx, id, &edit).await?;
    tx.commit().await?;
    Ok(Json(note))
}

/// Tick an item of a note's checklist, or take the tick away.
#[utoipa::path(post, path = "/notes/{id}/tick", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = TickRecordNote, security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = RecordNote), Problems))]
async fn tick(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(asked): Json<TickRecordNote>) -> Result<Response> {
    changed(tx, &format!("POST /notes/{id}/tick"), key, &asked, async |tx, asked| notes::tick_item(tx, id, asked).await).await
}

/// Take a note away; it can be brought back.
#[utoipa::path(delete, path = "/notes/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "It is gone until it is brought back."), Problems))]
async fn delete(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    notes::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a note back that was taken away.
#[utoipa::path(post, path = "/notes/{id}/restore", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "It is back.", body = RecordNote), Problems))]
async fn restore(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /notes/{id}/restore"), key, &id, async |tx, id| notes::restore(tx, *id).await).await
}
