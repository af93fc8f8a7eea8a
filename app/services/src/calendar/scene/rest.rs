//! What a week of many has no room for: beside two entries a third would be a sliver that nobody can read. What comes
//! after them is counted, and the count leads to its day.

use super::{Column, Source};
use crate::{
    calendar::{axis::Axis, when},
    words,
};
use chrono::NaiveDate;
use platform::id::EntityId;
use services::calendar::{event::Event, layout::Placed};
use std::collections::HashMap;

/// Minutes whose entries are counted together.
const TOGETHER: i32 = 60;

/// Entries of a column that are not drawn, because others stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Index of the column.
    pub column: usize,
    /// Its date.
    pub date: NaiveDate,
    /// Minute of the scale at which the first of them begins.
    pub minute: i32,
    /// How many.
    pub count: i32,
    /// What a screen reader says of it.
    pub spoken: String,
}

/// Leaves so many entries side by side; takes the places of all others away and tells how many they are. What a filter
/// looks for comes first.
pub(super) fn fold(
    source: &Source<'_>,
    axis: &Axis,
    (index, column): (usize, &Column),
    events: &[&Event],
    places: &mut HashMap<EntityId, Option<Placed>>,
    lanes: usize,
) -> Vec<Rest> {
    let crowded = places.values().flatten().any(|placed| placed.columns > lanes);
    if !crowded {
        return Vec::new();
    }
    // What is looked for keeps its place; whatever else stands there would take it.
    let picked = |event: &Event| source.look.filter.picks(event.status, &event.face.line);
    let wanted: Vec<&Event> = events.iter().copied().filter(|event| picked(event)).collect();
    let mut chosen = source.places(&wanted);
    let mut hidden: Vec<&Event> = Vec::new();
    for event in events.iter().copied().filter(|event| event.status.occupies()) {
        match chosen.get_mut(&event.id).and_then(Option::as_mut) {
            Some(placed) if placed.columns <= lanes => {}
            Some(placed) if placed.column < lanes => {
                placed.span = placed.span.min(lanes - placed.column);
                placed.columns = lanes;
            }
            _ => {
                chosen.remove(&event.id);
                hidden.push(event);
            }
        }
    }
    // What takes no time hides nothing and is hidden by nothing.
    for event in events.iter().filter(|event| !event.status.occupies()) {
        chosen.entry(event.id).or_insert(None);
    }
    *places = chosen;
    counted(source, axis, (index, column), &hidden)
}

/// Those that begin within an hour are told as one number, so that the numbers do not lie over each other.
fn counted(source: &Source<'_>, axis: &Axis, (index, column): (usize, &Column), hidden: &[&Event]) -> Vec<Rest> {
    let zone = &source.loaded.calendar.zone;
    let mut starts: Vec<i32> = hidden.iter().map(|event| axis.position(zone, column.date, event.start).max(axis.from)).collect();
    platform::order::by_rank(&mut starts, |start| i128::from(*start));
    let mut rests: Vec<Rest> = Vec::new();
    for start in starts {
        match rests.last_mut() {
            Some(last) if start < last.minute + TOGETHER => last.count += 1,
            _ => rests.push(Rest { column: index, date: column.date, minute: start, count: 1, spoken: String::new() }),
        }
    }
    for rest in &mut rests {
        let mut from = String::new();
        crate::calendar::axis::push_clock(&mut from, rest.minute);
        rest.spoken = words::more_from(source.lang, &rest.count.to_string(), &from, &when::long_date(source.lang, rest.date));
    }
    rests
}
