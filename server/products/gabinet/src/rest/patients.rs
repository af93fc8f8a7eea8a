//! `/patients`

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::patients::{
    self, Patient, PatientInput, PatientVisit,
    terms::{self, PatientTerms, PatientTermsInput},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, update))
        .routes(routes!(visits))
        .routes(routes!(get_terms, set_terms))
}

/// Which patients.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Name, number, e-mail or phone; typing errors and missing diacritics are forgiven.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Patients by name, or those whom `q` resembles.
#[utoipa::path(get, path = "/patients", tag = "gabinet", params(Which), security(("bearer" = [])), responses((status = 200, body = Page<Patient>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<Patient>>> {
    let page = PageQuery { cursor: which.cursor, limit: which.limit };
    let patients = patients::list(&mut tx, which.q.as_deref().unwrap_or_default(), &page).await?;
    tx.commit().await?;
    Ok(Json(patients))
}

/// Makes a patient and the person they are.
#[utoipa::path(post, path = "/patients", tag = "gabinet", params(IdempotencyKey), request_body = PatientInput, security(("bearer" = [])), responses((status = 201, body = Patient), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<PatientInput>) -> Result<Response> {
    created(tx, "POST /patients", key, &input, patients::create).await
}

/// One patient.
#[utoipa::path(get, path = "/patients/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Patient), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Patient>> {
    let patient = patients::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(patient))
}

/// Changes a patient; names the version that was read.
#[utoipa::path(put, path = "/patients/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = PatientInput, security(("bearer" = [])), responses((status = 200, body = Patient), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<PatientInput>) -> Result<Json<Patient>> {
    let patient = patients::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(patient))
}

/// A patient's visits, the latest first; at most 200.
#[utoipa::path(get, path = "/patients/{id}/appointments", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Page<PatientVisit>), Problems))]
async fn visits(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<PatientVisit>>> {
    let items = patients::visits(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// What was agreed with a patient about treatments: other lengths, other prices.
#[utoipa::path(get, path = "/patients/{id}/terms", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = PatientTerms), Problems))]
async fn get_terms(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<PatientTerms>> {
    let terms = terms::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(terms))
}

/// Sets what was agreed with a patient, all of it: what is left out is as for everybody again. Names the patient's version that
/// was read. Visits already booked keep their length and price. To set, change or take away a price takes the right to change
/// treatments too.
#[utoipa::path(put, path = "/patients/{id}/terms", tag = "gabinet", params(("id" = EntityId, Path)), request_body = PatientTermsInput, security(("bearer" = [])), responses((status = 200, body = PatientTerms), Problems))]
async fn set_terms(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<PatientTermsInput>) -> Result<Json<PatientTerms>> {
    let terms = terms::set(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(terms))
}
