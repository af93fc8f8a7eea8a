//! `/rota` and its drafts, time worked, and visits given to others.

use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use platform::{
    Result, State,
    id::{EntityId, LocationId},
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    appointments::Appointment,
    reassign::{self, Reassign, VisitToCome},
    rota::{self, Draft, DraftHead, DraftInput, Effects, NewDraft, Publish, Rota},
    working_time::{self, Worked, WorkedInput, WorkingTime},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(week))
        .routes(routes!(drafts, begin))
        .routes(routes!(draft, change, discard))
        .routes(routes!(effects))
        .routes(routes!(publish))
        .routes(routes!(month))
        .routes(routes!(worked, add_worked))
        .routes(routes!(delete_worked))
        .routes(routes!(visits))
        .routes(routes!(give))
}

/// Where and when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Range {
    location: LocationId,
    from: NaiveDate,
    /// Exclusive; at most 43 days later.
    to: NaiveDate,
}

/// Everybody's hours at a location over some dates, on the wall clock.
#[utoipa::path(get, path = "/rota", tag = "gabinet", params(Range), security(("bearer" = [])), responses((status = 200, body = Rota), Problems))]
async fn week(RestTx(mut tx): RestTx, Query(range): Query<Range>) -> Result<Json<Rota>> {
    let rota = rota::week(&mut tx, range.location, range.from, range.to).await?;
    tx.commit().await?;
    Ok(Json(rota))
}

/// Drafts that are neither published nor discarded.
#[utoipa::path(get, path = "/rota/drafts", tag = "gabinet", security(("bearer" = [])), responses((status = 200, body = Page<DraftHead>), Problems))]
async fn drafts(RestTx(mut tx): RestTx) -> Result<Json<Page<DraftHead>>> {
    let items = rota::drafts(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Begins a draft with the hours as they are.
#[utoipa::path(post, path = "/rota/drafts", tag = "gabinet", params(IdempotencyKey), request_body = NewDraft, security(("bearer" = [])), responses((status = 201, body = Draft), Problems))]
async fn begin(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<NewDraft>) -> Result<Response> {
    created(tx, "POST /rota/drafts", key, &input, rota::create).await
}

/// One draft.
#[utoipa::path(get, path = "/rota/drafts/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Draft), Problems))]
async fn draft(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Draft>> {
    let draft = rota::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(draft))
}

/// Changes a draft; names the version that was read.
#[utoipa::path(put, path = "/rota/drafts/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = DraftInput, security(("bearer" = [])), responses((status = 200, body = Draft), Problems))]
async fn change(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<DraftInput>) -> Result<Json<Draft>> {
    let draft = rota::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(draft))
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/rota/drafts/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 204), Problems))]
async fn discard(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    rota::discard(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What publishing a draft would do to visits that are booked, and to the minutes worked.
#[utoipa::path(get, path = "/rota/drafts/{id}/effects", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Effects), Problems))]
async fn effects(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Effects>> {
    let effects = rota::effects(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(effects))
}

/// Makes a draft the rota, for all its practitioners or for none.
#[utoipa::path(post, path = "/rota/drafts/{id}/publish", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Publish, security(("bearer" = [])), responses((status = 200, body = Draft), Problems))]
async fn publish(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<Publish>) -> Result<Response> {
    changed(tx, &format!("POST /rota/drafts/{id}/publish"), key, &input, async |tx, input| rota::publish(tx, id, input).await).await
}

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Month {
    /// Any date of it.
    month: NaiveDate,
}

/// A month of planned and real minutes: one's own, or anybody's for who sets hours.
#[utoipa::path(get, path = "/employees/{id}/working-time", tag = "gabinet", params(("id" = EntityId, Path), Month), security(("bearer" = [])), responses((status = 200, body = WorkingTime), Problems))]
async fn month(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(month): Query<Month>) -> Result<Json<WorkingTime>> {
    let time = working_time::month(&mut tx, id, month.month).await?;
    tx.commit().await?;
    Ok(Json(time))
}

/// Between which dates.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Between {
    from: NaiveDate,
    /// Exclusive.
    to: NaiveDate,
}

/// What was clocked between two dates of UTC.
#[utoipa::path(get, path = "/employees/{id}/worked", tag = "gabinet", params(("id" = EntityId, Path), Between), security(("bearer" = [])), responses((status = 200, body = Page<Worked>), Problems))]
async fn worked(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(between): Query<Between>) -> Result<Json<Page<Worked>>> {
    let items = working_time::worked(&mut tx, id, between.from, between.to).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Writes down when somebody was there.
#[utoipa::path(post, path = "/employees/{id}/worked", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = WorkedInput, security(("bearer" = [])), responses((status = 201, body = Worked), Problems))]
async fn add_worked(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<WorkedInput>) -> Result<Response> {
    let route = format!("POST /employees/{id}/worked");
    created(tx, &route, key, &input, async |tx, input| working_time::add_worked(tx, id, input).await).await
}

/// Takes it back.
#[utoipa::path(delete, path = "/worked/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 204), Problems))]
async fn delete_worked(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    working_time::delete_worked(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Visits that a practitioner, room or device still has before it.
#[utoipa::path(get, path = "/resources/{id}/visits", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Page<VisitToCome>), Problems))]
async fn visits(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<VisitToCome>>> {
    let items = reassign::visits(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Gives the visits of one practitioner, room or device to another at the same times: all of them or none.
#[utoipa::path(post, path = "/resources/{id}/reassign", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Reassign, security(("bearer" = [])), responses((status = 201, body = Page<Appointment>), Problems))]
async fn give(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<Reassign>) -> Result<Response> {
    let route = format!("POST /resources/{id}/reassign");
    created(tx, &route, key, &input, async |tx, input| Ok(Page { items: reassign::reassign(tx, id, input).await?, next_cursor: None }))
        .await
}
