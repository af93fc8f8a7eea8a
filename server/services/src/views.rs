//! Lists of any type of record, and those that were kept: which records, in which columns, order, groups and layout.
//!
//! One question ([`Query`]) is what a list shows, what its counts count ([`SummaryQuery`]), what an export writes and what
//! the REST doors answer: all of them choose by the same [`Filter`](crate::filter::Filter) through the same compiler, under the
//! right to read the type.

#[cfg(feature = "ssr")]
pub(crate) mod csv;
#[cfg(feature = "ssr")]
mod explain;
#[cfg(feature = "ssr")]
mod export;
#[cfg(feature = "ssr")]
mod known;
#[cfg(feature = "ssr")]
mod order;
#[cfg(feature = "ssr")]
mod rows;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod summary;
#[cfg(all(test, feature = "testing"))]
mod tests;

#[cfg(feature = "ssr")]
pub use self::{
    explain::explain,
    export::{MOST_EXPORTED, export},
    known::{columns_of, plan_of},
    rows::{query, referred},
    store::{create, delete, get, list, restore, shared, update},
    summary::summary,
};

use platform::id::{EntityId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    filter::Filter,
    records::{Kind, Value},
};

/// How many columns a list may have.
pub const COLUMNS: usize = 60;
/// How many fields a list may be ordered by.
pub const SORTS: usize = 5;
/// How many groups are counted, the largest first.
pub const GROUPS: i64 = 200;

/// A column as it can be shown, filtered and ordered by whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// The field's key.
    pub key: String,
    /// Of a declared field English; screens translate it by its key.
    pub label: String,
    pub kind: Kind,
    /// Whether the organization has added it.
    pub custom: bool,
    /// The tests that it takes in a filter.
    pub tests: Vec<String>,
    /// Whether a list can be ordered by it.
    pub sorts: bool,
    /// Whether a list can be grouped by it.
    pub groups: bool,
}

/// By what a list is ordered. What is empty comes last either way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    pub field: String,
    #[serde(default)]
    pub descending: bool,
}

/// What is told of many values at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many are not empty.
    Count,
    Sum,
    Average,
    Least,
    Most,
}

/// A measure of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    pub field: String,
    pub measure: Measure,
}

/// How a list is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[default]
    Table,
    /// Columns by the group.
    Board,
    /// By the first date among the columns.
    Calendar,
    Gallery,
}

/// All that makes a list what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Fields in order; of none, the type's first ones are shown.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub filter: Filter,
    /// Newest first if there are none.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub sorts: Vec<Sort>,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub aggregates: Vec<Aggregate>,
    #[serde(default)]
    pub layout: Layout,
}

/// Who sees a kept view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Whoever made it.
    #[default]
    Private,
    /// A team.
    Team,
    /// Everybody who may read the type.
    Shared,
}

impl Visibility {
    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Team => "team",
            Self::Shared => "shared",
        }
    }

    /// What is kept under a word; what is not known is nobody else's.
    pub fn parse(word: &str) -> Self {
        match word {
            "team" => Self::Team,
            "shared" => Self::Shared,
            _ => Self::Private,
        }
    }
}

/// A kept view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct View {
    pub id: EntityId,
    /// `crm:lead`.
    pub entity_type: String,
    pub name: String,
    pub definition: Definition,
    pub visibility: Visibility,
    /// Of a team's view.
    pub team: Option<TeamId>,
    /// Stands before the others.
    pub pinned: bool,
    /// Roles that are shown it first.
    pub default_for: Vec<String>,
    /// Whether it is what who asks is shown first.
    pub first: bool,
    /// Whether who asks may change it.
    pub editable: bool,
    /// Named by a change (R18).
    pub version: i32,
}

/// What is told about a view when it is made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Stays as it is when changing.
    pub entity_type: String,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    pub definition: Definition,
    #[serde(default)]
    pub visibility: Visibility,
    #[serde(default)]
    pub team: Option<TeamId>,
    #[serde(default)]
    pub pinned: bool,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub default_for: Vec<String>,
    /// The version that was read; needed when changing (R18).
    #[serde(default)]
    pub version: i32,
}

/// Which records, in which columns and order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    #[serde(default)]
    pub filter: Filter,
    /// Fields, across links with dots; of none, all fields of the type are told.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub columns: Vec<String>,
    /// Newest first if there are none.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub sorts: Vec<Sort>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many at most: 1 to 200; 50 if not given.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    pub id: EntityId,
    pub title: String,
    /// As many as there are columns, in their order.
    pub cells: Vec<Cell>,
}

/// What a record holds in a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cell {
    /// None if it is empty.
    pub value: Option<Value>,
    /// The value as it is read: of a reference its title, of a choice its label, of an instant the wall clock of the
    /// organization's zone.
    pub text: String,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rows {
    /// Keys of the columns that the rows have.
    pub columns: Vec<String>,
    pub items: Vec<Row>,
    /// Where it goes on; none at the end.
    pub next_cursor: Option<String>,
}

/// What is counted and measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SummaryQuery {
    #[serde(default)]
    pub filter: Filter,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub aggregates: Vec<Aggregate>,
}

/// Counts and measures of all records that pass a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    pub count: i64,
    /// One list for each aggregate: its value, and of money one for each currency. Nothing where nothing was measured.
    pub measures: Vec<Vec<String>>,
    /// The largest first, at most 200; empty where nothing was grouped.
    pub groups: Vec<Group>,
}

/// The records that have one value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// As a filter names it; none for those that are empty there.
    pub key: Option<String>,
    /// As it is read.
    pub label: String,
    pub count: i64,
    /// As in [`Summary::measures`].
    pub measures: Vec<Vec<String>>,
}

/// Whether a list can be ordered by a field of that kind.
pub fn sortable(kind: &Kind) -> bool {
    !matches!(kind, Kind::MultiChoice(_) | Kind::LongText)
}

/// Whether a list can be grouped by a field of that kind.
pub fn groupable(kind: &Kind) -> bool {
    matches!(kind, Kind::Choice(_) | Kind::Boolean | Kind::Reference(_) | Kind::Text | Kind::Date)
}
