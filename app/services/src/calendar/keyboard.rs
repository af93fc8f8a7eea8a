//! The calendar without a mouse: letters for views and steps, arrows over times and events, a lift for moving.

use super::{
    axis,
    desk::Desk,
    drag::{Drag, model::below},
    grid::{column_nodes, property},
    hands::Ask,
    place::{Fresh, Place},
};
use crate::words;
use leptos::{ev, prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::lazy::ChunkLost;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent};

/// The cell that arrows walk over. It and the events share one tab stop.
#[derive(Clone, Copy)]
pub struct Cursor {
    /// Column and minute of the scale; none until somebody walks.
    cell: RwSignal<Option<(usize, i32)>>,
    /// The event that had the focus last, so that its next node gets it when this one is replaced.
    last: StoredValue<Option<EntityId>>,
}

impl Cursor {
    /// Not yet moved.
    pub fn new() -> Self {
        Self { cell: RwSignal::new(None), last: StoredValue::new(None) }
    }

    /// The one node that stands for all cells.
    pub fn view(self, desk: Desk) -> AnyView {
        let at = move || {
            let first = desk.scene.with(|scene| scene.as_ref().map_or(480, |scene| scene.axis.from + 60));
            self.cell.get().unwrap_or((0, first))
        };
        let style = move || {
            let (column, minute) = at();
            let mut style = property("--column:", column as i32);
            style.push_str(&property(";--top:", minute));
            style.push_str(&property(";--high:", desk.place.with(|place| place.zoom.snap())));
            style
        };
        let label = move || {
            let (column, minute) = at();
            spoken_cell(desk, column, minute)
        };
        view! { <button type="button" class="calendar-cursor" data-cursor tabindex="0" style=style aria-label=label></button> }.into_any()
    }

    /// The tab stop goes where the focus goes.
    pub fn follow(self, focus: &FocusEvent) {
        let Some(target) = focus.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if !target.matches("[data-id], [data-cursor]").unwrap_or_default() {
            return;
        }
        self.last.set_value(target.get_attribute("data-id").and_then(|id| id.parse().ok()));
        if let Ok(Some(before)) = document().query_selector(".calendar-board [tabindex='0']") {
            let _ = before.set_attribute("tabindex", "-1");
        }
        let _ = target.set_attribute("tabindex", "0");
    }

    /// Somebody pressed elsewhere: the focus stays away.
    pub fn forget(self) {
        self.last.set_value(None);
    }

    /// Moves the focus from where it is by columns and steps; says whether it could.
    pub fn walk(self, desk: Desk, columns: i32, steps: i32) -> bool {
        let snap = desk.snap();
        let here = focused_event();
        let next = desk.scene.with_untracked(|scene| {
            let scene = scene.as_ref()?;
            let last = scene.columns.len().checked_sub(1)? as i32;
            let (column, start, end) = match &here {
                Some((id, column)) => {
                    let card = scene.cards.get(*column)?.iter().find(|card| card.id == *id)?;
                    (*column, card.start, card.end)
                }
                None => {
                    let (column, minute) = self.cell.get_untracked().unwrap_or((0, scene.axis.from + 60));
                    (column.min(last as usize), minute, minute + snap)
                }
            };
            let minute = match steps {
                0 => below(start, snap),
                steps if steps > 0 => below(end + snap - 1, snap) + (steps - 1) * snap,
                steps => below(start - 1, snap) + (steps + 1) * snap,
            };
            let minute = minute.clamp(scene.axis.from, scene.axis.to - snap);
            let column = (column as i32 + columns).clamp(0, last) as usize;
            let hit = scene.cards.get(column)?.iter().find(|card| card.start < minute + snap && minute < card.end);
            // On the way out of an event the same one must not catch the focus again.
            let hit = hit.filter(|card| here != Some((card.id, column))).map(|card| card.id);
            Some((column, minute, hit))
        });
        let Some((column, minute, hit)) = next else { return false };
        self.cell.set(Some((column, minute)));
        match hit {
            Some(id) => focus_in_column(desk, id, column),
            None => focus(".calendar-cursor"),
        }
        true
    }

    /// The cell, if somebody has walked: its column and minute.
    pub fn cell(self) -> Option<(usize, i32)> {
        self.cell.get_untracked()
    }

