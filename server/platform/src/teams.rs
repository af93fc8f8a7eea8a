//! Teams: groups of members.

#[cfg(feature = "ssr")]
mod sql;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub use sql::{delete, insert, list, update};

use crate::id::{TeamId, UserId};

/// A group of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    /// In order of their ids.
    pub members: Vec<UserId>,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about a team when it is made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamDetails {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Members of the organization.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub members: Vec<UserId>,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}
