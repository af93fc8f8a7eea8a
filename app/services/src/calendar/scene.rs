//! What the grid shows, computed from what was loaded: columns with their hours, and events with their places.
//!
//! Pure and cheap enough to be computed anew at every change. An event comes out as the very strings that its node
//! will have: a node is filled anew exactly when something seen on it has changed.

mod card;
mod column;
mod rest;

pub use card::{Card, holder, initials, marks, spoken_of, title};
pub use column::{Band, Column};
pub use rest::Rest;

use super::{
    axis::Axis,
    data::Loaded,
    place::{Filter, Place, Span, Zoom},
    wishes::Wishes,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use platform::{id::EntityId, time::Interval};
use services::calendar::{
    event::{Event, Resource, ResourceKind, Status},
    layout,
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::Arc,
};
use ui::text::Lang;

/// Where an event is shown until the server has answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// Its start meanwhile.
    pub start: DateTime<Utc>,
    /// Its end meanwhile.
    pub end: DateTime<Utc>,
    /// Its resources meanwhile.
    pub resources: Vec<EntityId>,
    /// The version that the server gave it; none while it has not answered. From that version on the patch no
    /// longer counts, so that nothing jumps between the answer and the next fetch.
    pub version: Option<i32>,
}

impl Patch {
    /// What the server has answered.
    pub fn settled(event: &Event) -> Self {
        Self { start: event.start, end: event.end, resources: event.resources.clone(), version: Some(event.version) }
    }
}

/// Which of what was loaded is shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Which resources are the columns.
    pub kind: ResourceKind,
    /// Of which resource the week is shown.
    pub of: Option<EntityId>,
    /// Whether cancelled ones are shown.
    pub cancelled: bool,
    /// Whether a week of many shows all entries beside each other.
    pub all: bool,
    /// How fine the grid is.
    pub zoom: Zoom,
    /// What of it matters.
    pub filter: Filter,
    /// Whether people's names are hidden from whoever looks over the shoulder.
    pub private: bool,
    /// Columns that come first, in the reader's own order.
    pub order: Vec<EntityId>,
    /// Who reads it, as colleagues know them.
    pub reader: String,
}

impl Look {
    /// What the URL and the reader's own wishes ask for.
    pub fn new(place: &Place, wishes: &Wishes) -> Self {
        Self {
            kind: place.kind(),
            of: place.of,
            cancelled: place.cancelled,
            all: place.all,
            zoom: place.zoom,
            filter: place.filter.clone(),
            private: wishes.private,
            order: wishes.order.clone(),
            reader: String::new(),
        }
    }
}

/// Events shown elsewhere than they were loaded.
pub type Patches = HashMap<EntityId, Patch>;

/// A day or a week, ready to be shown.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The scale.
    pub axis: Axis,
    /// The columns, in order.
    pub columns: Vec<Arc<Column>>,
    /// How much of each column's open time is taken, in percent.
    pub loads: Vec<i32>,
    /// The cards of each column, in order of time.
    pub cards: Vec<Vec<Arc<Card>>>,
    /// What there is no room for in a week of many, by column and time.
    pub rests: Vec<Rest>,
    /// Where now is, if a column shows today.
    pub now: Option<i32>,
    /// How many visits there are.
    pub visits: i64,
    /// How many of them nobody has confirmed.
    pub unconfirmed: i64,
}

/// What a scene is made of.
pub struct Source<'a> {
    /// What the server sent.
    pub loaded: &'a Loaded,
    /// Which of it is shown.
    pub look: Look,
    /// What was moved and not yet confirmed.
    pub patches: &'a Patches,
    /// The present.
    pub now: DateTime<Utc>,
    /// The reader's language.
    pub lang: Lang,
    /// The name of a key that core does not know: activity types and flags of the modules.
    pub label: &'a dyn Fn(&str) -> Option<&'static str>,
}

