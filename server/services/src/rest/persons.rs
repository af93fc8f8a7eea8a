//! `/persons`: humans, whatever products hold of them, and what they have agreed to.

use axum::response::Response;
use platform::{
    Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    consents::{self, Consent, ConsentInput},
    duplicates::{self, Duplicate},
    persons::{self, PersonCard, PersonDetails, PersonQuery, PersonRow},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, update))
        .routes(routes!(ledger, consent))
        .routes(routes!(duplicates_of))
}

/// Which persons.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PersonsAsked {
    /// Name, number or address, as people type it.
    q: Option<String>,
    /// Those who have this role: `lead`, `customer`, `patient`, `employee`.
    role: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Persons by family name, or those whom `q` resembles.
///
/// Roles and stage are computed from what the products hold, as far as whoever asks may see it.
#[utoipa::path(get, path = "/persons", tag = "persons", params(PersonsAsked), security(("bearer" = [])),
    responses((status = 200, description = "Persons.", body = Page<PersonRow>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(asked): Query<PersonsAsked>) -> Result<Json<Page<PersonRow>>> {
    let query = PersonQuery { q: asked.q.unwrap_or_default(), role: asked.role.unwrap_or_default() };
    let page = persons::list(&mut tx, &query, &PageQuery { cursor: asked.cursor, limit: asked.limit }).await?;
    tx.commit().await?;
    Ok(Json(page))
}

/// Make a person.
#[utoipa::path(post, path = "/persons", tag = "persons", params(IdempotencyKey), request_body = PersonDetails, security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = PersonCard), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<PersonDetails>) -> Result<Response> {
    created(tx, "POST /persons", key, &input, persons::create).await
}

/// One person with everything that every product knows of them.
///
/// The id of a record that was merged leads to the one that has taken it in, whose id stands in the answer.
#[utoipa::path(get, path = "/persons/{id}", tag = "persons", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The person.", body = PersonCard), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<PersonCard>> {
    let card = persons::card(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(card))
}

/// Change a person; names the version that was read.
#[utoipa::path(put, path = "/persons/{id}", tag = "persons", params(("id" = EntityId, Path)), request_body = PersonDetails,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = PersonCard), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<PersonDetails>) -> Result<Json<PersonCard>> {
    let card = persons::edit(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(card))
}

/// What a person has agreed to and taken back: all of it, the latest first.
#[utoipa::path(get, path = "/persons/{id}/consents", tag = "persons", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "At most 1000; there is no second page.", body = Page<Consent>), Problems))]
async fn ledger(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<Consent>>> {
    let items = consents::ledger(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Write down what a person has said. Nothing that was written before changes.
#[utoipa::path(post, path = "/persons/{id}/consents", tag = "persons", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = ConsentInput, security(("bearer" = [])),
    responses((status = 200, description = "What holds now, by purpose.", body = Vec<Consent>), Problems))]
async fn consent(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(input): Json<ConsentInput>) -> Result<Response> {
    changed(tx, &format!("POST /persons/{id}/consents"), key, &input, async |tx, input| consents::record(tx, id, input).await).await
}

/// With whom a person may be one human.
#[utoipa::path(get, path = "/persons/{id}/duplicates", tag = "persons", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The likeliest first.", body = Page<Duplicate>), Problems))]
async fn duplicates_of(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<Duplicate>>> {
    let items = duplicates::of_person(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}
