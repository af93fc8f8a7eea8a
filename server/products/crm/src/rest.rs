//! CRM's REST routes: thin doors to `leads`, `calls`, `deals` and what belongs to them.

mod deals;

use axum::response::Response;
use platform::{
    Error, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    calls::{self, Call, CompleteCall, PlanCall},
    deals::Deal,
    leads::{self, ConvertLead, Lead, LeadInput, LeadStatus},
};

/// All routes of CRM, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_leads, create_lead))
        .routes(routes!(get_lead, update_lead))
        .routes(routes!(convert_lead))
        .routes(routes!(plan_call))
        .routes(routes!(get_call))
        .routes(routes!(complete_call))
        .merge(deals::routes())
}

/// Which leads.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LeadQuery {
    /// Only those of this status.
    status: Option<LeadStatus>,
    /// Part of a name, company, e-mail or phone.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Leads, newest first.
#[utoipa::path(get, path = "/leads", tag = "crm", params(LeadQuery), security(("bearer" = [])), responses((status = 200, body = Page<Lead>), Problems))]
async fn list_leads(RestTx(mut tx): RestTx, Query(query): Query<LeadQuery>) -> Result<Json<Page<Lead>>, Error> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let leads = leads::list(&mut tx, query.status, query.q.as_deref().unwrap_or_default(), &page).await?;
    tx.commit().await?;
    Ok(Json(leads))
}

/// Makes a lead and the person behind it.
#[utoipa::path(post, path = "/leads", tag = "crm", params(IdempotencyKey), request_body = LeadInput, security(("bearer" = [])), responses((status = 201, body = Lead), Problems))]
async fn create_lead(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<LeadInput>) -> Result<Response, Error> {
    created(tx, "POST /leads", key, &input, leads::create).await
}

/// One lead.
#[utoipa::path(get, path = "/leads/{id}", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Lead), Problems))]
async fn get_lead(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Lead>, Error> {
    let lead = leads::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(lead))
}

/// Changes a lead; names the version that was read.
#[utoipa::path(put, path = "/leads/{id}", tag = "crm", params(("id" = EntityId, Path)), request_body = LeadInput, security(("bearer" = [])), responses((status = 200, body = Lead), Problems))]
async fn update_lead(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<LeadInput>) -> Result<Json<Lead>, Error> {
    let lead = leads::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(lead))
}

/// Makes a lead a deal, with its person and company; a lead that is one already is answered with that deal.
#[utoipa::path(post, path = "/leads/{id}/convert", tag = "crm", params(("id" = EntityId, Path), IdempotencyKey), request_body = ConvertLead, security(("bearer" = [])), responses((status = 200, body = Deal), Problems))]
async fn convert_lead(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(input): Json<ConvertLead>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /leads/{id}/convert"), key, &input, async |tx, input| leads::convert(tx, id, input).await).await
}

/// Plans a call with a lead on the shared calendar.
#[utoipa::path(post, path = "/calls", tag = "crm", params(IdempotencyKey), request_body = PlanCall, security(("bearer" = [])), responses((status = 201, body = Call), Problems))]
async fn plan_call(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<PlanCall>) -> Result<Response, Error> {
    created(tx, "POST /calls", key, &input, calls::plan).await
}

/// One call, by its own id or its activity's.
#[utoipa::path(get, path = "/calls/{id}", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Call), Problems))]
async fn get_call(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Call>, Error> {
    let call = calls::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(call))
}

/// Closes a call with what came of it.
#[utoipa::path(post, path = "/calls/{id}/complete", tag = "crm", params(("id" = EntityId, Path), IdempotencyKey), request_body = CompleteCall, security(("bearer" = [])), responses((status = 200, body = Call), Problems))]
async fn complete_call(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(input): Json<CompleteCall>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /calls/{id}/complete"), key, &input, async |tx, input| calls::complete(tx, id, input).await).await
}
