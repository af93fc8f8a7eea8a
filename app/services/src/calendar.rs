//! The shared calendar: day, week and month over the activities of all products.

mod agenda;
mod ahead;
mod amend;
pub mod axis;
pub mod data;
pub mod desk;
#[cfg(feature = "ssr")]
pub mod offline;
pub mod place;
#[cfg(feature = "ssr")]
pub mod print;
pub mod scene;
pub mod status;
pub mod when;

mod day;
mod drag;
mod event;
mod generic_details;
mod generic_form;
mod grid;
mod hands;
mod keyboard;
mod live;
mod mini;
mod month;
mod moving;
mod page;
mod panel;
mod proposal;
mod shelf;
mod sight;
mod team;
mod toolbar;
mod undo;
mod week;
mod wishes;

use leptos::prelude::*;
use ui::{lazy::Part, place::Screens};

/// The calendar itself, of which the first load is made, and so without a part of its own.
pub(crate) const CALENDAR: Screens = Screens {
    part: Part { chunk: "", load: || Box::pin(async {}) },
    addresses: &["/dashboard/calendar"],
    view: |_| Box::pin(async { view! { <page::CalendarPage/> }.into_any() }),
};

/// Its lazy parts.
pub(crate) const PARTS: [Part; 4] = [panel::panel_part::PART, proposal::card_part::PART, page::drawing_part::PART, page::hands_part::PART];

pub use desk::{Desk, use_desk};
pub use proposal::told as told_reasons;
