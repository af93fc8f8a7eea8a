//! Calendars elsewhere that a resource's time is kept in step with, both ways: Google Calendar and Cal.com.
//!
//! Every entry has one side where it was made, and that side is right about it. What was made here is told there, as much
//! of it as its member chose and may see; changed or deleted there, it is put right again. What was made there takes the
//! time here as a block that says nothing but that it is busy; it is changed and deleted there, and here only made an entry
//! of our own (`unlink`). Where such a block meets a visit, the visit stays, the block lies over it, and it is told.
//! What came from one calendar is told to no other, and what we have written is known again by its mark.
//!
//! The other side is asked by a job, never by a request and never inside a transaction. A run reads first and writes
//! afterwards, so that what a killed one had written is found before it would be written again.

#[cfg(feature = "ssr")]
mod apply;
#[cfg(feature = "ssr")]
mod cal_com;
#[cfg(feature = "testing")]
pub mod double;
#[cfg(feature = "ssr")]
mod google;
#[cfg(feature = "ssr")]
mod hook;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod outside;
#[cfg(feature = "ssr")]
mod pull;
#[cfg(feature = "ssr")]
mod push;
#[cfg(feature = "ssr")]
mod run;
#[cfg(feature = "ssr")]
mod secret;
#[cfg(feature = "ssr")]
mod settings;
#[cfg(feature = "ssr")]
mod side;
#[cfg(feature = "ssr")]
mod take;

use chrono::{DateTime, Utc};
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::feeds::Detail;

#[cfg(feature = "ssr")]
pub use hook::{Ring, allowed, rung};
#[cfg(feature = "ssr")]
pub use keep::{change, connect, end, entries, list, offered, reconnect, sync_now, unlink};
#[cfg(feature = "ssr")]
pub use outside::Outside;
#[cfg(feature = "ssr")]
pub use run::{JOB, follow};
#[cfg(feature = "ssr")]
pub use settings::Settings;

/// The flag of a block that came from elsewhere: it is changed there and not here.
pub const FOREIGN: &str = "foreign";

/// Whose calendar it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Google Calendar, version 3.
    Google,
    /// Cal.com, version 2.
    CalCom,
}

impl Provider {
    /// All of them, as they are offered.
    pub const ALL: [Provider; 2] = [Provider::Google, Provider::CalCom];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Provider::Google => "google",
            Provider::CalCom => "cal_com",
        }
    }

    /// The provider of that word.
    pub fn parse(word: &str) -> Option<Provider> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == word)
    }

    /// As it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Provider::Google => "Google Calendar",
            Provider::CalCom => "Cal.com",
        }
    }
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Its member has not allowed it yet on the other side's page.
    Authorizing,
    /// It was allowed; the other side was not asked yet.
    Connecting,
    Active,
    /// A person has to do something: see `problem`.
    Broken,
    /// What was told there is being taken back.
    Ending,
    Ended,
}

impl ConnectionState {
    const ALL: [ConnectionState; 6] = [
        ConnectionState::Authorizing,
        ConnectionState::Connecting,
        ConnectionState::Active,
        ConnectionState::Broken,
        ConnectionState::Ending,
        ConnectionState::Ended,
    ];

    /// The word stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            ConnectionState::Authorizing => "authorizing",
            ConnectionState::Connecting => "connecting",
            ConnectionState::Active => "active",
            ConnectionState::Broken => "broken",
            ConnectionState::Ending => "ending",
            ConnectionState::Ended => "ended",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<ConnectionState> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A connection to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    pub provider: Provider,
    /// Whose time; that of the resource one is, if not given. Another's needs the right to change resources.
    #[serde(default)]
    pub resource: Option<EntityId>,
    /// Where what comes from there is put; the resource's own place if not given.
    #[serde(default)]
    pub location: Option<LocationId>,
    /// Google: the calendar's id, `primary` if empty. Cal.com: the number of the type of event under which our time is booked
    /// there; needed if anything is sent.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub calendar: String,
    /// How much is told there.
    pub detail: Detail,
    /// Whether our entries are told there.
    pub sends: bool,
    /// Whether theirs take time here.
    pub receives: bool,
    /// Cal.com: a key of its settings. Never told again.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub api_key: String,
}

/// What a connection does, changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionChange {
    /// The version that was seen (R18).
    pub version: i32,
    pub detail: Detail,
    pub sends: bool,
    pub receives: bool,
}

/// A connection as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Connection {
    pub id: EntityId,
    pub provider: Provider,
    pub resource: EntityId,
    pub resource_name: String,
    /// As the other side calls the account; empty until it has answered.
    pub account: String,
    pub calendar: String,
    pub detail: Detail,
    pub sends: bool,
    pub receives: bool,
    pub state: ConnectionState,
    /// Why it is broken or waits: `refused` (not allowed, or no longer), `denied` (allowed too little), `calendar` (there is no such
    /// one), `member` (its member is none any more), `sealed` (its keys cannot be read), `away`, `slow`, `unavailable`; else empty.
    pub problem: String,
    /// When both sides were last in step.
    pub synced_at: Option<DateTime<Utc>>,
    /// Entries of ours that the other side has not been told yet.
    pub unsent: i64,
    /// Entries of ours that it does not take.
    pub refused: i64,
    /// Blocks that came from there.
    pub received: i64,
    /// Those of them that lie over something booked here.
    pub colliding: i64,
    /// How often the last run was tried without success.
    pub attempts: i32,
    /// Seconds until the next run; none where none is to come.
    pub next_in_seconds: Option<i64>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

/// A connection that was made, and what its member has to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeConnection {
    pub connection: Connection,
    /// The other side's page on which it is allowed, within ten minutes; none where nothing is to be done.
    pub allow_at: Option<String>,
}

/// An entry that needs somebody's eye.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncEntry {
    pub activity: EntityId,
    pub title: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Whether it came from there.
    pub foreign: bool,
    /// `collides` or why the other side does not take it: `rejected`, `length`.
    pub problem: String,
}
