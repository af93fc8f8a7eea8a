//! `/waiting`, `/appointments/requests`

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::{
    Result, State,
    id::EntityId,
    idempotency,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, created, replay},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    appointments::Appointment,
    waiting::{self, Choice, DeclineRequest, Matches, Offer, Waiting, WaitingInput},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(wanting))
        .routes(routes!(get_one, edit, remove))
        .routes(routes!(matches))
        .routes(routes!(offer))
        .routes(routes!(book))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(requests, request))
        .routes(routes!(decline_request))
}

/// Everybody who waits, the most urgent and then the longest waiting first, each with the time that is held for them.
#[utoipa::path(get, path = "/waiting", tag = "gabinet", security(("bearer" = [])), responses((status = 200, body = Page<Waiting>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<Waiting>>> {
    let items = waiting::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Puts somebody on the waiting list.
#[utoipa::path(post, path = "/waiting", tag = "gabinet", params(IdempotencyKey), request_body = WaitingInput, security(("bearer" = [])), responses((status = 201, body = Waiting), Problems))]
async fn add(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<WaitingInput>) -> Result<Response> {
    created(tx, "POST /waiting", key, &new, waiting::add).await
}

/// Of which visit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    appointment_id: EntityId,
}

/// Who waits for such a time as a visit has, in the order in which it would be offered to them.
#[utoipa::path(get, path = "/waiting/wanting", tag = "gabinet", params(Which), security(("bearer" = [])), responses((status = 200, body = Page<Waiting>), Problems))]
async fn wanting(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<Waiting>>> {
    let items = waiting::wanting(&mut tx, which.appointment_id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// One who waits.
#[utoipa::path(get, path = "/waiting/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Waiting), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Waiting>> {
    let found = waiting::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(found))
}

/// Changes what somebody waits for.
#[utoipa::path(put, path = "/waiting/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = WaitingInput, security(("bearer" = [])), responses((status = 200, body = Waiting), Problems))]
async fn edit(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(new): Json<WaitingInput>) -> Result<Json<Waiting>> {
    let changed = waiting::edit(&mut tx, id, &new).await?;
    tx.commit().await?;
    Ok(Json(changed))
}

/// Takes somebody from the list; a time that was offered to them goes to the next.
#[utoipa::path(delete, path = "/waiting/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 204), Problems))]
async fn remove(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    waiting::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The nearest free times that fit.
#[utoipa::path(get, path = "/waiting/{id}/matches", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Matches), Problems))]
async fn matches(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Matches>> {
    let found = waiting::matches(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(found))
}

/// Offers a time to one who waits, and holds it for them for half an hour.
#[utoipa::path(post, path = "/waiting/{id}/offers", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Choice, security(("bearer" = [])), responses((status = 201, body = Offer), Problems))]
async fn offer(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(choice): Json<Choice>) -> Result<Response> {
    let route = format!("POST /waiting/{id}/offers");
    created(tx, &route, key, &choice, async |tx, choice| waiting::offer(tx, id, choice).await).await
}

/// Books a time for one who waits; they wait no longer.
#[utoipa::path(post, path = "/waiting/{id}/book", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Choice, security(("bearer" = [])), responses((status = 201, body = Appointment), Problems))]
async fn book(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(choice): Json<Choice>) -> Result<Response> {
    let route = format!("POST /waiting/{id}/book");
    created(tx, &route, key, &choice, async |tx, choice| waiting::book(tx, id, choice).await).await
}

/// The patient takes the offered time: the first answer books.
#[utoipa::path(post, path = "/waiting/offers/{id}/accept", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), security(("bearer" = [])), responses((status = 201, body = Appointment), Problems))]
async fn accept(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    let route = format!("POST /waiting/offers/{id}/accept");
    created(tx, &route, key, &(), async |tx, ()| waiting::accept(tx, id).await).await
}

/// Requests for any time within a stretch that have not been answered yet, the most urgent and then the oldest first.
#[utoipa::path(get, path = "/appointments/requests", tag = "gabinet", security(("bearer" = [])), responses((status = 200, body = Page<Waiting>), Problems))]
async fn requests(RestTx(mut tx): RestTx) -> Result<Json<Page<Waiting>>> {
    let items = waiting::requests(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Asks for any time within a stretch: dates, days of the week and parts of the day. It is an entry of the waiting list of kind
/// `request`, whatever the body says of its kind. `GET /waiting/{id}/matches` tells the times that fit, `POST /waiting/{id}/book`
/// answers it by one of them.
#[utoipa::path(post, path = "/appointments/requests", tag = "gabinet", params(IdempotencyKey), request_body = WaitingInput, security(("bearer" = [])), responses((status = 201, body = Waiting), Problems))]
async fn request(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<WaitingInput>) -> Result<Response> {
    created(tx, "POST /appointments/requests", key, &new, waiting::request).await
}

/// Answers a request by a refusal, which says why.
#[utoipa::path(post, path = "/appointments/requests/{id}/decline", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = DeclineRequest, security(("bearer" = [])), responses((status = 204), Problems))]
async fn decline_request(
    RestTx(mut tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(declined): Json<DeclineRequest>,
) -> Result<Response> {
    let route = format!("POST /appointments/requests/{id}/decline");
    let key = key.0.as_deref();
    if let Some((status, body)) = idempotency::idempotent(&mut tx, &route, key, &declined).await? {
        return Ok(replay(status, body));
    }
    waiting::decline_request(&mut tx, id, &declined).await?;
    idempotency::store(&mut tx, &route, key, 204, &()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The patient does not want the offered time: it goes to the next.
#[utoipa::path(post, path = "/waiting/offers/{id}/decline", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), security(("bearer" = [])), responses((status = 204), Problems))]
async fn decline(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    let route = format!("POST /waiting/offers/{id}/decline");
    let key = key.0.as_deref();
    if let Some((status, body)) = idempotency::idempotent(&mut tx, &route, key, &()).await? {
        return Ok(replay(status, body));
    }
    waiting::decline(&mut tx, id).await?;
    idempotency::store(&mut tx, &route, key, 204, &()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
