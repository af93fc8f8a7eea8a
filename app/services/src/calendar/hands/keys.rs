//! Letters for views and steps, arrows over times and entries, a lift for moving, a shelf, and undo.

use super::Ask;
use crate::{
    calendar::{
        data,
        desk::Desk,
        drag::{Drag, swap},
        keyboard::{Hands, Pressed, focused_event, is_cursor_focused, is_nothing_focused},
        place::{Fresh, Place, Span},
        proposal, shelf, status,
        undo::{self, is_possible, no_way_back},
    },
    words,
};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::event::{Event, ResourceKind, Status};

/// The states that the digits give the entry that has the focus.
const STATES: [Status; 7] =
    [Status::Confirmed, Status::CheckedIn, Status::InProgress, Status::Completed, Status::NoShow, Status::Cancelled, Status::Scheduled];

/// Does what a key says.
pub fn press(hands: Hands, key: &Pressed) {
    let Hands { desk, drag, cursor, .. } = hands;
    let name = key.name.as_str();
    if key.control {
        return control(hands, key);
    }
    if name == "Escape" {
        if !drag.cancel() {
            if desk.proposal.with_untracked(Option::is_some) {
                proposal::put_back(desk);
            } else {
                desk.chosen.set(Vec::new());
                desk.say(words::chosen(desk.lang, 0));
            }
        }
        return;
    }
    if desk.carried.get_untracked().is_some() {
        return carry(desk, drag, key);
    }
    let place = desk.place.get_untracked();
    let on_event = focused_event().map(|(id, _)| id);
    let in_grid = on_event.is_some() || is_cursor_focused();
    if let (Some(id), Some(digit)) = (on_event, name.parse::<usize>().ok()) {
        if let Some((event, to)) = desk.event(id).zip(digit.checked_sub(1).and_then(|at| STATES.get(at).copied())) {
            state_by_key(hands, event, to);
        }
        return;
    }
    match name {
        "t" => desk.go(&place.on(None)),
        "d" => desk.go(&place.over(Span::Day)),
        "w" => desk.go(&place.over(Span::Week)),
        "2" => desk.go(&place.over(Span::Fortnight)),
        "m" => desk.go(&place.over(Span::Month)),
        "a" => desk.go(&place.over(Span::Agenda)),
        // From people side by side to their week and back.
        "s" if place.span == Span::Week || place.span == Span::Fortnight => desk.go(&place.over(Span::Team)),
        "s" => desk.go(&place.by(ResourceKind::Staff)),
        "r" => desk.go(&place.by(ResourceKind::Room)),
        "v" => desk.go(&place.by(ResourceKind::Device)),
        "j" | "PageDown" => step(desk, place.span, true),
        "k" | "PageUp" => step(desk, place.span, false),
        "]" => step(desk, if place.span == Span::Month { Span::Month } else { Span::Week }, true),
        "[" => step(desk, if place.span == Span::Month { Span::Month } else { Span::Week }, false),
        "+" => desk.replace(&Place { zoom: place.zoom.step(true), ..place }),
        "-" => desk.replace(&Place { zoom: place.zoom.step(false), ..place }),
        "p" => private(desk),
        "z" | "u" => undo::undo(desk, None),
        "Z" | "U" => undo::redo(desk),
        "c" => cursor.make(desk, drag),
        "f" => desk.go(&Place { open: None, new: Some(Fresh { earliest: true, ..Fresh::default() }), ..place }),
        "M" => {
            if let Some(id) = on_event {
                desk.carry(id);
                // At once, so that the very next key finds it lifted.
                drag.take_up(id, false);
            }
        }
        "e" => {
            if let Some(id) = on_event {
                desk.open(id);
            }
        }
        "Delete" | "Backspace" => {
            if let Some(event) = on_event.and_then(|id| desk.event(id)) {
                state_by_key(hands, event, Status::Cancelled);
            }
        }
        "X" => {
            if let Some(id) = on_event {
                exchange(desk, id);
            }
        }
        "Enter" | " " => cursor.make(desk, drag),
        "ArrowDown" => drop(cursor.walk(desk, 0, 1)),
        "ArrowUp" => drop(cursor.walk(desk, 0, -1)),
        "ArrowRight" if in_grid => drop(cursor.walk(desk, 1, 0)),
        "ArrowLeft" if in_grid => drop(cursor.walk(desk, -1, 0)),
        "Home" => drop(cursor.walk(desk, -1000, 0)),
        "End" => drop(cursor.walk(desk, 1000, 0)),
        "ArrowRight" if is_nothing_focused() => step(desk, place.span, true),
        "ArrowLeft" if is_nothing_focused() => step(desk, place.span, false),
        _ => {}
    }
}

