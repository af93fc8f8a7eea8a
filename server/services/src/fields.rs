//! Fields that an organization adds to types of records. Each value is a row of its own in the column of its kind, so that
//! the database filters, sorts and keeps them unique; what is computed is computed in the transaction of what it follows
//! from, and stands as a value like any other.

#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod compute;
#[cfg(feature = "ssr")]
mod define;
#[cfg(feature = "ssr")]
mod graph;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
pub(crate) mod tests;
#[cfg(feature = "ssr")]
mod values;
#[cfg(feature = "ssr")]
mod work;

#[cfg(feature = "ssr")]
pub use compute::touched;
#[cfg(feature = "ssr")]
pub(crate) use compute::{again, looking};
#[cfg(feature = "ssr")]
pub use define::{convert, define, formula, get, list, restore, retire, update};
#[cfg(feature = "ssr")]
pub(crate) use sql::{hidden_keys, hide, of_type, values};
#[cfg(feature = "ssr")]
pub(crate) use values::{Change, forget_unique, keep_unique, titles, version, write};
#[cfg(feature = "ssr")]
pub use values::{of_record, save};
#[cfg(feature = "ssr")]
pub use work::{WORK, job, jobs};

use chrono::{DateTime, Utc};
use platform::id::{EntityId, FieldId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::{FieldInfo, Kind, Values};

/// How many fields of its own an organization may add to one type.
pub const MOST_FIELDS: usize = 200;
/// How many words a choice may have.
pub const MOST_CHOICES: usize = 200;

/// What a field is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// What people write.
    Stored(Kind),
    /// What follows from the record's other fields.
    Formula(String),
    /// What follows from the records that point at this one.
    RollUp(RollUp),
}

/// What is made of the records that point at one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// Their type.
    pub source: String,
    /// The reference of theirs that points here, by its key.
    pub via: String,
    /// The field of theirs that is summed up; none to count them.
    #[serde(default)]
    pub over: Option<String>,
    pub how: Summary,
}

/// How many values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RollUpMeasure)]
pub enum Summary {
    Count,
    Sum,
    Average,
    Least,
    Greatest,
}

/// What is told about a field when it is made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldDetails {
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
    pub shape: Shape,
    #[serde(default)]
    pub required: bool,
    /// No two records of the type have the same value.
    #[serde(default)]
    pub unique: bool,
    /// What a new record has unless something else is told, as it would be written.
    #[serde(default)]
    pub default: Option<String>,
    /// A regular expression that the whole text must match; without look-around, so that no text takes long.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Of numbers, amounts and dates, as they would be written; of texts how many letters.
    #[serde(default)]
    pub least: Option<String>,
    #[serde(default)]
    pub most: Option<String>,
    /// Under which heading it stands; empty for the first.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub section: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    pub help: String,
    /// Its place among the type's fields.
    #[serde(default)]
    pub sort: i32,
    /// Roles that see it; empty for all. Owners always do.
    #[serde(default)]
    pub visible_roles: Vec<String>,
    /// Roles that may write it; empty for all that may write the record.
    #[serde(default)]
    pub editable_roles: Vec<String>,
}

/// A field of the organization's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    pub id: FieldId,
    pub entity_type: String,
    pub key: String,
    /// What it holds, or what comes out of it.
    pub result: Kind,
    pub details: FieldDetails,
    /// What a change must name (R18).
    pub version: i32,
    /// Out of use: its values stay.
    pub retired: bool,
}

impl Field {
    /// Whether it follows from others.
    pub fn computed(&self) -> bool {
        !matches!(self.details.shape, Shape::Stored(_))
    }

    /// Whether that role sees it.
    pub fn visible_to(&self, role: &str) -> bool {
        among(&self.details.visible_roles, role)
    }

    /// Whether that role may write it, if it may write the record at all.
    pub fn editable_by(&self, role: &str) -> bool {
        !self.computed() && self.visible_to(role) && among(&self.details.editable_roles, role)
    }

    /// As lists, filters and forms see it.
    pub fn info(&self, role: &str) -> FieldInfo {
        FieldInfo {
            key: self.key.clone(),
            label: self.details.label.clone(),
            kind: self.result.clone(),
            required: self.details.required,
            custom: Some(self.id),
            computed: self.computed(),
            editable: self.editable_by(role),
            section: self.details.section.clone(),
            help: self.details.help.clone(),
        }
    }
}

fn among(roles: &[String], role: &str) -> bool {
    roles.is_empty() || role == "owner" || roles.iter().any(|named| named == role)
}

/// A new field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewField {
    /// Made by the caller, so that a retry makes no second field.
    #[serde(default)]
    pub id: Option<FieldId>,
    /// `object:device` or what a module has registered.
    pub entity_type: String,
    /// Small letters, digits and underscores, a letter first.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    pub details: FieldDetails,
}

/// A changed field. Another kind makes another field, whose values are converted: that is `convert`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChangedField)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// The version that was read (R18).
    pub version: i32,
    pub details: FieldDetails,
}

/// A formula in the making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaAsked {
    pub entity_type: String,
    /// The field it is to be; empty for a new one.
    #[serde(default)]
    pub key: String,
    #[schema(max_length = 4000)]
    pub formula: String,
}

/// What a formula gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormulaAnswer {
    /// Of which kind; none where it is none.
    pub result: Option<Kind>,
    /// As it was understood.
    pub understood: Option<String>,
    /// Where it fails, counted in letters.
    pub at: Option<u32>,
    /// Why, as a stable word; empty if it does not.
    pub code: String,
    /// Why, in English.
    pub message: String,
}

/// What a record holds of the organization's own fields, with the fields as a form needs them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordFields {
    pub fields: Vec<Field>,
    pub values: Values,
    /// Titles of the records that references point at.
    pub titles: Vec<(EntityId, String)>,
    /// What a change must name (R18).
    pub version: i32,
    /// Whether who asks may write any of them.
    pub may_write: bool,
    /// Keys of fields that may be written.
    pub editable: Vec<String>,
}

/// Values to be written: those named, and keys of those to be emptied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldsInput {
    pub version: i32,
    pub values: Values,
    pub emptied: Vec<String>,
}

/// What became of a change that goes through all values of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldJob {
    pub id: EntityId,
    pub field: FieldId,
    /// Whose values are converted; none where a formula is computed anew.
    pub from: Option<FieldId>,
    /// `running`, `done`.
    pub state: String,
    /// Records that were looked at.
    pub done: i32,
    /// Of which the value could not be converted; it stays with the old field.
    pub failed: i32,
    /// The first hundred of them.
    pub failures: Vec<Failure>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A value that could not be converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    pub entity: EntityId,
    pub title: String,
    /// As it stands in the old field.
    pub value: String,
    /// Why, as a stable word.
    pub code: String,
}