impl Source<'_> {
    /// The columns: resources on one day, or days of one resource or of the whole location.
    pub fn columns(&self, axis: &Axis) -> Vec<Column> {
        let view = &self.loaded.calendar;
        let kind = self.look.kind;
        match self.loaded.span {
            Span::Day => {
                let mut columns: Vec<Column> = view
                    .resources
                    .iter()
                    .filter(|resource| resource.kind == kind)
                    .map(|resource| column::of_resource(self, axis, view.from, resource))
                    .collect();
                if kind == ResourceKind::Staff && view.events.iter().any(|event| self.is_shown(event) && self.is_unassigned(event)) {
                    columns.push(column::of_nobody(self, view.from));
                }
                let filter = &self.look.filter.columns;
                columns.retain(|column| filter.is_empty() || column.resource.is_some_and(|id| filter.contains(&id)));
                // Who is there comes first; among them whom the reader has put first.
                let own = |column: &Column| {
                    let order = &self.look.order;
                    column.resource.and_then(|id| order.iter().position(|other| *other == id)).unwrap_or(order.len())
                };
                platform::order::by_rank(&mut columns, |column| i128::from(column.absent.is_some()) << 32 | own(column) as i128);
                columns
            }
            // These are drawn by themselves.
            Span::Month | Span::Agenda | Span::Team => Vec::new(),
            Span::Week | Span::Fortnight => {
                let resource = self.look.of.and_then(|id| view.resources.iter().find(|resource| resource.id == id));
                dates(view.from, view.to).map(|date| column::of_date(self, axis, date, resource)).collect()
            }
        }
    }

    /// The whole scene.
    pub fn scene(&self) -> Scene {
        let view = &self.loaded.calendar;
        let dates: Vec<NaiveDate> = dates(view.from, view.to).collect();
        let mut axis = Axis::of(&view.zone, &dates);
        let columns: Vec<Arc<Column>> = self.columns(&axis).into_iter().map(Arc::new).collect();
        let events: Vec<Cow<'_, Event>> = view.events.iter().map(|event| self.patched(event)).collect();
        let shown: Vec<&Event> = events.iter().map(AsRef::as_ref).filter(|event| self.is_shown(event)).collect();

        let placed: Vec<Vec<&Event>> = columns
            .iter()
            .map(|column| {
                let day = view.zone.day(column.date);
                shown
                    .iter()
                    .copied()
                    .filter(|event| event.start < day.end && day.start < event.end && self.belongs(event, column))
                    .collect()
            })
            .collect();
        self.fit(&mut axis, &columns, &placed);

        let mut rests = Vec::new();
        let cards = columns
            .iter()
            .zip(&placed)
            .enumerate()
            .map(|(index, (column, events))| {
                let mut places = self.places(events);
                if let Some(lanes) = self.lanes(column) {
                    rests.extend(rest::fold(self, &axis, (index, column), events, &mut places, lanes));
                }
                self.cards(column, &axis, events, &places)
            })
            .collect();
        let loads = columns.iter().zip(&placed).map(|(column, events)| column.load(events)).collect();
        let today = columns.iter().any(|column| column.date == view.zone.date(self.now));
        // What is shown and matters is counted, once each, in however many columns it stands.
        let mut counted = HashSet::new();
        let mut visits: Vec<&Event> = placed.iter().flatten().copied().filter(|event| counted.insert(event.id)).collect();
        if !self.loaded.span.is_grid() {
            visits = shown.clone();
        }
        visits.retain(|event| event.subject.is_some() && event.status.occupies() && self.look.filter.picks(event.status, &event.face.line));
        Scene {
            now: today.then(|| axis.position(&view.zone, view.zone.date(self.now), self.now)),
            visits: visits.len() as i64,
            unconfirmed: visits.iter().filter(|event| matches!(event.status, Status::Pending | Status::Scheduled)).count() as i64,
            axis,
            columns,
            loads,
            cards,
            rests,
        }
    }

    /// A resource's day: its column and its events, in order of time.
    pub fn day_of(&self, date: NaiveDate, resource: &Resource) -> (Column, Vec<Cow<'_, Event>>) {
        let view = &self.loaded.calendar;
        let day = view.zone.day(date);
        let axis = Axis::of(&view.zone, &[date]);
        let column = column::of_resource(self, &axis, date, resource);
        let mut events: Vec<_> = view.events.iter().map(|event| self.patched(event)).collect();
        events.retain(|event| {
            self.is_shown(event) && event.resources.contains(&resource.id) && event.start < day.end && day.start < event.end
        });
        platform::order::by_rank(&mut events, |event| platform::order::instant_then(event.start, event.id.0.as_u64_pair().1));
        (column, events)
    }

    /// Why the whole location is closed on a day.
    pub fn closure(&self, date: NaiveDate) -> Option<String> {
        let axis = Axis::of(&self.loaded.calendar.zone, &[date]);
        column::of_date(self, &axis, date, None).closure(self)
    }

    /// The event as it is shown meanwhile.
    pub fn patched<'e>(&self, event: &'e Event) -> Cow<'e, Event> {
        match self.patch(event) {
            None => Cow::Borrowed(event),
            Some(patch) => Cow::Owned(Event { start: patch.start, end: patch.end, resources: patch.resources.clone(), ..event.clone() }),
        }
    }

    /// The patch that still counts for the event.
    fn patch(&self, event: &Event) -> Option<&Patch> {
        self.patches.get(&event.id).filter(|patch| patch.version.is_none_or(|version| event.version < version))
    }

    /// Whether it is shown at all: what no longer takes time is not, unless asked for.
    pub fn is_shown(&self, event: &Event) -> bool {
        event.status.occupies() || self.look.cancelled
    }

    /// The resource of that name.
    pub fn resource(&self, id: EntityId) -> Option<&Resource> {
        self.loaded.calendar.resources.iter().find(|resource| resource.id == id)
    }

    fn is_unassigned(&self, event: &Event) -> bool {
        let kind = self.look.kind;
        !event.resources.iter().any(|id| self.resource(*id).is_some_and(|resource| resource.kind == kind))
    }

    fn belongs(&self, event: &Event, column: &Column) -> bool {
        match column.resource {
            Some(resource) => event.resources.contains(&resource),
            None if self.loaded.span == Span::Day => self.is_unassigned(event),
            None => self.look.kind == ResourceKind::Staff || !self.is_unassigned(event),
        }
    }

    /// Shows the hours in which anybody works, an hour around them, and whatever lies outside.
    fn fit(&self, axis: &mut Axis, columns: &[Arc<Column>], placed: &[Vec<&Event>]) {
        let view = &self.loaded.calendar;
        let zone = &view.zone;
        let length = axis.length();
        let (mut from, mut to) = (i32::MAX, i32::MIN);
        let mut work = |axis: &Axis, date: NaiveDate, worked: &[Interval]| {
            for worked in worked {
                from = from.min(axis.position(zone, date, worked.start) - 60);
                to = to.max(axis.position(zone, date, worked.end) + 60);
            }
        };
        for column in columns {
            work(axis, column.date, &column.worked);
        }
        // Rooms and devices are open around the clock; it is people who make the day.
        if columns.iter().all(|column| column.worked.is_empty()) {
            for date in dates(view.from, view.to) {
                work(axis, date, &column::worked(view.hours.iter(), zone.day(date)));
            }
        }
        for (column, events) in columns.iter().zip(placed) {
            for event in events {
                // What goes on over midnight is cut there anyway and needs no room of its own.
                let (start, end) = (axis.position(zone, column.date, event.start), axis.position(zone, column.date, event.end));
                if start >= 0 {
                    from = from.min(start);
                }
                if end <= length {
                    to = to.max(end);
                }
            }
        }
        if from >= to {
            (from, to) = (8 * 60, 18 * 60);
        }
        axis.from = (from.div_euclid(60) * 60).clamp(0, length - 60);
        axis.to = ((to + 59).div_euclid(60) * 60).clamp(axis.from + 60, length);
    }

    /// How many entries may stand side by side in a column; any number where it belongs to one resource.
    fn lanes(&self, column: &Column) -> Option<usize> {
        match self.loaded.span {
            _ if self.look.all || column.resource.is_some() => None,
            Span::Week => Some(2),
            Span::Fortnight => Some(1),
            _ => None,
        }
    }

    /// Beside which others each event stands. What takes no time has no place.
    fn places(&self, events: &[&Event]) -> HashMap<EntityId, Option<layout::Placed>> {
        let items: Vec<layout::Item> = events
            .iter()
            .map(|event| layout::Item { id: event.id, start: event.start, end: event.end, cancelled: !event.status.occupies() })
            .collect();
        let mut places: HashMap<EntityId, Option<layout::Placed>> = events.iter().map(|event| (event.id, None)).collect();
        places.extend(layout::layout(&items).into_iter().map(|placed| (placed.id, Some(placed))));
        places
    }

    fn cards(&self, column: &Column, axis: &Axis, events: &[&Event], places: &HashMap<EntityId, Option<layout::Placed>>) -> Vec<Arc<Card>> {
        let mut cards: Vec<Arc<Card>> = events
            .iter()
            .filter_map(|event| Some((event, places.get(&event.id)?)))
            .map(|(event, placed)| Arc::new(Card::new(self, column, axis, event, placed.as_ref())))
            .collect();
        // In order of time, so that reading them one after the other tells the day.
        platform::order::by_rank(&mut cards, |card| (i128::from(card.start) << 64) | i128::from(card.id.0.as_u64_pair().1));
        cards
    }
}

/// The dates from the first to before the last.
pub fn dates(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let days = (to - from).num_days().max(0) as u64;
    (0..days).map(move |n| from + Days::new(n))
}

#[cfg(test)]
pub(super) mod tests;
