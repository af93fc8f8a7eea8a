//! The shared calendar: day, week and month over the activities of all products.

mod ahead;
pub mod axis;
pub mod data;
pub mod desk;
pub mod place;
pub mod scene;
pub mod status;
pub mod when;

mod day;
mod drag;
mod event;
mod generic_details;
mod generic_form;
mod grid;
mod keyboard;
mod live;
mod mini;
mod month;
mod moving;
mod page;
mod panel;
mod proposal;
mod toolbar;
mod week;

/// The calendar's lazy parts.
pub(crate) const PARTS: &[ui::lazy::Part] =
    &[panel::panel_part::PART, proposal::card_part::PART, page::month_part::PART, page::help_part::PART];

pub use desk::{Desk, use_desk};
pub use page::CalendarPage;
