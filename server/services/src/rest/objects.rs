//! Types of record that an organization makes, and the operations that every record answers to, of whichever type.

use axum::response::Response;
use http::StatusCode;
use platform::{
    Error, State, Tx,
    actions::ActionRow,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::fields::Seen;
use crate::{
    objects::{self, ImportObject, Link, NewObject, ObjectChange, ObjectType, RecordInput, RecordQuery},
    records::{self, FieldInfo, Record},
};

/// All routes, relative to `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_types, define_type))
        .routes(routes!(import_type))
        .routes(routes!(update_type))
        .routes(routes!(retire_type))
        .routes(routes!(restore_type))
        .routes(routes!(list_records, create_record))
        .routes(routes!(board))
        .routes(routes!(get_record, update_record, delete_record))
        .routes(routes!(restore_record))
        .routes(routes!(record_actions))
        .routes(routes!(record_links))
}

/// A record with the values of its fields by their keys, as the type's JSON Schema tells them. Numbers are text, so that no
/// digit is lost; a choice is its word; an amount is `{"amount": "12.50", "currency": "PLN"}`.
#[derive(Serialize, ToSchema)]
struct RecordBody {
    id: EntityId,
    /// `object:device`.
    r#type: String,
    title: String,
    status: Option<String>,
    /// What a change must name.
    version: i32,
    /// By the fields' keys.
    #[schema(value_type = Object)]
    values: Value,
}

/// A new record.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRecord {
    /// Made by the caller, so that a retry makes no second record.
    #[serde(default)]
    id: Option<EntityId>,
    /// By the fields' keys.
    #[schema(value_type = Object)]
    values: Map<String, Value>,
}

/// A changed record: what is not named stays, `null` empties.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordChange {
    /// The version that was read.
    version: i32,
    /// By the fields' keys.
    #[schema(value_type = Object)]
    values: Map<String, Value>,
}

fn body(record: &Record, fields: &[FieldInfo]) -> RecordBody {
    let values = match record.to_json(fields) {
        Value::Object(mut whole) => whole.remove("values").unwrap_or_default(),
        _ => Value::Null,
    };
    RecordBody {
        id: record.id,
        r#type: record.entity_type.clone(),
        title: record.title.clone(),
        status: record.status.clone(),
        version: record.version,
        values,
    }
}

async fn with_fields(tx: &mut Tx, record: Record) -> Result<RecordBody, Error> {
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, &record.entity_type).await?;
    Ok(body(&record, &fields))
}

/// Which types.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those out of use as well.
    #[serde(default)]
    retired: bool,
}

