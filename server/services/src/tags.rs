//! Tags: words of the organization's own with a colour, put on any record.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{create, delete, list, of, restore, tag, untag, update};

use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct RecordTag {
    pub id: EntityId,
    pub name: String,
    /// 0–359; the theme makes surface and ink from it.
    pub hue: i16,
    pub version: i32,
}

/// What a tag is called and looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    /// Made by the caller, so that a retry makes no second one; only when a tag is made.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    #[schema(minimum = 0, maximum = 359)]
    pub hue: i16,
    /// The version that was seen (R18); only when a tag is changed.
    #[serde(default)]
    pub version: i32,
}

/// Which tag a record is to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutTag {
    pub tag: EntityId,
}
