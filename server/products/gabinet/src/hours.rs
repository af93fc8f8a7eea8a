//! When practitioners work: weekly hours with breaks, of every week or every so many, dated overrides, leave and
//! closures, all in the location's wall clock (R2), and what they come to as instants.

mod closures;
mod day;
pub mod holidays;
#[cfg(feature = "ssr")]
mod hook;
mod leave;
mod resolve;
#[cfg(feature = "ssr")]
mod sql;

pub use closures::{Closure, ClosureInput, HolidayInput, ImportClosures};
#[cfg(feature = "ssr")]
pub use closures::{add_closure, closures, delete_closure, import};
pub use day::{Day, week_of};
#[cfg(feature = "ssr")]
pub use hook::hook;
pub use leave::{Balance, Decision, EntitlementInput, Leave, LeaveInput, LeaveKind, LeaveStatus};
#[cfg(feature = "ssr")]
pub use leave::{add_leave, balances, cancel, decide, delete_leave, leave, request_leave, set_entitlement};
pub use resolve::resolve;
#[cfg(feature = "ssr")]
pub(crate) use sql::{FIRST, LAST, all, put, warm};
#[cfg(feature = "ssr")]
pub use sql::{Known, change, get, load, set, set_date, versioned};

use chrono::NaiveDate;
use platform::{Result, id::LocationId, input::Input};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a stretch opens or interrupts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeeklyKind {
    #[default]
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

/// One stretch of every week, or of every so many. One whose end is not after its start crosses midnight and belongs to the day on which it
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
    /// 1 for every week, 2 for every other one. Weeks begin where the location's do.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 52)]
    pub every_weeks: i16,
    /// Any date of a week in which it holds; needed where it does not hold every week.
    #[serde(default)]
    pub anchor: Option<NaiveDate>,
    /// Where; at the practitioner's own place if not given, or everywhere if they have none.
    #[serde(default)]
    pub location: Option<LocationId>,
}

fn one() -> i16 {
    1
}

impl Default for Weekly {
    fn default() -> Self {
        let kind = WeeklyKind::Window;
        Weekly { weekday: 1, kind, starts: 0, ends: 0, valid_from: None, valid_to: None, every_weeks: 1, anchor: None, location: None }
    }
}

/// What holds on one date instead of the weekly windows; without windows the date is closed. Breaks still apply. A date that
/// is split between several places stands once for each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateHours {
    pub date: NaiveDate,
    /// Start and end in minutes after midnight, as in the weekly hours.
    #[schema(max_items = 10)]
    pub windows: Vec<(i16, i16)>,
    /// Where, as in the weekly hours; where no entry of the date is for, it is closed.
    #[serde(default)]
    pub location: Option<LocationId>,
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

/// All hours of a practitioner with their version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionedHours {
    #[schema(max_items = 100)]
    pub weekly: Vec<Weekly>,
    #[serde(default)]
    #[schema(max_items = 400)]
    pub dates: Vec<DateHours>,
    /// What a change must name (R18): the version that was read.
    #[serde(default)]
    pub version: i32,
}

impl WorkingHours {
    /// The same, as of a version.
    pub fn versioned(self, version: i32) -> VersionedHours {
        VersionedHours { weekly: self.weekly, dates: self.dates, version }
    }
}

impl VersionedHours {
    /// Without the version.
    pub fn hours(self) -> WorkingHours {
        WorkingHours { weekly: self.weekly, dates: self.dates }
    }
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
            input.check((1..=52).contains(&weekly.every_weeks), "weekly", "range", "Between 1 and 52 weeks.");
            let anchored = weekly.every_weeks == 1 || weekly.anchor.is_some();
            input.check(anchored, "weekly", "required", "What does not hold every week names a week in which it does.");
            for date in [weekly.valid_from, weekly.valid_to, weekly.anchor].into_iter().flatten() {
                input.year("weekly", &date);
            }
        }
        let mut dates: Vec<(NaiveDate, Option<LocationId>)> = self.dates.iter().map(|date| (date.date, date.location)).collect();
        dates.sort_unstable();
        input.check(dates.windows(2).all(|pair| pair[0] != pair[1]), "dates", "duplicate", "A date is given once for each place.");
        for date in &self.dates {
            input.year("dates", &date.date);
            input.check(date.windows.len() <= 10, "dates", "too_long", "At most 10 windows a day.");
            let all = date.windows.iter().all(|(starts, ends)| right(*starts, *ends));
            input.check(all, "dates", "time", "A stretch has a start, an end and a length.");
        }
        input.finish()
    }
}
