//! Calls: planned on the shared calendar, with what came of them.

#[cfg(feature = "ssr")]
pub(crate) mod hooks;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;

#[cfg(feature = "ssr")]
pub use sql::{cancel, complete, get, plan};

use chrono::{DateTime, Utc};
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use services::calendar::Status;
use utoipa::ToSchema;

/// A call with a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    pub id: EntityId,
    pub activity: EntityId,
    pub lead: EntityId,
    pub lead_name: String,
    pub lead_phone: Option<String>,
    pub lead_company: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub status: Status,
    /// Empty until the call was made: `reached`, `no_answer` or `call_back`.
    pub outcome: String,
    pub notes: String,
    /// The activity's version: what a change must name (R18).
    pub version: i32,
}

/// What is needed to plan a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanCall {
    #[serde(default)]
    pub id: Option<EntityId>,
    pub lead: EntityId,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// Elapsed minutes, 1–1440.
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: i32,
    /// Who calls: a member of staff, whose time it takes. May be left out.
    #[serde(default)]
    pub staff: Option<EntityId>,
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub notes: String,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteCall {
    pub version: i32,
    /// `reached`, `no_answer` or `call_back`.
    #[schema(pattern = "^(reached|no_answer|call_back)$")]
    pub outcome: String,
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub notes: String,
}

/// The outcomes a call can have.
pub const OUTCOMES: [&str; 3] = ["reached", "no_answer", "call_back"];
