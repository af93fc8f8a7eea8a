//! The rota: the week of everybody at once, and drafts of another one, which show what they do to booked visits before
//! they are published.

pub mod edit;
#[cfg(feature = "ssr")]
mod effects;
mod merge;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
mod week;

#[cfg(feature = "ssr")]
pub use effects::effects;
pub use merge::{as_of, merged};
#[cfg(feature = "ssr")]
pub use sql::{create, discard, drafts, get, publish, update};
#[cfg(feature = "ssr")]
pub use week::week;

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Result,
    id::{EntityId, LocationId},
    input::Input,
};
use serde::{Deserialize, Serialize};
use services::calendar::slots::Rule;
use utoipa::ToSchema;

use crate::hours::{LeaveKind, WorkingHours};

/// Everybody's hours over some dates, on the wall clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rota {
    pub from: NaiveDate,
    /// Exclusive.
    pub to: NaiveDate,
    /// ISO weekday on which weeks begin.
    pub week_start: i16,
    pub rows: Vec<RotaRow>,
}

/// One practitioner's part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RotaRow {
    pub employee: EntityId,
    pub name: String,
    /// Hue of their colour, 0–359.
    pub hue: i16,
    /// Elapsed minutes of work over all the dates: windows without breaks, approved leave and closures.
    pub minutes: i64,
    /// Minutes a week by contract.
    pub contract_minutes: Option<i32>,
    pub days: Vec<RotaDay>,
}

/// One date of it. Stretches are minutes after midnight; one whose end is not after its start crosses midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RotaDay {
    pub date: NaiveDate,
    pub windows: Vec<(i16, i16)>,
    pub breaks: Vec<(i16, i16)>,
    /// Whether the date has hours of its own instead of the weekly ones.
    pub dated: bool,
    /// Approved leave on that date.
    pub leave: Option<RotaLeave>,
    /// The name of what closes the place on that date, which may be empty.
    pub closure: Option<String>,
}

/// That somebody is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RotaLeave {
    /// Sickness is told only to those who plan leave.
    pub kind: LeaveKind,
    /// None for the whole date.
    pub starts: Option<i16>,
    pub ends: Option<i16>,
}

/// How far a draft has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftStatus {
    Draft,
    Published,
    Discarded,
}

impl DraftStatus {
    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            DraftStatus::Draft => "draft",
            DraftStatus::Published => "published",
            DraftStatus::Discarded => "discarded",
        }
    }
}

#[cfg(feature = "ssr")]
impl TryFrom<String> for DraftStatus {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        [DraftStatus::Draft, DraftStatus::Published, DraftStatus::Discarded].into_iter().find(|status| status.as_str() == word).ok_or(word)
    }
}

/// Hours that are planned for some practitioners, from a date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    pub id: EntityId,
    pub name: String,
    /// The first date on which it would hold.
    pub from_date: NaiveDate,
    pub status: DraftStatus,
    /// What a change and the publishing must name (R18).
    pub version: i32,
    pub created_at: DateTime<Utc>,
    /// By the practitioners' ids.
    pub hours: Vec<DraftHours>,
}

/// What a draft plans for one practitioner: all that is to hold from its first date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftHours {
    pub employee: EntityId,
    pub hours: WorkingHours,
    /// Whether somebody has changed the hours since the draft was made from them; read only.
    #[serde(default)]
    pub outdated: bool,
}

/// A draft in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct DraftHead {
    pub id: EntityId,
    pub name: String,
    pub from_date: NaiveDate,
    /// How many practitioners it is for.
    pub employees: i64,
    pub version: i32,
}

/// What is told when a draft is begun: it starts with the hours as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Made by the caller, so that a retry makes no second one.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    pub from_date: NaiveDate,
    /// Whose hours it plans.
    #[schema(min_items = 1, max_items = 200)]
    pub employees: Vec<EntityId>,
}

impl NewDraft {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 200);
        input.year("from_date", &self.from_date);
        input.check((1..=200).contains(&self.employees.len()), "employees", "length", "Between 1 and 200 practitioners.");
        input.finish()
    }
}

/// A draft as it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftInput {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    pub from_date: NaiveDate,
    /// The version that was read (R18).
    pub version: i32,
    #[schema(min_items = 1, max_items = 200)]
    pub hours: Vec<DraftHours>,
}

impl DraftInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 200);
        input.year("from_date", &self.from_date);
        input.check((1..=200).contains(&self.hours.len()), "hours", "length", "Between 1 and 200 practitioners.");
        let mut employees: Vec<EntityId> = self.hours.iter().map(|hours| hours.employee).collect();
        employees.sort_unstable();
        input.check(employees.windows(2).all(|pair| pair[0] != pair[1]), "hours", "duplicate", "A practitioner is named once.");
        input.finish()?;
        self.hours.iter().try_for_each(|hours| hours.hours.check())
    }
}

/// What publishing a draft would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Effects {
    pub version: i32,
    /// Visits to come that stand within hours now and would not any more, by start.
    pub visits: Vec<AffectedVisit>,
    /// By practitioner.
    pub minutes: Vec<Difference>,
    /// Practitioners whose hours somebody has changed since the draft was made from them: it can't be published.
    pub outdated: Vec<EntityId>,
}

/// A visit that would fall outside hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AffectedVisit {
    pub visit: EntityId,
    /// What the calendar knows it by.
    pub activity: EntityId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// The start on the location's clock.
    pub wall: chrono::NaiveDateTime,
    pub location: LocationId,
    pub employee: EntityId,
    pub employee_name: String,
    /// None for those who may not see patients.
    pub patient_name: Option<String>,
    pub treatment_name: String,
    /// Why: `hours` or `break`.
    pub rules: Vec<Rule>,
}

/// Minutes that a practitioner would work more and less in the four weeks from the draft's first date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    pub employee: EntityId,
    pub name: String,
    pub gained: i64,
    pub lost: i64,
}

/// Publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// The draft's version that was read (R18).
    pub version: i32,
    /// How many visits were shown to fall outside hours. Refused if it would be more by now; not asked if not given.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub affected: Option<i64>,
}
