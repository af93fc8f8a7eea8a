//! Screens that all products share: the calendar.
//!
//! A product's activities are shown by what the product has registered; core's own (meetings, tasks, blocked time)
//! and unknown ones are shown generically.

pub mod calendar;
pub mod companies;
pub mod feeds;
pub mod fields;
pub mod imports;
pub mod objects;
pub mod persons;
pub mod records_side;
pub mod search;
pub mod views;

ui::texts!();

pub use fields::CustomFields;
pub use records_side::RecordSide;

#[cfg(feature = "ssr")]
use ui::paper::Paper;
use ui::{ModuleUi, lazy::Part, place::Screens};

/// Core's calendar as a module: its names, and no panels of its own, for the generic ones are its.
pub const UI: ModuleUi = ModuleUi {
    module: &services::core::MODULE,
    label: words::by_key,
    activities: &[],
    screens: SCREENS,
    person: None,
    parts: PARTS,
    #[cfg(feature = "ssr")]
    papers: &[Paper { address: "/dashboard/calendar/print", write: calendar::print::document }],
};

const SCREENS: &[Screens] = &[
    calendar::CALENDAR,
    persons::MERGING,
    persons::PEOPLE,
    companies::COMPANIES,
    objects::OBJECTS,
    views::LISTS,
    imports::IMPORTS,
    records_side::TASKS,
    records_side::RECORD,
    fields::SETTINGS,
    feeds::FEEDS,
];

const PARTS: &[Part] = &[
    calendar::PARTS[0],
    calendar::PARTS[1],
    calendar::PARTS[2],
    calendar::PARTS[3],
    fields::CUSTOM,
    records_side::SIDE,
    records_side::SIDE_TASKS,
    records_side::SIDE_DOCUMENTS,
    records_side::SIDE_LINKS,
    records_side::SIDE_TIMELINE,
    search::search_part::PART,
    views::TABS,
    views::FILTER,
    views::MORE,
];
