//! Visits to come of a practitioner, a room or a device that is to vanish, given to another.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{reassign, visits};

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// To whom visits go: another of the same kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    pub to: EntityId,
    /// Only these visits; all that are to come if not given.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub visits: Option<Vec<EntityId>>,
}

/// A visit that is to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct VisitToCome {
    pub visit: EntityId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub patient_name: String,
    pub treatment_name: String,
}
