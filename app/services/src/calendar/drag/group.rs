//! Several entries that move together: where the others go when the one that was taken goes somewhere, and what stands
//! against them there.

use super::{Drag, State, judge::judging, verdict::shows};
use crate::calendar::{data, moving::Move};
use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::{
    event::{CalendarView, Event},
    slots::Why,
};

/// Of so many the module is asked what they need; the rest are judged by what is loaded, and by the server.
const ASKED: usize = 12;

/// Those that move along with an entry, if it is one of several that are chosen.
pub fn along(drag: Drag, id: EntityId) -> Vec<Event> {
    let chosen = drag.desk.chosen.get_untracked();
    if !chosen.contains(&id) {
        return Vec::new();
    }
    let others = chosen.into_iter().filter(|other| *other != id).filter_map(|other| drag.desk.event(other));
    others.filter(|event| !event.status.is_terminal()).collect()
}

/// Everybody goes as far as the first, by the clock on the wall.
pub fn moves(zone: &ZoneWindow, others: &[Event], first: &Event, start: DateTime<Utc>, change: Change) -> Vec<Move> {
    let by = zone.wall(start) - zone.wall(first.start);
    let one = |event: &Event| {
        let start = zone.instant(zone.wall(event.start) + by).rule_boundary();
        // Only who is in the same column changes it.
        let (from, to) = if change.0.is_some_and(|from| event.resources.contains(&from)) { change } else { (None, None) };
        Move { start, end: start + (event.end - event.start), from, to, reason: None, event: event.clone() }
    };
    others.iter().map(one).collect()
}

/// The resource that is replaced, and the one that replaces it.
pub type Change = (Option<EntityId>, Option<EntityId>);

/// Gets ready to judge the others. Of those that move together nobody stands in another's way.
pub fn weigh(drag: Drag, id: EntityId, view: &CalendarView) {
    let (first, others) = drag.state.with_value(|state| (state.event.clone(), state.others.clone()));
    let all: Vec<Event> = first.into_iter().chain(others.iter().cloned()).collect();
    let judges = others.iter().map(|other| judging(view, other.clone(), all.clone())).collect();
    drag.learn(id, |state| state.along = judges);
    let (from, to) = (view.from, view.to);
    for (at, other) in others.into_iter().map(|other| other.id).enumerate().take(ASKED) {
        spawn_local(async move {
            if let Ok(Some(carried)) = data::carried(other, from, to, false).await
                && shows(drag, from, to)
            {
                drag.learn(id, |state| {
                    if let Some(judge) = state.along.get_mut(at) {
                        judge.tell(carried);
                    }
                });
            }
        });
    }
}

/// The first of the others against which something stands, and what.
pub fn against(state: &State, zone: &ZoneWindow, start: DateTime<Utc>, change: Change) -> Option<(Event, Vec<Why>)> {
    let first = state.event.as_ref()?;
    let places = moves(zone, &state.others, first, start, change);
    places.into_iter().zip(&state.along).find_map(|(place, judge)| {
        let why = judge.judge(place.start, place.end, place.from, place.to);
        (!why.is_empty()).then_some((place.event, why))
    })
}

#[cfg(test)]
mod tests;
