//! Notes about any record: Markdown as it was written, mentions of members, checklists that can be ticked.

#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use markdown::{Rendered, html, mentions, tick};
#[cfg(feature = "ssr")]
pub use sql::{add, delete, edit, list, restore, tick_item};
#[cfg(feature = "ssr")]
pub(crate) use sql::{author, version};

use chrono::{DateTime, Utc};
use platform::id::{EntityId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest text of a note, in characters.
pub const LONGEST: usize = 20_000;

/// A note about a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordNote {
    pub id: EntityId,
    /// What it is about.
    pub record: EntityId,
    /// Markdown. `[@Jan Nowak](user:…)` mentions a member, `- [ ] …` is an item of a checklist.
    pub text: String,
    /// The same as HTML that is safe to show: no scripts, no foreign styles, no images.
    pub html: String,
    /// Stands above the others.
    pub pinned: bool,
    /// Who wrote it; none for what the system wrote by itself.
    pub author: Option<String>,
    pub author_id: Option<UserId>,
    /// How many items its checklists have, and how many of them are done.
    pub items: u32,
    pub done: u32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A note to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecordNote {
    /// Made by the caller, so that a retry makes no second one.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 20000)]
    pub text: String,
    #[serde(default)]
    pub pinned: bool,
}

/// What a note is to say instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRecordNote {
    /// The version that was seen (R18).
    pub version: i32,
    #[schema(min_length = 1, max_length = 20000)]
    pub text: String,
    #[serde(default)]
    pub pinned: bool,
}

/// An item of a note's checklist, done or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TickRecordNote {
    /// The version that was seen (R18).
    pub version: i32,
    /// Which one, from 0 on.
    pub item: u32,
    pub done: bool,
}
