//! From readings of the clock on the wall to instants, in the zone's own rules.

use std::collections::BTreeSet;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use platform::time::{WallTime, ZoneWindow};

use super::{Ending, Rule};

/// What is asked of a rule.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub zone: Tz,
    /// The first start. One that the rule itself does not give is none.
    pub start: NaiveDateTime,
    /// Elapsed time of each.
    pub duration: TimeDelta,
    pub rule: &'a Rule,
    /// Readings that are taken out; they count all the same.
    pub except: &'a BTreeSet<NaiveDateTime>,
    /// Only starts on this local date or later.
    pub from: Option<NaiveDate>,
    /// Only starts on this local date or earlier.
    pub to: Option<NaiveDate>,
    /// At most so many.
    pub most: usize,
}

/// One time at which it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The reading that the rule meant, by which an exception names it.
    pub reading: NaiveDateTime,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
}

/// All the times asked for, in order.
pub fn expand(question: &Question<'_>) -> Vec<Occurrence> {
    let mut found: Vec<Occurrence> = Vec::new();
    for reading in question.rule.readings(question.start) {
        let start = resolve(question.zone, reading);
        if matches!(question.rule.ending, Ending::Instant(last) if start > last) {
            break;
        }
        let date = start.with_timezone(&question.zone).date_naive();
        if found.len() >= question.most || question.to.is_some_and(|to| date > to) {
            break;
        }
        if question.except.contains(&reading) || question.from.is_some_and(|from| date < from) {
            continue;
        }
        // A zone that skipped a whole date moves it onto the next, which is then there already.
        if found.last().is_none_or(|last| last.start < start) {
            found.push(Occurrence { reading, start, end: start + question.duration });
        }
    }
    found
}

/// The instant that a rule means by a reading: moved on over a gap (R3), the first pass of two (R4).
pub fn resolve(zone: Tz, reading: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&reading) {
        LocalResult::Single(instant) => instant.to_utc(),
        LocalResult::Ambiguous(one, other) => one.to_utc().min(other.to_utc()),
        LocalResult::None => match ZoneWindow::of(zone, reading.date(), reading.date()).instant(reading) {
            WallTime::Gap { shifted, .. } => shifted,
            other => other.rule_boundary(),
        },
    }
}
