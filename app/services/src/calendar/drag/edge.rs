//! Over the edge: a drag that waits at the board's side, or over a day of the small month, turns the page under it.

use super::{Drag, over::day_at};
use crate::calendar::{
    data::elapsed,
    place::{Place, Span},
};
use chrono::NaiveDate;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, HtmlElement};

/// How long a drag waits before the page turns, in milliseconds.
const WAIT: f64 = 600.0;
/// How close to the side it waits, in pixels.
const SIDE: f64 = 28.0;

/// Where the page would be turned to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    Back,
    On,
    To(NaiveDate),
}

impl Drag {
    /// The page that is shown.
    pub(super) fn page(self) -> Option<(Span, NaiveDate)> {
        self.desk.loaded.with_untracked(|loaded| loaded.as_ref().map(|loaded| (loaded.span, loaded.date)))
    }
}

/// Looks, at every frame of a drag, whether the pointer waits at an edge, and whether another page has come.
pub fn watch(drag: Drag, scroller: &HtmlElement, rect: &DomRect, (x, y): (f64, f64)) {
    if drag.state.with_value(|state| state.event.is_none()) {
        return;
    }
    if drag.page() != drag.state.with_value(|state| state.page) {
        arrived(drag);
    }
    let (left, right) = (f64::from(scroller.scroll_left()), f64::from(scroller.scroll_left() + scroller.client_width()));
    let beside = rect.top() <= y && y <= rect.bottom();
    // To find what lies under a point of a full board takes longer than a frame has; on the board there is no day to find.
    let within = beside && rect.left() <= x && x <= rect.right();
    let day = if within { None } else { document().element_from_point(x as f32, y as f32).and_then(|node| day_at(&node)) };
    let turn = match &day {
        Some((date, _)) => Some(Turn::To(*date)),
        // First the board is scrolled to its end.
        None if beside && x > rect.right() - SIDE && right + 1.0 >= f64::from(scroller.scroll_width()) => Some(Turn::On),
        None if beside && x < rect.left() + SIDE && left < 1.0 => Some(Turn::Back),
        None => None,
    };
    let now = elapsed();
    let waited = drag.state.with_value(|state| state.wait.filter(|(waits, _)| Some(*waits) == turn).map(|(_, since)| now - since));
    match (turn, waited) {
        (Some(turn), Some(waited)) if waited >= WAIT => {
            // Not again before the next page has come and was seen.
            drag.state.update_value(|state| state.wait = Some((turn, f64::INFINITY)));
            go(drag, turn);
        }
        (Some(_), Some(_)) => {}
        (turn, _) => {
            drag.state.update_value(|state| state.wait = turn.map(|turn| (turn, now)));
            calm(drag);
            let _ = scroller.class_list().toggle_with_force("is-turning-on", turn == Some(Turn::On));
            let _ = scroller.class_list().toggle_with_force("is-turning-back", turn == Some(Turn::Back));
            if let Some((_, link)) = day {
                let _ = link.class_list().add_1("is-target");
            }
        }
    }
}

/// Takes the marks of waiting away.
pub fn calm(drag: Drag) {
    if let Ok(Some(day)) = document().query_selector(".calendar-mini .is-target") {
        let _ = day.class_list().remove_1("is-target");
    }
    if let Some(scroller) = drag.board.get_untracked().and_then(|board| board.parent_element()) {
        let _ = scroller.class_list().remove_2("is-turning-on", "is-turning-back");
    }
}

fn go(drag: Drag, turn: Turn) {
    let desk = drag.desk;
    let place = desk.place.get_untracked();
    let Some((span, shown)) = drag.page() else { return };
    let date = match turn {
        Turn::On => span.step(shown, true),
        Turn::Back => span.step(shown, false),
        Turn::To(date) => date,
    };
    desk.go(&Place { date: Some(date), ..place.shut() });
}

/// Another page lies under what is in the air: it is measured, and judged by what is there.
fn arrived(drag: Drag) {
    let page = drag.page();
    drag.state.update_value(|state| {
        state.page = page;
        state.wait = state.wait.map(|(turn, _)| (turn, elapsed() + 2.0 * WAIT));
        state.machine.turned();
        state.judge = None;
    });
    // The columns are drawn anew in the same turn as the scene; a frame later they can be measured.
    request_animation_frame(move || {
        let geometry = drag.measure();
        let Some(event) = drag.state.with_value(|state| state.event.clone()) else { return };
        drag.state.update_value(|state| state.geometry = geometry);
        drag.mark_lifted();
        drag.weigh(event);
        drag.follow();
        let target = drag.state.with_value(|state| state.target);
        if let Some(target) = target {
            drag.place(target);
        }
    });
}

/// The scroller around the board.
pub fn scroller(drag: Drag) -> Option<HtmlElement> {
    drag.board.get_untracked().and_then(|board| board.parent_element()).map(JsCast::unchecked_into::<HtmlElement>)
}