    /// Makes a new one where the focus is.
    pub fn make(self, desk: Desk, drag: Drag) {
        let snap = desk.snap();
        if let Some((column, minute)) = self.cell.get_untracked() {
            drag.create(column, below(minute, snap), None);
        } else {
            let place = desk.place.get_untracked();
            let new = Fresh::default();
            desk.go(&Place { open: None, new: Some(new), ..place });
        }
    }
}

fn spoken_cell(desk: Desk, column: usize, minute: i32) -> String {
    let lang = desk.lang;
    desk.scene
        .with(|scene| {
            let scene = scene.as_ref()?;
            let column = scene.columns.get(column)?;
            let mut time = String::new();
            axis::push_clock(&mut time, minute);
            let band = column.bands.iter().find(|band| band.start <= minute && minute < band.end);
            Some(match band {
                None => words::free_cell(lang, &column.name, &time),
                Some(band) => {
                    let reason = if band.label.is_empty() { words::not_working(lang) } else { &band.label };
                    words::closed_cell(lang, &column.name, &time, reason)
                }
            })
        })
        .unwrap_or_default()
}

/// The event that has the focus, with the column of that node.
pub fn focused_event() -> Option<(EntityId, usize)> {
    let node = document().active_element()?;
    let id = node.get_attribute("data-id")?.parse().ok()?;
    let column = node.closest(".calendar-column").ok().flatten()?;
    let index = column_nodes().iter().position(|other| other.is_same_node(Some(&column)))?;
    Some((id, index))
}

fn focus(selector: &str) {
    if let Ok(Some(node)) = document().query_selector(selector) {
        let _ = node.unchecked_into::<HtmlElement>().focus();
    }
}

fn focus_in_column(desk: Desk, id: EntityId, column: usize) {
    let reach = move || {
        let node = column_nodes().get(column).and_then(|column| super::event::nodes_of(column, id).into_iter().next());
        node.is_some_and(|node| node.focus().is_ok())
    };
    if !reach() {
        // Out of sight its entries are drawn first.
        desk.sight.pin(column);
        request_animation_frame(move || {
            reach();
        });
    }
}

/// Gives an event the focus, if it is shown.
pub fn focus_event(desk: Desk, id: EntityId) {
    let column = desk.scene.with_untracked(|scene| {
        let cards = &scene.as_ref()?.cards;
        cards.iter().position(|cards| cards.iter().any(|card| card.id == id))
    });
    if let Some(column) = column {
        focus_in_column(desk, id, column);
        return;
    }
    // Lists and sheets have events too.
    let mut selector = String::from("[data-id=\"");
    selector.push_str(&id.to_string());
    selector.push_str("\"]");
    focus(&selector);
}

/// What the keys reach.
#[derive(Clone, Copy)]
pub struct Hands {
    /// The calendar.
    pub desk: Desk,
    /// Dragging on its board.
    pub drag: Drag,
    /// The cell that keys walk over.
    pub cursor: Cursor,
    /// The dialog that is open.
    pub ask: RwSignal<Option<Ask>>,
    /// What is typed in it, from the moment its key was pressed: it has to be loaded, and nobody waits for that.
    pub typed: RwSignal<String>,
}

impl Hands {
    /// Opens a dialog. From now on keys are its own, also before it is there.
    pub fn ask(self, what: Ask) {
        self.typed.set(String::new());
        self.ask.set(Some(what));
    }

    /// A key between the one that opens a dialog and the dialog.
    fn type_ahead(self, key: &KeyboardEvent, name: &str) {
        if key.ctrl_key() || key.meta_key() || name == "Tab" {
            return;
        }
        key.prevent_default();
        match name {
            "Escape" => self.ask.set(None),
            "Backspace" => self.typed.update(|typed| {
                let _ = typed.pop();
            }),
            name if name.chars().count() == 1 => self.typed.update(|typed| typed.push_str(name)),
            _ => {}
        }
    }
}

