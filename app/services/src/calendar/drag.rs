//! Dragging: one set of listeners on the board for all events and all columns. What the pointer means is decided by
//! [`model`], what stands against a place by [`judge`]; here is what listens. All that follows once something is in
//! the air is loaded apart from the first sight of the calendar ([`air`]).
//!
//! While something is in the air one element moves, by `transform`; nothing below it is drawn anew. Moves of the pointer are
//! only noted: once a frame the drag looks where it has come to ([`scroll`]).

pub mod judge;
pub mod model;

pub use over::swap;

mod air;
mod carry;
mod copy;
mod edge;
mod geometry;
mod group;
mod lasso;
mod over;
mod scroll;
mod verdict;

use self::{
    geometry::Geometry,
    judge::Verdicts,
    model::{Grip, LONG_PRESS, Machine, Snap, Spot, Step, Target},
};
use super::{
    desk::Desk,
    event::event_at,
    place::{Place, Span},
};
use chrono::NaiveDate;
use leptos::{html::Div, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::event::Event;
use std::time::Duration;
use ui::lazy::ChunkLost;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent, TouchEvent, WheelEvent};

/// How close to an event's edges the grips are, in pixels.
const GRIP: f64 = 8.0;
/// The same for fingers.
const GRIP_TOUCH: f64 = 14.0;
/// Lower than this and an event has no upper grip: there its name is, by which it is taken.
const TALL: f64 = 36.0;

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

/// The modifiers that change what a drop does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Modifiers {
    /// Shift: single minutes (R17).
    single: bool,
    /// Alt: a copy, and the entry stays.
    copy: bool,
    /// Control: changes places with what is under the pointer.
    swap: bool,
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
    /// Whether the pointer has moved since the drag followed it.
    stirred: bool,
    keys: Modifiers,
    /// With which of them down the ghost was drawn last.
    drawn: Modifiers,
    /// In whose column it began.
    from: Option<EntityId>,
    event: Option<Event>,
    /// What else is chosen and moves along, with its own places.
    others: Vec<Event>,
    /// Who judges them, in their order.
    along: Vec<Verdicts>,
    judge: Option<Verdicts>,
    target: Option<Target>,
    /// Where it was, if it is carried by keyboard.
    carried_from: Option<Target>,
    /// Whether what is carried is a copy.
    copying: bool,
    /// Whether the click that follows a drop is to be ignored.
    deaf: bool,
    /// The page that is shown; another one under a drag is measured anew.
    page: Option<(Span, NaiveDate)>,
    /// What the pointer waits for at an edge or over the small month, and since when.
    wait: Option<(edge::Turn, f64)>,
    /// When the wheel was turned last.
    turned: f64,
}

/// What happens to something in the air.
#[derive(Clone)]
enum Flight {
    /// The pointer has done this.
    Step(Step),
    /// A place was tapped for what is carried.
    Tap(Spot),
    /// Something new is to be made there.
    Create(usize, i32),
    /// An event is taken up without a pointer, or its copy.
    Carry(EntityId, bool),
}

