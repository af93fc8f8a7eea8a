//! Files on any record: kept with every earlier version, downloaded by whoever may see the record, and lent to others by
//! links that expire.
//!
//! Who may see a record may see its documents; writing them and lending them out each have a right of their own. What a file
//! is, its bytes say, never its name: only pictures, PDF and plain text are shown by a browser, all else is downloaded. The
//! bytes lie in the database (see the migration), in pieces of [`CHUNK`]. What is deleted can be brought back for
//! [`KEPT_DAYS`]; then its bytes are forgotten when the next file comes.

mod kind;
pub mod names;
#[cfg(feature = "ssr")]
mod read;
#[cfg(feature = "ssr")]
mod share;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod write;

use chrono::{DateTime, TimeDelta, Utc};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use kind::{DOWNLOADED, is_shown, media_type};
#[cfg(feature = "ssr")]
pub(crate) use read::version;
#[cfg(feature = "ssr")]
pub use read::{Content, content, get, list, versions};
#[cfg(feature = "ssr")]
pub use share::{lend, links, opened, revoke};
#[cfg(feature = "ssr")]
pub use store::{pieces, storage};
#[cfg(feature = "ssr")]
pub use write::{add, add_version, choose, delete, edit, restore};

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;

/// In how many bytes files are written and served at once.
pub const CHUNK: usize = 1024 * 1024;

/// For how many days a deleted document can be brought back.
pub const KEPT_DAYS: i64 = 30;

/// How many links of one document lead somewhere at once.
pub const MOST_LINKS: i64 = 20;

/// How often one link is opened before it leads nowhere: whoever has it may not fill the log.
pub const MOST_OPENINGS: i32 = 1000;

/// A document of a record, as its present version is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordDocument {
    pub id: EntityId,
    /// What it is on.
    pub record: EntityId,
    pub name: String,
    /// `Consents/2026`; empty for none.
    pub folder: String,
    /// What its bytes are; `application/octet-stream` for all that is only downloaded.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// SHA-256 of its bytes in hexadecimal digits.
    pub sha256: String,
    /// Which of its files it is now.
    pub number: i32,
    /// How many files it ever was.
    pub latest: i32,
    /// How many links lead to it at this moment.
    pub links: i64,
    /// What an older document of the record is called whose bytes are the same.
    pub same_as: Option<String>,
    /// Who brought the present file; none for the system.
    pub author: Option<String>,
    /// When the present file came.
    pub at: DateTime<Utc>,
    pub version: i32,
}

/// A file that a document is or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentVersion {
    /// From 1 on.
    pub number: i32,
    /// As it was called where it came from.
    pub file_name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    pub sha256: String,
    pub author: Option<String>,
    pub at: DateTime<Utc>,
    /// Whether it is the present one.
    pub current: bool,
}

/// A file to be kept on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// Made by the caller, so that a retry makes no second one.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// As the file is called; folders in it and what cannot stand in a name are taken out.
    #[schema(min_length = 1, max_length = 1000)]
    pub name: String,
    /// `Consents/2026`; none if not given.
    #[serde(default)]
    pub folder: String,
    /// The file's bytes in base64: 1 byte to 20 MiB.
    #[schema(min_length = 1, example = "VGVybXM=")]
    pub file: String,
}

/// A file that takes the place of a document's present one, which is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocumentVersion {
    /// The document's version that was seen (R18).
    pub version: i32,
    /// As the file is called. The document keeps its own name, but for the ending.
    #[schema(min_length = 1, max_length = 1000)]
    pub name: String,
    /// The file's bytes in base64: 1 byte to 20 MiB.
    #[schema(min_length = 1, example = "VGVybXM=")]
    pub file: String,
}

/// What a document is to be called, and where it is to lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditDocument {
    /// The version that was seen (R18).
    pub version: i32,
    #[schema(min_length = 1, max_length = 1000)]
    pub name: String,
    #[serde(default)]
    pub folder: String,
}

/// Which of its files a document is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseDocumentVersion {
    /// The document's version that was seen (R18).
    pub version: i32,
    #[schema(minimum = 1)]
    pub number: i32,
}

/// For how long a link leads somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkTerm {
    /// An hour.
    Hour,
    /// 24 hours.
    #[default]
    Day,
    /// Seven times 24 hours.
    Week,
}

impl LinkTerm {
    /// The shortest first.
    pub const ALL: [LinkTerm; 3] = [LinkTerm::Hour, LinkTerm::Day, LinkTerm::Week];

    /// The word sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            LinkTerm::Hour => "hour",
            LinkTerm::Day => "day",
            LinkTerm::Week => "week",
        }
    }

    /// The term of that word.
    pub fn parse(word: &str) -> Option<LinkTerm> {
        LinkTerm::ALL.into_iter().find(|term| term.as_str() == word)
    }

    /// How long it is, elapsed.
    pub fn length(self) -> TimeDelta {
        match self {
            LinkTerm::Hour => TimeDelta::hours(1),
            LinkTerm::Day => TimeDelta::hours(24),
            LinkTerm::Week => TimeDelta::hours(7 * 24),
        }
    }
}

/// A link to be made. It leads to the document's present file, also when another takes its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocumentLink {
    pub term: LinkTerm,
}

/// A link by which a stranger reads a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentLink {
    pub id: EntityId,
    pub document: EntityId,
    /// To which of its files it leads.
    pub number: i32,
    /// Who made it.
    pub author: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// How often it was opened.
    pub opened: i32,
    /// When it was last opened.
    pub opened_at: Option<DateTime<Utc>>,
}

/// A link with its secret, which is told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeDocumentLink {
    pub link: DocumentLink,
    /// Path of its address: `/shared/…`.
    pub path: String,
}

/// How much an organization keeps in documents, deleted ones that can be brought back among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct DocumentStorage {
    /// In bytes.
    pub used: i64,
    /// In bytes.
    pub most: i64,
}
