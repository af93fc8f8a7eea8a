//! `/employees` with their hours, `/equipment`, `/closures`.

use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, Query, RestTx, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    employees::{self, Employee, EmployeeInput, Equipment, EquipmentInput},
    hours::{self, Closure, ClosureInput, VersionedHours},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, update))
        .routes(routes!(get_hours, set_hours))
        .routes(routes!(list_equipment))
        .routes(routes!(set_equipment))
        .routes(routes!(list_closures, add_closure))
        .routes(routes!(delete_closure))
}

/// All practitioners.
#[utoipa::path(get, path = "/employees", tag = "gabinet", security(("bearer" = [])), responses((status = 200, body = Page<Employee>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<Employee>>> {
    let items = employees::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Makes a practitioner.
#[utoipa::path(post, path = "/employees", tag = "gabinet", params(IdempotencyKey), request_body = EmployeeInput, security(("bearer" = [])), responses((status = 201, body = Employee), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<EmployeeInput>) -> Result<Response> {
    created(tx, "POST /employees", key, &input, employees::create).await
}

/// One practitioner.
#[utoipa::path(get, path = "/employees/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Employee), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Employee>> {
    let employee = employees::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(employee))
}

/// Changes a practitioner; names the version that was read.
#[utoipa::path(put, path = "/employees/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = EmployeeInput, security(("bearer" = [])), responses((status = 200, body = Employee), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<EmployeeInput>) -> Result<Json<Employee>> {
    let employee = employees::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(employee))
}

/// Weekly hours, breaks and dated overrides.
#[utoipa::path(get, path = "/employees/{id}/working-hours", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = VersionedHours), Problems))]
async fn get_hours(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<VersionedHours>> {
    let hours = hours::versioned(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(hours))
}

/// Sets all hours of a practitioner; names the version that was read.
#[utoipa::path(put, path = "/employees/{id}/working-hours", tag = "gabinet", params(("id" = EntityId, Path)), request_body = VersionedHours, security(("bearer" = [])), responses((status = 200, body = VersionedHours), Problems))]
async fn set_hours(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<VersionedHours>) -> Result<Json<VersionedHours>> {
    let hours = hours::change(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(hours))
}

/// From when on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct From {
    /// What ended before is left out.
    from: Option<NaiveDate>,
}

/// Rooms and devices with their sorts.
#[utoipa::path(get, path = "/equipment", tag = "gabinet", security(("bearer" = [])), responses((status = 200, body = Page<Equipment>), Problems))]
async fn list_equipment(RestTx(mut tx): RestTx) -> Result<Json<Page<Equipment>>> {
    let items = employees::equipment(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Says of which sorts a room or device is; names the version that was read.
#[utoipa::path(put, path = "/equipment/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = EquipmentInput, security(("bearer" = [])), responses((status = 200, body = Equipment), Problems))]
async fn set_equipment(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<EquipmentInput>) -> Result<Json<Equipment>> {
    let equipment = employees::set_equipment(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(equipment))
}

/// Days on which locations are closed.
#[utoipa::path(get, path = "/closures", tag = "gabinet", params(From), security(("bearer" = [])), responses((status = 200, body = Page<Closure>), Problems))]
async fn list_closures(RestTx(mut tx): RestTx, Query(from): Query<From>) -> Result<Json<Page<Closure>>> {
    let items = hours::closures(&mut tx, from.from.unwrap_or_default()).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Closes a location, or all of them, for a day.
#[utoipa::path(post, path = "/closures", tag = "gabinet", params(IdempotencyKey), request_body = ClosureInput, security(("bearer" = [])), responses((status = 201, body = Closure), Problems))]
async fn add_closure(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<ClosureInput>) -> Result<Response> {
    created(tx, "POST /closures", key, &input, hours::add_closure).await
}

/// Takes a closure back.
#[utoipa::path(delete, path = "/closures/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 204), Problems))]
async fn delete_closure(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    hours::delete_closure(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
