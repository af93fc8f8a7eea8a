//! What comes again every week, or every few weeks.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::Span;

/// All seven days, see [`Pattern::weekdays`].
pub const EVERY_DAY: u8 = 0b111_1111;

/// A stretch of the clock on some days of some weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// A bit for each weekday on which it begins, see [`weekday`].
    pub weekdays: u8,
    pub span: Span,
    /// First date on which it begins.
    pub valid_from: Option<NaiveDate>,
    /// Last date on which it begins, inclusive.
    pub valid_to: Option<NaiveDate>,
    /// 1 is every week, 2 every second; 0 is as 1.
    pub every_weeks: u32,
    /// Any date in a week that is on. Weeks are counted from it in both directions; without it every week is on.
    pub anchor: Option<NaiveDate>,
}

/// The bit of a weekday in [`Pattern::weekdays`].
pub fn weekday(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

impl Pattern {
    /// Every week on these days.
    pub fn weekly(weekdays: u8, starts: i16, ends: i16) -> Pattern {
        Pattern { weekdays, span: Span { starts, ends }, valid_from: None, valid_to: None, every_weeks: 1, anchor: None }
    }

    /// Whether it begins on the date; weeks begin on the ISO weekday `week_start`.
    pub fn is_on(&self, date: NaiveDate, week_start: u8) -> bool {
        self.weekdays & weekday(date.weekday()) != 0
            && self.valid_from.is_none_or(|first| first <= date)
            && self.valid_to.is_none_or(|last| date <= last)
            && self.anchor.is_none_or(|anchor| {
                let apart = week(date, week_start) - week(anchor, week_start);
                apart.rem_euclid(i64::from(self.every_weeks.max(1))) == 0
            })
    }
}

/// The number of the week in which the date lies.
fn week(date: NaiveDate, week_start: u8) -> i64 {
    let into = (i64::from(date.weekday().number_from_monday()) - i64::from(week_start.max(1))).rem_euclid(7);
    (i64::from(date.num_days_from_ce()) - into).div_euclid(7)
}