/// Who only looks does not load what moves things.
#[leptos::wasm_split::wasm_split(calendar_drag, wasm_split_path = ::leptos::wasm_split, fallible)]
fn flown(drag: Drag, flight: Flight) -> Result<(), ChunkLost> {
    drag.fly(flight);
    Ok(())
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
        let Some(geometry) = self.measure() else { return };
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
                let grip = if rect.bottom() - at.1 < edge.min(rect.height() / 3.0) {
                    Grip::Resize
                } else if rect.height() >= TALL && at.1 - rect.top() < edge * 0.75 {
                    Grip::Begin
                } else {
                    Grip::Move
                };
                (grip, origin, Some(event))
            }
            None if target.closest(".calendar-column").ok().flatten().is_some() => {
                (Grip::Create, Target { column: spot.column, start: spot.minute, end: spot.minute }, None)
            }
            None => return,
        };
        let from = self.column_resource(spot.column);
        self.state.update_value(|state| {
            state.machine.press(grip, touch, at, spot, origin);
            state.grip = Some(grip);
            state.geometry = Some(geometry);
            state.pointer = pointer.pointer_id();
            state.at = at;
            state.from = from;
            state.event = event;
            state.others.clear();
            state.along.clear();
            state.judge = None;
            state.target = None;
            state.copying = false;
            state.wait = None;
        });
        self.heed(pointer);
        if touch {
            let timer = set_timeout_with_handle(move || self.held(), Duration::from_millis(LONG_PRESS)).ok();
            self.state.update_value(|state| state.timer = timer);
        }
    }

    fn heed(self, pointer: &PointerEvent) {
        self.state.update_value(|state| {
            state.keys = Modifiers { single: pointer.shift_key(), copy: pointer.alt_key(), swap: pointer.ctrl_key() || pointer.meta_key() };
        });
    }

    /// The pointer moves; most of the time nothing is pressed and nothing happens. A mouse tells more often than anything is
    /// drawn: what is in the air follows with the next frame.
    pub fn moved(self, pointer: &PointerEvent) {
        if !self.state.with_value(|state| state.machine.is_pressed()) {
            return;
        }
        self.state.update_value(|state| {
            state.at = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
            state.stirred = true;
        });
        self.heed(pointer);
        if !self.state.with_value(|state| state.machine.is_lifted()) {
            self.follow();
        }
    }

    /// Takes the drag to where the pointer is, after it or the board has moved.
    fn follow(self) {
        let Some(board) = self.board.get_untracked() else { return };
        let snap = self.snap();
        let step = self.state.try_update_value(|state| {
            state.stirred = false;
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
    pub fn up(self, pointer: &PointerEvent) {
        self.forget_timer();
        self.heed(pointer);
        // Where it was let go may be newer than the last frame.
        if self.state.with_value(|state| state.stirred && state.machine.is_lifted()) {
            self.follow();
        }
        let step = self.state.try_update_value(|state| state.machine.released()).unwrap_or(Step::Nothing);
        self.take(step);
    }

    /// Loads what moves things, before anything is moved.
    pub fn get_ready(self) {
        spawn_local(async move { drop(flown(self, Flight::Step(Step::Nothing)).await) });
    }

    /// Control and the wheel make the grid finer or coarser.
    pub fn wheel(self, wheel: &WheelEvent) {
        if !wheel.ctrl_key() {
            return;
        }
        wheel.prevent_default();
        let now = super::data::elapsed();
        // One turn of the wheel is many events.
        let calm = self.state.try_update_value(|state| now - std::mem::replace(&mut state.turned, now) > 90.0);
        if calm == Some(true) && wheel.delta_y() != 0.0 {
            let place = self.desk.place.get_untracked();
            self.desk.replace(&Place { zoom: place.zoom.step(wheel.delta_y() < 0.0), ..place });
        }
    }

    /// Whether something is in the air.
    pub fn is_busy(self) -> bool {
        self.desk.carried.with_untracked(Option::is_some) || self.state.with_value(|state| state.machine.is_lifted())
    }

    /// Whether it is this event that is carried already.
    pub fn is_carrying(self, id: EntityId) -> bool {
        self.state.with_value(|state| state.carried_from.is_some() && state.event.as_ref().is_some_and(|event| event.id == id))
    }

    /// A lifted finger must not scroll the board under it.
    pub fn touch_moved(self, touch: &TouchEvent) {
        if touch.cancelable() && self.state.with_value(|state| state.machine.is_lifted()) {
            touch.prevent_default();
        }
    }

    /// The browser has taken the pointer away.
    pub fn lost(self) {
        self.forget_timer();
        let step = self.state.try_update_value(|state| state.machine.cancel()).unwrap_or(Step::Nothing);
        self.take(step);
    }

    /// A click that was no drag: opens or chooses what was hit, or makes something there.
    pub fn clicked(self, click: &MouseEvent) {
        if self.state.try_update_value(|state| std::mem::take(&mut state.deaf)).unwrap_or_default() {
            return;
        }
        let Some(board) = self.board.get_untracked() else { return };
        let Some(target) = click.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let in_column = target.closest(".calendar-column").ok().flatten().is_some();
        let spot = || self.measure().map(|geometry| geometry.spot(&board, (f64::from(click.client_x()), f64::from(click.client_y()))));
        if self.desk.carried.get_untracked().is_some() {
            if in_column && let Some(spot) = spot() {
                self.send(Flight::Tap(spot));
            }
        } else if let Some((id, _)) = event_at(&target) {
            if click.shift_key() {
                self.desk.choose(id);
            } else {
                self.desk.open(id);
            }
        } else if in_column && let Some(spot) = spot() {
            self.send(Flight::Create(spot.column, model::below(spot.minute, self.desk.snap())));
        }
    }

    /// Takes an event up that is to be moved by keys or by tapping its new place; or a copy of it.
    pub fn carry(self, id: EntityId, copying: bool) {
        self.send(Flight::Carry(id, copying));
    }

    fn take(self, step: Step) {
        match step {
            Step::Nothing | Step::Clicked => return,
            Step::Scrolled => return self.forget_timer(),
            // Nothing changes under it from here on.
            Step::Lifted(_) => self.desk.held.set(true),
            Step::Moved(_) => {}
            // The browser's own click follows, and means nothing.
            Step::Aborted | Step::Returned(_) | Step::Dropped(_) => self.state.update_value(|state| state.deaf = true),
        }
        self.send(Flight::Step(step));
    }

    fn send(self, flight: Flight) {
        spawn_local(async move {
            if flown(self, flight).await.is_err() {
                self.state.update_value(|state| state.machine = Machine::default());
                self.desk.carried.set(None);
                self.desk.held.set(false);
                self.desk.toasts.fail_text(ui::words::chunk_lost_title(self.desk.lang));
            }
        });
    }

    fn measure(self) -> Option<Geometry> {
        self.desk.scene.with_untracked(|scene| Geometry::measure(&scene.as_ref()?.axis))
    }

    /// Where an event is in a column.
    fn origin(self, column: usize, id: EntityId) -> Option<Target> {
        self.desk.scene.with_untracked(|scene| {
            let card = scene.as_ref()?.cards.get(column)?.iter().find(|card| card.id == id)?.clone();
            Some(Target { column, start: card.start, end: card.end })
        })
    }

    fn column_resource(self, column: usize) -> Option<EntityId> {
        self.desk.scene.with_untracked(|scene| scene.as_ref()?.columns.get(column)?.resource)
    }

    fn snap(self) -> Snap {
        let single = self.state.with_value(|state| state.keys.single);
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
