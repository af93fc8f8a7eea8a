//! Which columns have their entries in the document. All of them as long as they are few; of many, those in sight and some
//! beside them, for what a clinic of fifty has booked on a day is more than a browser lays out in a frame. The columns
//! themselves are always there, with their names and hatching, so that nothing moves when entries come and go.

use super::{desk::Desk, grid::column_nodes};
use leptos::{
    ev,
    html::Div,
    leptos_dom::helpers::{request_animation_frame, window_event_listener},
    prelude::*,
};
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent};

/// Up to so many columns there is nothing to choose; of more, so many come with the page.
const FIRST: usize = 16;
/// How many beside those in sight are drawn before they come into sight.
const BESIDE: usize = 3;
/// How many beside those in sight stay, so that a small step back draws nothing.
const KEPT: usize = 8;

/// What is in sight of the board.
#[derive(Clone, Copy)]
pub struct Sight {
    drawn: RwSignal<Range<usize>>,
    /// A column that stays: the one with the focus.
    pinned: RwSignal<Option<usize>>,
    /// Whether the next frame looks anyway.
    asked: StoredValue<bool>,
}

impl Sight {
    /// The first columns, as the server draws them too.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { drawn: RwSignal::new(0..FIRST), pinned: RwSignal::new(None), asked: StoredValue::new(false) }
    }

    /// Whether the entries of a column of so many are drawn.
    pub fn shows(self, column: usize, of: usize) -> bool {
        of <= FIRST || self.drawn.with(|drawn| drawn.contains(&column)) || self.pinned.get() == Some(column)
    }

    /// Notices every change of what is drawn.
    pub fn track(self) {
        self.drawn.track();
        self.pinned.track();
    }

    /// Draws a column, wherever it is, for something in it is about to get the focus.
    pub fn pin(self, column: usize) {
        if self.pinned.get_untracked() != Some(column) {
            self.pinned.set(Some(column));
        }
    }

    /// The focus has come to a column.
    pub fn follow(self, focus: &FocusEvent) {
        let column = focus.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest(".calendar-column").ok().flatten());
        let Some(column) = column else { return };
        if let Some(at) = column_nodes().iter().position(|other| other.is_same_node(Some(&column))) {
            self.pin(at);
        }
    }

    /// Looks with the next frame which columns are in sight.
    pub fn look(self, desk: Desk, scroller: NodeRef<Div>) {
        if self.asked.try_get_value() != Some(false) {
            return;
        }
        self.asked.set_value(true);
        request_animation_frame(move || {
            if self.asked.try_set_value(false).is_some() {
                return;
            }
            let many = desk.scene.with_untracked(|scene| scene.as_ref().is_some_and(|scene| scene.columns.len() > FIRST));
            let Some(scroller) = scroller.get_untracked().filter(|_| many) else { return };
            let left = scroller.scroll_left();
            let right = left + scroller.client_width();
            let nodes = column_nodes();
            let first = nodes.partition_point(|node| node.offset_left() + node.offset_width() < left);
            let last = nodes.partition_point(|node| node.offset_left() < right);
            let before = self.drawn.get_untracked();
            // What is in the air stays on the board, and what is drawn for it.
            let held = desk.held.get_untracked();
            let next = widened(before.clone(), first..last, nodes.len(), if held { usize::MAX } else { KEPT });
            if next != before {
                self.drawn.set(next);
            }
        });
    }

    /// Looks whenever the board's columns may be elsewhere; before printing, all of them are drawn.
    pub fn keep(self, desk: Desk, scroller: NodeRef<Div>) {
        Effect::new(move |_| {
            desk.scene.track();
            scroller.track();
            self.look(desk, scroller);
        });
        let resized = window_event_listener(ev::resize, move |_| self.look(desk, scroller));
        let printed = window_event_listener(ev::beforeprint, move |_| self.drawn.set(0..usize::MAX));
        on_cleanup(move || {
            resized.remove();
            printed.remove();
        });
    }
}

/// What is drawn when these are in sight: some beside them, and of what was drawn before what is not far.
fn widened(before: Range<usize>, sight: Range<usize>, of: usize, kept: usize) -> Range<usize> {
    let wide = |by: usize| sight.start.saturating_sub(by)..sight.end.saturating_add(by).min(of);
    let (near, far) = (wide(BESIDE), wide(kept));
    let meets = before.start <= near.end && near.start <= before.end;
    if !meets {
        return near;
    }
    near.start.min(before.start).max(far.start)..near.end.max(before.end).min(far.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_columns_beside_those_in_sight_are_drawn_and_those_far_away_go() {
        assert_eq!(widened(0..16, 0..9, 50, KEPT), 0..16);
        assert_eq!(widened(0..16, 5..14, 50, KEPT), 0..17);
        assert_eq!(widened(0..17, 12..21, 50, KEPT), 4..24);
        assert_eq!(widened(4..24, 41..50, 50, KEPT), 38..50);
        assert_eq!(widened(0..usize::MAX, 0..9, 50, KEPT), 0..17);
    }

    #[test]
    fn nothing_goes_while_something_is_in_the_air() {
        assert_eq!(widened(0..16, 14..23, 50, usize::MAX), 0..26);
    }
}
