//! The screens' thin doors to pipelines, deals, forecast and quotes.

use crm::{
    deals::{Deal, DealBoard, DealInput, DealLines, DealLinesInput, DealQuery, DealStep, MoveDeal},
    forecast::{Forecast, ForecastQuery},
    leads::ConvertLead,
    pipelines::{Pipeline, PipelineInput},
    quotes::{NewQuote, Quote, QuoteStep},
};
use leptos::prelude::*;
use platform::id::{EntityId, UserId};
use serde::{Deserialize, Serialize};
use ui::{Failure, Wire};

/// A field that a stage may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub key: String,
    /// What the organization calls it; none for a field that every organization's deals have.
    pub own: Option<String>,
}

impl Asked {
    /// What it is called, in the reader's language.
    pub fn name(&self, lang: ui::Lang) -> String {
        let known = || ui::use_modules().label(lang, &["field.", &self.key].concat());
        self.own.clone().or_else(|| Some(known()?.to_owned())).unwrap_or_else(|| self.key.clone())
    }
}

#[cfg(feature = "ssr")]
async fn asked(tx: &mut platform::Tx) -> platform::Result<Vec<Asked>> {
    let fields = crm::pipelines::asks(tx).await?;
    Ok(fields.into_iter().map(|field| Asked { own: field.custom.map(|_| field.label), key: field.key }).collect())
}

/// A board with what stands around it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BoardPage {
    /// Every pipeline's id and name.
    pub pipelines: Vec<(EntityId, String)>,
    /// None where there is no pipeline yet.
    pub board: Option<DealBoard>,
    /// Who may look after a deal.
    pub owners: Vec<(UserId, String)>,
    /// What stages may ask for.
    pub asked: Vec<Asked>,
    /// The pipeline that is shown, for whoever may make and change pipelines.
    pub plan: Option<Pipeline>,
    /// Whether whoever asks may.
    pub may_plan: bool,
}

/// A deal with all that its page tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DealPage {
    pub deal: Deal,
    pub pipeline: Pipeline,
    pub lines: DealLines,
    pub steps: Vec<DealStep>,
    pub quotes: Vec<Quote>,
    pub owners: Vec<(UserId, String)>,
    /// What stages may ask for.
    pub asked: Vec<Asked>,
    pub may_write: bool,
    pub may_quote: bool,
}

/// The board of a pipeline, of the oldest if none is named; the deals of one member, if one is.
#[server(name = AskBoard, prefix = "/fn", endpoint = "crm/board", input = Wire, output = Wire)]
pub async fn read_board(pipeline: Option<EntityId>, owner: Option<UserId>) -> Result<BoardPage, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let all = crm::pipelines::list(&mut tx).await?;
    let pipelines: Vec<(EntityId, String)> = all.iter().map(|one| (one.id, one.name.clone())).collect();
    let board = match pipeline.or_else(|| pipelines.first().map(|(id, _)| *id)) {
        Some(id) => Some(crm::deals::board(&mut tx, id, owner, None).await?),
        None => None,
    };
    let owners = crm::deals::owners(&mut tx).await?;
    let may_plan = tx.can(crm::PIPELINES_WRITE);
    let plan = match &board {
        Some(board) if may_plan => all.into_iter().find(|one| one.id == board.pipeline),
        _ => None,
    };
    let asked = asked(&mut tx).await?;
    tx.commit().await?;
    Ok(BoardPage { pipelines, board, owners, asked, plan, may_plan })
}

/// Where a column of the board goes on.
#[server(name = AskColumn, prefix = "/fn", endpoint = "crm/column", input = Wire, output = Wire)]
pub async fn read_column(query: DealQuery, cursor: Option<String>) -> Result<(Vec<Deal>, Option<String>), Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let page = platform::rest::PageQuery { cursor, limit: Some(20) };
    let found = crm::deals::list(&mut tx, &query, &page).await?;
    tx.commit().await?;
    Ok((found.items, found.next_cursor))
}

