//! Series: visits of one patient that are planned together ("three a week for two weeks, then weekly six times").
//!
//! A plan is expanded by the clock on the wall (R2) and looked at whole before anything is booked: each occurrence with
//! its verdict, all reasons and the nearest alternatives. It is booked whole or not at all. From then on every visit is a
//! visit like any other, and remembers its place in the plan. One that was moved or cancelled is an exception, and stays
//! one through all later changes of the series (R19).

#[cfg(feature = "ssr")]
mod change;
#[cfg(feature = "ssr")]
mod create;
mod engine;
#[cfg(feature = "ssr")]
mod ground;
mod plan;
#[cfg(test)]
mod properties;
#[cfg(feature = "ssr")]
mod read;
#[cfg(all(test, feature = "testing"))]
pub(crate) mod tests;

pub use engine::{Counted, Ground, Judged, Wanted, judge};
pub use plan::{Row, State, affected, is_exception, shifted};

#[cfg(feature = "ssr")]
pub use change::{change, preview_change};
#[cfg(feature = "ssr")]
pub use create::{create, preview};
#[cfg(feature = "ssr")]
pub use read::{get, of_visit};

use chrono::{DateTime, NaiveDateTime, Utc};
use platform::{
    error::Reason,
    id::{EntityId, LocationId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use services::calendar::Status;
use utoipa::ToSchema;

use crate::appointments::{AvailableSlot, Further};

/// The most occurrences of a plan.
pub const MOST: usize = 100;
/// The most rules of a plan.
pub const MOST_RULES: usize = 10;
/// The longest plan, in days.
pub const LONGEST: i64 = 366;
/// What is done to a series is told in the log of the patient whose it is.
#[cfg(feature = "ssr")]
const PATIENT: &str = "gabinet:patient";

/// Where one occurrence is to be instead of where the plan puts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// The occurrence's place in the plan, from 1.
    pub nth: i32,
    /// Left out if not given.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
}

/// A plan that is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesAsked {
    pub patient: EntityId,
    pub treatment: EntityId,
    pub employee: EntityId,
    pub location: LocationId,
    /// The first reading of the location's clock: `2026-11-24T10:00:00`.
    pub start: NaiveDateTime,
    /// Rules of RFC 5545 that follow each other: `FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6`, then `FREQ=WEEKLY;COUNT=6`. Each must end.
    #[schema(max_items = 10)]
    pub rules: Vec<String>,
    /// Occurrences that are to be elsewhere than the plan puts them, or left out.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub picks: Vec<Pick>,
    /// More treatments of each visit, by time.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub further: Vec<Further>,
}

/// A series to be booked, all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSeries {
    /// Made by the caller, so that a retry books no second series.
    #[serde(default)]
    pub id: Option<EntityId>,
    pub patient: EntityId,
    pub treatment: EntityId,
    pub employee: EntityId,
    pub location: LocationId,
    /// The first reading of the location's clock.
    pub start: NaiveDateTime,
    /// Rules of RFC 5545 that follow each other.
    #[schema(max_items = 10)]
    pub rules: Vec<String>,
    /// Occurrences that are to be elsewhere than the plan puts them, or left out.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub picks: Vec<Pick>,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub notes: String,
    /// More treatments of each visit, by time.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub further: Vec<Further>,
}

impl NewSeries {
    /// The plan that is to be booked.
    pub fn asked(&self) -> SeriesAsked {
        SeriesAsked {
            patient: self.patient,
            treatment: self.treatment,
            employee: self.employee,
            location: self.location,
            start: self.start,
            rules: self.rules.clone(),
            picks: self.picks.clone(),
            further: self.further.clone(),
        }
    }
}

/// One occurrence with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    pub nth: i32,
    /// The reading by which the plan means it.
    pub original: NaiveDateTime,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    /// Whether it is elsewhere than the plan puts it.
    pub picked: bool,
    /// It is not to take place.
    pub left_out: bool,
    /// Everything that stands against it; nothing if it is free.
    pub reasons: Vec<Reason>,
    /// The nearest times that are free, at most three; only where something stands against it.
    pub alternatives: Vec<AvailableSlot>,
    /// Practitioner, room and device.
    pub resources: Vec<EntityId>,
    /// The visit that would be moved or cancelled, in a change of a series.
    pub visit: Option<EntityId>,
    /// Where it is now.
    pub before: Option<DateTime<Utc>>,
}

/// What a plan, or a change of a series, would come to. Nothing is booked by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeriesPreview {
    /// By place in the plan.
    pub occurrences: Vec<Candidate>,
    /// How many have something against them.
    pub conflicts: u32,
    /// Visits that a change leaves as they are because they are exceptions, or over: their places in the plan.
    pub kept: Vec<i32>,
    /// To read the instants on the location's clock.
    pub zone: ZoneWindow,
}

/// A series with its visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Series {
    pub id: EntityId,
    pub patient: EntityId,
    pub patient_name: String,
    /// The first of each visit.
    pub treatment: EntityId,
    /// All of a visit, joined by “+”.
    pub treatment_name: String,
    /// The treatments that the first one's practitioner gives, which whoever takes over has to give.
    pub gives: Vec<EntityId>,
    pub location: LocationId,
    pub start: NaiveDateTime,
    pub rules: Vec<String>,
    pub notes: String,
    /// What a change must name (R18).
    pub version: i32,
    /// By place in the plan.
    pub visits: Vec<SeriesVisit>,
    pub zone: ZoneWindow,
}

/// A place in the plan, and the visit that came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeriesVisit {
    pub nth: i32,
    /// The reading by which the plan meant it at first.
    pub original: NaiveDateTime,
    /// The reading by which the series means it now.
    pub planned: NaiveDateTime,
    /// None: left out.
    pub visit: Option<EntityId>,
    /// The calendar's activity.
    pub activity: Option<EntityId>,
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    pub status: Option<Status>,
    /// With whom it is planned, or is by now.
    pub employee: EntityId,
    pub employee_name: String,
    /// Elsewhere than planned, cancelled or left out: later changes of the series leave it alone (R19).
    pub exception: bool,
}

/// Which visits of a series are meant (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SeriesScope)]
pub enum Scope {
    /// The named one.
    This,
    /// The named one and those after it.
    Following,
    /// All that are to come.
    All,
    /// Likewise, and those that are exceptions too: to cancel what was booked as one.
    Whole,
}

/// A change of a series. Exceptions, and what has begun, are left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesChange {
    /// The version that was seen (R18).
    pub version: i32,
    pub scope: Scope,
    /// The named visit's place in the plan.
    #[schema(minimum = 1)]
    pub nth: i32,
    /// Minutes on the clock on the wall by which they move; 1440 is a day.
    #[serde(default)]
    pub shift_minutes: i32,
    /// With whom they are from now on; unchanged if not given. Of several treatments those that the first's practitioner
    /// gives go to this one.
    #[serde(default)]
    pub employee: Option<EntityId>,
    /// Cancels them, for this reason; then nothing else can be changed.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub cancel_reason: Option<String>,
    /// Those that are to go elsewhere than the change puts them. One without a start stays as it is.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub picks: Vec<Pick>,
}
