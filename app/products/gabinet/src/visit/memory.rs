//! What the panel showed last, in this browser. The calendar makes the panel anew whenever its event changes; without a
//! memory it would flicker and lose the focus after every step. The server remembers nothing: it serves many.

use gabinet::appointments::VisitDetails;
use platform::id::EntityId;

#[cfg(feature = "hydrate")]
mod browser {
    use super::{EntityId, VisitDetails};
    use leptos::prelude::*;
    use std::cell::RefCell;
    use wasm_bindgen::JsCast;

    thread_local! {
        static LAST: RefCell<Option<VisitDetails>> = const { RefCell::new(None) };
        /// In which visit's panel, and on which of its buttons and links.
        static FOCUS: RefCell<Option<(EntityId, u32)>> = const { RefCell::new(None) };
    }

    pub fn recall(activity: EntityId) -> Option<VisitDetails> {
        LAST.with_borrow(|last| last.as_ref().filter(|last| last.visit.activity == activity).cloned())
    }

    pub fn keep(visit: &VisitDetails) {
        LAST.set(Some(visit.clone()));
    }

    fn current() -> Option<EntityId> {
        LAST.with_borrow(|last| last.as_ref().map(|last| last.visit.activity))
    }

    pub fn keep_focus() {
        // The world outside: the focus goes back to where it was in the panel before.
        Effect::new(|_| {
            let Some((activity, at)) = FOCUS.take() else { return };
            if current() != Some(activity) {
                return;
            }
            let element = pressable().and_then(|list| list.item(at)).and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(element) = element {
                let _ = element.focus();
            }
        });
        on_cleanup(|| {
            let place = || {
                let active = document().active_element()?;
                let list = pressable()?;
                let at = (0..list.length()).find(|at| list.item(*at).is_some_and(|node| node.is_same_node(Some(&active))))?;
                Some((current()?, at))
            };
            FOCUS.set(place());
        });
    }

    fn pressable() -> Option<web_sys::NodeList> {
        document().query_selector_all(".visit a, .visit button").ok()
    }
}

#[cfg(feature = "hydrate")]
pub use browser::{keep, keep_focus, recall};

/// The visit as it was shown last.
#[cfg(not(feature = "hydrate"))]
pub fn recall(_activity: EntityId) -> Option<VisitDetails> {
    None
}

/// Remembers what is shown.
#[cfg(not(feature = "hydrate"))]
pub fn keep(_visit: &VisitDetails) {}

/// Gives the focus back to what had it in the panel before this one.
#[cfg(not(feature = "hydrate"))]
pub fn keep_focus() {}
