//! Time and who takes it. The types, the search for free slots and the layout are pure; the SQL sits beside them.

#[cfg(feature = "ssr")]
pub mod activities;
pub mod event;
#[cfg(feature = "ssr")]
pub mod explain;
pub mod generic;
pub mod layout;
#[cfg(feature = "ssr")]
pub mod moves;
#[cfg(feature = "ssr")]
mod range;
pub mod slots;
pub mod status;

pub use event::{CalendarView, Closed, Event, Face, Hours, Location, Resource, ResourceKind};
#[cfg(feature = "ssr")]
pub use range::{hours, range};
pub use status::Status;
