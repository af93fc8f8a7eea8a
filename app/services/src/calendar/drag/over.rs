//! What lies under the pointer besides a place of the grid: another event, a day of the small month, the shelf.

use crate::{
    calendar::{desk::Desk, event::event_at},
    words,
};
use chrono::NaiveDate;
use leptos::prelude::*;
use platform::id::EntityId;
use services::calendar::event::Event;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// What lies there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Over {
    /// The board, with an event or without.
    Board(Option<EntityId>),
    /// A day of the small month.
    Day(NaiveDate),
    /// The shelf.
    Shelf,
}

/// What lies under a point of the window. The ghost itself lets the pointer through.
pub fn over((x, y): (f64, f64)) -> Over {
    let Some(node) = document().element_from_point(x as f32, y as f32) else { return Over::Board(None) };
    if node.closest(".calendar-shelf").ok().flatten().is_some() {
        return Over::Shelf;
    }
    match day_at(&node) {
        Some((date, _)) => Over::Day(date),
        None => Over::Board(event_at(&node).map(|(id, _)| id)),
    }
}

/// The entry under a point of the window while another one is in the air, over which a pane lies then.
pub fn under((x, y): (f64, f64), lifted: EntityId) -> Option<EntityId> {
    let nodes = document().elements_from_point(x as f32, y as f32);
    nodes.iter().filter_map(|node| event_at(node.dyn_ref::<Element>()?)).map(|(id, _)| id).find(|id| *id != lifted)
}

/// The day of the small month whose link was hit.
pub fn day_at(node: &Element) -> Option<(NaiveDate, Element)> {
    let link = node.closest(".calendar-mini-days a").ok().flatten()?;
    let href = link.get_attribute("href")?;
    let (_, rest) = href.split_once("date=")?;
    Some((rest.get(..10)?.parse().ok()?, link))
}

/// Whether two entries may change places: of different lengths one would leave a gap and the other lie over something.
pub fn are_alike(one: &Event, other: &Event) -> bool {
    let minutes = |event: &Event| (event.end - event.start).num_minutes();
    minutes(one) == minutes(other) && !one.status.is_terminal() && !other.status.is_terminal()
}

/// Two entries of the same length change places.
pub fn swap(desk: Desk, one: Event, other: Event) {
    if !are_alike(&one, &other) {
        desk.toasts.fail_text(words::swap_unlike(desk.lang, &desk.shown_name(&one), &desk.shown_name(&other)));
        return;
    }
    super::copy::swap(desk, one, other);
}
