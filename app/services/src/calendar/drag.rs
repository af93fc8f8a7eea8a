//! Dragging: one set of listeners on the board for all events and all columns. What the pointer means is decided by
//! [`model`], what stands against a place by [`judge`]; here is what touches the document.
//!
//! While something is in the air one element moves, by `transform`; nothing below it is drawn anew.

pub mod judge;
pub mod model;

mod carry;
mod geometry;
mod scroll;
mod verdict;

use self::{
    geometry::Geometry,
    judge::{Verdicts, swapped},
    model::{Grip, LONG_PRESS, Machine, Snap, Step, Target},
};
use super::{
    desk::Desk,
    event::{event_at, nodes_of},
    moving::{self, Move},
    place::{Fresh, Place},
};
use crate::words;
use leptos::{html::Div, leptos_dom::helpers::TimeoutHandle, prelude::*};
use platform::id::EntityId;
use services::calendar::event::Event;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent, PointerEvent, TouchEvent};

/// How close to an event's lower edge the grip is, in pixels.
const GRIP: f64 = 8.0;
/// The same for fingers.
const GRIP_TOUCH: f64 = 14.0;

/// The board's dragging.
#[derive(Clone, Copy)]
pub struct Drag {
    desk: Desk,
    /// The element with the columns.
    pub board: NodeRef<Div>,
    /// The element that moves.
    pub ghost: NodeRef<Div>,
    state: StoredValue<State>,
}

/// What one drag knows.
#[derive(Default)]
struct State {
    machine: Machine,
    /// What the press was for; the machine has forgotten it when it is dropped.
    grip: Option<Grip>,
    geometry: Option<Geometry>,
    timer: Option<TimeoutHandle>,
    pointer: i32,
    /// The last position, for scrolling at the edges while the pointer rests.
    at: (f64, f64),
    /// Whether the modifier for single minutes is down.
    single: bool,
    /// The column in which it began.
    column: usize,
    event: Option<Event>,
    judge: Option<Verdicts>,
    target: Option<Target>,
    /// Where it was, if it is carried by keyboard.
    carried_from: Option<Target>,
    /// Whether the click that follows a drop is to be ignored.
    deaf: bool,
}

impl Drag {
    /// For one board.
    pub fn new(desk: Desk) -> Self {
        Self { desk, board: NodeRef::new(), ghost: NodeRef::new(), state: StoredValue::new(State::default()) }
    }

    /// A pointer goes down somewhere on the board.
    pub fn down(self, pointer: &PointerEvent) {
        self.state.update_value(|state| state.deaf = false);
        if pointer.button() != 0 || !pointer.is_primary() || self.desk.carried.get_untracked().is_some() {
            return;
        }
        let Some(board) = self.board.get_untracked() else { return };
        let Some(target) = pointer.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let Some(geometry) = self.measure(&board) else { return };
        let touch = pointer.pointer_type() == "touch";
        let at = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
        let spot = geometry.spot(&board, at);

        let hit = event_at(&target);
        let (grip, origin, event) = match &hit {
            Some((id, node)) => {
                let Some(event) = self.desk.event(*id).filter(|event| !event.status.is_terminal()) else { return };
                let Some(origin) = self.origin(spot.column, *id) else { return };
                let edge = if touch { GRIP_TOUCH } else { GRIP };
                let rect = node.get_bounding_client_rect();
                // A short event is all grip otherwise.
                let low = rect.bottom() - at.1 < edge.min(rect.height() / 3.0);
                (if low { Grip::Resize } else { Grip::Move }, origin, Some(event))
            }
            None if target.closest(".calendar-column").ok().flatten().is_some() => {
                (Grip::Create, Target { column: spot.column, start: spot.minute, end: spot.minute }, None)
            }
            None => return,
        };
        self.state.update_value(|state| {
            state.machine.press(grip, touch, at, spot, origin);
            state.grip = Some(grip);
            state.geometry = Some(geometry);
            state.pointer = pointer.pointer_id();
            state.at = at;
            state.column = spot.column;
            state.event = event;
            state.judge = None;
            state.target = None;
        });
        if touch {
            let timer = set_timeout_with_handle(move || self.held(), Duration::from_millis(LONG_PRESS)).ok();
            self.state.update_value(|state| state.timer = timer);
        }
    }

    /// The pointer moves; most of the time nothing is pressed and nothing happens.
    pub fn moved(self, pointer: &PointerEvent) {
        if !self.state.with_value(|state| state.machine.is_pressed()) {
            return;
        }
        self.state.update_value(|state| {
            state.at = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
            state.single = pointer.alt_key();
        });
        self.follow();
    }

    /// Takes the drag to where the pointer is, after it or the board has moved.
    fn follow(self) {
        let Some(board) = self.board.get_untracked() else { return };
        let snap = self.snap();
        let step = self.state.try_update_value(|state| {
            let spot = state.geometry.as_ref()?.spot(&board, state.at);
            Some(state.machine.moved(state.at, spot, snap))
        });
        self.take(step.flatten().unwrap_or(Step::Nothing));
    }

    /// The finger has rested long enough.
    fn held(self) {
        let snap = self.snap();
        let step = self.state.try_update_value(|state| state.machine.held(snap)).unwrap_or(Step::Nothing);
        self.take(step);
    }

    /// The pointer goes up.
    pub fn up(self) {
        self.forget_timer();
        let step = self.state.try_update_value(|state| state.machine.released()).unwrap_or(Step::Nothing);
        self.take(step);
    }

