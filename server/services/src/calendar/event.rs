//! What the calendar shows: events, resources and their hours, as they travel between server and browser.

use chrono::{DateTime, NaiveDate, Utc};
use platform::id::{EntityId, LocationId, UserId};
use platform::time::{Interval, ZoneWindow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::slots::Rule;
pub use super::status::Status;

/// What sort of thing can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    Staff,
    Room,
    Device,
}

impl ResourceKind {
    /// In the order in which the calendar offers them.
    pub const ALL: [ResourceKind; 3] = [ResourceKind::Staff, ResourceKind::Room, ResourceKind::Device];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            ResourceKind::Staff => "staff",
            ResourceKind::Room => "room",
            ResourceKind::Device => "device",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a module wants shown on an event besides its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Face {
    /// The second line: the treatment.
    pub line: String,
    /// Where: `Room 2 · Laser A`.
    pub place: String,
    /// `first_visit`, `allergy`, `overbooked` …
    pub flags: Vec<String>,
    /// Hue of its own, 0–359; otherwise its activity type's.
    pub hue: Option<u16>,
}

/// An activity as the calendar draws it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    pub id: EntityId,
    pub activity_type: String,
    pub title: String,
    pub face: Face,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub status: Status,
    /// Whose time it takes, in the order of their ids.
    pub resources: Vec<EntityId>,
    /// Minutes before the start in which its resources are occupied too (R7).
    pub buffer_before: i32,
    /// Minutes after the end, likewise.
    pub buffer_after: i32,
    /// Hue to draw it in, 0–359.
    pub hue: u16,
    /// What it is about: a patient, a lead.
    pub subject: Option<EntityId>,
    /// The module's own record.
    pub record: Option<EntityId>,
    pub version: i32,
}

impl Event {
    /// Whether the reader may see no more of it than that the time is taken: everything has a title.
    pub fn is_veiled(&self) -> bool {
        self.title.is_empty()
    }
}

/// Whatever can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resource {
    pub id: EntityId,
    pub kind: ResourceKind,
    pub name: String,
    /// Hue of its colour, 0–359.
    pub hue: u16,
    pub sort: i32,
    /// The login of a person who is a resource.
    pub user: Option<UserId>,
}

/// When a resource is there, as instants: wall-clock rules are resolved on the server (R2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hours {
    pub resource: EntityId,
    /// Windows as written, before breaks, leave and closures are taken out; each has its own grid of starts.
    pub windows: Vec<Interval>,
    /// Open whenever it is not closed: rooms and devices without hours of their own.
    pub always: bool,
    pub closed: Vec<Closed>,
}

/// A stretch in which a resource is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closed {
    /// `break`, `leave` or `closure`.
    pub rule: Rule,
    pub during: Interval,
    /// What to write there: the holiday's name. May be empty.
    pub label: String,
}

/// Where the clinic works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
// Not all of the platform's `Location`, and another schema.
#[schema(as = CalendarLocation)]
pub struct Location {
    pub id: LocationId,
    pub name: String,
    /// IANA name of its zone.
    pub zone: String,
    /// ISO weekday on which weeks begin: 1 is Monday.
    pub week_start: i16,
}

/// How full a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct DayLoad {
    /// On the location's clock.
    pub date: NaiveDate,
    /// How many activities begin on it.
    pub count: i64,
    /// How many minutes they take together; those of a meeting of three count once.
    pub minutes: i64,
}

/// All that a view of the calendar needs, from one range query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CalendarView {
    pub location: Location,
    /// The offsets of the location's zone over the range.
    pub zone: ZoneWindow,
    /// First local date shown.
    pub from: NaiveDate,
    /// The local date after the last one shown.
    pub to: NaiveDate,
    /// Today at the location.
    pub today: NaiveDate,
    /// The server's clock.
    pub now: DateTime<Utc>,
    pub resources: Vec<Resource>,
    pub hours: Vec<Hours>,
    pub events: Vec<Event>,
}
