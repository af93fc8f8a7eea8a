//! `/duplicates` and `/merges`: records that are one human.

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, RestTx, changed, created},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    duplicates::{self, Duplicate, PairDecision},
    merge::{self, MergeInput, MergePair, MergePreview, Merged, MergedSince},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(decide))
        .routes(routes!(preview))
        .routes(routes!(make))
        .routes(routes!(since))
        .routes(routes!(undo))
}

/// Pairs of records that are probably one human, with score and reasons.
#[utoipa::path(get, path = "/duplicates", tag = "persons", security(("bearer" = [])),
    responses((status = 200, description = "The likeliest first, at most 200; there is no second page.", body = Page<Duplicate>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<Duplicate>>> {
    let items = duplicates::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Say that a pair is two humans: it is not proposed again. Or take that back.
#[utoipa::path(post, path = "/duplicates/decisions", tag = "persons", params(IdempotencyKey), request_body = PairDecision,
    security(("bearer" = [])), responses((status = 200, description = "It is written down."), Problems))]
async fn decide(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<PairDecision>) -> Result<Response> {
    changed(tx, "POST /duplicates/decisions", key, &input, async |tx, input| {
        duplicates::decide(tx, input).await?;
        Ok(input.clone())
    })
    .await
}

/// What a merge would do, field by field; nothing is written.
#[utoipa::path(post, path = "/merges/preview", tag = "persons", request_body = MergePair, security(("bearer" = [])),
    responses((status = 200, description = "What would become of both.", body = MergePreview), Problems))]
async fn preview(RestTx(mut tx): RestTx, Json(pair): Json<MergePair>) -> Result<Json<MergePreview>> {
    let preview = merge::preview(&mut tx, &pair).await?;
    tx.commit().await?;
    Ok(Json(preview))
}

/// Make two records one. Everything that points to the other points to the one that stays; the other's id leads to it.
#[utoipa::path(post, path = "/merges", tag = "persons", params(IdempotencyKey), request_body = MergeInput, security(("bearer" = [])),
    responses((status = 201, description = "Merged.", body = Merged), Problems))]
async fn make(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<MergeInput>) -> Result<Response> {
    created(tx, "POST /merges", key, &input, merge::merge).await
}

/// A merge that was not taken back, and what has come since.
#[utoipa::path(get, path = "/merges/{id}", tag = "persons", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The merge.", body = MergedSince), Problems))]
async fn since(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<MergedSince>> {
    let told = merge::since(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Take a merge back, within thirty days. What has come since stays with the record that stayed.
#[utoipa::path(post, path = "/merges/{id}/undo", tag = "persons", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "What has come since.", body = MergedSince), Problems))]
async fn undo(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /merges/{id}/undo"), key, &id, async |tx, id| merge::undo(tx, *id).await).await
}
