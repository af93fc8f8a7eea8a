//! Practitioners, and the sorts of rooms and devices.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{create, equipment, get, list, set_equipment, update};

use platform::{
    Result,
    id::{EntityId, LocationId, UserId},
    input::Input,
};
use serde::{Deserialize, Serialize};
use services::calendar::ResourceKind;
use utoipa::ToSchema;

/// A practitioner: a resource of kind staff with what Gabinet knows of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Employee {
    pub id: EntityId,
    pub name: String,
    pub position: String,
    /// Hue of their colour, 0–359.
    pub hue: i16,
    pub location: Option<LocationId>,
    /// Their login, if they have one.
    pub user: Option<UserId>,
    pub sort: i32,
    pub active: bool,
    /// Treatments they are qualified for.
    pub treatments: Vec<EntityId>,
    /// Minutes a week by contract, if it says how many.
    pub contract_minutes: Option<i32>,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about a practitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployeeInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub position: String,
    #[serde(default = "hue")]
    #[schema(minimum = 0, maximum = 359)]
    pub hue: i16,
    #[serde(default)]
    pub location: Option<LocationId>,
    #[serde(default)]
    pub user: Option<UserId>,
    #[serde(default)]
    pub sort: i32,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub treatments: Vec<EntityId>,
    /// Minutes a week by contract.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10080)]
    pub contract_minutes: Option<i32>,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

fn hue() -> i16 {
    200
}

fn yes() -> bool {
    true
}

impl EmployeeInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 200);
        input.text("position", self.position.trim(), 0, 200);
        input.check((0..360).contains(&self.hue), "hue", "range", "A hue lies between 0 and 359.");
        let contract = self.contract_minutes.is_none_or(|minutes| (0..=10_080).contains(&minutes));
        input.check(contract, "contract_minutes", "range", "At most the minutes of a week.");
        input.check(self.treatments.len() <= 1_000, "treatments", "too_long", "At most 1000 treatments.");
        input.finish()
    }
}

/// A room or device with the sorts of thing it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Equipment {
    pub id: EntityId,
    pub kind: ResourceKind,
    pub name: String,
    pub active: bool,
    /// In the clinic's own words: `laser`.
    pub sorts: Vec<String>,
    /// What a change of the sorts must name (R18).
    pub version: i32,
}

/// The sorts of a room or device, replacing those it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentInput {
    #[schema(max_items = 20)]
    pub sorts: Vec<String>,
    /// The version that was read; 1 before the first change (R18).
    #[serde(default)]
    pub version: i32,
}
