//! `/leave` with its requests and balances, `/holidays`, and lists of closures.

use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use platform::{
    Error, Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    EMPLOYEES_READ, PRODUCT, employees,
    hours::{
        self, Balance, Closure, Decision, EntitlementInput, ImportClosures, Leave, LeaveInput,
        holidays::{Country, Holiday},
    },
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(everybodys))
        .routes(routes!(list_leave, add_leave))
        .routes(routes!(delete_leave))
        .routes(routes!(request))
        .routes(routes!(decide))
        .routes(routes!(cancel))
        .routes(routes!(balances, entitle))
        .routes(routes!(holidays))
        .routes(routes!(import))
}

/// From when on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct From {
    /// What ended before is left out.
    from: Option<NaiveDate>,
}

/// Everybody's leave, whatever was decided about it.
#[utoipa::path(get, path = "/leave", tag = "gabinet", params(From), security(("bearer" = [])), responses((status = 200, body = Page<Leave>), Problems))]
async fn everybodys(RestTx(mut tx): RestTx, Query(from): Query<From>) -> Result<Json<Page<Leave>>> {
    let items = hours::leave(&mut tx, None, from.from.unwrap_or_default()).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// A practitioner's leave.
#[utoipa::path(get, path = "/employees/{id}/leave", tag = "gabinet", params(("id" = EntityId, Path), From), security(("bearer" = [])), responses((status = 200, body = Page<Leave>), Problems))]
async fn list_leave(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(from): Query<From>) -> Result<Json<Page<Leave>>> {
    employees::get(&mut tx, id).await?;
    let items = hours::leave(&mut tx, Some(id), from.from.unwrap_or_default()).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Books leave that needs nobody's approval any more.
#[utoipa::path(post, path = "/employees/{id}/leave", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = LeaveInput, security(("bearer" = [])), responses((status = 201, body = Leave), Problems))]
async fn add_leave(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<LeaveInput>) -> Result<Response> {
    let route = format!("POST /employees/{id}/leave");
    created(tx, &route, key, &input, async |tx, input| hours::add_leave(tx, id, input).await).await
}

/// Takes a leave back.
#[utoipa::path(delete, path = "/leave/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 204), Problems))]
async fn delete_leave(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    hours::delete_leave(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for leave of one's own; who plans leave may ask for anybody.
#[utoipa::path(post, path = "/employees/{id}/leave-requests", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = LeaveInput, security(("bearer" = [])), responses((status = 201, body = Leave), Problems))]
async fn request(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<LeaveInput>) -> Result<Response> {
    let route = format!("POST /employees/{id}/leave-requests");
    created(tx, &route, key, &input, async |tx, input| hours::request_leave(tx, id, input).await).await
}

/// Approves or declines a request.
#[utoipa::path(post, path = "/leave/{id}/decision", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Decision, security(("bearer" = [])), responses((status = 200, body = Leave), Problems))]
async fn decide(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<Decision>) -> Result<Response> {
    changed(tx, &format!("POST /leave/{id}/decision"), key, &input, async |tx, input| hours::decide(tx, id, input).await).await
}

/// Takes a request back: one's own before it is answered, any for who plans leave.
#[utoipa::path(post, path = "/leave/{id}/cancel", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), security(("bearer" = [])), responses((status = 200, body = Leave), Problems))]
async fn cancel(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /leave/{id}/cancel"), key, &(), async |tx, ()| hours::cancel(tx, id).await).await
}

/// Which year.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Year {
    #[param(minimum = 1970, maximum = 2200)]
    year: i16,
}

/// A year's leave by kind, in half days.
#[utoipa::path(get, path = "/employees/{id}/leave-balance", tag = "gabinet", params(("id" = EntityId, Path), Year), security(("bearer" = [])), responses((status = 200, body = Page<Balance>), Problems))]
async fn balances(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(year): Query<Year>) -> Result<Json<Page<Balance>>> {
    let items = hours::balances(&mut tx, id, year.year).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Says how much leave of a kind somebody has in a year.
#[utoipa::path(put, path = "/employees/{id}/leave-balance", tag = "gabinet", params(("id" = EntityId, Path)), request_body = EntitlementInput, security(("bearer" = [])), responses((status = 200, body = Page<Balance>), Problems))]
async fn entitle(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<EntitlementInput>) -> Result<Json<Page<Balance>>> {
    let items = hours::set_entitlement(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Of which country and year.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Holidays {
    #[param(inline)]
    country: Country,
    #[param(minimum = 1970, maximum = 2200)]
    year: i16,
}

/// Public holidays of a year, computed; those of other countries are imported as a list.
#[utoipa::path(get, path = "/holidays", tag = "gabinet", params(Holidays), security(("bearer" = [])), responses((status = 200, body = Page<Holiday>), Problems))]
async fn holidays(RestTx(tx): RestTx, Query(asked): Query<Holidays>) -> Result<Json<Page<Holiday>>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(EMPLOYEES_READ)?;
    tx.commit().await?;
    if !(1970..=2200).contains(&asked.year) {
        return Err(Error::invalid("year", "range", "The year must lie between 1970 and 2200."));
    }
    let items = hours::holidays::of(asked.country, i32::from(asked.year));
    Ok(Json(Page { items, next_cursor: None }))
}

/// Closes a place on many dates: a year's holidays. Dates that are closed already are left as they are; what was added is told.
#[utoipa::path(post, path = "/closures/import", tag = "gabinet", params(IdempotencyKey), request_body = ImportClosures, security(("bearer" = [])), responses((status = 201, body = Page<Closure>), Problems))]
async fn import(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<ImportClosures>) -> Result<Response> {
    created(tx, "POST /closures/import", key, &input, async |tx, input| {
        Ok(Page { items: hours::import(tx, input).await?, next_cursor: None })
    })
    .await
}
