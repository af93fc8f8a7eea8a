//! Screens that all products share: the calendar.
//!
//! A product's activities are shown by what the product has registered; core's own (meetings, tasks, blocked time)
//! and unknown ones are shown generically.

pub mod calendar;
pub mod companies;
pub mod feeds;
pub mod fields;
pub mod objects;
pub mod persons;
pub mod records_side;
pub mod search;
pub mod views;

ui::texts!();

pub use calendar::CalendarPage;
pub use companies::CompaniesRoute;
pub use feeds::FeedsRoute;
pub use fields::{CustomFields, FieldsRoute};
pub use objects::ObjectsRoute;
pub use persons::{MergingRoute, PeopleRoute};
pub use records_side::{RecordRoute, RecordSide, TasksRoute};

pub use views::ListRoute;

use ui::ModuleUi;

/// Core's calendar as a module: its names, and no panels of its own, for the generic ones are its.
pub const UI: ModuleUi = ModuleUi { module: &services::core::MODULE, label: words::by_key, activities: &[], parts: calendar::PARTS };
