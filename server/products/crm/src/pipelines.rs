//! Pipelines: the stages that an organization's deals go through.

#[cfg(feature = "ssr")]
mod asks;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
pub use asks::asks;
#[cfg(feature = "ssr")]
pub(crate) use asks::{leads_on, require_told};
#[cfg(feature = "ssr")]
pub use sql::{create, get, list, update};
#[cfg(feature = "ssr")]
pub(crate) use sql::{first, stage};

use platform::{Result, id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many stages a pipeline has at most.
pub const MOST_STAGES: usize = 20;
/// For how many fields a stage asks at most.
pub const MOST_ASKED: usize = 20;
/// How many pipelines an organization has at most.
pub const MOST_PIPELINES: i64 = 20;

/// What it means for a deal to stand in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    Open,
    Won,
    Lost,
}

impl StageKind {
    /// In the order in which they stand on a board.
    pub const ALL: [Self; 3] = [Self::Open, Self::Won, Self::Lost];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealStage {
    pub id: EntityId,
    pub name: String,
    pub kind: StageKind,
    /// Of winning, in per cent; 100 where it is won and 0 where it is lost.
    pub probability: i16,
    /// After so many days (of 24 hours) in it a deal is stale.
    pub rot_days: Option<i16>,
    /// Keys of the fields that a deal tells before it comes into it from an earlier one.
    pub requires: Vec<String>,
}

/// A pipeline with its stages in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pipeline {
    pub id: EntityId,
    pub name: String,
    pub stages: Vec<DealStage>,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is typed about a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealStageInput {
    /// Of a stage that is there; without one it is new.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    pub kind: StageKind,
    /// Per cent; only read of an open stage.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    pub probability: i16,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub rot_days: Option<i16>,
    /// Keys of the deal's fields, also of those the organization has added.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub requires: Vec<String>,
}

impl From<&DealStage> for DealStageInput {
    fn from(stage: &DealStage) -> Self {
        let DealStage { id, name, kind, probability, rot_days, requires } = stage.clone();
        Self { id: Some(id), name, kind, probability, rot_days, requires }
    }
}

/// What is typed about a pipeline. Its stages are told whole and in order: at least one open, exactly one won and one lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[schema(max_items = 20)]
    pub stages: Vec<DealStageInput>,
    /// The version that was read; needed when changing (R18).
    #[serde(default)]
    pub version: i32,
}

impl PipelineInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 100);
        let count = |kind: StageKind| self.stages.iter().filter(|stage| stage.kind == kind).count();
        input.check(count(StageKind::Open) > 0, "stages", "open", "At least one stage is open.");
        input.check(count(StageKind::Won) == 1, "stages", "won", "Exactly one stage is won.");
        input.check(count(StageKind::Lost) == 1, "stages", "lost", "Exactly one stage is lost.");
        input.check(self.stages.len() <= MOST_STAGES, "stages", "too_many", "At most 20 stages are possible.");
        for (place, stage) in self.stages.iter().take(MOST_STAGES).enumerate() {
            let field = |name: &str| format!("stages[{place}].{name}");
            input.text(&field("name"), stage.name.trim(), 1, 60);
            input.check((0..=100).contains(&stage.probability), &field("probability"), "range", "Between 0 and 100 per cent.");
            input.check(
                stage.rot_days.is_none_or(|days| (1..=3650).contains(&days)),
                &field("rot_days"),
                "range",
                "Between 1 and 3650 days.",
            );
            input.check(stage.requires.len() <= MOST_ASKED, &field("requires"), "too_many", "At most 20 fields are asked for.");
            let name = stage.name.trim().to_lowercase();
            let twice = self.stages[..place].iter().any(|other| other.name.trim().to_lowercase() == name);
            input.check(!twice, &field("name"), "duplicate", "Another stage goes by this name.");
            let known_twice = stage.id.is_some() && self.stages[..place].iter().any(|other| other.id == stage.id);
            input.check(!known_twice, &field("id"), "duplicate", "A stage stands in a pipeline once.");
        }
        input.finish()
    }

    /// What it is usually: names in the language of the organization.
    pub fn usual(polish: bool) -> Self {
        let names = match polish {
            true => ["Sprzedaż", "Nowa", "Rozpoznanie potrzeb", "Oferta", "Negocjacje", "Wygrana", "Przegrana"],
            false => ["Sales", "New", "Needs", "Proposal", "Negotiation", "Won", "Lost"],
        };
        let stage = |place: usize, kind, probability, rot_days| DealStageInput {
            id: None,
            name: names[place].to_owned(),
            kind,
            probability,
            rot_days,
            requires: Vec::new(),
        };
        Self {
            id: None,
            name: names[0].to_owned(),
            stages: vec![
                stage(1, StageKind::Open, 10, Some(7)),
                stage(2, StageKind::Open, 30, Some(14)),
                stage(3, StageKind::Open, 60, Some(14)),
                stage(4, StageKind::Open, 80, Some(10)),
                stage(5, StageKind::Won, 100, None),
                stage(6, StageKind::Lost, 0, None),
            ],
            version: 0,
        }
    }
}
