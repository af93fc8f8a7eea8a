//! Types of record that an organization makes for itself, and the operations that every record answers to, of whichever
//! type: listed, read, made, changed, deleted and brought back by one set of functions. A module's type is read by what
//! its module declares and written by the module's own function.

#[cfg(feature = "ssr")]
mod board;
#[cfg(feature = "ssr")]
mod define;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod removal;
mod schema;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
mod title;
#[cfg(feature = "ssr")]
mod write;

#[cfg(feature = "ssr")]
pub use board::board;
#[cfg(feature = "ssr")]
pub use define::{define, definition, import, list_types, restore_type, retire, update_type};
#[cfg(feature = "ssr")]
pub use list::{fields_of, get, history, links, list, pick};
#[cfg(feature = "ssr")]
pub(crate) use removal::withdraw;
#[cfg(feature = "ssr")]
pub use removal::{delete, restore};
#[cfg(feature = "ssr")]
pub(crate) use sql::{readable, visible, writable};
#[cfg(feature = "ssr")]
pub use write::{create, input_of, update};

use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::{Choice, FieldInfo, Record, TypeInfo, Values};

/// How many types of its own an organization may make.
pub const MOST_TYPES: usize = 100;
/// How many statuses a type may have.
pub const MOST_STATUSES: usize = 30;

/// A state that a record may be in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ObjectStatus)]
pub struct Status {
    #[schema(pattern = "^[a-z0-9_]{1,60}$")]
    pub key: String,
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
    /// 0 to 359.
    #[serde(default)]
    pub hue: u16,
    /// Which may follow; empty for all.
    #[serde(default)]
    pub next: Vec<String>,
    /// Nothing is left to be done about a record in this state.
    #[serde(default)]
    pub closed: bool,
}

impl Status {
    /// As one of the choices of the field `status`.
    pub fn choice(&self) -> Choice {
        Choice { key: self.key.clone(), label: self.label.clone(), hue: Some(self.hue) }
    }
}

/// What is told about a type of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectDetails {
    /// What one is called.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What many are called.
    #[schema(min_length = 1, max_length = 100)]
    pub plural: String,
    /// Name of its icon.
    #[serde(default)]
    pub icon: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    pub description: String,
    /// The states of a record, the first for a new one; empty where there are none.
    #[serde(default)]
    pub statuses: Vec<Status>,
    /// What a record is called, as a formula over its fields; none for its first text.
    #[serde(default)]
    pub title: Option<String>,
    /// Roles that see its records; empty for all that see records at all.
    #[serde(default)]
    pub read_roles: Vec<String>,
    /// Roles that write them; empty for all that write records at all.
    #[serde(default)]
    pub write_roles: Vec<String>,
}

/// A type of record of the organization's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ObjectType {
    pub id: EntityId,
    /// Its records are of type `object:<key>`.
    pub key: String,
    pub details: ObjectDetails,
    /// What a change must name (R18).
    pub version: i32,
    /// Out of use: its records stay.
    pub retired: bool,
}

impl ObjectType {
    /// The type of its records.
    pub fn entity_type(&self) -> String {
        ["object:", &self.key].concat()
    }

    /// As the whole house sees it.
    pub fn info(&self) -> TypeInfo {
        TypeInfo {
            key: self.entity_type(),
            name: self.details.name.clone(),
            plural: self.details.plural.clone(),
            icon: if self.details.icon.is_empty() { "box".into() } else { self.details.icon.clone() },
            path: format!("/dashboard/objects/{}/{{id}}", self.key),
            flexible: true,
        }
    }

    fn lets(roles: &[String], role: &str) -> bool {
        roles.is_empty() || role == "owner" || roles.iter().any(|named| named == role)
    }

    /// Whether that role sees its records, if it sees records at all.
    pub fn readable_by(&self, role: &str) -> bool {
        Self::lets(&self.details.read_roles, role)
    }

    /// Whether that role writes its records, if it writes records at all.
    pub fn writable_by(&self, role: &str) -> bool {
        self.readable_by(role) && Self::lets(&self.details.write_roles, role)
    }
}

/// A new type of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewObject {
    /// Made by the caller, so that a retry makes no second type.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Small letters and underscores, a letter first.
    #[schema(pattern = "^[a-z][a-z_]{0,39}$")]
    pub key: String,
    pub details: ObjectDetails,
}

/// A changed type of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectChange {
    /// The version that was read (R18).
    pub version: i32,
    pub details: ObjectDetails,
}

/// What is told about a record of whichever type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordInput {
    /// Made by the caller, so that a retry makes no second record. Only read when creating.
    pub id: Option<EntityId>,
    /// The version that was read; only read when changing (R18).
    pub version: i32,
    /// What is to be written; what is not named stays.
    pub values: Values,
    /// Keys of what is to be emptied.
    pub emptied: Vec<String>,
}

/// Which records of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordQuery {
    /// Part of what a record is found by.
    pub q: String,
    /// A choice, by its key …
    pub by: Option<String>,
    /// … and the word that it has; an empty one for records without.
    pub word: Option<String>,
}

/// A record with what a screen needs to show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordPage {
    pub info: TypeInfo,
    pub fields: Vec<FieldInfo>,
    pub record: Record,
    /// Titles of the records that references point at.
    pub titles: Vec<(EntityId, String)>,
    pub may_write: bool,
    /// The statuses that may follow.
    pub next: Vec<String>,
    /// Deleted: it can be brought back.
    pub deleted: bool,
}

/// Records of a type with what a list needs to show them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordList {
    pub info: TypeInfo,
    pub fields: Vec<FieldInfo>,
    pub records: Vec<Record>,
    /// Titles of the records that references point at.
    pub titles: Vec<(EntityId, String)>,
    pub next_cursor: Option<String>,
    pub may_write: bool,
}

/// A column of a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub choice: Choice,
    pub count: i64,
    /// The first fifty, the latest first.
    pub records: Vec<Record>,
}

/// Records of a type by the words of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub info: TypeInfo,
    pub fields: Vec<FieldInfo>,
    /// By which choice.
    pub by: String,
    pub columns: Vec<Column>,
    pub titles: Vec<(EntityId, String)>,
    pub may_write: bool,
}

/// A record that points here or is pointed at, by which field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    pub entity_type: String,
    pub id: EntityId,
    pub title: String,
    /// The field that points.
    pub field: String,
    /// What that field is called.
    pub label: String,
    /// Whether it points here; otherwise it is pointed at from here.
    pub incoming: bool,
}

/// A type of record as a JSON Schema tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportObject {
    #[schema(pattern = "^[a-z][a-z_]{0,39}$")]
    pub key: String,
    /// The schema, as JSON text of at most 256 kB.
    pub schema: String,
}
