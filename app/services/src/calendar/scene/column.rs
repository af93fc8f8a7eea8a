//! A column: a resource on a day, or a day.

use super::Source;
use crate::{
    calendar::{
        axis::{self, Axis},
        when,
    },
    words,
};
use chrono::NaiveDate;
use platform::{id::EntityId, time::Interval};
use services::calendar::{
    event::{Closed, Event, Hours, Resource},
    slots::Rule,
};

/// A stretch of a column in which nothing can be booked.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// First minute of the scale.
    pub start: i32,
    /// First minute after it.
    pub end: i32,
    /// `Break`, the name of a leave or holiday; nothing for what is simply outside the hours.
    pub label: String,
    /// Whether the clock does not show this time on that day at all.
    pub gap: bool,
}

/// A column and its head.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its date.
    pub date: NaiveDate,
    /// Its resource; none if it shows several.
    pub resource: Option<EntityId>,
    /// `Dr Marta Lis`, or `Tue 24`.
    pub name: String,
    /// `08:00 – 16:00`.
    pub hours: String,
    /// What a screen reader says of it.
    pub spoken: String,
    /// Colour of its resource, 0–359.
    pub hue: u16,
    /// Why nobody is there that day.
    pub absent: Option<String>,
    /// When something can be booked.
    pub open: Vec<Interval>,
    /// When it cannot, and why.
    pub bands: Vec<Band>,
    /// Whether it shows today.
    pub today: bool,
    /// The written hours among the open ones: what is open around the clock says nothing of when anybody works.
    pub(super) worked: Vec<Interval>,
    closed: Vec<Closed>,
}

impl Column {
    fn new(source: &Source<'_>, date: NaiveDate, resource: Option<&Resource>, name: String) -> Self {
        let view = &source.loaded.calendar;
        Self {
            date,
            resource: resource.map(|resource| resource.id),
            hue: resource.map_or(85, |resource| resource.hue),
            name,
            hours: String::new(),
            spoken: String::new(),
            absent: None,
            open: Vec::new(),
            bands: Vec::new(),
            today: date == view.zone.date(source.now),
            worked: Vec::new(),
            closed: Vec::new(),
        }
    }

    /// Takes the hours of the resources it shows: open is when any of them is.
    fn take_hours(&mut self, source: &Source<'_>, axis: &Axis, hours: &[&Hours]) {
        let day = source.loaded.calendar.zone.day(self.date);
        let mut open: Vec<Interval> = Vec::new();
        self.worked = worked(hours.iter().copied(), day);
        for hours in hours {
            if hours.always {
                let closed: Vec<Interval> = hours.closed.iter().map(|closed| closed.during).collect();
                open.extend(day.subtract(&closed));
            }
        }
        open.extend_from_slice(&self.worked);
        self.open = merged(open);
        if let [only] = hours {
            self.closed = only.closed.iter().filter(|closed| closed.during.overlaps(&day)).cloned().collect();
            let windows = merged(only.windows.iter().filter_map(|window| window.intersect(&day)).collect());
            self.hours = spelled(source, &windows);
        } else {
            self.hours = spelled(source, &self.open);
            // What closes all of them has one name over the whole column.
            if let Some(first) = hours.first() {
                let everywhere = |closed: &&Closed| closed.rule == Rule::Closure && hours.iter().all(|hours| hours.closed.contains(closed));
                self.closed = first.closed.iter().filter(everywhere).filter(|c| c.during.overlaps(&day)).cloned().collect();
            }
        }
        self.hatch(source, axis);
    }

    /// Hatches what is closed; how much of the scale is shown does not matter here.
    fn hatch(&mut self, source: &Source<'_>, axis: &Axis) {
        let zone = &source.loaded.calendar.zone;
        let day = zone.day(self.date);
        let place = |interval: Interval, label: String| Band {
            start: axis.position(zone, self.date, interval.start).max(0),
            end: if interval.end == day.end { axis.length() } else { axis.position(zone, self.date, interval.end) },
            label,
            gap: false,
        };
        let mut bands: Vec<Band> = Vec::new();
        for closed in &self.closed {
            if let Some(during) = closed.during.intersect(&day) {
                bands.push(place(during, closed_name(source, closed)));
            }
        }
        let taken: Vec<Interval> = self.open.iter().copied().chain(self.closed.iter().map(|c| c.during)).collect();
        bands.extend(day.subtract(&taken).into_iter().map(|off| place(off, String::new())));
        if let Some((start, end)) = axis.missing(zone, self.date) {
            // The hour that is left out is named where it would be; beside a day of 25 hours the others miss one silently.
            let short = day.minutes() < i64::from(axis::DAY);
            let label = if short { skipped(source, day.start, start) } else { String::new() };
            bands.push(Band { start, end, label, gap: true });
        }
        platform::order::by_rank(&mut bands, |band| i128::from(band.start));
        self.bands = bands;
    }

    /// Whether its head says what another's does. The heads of a day are of people and say nothing of the date.
    pub fn has_head_of(&self, other: &Self, by_day: bool) -> bool {
        let said = |column: &Self| (column.resource, column.hue, if by_day { None } else { Some((column.date, column.today)) });
        said(self) == said(other)
            && (&self.name, &self.hours, &self.spoken, &self.absent) == (&other.name, &other.hours, &other.spoken, &other.absent)
    }

