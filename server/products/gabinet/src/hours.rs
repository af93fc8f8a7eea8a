//! When practitioners work: weekly hours with breaks, dated overrides, leave and closures, all in the location's wall
//! clock (R2), and what they come to as instants.

#[cfg(feature = "ssr")]
mod hook;
mod resolve;
#[cfg(feature = "ssr")]
mod sql;

#[cfg(feature = "ssr")]
pub use hook::hook;
pub use resolve::resolve;
#[cfg(feature = "ssr")]
pub use sql::{add_closure, add_leave, closures, delete_closure, delete_leave, get, leave, load, set, set_date};

use chrono::NaiveDate;
use platform::{
    Result,
    id::{EntityId, LocationId},
    input::Input,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a stretch opens or interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeeklyKind {
    Window,
    Break,
}

impl WeeklyKind {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            WeeklyKind::Window => "window",
            WeeklyKind::Break => "break",
        }
    }
}

/// One stretch of every week. One whose end is not after its start crosses midnight and belongs to the day on which it
/// begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// ISO: 1 is Monday.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: i16,
    pub kind: WeeklyKind,
    /// Minutes after midnight, 0–1439.
    #[schema(minimum = 0, maximum = 1439)]
    pub starts: i16,
    /// Minutes after midnight; 1440 is 24:00.
    #[schema(minimum = 0, maximum = 1440)]
    pub ends: i16,
    /// First date on which it holds.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// Last date on which it holds.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
}

/// What holds on one date instead of the weekly windows; without windows the date is closed. Breaks still apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateHours {
    pub date: NaiveDate,
    /// Start and end in minutes after midnight, as in the weekly hours.
    #[schema(max_items = 10)]
    pub windows: Vec<(i16, i16)>,
}

/// All hours of a practitioner, as they are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    #[schema(max_items = 100)]
    pub weekly: Vec<Weekly>,
    #[serde(default)]
    #[schema(max_items = 400)]
    pub dates: Vec<DateHours>,
}

impl WorkingHours {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.check(self.weekly.len() <= 100, "weekly", "too_long", "At most 100 stretches.");
        input.check(self.dates.len() <= 400, "dates", "too_long", "At most 400 dates.");
        let right = |starts: i16, ends: i16| (0..1440).contains(&starts) && (0..=1440).contains(&ends) && starts != ends;
        for weekly in &self.weekly {
            input.check((1..=7).contains(&weekly.weekday), "weekly", "range", "A weekday lies between 1 and 7.");
            input.check(right(weekly.starts, weekly.ends), "weekly", "time", "A stretch has a start, an end and a length.");
            let ordered = weekly.valid_from.zip(weekly.valid_to).is_none_or(|(from, to)| from <= to);
            input.check(ordered, "weekly", "order", "The end must come after the start.");
            for date in [weekly.valid_from, weekly.valid_to].into_iter().flatten() {
                input.year("weekly", &date);
            }
        }
        for date in &self.dates {
            input.year("dates", &date.date);
            input.check(date.windows.len() <= 10, "dates", "too_long", "At most 10 windows a day.");
            let all = date.windows.iter().all(|(starts, ends)| right(*starts, *ends));
            input.check(all, "dates", "time", "A stretch has a start, an end and a length.");
        }
        input.finish()
    }
}

/// Leave by whole local dates, both inclusive (R14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Leave {
    pub id: EntityId,
    pub employee: EntityId,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    pub reason: String,
}

/// What is told about a leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveInput {
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

/// A day on which a location, or all of them, is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Closure {
    pub id: EntityId,
    pub location: Option<LocationId>,
    pub on_date: NaiveDate,
    pub name: String,
}

/// What is told about a closure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureInput {
    /// All locations if not given.
    #[serde(default)]
    pub location: Option<LocationId>,
    pub on_date: NaiveDate,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: String,
}
