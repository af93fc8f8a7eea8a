//! Which times are free and why others are not (R1–R12): one implementation for server and browser, on instants only.
//! Wall-clock rules are resolved to instants before they come here (R2); the zone is needed just for the grid.

mod assignment;
mod availability;
mod carried;
mod choice;
mod claims;
pub mod coarse;
mod grid;
mod known;
mod limits;
mod profile;
mod question;
mod search;
mod verdict;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, Utc};
use platform::id::EntityId;
use platform::time::{Interval, ZoneWindow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::{Hours, ResourceKind};
pub use carried::{Carried, Terms, Way};
pub use choice::{choose, fitted, free_at, keep_or_choose};
pub use grid::cells;
pub use limits::{Limit, Per, full};
pub use question::{Answer, Dragged, Drags, Question};
pub use search::{earliest, nearest, slots};
pub use verdict::{Bench, verdict};

/// What can stand against a time (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The resource is not there.
    Hours,
    Break,
    Leave,
    Closure,
    /// Another's own time overlaps it (R1).
    Busy,
    /// Only the buffers make the two overlap (R7).
    Buffer,
    /// Too soon: minimum notice is elapsed time (R8).
    Notice,
    Past,
    /// Too far ahead (R8).
    Horizon,
    /// Too many in the day, week or month (R9).
    Limit,
    Capacity,
    /// The clock never shows this wall time (R3).
    Gap,
    /// The resource is of the right kind but not one of those that will do.
    Qualification,
    /// A resource of a kind that is not wanted, one too many, or one missing.
    Kind,
}

impl Rule {
    /// In the order in which reasons are listed.
    pub const ALL: [Rule; 14] = [
        Rule::Hours,
        Rule::Break,
        Rule::Leave,
        Rule::Closure,
        Rule::Busy,
        Rule::Buffer,
        Rule::Notice,
        Rule::Past,
        Rule::Horizon,
        Rule::Limit,
        Rule::Capacity,
        Rule::Gap,
        Rule::Qualification,
        Rule::Kind,
    ];

    /// The word sent, and what its text is looked up by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Rule::Hours => "hours",
            Rule::Break => "break",
            Rule::Leave => "leave",
            Rule::Closure => "closure",
            Rule::Busy => "busy",
            Rule::Buffer => "buffer",
            Rule::Notice => "notice",
            Rule::Past => "past",
            Rule::Horizon => "horizon",
            Rule::Limit => "limit",
            Rule::Capacity => "capacity",
            Rule::Gap => "gap",
            Rule::Qualification => "qualification",
            Rule::Kind => "kind",
        }
    }
}

/// Where the grid of starts begins (R5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At each window's opening and at each break's end, in elapsed minutes.
    #[default]
    Window,
    /// At local midnight: wall-clock multiples of the step, in both passes of a doubled hour.
    Clock,
}

/// Time that a resource has given already. Only what occupies belongs here (R10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Busy {
    pub activity: EntityId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Minutes before the start that it occupies too (R7).
    pub before: i32,
    /// Minutes after the end, likewise.
    pub after: i32,
    /// How many of the resource's seats it takes, at least 1.
    #[serde(default = "one")]
    pub seats: i32,
    /// The class of which it is one seat. All bookings of a session take the resource as a whole; a treatment with the same
    /// start and end joins it while a seat is left.
    #[serde(default)]
    pub session: Option<EntityId>,
}

/// Capacity and seats of what does not say.
fn one() -> i32 {
    1
}

/// All that is known of one resource's time over the range asked about, with a margin of a treatment's length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResourceTime {
    pub resource: EntityId,
    pub role: ResourceKind,
    /// How many seats it has at once, at least 1.
    #[serde(default = "one")]
    pub capacity: i32,
    pub hours: Hours,
    /// In any order.
    pub busy: Vec<Busy>,
}

/// A part of a treatment in which a resource is needed; in between it is free for others (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    /// Minutes after the treatment's start.
    pub from: i32,
    /// Exclusive, more than `from`.
    pub to: i32,
}

/// One resource out of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Need {
    pub role: ResourceKind,
    /// The clinic's own word for what is needed (`laser`), for messages.
    pub sort_of: Option<String>,
    /// Those that will do, the preferred one first.
    pub any_of: Vec<EntityId>,
    /// When the resource is needed: throughout if there are none. Buffers extend those that begin or end with the
    /// treatment. The resource has to be there for the whole treatment all the same.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// The part of the whole for which the resource has to be there, where it is not all of it: of a visit of several
    /// treatments those that it serves (R6).
    #[serde(default)]
    pub within: Option<Segment>,
}

/// Whoever it is for: nobody can be in two places at once, and what they have besides takes their time as a booking takes a
/// room's. It needs no hours and no buffers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Guest {
    pub id: EntityId,
    /// When they are elsewhere, in any order; without what is being moved (R11).
    pub elsewhere: Vec<Interval>,
}

/// What somebody wants time for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wish {
    /// Length of the treatment itself, more than 0 (R1).
    pub minutes: i32,
    /// Buffers in minutes (R7). They may lie outside working hours unless `buffers_inside_hours`.
    pub before: i32,
    pub after: i32,
    #[serde(default)]
    pub buffers_inside_hours: bool,
    /// Minutes from one start of the grid to the next, more than 0 (R5).
    pub step: i32,
    pub align: Align,
    /// The first need makes the grid, the others only limit. Each gets a resource of its own. Without any, no slot
    /// is offered, and a verdict accepts whichever resources are chosen.
    pub needs: Vec<Need>,
    /// The activity that is being moved: its own time does not count against it (R11).
    pub moving: Option<EntityId>,
    /// Where the activity that is being moved begins now: offered, too, if it is not on the grid, unless a rule is against it.
    #[serde(default)]
    pub present: Option<DateTime<Utc>>,
    /// Without it no notice, no horizon and no past.
    pub now: Option<DateTime<Utc>>,
    /// Elapsed minutes between now and the first start allowed (R8).
    pub notice_minutes: i32,
    /// First instant that lies too far ahead, see [`horizon`].
    pub latest: Option<DateTime<Utc>>,
    /// Days, weeks and months in which no more may begin, see [`full`] (R9).
    #[serde(default)]
    pub full: Vec<Interval>,
    /// For whom, if that is known.
    #[serde(default)]
    pub guest: Option<Guest>,
}

/// A time that is free.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Slot {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// One per need, in the order of the needs.
    pub resources: Vec<EntityId>,
}

/// One thing that stands against a time (R15).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Why {
    pub rule: Rule,
    /// None where the rule concerns no resource in particular.
    pub resource: Option<EntityId>,
    /// What is in the way: the break, the other's time (its occupied range for `buffer`), the part outside the hours.
    pub during: Option<Interval>,
}

/// The horizon "`days` ahead" as [`Wish::latest`]: calendar days in the location's zone, inclusive, so that 0 is
/// today only (R8). The window has to reach that far.
pub fn horizon(zone: &ZoneWindow, now: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
    let first_too_late = zone.date(now).checked_add_days(Days::new(u64::from(days) + 1))?;
    Some(zone.day_start(first_too_late))
}