    /// Why all are closed on that day, if they are; in a column of several.
    pub(super) fn closure(&self, source: &Source<'_>) -> Option<String> {
        self.closed.first().filter(|_| self.resource.is_none()).map(|closed| closed_name(source, closed))
    }

    /// The same for events that are shown elsewhere than they were loaded.
    pub fn load_of(&self, events: &[std::borrow::Cow<'_, Event>]) -> i32 {
        let events: Vec<&Event> = events.iter().map(AsRef::as_ref).collect();
        self.load(&events)
    }

    /// How much of the open time the events take, in percent.
    pub(super) fn load(&self, events: &[&Event]) -> i32 {
        let minutes: i64 = self.open.iter().map(Interval::minutes).sum();
        let busy = merged(
            events
                .iter()
                .filter(|event| event.status.occupies())
                .filter_map(|event| Interval::new(event.start, event.end))
                .flat_map(|busy| self.open.iter().filter_map(move |open| open.intersect(&busy)))
                .collect(),
        );
        let busy: i64 = busy.iter().map(Interval::minutes).sum();
        if minutes == 0 || self.resource.is_none() { 0 } else { (busy * 100 / minutes) as i32 }
    }
}

/// A resource on a day.
pub(super) fn of_resource(source: &Source<'_>, axis: &Axis, date: NaiveDate, resource: &Resource) -> Column {
    let view = &source.loaded.calendar;
    let mut column = Column::new(source, date, Some(resource), resource.name.clone());
    let hours: Vec<&Hours> = view.hours.iter().filter(|hours| hours.resource == resource.id).collect();
    column.take_hours(source, axis, &hours);
    let day = view.zone.day(date);
    let busy = view
        .events
        .iter()
        .any(|event| source.is_shown(event) && event.resources.contains(&resource.id) && event.start < day.end && day.start < event.end);
    if column.open.is_empty() && !busy {
        let reason = column.closed.iter().find(|closed| closed.rule != Rule::Break);
        column.absent = Some(reason.map_or_else(|| words::not_working(source.lang).to_owned(), |closed| closed_name(source, closed)));
    }
    column.spoken = spoken(&column.name, column.absent.as_deref().unwrap_or(&column.hours));
    column
}

/// What of the written hours lies within a day and is not closed.
pub(super) fn worked<'h>(hours: impl Iterator<Item = &'h Hours>, day: Interval) -> Vec<Interval> {
    let mut worked = Vec::new();
    for hours in hours {
        let closed: Vec<Interval> = hours.closed.iter().map(|closed| closed.during).collect();
        worked.extend(hours.windows.iter().filter_map(|window| window.intersect(&day)).flat_map(|window| window.subtract(&closed)));
    }
    worked
}

/// What belongs to nobody on a day.
pub(super) fn of_nobody(source: &Source<'_>, date: NaiveDate) -> Column {
    let mut column = Column::new(source, date, None, words::nobody(source.lang).to_owned());
    column.open = vec![source.loaded.calendar.zone.day(date)];
    column.spoken = column.name.clone();
    column
}

/// A day of a resource or of all.
pub(super) fn of_date(source: &Source<'_>, axis: &Axis, date: NaiveDate, resource: Option<&Resource>) -> Column {
    let view = &source.loaded.calendar;
    let mut column = Column::new(source, date, resource, when::weekday_day(source.lang, date));
    let kind = source.look.kind;
    let shown = |hours: &&Hours| match resource {
        Some(resource) => hours.resource == resource.id,
        None => view.resources.iter().any(|other| other.id == hours.resource && other.kind == kind),
    };
    let hours: Vec<&Hours> = view.hours.iter().filter(shown).collect();
    column.take_hours(source, axis, &hours);
    column.spoken = spoken(&when::long_date(source.lang, date), &column.hours);
    column
}

/// `02:00 → 03:00`: what the clock leaves out, `minute` minutes into a day.
fn skipped(source: &Source<'_>, midnight: chrono::DateTime<chrono::Utc>, minute: i32) -> String {
    let zone = &source.loaded.calendar.zone;
    let after = midnight + chrono::Duration::minutes(i64::from(minute));
    let mut text = String::new();
    axis::push_clock(&mut text, minute);
    text.push_str(" → ");
    text.push_str(&axis::clock(zone, after));
    text
}

/// The name of what closes it.
pub fn closed_name(source: &Source<'_>, closed: &Closed) -> String {
    if !closed.label.is_empty() {
        return closed.label.clone();
    }
    match closed.rule {
        Rule::Break => words::r#break(source.lang),
        Rule::Leave => words::leave(source.lang),
        _ => words::closure(source.lang),
    }
    .to_owned()
}

fn spoken(name: &str, hours: &str) -> String {
    let mut text = String::from(name);
    if !hours.is_empty() {
        text.push_str(", ");
        text.push_str(hours);
    }
    text
}

/// From the first opening to the last closing.
fn spelled(source: &Source<'_>, open: &[Interval]) -> String {
    match (open.first(), open.last()) {
        (Some(first), Some(last)) => when::times(&source.loaded.calendar.zone, first.start, last.end),
        _ => String::new(),
    }
}

/// The same instants in as few intervals as possible, in order.
fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    platform::order::by_rank(&mut intervals, |open| platform::order::instant_then(open.start, 0));
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match merged.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => merged.push(next),
        }
    }
    merged
}
