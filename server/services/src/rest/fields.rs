//! Fields that an organization adds, and the types of record there are: thin doors to `fields` and `records`.

use axum::response::Response;
use platform::{
    Error, State,
    id::{EntityId, FieldId},
    rest::{IdempotencyKey, Json, Path, Problems, Query, RestTx, changed, created},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    fields::{self, Field, FieldChange, FieldJob, FormulaAnswer, FormulaAsked, NewField},
    objects,
    records::{self, FieldInfo, Lack, TypeInfo},
};

/// All routes, relative to `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_types))
        .routes(routes!(type_fields))
        .routes(routes!(type_schema))
        .routes(routes!(list_fields, define_field))
        .routes(routes!(check_formula))
        .routes(routes!(get_field, update_field))
        .routes(routes!(convert_field))
        .routes(routes!(retire_field))
        .routes(routes!(restore_field))
        .routes(routes!(list_field_jobs))
        .routes(routes!(get_field_job))
}

/// The version that was read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeenVersion)]
pub(super) struct Seen {
    /// Of another one the change is refused (R18).
    pub(super) version: i32,
}

/// Of which type.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfType {
    /// `object:device` or what a module has registered.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    entity_type: String,
    /// Those out of use as well.
    #[serde(default)]
    retired: bool,
}

/// A type of record, and what it cannot do of what others can.
#[derive(Serialize, ToSchema)]
struct RecordType {
    #[serde(flatten)]
    info: TypeInfo,
    /// What is not possible with its records, whoever asks, and why.
    lacks: Vec<Lack>,
}

/// The types of record that one may see: the modules' and the organization's own.
#[utoipa::path(get, path = "/record-types", tag = "records", security(("bearer" = [])), responses((status = 200, body = [RecordType]), Problems))]
async fn list_types(RestTx(mut tx): RestTx) -> Result<Json<Vec<RecordType>>, Error> {
    let types = records::types(&mut tx).await?;
    let state = tx.state().clone();
    tx.commit().await?;
    Ok(Json(types.into_iter().map(|info| RecordType { lacks: records::lacks(&state, &info.key), info }).collect()))
}

/// The fields of a type that one may see, declared and added.
#[utoipa::path(get, path = "/record-types/{type}/fields", tag = "records", params(("type" = String, Path)), security(("bearer" = [])), responses((status = 200, body = [FieldInfo]), Problems))]
async fn type_fields(RestTx(mut tx): RestTx, Path(entity_type): Path<String>) -> Result<Json<Vec<FieldInfo>>, Error> {
    let fields = objects::fields_of(&mut tx, &entity_type).await?;
    tx.commit().await?;
    Ok(Json(fields))
}

/// The JSON Schema (2020-12) of the values of a type's records.
#[utoipa::path(get, path = "/record-types/{type}/schema", tag = "records", params(("type" = String, Path)), security(("bearer" = [])), responses((status = 200, body = serde_json::Value), Problems))]
async fn type_schema(RestTx(mut tx): RestTx, Path(entity_type): Path<String>) -> Result<Json<serde_json::Value>, Error> {
    let schema = objects::definition(&mut tx, &entity_type).await?;
    tx.commit().await?;
    Ok(Json(schema))
}

/// The fields that the organization has added to a type, with their rules.
#[utoipa::path(get, path = "/fields", tag = "records", params(OfType), security(("bearer" = [])), responses((status = 200, body = [Field]), Problems))]
async fn list_fields(RestTx(mut tx): RestTx, Query(asked): Query<OfType>) -> Result<Json<Vec<Field>>, Error> {
    let found = fields::list(&mut tx, &asked.entity_type, asked.retired).await?;
    tx.commit().await?;
    Ok(Json(found))
}

/// Adds a field to a type.
#[utoipa::path(post, path = "/fields", tag = "records", params(IdempotencyKey), request_body = NewField, security(("bearer" = [])), responses((status = 201, body = Field), Problems))]
async fn define_field(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<NewField>) -> Result<Response, Error> {
    created(tx, "POST /fields", key, &input, fields::define).await
}

