//! The frames of a drag: it follows the pointer, and scrolls the board at the edges, faster the closer.

use super::{Drag, State, edge, model::Target};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// How far from an edge scrolling begins, in pixels.
const EDGE: f64 = 56.0;
/// The heads and the axis stand before the columns.
const HEAD: f64 = 58.0;
const AXIS: f64 = 52.0;

/// Follows the pointer and scrolls, at every frame as long as something is lifted. What is measured comes before what is
/// written, so that the browser lays out once a frame.
pub fn keep_scrolling(drag: Drag) {
    request_animation_frame(move || {
        let known = drag.state.try_with_value(|state| (state.machine.is_lifted(), state.at, state.stirred));
        let Some((true, at, stirred)) = known else { return };
        if let Some(scroller) = edge::scroller(drag) {
            let rect = scroller.get_bounding_client_rect();
            edge::watch(drag, &scroller, &rect, at);
            let dx = speed(at.0 - rect.left() - AXIS, rect.right() - at.0);
            let dy = speed(at.1 - rect.top() - HEAD, rect.bottom() - at.1);
            if dx != 0 || dy != 0 {
                scroller.set_scroll_left(scroller.scroll_left() + dx);
                scroller.set_scroll_top(scroller.scroll_top() + dy);
            }
            if stirred || dx != 0 || dy != 0 {
                drag.follow();
            }
        }
        // Drawn around more columns, or with another key down, it is the same stretch of time, and looks different.
        let (target, other) = drag.state.try_update_value(|state| state.looks_other(stirred)).unwrap_or_default();
        if let Some(target) = target.filter(|target| other || super::lasso::across(drag, *target).is_some()) {
            drag.place(target);
        }
        keep_scrolling(drag);
    });
}

impl State {
    /// Where the ghost is, and whether it was drawn with other keys down than are now; with Control down it says what lies
    /// under the pointer, whichever place of the grid that is.
    fn looks_other(&mut self, stirred: bool) -> (Option<Target>, bool) {
        let drawn = std::mem::replace(&mut self.drawn, self.keys);
        (self.target, self.event.is_some() && (drawn != self.keys || self.keys.swap && stirred))
    }
}

/// Pixels per frame, by the distances to the two edges.
fn speed(before: f64, after: f64) -> i32 {
    let pull = |distance: f64| ((EDGE - distance).clamp(0.0, EDGE) / 4.0) as i32;
    pull(after) - pull(before)
}

/// Brings the ghost into view.
pub fn show(ghost: &HtmlElement) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    ghost.scroll_into_view_with_scroll_into_view_options(&options);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_scrolls_faster_the_closer_to_its_edge() {
        assert_eq!(speed(300.0, 300.0), 0);
        assert_eq!(speed(300.0, 20.0), 9);
        assert_eq!(speed(10.0, 300.0), -11);
        assert_eq!(speed(-80.0, 300.0), -14);
    }
}
