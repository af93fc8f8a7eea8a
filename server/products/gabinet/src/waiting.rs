//! The waiting list: who would come, for what, to whom and at which times, should a time be free.
//!
//! Time that frees is written down in the transaction that frees it, and offered by a job once that has ended: to the one
//! who comes first by urgency and then by age, for half an hour, in which it is held for them. Whoever answers first books;
//! what is declined or runs out is offered to the next.
//!
//! A request for any time within a stretch (“Thursday afternoon”) is one of them too, which is answered: by one of the times
//! that fit, which books it, or by a refusal with its reason.

mod fit;
#[cfg(feature = "ssr")]
mod freed;
#[cfg(feature = "ssr")]
mod job;
#[cfg(feature = "ssr")]
mod offer;
#[cfg(feature = "ssr")]
mod read;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
mod write;

pub use fit::fits;
#[cfg(feature = "ssr")]
pub use freed::{freed, freed_by_hours, freed_by_opening, freed_dates};
#[cfg(feature = "ssr")]
pub use job::{LOOK, look_later, work};
#[cfg(feature = "ssr")]
pub use offer::{accept, book, decline, offer};
#[cfg(feature = "ssr")]
pub use read::{get, list, matches, requests, wanting};
#[cfg(feature = "ssr")]
pub use write::{add, decline_request, edit, remove, request};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    id::{EntityId, LocationId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stretch of the day, in minutes after midnight on the clock on the wall, in which a visit may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayWindow {
    #[schema(minimum = 0, maximum = 1439)]
    pub from: i32,
    /// Exclusive.
    #[schema(minimum = 1, maximum = 1440)]
    pub to: i32,
}

/// Why somebody is on the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitingKind {
    /// Would come should a time become free.
    #[default]
    Waiting,
    /// Asks for any time within a stretch, and is answered: by a time that is booked, or by a refusal with its reason.
    Request,
}

impl WaitingKind {
    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            WaitingKind::Waiting => "waiting",
            WaitingKind::Request => "request",
        }
    }
}

/// Why nothing can be offered to somebody, as long as it stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stuck {
    /// The last of their dates has passed.
    Over,
    /// What they wait for is no longer on offer.
    Inactive,
    /// It is given in groups, and a seat of a group is not held.
    Group,
    /// Nobody whom they would see gives it here.
    Unstaffed,
}

/// What somebody waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingInput {
    /// Made by the caller, so that a retry puts nobody on the list twice.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Stays as it is when changing.
    #[serde(default)]
    pub kind: WaitingKind,
    pub patient: EntityId,
    pub location: LocationId,
    /// Any of these will do, the preferred one first.
    #[schema(max_items = 20)]
    pub treatments: Vec<EntityId>,
    /// Only with these; with anybody qualified if there are none.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub staff: Vec<EntityId>,
    /// ISO, 1 is Monday; any day if there are none.
    #[serde(default)]
    #[schema(max_items = 7)]
    pub weekdays: Vec<i16>,
    /// At any time of the day if there are none.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub windows: Vec<DayWindow>,
    pub from_date: NaiveDate,
    /// Inclusive.
    pub to_date: NaiveDate,
    /// 0 can wait, 1 usual, 2 urgent.
    #[serde(default = "usual")]
    #[schema(minimum = 0, maximum = 2)]
    pub priority: i16,
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: String,
    /// The version that was seen, for a change (R18).
    #[serde(default)]
    pub version: i32,
}

fn usual() -> i16 {
    1
}

/// Why a request is declined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineRequest {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// A record by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Named {
    pub id: EntityId,
    pub name: String,
}

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waiting {
    pub id: EntityId,
    pub kind: WaitingKind,
    pub patient: Named,
    pub phone: Option<String>,
    pub location: LocationId,
    pub treatments: Vec<Named>,
    /// Those of the treatments that can be offered as things are, the preferred one first.
    pub offerable: Vec<EntityId>,
    /// Why none of them can.
    pub stuck: Option<Stuck>,
    pub staff: Vec<Named>,
    pub weekdays: Vec<i16>,
    pub windows: Vec<DayWindow>,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    pub priority: i16,
    pub note: String,
    pub version: i32,
    pub since: DateTime<Utc>,
    /// The time that is held for them at this moment.
    pub offer: Option<Offer>,
}

/// A time that is offered to one who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Offer {
    pub id: EntityId,
    pub waiting: EntityId,
    pub treatment: Named,
    pub employee: Named,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    /// Until when it is held.
    pub expires_at: DateTime<Utc>,
}

/// A time that fits, by treatment, practitioner and start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub treatment: EntityId,
    pub employee: EntityId,
    pub start: DateTime<Utc>,
}

/// A time that fits and is free now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Match {
    pub treatment: Named,
    pub employee: Named,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
}

/// The nearest times that fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Matches {
    pub items: Vec<Match>,
    /// To read the instants on the location's clock.
    pub zone: ZoneWindow,
}
