//! “Dr Lis is ill”: every visit of a practitioner's day is given to a colleague in one proposal, which is applied whole
//! and undone whole.
//!
//! A proposal is a function of what is stored, so that it need not be kept: whoever applies it names its token, and the
//! server makes the proposal again from what is stored now, holding everybody's time. If it is no longer the same one,
//! nothing is done and the new one is given back.

mod engine;
#[cfg(feature = "ssr")]
mod ground;
#[cfg(feature = "ssr")]
mod undo;
#[cfg(feature = "ssr")]
mod write;

#[cfg(test)]
mod properties;

pub use engine::{Ground, Held, reseat};
#[cfg(feature = "ssr")]
pub use undo::undo;
#[cfg(feature = "ssr")]
pub use write::{apply, proposal};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use platform::{error::Reason, id::EntityId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose visits, of which local dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReseatAsked {
    /// Who is away.
    pub employee_id: EntityId,
    /// First local date.
    pub from_date: NaiveDate,
    /// Last local date, inclusive; at most 31 days in all.
    pub to_date: NaiveDate,
    /// Visits that stay where they are. The others are placed around them.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub skip: Vec<EntityId>,
}

/// A proposal to be applied, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReseatApply {
    pub employee_id: EntityId,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub skip: Vec<EntityId>,
    /// The proposal's.
    #[schema(max_length = 100)]
    pub token: String,
    /// Books leave over these dates in the same step, with this reason; for those who may.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub leave_reason: Option<String>,
}

impl ReseatApply {
    /// The question that the proposal answered.
    pub fn asked(&self) -> ReseatAsked {
        ReseatAsked { employee_id: self.employee_id, from_date: self.from_date, to_date: self.to_date, skip: self.skip.clone() }
    }
}

/// A visit where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Seat {
    pub visit: EntityId,
    /// The calendar's activity that holds its time.
    pub activity: EntityId,
    /// The version that was read (R18).
    pub version: i32,
    pub patient_name: String,
    pub treatment_name: String,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    /// The start on the location's clock.
    pub wall_start: NaiveDateTime,
    /// The end on the location's clock.
    pub wall_end: NaiveDateTime,
    /// Room and device by name.
    pub place: String,
}

/// A visit where it is and where it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Move {
    pub before: Seat,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    pub wall_start: NaiveDateTime,
    pub wall_end: NaiveDateTime,
    pub employee: EntityId,
    pub employee_name: String,
    /// Practitioner, room and device.
    pub resources: Vec<EntityId>,
    pub place: String,
}

/// A visit for which there is no other place that day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Unplaced {
    pub seat: Seat,
    /// What stands against its own time with every colleague who is qualified.
    pub reasons: Vec<Reason>,
}

/// Where a practitioner's visits would go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// Says what the proposal was made from; to be named when it is applied.
    pub token: String,
    pub employee_id: EntityId,
    pub employee_name: String,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    /// By start.
    pub moves: Vec<Move>,
    pub unplaced: Vec<Unplaced>,
    /// Those that were asked to stay.
    pub skipped: Vec<Seat>,
    /// What else takes the practitioner's time and stays: meetings, other products' activities, visits under way.
    pub others: u32,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reseated {
    /// By which it can be undone.
    pub id: EntityId,
    /// How many visits were moved.
    pub moved: u32,
    /// Whether leave was booked.
    pub leave: bool,
}

/// What is to be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReseatUndo {
    /// As [`Reseated`] told it.
    pub reseat_id: EntityId,
}
