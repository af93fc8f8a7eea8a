//! The REST routes of pipelines, deals, forecast and quotes.

use axum::response::Response;
use chrono::NaiveDate;
use platform::{
    Error, State,
    id::{EntityId, UserId},
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    deals::{self, Deal, DealBoard, DealInput, DealLines, DealLinesInput, DealQuery, DealStep, MoveDeal},
    forecast::{self, Forecast, ForecastQuery},
    pipelines::{self, Pipeline, PipelineInput},
    quotes::{self, NewQuote, Quote, QuoteStep},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_pipelines, create_pipeline))
        .routes(routes!(get_pipeline, update_pipeline))
        .routes(routes!(get_board))
        .routes(routes!(list_deals, create_deal))
        .routes(routes!(get_deal, update_deal))
        .routes(routes!(move_deal))
        .routes(routes!(get_lines, save_lines))
        .routes(routes!(get_steps))
        .routes(routes!(get_forecast))
        .routes(routes!(list_quotes, create_quote))
        .routes(routes!(get_quote))
        .routes(routes!(step_quote))
}

/// The organization's pipelines with their stages, the oldest first.
#[utoipa::path(get, path = "/pipelines", tag = "crm", security(("bearer" = [])), responses((status = 200, body = Vec<Pipeline>), Problems))]
async fn list_pipelines(RestTx(mut tx): RestTx) -> Result<Json<Vec<Pipeline>>, Error> {
    let told = pipelines::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Makes a pipeline.
#[utoipa::path(post, path = "/pipelines", tag = "crm", params(IdempotencyKey), request_body = PipelineInput, security(("bearer" = [])), responses((status = 201, body = Pipeline), Problems))]
async fn create_pipeline(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<PipelineInput>) -> Result<Response, Error> {
    created(tx, "POST /pipelines", key, &input, pipelines::create).await
}

/// One pipeline.
#[utoipa::path(get, path = "/pipelines/{id}", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Pipeline), Problems))]
async fn get_pipeline(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Pipeline>, Error> {
    let told = pipelines::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Changes a pipeline and its stages; names the version that was read.
#[utoipa::path(put, path = "/pipelines/{id}", tag = "crm", params(("id" = EntityId, Path)), request_body = PipelineInput, security(("bearer" = [])), responses((status = 200, body = Pipeline), Problems))]
async fn update_pipeline(
    RestTx(mut tx): RestTx,
    Path(id): Path<EntityId>,
    Json(input): Json<PipelineInput>,
) -> Result<Json<Pipeline>, Error> {
    let told = pipelines::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// What of a board.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BoardQuery {
    /// Only what this member looks after.
    owner: Option<UserId>,
    /// How many deals of each column: 1 to 100, where less and more count as these; 20 if not given.
    limit: Option<i64>,
}

/// A pipeline as a board: columns with counts and sums, and the first deals of each.
#[utoipa::path(get, path = "/pipelines/{id}/board", tag = "crm", params(("id" = EntityId, Path), BoardQuery), security(("bearer" = [])), responses((status = 200, body = DealBoard), Problems))]
async fn get_board(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(query): Query<BoardQuery>) -> Result<Json<DealBoard>, Error> {
    let told = deals::board(&mut tx, id, query.owner, query.limit).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Which deals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DealsQuery {
    /// Only those of this stage, whoever came last on top.
    stage: Option<EntityId>,
    /// Only those that this member looks after.
    owner: Option<UserId>,
    /// Part of the title, the person's or the company's name.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Deals, newest first.
#[utoipa::path(get, path = "/deals", tag = "crm", params(DealsQuery), security(("bearer" = [])), responses((status = 200, body = Page<Deal>), Problems))]
async fn list_deals(RestTx(mut tx): RestTx, Query(query): Query<DealsQuery>) -> Result<Json<Page<Deal>>, Error> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let asked = DealQuery { stage: query.stage, owner: query.owner, q: query.q.unwrap_or_default() };
    let told = deals::list(&mut tx, &asked, &page).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Makes a deal.
#[utoipa::path(post, path = "/deals", tag = "crm", params(IdempotencyKey), request_body = DealInput, security(("bearer" = [])), responses((status = 201, body = Deal), Problems))]
async fn create_deal(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<DealInput>) -> Result<Response, Error> {
    created(tx, "POST /deals", key, &input, deals::create).await
}

/// One deal.
#[utoipa::path(get, path = "/deals/{id}", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Deal), Problems))]
async fn get_deal(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Deal>, Error> {
    let told = deals::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Changes a deal; names the version that was read.
#[utoipa::path(put, path = "/deals/{id}", tag = "crm", params(("id" = EntityId, Path)), request_body = DealInput, security(("bearer" = [])), responses((status = 200, body = Deal), Problems))]
async fn update_deal(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<DealInput>) -> Result<Json<Deal>, Error> {
    let told = deals::update(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Brings a deal to another stage; what is lost says why.
#[utoipa::path(post, path = "/deals/{id}/move", tag = "crm", params(("id" = EntityId, Path), IdempotencyKey), request_body = MoveDeal, security(("bearer" = [])), responses((status = 200, body = Deal), Problems))]
async fn move_deal(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(input): Json<MoveDeal>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /deals/{id}/move"), key, &input, async |tx, input| deals::move_to(tx, id, input).await).await
}

/// What is sold in a deal, with its totals.
#[utoipa::path(get, path = "/deals/{id}/lines", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = DealLines), Problems))]
async fn get_lines(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<DealLines>, Error> {
    let told = deals::lines(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Puts these lines in the place of those that are there; names the deal's version that was read.
#[utoipa::path(put, path = "/deals/{id}/lines", tag = "crm", params(("id" = EntityId, Path)), request_body = DealLinesInput, security(("bearer" = [])), responses((status = 200, body = DealLines), Problems))]
async fn save_lines(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<DealLinesInput>) -> Result<Json<DealLines>, Error> {
    let told = deals::save_lines(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// The steps that a deal has taken from stage to stage, the first first, with how long it stood in each.
#[utoipa::path(get, path = "/deals/{id}/steps", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Vec<DealStep>), Problems))]
async fn get_steps(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Vec<DealStep>>, Error> {
    let told = deals::steps(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Which forecast.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MonthsQuery {
    /// A day of the first month; this month if not given.
    from: Option<NaiveDate>,
    /// How many months, 1 to 24; 6 if not given.
    months: Option<i32>,
    /// Only what this member looks after.
    owner: Option<UserId>,
}

/// What deals are expected to bring and have brought, by month, owner and currency.
#[utoipa::path(get, path = "/forecast", tag = "crm", params(MonthsQuery), security(("bearer" = [])), responses((status = 200, body = Forecast), Problems))]
async fn get_forecast(RestTx(mut tx): RestTx, Query(query): Query<MonthsQuery>) -> Result<Json<Forecast>, Error> {
    let asked = ForecastQuery { from: query.from, months: query.months, owner: query.owner };
    let told = forecast::forecast(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// The quotes of a deal, the newest first.
#[utoipa::path(get, path = "/deals/{id}/quotes", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Vec<Quote>), Problems))]
async fn list_quotes(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Vec<Quote>>, Error> {
    let told = quotes::list(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Makes a draft of what the deal offers now.
#[utoipa::path(post, path = "/deals/{id}/quotes", tag = "crm", params(("id" = EntityId, Path), IdempotencyKey), request_body = NewQuote, security(("bearer" = [])), responses((status = 201, body = Quote), Problems))]
async fn create_quote(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(input): Json<NewQuote>,
) -> Result<Response, Error> {
    created(tx, &format!("POST /deals/{id}/quotes"), key, &input, async |tx, input| quotes::create(tx, id, input).await).await
}

/// One quote.
#[utoipa::path(get, path = "/quotes/{id}", tag = "crm", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Quote), Problems))]
async fn get_quote(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Quote>, Error> {
    let told = quotes::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(told))
}

/// Sends a draft, which draws its number, or writes down that it was accepted or declined.
#[utoipa::path(post, path = "/quotes/{id}/state", tag = "crm", params(("id" = EntityId, Path), IdempotencyKey), request_body = QuoteStep, security(("bearer" = [])), responses((status = 200, body = Quote), Problems))]
async fn step_quote(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(input): Json<QuoteStep>,
) -> Result<Response, Error> {
    changed(tx, &format!("POST /quotes/{id}/state"), key, &input, async |tx, input| quotes::step(tx, id, input).await).await
}