/// The types of record that the organization has made.
#[utoipa::path(get, path = "/object-types", tag = "records", params(Which), security(("bearer" = [])), responses((status = 200, body = [ObjectType]), Problems))]
async fn list_types(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Vec<ObjectType>>, Error> {
    let types = objects::list_types(&mut tx, which.retired).await?;
    tx.commit().await?;
    Ok(Json(types))
}

/// Makes a type of record; its fields are added by `POST /fields`.
#[utoipa::path(post, path = "/object-types", tag = "records", params(IdempotencyKey), request_body = NewObject, security(("bearer" = [])), responses((status = 201, body = ObjectType), Problems))]
async fn define_type(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<NewObject>) -> Result<Response, Error> {
    created(tx, "POST /object-types", key, &input, objects::define).await
}

/// Makes a type of record with its fields as a JSON Schema tells them.
#[utoipa::path(post, path = "/object-types/import", tag = "records", params(IdempotencyKey), request_body = ImportObject, security(("bearer" = [])), responses((status = 201, body = ObjectType), Problems))]
async fn import_type(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<ImportObject>) -> Result<Response, Error> {
    created(tx, "POST /object-types/import", key, &input, objects::import).await
}

/// Changes a type of record; names the version that was read.
#[utoipa::path(put, path = "/object-types/{key}", tag = "records", params(("key" = String, Path)), request_body = ObjectChange, security(("bearer" = [])), responses((status = 200, body = ObjectType), Problems))]
async fn update_type(RestTx(mut tx): RestTx, Path(key): Path<String>, Json(input): Json<ObjectChange>) -> Result<Json<ObjectType>, Error> {
    let of = objects::update_type(&mut tx, &key, &input).await?;
    tx.commit().await?;
    Ok(Json(of))
}

/// Takes a type of record out of use; its records stay.
#[utoipa::path(post, path = "/object-types/{key}/retire", tag = "records", params(("key" = String, Path), IdempotencyKey), request_body = Seen, security(("bearer" = [])), responses((status = 200, body = ObjectType), Problems))]
async fn retire_type(RestTx(tx): RestTx, Path(of): Path<String>, key: IdempotencyKey, Json(input): Json<Seen>) -> Result<Response, Error> {
    changed(tx, "POST /object-types/{key}/retire", key, &input, async |tx, input| objects::retire(tx, &of, input.version).await).await
}

/// Takes a type of record into use again.
#[utoipa::path(post, path = "/object-types/{key}/restore", tag = "records", params(("key" = String, Path), IdempotencyKey), request_body = Seen, security(("bearer" = [])), responses((status = 200, body = ObjectType), Problems))]
async fn restore_type(RestTx(tx): RestTx, Path(of): Path<String>, key: IdempotencyKey, Json(input): Json<Seen>) -> Result<Response, Error> {
    changed(tx, "POST /object-types/{key}/restore", key, &input, async |tx, input| objects::restore_type(tx, &of, input.version).await)
        .await
}

/// Which records.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecordsAsked {
    /// Part of what a record is found by.
    q: Option<String>,
    /// A choice, by its key.
    by: Option<String>,
    /// The word that it has; empty for records without.
    word: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Records of a type, the latest first.
#[utoipa::path(get, path = "/objects/{type}", tag = "records", params(("type" = String, Path), RecordsAsked), security(("bearer" = [])), responses((status = 200, body = Page<RecordBody>), Problems))]
async fn list_records(
    RestTx(mut tx): RestTx,
    Path(of): Path<String>,
    Query(asked): Query<RecordsAsked>,
) -> Result<Json<Page<RecordBody>>, Error> {
    let query = RecordQuery { q: asked.q.unwrap_or_default(), by: asked.by, word: asked.word };
    let list = objects::list(&mut tx, &of, &query, &PageQuery { cursor: asked.cursor, limit: asked.limit }).await?;
    tx.commit().await?;
    let items = list.records.iter().map(|record| body(record, &list.fields)).collect();
    Ok(Json(Page { items, next_cursor: list.next_cursor }))
}

/// Makes a record of a type; of a module's type through the module's own function.
#[utoipa::path(post, path = "/objects/{type}", tag = "records", params(("type" = String, Path), IdempotencyKey), request_body = NewRecord, security(("bearer" = [])), responses((status = 201, body = RecordBody), Problems))]
async fn create_record(
    RestTx(tx): RestTx,
    Path(of): Path<String>,
    key: IdempotencyKey,
    Json(input): Json<NewRecord>,
) -> Result<Response, Error> {
    created(tx, &format!("POST /objects/{of}"), key, &input, async |tx, input| {
        let read = objects::input_of(tx, &of, &input.values).await?;
        let record = objects::create(tx, &of, &RecordInput { id: input.id, ..read }).await?;
        with_fields(tx, record).await
    })
    .await
}

/// A column of a board.
#[derive(Serialize, ToSchema)]
struct ColumnBody {
    /// The word of the choice; empty for records without.
    key: String,
    label: String,
    /// How many there are.
    count: i64,
    /// The first fifty, the latest first.
    records: Vec<RecordBody>,
}

/// By which choice.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BoardAsked {
    /// A choice, by its key; the status if not given.
    by: Option<String>,
    /// Part of what a record is found by.
    q: Option<String>,
}

