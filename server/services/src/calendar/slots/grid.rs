//! The grid of starts (R5): each window as written begins it anew, and so does each break's end. What is busy, on
//! leave or closed never shifts it.

use chrono::{DateTime, NaiveDate, Utc};
use platform::id::EntityId;
use platform::time::{Interval, ZoneWindow};
use std::collections::{BTreeMap, HashMap};

use super::availability::{MINUTE, Stretch, instant, number, opened, stretch, union};
use super::{Align, ResourceTime, Rule, Wish};
use crate::calendar::event::Hours;

/// The starts that the grid of the wish's first need has in the range, free or not, in order. Breaks, leave and
/// closures are not taken out: these are the times to explain (R15).
pub fn cells(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval) -> Vec<DateTime<Utc>> {
    let index = index(times);
    starts(wish, &index, zone, stretch(&range)).into_iter().filter_map(instant).collect()
}

/// The resources by their ids; of two with one id the first.
pub(super) fn index(times: &[ResourceTime]) -> HashMap<EntityId, &ResourceTime> {
    let mut index = HashMap::with_capacity(times.len());
    for time in times {
        index.entry(time.resource).or_insert(time);
    }
    index
}

/// The grid in the range, in order.
pub(super) fn starts(wish: &Wish, index: &HashMap<EntityId, &ResourceTime>, zone: &ZoneWindow, range: Stretch) -> Vec<i64> {
    let Some(first) = wish.needs.first() else { return Vec::new() };
    if wish.step <= 0 || wish.minutes <= 0 || range.0 >= range.1 {
        return Vec::new();
    }
    let hours: Vec<&Hours> =
        first.any_of.iter().filter_map(|id| index.get(id)).filter(|time| time.role == first.role).map(|time| &time.hours).collect();
    let mut grid = Grid { step: i64::from(wish.step) * MINUTE, range, phases: BTreeMap::new() };
    match wish.align {
        Align::Window => grid.by_windows(&hours, zone),
        Align::Clock => grid.by_clock(&hours, zone),
    }
    grid.starts()
}

/// Stretches of one grid each. Most of a clinic's staff open at the same times, so grids that coincide are kept as
/// one: by what is left of their origin when it is divided by the step.
struct Grid {
    step: i64,
    range: Stretch,
    phases: BTreeMap<i64, Vec<Stretch>>,
}

impl Grid {
    /// A grid that begins at `origin`, from there or later up to an end.
    fn add(&mut self, origin: i64, within: Stretch) {
        let (start, end) = (within.0.max(self.range.0), within.1.min(self.range.1));
        if start < end {
            self.phases.entry(origin.rem_euclid(self.step)).or_default().push((start, end));
        }
    }

    fn by_windows(&mut self, hours: &[&Hours], zone: &ZoneWindow) {
        // Who is always there has a window for each local date.
        let days: Vec<Stretch> = if hours.iter().any(|hours| hours.always) { self.days(zone) } else { Vec::new() };
        for hours in hours {
            let breaks = hours.closed.iter().filter(|closed| closed.rule == Rule::Break);
            let restarts: Vec<i64> = union(breaks.map(|closed| stretch(&closed.during)).collect()).iter().map(|b| b.1).collect();
            if hours.always {
                days.iter().for_each(|day| self.window(*day, &restarts));
            } else {
                hours.windows.iter().for_each(|window| self.window(stretch(window), &restarts));
            }
        }
    }

    /// One window's grid, begun anew at the ends of breaks that lie in it.
    fn window(&mut self, (start, end): Stretch, restarts: &[i64]) {
        let mut origin = start;
        let within = restarts.partition_point(|&at| at <= start);
        for &restart in restarts[within..].iter().take_while(|&&at| at < end) {
            self.add(origin, (origin, restart));
            origin = restart;
        }
        self.add(origin, (origin, end));
    }

    /// Local midnight begins the grid, once for each offset that the date has.
    fn by_clock(&mut self, hours: &[&Hours], zone: &ZoneWindow) {
        let open = union(hours.iter().flat_map(|hours| opened(hours)).collect());
        for (origin, (start, end)) in self.clock(zone) {
            let first = open.partition_point(|window| window.1 <= start);
            for window in open[first..].iter().take_while(|window| window.0 < end) {
                self.add(origin, (window.0.max(start), window.1.min(end)));
            }
        }
    }

    /// The local dates that the range touches.
    fn days(&self, zone: &ZoneWindow) -> Vec<Stretch> {
        let (Some(first), Some(last)) = (instant(self.range.0), instant(self.range.1.saturating_sub(1))) else {
            return Vec::new();
        };
        let last = zone.date(last);
        let dates = zone.date(first).iter_days().take_while(|date: &NaiveDate| *date <= last);
        dates.map(|date| stretch(&zone.day(date))).collect()
    }

    /// The pieces of the range with one local date and one offset, and the instant that was or would have been its
    /// midnight by that offset.
    fn clock(&self, zone: &ZoneWindow) -> Vec<(i64, Stretch)> {
        const DAY: i64 = 24 * 60 * MINUTE;
        let Some(first) = instant(self.range.0) else { return Vec::new() };
        let changes = zone.changes.iter().map(|(at, offset)| (number(*at), *offset)).filter(|(at, _)| *at > self.range.0);
        let mut pieces = Vec::new();
        let mut from = self.range.0;
        let mut offset = i64::from(zone.offset_at(first)) * 1_000_000;
        for (to, next) in changes.chain([(i64::MAX, 0)]) {
            let to = to.min(self.range.1);
            while from < to {
                let midnight = from + offset - (from + offset).rem_euclid(DAY) - offset;
                let end = (midnight + DAY).min(to);
                pieces.push((midnight, (from, end)));
                from = end;
            }
            offset = i64::from(next) * 1_000_000;
        }
        pieces
    }

    /// All starts, in order, each once.
    fn starts(self) -> Vec<i64> {
        let mut starts = Vec::new();
        for (phase, stretches) in self.phases {
            for (from, to) in union(stretches) {
                let mut next = from + (phase - from).rem_euclid(self.step);
                while next < to {
                    starts.push(next);
                    next += self.step;
                }
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}
