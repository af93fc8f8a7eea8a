//! Time and who takes it. The types, the search for free slots and the layout are pure; the SQL sits beside them.
//!
//! Comments and tests name the rules by which times are judged and shown:
//!
//! | | rule |
//! | --- | --- |
//! | R1 | Stretches are half open, `[start, end)`: touching is not overlapping; one without length is refused. |
//! | R2 | Hours, breaks and leave are wall clock in the location's zone; what is booked are instants, with zone and reading kept. |
//! | R3 | In a gap of the clock a rule's boundary moves on by it; a person who types such a time is refused, the jump named. |
//! | R4 | Of a time that the clock shows twice the first pass is meant unless told otherwise; lists show both, with offsets. |
//! | R5 | The grid of starts begins where a window opens, or at round local times; what is busy never shifts it. |
//! | R6 | All of it fits one window; breaks split windows; shifts cross midnight and join there. |
//! | R7 | Buffers occupy too, so they add up; they may lie outside hours. |
//! | R8 | Notice is elapsed time; the horizon is local dates, inclusive. |
//! | R9 | Limits count by the local date of the start; weeks begin where the location's do. |
//! | R10 | Cancelled, no-show, moved away and expired free the time at once; all else occupies. |
//! | R11 | What is moved does not stand in its own way; the same time again changes nothing. |
//! | R12 | Staff with the right may book over a rule, with a reason that is kept. |
//! | R14 | Leave and closures are dates, never instants. |
//! | R15 | A refusal lists all reasons and the nearest alternatives. |
//! | R16 | Boxes side by side: the same events give the same picture. |
//! | R17 | A drag snaps to the absolute grid and keeps the length. |
//! | R18 | A change names the version it was made from; the second of two gets what the first made, and whose it was. |
//! | R19 | Of a series one, this and following, or all are changed; what was moved by itself stays where it was put. |

#[cfg(feature = "ssr")]
pub mod activities;
pub mod cells;
pub mod event;
#[cfg(feature = "ssr")]
pub mod explain;
pub mod feeds;
#[cfg(feature = "ssr")]
mod frame;
pub mod generic;
pub mod layout;
#[cfg(feature = "ssr")]
mod load;
#[cfg(feature = "ssr")]
pub mod masks;
#[cfg(feature = "ssr")]
pub mod moves;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod range;
pub mod recurrence;
#[cfg(feature = "ssr")]
pub mod rehearsal;
#[cfg(feature = "ssr")]
pub mod rights;
pub mod rota;
pub mod slots;
pub mod status;
pub mod sync;

pub use event::{CalendarView, Closed, DayLoad, Event, Face, Hours, Location, Resource, ResourceKind};
#[cfg(feature = "ssr")]
pub use frame::hours;
#[cfg(feature = "ssr")]
pub use load::load;
#[cfg(feature = "ssr")]
pub use masks::warm;
#[cfg(feature = "ssr")]
pub use range::{named, range};
pub use status::Status;
