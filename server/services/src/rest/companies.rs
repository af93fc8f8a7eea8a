//! `/companies` and the people in them.

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::companies::{self, Company, CompanyInput, CompanyRoleInput, CompanyRow};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, update))
        .routes(routes!(add_person))
        .routes(routes!(change_person, remove_person))
}

/// Which companies.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CompaniesAsked {
    /// Name, number or place, as people type it.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Companies by name, or those whom `q` resembles.
#[utoipa::path(get, path = "/companies", tag = "persons", params(CompaniesAsked), security(("bearer" = [])),
    responses((status = 200, description = "Companies.", body = Page<CompanyRow>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(asked): Query<CompaniesAsked>) -> Result<Json<Page<CompanyRow>>> {
    let page = PageQuery { cursor: asked.cursor, limit: asked.limit };
    let page = companies::list(&mut tx, asked.q.as_deref().unwrap_or_default(), &page).await?;
    tx.commit().await?;
    Ok(Json(page))
}

/// Make a company.
#[utoipa::path(post, path = "/companies", tag = "persons", params(IdempotencyKey), request_body = CompanyInput, security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = Company), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<CompanyInput>) -> Result<Response> {
    created(tx, "POST /companies", key, &input, companies::create).await
}

/// One company with those above and below it, and its people.
#[utoipa::path(get, path = "/companies/{id}", tag = "persons", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The company.", body = Company), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Company>> {
    let company = companies::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(company))
}

/// Change a company; names the version that was read.
#[utoipa::path(put, path = "/companies/{id}", tag = "persons", params(("id" = EntityId, Path)), request_body = CompanyInput,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = Company), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<CompanyInput>) -> Result<Json<Company>> {
    let company = companies::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(company))
}

/// Give a person a role in a company, from a day to a day.
#[utoipa::path(post, path = "/companies/{id}/people", tag = "persons", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = CompanyRoleInput, security(("bearer" = [])),
    responses((status = 200, description = "The company as it is now.", body = Company), Problems))]
async fn add_person(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(input): Json<CompanyRoleInput>,
) -> Result<Response> {
    changed(tx, &format!("POST /companies/{id}/people"), key, &input, async |tx, input| companies::add_person(tx, id, input).await).await
}

/// Change what a person's role is called and how long it lasts.
#[utoipa::path(put, path = "/company-roles/{id}", tag = "persons", params(("id" = EntityId, Path)), request_body = CompanyRoleInput,
    security(("bearer" = [])), responses((status = 200, description = "The company as it is now.", body = Company), Problems))]
async fn change_person(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<CompanyRoleInput>) -> Result<Json<Company>> {
    let company = companies::change_person(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(company))
}

/// Take a role away that was never one.
#[utoipa::path(delete, path = "/company-roles/{id}", tag = "persons", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The company as it is now.", body = Company), Problems))]
async fn remove_person(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Company>> {
    let company = companies::remove_person(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(company))
}
