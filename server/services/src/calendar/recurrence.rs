//! What comes again: rules of RFC 5545 (`FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6`) and what they mean by the clock on the wall.
//!
//! A rule gives dates, and every date gets the reading of the first start: that is what the people meant who wrote it
//! (R2). Readings become instants only at the end, in the location's zone, where one in a gap of the clock moves on by it
//! (R3) and one that the clock shows twice is its first pass (R4). So a visit at 02:30 is at 02:30 on every day but the one
//! that has no 02:30, and being moved there does not move the next one.
//!
//! Rules are kept to days and longer: what comes by the hour has no use in a clinic and no sound meaning on the wall.

mod dates;
mod parse;
mod plan;
#[cfg(all(test, feature = "ssr"))]
mod tests;
mod write;
#[cfg(feature = "ssr")]
mod zoned;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};

pub use dates::Dates;
pub use parse::RuleError;
pub use plan::Plan;
#[cfg(feature = "ssr")]
pub use zoned::{Occurrence, Question, expand, resolve};

/// How often a rule comes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Never.
    Never,
    /// After so many, those included that are taken out by name.
    Count(u32),
    /// With this reading, inclusive.
    Reading(NaiveDateTime),
    /// With this date, all of it.
    Date(NaiveDate),
    /// With this instant, inclusive.
    Instant(DateTime<Utc>),
}

/// A weekday, or the n-th of its kind in the month or year: `MO`, `2TU`, `-1FR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayOf {
    /// The first is 1, the last is −1; none means every one.
    pub nth: Option<i8>,
    pub weekday: Weekday,
}

/// A rule of RFC 5545. Read one by [`str::parse`]; its text is what [`std::fmt::Display`] writes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub frequency: Frequency,
    /// Every so many days, weeks, months or years; at least 1.
    pub interval: u32,
    pub ending: Ending,
    /// On which day weeks begin, where every other week is meant.
    pub week_start: Weekday,
    pub by_day: Vec<DayOf>,
    /// Days of the month, −1 being the last.
    pub by_month_day: Vec<i8>,
    /// Months, January being 1.
    pub by_month: Vec<u8>,
    /// Which of those found in one day, week, month or year, −1 being the last; all if none are named.
    pub by_set_pos: Vec<i16>,
}

impl Rule {
    /// A rule that says no more than how often.
    pub fn every(interval: u32, frequency: Frequency) -> Rule {
        Rule {
            frequency,
            interval: interval.max(1),
            ending: Ending::Never,
            week_start: Weekday::Mon,
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
        }
    }

    /// The same rule ending after so many.
    #[must_use]
    pub fn times(self, count: u32) -> Rule {
        Rule { ending: Ending::Count(count.max(1)), ..self }
    }

    /// The same rule on these weekdays.
    #[must_use]
    pub fn on(self, weekdays: &[Weekday]) -> Rule {
        Rule { by_day: weekdays.iter().map(|weekday| DayOf { nth: None, weekday: *weekday }).collect(), ..self }
    }

    /// The readings from `start` on, in order, as far as calendars reach. Of an ending that is an instant this knows
    /// nothing, as it knows no zone; [`Question`] does.
    pub fn readings(&self, start: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + '_ {
        let count = match self.ending {
            Ending::Count(count) => usize::try_from(count).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        Dates::new(self, start.date()).map(move |date| date.and_time(start.time())).take(count).take_while(|reading| match self.ending {
            Ending::Reading(last) => *reading <= last,
            Ending::Date(last) => reading.date() <= last,
            Ending::Never | Ending::Count(_) | Ending::Instant(_) => true,
        })
    }
}
