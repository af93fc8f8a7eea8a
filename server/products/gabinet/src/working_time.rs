//! Time planned and time worked, in real minutes: the night on which the clock is put back is an hour longer.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{add_worked, delete_worked, month, worked};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{Result, id::EntityId, input::Input, time::Interval};
use serde::{Deserialize, Serialize};
use services::calendar::{Hours, slots::Rule};
use utoipa::ToSchema;

/// A stretch that somebody was really there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Worked {
    pub id: EntityId,
    pub employee: EntityId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub note: String,
}

/// What is told about one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkedInput {
    pub start: DateTime<Utc>,
    /// At most a day later.
    pub end: DateTime<Utc>,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: String,
}

impl WorkedInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.year("start", &self.start);
        input.year("end", &self.end);
        input.check(self.start < self.end, "end", "order", "The end must come after the start.");
        input.check(self.end.signed_duration_since(self.start).num_hours() <= 24, "end", "range", "At most 24 hours.");
        input.text("note", self.note.trim(), 0, 200);
        input.finish()
    }
}

/// A month of somebody's time. All lengths are elapsed minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkingTime {
    pub employee: EntityId,
    /// The first of the month.
    pub month: NaiveDate,
    /// One for each date.
    pub days: Vec<WorkedDay>,
    /// By the rota: windows without breaks, leave and closures.
    pub planned: i64,
    /// Of it, what lies before now.
    pub planned_so_far: i64,
    pub worked: i64,
    /// Planned work that leave took.
    pub leave: i64,
    /// Worked beyond what was planned until now; less than nothing where less was worked.
    pub over: i64,
    /// By contract for the whole month: a fifth of the weekly minutes for each Monday to Friday that is no closure.
    pub contract: Option<i64>,
    /// Planned, with leave that is paid, beyond the contract.
    pub over_contract: Option<i64>,
}

/// One date of it; what crosses midnight is divided there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkedDay {
    pub date: NaiveDate,
    pub planned: i64,
    /// Clocked; where nothing was, the planned time that is past together with visits that went beyond it.
    pub worked: i64,
    /// Planned work that leave took.
    pub leave: i64,
    /// Minutes with patients, as visits really began and ended.
    pub visits: i64,
    /// Whether `worked` was clocked.
    pub clocked: bool,
    /// Worked beyond what was planned until now.
    pub over: i64,
}

/// Stretches in order, those that touch or overlap as one.
pub fn union(mut stretches: Vec<Interval>) -> Vec<Interval> {
    stretches.sort_by_key(|stretch| (stretch.start, stretch.end));
    let mut all: Vec<Interval> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match all.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => all.push(stretch),
        }
    }
    all
}

/// What remains of stretches in order when others are taken out.
pub fn without(stretches: &[Interval], out: &[Interval]) -> Vec<Interval> {
    stretches.iter().flat_map(|stretch| stretch.subtract(out)).collect()
}

/// When somebody works: windows without all that is closed.
pub fn open(hours: &Hours) -> Vec<Interval> {
    let closed: Vec<Interval> = hours.closed.iter().map(|closed| closed.during).collect();
    without(&union(hours.windows.clone()), &union(closed))
}

/// When somebody would work but for leave.
pub fn open_but_for_leave(hours: &Hours) -> Vec<Interval> {
    let closed: Vec<Interval> = hours.closed.iter().filter(|closed| closed.rule != Rule::Leave).map(|closed| closed.during).collect();
    without(&union(hours.windows.clone()), &union(closed))
}

/// How many minutes of stretches lie within one.
pub fn minutes_within(stretches: &[Interval], within: Interval) -> i64 {
    stretches.iter().filter_map(|stretch| stretch.intersect(&within)).map(|stretch| stretch.minutes()).sum()
}

/// One date, of what was planned, clocked and done.
pub fn day(date: NaiveDate, during: Interval, times: &Times, now: DateTime<Utc>) -> WorkedDay {
    let planned = minutes_within(&times.planned, during);
    let past = Interval::new(during.start, during.end.min(now));
    let so_far = |stretches: &[Interval]| past.map_or(0, |past| minutes_within(stretches, past));
    let clocked = times.clocked.iter().any(|stretch| stretch.overlaps(&during));
    let worked = if clocked {
        minutes_within(&times.clocked, during)
    } else {
        so_far(&union(times.planned.iter().chain(&times.visits).copied().collect()))
    };
    WorkedDay {
        date,
        planned,
        worked,
        leave: minutes_within(&times.leave, during),
        visits: minutes_within(&times.visits, during),
        clocked,
        over: worked - so_far(&times.planned),
    }
}

/// Stretches in order that do not overlap, of each kind.
#[derive(Clone, Debug, Default)]
pub struct Times {
    pub planned: Vec<Interval>,
    /// Planned work that leave took.
    pub leave: Vec<Interval>,
    pub clocked: Vec<Interval>,
    /// As visits really began and ended.
    pub visits: Vec<Interval>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(start: &str, end: &str) -> Interval {
        Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_visit_that_went_on_after_hours_is_overtime_and_one_within_them_is_not() {
        let times = Times {
            planned: vec![stretch("2026-11-24T07:00:00Z", "2026-11-24T15:00:00Z")],
            visits: vec![stretch("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"), stretch("2026-11-24T14:30:00Z", "2026-11-24T15:40:00Z")],
            ..Times::default()
        };
        let whole = stretch("2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z");
        let on = "2026-11-24".parse().unwrap();
        let over = day(on, whole, &times, "2026-11-25T07:00:00Z".parse().unwrap());
        assert_eq!((over.planned, over.worked, over.over, over.visits), (480, 520, 40, 130));
        // What has not come yet was not worked.
        let half = day(on, whole, &times, "2026-11-24T11:00:00Z".parse().unwrap());
        assert_eq!((half.worked, half.over), (240, 0));
        // What was clocked is what counts.
        let clocked = Times { clocked: vec![stretch("2026-11-24T07:10:00Z", "2026-11-24T15:00:00Z")], ..times };
        assert_eq!(day(on, whole, &clocked, "2026-11-25T07:00:00Z".parse().unwrap()).over, -10);
    }

    #[test]
    fn the_night_on_which_the_clock_is_put_back_has_an_hour_more() {
        // Warsaw, 25 October 2026: a date of 25 hours.
        let whole = stretch("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        let times = Times { planned: vec![whole], ..Times::default() };
        let day = day("2026-10-25".parse().unwrap(), whole, &times, "2026-11-01T00:00:00Z".parse().unwrap());
        assert_eq!((day.planned, day.worked), (1500, 1500));
    }
}