/// Records of a type in columns by the words of a choice.
#[utoipa::path(get, path = "/objects/{type}/board", tag = "records", params(("type" = String, Path), BoardAsked), security(("bearer" = [])), responses((status = 200, body = [ColumnBody]), Problems))]
async fn board(RestTx(mut tx): RestTx, Path(of): Path<String>, Query(asked): Query<BoardAsked>) -> Result<Json<Vec<ColumnBody>>, Error> {
    let board = objects::board(&mut tx, &of, asked.by.as_deref(), asked.q.as_deref().unwrap_or_default()).await?;
    tx.commit().await?;
    let columns = board.columns.into_iter().map(|column| ColumnBody {
        key: column.choice.key,
        label: column.choice.label,
        count: column.count,
        records: column.records.iter().map(|record| body(record, &board.fields)).collect(),
    });
    Ok(Json(columns.collect()))
}

/// One record.
#[utoipa::path(get, path = "/objects/{type}/{id}", tag = "records", params(("type" = String, Path), ("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = RecordBody), Problems))]
async fn get_record(RestTx(mut tx): RestTx, Path((of, id)): Path<(String, EntityId)>) -> Result<Json<RecordBody>, Error> {
    let page = objects::get(&mut tx, &of, id).await?;
    tx.commit().await?;
    if page.deleted {
        return Err(Error::NotFound);
    }
    Ok(Json(body(&page.record, &page.fields)))
}

/// Changes what is named of a record; names the version that was read.
#[utoipa::path(put, path = "/objects/{type}/{id}", tag = "records", params(("type" = String, Path), ("id" = EntityId, Path)), request_body = RecordChange, security(("bearer" = [])), responses((status = 200, body = RecordBody), Problems))]
async fn update_record(
    RestTx(mut tx): RestTx,
    Path((of, id)): Path<(String, EntityId)>,
    Json(input): Json<RecordChange>,
) -> Result<Json<RecordBody>, Error> {
    let read = objects::input_of(&mut tx, &of, &input.values).await?;
    let record = objects::update(&mut tx, &of, id, &RecordInput { version: input.version, ..read }).await?;
    let record = with_fields(&mut tx, record).await?;
    tx.commit().await?;
    Ok(Json(record))
}

/// The version that was read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SeenInQuery {
    version: i32,
}

/// Deletes a record of the organization's own types; it can be brought back.
#[utoipa::path(delete, path = "/objects/{type}/{id}", tag = "records", params(("type" = String, Path), ("id" = EntityId, Path), SeenInQuery), security(("bearer" = [])), responses((status = 204), Problems))]
async fn delete_record(
    RestTx(mut tx): RestTx,
    Path((of, id)): Path<(String, EntityId)>,
    Query(seen): Query<SeenInQuery>,
) -> Result<StatusCode, Error> {
    objects::delete(&mut tx, &of, id, seen.version).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted record back.
#[utoipa::path(post, path = "/objects/{type}/{id}/restore", tag = "records", params(("type" = String, Path), ("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = RecordBody), Problems))]
async fn restore_record(RestTx(mut tx): RestTx, Path((of, id)): Path<(String, EntityId)>) -> Result<Json<RecordBody>, Error> {
    let record = objects::restore(&mut tx, &of, id).await?;
    let record = with_fields(&mut tx, record).await?;
    tx.commit().await?;
    Ok(Json(record))
}

/// What was done to a record, the latest first.
#[utoipa::path(get, path = "/objects/{type}/{id}/actions", tag = "records", params(("type" = String, Path), ("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = [ActionRow]), Problems))]
async fn record_actions(RestTx(mut tx): RestTx, Path((of, id)): Path<(String, EntityId)>) -> Result<Json<Vec<ActionRow>>, Error> {
    let rows = objects::history(&mut tx, &of, id).await?;
    tx.commit().await?;
    Ok(Json(rows))
}

/// The records that a record points at and that point at it by reference fields.
#[utoipa::path(get, path = "/objects/{type}/{id}/links", tag = "records", params(("type" = String, Path), ("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = [Link]), Problems))]
async fn record_links(RestTx(mut tx): RestTx, Path((of, id)): Path<(String, EntityId)>) -> Result<Json<Vec<Link>>, Error> {
    let links = objects::links(&mut tx, &of, id).await?;
    tx.commit().await?;
    Ok(Json(links))
}
