//! Days on which locations are closed: the clinic's own, and public holidays taken over.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{add_closure, closures, delete_closure, import};

use chrono::NaiveDate;
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day on which a location, or all of them, is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Closure {
    pub id: EntityId,
    pub location: Option<LocationId>,
    pub on_date: NaiveDate,
    pub name: String,
}

/// What is told about a closure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureInput {
    /// All locations if not given.
    #[serde(default)]
    pub location: Option<LocationId>,
    pub on_date: NaiveDate,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: String,
}

/// A holiday from a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayInput {
    pub date: NaiveDate,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: String,
}

/// Many closures at once: a list, for which the holidays of a year can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportClosures {
    /// All locations if not given.
    #[serde(default)]
    pub location: Option<LocationId>,
    #[schema(max_items = 400)]
    pub holidays: Vec<HolidayInput>,
}
