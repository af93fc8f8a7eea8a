//! When a resource is there, from wall-clock rules to instants (R2): weekly windows and breaks, dated overrides, leave and
//! closures. Pure: the zone's offsets are given. A product maps what it stores on a [`Rota`]; nobody else resolves hours.
//!
//! A window or break belongs to the date on which it begins; one whose end is not after its start crosses midnight. A
//! boundary in a gap of the clock moves on by it (R3), one that the clock shows twice is its first pass (R4).

mod pattern;
mod resolve;

#[cfg(all(test, feature = "ssr"))]
mod tests;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

pub use pattern::{EVERY_DAY, Pattern, weekday};
pub use resolve::resolve;

use crate::calendar::slots::Rule;

/// A stretch of the clock, in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// 0–1439.
    pub starts: i16,
    /// 0–1440, where 1440 is 24:00. Not after the start: on the next date.
    pub ends: i16,
}

/// What holds on one date instead of the weekly windows that begin on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    pub date: NaiveDate,
    /// None of them closes the date; the tail of the night before stays.
    pub windows: Vec<Span>,
}

/// Dates on which a resource is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// `leave` or `closure`.
    pub rule: Rule,
    pub from: NaiveDate,
    /// Inclusive.
    pub to: NaiveDate,
    /// The times of each of the dates; without them every minute of them, tails of night shifts included (R14).
    pub times: Option<Span>,
    /// What to write there.
    pub label: String,
}

/// All rules about one resource's time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rota {
    /// Weekly windows. `None`: there on every date from midnight to midnight, unless it is overridden. An empty list:
    /// never but for the dates.
    pub weekly: Option<Vec<Pattern>>,
    /// Overrides of the hours; breaks still apply. Of one date all windows hold.
    pub dates: Vec<Dated>,
    pub breaks: Vec<Pattern>,
    pub away: Vec<Away>,
    /// ISO weekday on which weeks begin, by which every second week is told from the others. 0 is as 1, Monday.
    pub week_start: u8,
}

impl Rota {
    /// The dates between which instants of `from`–`to` (exclusive) may be decided: windows of the days before reach into
    /// them, and what begins in them reaches out.
    pub fn around(from: NaiveDate, to: NaiveDate, days: u64) -> (NaiveDate, NaiveDate) {
        (from.checked_sub_days(Days::new(days)).unwrap_or(from), to.checked_add_days(Days::new(days)).unwrap_or(to))
    }
}
