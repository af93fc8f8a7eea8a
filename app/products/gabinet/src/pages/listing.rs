//! Walking through a list by keyboard: `j` and `k` or the arrows go from row to row, Enter opens the row's link.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Rows that can be walked through; each has a link or a button in its head cell.
pub fn walked(rows: AnyView) -> AnyView {
    view! { <div class="walked" on:keydown=walk>{rows}</div> }.into_any()
}

fn walk(event: KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let forward = match event.key().as_str() {
        "j" | "ArrowDown" => true,
        "k" | "ArrowUp" => false,
        _ => return,
    };
    let from = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(from) = from.filter(|from| from.closest("input, select, textarea").ok().flatten().is_none()) else { return };
    let list = from.closest(".walked").ok().flatten();
    let Some(heads) = list.and_then(|list| list.query_selector_all("tbody th > :is(a, button)").ok()) else { return };
    let row = from.closest("tr").ok().flatten();
    let of = |at: &u32| heads.item(*at).and_then(|head| head.dyn_into::<HtmlElement>().ok());
    let here = (0..heads.length()).find(|at| of(at).and_then(|head| head.closest("tr").ok().flatten()) == row && row.is_some());
    let next = match (here, forward) {
        (None, _) => Some(0),
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    };
    if let Some(head) = next.as_ref().and_then(of) {
        event.prevent_default();
        let _ = head.focus();
    }
}
