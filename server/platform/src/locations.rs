//! The places where an organization works, each in its own zone.

#[cfg(feature = "ssr")]
mod sql;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub(crate) use sql::warm;
#[cfg(feature = "ssr")]
pub use sql::{get, insert, list, update};

use crate::error::Result;
use crate::id::LocationId;
use crate::input::Input;

/// A place where an organization works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Location {
    pub id: LocationId,
    pub name: String,
    pub address: String,
    /// IANA name of the zone in which its rules and its calendar are read (R2).
    pub zone: String,
    /// First day of its week, 1 for Monday to 7 for Sunday (R9).
    #[schema(minimum = 1, maximum = 7)]
    pub week_start: i16,
    /// Whether it is open for new bookings.
    pub active: bool,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about a location when it is made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocationDetails {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    pub address: String,
    /// IANA name: `Europe/Warsaw`.
    #[schema(min_length = 1, max_length = 64)]
    pub zone: String,
    /// 1 for Monday to 7 for Sunday.
    #[serde(default = "monday")]
    #[schema(minimum = 1, maximum = 7)]
    pub week_start: i16,
    #[serde(default = "yes")]
    pub active: bool,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

fn monday() -> i16 {
    1
}

fn yes() -> bool {
    true
}

impl LocationDetails {
    /// What can be told without a list of zones; the server checks the zone as well.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 200);
        input.text("address", self.address.trim(), 0, 500);
        input.text("zone", &self.zone, 1, 64);
        input.check((1..=7).contains(&self.week_start), "week_start", "choice", "A week starts on a day from 1 to 7.");
        input.finish()
    }
}
