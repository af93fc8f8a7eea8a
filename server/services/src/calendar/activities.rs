//! The one place that writes `scheduled_activities` and `resource_bookings`.
//!
//! Bookings are always inserted in the order of their resources' ids: two transactions that want the same resources
//! in different orders would otherwise wait for each other. That no resource is booked twice is the exclusion
//! constraint `no_double_booking`; nothing here checks beforehand.

mod list;
mod many;
mod read;
mod seen;
mod write;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use platform::{
    id::{EntityId, LocationId, UserId},
    input::Input,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Face, Status};

pub use list::{Asked, list};
pub use many::insert_all;
pub(crate) use read::status;
pub use read::{busy, get, lock};
pub(crate) use seen::may_read;
pub use seen::{OVERBOOKED, event, see};
pub(crate) use write::expect_version;
pub use write::{insert, reschedule, set_status};

/// An activity with all that is stored of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Activity {
    pub id: EntityId,
    pub activity_type: String,
    pub title: String,
    pub description: String,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    pub status: Status,
    pub owner: Option<UserId>,
    /// What it is about: a patient, a lead.
    pub subject: Option<EntityId>,
    /// The module's own record.
    pub record: Option<EntityId>,
    pub face: Face,
    pub version: i32,
    /// Whose time it takes, by resource id.
    pub bookings: Vec<Booking>,
}

/// What an activity takes of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Booking {
    pub resource: EntityId,
    /// Minutes occupied before the start (R7).
    pub before: i32,
    /// Minutes occupied after the end (R7).
    pub after: i32,
    /// Booked over another, with a reason (R12).
    pub overbooked: bool,
}

/// An activity to be made.
#[derive(Clone, Debug)]
pub struct NewActivity {
    pub id: EntityId,
    pub activity_type: String,
    pub title: String,
    pub description: String,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// Exclusive; after the start (R1).
    pub end: DateTime<Utc>,
    pub status: Status,
    pub owner: Option<UserId>,
    pub subject: Option<EntityId>,
    pub record: Option<EntityId>,
    pub face: Face,
    pub bookings: Vec<NewBooking>,
    /// Whether it may lie over others; the caller has checked the right and kept the reason (R12).
    pub overbook: bool,
}

/// A resource to be taken, with buffers in minutes (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBooking {
    pub resource: EntityId,
    pub before: i32,
    pub after: i32,
}

/// No activity is longer, so that a range of the calendar is read from that long before its start and not from the
/// tenant's first activity on.
pub const LONGEST: TimeDelta = TimeDelta::days(31);

/// No buffer is longer, before or after.
pub const LONGEST_BUFFER: TimeDelta = TimeDelta::days(1);

/// What a start and an end must be like: in order (R1), not too far apart, and in years for which there are clinics.
pub(crate) fn check_time(input: &mut Input, start: DateTime<Utc>, end: DateTime<Utc>) {
    input.year("start", &start);
    input.year("end", &end);
    input.check(start < end, "end", "order", "The end must come after the start.");
    input.check(end - start <= LONGEST, "end", "too_large", "At most 31 days.");
}

/// Whether calendars reach there; the database's own limits lie elsewhere than chrono's.
pub(crate) fn possible(instant: DateTime<Utc>) -> bool {
    (1970..=2200).contains(&instant.year())
}