/// What a formula would give, and where it fails.
#[utoipa::path(post, path = "/fields/formula", tag = "records", request_body = FormulaAsked, security(("bearer" = [])), responses((status = 200, body = FormulaAnswer), Problems))]
async fn check_formula(RestTx(mut tx): RestTx, Json(asked): Json<FormulaAsked>) -> Result<Json<FormulaAnswer>, Error> {
    let answer = fields::formula(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// One field.
#[utoipa::path(get, path = "/fields/{id}", tag = "records", params(("id" = FieldId, Path)), security(("bearer" = [])), responses((status = 200, body = Field), Problems))]
async fn get_field(RestTx(mut tx): RestTx, Path(id): Path<FieldId>) -> Result<Json<Field>, Error> {
    let field = fields::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(field))
}

/// Changes what a field is called and demands; names the version that was read.
#[utoipa::path(put, path = "/fields/{id}", tag = "records", params(("id" = FieldId, Path)), request_body = FieldChange, security(("bearer" = [])), responses((status = 200, body = Field), Problems))]
async fn update_field(RestTx(mut tx): RestTx, Path(id): Path<FieldId>, Json(input): Json<FieldChange>) -> Result<Json<Field>, Error> {
    let field = fields::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(field))
}

/// Makes a field of another kind in the place of one. A job converts the values and tells which it could not.
#[utoipa::path(post, path = "/fields/{id}/convert", tag = "records", params(("id" = FieldId, Path), IdempotencyKey), request_body = FieldChange, security(("bearer" = [])), responses((status = 200, body = FieldJob), Problems))]
async fn convert_field(
    RestTx(tx): RestTx,
    Path(id): Path<FieldId>,
    key: IdempotencyKey,
    Json(input): Json<FieldChange>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /fields/{id}/convert"), key, &input, async |tx, input| fields::convert(tx, id, input).await).await
}

/// Takes a field out of use; its values stay.
#[utoipa::path(post, path = "/fields/{id}/retire", tag = "records", params(("id" = FieldId, Path), IdempotencyKey), request_body = Seen, security(("bearer" = [])), responses((status = 200, body = Field), Problems))]
async fn retire_field(
    RestTx(tx): RestTx,
    Path(id): Path<FieldId>,
    key: IdempotencyKey,
    Json(input): Json<Seen>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /fields/{id}/retire"), key, &input, async |tx, input| fields::retire(tx, id, input.version).await).await
}

/// Takes a field into use again.
#[utoipa::path(post, path = "/fields/{id}/restore", tag = "records", params(("id" = FieldId, Path), IdempotencyKey), request_body = Seen, security(("bearer" = [])), responses((status = 200, body = Field), Problems))]
async fn restore_field(
    RestTx(tx): RestTx,
    Path(id): Path<FieldId>,
    key: IdempotencyKey,
    Json(input): Json<Seen>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /fields/{id}/restore"), key, &input, async |tx, input| fields::restore(tx, id, input.version).await).await
}

/// What became of the latest changes that go through all values of a type's fields.
#[utoipa::path(get, path = "/field-jobs", tag = "records", params(OfType), security(("bearer" = [])), responses((status = 200, body = [FieldJob]), Problems))]
async fn list_field_jobs(RestTx(mut tx): RestTx, Query(asked): Query<OfType>) -> Result<Json<Vec<FieldJob>>, Error> {
    let jobs = fields::jobs(&mut tx, &asked.entity_type).await?;
    tx.commit().await?;
    Ok(Json(jobs))
}

/// What became of one of them.
#[utoipa::path(get, path = "/field-jobs/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = FieldJob), Problems))]
async fn get_field_job(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<FieldJob>, Error> {
    let job = fields::job(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(job))
}
