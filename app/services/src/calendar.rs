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

/// The calendar's lazy parts.
pub(crate) const PARTS: &[ui::lazy::Part] = &[
    crate::companies::COMPANIES,
    crate::feeds::feeds_screen::PART,
    crate::fields::SETTINGS,
    crate::fields::CUSTOM,
    crate::objects::OBJECTS,
    crate::persons::PEOPLE,
    crate::persons::MERGING,
    crate::records_side::SIDE,
    crate::records_side::SIDE_TASKS,
    crate::records_side::SIDE_LINKS,
    crate::records_side::SIDE_TIMELINE,
    crate::records_side::TASKS,
    crate::records_side::RECORD,
    crate::search::search_part::PART,
    crate::views::TABS,
    crate::views::FILTER,
    crate::views::MORE,
    crate::views::list_screen::PART,
    panel::panel_part::PART,
    proposal::card_part::PART,
    page::drawing_part::PART,
    page::hands_part::PART,
];

pub use desk::{Desk, use_desk};
pub use page::CalendarPage;
