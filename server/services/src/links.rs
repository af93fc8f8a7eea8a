//! Relationships between records of any types: directed, of kinds that the organization defines, with the name they have
//! from the other side, dates and properties.

#[cfg(feature = "ssr")]
mod graph;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
mod types;
#[cfg(feature = "ssr")]
pub use graph::around;
#[cfg(feature = "ssr")]
pub(crate) use sql::version;
#[cfg(feature = "ssr")]
pub use sql::{change, delete, link, list, restore};
#[cfg(feature = "ssr")]
pub use types::{create as create_type, list as types, update as update_type};

use chrono::NaiveDate;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::subjects::Subject;

/// How many properties a link has at most.
pub const MOST_PROPERTIES: usize = 20;

/// A kind of link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct LinkType {
    pub id: EntityId,
    /// Read from its beginning: `employs`.
    pub name: String,
    /// Read from its end: `works for`.
    pub inverse: String,
    /// Which types of record it may begin at; empty for any.
    pub from_types: Vec<String>,
    /// Which types of record it may end at; empty for any.
    pub to_types: Vec<String>,
    /// Whether new links of the kind can be made.
    pub active: bool,
    pub version: i32,
}

/// What a kind of link is called and what it joins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkTypeInput {
    /// Made by the caller, so that a retry makes no second one; only when a kind is made.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The same as the name for what reads alike from both sides.
    #[schema(min_length = 1, max_length = 100)]
    pub inverse: String,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub from_types: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub to_types: Vec<String>,
    #[serde(default = "yes")]
    pub active: bool,
    /// The version that was seen (R18); only when a kind is changed.
    #[serde(default)]
    pub version: i32,
}

fn yes() -> bool {
    true
}

/// A link as one of its two records shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordLink {
    pub id: EntityId,
    /// Its kind.
    pub kind: EntityId,
    /// What it is called from here.
    pub name: String,
    /// Whether it begins here.
    pub outward: bool,
    /// The record at its other end.
    pub other: Subject,
    /// First day it holds; none if nobody said.
    pub from_date: Option<NaiveDate>,
    /// Last day it holds.
    pub to_date: Option<NaiveDate>,
    /// Texts by name.
    pub properties: BTreeMap<String, String>,
    pub version: i32,
}

/// A link to be made from a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// Made by the caller, so that a retry makes no second one.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Its kind.
    pub kind: EntityId,
    /// The record at its other end.
    pub other: EntityId,
    /// Whether it begins at this record; otherwise it ends here.
    #[serde(default = "yes")]
    pub outward: bool,
    #[serde(default)]
    pub from_date: Option<NaiveDate>,
    #[serde(default)]
    pub to_date: Option<NaiveDate>,
    /// At most 20, of at most 500 characters each.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
}

/// What of a link can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkChange {
    /// The version that was seen (R18).
    pub version: i32,
    #[serde(default)]
    pub from_date: Option<NaiveDate>,
    #[serde(default)]
    pub to_date: Option<NaiveDate>,
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
}

/// Records around a record, at most two links away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordGraph {
    /// The record itself first, then those next to it, then those behind them.
    pub nodes: Vec<GraphNode>,
    pub edges: Vec<GraphEdge>,
    /// Whether there is more than is told.
    pub cut: bool,
}

/// A record of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GraphNode {
    pub record: Subject,
    /// How many links away: 0 to 2.
    pub hops: i32,
}

/// A link of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GraphEdge {
    pub id: EntityId,
    pub from: EntityId,
    pub to: EntityId,
    /// Read from its beginning.
    pub name: String,
}
