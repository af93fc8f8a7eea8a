//! What becomes of something in the air: lifted, carried over the board, dropped, put back.

use super::{
    Drag, Flight, group,
    judge::swapped,
    lasso,
    model::{Grip, Machine, Step, Target},
    over::{self, Over},
    scroll,
};
use crate::{
    calendar::{
        event::nodes_of,
        moving::{self, Move},
        place::{Fresh, Place},
    },
    words,
};
use chrono::{DateTime, Duration, Utc};
use leptos::prelude::*;
use platform::id::EntityId;
use services::calendar::event::Event;
use wasm_bindgen::JsCast;
use web_sys::Element;

impl Drag {
    /// Does what is to be done.
    pub(super) fn fly(self, flight: Flight) {
        match flight {
            Flight::Step(Step::Lifted(target)) => {
                self.lift();
                self.place(target);
                scroll::keep_scrolling(self);
            }
            Flight::Step(Step::Moved(target)) => self.place(target),
            Flight::Step(Step::Aborted) => self.land(),
            Flight::Step(Step::Dropped(target)) => self.drop_at(target),
            Flight::Step(Step::Returned(target)) => self.return_to(target),
            Flight::Step(Step::Nothing | Step::Clicked | Step::Scrolled) => {}
            Flight::Tap(spot) => {
                self.carry_to(spot);
                self.carry_drop();
            }
            Flight::Create(column, start) => self.create(column, start, None),
            Flight::Carry(id, copying) => self.take_up(id, copying),
        }
    }

    /// Puts back whatever is in the air, and says so. Says whether there was anything.
    pub fn cancel(self) -> bool {
        self.forget_timer();
        let carried = self.desk.carried.get_untracked().is_some();
        let step = self.state.try_update_value(|state| state.machine.cancel()).unwrap_or(Step::Nothing);
        let lifted = step == Step::Aborted;
        if carried || lifted {
            self.state.update_value(|state| state.deaf = lifted);
            self.land();
        }
        if carried {
            self.desk.say(words::put_back(self.desk.lang));
        }
        carried || lifted
    }

    /// Opens the form for a place of the grid.
    pub fn create(self, column: usize, start: i32, end: Option<i32>) {
        let Some((start, end, resource)) = self.desk.scene.with_untracked(|scene| {
            let scene = scene.as_ref()?;
            let column = scene.columns.get(column)?;
            let loaded = self.desk.loaded.get_untracked()?;
            let instant = |minute| scene.axis.instant(&loaded.calendar.zone, column.date, minute);
            Some((instant(start), end.map(instant), column.resource))
        }) else {
            return;
        };
        let place = self.desk.place.get_untracked();
        let kind = place.new.as_ref().map(|new| new.kind.clone()).unwrap_or_default();
        let next = Place { open: None, new: Some(Fresh { kind, start: Some(start), end, resource, earliest: false }), ..place };
        self.desk.go(&next);
    }

    /// Shows that something is in the air.
    fn lift(self) {
        let Some(board) = self.board.get_untracked() else { return };
        let _ = board.class_list().add_1("is-dragging");
        let pointer = self.state.with_value(|state| state.pointer);
        // Without the capture a drag would end at the board's edge. It fails if the pointer is gone already.
        let _ = board.set_pointer_capture(pointer);
        let page = self.page();
        self.state.update_value(|state| state.page = page);
        let Some(event) = self.state.with_value(|state| state.event.clone()) else { return };
        // Who takes one of several chosen entries takes all of them.
        if self.state.with_value(|state| state.grip == Some(Grip::Move)) {
            let others = group::along(self, event.id);
            self.state.update_value(|state| state.others = others);
        }
        self.mark_lifted();
        self.weigh(event);
    }

    /// Makes quiet on the board what is in the air.
    pub(super) fn mark_lifted(self) {
        let Some(board) = self.board.get_untracked() else { return };
        let ids: Vec<_> = self.state.with_value(|state| state.event.iter().chain(&state.others).map(|event| event.id).collect());
        for node in ids.into_iter().flat_map(|id| nodes_of(&board, id)) {
            let _ = node.class_list().add_1("is-lifted");
        }
    }

    /// Lets go where the grid has it already. The small month and the shelf lie beside the first column and below the grid:
    /// there it goes to them all the same.
    fn return_to(self, target: Target) {
        let (grip, at) = self.state.with_value(|state| (state.grip, state.at));
        match over::over(at) {
            Over::Day(_) | Over::Shelf if grip == Some(Grip::Move) => self.drop_at(target),
            _ => self.land(),
        }
    }

