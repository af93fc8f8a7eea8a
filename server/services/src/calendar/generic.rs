//! Meetings, tasks and blocked time: activities that need no module.

#[cfg(feature = "ssr")]
mod carried;
#[cfg(feature = "ssr")]
mod judge;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use carried::carried;
#[cfg(feature = "ssr")]
pub(in crate::calendar) use judge::{Place, judge};
#[cfg(feature = "ssr")]
pub use sql::{book, details, edit};

use chrono::{DateTime, Utc};
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A generic activity to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGeneric {
    /// Made by the caller, so that a retry makes no second one.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// `meeting`, `task` or `block`.
    pub activity_type: String,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub description: String,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// Exclusive; at most 31 days after the start.
    pub end: DateTime<Utc>,
    /// Whose time it takes.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub resources: Vec<EntityId>,
    /// Books over what stands against it, for those who may (R12).
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub overbook_reason: Option<String>,
}

/// Changes of a generic activity. Its time and its resources are moved by the calendar's door for moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditGeneric {
    /// The version that was seen (R18).
    pub version: i32,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub description: String,
}

/// Something that was done to an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    pub at: DateTime<Utc>,
    /// None for what the system did by itself.
    pub who: Option<String>,
    /// `created`, `moved`, `cancelled` …
    pub verb: String,
}

/// An activity as its panel shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GenericDetails {
    pub id: EntityId,
    pub activity_type: String,
    pub title: String,
    pub description: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub status: super::Status,
    /// Names of those whose time it takes.
    pub resources: Vec<String>,
    pub version: i32,
    /// What was done to it, the latest first.
    pub history: Vec<Step>,
}
