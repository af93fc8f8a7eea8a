//! A small clinic in Warsaw, in winter and at the two nights on which the clocks change.

mod coarse;
mod fitting;
mod grids;
mod properties;
mod reasons;
mod scenario;
mod zones;

use super::*;
use crate::calendar::event::Closed;
use uuid::Uuid;

/// A short name for an id.
fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

const ANNA: u128 = 1;
const EWA: u128 = 2;
const ROOM: u128 = 11;
const LASER: u128 = 21;

/// An instant as RFC 3339 writes it.
fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn between(from: &str, to: &str) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

/// The time of day on 25 November 2026, a Wednesday: Warsaw is an hour ahead. The day ends at 24:00.
fn wednesday(clock: &str) -> DateTime<Utc> {
    if clock == "24:00" { at("2026-11-26T00:00:00+01:00") } else { at(&format!("2026-11-25T{clock}:00+01:00")) }
}

fn on_wednesday(from: &str, to: &str) -> Interval {
    Interval::new(wednesday(from), wednesday(to)).unwrap()
}

/// A zone by its offsets in minutes.
fn zone(name: &str, offset: i32, changes: &[(&str, i32)]) -> ZoneWindow {
    ZoneWindow {
        zone: name.into(),
        offset: offset * 60,
        from: at("2026-01-01T00:00:00Z"),
        to: at("2028-01-01T00:00:00Z"),
        changes: changes.iter().map(|(when, offset)| (at(when), offset * 60)).collect(),
    }
}

fn warsaw() -> ZoneWindow {
    let changes =
        [("2026-03-29T01:00:00Z", 120), ("2026-10-25T01:00:00Z", 60), ("2027-03-28T01:00:00Z", 120), ("2027-10-31T01:00:00Z", 60)];
    zone("Europe/Warsaw", 60, &changes)
}

fn open(n: u128, role: ResourceKind, windows: &[Interval]) -> ResourceTime {
    let hours = Hours { resource: id(n), windows: windows.to_vec(), always: false, closed: Vec::new() };
    ResourceTime { resource: id(n), role, capacity: 1, hours, busy: Vec::new() }
}

fn staff(n: u128, windows: &[Interval]) -> ResourceTime {
    open(n, ResourceKind::Staff, windows)
}

/// A room or device without hours of its own.
fn always(n: u128, role: ResourceKind) -> ResourceTime {
    let mut time = open(n, role, &[]);
    time.hours.always = true;
    time
}

impl ResourceTime {
    fn closed(mut self, rule: Rule, during: Interval) -> Self {
        self.hours.closed.push(Closed { rule, during, label: String::new() });
        self
    }

    fn busy(self, activity: u128, during: Interval) -> Self {
        self.busy_with_buffers(activity, during, 0, 0)
    }

    fn busy_with_buffers(mut self, activity: u128, during: Interval, before: i32, after: i32) -> Self {
        self.busy.push(Busy { activity: id(activity), start: during.start, end: during.end, before, after, seats: 1, session: None });
        self
    }
}

fn need(role: ResourceKind, any_of: &[u128]) -> Need {
    Need { role, sort_of: None, any_of: any_of.iter().map(|n| id(*n)).collect(), segments: Vec::new(), within: None }
}

/// So many minutes with Anna, every quarter of an hour.
fn wish(minutes: i32) -> Wish {
    Wish {
        minutes,
        before: 0,
        after: 0,
        step: 15,
        align: Align::Window,
        needs: vec![need(ResourceKind::Staff, &[ANNA])],
        moving: None,
        now: None,
        notice_minutes: 0,
        latest: None,
        ..Wish::default()
    }
}

/// The slots of that Wednesday by their wall time.
fn offered(wish: &Wish, times: &[ResourceTime]) -> Vec<String> {
    clocks(&slots(wish, times, &warsaw(), on_wednesday("00:00", "24:00")))
}

fn clocks(slots: &[Slot]) -> Vec<String> {
    slots.iter().map(|slot| warsaw().wall(slot.start).format("%H:%M").to_string()).collect()
}

/// The reasons against a time on that Wednesday, in short.
fn reasons(wish: &Wish, times: &[ResourceTime], clock: &str, chosen: &[u128]) -> Vec<(Rule, Option<EntityId>, Option<Interval>)> {
    let chosen: Vec<EntityId> = chosen.iter().map(|n| id(*n)).collect();
    verdict(wish, times, wednesday(clock), &chosen).into_iter().map(|why| (why.rule, why.resource, why.during)).collect()
}
