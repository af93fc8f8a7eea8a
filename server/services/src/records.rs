//! What any record is made of, whoever declares it: fields that a module has declared and fields that an organization has
//! added, read as the same kind of values. Lists, filters, forms, boards, import and the REST doors of all types build on
//! it, so that none of them knows a product.

#[cfg(feature = "ssr")]
mod ability;
mod decimal;
#[cfg(feature = "ssr")]
mod given;
mod json;
mod kind;
#[cfg(feature = "ssr")]
pub(crate) mod reach;
#[cfg(feature = "ssr")]
mod read;
#[cfg(feature = "ssr")]
mod source;
mod value;

#[cfg(feature = "ssr")]
pub use ability::{Ability, Lack, LackReason, lacks};
pub use decimal::{Decimal, DecimalError};
#[cfg(feature = "ssr")]
pub use given::Given;
pub(crate) use kind::sentence;
pub use kind::{Choice, Kind};
#[cfg(feature = "ssr")]
pub use reach::{Hearing, is_told};
#[cfg(feature = "ssr")]
pub(crate) use read::{declared, read_fields, read_whole, turn, turn_of};
#[cfg(feature = "ssr")]
pub use read::{fields_of, may_list, may_read, may_write, read, types};
#[cfg(feature = "ssr")]
pub use source::{OBJECTS, RecordSource, ReleaseHook, SaveHook, Saving, push_base, source};
pub use value::{Value, Values};

use platform::id::{EntityId, FieldId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A field of a type as the whole house sees it, declared by a module or defined by the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldInfo {
    /// Its name in filters, API and imports; one name means one field of the type.
    pub key: String,
    /// What it is called. Of a declared field it is English; screens translate it by its key.
    pub label: String,
    /// What it holds; of a formula or roll-up what comes out.
    pub kind: Kind,
    /// Whether a record without it is refused.
    pub required: bool,
    /// The organization's own field; none for what a module has declared.
    pub custom: Option<FieldId>,
    /// Whether it follows from others and cannot be written.
    pub computed: bool,
    /// Whether who asks may write it.
    pub editable: bool,
    /// Under which heading it stands in forms; empty for the first.
    pub section: String,
    /// What is said beside it; often nothing.
    pub help: String,
}

/// A type of record as who asks sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypeInfo {
    /// `object:device` or what a module has registered.
    pub key: String,
    /// What one is called. Of a module's type it is its key; screens translate it.
    pub name: String,
    /// What many are called.
    pub plural: String,
    /// Name of its icon.
    pub icon: String,
    /// Where one is shown, with `{id}` in it.
    pub path: String,
    /// Whether the organization has made it.
    pub flexible: bool,
}

/// A record with the values of its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub id: EntityId,
    pub entity_type: String,
    /// What it is called in lists and links.
    pub title: String,
    pub status: Option<String>,
    /// What a change must name (R18).
    pub version: i32,
    /// By the fields' keys; what is empty is not there.
    pub values: Values,
}
