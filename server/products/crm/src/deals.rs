//! Deals: what is to be sold to whom, on its way through the stages of a pipeline.

#[cfg(feature = "ssr")]
mod board;
#[cfg(feature = "ssr")]
mod found;
#[cfg(feature = "ssr")]
mod lines;
#[cfg(feature = "ssr")]
mod moves;
#[cfg(feature = "ssr")]
mod read;
#[cfg(feature = "ssr")]
mod record;
#[cfg(all(test, feature = "testing"))]
pub(crate) mod tests;
#[cfg(feature = "ssr")]
mod write;
#[cfg(feature = "ssr")]
pub use board::board;
#[cfg(feature = "ssr")]
pub(crate) use found::{company_renamed, person_changed};
#[cfg(feature = "ssr")]
pub(crate) use lines::{LineRow, line};
#[cfg(feature = "ssr")]
pub use lines::{lines, save_lines};
#[cfg(feature = "ssr")]
pub use moves::{move_to, steps};
#[cfg(feature = "ssr")]
pub use read::{get, list, owners};
#[cfg(feature = "ssr")]
pub use record::SOURCE;
#[cfg(feature = "ssr")]
pub(crate) use write::insert;
#[cfg(feature = "ssr")]
pub use write::{create, update};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Result,
    id::{EntityId, UserId},
    input::Input,
    money::Currency,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    pipelines::{DealStage, StageKind},
    totals::{SaleLine, SaleTotals},
};

/// The most that a deal is worth, in minor units.
pub const MOST_VALUE: i64 = 1_000_000_000_000_000;
/// How many lines a deal has at most.
pub const MOST_LINES: usize = 100;

/// A deal as shown and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deal {
    pub id: EntityId,
    pub title: String,
    pub pipeline: EntityId,
    pub stage: EntityId,
    pub stage_name: String,
    pub kind: StageKind,
    /// Of winning, in per cent: the stage's.
    pub probability: i16,
    /// Who is asked.
    pub person: Option<EntityId>,
    pub person_name: Option<String>,
    /// And for which company.
    pub company: Option<EntityId>,
    pub company_name: Option<String>,
    /// Minor units of `currency`; the net total of the lines, where there are any.
    pub value: i64,
    pub currency: String,
    /// When it is expected to be decided.
    pub close_on: Option<NaiveDate>,
    pub owner: Option<UserId>,
    pub owner_name: Option<String>,
    /// What is to be done next, and by when.
    pub next_step: String,
    pub next_step_on: Option<NaiveDate>,
    /// Why it was lost.
    pub lost_reason: String,
    /// The lead it came from.
    pub lead: Option<EntityId>,
    /// Since when it stands in its stage; UTC.
    pub stage_since: DateTime<Utc>,
    /// Whole days (of 24 hours) in its stage.
    pub days_in_stage: i32,
    /// Whether it has stood there longer than its stage allows.
    pub stale: bool,
    /// How many lines it has.
    pub lines: i32,
    /// When it was won or lost; UTC.
    pub closed_at: Option<DateTime<Utc>>,
    /// In the answer to a change: it is now somebody's whose deals one does not see, and this is the last that one is told of it.
    pub handed_over: bool,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is typed about a deal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// Where it begins; the first open stage of the oldest pipeline if not given. Only read when creating.
    #[serde(default)]
    pub stage: Option<EntityId>,
    #[serde(default)]
    pub person: Option<EntityId>,
    #[serde(default)]
    pub company: Option<EntityId>,
    /// Minor units. Not read of a deal with lines, whose value is their net total.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub value: i64,
    /// ISO 4217; the organization's if empty.
    #[serde(default)]
    #[schema(max_length = 3)]
    pub currency: String,
    #[serde(default)]
    pub close_on: Option<NaiveDate>,
    /// A member; whoever makes it if not given.
    #[serde(default)]
    pub owner: Option<UserId>,
    #[serde(default)]
    #[schema(max_length = 500)]
    pub next_step: String,
    #[serde(default)]
    pub next_step_on: Option<NaiveDate>,
    /// The version that was read; needed when changing (R18).
    #[serde(default)]
    pub version: i32,
}

