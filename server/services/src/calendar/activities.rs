//! The one place that writes `scheduled_activities` and `resource_bookings`.
//!
//! Bookings are always inserted in the order of their resources' ids: two transactions that want the same resources
//! in different orders would otherwise wait for each other. That no resource is booked twice is the exclusion
//! constraint `no_double_booking`; nothing here checks beforehand.

mod change;
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

use super::{Face, Status, slots::Segment};

pub use change::{Change, change, redraw, repoint, set_places};
pub use list::{Asked, list};
pub use many::insert_all;
pub(crate) use read::status;
pub use read::{busy, get, get_all, lock, lock_all};
pub(crate) use seen::Sight;
pub use seen::{OVERBOOKED, event, may_know, see};
pub(crate) use write::expect_version;
pub(crate) use write::settle;
pub use write::{hold_until, insert, remove, reschedule, set_status, spend, take_turns};

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
    /// In which stretches it is taken, in minutes from the start; throughout if empty (R7).
    pub segments: Vec<Segment>,
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

/// A resource to be taken, with buffers in minutes (R7). What is taken in segments only has its buffers before the one
/// that begins with the activity and after the one that ends with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBooking {
    pub resource: EntityId,
    pub before: i32,
    pub after: i32,
    /// In order, inside the activity and apart; throughout if empty.
    pub segments: Vec<Segment>,
}

impl NewBooking {
    /// A resource that is taken throughout.
    pub fn throughout(resource: EntityId, before: i32, after: i32) -> Self {
        NewBooking { resource, before, after, segments: Vec::new() }
    }
}

impl From<&Booking> for NewBooking {
    fn from(booking: &Booking) -> Self {
        NewBooking { resource: booking.resource, before: booking.before, after: booking.after, segments: booking.segments.clone() }
    }
}

/// One row of `resource_bookings`: a stretch in which a resource is taken.
pub(crate) struct Part {
    pub resource: EntityId,
    pub part: i16,
    /// Buffers included.
    pub occupied: (DateTime<Utc>, DateTime<Utc>),
    pub core: (DateTime<Utc>, DateTime<Utc>),
}

/// The rows of one booking of an activity from `start` to `end`.
pub(crate) fn parts(booking: &NewBooking, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Vec<Part> {
    let minutes = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
    let cores: Vec<(DateTime<Utc>, DateTime<Utc>)> = if booking.segments.is_empty() {
        vec![(start, end)]
    } else {
        booking.segments.iter().map(|segment| (start + minutes(segment.from), (start + minutes(segment.to)).min(end))).collect()
    };
    let part = |(place, core): (i16, (DateTime<Utc>, DateTime<Utc>))| {
        let before = if core.0 == start { minutes(booking.before) } else { TimeDelta::zero() };
        let after = if core.1 == end { minutes(booking.after) } else { TimeDelta::zero() };
        Part { resource: booking.resource, part: place, occupied: (core.0 - before, core.1 + after), core }
    };
    (0..).zip(cores).filter(|(_, core)| core.0 < core.1).map(part).collect()
}

/// A row of a booking: what it occupies, what the treatment itself takes, and whether it is over something else.
pub(crate) type Stretch = (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, bool);

/// A booking out of its rows, which come in the order of their parts.
pub(crate) fn booking(resource: EntityId, rows: &[Stretch], (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Booking {
    let minutes = |length: TimeDelta| i32::try_from(length.num_minutes()).unwrap_or(i32::MAX);
    let throughout = matches!(rows, [(_, _, from, to, _)] if (*from, *to) == (start, end));
    let segment = |row: &Stretch| Segment { from: minutes(row.2 - start), to: minutes(row.3 - start) };
    Booking {
        resource,
        before: rows.iter().map(|row| minutes(row.2 - row.0)).max().unwrap_or(0),
        after: rows.iter().map(|row| minutes(row.1 - row.3)).max().unwrap_or(0),
        segments: if throughout { Vec::new() } else { rows.iter().map(segment).collect::<Vec<_>>() },
        overbooked: rows.iter().any(|row| row.4),
    }
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