/// Keys with Control: undo and redo, and the shelf.
fn control(hands: Hands, key: &Pressed) {
    let Hands { desk, drag, cursor, .. } = hands;
    match key.name.as_str() {
        "z" if !key.shift => undo::undo(desk, None),
        "z" | "Z" | "y" => undo::redo(desk),
        name @ ("x" | "c") => {
            let mut ids = desk.chosen.get_untracked();
            if let Some((id, _)) = focused_event()
                && !ids.contains(&id)
            {
                ids = vec![id];
            }
            let copy = name == "c";
            // What is over keeps its time; its like may be booked.
            let events: Vec<Event> =
                ids.into_iter().filter_map(|id| desk.event(id)).filter(|event| copy || !event.status.is_terminal()).collect();
            desk.shelf.park(desk, events.into_iter(), copy);
        }
        "v" => match focused_event().map(|(_, column)| column) {
            // On an entry its own column is meant, at its own time.
            Some(column) => {
                let start = focused_event().and_then(|(id, column)| {
                    desk.scene
                        .with_untracked(|scene| scene.as_ref()?.cards.get(column)?.iter().find(|card| card.id == id).map(|card| card.end))
                });
                shelf::paste(desk, drag, column, start.unwrap_or_default());
            }
            None => match cursor.cell() {
                Some((column, minute)) => shelf::paste(desk, drag, column, minute),
                None => {
                    if let Some(parked) = desk.shelf.last() {
                        desk.lift(parked.id);
                    }
                }
            },
        },
        _ => {}
    }
}

/// Keys while something is carried.
fn carry(desk: Desk, drag: Drag, key: &Pressed) {
    let snap = desk.snap();
    match (key.name.as_str(), key.shift) {
        ("ArrowDown", false) => drag.carry_by(0, snap, 0),
        ("ArrowUp", false) => drag.carry_by(0, -snap, 0),
        ("ArrowRight", _) | ("ArrowDown", true) => drag.carry_on(1),
        ("ArrowLeft", _) | ("ArrowUp", true) => drag.carry_on(-1),
        ("PageDown", _) => drag.turn(true),
        ("PageUp", _) => drag.turn(false),
        ("+" | "=", _) => drag.carry_by(0, 0, snap),
        ("-", _) => drag.carry_by(0, 0, -snap),
        ("[", _) => drag.carry_begin(-snap),
        ("]", _) => drag.carry_begin(snap),
        ("Enter" | " ", _) => drag.carry_drop(),
        // Everything else would take the grid away from under it.
        _ => {}
    }
}

/// Changes places with the entry that was chosen so before; the first press chooses.
fn exchange(desk: Desk, id: EntityId) {
    let before = desk.chosen.with_untracked(|chosen| chosen.first().copied().filter(|_| chosen.len() == 1));
    match before.filter(|before| *before != id).and_then(|before| desk.event(before)).zip(desk.event(id)) {
        Some((one, other)) => {
            desk.chosen.set(Vec::new());
            swap(desk, one, other);
        }
        None => desk.choose(id),
    }
}

fn step(desk: Desk, by: Span, forward: bool) {
    let place = desk.place.get_untracked();
    let date = place.date.or_else(|| desk.loaded.get_untracked().map(|loaded| loaded.date));
    if let Some(date) = date {
        desk.go(&place.on(Some(by.step(date, forward))));
    }
}

fn private(desk: Desk) {
    desk.wishes.update(|wishes| wishes.private = !wishes.private);
    let on = desk.wishes.with_untracked(|wishes| wishes.private);
    desk.toasts.say(if on { words::names_hidden(desk.lang) } else { words::names_shown(desk.lang) });
}

/// A digit on an entry: what ends it or brings it back asks first, as the panel's button does.
fn state_by_key(hands: Hands, event: Event, to: Status) {
    let desk = hands.desk;
    let lang = desk.lang;
    let asks = matches!(to, Status::Cancelled | Status::NoShow) || to == Status::Scheduled && event.status.is_terminal();
    if event.status == to {
        return;
    }
    if !asks {
        spawn_local(give_state(desk, event, to, String::new()));
    } else if is_possible(desk.reopens(&event.activity_type), &event.activity_type, event.status, to) {
        hands.ask(Ask::Step { id: event.id, to });
    } else if to == Status::Scheduled {
        desk.toasts.fail_text(words::undo_refused(lang, &desk.shown_name(&event), &no_way_back(desk, event.status)));
    } else {
        let (is, wanted) = (status::word(lang, event.status), status::word(lang, to));
        desk.toasts.fail_text(words::no_such_step(lang, &desk.shown_name(&event), is, wanted));
    }
}

/// Gives an entry another state, by its module's rules.
pub async fn give_state(desk: Desk, event: Event, to: Status, reason: String) {
    let lang = desk.lang;
    match data::set_activity_status(event.id, event.version, to, reason).await {
        Ok(changed) => {
            desk.refetch();
            let text = words::state_now(lang, &desk.shown_name(&event), status::word(lang, changed.status));
            desk.say(text.clone());
            desk.stepped(&event, changed.status, text);
        }
        Err(failure) => {
            desk.toasts.fail(&failure);
            desk.refetch();
        }
    }
}
