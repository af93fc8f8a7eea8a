//! Screens that all products share: the calendar.
//!
//! A product's activities are shown by what the product has registered; core's own (meetings, tasks, blocked time)
//! and unknown ones are shown generically.

pub mod calendar;
pub mod feeds;

ui::texts!();

pub use calendar::CalendarPage;
pub use feeds::FeedsRoute;

use ui::ModuleUi;

/// Core's calendar as a module: its names, and no panels of its own, for the generic ones are its.
pub const UI: ModuleUi = ModuleUi { module: &services::core::MODULE, label: words::by_key, activities: &[], parts: calendar::PARTS };
