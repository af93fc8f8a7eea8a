//! `/series`

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::series::{self, NewSeries, Series, SeriesAsked, SeriesChange, SeriesPreview};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(of_visit, create))
        .routes(routes!(get_one))
        .routes(routes!(preview_change))
        .routes(routes!(change))
}

/// What a plan would come to: each occurrence with its verdict, all reasons and the nearest alternatives. Books nothing.
#[utoipa::path(post, path = "/series/preview", tag = "gabinet", request_body = SeriesAsked, security(("bearer" = [])), responses((status = 200, body = SeriesPreview), Problems))]
async fn preview(RestTx(mut tx): RestTx, Json(asked): Json<SeriesAsked>) -> Result<Json<SeriesPreview>> {
    let preview = series::preview(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(preview))
}

/// Books all occurrences that are not left out, or none. If one can't be had, `current` of the problem holds the preview
/// as it is by now.
#[utoipa::path(post, path = "/series", tag = "gabinet", params(IdempotencyKey), request_body = NewSeries, security(("bearer" = [])), responses((status = 201, body = Series), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<NewSeries>) -> Result<Response> {
    created(tx, "POST /series", key, &new, series::create).await
}

/// Of which visit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A visit, by its own id or its activity's.
    appointment_id: EntityId,
}

/// The series of which a visit is one: none or one.
#[utoipa::path(get, path = "/series", tag = "gabinet", params(Which), security(("bearer" = [])), responses((status = 200, body = Page<Series>), Problems))]
async fn of_visit(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<Series>>> {
    let items = series::of_visit(&mut tx, which.appointment_id).await?.into_iter().collect();
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// One series with its visits.
#[utoipa::path(get, path = "/series/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Series), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Series>> {
    let series = series::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(series))
}

/// What a change of a series would come to. Changes nothing.
#[utoipa::path(post, path = "/series/{id}/preview", tag = "gabinet", params(("id" = EntityId, Path)), request_body = SeriesChange, security(("bearer" = [])), responses((status = 200, body = SeriesPreview), Problems))]
async fn preview_change(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(asked): Json<SeriesChange>) -> Result<Json<SeriesPreview>> {
    let preview = series::preview_change(&mut tx, id, &asked).await?;
    tx.commit().await?;
    Ok(Json(preview))
}

/// Moves, gives away or cancels one visit of a series, that and the following, or all that are to come; all of them or
/// none. Exceptions stay as they are.
#[utoipa::path(post, path = "/series/{id}/change", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = SeriesChange, security(("bearer" = [])), responses((status = 200, body = Series), Problems))]
async fn change(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(asked): Json<SeriesChange>) -> Result<Response> {
    changed(tx, &format!("POST /series/{id}/change"), key, &asked, async |tx, asked| series::change(tx, id, asked).await).await
}
