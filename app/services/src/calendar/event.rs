//! An event's node: at most four elements, no listeners of its own, nothing reactive. When something on it changes, it is
//! filled anew; its neighbours are not touched.
//!
//! What a screen reader says of it is its label; what is seen in it is for the eye.

mod cards;

pub use cards::Cards;

use super::desk::Desk;
use leptos::prelude::*;
use platform::id::EntityId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The class of an event that is chosen to be moved with others.
pub const CHOSEN: &str = "is-chosen";
const PRESSED: &str = "aria-pressed";

/// The event whose node was hit.
pub fn event_at(target: &Element) -> Option<(EntityId, HtmlElement)> {
    let node = target.closest("[data-id]").ok().flatten()?;
    let id = node.get_attribute("data-id")?.parse().ok()?;
    Some((id, node.unchecked_into()))
}

/// The nodes of an event; in the day of a meeting there is one in each column.
pub fn nodes_of(root: &Element, id: EntityId) -> Vec<HtmlElement> {
    let mut selector = String::from("[data-id=\"");
    selector.push_str(&id.to_string());
    selector.push_str("\"]");
    let Ok(list) = root.query_selector_all(&selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)).map(JsCast::unchecked_into).collect()
}

/// Keeps a class on the nodes of some events, whichever nodes those are after a change.
pub fn mark(desk: Desk, board: NodeRef<leptos::html::Div>, class: &'static str, which: fn(Desk) -> Vec<EntityId>) {
    // The document's class lists are outside of what is rendered: an event is not drawn anew for it.
    Effect::new(move |before: Option<Vec<EntityId>>| {
        desk.scene.track();
        desk.sight.track();
        let now = which(desk);
        let Some(board) = board.get() else { return now };
        let marks = [(before.unwrap_or_default(), false), (now.clone(), true)];
        // A frame later all nodes are there.
        if marks.iter().any(|(ids, _)| !ids.is_empty()) {
            request_animation_frame(move || {
                for (ids, on) in marks {
                    for node in ids.into_iter().flat_map(|id| nodes_of(&board, id)) {
                        let _ = node.class_list().toggle_with_force(class, on);
                        if class == CHOSEN {
                            // Said as well as seen.
                            let _ = if on { node.set_attribute(PRESSED, "true") } else { node.remove_attribute(PRESSED) };
                        }
                    }
                }
            });
        }
        now
    });
}
