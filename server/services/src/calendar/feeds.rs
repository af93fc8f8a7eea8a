//! The calendar in the language of other calendars (iCalendar, RFC 5545): feeds that they read, and files taken over.
//!
//! A feed is an address with a secret in it. Whoever has the address reads what the feed is for, and nothing else, until it
//! is revoked. It shows no more than the member whose feed it is may see at that moment, and nothing once they are no
//! member any more. The secret is shown once; only its hash is kept.
//!
//! A file is taken over into plain activities of one resource. Each keeps the name (`UID`) it has elsewhere, so that the
//! same file changes it the next time; and what is changed here is told as newer (`SEQUENCE`) by the feeds.

#[cfg(feature = "ssr")]
mod event;
#[cfg(feature = "ssr")]
mod import;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod lines;
#[cfg(feature = "ssr")]
mod parse;
#[cfg(feature = "ssr")]
pub(in crate::calendar) mod publish;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod times;
#[cfg(feature = "ssr")]
mod wanted;
#[cfg(feature = "ssr")]
mod zones;

use chrono::{DateTime, Utc};
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub use import::import;
#[cfg(feature = "ssr")]
pub use keep::{create, list, revoke};
#[cfg(feature = "ssr")]
pub use publish::{Published, published};

/// How much a feed tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Titles, places and notes, as far as its member may read them.
    Full,
    /// Initials of whom it is about.
    Initials,
    /// Only that the time is taken.
    Busy,
}

impl Detail {
    /// In the order in which they are offered: what tells least comes first.
    pub const ALL: [Detail; 3] = [Detail::Busy, Detail::Initials, Detail::Full];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Detail::Full => "full",
            Detail::Initials => "initials",
            Detail::Busy => "busy",
        }
    }

    /// The choice of that word.
    pub fn parse(word: &str) -> Option<Detail> {
        Self::ALL.into_iter().find(|detail| detail.as_str() == word)
    }
}

/// A feed to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeed {
    /// By which its owner knows it: `Phone`.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Whose time it shows; one's own if not given.
    #[serde(default)]
    pub resource: Option<EntityId>,
    pub detail: Detail,
}

/// A feed as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Feed {
    pub id: EntityId,
    pub name: String,
    /// Whose time it shows; one's own if none.
    pub resource: Option<EntityId>,
    /// Its name.
    pub resource_name: Option<String>,
    pub detail: Detail,
    pub created_at: DateTime<Utc>,
    /// When a program last came for it, to the hour.
    pub read_at: Option<DateTime<Utc>>,
}

/// A feed with its secret, which is told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeFeed {
    pub feed: Feed,
    /// Path of its address: `/feeds/….ics`.
    pub path: String,
}

/// A file to be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// The text of the file.
    #[schema(min_length = 1, max_length = 900000)]
    pub file: String,
    /// Whose time it takes.
    pub resource: EntityId,
    /// Where; the zone of times without one is this place's.
    pub location: LocationId,
    /// `meeting`, `task` or `block`.
    pub activity_type: String,
    /// Whether it is done. If not, the answer tells what would come of it.
    pub apply: bool,
}

/// What becomes of one thing in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    New,
    Changed,
    Unchanged,
    /// It was taken over once and is no more.
    Cancelled,
    Refused,
}

/// One thing in the file, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportItem {
    /// Its name elsewhere.
    pub uid: String,
    pub title: String,
    /// None where its time could not be read.
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    /// Whole dates.
    pub all_day: bool,
    pub outcome: Outcome,
    /// Why it is refused: `time`, `zone`, `rule`, `length`, `free`, `cancelled`, `older`, `over`, `unavailable`,
    /// `title`, `uid`; otherwise empty.
    pub reason: String,
    /// More of it, in English; may be empty.
    pub message: String,
}

/// What becomes of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Whether it was done.
    pub applied: bool,
    /// By start; what is refused as a whole comes first.
    pub items: Vec<ImportItem>,
}

impl Imported {
    /// How many have this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.items.iter().filter(|item| item.outcome == outcome).count()
    }
}