/// Listens to keys as long as the calendar is shown. What they do is loaded apart; which of them are the calendar's
/// is known here, for the browser must be told at once.
pub fn listen(hands: Hands) {
    let listener = window_event_listener(ev::keydown, move |key| {
        let name = key.key();
        if key.default_prevented() || is_elsewhere(&key) {
            return;
        }
        if hands.ask.with_untracked(Option::is_some) {
            hands.type_ahead(&key, &name);
            return;
        }
        if !is_ours(hands, &key, &name) {
            return;
        }
        key.prevent_default();
        let free = !key.ctrl_key() && !key.meta_key() && hands.desk.carried.with_untracked(Option::is_none);
        if let Some(what) = Ask::by_key(&name).filter(|_| free) {
            hands.ask(what);
            return;
        }
        let pressed = Pressed { name, shift: key.shift_key(), control: key.ctrl_key() || key.meta_key() };
        spawn_local(async move {
            if press(hands, pressed).await.is_err() {
                hands.desk.toasts.fail_text(ui::words::chunk_lost_title(hands.desk.lang));
            }
        });
    });
    on_cleanup(move || listener.remove());
    keep_focus(hands.desk, hands.cursor);
}

/// Whether the key is meant for something else: a text being written, a dialog, the browser.
fn is_elsewhere(key: &KeyboardEvent) -> bool {
    if key.alt_key() || key.is_composing() {
        return true;
    }
    if document().query_selector("dialog[open], :popover-open").ok().flatten().is_some() {
        return true;
    }
    let Some(target) = key.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    target.matches("input, textarea, select, [contenteditable]").unwrap_or_default()
}

/// Whether the calendar does something by this key, as things are.
fn is_ours(hands: Hands, key: &KeyboardEvent, name: &str) -> bool {
    let Hands { desk, drag, .. } = hands;
    let carried = desk.carried.with_untracked(Option::is_some);
    let on_event = focused_event().is_some();
    let chosen = desk.chosen.with_untracked(|chosen| !chosen.is_empty());
    let in_grid = || document().active_element().is_some_and(|active| active.closest(".calendar-board").ok().flatten().is_some());
    if key.ctrl_key() || key.meta_key() {
        return match name {
            "z" | "Z" | "y" => true,
            "x" | "c" => on_event || chosen,
            "v" => !carried && desk.shelf.is_used() && (in_grid() || is_nothing_focused()),
            _ => false,
        };
    }
    // Whoever has switched them off presses letters by speaking. What is carried is moved by keys that it alone listens to.
    let is_letter = name.chars().count() == 1 && name != " ";
    if is_letter && !carried && desk.wishes.with_untracked(|wishes| wishes.no_letters) {
        return false;
    }
    match name {
        "Escape" => drag.is_busy() || chosen || desk.proposal.with_untracked(Option::is_some),
        "Tab" => false,
        _ if carried => true,
        "M" | "X" | "e" | "1" | "3" | "4" | "5" | "6" | "7" | "Delete" | "Backspace" => on_event,
        "ArrowLeft" | "ArrowRight" => in_grid() || is_nothing_focused(),
        "ArrowDown" | "ArrowUp" | "Home" | "End" => in_grid(),
        "Enter" | " " => is_cursor_focused(),
        "PageDown" | "PageUp" => true,
        _ => name.len() == 1 && "ctdwma2rsvgf/zZ+-?[]jkuUpo".contains(name),
    }
}

/// A key that was pressed.
#[derive(Clone, Debug)]
pub struct Pressed {
    /// Its name, as the browser says.
    pub name: String,
    /// Whether Shift is down.
    pub shift: bool,
    /// Whether Control is down, or Command.
    pub control: bool,
}

/// Who only looks does not load what keys do.
#[leptos::wasm_split::wasm_split(calendar_hands, wasm_split_path = ::leptos::wasm_split, fallible)]
fn press(hands: Hands, pressed: Pressed) -> Result<(), ChunkLost> {
    super::hands::press(hands, &pressed);
    Ok(())
}

pub fn is_cursor_focused() -> bool {
    document().active_element().is_some_and(|active| active.has_attribute("data-cursor"))
}

pub fn is_nothing_focused() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// An event's node is replaced when something on it changes; the focus stays with the event.
fn keep_focus(desk: Desk, cursor: Cursor) {
    // The world outside: the focus, a frame later, when the new node is there.
    Effect::new(move |_| {
        desk.scene.track();
        request_animation_frame(move || {
            if let Some(Some(id)) = cursor.last.try_get_value()
                && is_nothing_focused()
            {
                focus_event(desk, id);
            }
        });
    });
}