    /// Lets go: a drawn stretch opens the form, a moved event is sent to the server.
    pub(super) fn drop_at(self, target: Target) {
        let times = self.times(target);
        let (event, others, from, grip) =
            self.state.with_value(|state| (state.event.clone(), state.others.clone(), state.from, state.grip));
        let (keys, copying, at) = self.state.with_value(|state| (state.keys, state.copying, state.at));
        let (from, to) = self.change(from, target.column);
        // By keys there is no pointer to be over anything. The pane that lies over the board while it drags goes first.
        if let Some(board) = self.board.get_untracked() {
            let _ = board.class_list().remove_1("is-dragging");
        }
        let over = if grip == Some(Grip::Move) { over::over(at) } else { Over::Board(None) };
        let around = lasso::across(self, target);
        self.land();
        let Some(event) = event else {
            if let Some(other) = around {
                lasso::catch(self, target, other);
                return;
            }
            self.create(target.column, target.start, Some(target.end));
            return;
        };
        let desk = self.desk;
        let (mut start, mut end) = match times {
            Some(times) => times,
            None => return,
        };
        let (mut from, mut to) = (from, to);
        match over {
            Over::Shelf => {
                desk.shelf.park(desk, std::iter::once(event).chain(others), keys.copy);
                return;
            }
            Over::Day(date) => {
                let Some(loaded) = desk.loaded.get_untracked() else { return };
                let zone = &loaded.calendar.zone;
                // The same reading of the clock on another day.
                let wall = zone.wall(event.start).time();
                start = zone.instant(date.and_time(wall)).rule_boundary();
                end = start + (event.end - event.start);
                (from, to) = (None, None);
            }
            Over::Board(Some(other)) if keys.swap && other != event.id => {
                if let Some(other) = desk.event(other) {
                    super::over::swap(desk, event, other);
                }
                return;
            }
            Over::Board(_) => {}
        }
        // Out of somebody's column into nobody's would leave it without a person; that is not what a drag says.
        if from.is_some() && to.is_none() {
            return;
        }
        if keys.copy && grip == Some(Grip::Move) || copying {
            self.copy(event, (start, end), (from, to));
            return;
        }
        if (start, end) == (event.start, event.end) && swapped(&event.resources, from, to) == event.resources {
            return;
        }
        desk.shelf.leave(event.id, false);
        let wanted = Move { event, start, end, from, to, reason: None };
        if others.is_empty() {
            moving::send(desk, wanted);
        } else {
            self.send_group(wanted, others);
        }
    }

    /// Books the like of an event elsewhere.
    pub fn copy(self, event: Event, times: (DateTime<Utc>, DateTime<Utc>), change: (Option<EntityId>, Option<EntityId>)) {
        super::copy::copy(self.desk, event, times, change);
    }

    /// All that was chosen goes as far as the one that was dragged.
    fn send_group(self, first: Move, others: Vec<Event>) {
        let Some(loaded) = self.desk.loaded.get_untracked() else { return };
        let along = group::moves(&loaded.calendar.zone, &others, &first.event, first.start, (first.from, first.to));
        let all: Vec<Move> = std::iter::once(first).chain(along).collect();
        self.desk.chosen.set(Vec::new());
        moving::send_all(self.desk, all);
    }

    /// Takes the ghost away.
    pub(super) fn land(self) {
        self.forget_timer();
        self.state.update_value(|state| {
            state.machine = Machine::default();
            state.event = None;
            state.others.clear();
            state.along.clear();
            state.judge = None;
            state.target = None;
            state.carried_from = None;
            state.copying = false;
            state.wait = None;
        });
        if let Some(ghost) = self.ghost.get_untracked() {
            let _ = ghost.set_attribute("hidden", "");
        }
        super::edge::calm(self);
        if let Some(board) = self.board.get_untracked() {
            let _ = board.class_list().remove_1("is-dragging");
            for selector in [".is-invalid", ".is-lifted"] {
                let Ok(list) = board.query_selector_all(selector) else { continue };
                for node in (0..list.length()).filter_map(|index| list.item(index)) {
                    let _ = node.unchecked_into::<Element>().class_list().remove_2("is-invalid", "is-lifted");
                }
            }
        }
        self.desk.carried.set(None);
        self.desk.held.set(false);
    }

    /// The instants of a place: a moved event keeps its length, a resized one its other end.
    pub(super) fn times(self, target: Target) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let loaded = self.desk.loaded.get_untracked()?;
        self.desk.scene.with_untracked(|scene| {
            let scene = scene.as_ref()?;
            let column = scene.columns.get(target.column)?;
            let instant = |minute| scene.axis.instant(&loaded.calendar.zone, column.date, minute);
            self.state.with_value(|state| {
                let (start, end) = (instant(target.start), instant(target.end));
                let origin = state.carried_from;
                let minute = Duration::minutes(1);
                Some(match &state.event {
                    None => (start, end),
                    Some(event) => match (state.grip, origin) {
                        (Some(Grip::Resize), _) => (event.start, end.max(event.start + minute)),
                        (Some(Grip::Begin), _) => (start.min(event.end - minute), event.end),
                        (None, Some(origin)) if target.end - target.start != origin.end - origin.start => (start, end),
                        _ => (start, start + (event.end - event.start)),
                    },
                })
            })
        })
    }
}
