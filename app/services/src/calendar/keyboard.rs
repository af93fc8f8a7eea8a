//! The calendar without a mouse: letters for views and steps, arrows over times and events, a lift for moving.

use super::{
    axis,
    desk::Desk,
    drag::{Drag, model::below},
    grid::property,
    place::{Fresh, Place, Span},
};
use crate::words;
use leptos::{ev, prelude::*};
use platform::id::EntityId;
use services::calendar::event::ResourceKind;
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
            style.push_str(&property(";--high:", desk.place.with(|place| if place.fine { 5 } else { 15 })));
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
    fn walk(self, desk: Desk, columns: i32, steps: i32) -> bool {
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
            Some(id) => focus_in_column(id, column),
            None => focus(".calendar-cursor"),
        }
        true
    }

    /// Makes a new one where the focus is.
    fn make(self, desk: Desk, drag: Drag) {
        let snap = desk.snap();
        if let Some((column, minute)) = self.cell.get_untracked() {
            drag.create(column, below(minute, snap), None);
        } else {
            let place = desk.place.get_untracked();
            let new = Fresh { kind: String::new(), start: None, end: None, resource: None };
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
fn focused_event() -> Option<(EntityId, usize)> {
    let node = document().active_element()?;
    let id = node.get_attribute("data-id")?.parse().ok()?;
    let column = node.closest(".calendar-column").ok().flatten()?;
    let list = document().query_selector_all(".calendar-column").ok()?;
    let index = (0..list.length()).find(|index| list.item(*index).is_some_and(|other| other.is_same_node(Some(&column))))?;
    Some((id, index as usize))
}

fn focus(selector: &str) {
    if let Ok(Some(node)) = document().query_selector(selector) {
        let _ = node.unchecked_into::<HtmlElement>().focus();
    }
}

fn focus_in_column(id: EntityId, column: usize) {
    let Ok(columns) = document().query_selector_all(".calendar-column") else { return };
    let Some(column) = columns.item(column as u32).map(JsCast::unchecked_into::<Element>) else { return };
    if let Some(node) = super::event::nodes_of(&column, id).first() {
        let _ = node.focus();
    }
}

/// Gives an event the focus, if it is shown.
pub fn focus_event(id: EntityId) {
    let mut selector = String::from("[data-id=\"");
    selector.push_str(&id.to_string());
    selector.push_str("\"]");
    focus(&selector);
}

/// Listens to keys as long as the calendar is shown.
pub fn listen(desk: Desk, drag: Drag, cursor: Cursor, help: RwSignal<bool>) {
    let listener = window_event_listener(ev::keydown, move |key| {
        if !key.default_prevented() && !is_elsewhere(&key) && press(desk, drag, cursor, help, &key) {
            key.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
    keep_focus(desk, cursor);
}

/// Whether the key is meant for something else: a text being written, a dialog, the browser.
fn is_elsewhere(key: &KeyboardEvent) -> bool {
    if key.ctrl_key() || key.meta_key() || key.alt_key() || key.is_composing() {
        return true;
    }
    if document().query_selector("dialog[open], :popover-open").ok().flatten().is_some() {
        return true;
    }
    let Some(target) = key.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    target.matches("input, textarea, select, [contenteditable]").unwrap_or_default()
}

/// Does what a key says; whether it says anything.
fn press(desk: Desk, drag: Drag, cursor: Cursor, help: RwSignal<bool>, key: &KeyboardEvent) -> bool {
    let name = key.key();
    if name == "Escape" {
        if drag.cancel() {
            return true;
        }
        if desk.proposal.with_untracked(Option::is_some) {
            super::proposal::put_back(desk);
            return true;
        }
        return false;
    }
    if desk.carried.get_untracked().is_some() {
        return carry(desk, drag, key, &name);
    }
    let place = desk.place.get_untracked();
    let in_grid = document().active_element().is_some_and(|active| active.closest(".calendar-board").ok().flatten().is_some());
    match name.as_str() {
        "t" => desk.go(&place.on(None)),
        "d" => desk.go(&place.over(Span::Day)),
        "w" => desk.go(&place.over(Span::Week)),
        "m" => desk.go(&place.over(Span::Month)),
        "s" => desk.go(&place.by(ResourceKind::Staff)),
        "r" => desk.go(&place.by(ResourceKind::Room)),
        "v" => desk.go(&place.by(ResourceKind::Device)),
        "j" | "]" | "PageDown" => step(desk, true),
        "k" | "[" | "PageUp" => step(desk, false),
        "c" => cursor.make(desk, drag),
        "?" => help.set(true),
        "M" => match focused_event() {
            Some((id, _)) => desk.carry(id),
            None => return false,
        },
        "e" => match focused_event() {
            Some((id, _)) => desk.open(id),
            None => return false,
        },
        "Enter" | " " if in_grid && is_cursor_focused() => cursor.make(desk, drag),
        "ArrowDown" if in_grid => return cursor.walk(desk, 0, 1),
        "ArrowUp" if in_grid => return cursor.walk(desk, 0, -1),
        "ArrowRight" if in_grid => return cursor.walk(desk, 1, 0),
        "ArrowLeft" if in_grid => return cursor.walk(desk, -1, 0),
        "Home" if in_grid => return cursor.walk(desk, -1000, 0),
        "End" if in_grid => return cursor.walk(desk, 1000, 0),
        "ArrowRight" if is_nothing_focused() => step(desk, true),
        "ArrowLeft" if is_nothing_focused() => step(desk, false),
        _ => return false,
    }
    true
}

/// Keys while something is carried.
fn carry(desk: Desk, drag: Drag, key: &KeyboardEvent, name: &str) -> bool {
    let snap = desk.snap();
    match (name, key.shift_key()) {
        ("ArrowDown", false) => drag.carry_by(0, snap, 0),
        ("ArrowUp", false) => drag.carry_by(0, -snap, 0),
        ("ArrowRight", _) | ("ArrowDown", true) => drag.carry_by(1, 0, 0),
        ("ArrowLeft", _) | ("ArrowUp", true) => drag.carry_by(-1, 0, 0),
        ("+" | "=", _) => drag.carry_by(0, 0, snap),
        ("-", _) => drag.carry_by(0, 0, -snap),
        ("Enter" | " ", _) => drag.carry_drop(),
        // Everything else would take the grid away from under it.
        ("Tab", _) => return false,
        _ => {}
    }
    true
}

fn step(desk: Desk, forward: bool) {
    let place = desk.place.get_untracked();
    let date = place.date.or_else(|| desk.loaded.get_untracked().map(|loaded| loaded.date));
    if let Some(date) = date {
        desk.go(&place.on(Some(place.span.step(date, forward))));
    }
}

fn is_cursor_focused() -> bool {
    document().active_element().is_some_and(|active| active.has_attribute("data-cursor"))
}

fn is_nothing_focused() -> bool {
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
                focus_event(id);
            }
        });
    });
}

/// The list of keys, for its dialog.
pub fn list(lang: ui::Lang) -> AnyView {
    let rows = [
        ("c", words::key_new(lang)),
        ("t", words::key_today(lang)),
        ("d w m", words::key_spans(lang)),
        ("s r v", words::key_kinds(lang)),
        ("[ ]", words::key_next(lang)),
        ("← ↑ → ↓", words::key_walk(lang)),
        ("Enter", words::key_open(lang)),
        ("Shift M", words::key_lift(lang)),
        ("Esc", words::key_escape(lang)),
        ("?", words::key_help(lang)),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(keys, text)| view! { <dt><kbd>{keys}</kbd></dt><dd>{text}</dd> }).collect();
    view! { <dl class="calendar-keys">{rows}</dl> }.into_any()
}