/// A deal's page.
#[server(name = AskDeal, prefix = "/fn", endpoint = "crm/deal", input = Wire, output = Wire)]
pub async fn read_deal(id: EntityId) -> Result<DealPage, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let deal = crm::deals::get(&mut tx, id).await?;
    let page = DealPage {
        pipeline: crm::pipelines::get(&mut tx, deal.pipeline).await?,
        lines: crm::deals::lines(&mut tx, id).await?,
        steps: crm::deals::steps(&mut tx, id).await?,
        quotes: crm::quotes::list(&mut tx, id).await?,
        owners: crm::deals::owners(&mut tx).await?,
        asked: asked(&mut tx).await?,
        may_write: tx.require_over(crm::DEALS_WRITE, deal.owner).is_ok(),
        may_quote: tx.can(crm::QUOTES_WRITE),
        deal,
    };
    tx.commit().await?;
    Ok(page)
}

/// Makes a deal, or changes the one of that id.
#[server(name = SaveDealDoor, prefix = "/fn", endpoint = "crm/save_deal", input = Wire, output = Wire)]
pub async fn save_deal(id: Option<EntityId>, input: DealInput) -> Result<Deal, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let deal = match id {
        Some(id) => crm::deals::update(&mut tx, id, &input).await?,
        None => crm::deals::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(deal)
}

/// Brings a deal to another stage.
#[server(name = MoveDealDoor, prefix = "/fn", endpoint = "crm/move_deal", input = Wire, output = Wire)]
pub async fn move_deal(id: EntityId, input: MoveDeal) -> Result<Deal, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let deal = crm::deals::move_to(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(deal)
}

/// Puts these lines in the place of the deal's.
#[server(name = SaveLinesDoor, prefix = "/fn", endpoint = "crm/save_lines", input = Wire, output = Wire)]
pub async fn save_lines(id: EntityId, input: DealLinesInput) -> Result<DealLines, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let lines = crm::deals::save_lines(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(lines)
}

/// Makes a pipeline, or changes the one of that id.
#[server(name = SavePipelineDoor, prefix = "/fn", endpoint = "crm/save_pipeline", input = Wire, output = Wire)]
pub async fn save_pipeline(id: Option<EntityId>, input: PipelineInput) -> Result<Pipeline, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let pipeline = match id {
        Some(id) => crm::pipelines::update(&mut tx, id, &input).await?,
        None => crm::pipelines::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(pipeline)
}

/// Makes a lead a deal.
#[server(name = ConvertLeadDoor, prefix = "/fn", endpoint = "crm/convert_lead", input = Wire, output = Wire)]
pub async fn convert_lead(id: EntityId, input: ConvertLead) -> Result<Deal, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let deal = crm::leads::convert(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(deal)
}

/// What deals are expected to bring.
#[server(name = AskForecast, prefix = "/fn", endpoint = "crm/forecast", input = Wire, output = Wire)]
pub async fn read_forecast(query: ForecastQuery) -> Result<Forecast, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let forecast = crm::forecast::forecast(&mut tx, &query).await?;
    tx.commit().await?;
    Ok(forecast)
}

/// Makes a draft of what the deal offers now.
#[server(name = MakeQuoteDoor, prefix = "/fn", endpoint = "crm/make_quote", input = Wire, output = Wire)]
pub async fn make_quote(deal: EntityId, input: NewQuote) -> Result<Quote, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let quote = crm::quotes::create(&mut tx, deal, &input).await?;
    tx.commit().await?;
    Ok(quote)
}

/// Sends a quote, or writes down that it was accepted or declined.
#[server(name = StepQuoteDoor, prefix = "/fn", endpoint = "crm/step_quote", input = Wire, output = Wire)]
pub async fn step_quote(id: EntityId, input: QuoteStep) -> Result<Quote, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let quote = crm::quotes::step(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(quote)
}