impl DealInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("title", self.title.trim(), 1, 200);
        input.text("next_step", &self.next_step, 0, 500);
        input.check((0..=MOST_VALUE).contains(&self.value), "value", "range", "A value is not negative.");
        let currency = self.currency.is_empty() || self.currency.parse::<Currency>().is_ok();
        input.check(currency, "currency", "currency", "A currency is three capital letters.");
        for (field, date) in [("close_on", self.close_on), ("next_step_on", self.next_step_on)] {
            if let Some(date) = date {
                input.year(field, &date);
            }
        }
        input.finish()
    }
}

impl From<&Deal> for DealInput {
    /// What a form shows of it.
    fn from(deal: &Deal) -> Self {
        Self {
            id: None,
            title: deal.title.clone(),
            stage: None,
            person: deal.person,
            company: deal.company,
            value: deal.value,
            currency: deal.currency.clone(),
            close_on: deal.close_on,
            owner: deal.owner,
            next_step: deal.next_step.clone(),
            next_step_on: deal.next_step_on,
            version: deal.version,
        }
    }
}

/// Which deals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealQuery {
    /// Of this stage.
    pub stage: Option<EntityId>,
    /// Looked after by this member.
    pub owner: Option<UserId>,
    /// Part of the title, the person's or the company's name.
    pub q: String,
}

/// A step to another stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveDeal {
    /// The version that was seen (R18).
    pub version: i32,
    /// Of whichever pipeline.
    pub stage: EntityId,
    /// Needed where the stage means that it is lost.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub lost_reason: String,
}

/// The deals of one currency in a stage. Sums over currencies are never one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealSum {
    pub currency: String,
    pub count: i64,
    /// Minor units, as `weighted`.
    pub value: i64,
    /// By the stage's probability, rounded once.
    pub weighted: i64,
}

/// A stage with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealColumn {
    pub stage: DealStage,
    pub count: i64,
    /// A currency each, the commonest first.
    pub sums: Vec<DealSum>,
    /// The first page, whoever came last on top.
    pub deals: Vec<Deal>,
    /// Where `GET /deals?stage=…` goes on.
    pub next_cursor: Option<String>,
}

/// A pipeline as a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealBoard {
    pub pipeline: EntityId,
    pub name: String,
    pub version: i32,
    pub columns: Vec<DealColumn>,
    /// Whether whoever asks may change deals.
    pub may_write: bool,
}

/// A step that a deal has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct DealStep {
    pub id: EntityId,
    /// None for the first.
    pub from_stage: Option<String>,
    pub to_stage: String,
    /// UTC.
    pub at: DateTime<Utc>,
    /// How long it had been where it came from.
    pub seconds: i64,
    /// None for what the system did.
    pub who: Option<String>,
}

/// What is sold in a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealLines {
    pub currency: String,
    pub lines: Vec<SaleLine>,
    pub totals: SaleTotals,
    /// The deal's: what a change must name (R18).
    pub version: i32,
}

/// The lines of a deal, told whole and in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealLinesInput {
    /// The deal's version that was read (R18).
    pub version: i32,
    #[schema(max_items = 100)]
    pub lines: Vec<SaleLine>,
}

impl DealLinesInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.check(self.lines.len() <= MOST_LINES, "lines", "too_many", "At most 100 lines are possible.");
        for (place, line) in self.lines.iter().take(MOST_LINES).enumerate() {
            let field = |name: &str| format!("lines[{place}].{name}");
            input.text(&field("name"), line.name.trim(), 1, 200);
            input.check((1..=1_000_000_000).contains(&line.quantity), &field("quantity"), "range", "A quantity is more than nothing.");
            input.check((0..=1_000_000_000_000).contains(&line.unit_price), &field("unit_price"), "range", "A price is not negative.");
            input.check((0..=10_000).contains(&line.discount), &field("discount"), "range", "Between 0 and 100 per cent.");
            let rated = line.tax == crate::totals::TaxCategory::S || line.rate == 0;
            input.check((0..=10_000).contains(&line.rate) && rated, &field("rate"), "range", "Only what is taxed at a rate has one.");
        }
        let worth = crate::totals::totals(&self.lines);
        input.check(worth.gross <= MOST_VALUE, "lines", "range", "This is more than can be kept.");
        input.finish()
    }
}
