//! What is told of one resource: its hours, its leave, its bookings.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::calendar::Status;

/// Who or what can be booked.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedResource)]
pub struct Resource {
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Any short word: `staff`, `room` …
    #[schema(min_length = 1, max_length = 40)]
    pub role: String,
    /// Seats at once; 1 if not given.
    #[schema(minimum = 1, maximum = 1000000)]
    pub capacity: Option<i64>,
    /// Weekly hours. Without them it is open always; an empty list is never.
    #[schema(max_items = 100)]
    pub weekly: Option<Vec<Weekly>>,
    /// What replaces the windows that begin on a date.
    #[schema(max_items = 1000)]
    pub dates: Option<Vec<Dated>>,
    #[schema(max_items = 100)]
    pub breaks: Option<Vec<Break>>,
    #[schema(max_items = 1000)]
    pub leave: Option<Vec<Leave>>,
    /// What is booked already: 20,000 of all resources together.
    #[schema(max_items = 20000)]
    pub busy: Option<Vec<Taken>>,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Mo,
    Tu,
    We,
    Th,
    Fr,
    Sa,
    Su,
}

/// A window of some days of the week. It belongs to the date on which it begins.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedWindow)]
pub struct Weekly {
    #[schema(max_items = 7)]
    pub days: Vec<Day>,
    /// `HH:MM`.
    #[schema(example = "09:00")]
    pub start: String,
    /// `HH:MM` or `24:00`; not after the start: on the next date.
    #[schema(example = "17:00")]
    pub end: String,
    /// First date.
    #[schema(format = Date)]
    pub valid_from: Option<String>,
    /// Last date.
    #[schema(format = Date)]
    pub valid_to: Option<String>,
    /// 1 if not given.
    #[schema(minimum = 1, maximum = 10000)]
    pub every_weeks: Option<i64>,
    /// Any date in a week that is on; needed if not every week is.
    #[schema(format = Date)]
    pub anchor: Option<String>,
}

/// The hours of one date.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedDate)]
pub struct Dated {
    #[schema(format = Date)]
    pub date: String,
    /// Start and end of each; none of them closes the date.
    #[schema(max_items = 20)]
    pub windows: Option<Vec<(String, String)>>,
}

/// A break on some days of every week; on all if none are named.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedBreak)]
pub struct Break {
    #[schema(max_items = 7)]
    pub days: Option<Vec<Day>>,
    /// `HH:MM`.
    #[schema(example = "12:00")]
    pub start: String,
    /// `HH:MM` or `24:00`; not after the start: on the next date.
    #[schema(example = "12:30")]
    pub end: String,
}

/// Leave by local dates: whole ones, or the same times of each.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedLeave)]
pub struct Leave {
    #[schema(format = Date)]
    pub from: String,
    /// Inclusive; `from` if not given.
    #[schema(format = Date)]
    pub to: Option<String>,
    /// `HH:MM`, with `end`.
    pub start: Option<String>,
    /// `HH:MM` or `24:00`, after `start`.
    pub end: Option<String>,
}

/// A booking.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedBooking)]
pub struct Taken {
    #[schema(format = DateTime)]
    pub start: String,
    #[schema(format = DateTime)]
    pub end: String,
    /// Minutes of its buffer before; 0 if not given.
    #[schema(minimum = 0, maximum = 1440)]
    pub before: Option<i64>,
    /// Minutes of its buffer after; 0 if not given.
    #[schema(minimum = 0, maximum = 1440)]
    pub after: Option<i64>,
    /// `confirmed` if not given. Cancelled, no_show, moved and expired take no time.
    pub status: Option<Status>,
    /// 1 if not given.
    #[schema(minimum = 1, maximum = 1000000)]
    pub seats: Option<i64>,
    /// The class of which it is a part.
    #[schema(max_length = 100)]
    pub session: Option<String>,
}
