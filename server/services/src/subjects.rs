//! Records as that which something is said about: notes, tasks, documents, links, tags and the timeline ask here whether a record
//! is there for whoever asks. What one may not read is not found.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub(crate) use sql::titles;
#[cfg(feature = "ssr")]
pub use sql::{find, named, readable_types, see, see_unless_deleted};

use platform::{id::EntityId, permission::Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// See the notes, tasks, documents, links, tags and the history of records one may see.
pub const RECORDS_READ: Permission = Permission("records:read");
/// Write notes about records one may see.
pub const NOTES_WRITE: Permission = Permission("records.notes:write");
/// Make and change tasks.
pub const TASKS_WRITE: Permission = Permission("records.tasks:write");
/// Keep documents on records one may see, change and delete them, and revoke links to them.
pub const DOCUMENTS_WRITE: Permission = Permission("records.documents:write");
/// Lend documents of records one may see to people without a sign-in, by links that expire.
pub const DOCUMENTS_SHARE: Permission = Permission("records.documents:share");
/// Link records one may see.
pub const LINKS_WRITE: Permission = Permission("records.links:write");
/// Tag records one may see.
pub const TAGS_WRITE: Permission = Permission("records.tags:write");
/// Decide which tags and kinds of links there are.
pub const RECORD_SETTINGS_WRITE: Permission = Permission("records.settings:write");

/// A record as it is pointed at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subject {
    pub id: EntityId,
    /// A module's word: `garden:plant`.
    pub entity_type: String,
    pub title: String,
    /// Where it is shown.
    pub path: String,
    /// Name of the icon of its type.
    pub icon: String,
}

/// That somebody else was first (R18), with what is stored now and who stored it.
#[cfg(feature = "ssr")]
pub(crate) fn stale(current: &impl Serialize, author: Option<&str>) -> platform::Error {
    let refusal = platform::error::Refusal {
        current: Some(serde_json::json!({ "record": current, "author": author })),
        ..platform::error::Refusal::new("version", "Somebody else has changed this in the meantime.")
    };
    refusal.into()
}
