//! Intervals of instants, and wall clocks without a time-zone database.

mod interval;
mod zone_window;
#[cfg(feature = "ssr")]
mod zones;

pub use interval::Interval;
pub use zone_window::{WallTime, ZoneWindow};
#[cfg(feature = "ssr")]
pub use zones::zone;