    /// The browser has taken the pointer away, or Escape was pressed. Says whether anything was in the air.
    pub fn cancel(self) -> bool {
        self.forget_timer();
        let carried = self.desk.carried.get_untracked().is_some();
        let step = self.state.try_update_value(|state| state.machine.cancel()).unwrap_or(Step::Nothing);
        self.take(step);
        if carried {
            self.land();
            self.desk.say(words::put_back(self.desk.lang));
        }
        carried || step == Step::Aborted
    }

    /// A lifted finger must not scroll the board under it.
    pub fn touch_moved(self, touch: &TouchEvent) {
        if touch.cancelable() && self.state.with_value(|state| state.machine.is_lifted()) {
            touch.prevent_default();
        }
    }

    /// A click that was no drag: opens what was hit, or makes something there.
    pub fn clicked(self, click: &MouseEvent) {
        if self.state.try_update_value(|state| std::mem::take(&mut state.deaf)).unwrap_or_default() {
            return;
        }
        let Some(board) = self.board.get_untracked() else { return };
        let Some(target) = click.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let in_column = target.closest(".calendar-column").ok().flatten().is_some();
        if self.desk.carried.get_untracked().is_some() {
            if in_column && let Some(geometry) = self.measure(&board) {
                let spot = geometry.spot(&board, (f64::from(click.client_x()), f64::from(click.client_y())));
                self.carry_to(spot);
                self.carry_drop();
            }
        } else if let Some((id, _)) = event_at(&target) {
            self.desk.open(id);
        } else if in_column && let Some(geometry) = self.measure(&board) {
            let spot = geometry.spot(&board, (f64::from(click.client_x()), f64::from(click.client_y())));
            let start = model::below(spot.minute, self.desk.snap());
            self.create(spot.column, start, None);
        }
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
        let next = Place { open: None, new: Some(Fresh { kind, start: Some(start), end, resource }), ..place };
        self.desk.go(&next);
    }

    fn take(self, step: Step) {
        match step {
            Step::Nothing | Step::Clicked => {}
            Step::Scrolled => self.forget_timer(),
            Step::Lifted(target) => {
                self.lift();
                self.place(target);
                scroll::keep_scrolling(self);
            }
            Step::Moved(target) => self.place(target),
            Step::Aborted => {
                self.state.update_value(|state| state.deaf = true);
                self.land();
            }
            Step::Dropped(target) => {
                self.state.update_value(|state| state.deaf = true);
                self.drop_at(target);
            }
        }
    }

    /// Shows that something is in the air.
    fn lift(self) {
        let Some(board) = self.board.get_untracked() else { return };
        self.desk.held.set(true);
        let _ = board.class_list().add_1("is-dragging");
        let pointer = self.state.with_value(|state| state.pointer);
        // Without the capture a drag would end at the board's edge. It fails if the pointer is gone already.
        let _ = board.set_pointer_capture(pointer);
        let Some(event) = self.state.with_value(|state| state.event.clone()) else { return };
        for node in nodes_of(&board, event.id) {
            let _ = node.class_list().add_1("is-lifted");
        }
        self.weigh(event);
    }

    /// Lets go: a drawn stretch opens the form, a moved event is sent to the server.
    fn drop_at(self, target: Target) {
        let grip_times = self.times(target);
        let (event, column) = self.state.with_value(|state| (state.event.clone(), state.column));
        let (from, to) = self.change(column, target.column);
        self.land();
        let Some(event) = event else {
            self.create(target.column, target.start, Some(target.end));
            return;
        };
        // Out of somebody's column into nobody's would leave it without a person; that is not what a drag says.
        if from.is_some() && to.is_none() {
            return;
        }
        let Some((start, end)) = grip_times else { return };
        if (start, end) == (event.start, event.end) && swapped(&event.resources, from, to) == event.resources {
            return;
        }
        moving::send(self.desk, Move { event, start, end, from, to, reason: None, back: false });
    }

    /// Takes the ghost away.
    fn land(self) {
        self.forget_timer();
        self.state.update_value(|state| {
            state.event = None;
            state.judge = None;
            state.target = None;
            state.carried_from = None;
        });
        if let Some(ghost) = self.ghost.get_untracked() {
            let _ = ghost.set_attribute("hidden", "");
        }
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

    fn measure(self, board: &HtmlElement) -> Option<Geometry> {
        self.desk.scene.with_untracked(|scene| Geometry::measure(board, &scene.as_ref()?.axis))
    }

    /// Where an event is in a column.
    fn origin(self, column: usize, id: EntityId) -> Option<Target> {
        self.desk.scene.with_untracked(|scene| {
            let card = scene.as_ref()?.cards.get(column)?.iter().find(|card| card.id == id)?.clone();
            Some(Target { column, start: card.start, end: card.end })
        })
    }

    fn snap(self) -> Snap {
        let single = self.state.with_value(|state| state.single);
        let (from, to) =
            self.desk.scene.with_untracked(|scene| scene.as_ref().map_or((0, super::axis::DAY), |scene| (scene.axis.from, scene.axis.to)));
        Snap { minutes: if single { 1 } else { self.desk.snap() }, from, to }
    }

    fn forget_timer(self) {
        if let Some(timer) = self.state.try_update_value(|state| state.timer.take()).flatten() {
            timer.clear();
        }
    }
}
