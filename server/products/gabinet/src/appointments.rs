//! Visits: a patient, a treatment or several, a practitioner or several, and whatever room and device it takes, at a time.
//!
//! A visit's time is its scheduled activity's, its state is the activity's status; this module keeps what a clinic
//! knows besides. Both are written in one transaction.

#[cfg(feature = "ssr")]
mod availability;
#[cfg(feature = "ssr")]
mod book;
#[cfg(feature = "ssr")]
mod carried;
mod elsewhere;
#[cfg(feature = "ssr")]
pub mod holds;
#[cfg(feature = "ssr")]
pub(crate) mod hooks;
#[cfg(feature = "ssr")]
mod move_to;
#[cfg(feature = "ssr")]
mod notes;
#[cfg(feature = "ssr")]
mod plan;
mod question;
#[cfg(feature = "ssr")]
mod read;
#[cfg(feature = "ssr")]
mod seats;
#[cfg(feature = "ssr")]
mod several;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod swap;
#[cfg(feature = "ssr")]
mod take_over;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
mod transition;

#[cfg(feature = "ssr")]
pub(crate) use availability::{Among, outline, question_among};
#[cfg(feature = "ssr")]
pub use availability::{availability, availability_among, question, question_with_holds};
#[cfg(feature = "ssr")]
pub use book::book;
#[cfg(feature = "ssr")]
pub(crate) use book::{ALERT, ALLERGY, offered, place};
#[cfg(feature = "ssr")]
pub(crate) use move_to::move_from;
#[cfg(feature = "ssr")]
pub use move_to::move_to;
#[cfg(feature = "ssr")]
pub use notes::add_note;
#[cfg(feature = "ssr")]
pub(crate) use plan::catalogue::warm;
#[cfg(feature = "ssr")]
pub(crate) use plan::own::{limits, starts};
#[cfg(feature = "ssr")]
pub use read::{details, get, list};
#[cfg(feature = "ssr")]
pub use seats::{move_seat, sessions};
#[cfg(feature = "ssr")]
pub(crate) use several::apart;
#[cfg(feature = "ssr")]
pub(crate) use steps::{Placed, Planned, Wanted as WantedStep, Who, kept as kept_steps, serving, together, wanted as wanted_steps};
#[cfg(feature = "ssr")]
pub use swap::swap;
#[cfg(feature = "ssr")]
pub(crate) use take_over::{PastVisit, take_over};
#[cfg(feature = "ssr")]
pub use transition::transition;

#[cfg(feature = "ssr")]
pub use crate::answers::earliest;
pub use elsewhere::Elsewhere;
#[cfg(feature = "ssr")]
pub(crate) use elsewhere::elsewhere;
pub use question::{OwnWish, Pricing, merged};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    id::{EntityId, LocationId},
    time::{Interval, ZoneWindow},
};
use serde::{Deserialize, Serialize};
use services::calendar::{
    Status,
    slots::{ResourceTime, Wish},
};
use utoipa::ToSchema;

/// A visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Appointment {
    pub id: EntityId,
    /// LIP-2611-0412
    pub number: String,
    /// The calendar's activity that holds its time.
    pub activity: EntityId,
    pub patient: EntityId,
    pub patient_name: String,
    pub treatment: EntityId,
    pub treatment_name: String,
    pub employee: EntityId,
    pub employee_name: String,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    pub status: Status,
    /// Everything it takes, the practitioner included, by id.
    pub resources: Vec<EntityId>,
    /// As agreed when booked; minor units.
    pub price: i64,
    pub currency: String,
    pub notes: String,
    /// Why it was cancelled or reopened.
    pub reason: String,
    /// Why it was booked over what stood against it (R12).
    pub overbook_reason: Option<String>,
    /// The session's seats, where it is one patient's place in a group.
    pub seats: Option<Seats>,
    /// Its treatments by time, where there are several; none of a visit of one. Treatment and practitioner above are the
    /// first's, the price is the sum.
    pub steps: Vec<Step>,
    /// What a change must name (R18); all visits of a session have one.
    pub version: i32,
}

/// One of a visit's several treatments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VisitStep)]
pub struct Step {
    pub treatment: EntityId,
    pub treatment_name: String,
    pub employee: EntityId,
    pub employee_name: String,
    /// Minutes after the visit's start.
    pub offset: i32,
    pub minutes: i32,
    /// As agreed when booked; minor units.
    pub price: i64,
    /// Names of the rooms and devices that it takes.
    pub places: Vec<String>,
}

/// Another treatment of a visit that is to be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Further {
    pub treatment: EntityId,
    /// The practitioner of the visit's first treatment if not given.
    #[serde(default)]
    pub employee: Option<EntityId>,
    /// Minutes after the visit's start: after the treatment before it if not given. Two that overlap are given at the same
    /// time, which takes two practitioners.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1439)]
    pub offset: Option<i32>,
}

/// By which door a time is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By staff.
    #[default]
    Desk,
    /// By patients themselves: not what is for the desk only, and always as a request where a treatment needs approval.
    Online,
}

/// How full a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Seats {
    pub taken: i32,
    pub of: i32,
}

/// A visit's place in its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct InSeries {
    pub id: EntityId,
    /// From 1.
    pub nth: i32,
    pub of: i32,
}

/// A seat that goes to another session of its treatment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSeat {
    /// The version that was seen (R18).
    pub version: i32,
    /// The session's activity.
    pub session: EntityId,
}

/// A session that has a seat left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct OpenSession {
    /// Its activity.
    pub session: EntityId,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    pub employee: EntityId,
    pub employee_name: String,
    pub taken: i32,
    pub of: i32,
}

/// The next sessions that have a seat left, by start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenSessions {
    pub items: Vec<OpenSession>,
}

/// One patient's place in a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SessionSeat)]
pub struct Seat {
    pub visit: EntityId,
    pub patient: EntityId,
    pub patient_name: String,
    pub status: Status,
}

/// A visit to be booked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Made by the caller, so that a retry books no second visit.
    #[serde(default)]
    pub id: Option<EntityId>,
    pub patient: EntityId,
    pub treatment: EntityId,
    pub employee: EntityId,
    /// Room and device, with or without the practitioner; assigned if not given.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub resources: Option<Vec<EntityId>>,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub notes: String,
    /// Books over what stands against it, for those who may (R12).
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub overbook_reason: Option<String>,
    /// One's own hold that becomes this visit. One that has run out does no harm.
    #[serde(default)]
    pub hold: Option<EntityId>,
    /// More treatments of the same visit, by time.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub further: Vec<Further>,
    #[serde(default)]
    pub channel: Channel,
}

/// A visit's new time, length, practitioner or room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveVisit {
    /// The version that was seen (R18).
    pub version: i32,
    pub start: DateTime<Utc>,
    /// The length it has if not given. A visit of several treatments keeps its length.
    #[serde(default)]
    pub end: Option<DateTime<Utc>>,
    /// Of several treatments those that the first's practitioner gives go to this one.
    #[serde(default)]
    pub employee: Option<EntityId>,
    /// Room and device; those it has if not given.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub resources: Option<Vec<EntityId>>,
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub overbook_reason: Option<String>,
}

/// A step to another status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The version that was seen (R18).
    pub version: i32,
    pub to: Status,
    /// Needed to cancel and to reopen.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub reason: String,
}

/// Which free times are wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AvailabilityQuestion {
    pub location: LocationId,
    pub treatment: EntityId,
    /// Any qualified practitioner if not given.
    pub employee: Option<EntityId>,
    /// For whom: when they have something else is no time for them.
    pub patient: Option<EntityId>,
    /// First local date of the starts.
    pub from: NaiveDate,
    /// Last local date of the starts, inclusive.
    pub to: NaiveDate,
    /// The visit that is being moved, by its own id or its activity's (R11).
    pub moving: Option<EntityId>,
    /// More treatments of the same visit, by time.
    pub further: Vec<Further>,
    pub channel: Channel,
}

/// A time at which a treatment can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AvailableSlot {
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    pub employee_id: EntityId,
    /// Practitioner, room and device.
    pub resources: Vec<EntityId>,
}

impl From<services::calendar::slots::Slot> for AvailableSlot {
    /// The first need is the practitioner's, so its resource is too.
    fn from(slot: services::calendar::slots::Slot) -> Self {
        let employee_id = slot.resources.first().copied().unwrap_or(EntityId(uuid::Uuid::nil()));
        AvailableSlot { start: slot.start, end: slot.end, employee_id, resources: slot.resources }
    }
}

/// Free times, by instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Availability {
    pub available_slots: Vec<AvailableSlot>,
}

/// Everything by which the browser gives the same verdict as the server: what is wished, and what is known of the time
/// of everybody who could serve it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub wish: Wish,
    pub times: Vec<ResourceTime>,
    pub zone: ZoneWindow,
    /// In which the slots' starts lie.
    pub range: Interval,
    /// Names of the resources, for reasons and for what is assigned.
    pub names: Vec<(EntityId, String)>,
    /// Practitioners with whom it takes another time, or who have no room for another at some time.
    pub own: Vec<OwnWish>,
    /// What of the busy times is only held, and by whom.
    pub held: Vec<HeldTime>,
    /// What the patient has besides, where it is asked for one.
    pub elsewhere: Vec<Elsewhere>,
    /// What it costs.
    pub pricing: Pricing,
}

/// Something that was done to a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    pub at: DateTime<Utc>,
    /// None for what the system did by itself.
    pub who: Option<String>,
    /// `booked`, `moved`, `confirmed`, `checked_in` …
    pub verb: String,
    /// The start before a move.
    pub from: Option<DateTime<Utc>>,
    /// The start after a move.
    pub to: Option<DateTime<Utc>>,
    /// Why, where a reason was given.
    pub reason: String,
}

/// A visit as its panel shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VisitDetails {
    pub visit: Appointment,
    pub patient: crate::patients::Patient,
    /// Which of the patient's visits this is, cancelled ones not counted.
    pub nth: i64,
    /// Names of room and device.
    pub places: Vec<String>,
    /// Minutes of the treatment's buffers.
    pub buffers: (i32, i32),
    /// All who have a seat of its session, by name.
    pub seats: Vec<Seat>,
    /// Its place in the series of which it is one.
    pub series: Option<InSeries>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub checked_in_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    /// The latest first.
    pub history: Vec<HistoryEntry>,
}

/// A time that is to be held for five minutes while somebody fills in a form (R10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldTime {
    /// Made by the caller. Under the id of a hold of one's own that one goes to the new time and lasts anew.
    #[serde(default)]
    pub id: Option<EntityId>,
    pub treatment: EntityId,
    pub employee: EntityId,
    /// For whom, if that is known already.
    #[serde(default)]
    pub patient: Option<EntityId>,
    /// Room and device; found if not given.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub resources: Option<Vec<EntityId>>,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// More treatments of the same visit, by time.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub further: Vec<Further>,
}

/// A time that is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// Also its activity's on the calendar.
    pub id: EntityId,
    pub treatment: EntityId,
    pub employee: EntityId,
    /// Practitioner, room and device, by id.
    pub resources: Vec<EntityId>,
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    /// From here on its time is free again.
    pub expires_at: DateTime<Utc>,
    /// Who holds it, by name.
    pub held_by: String,
}

/// A resource's time that is only held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldTime {
    pub resource: EntityId,
    /// What the hold takes of it, without and with buffers.
    pub during: Interval,
    pub occupied: Interval,
    /// By name.
    pub by: String,
    pub until: DateTime<Utc>,
}

/// Two visits that change places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapVisits {
    pub first: EntityId,
    /// The version of it that was seen (R18).
    pub first_version: i32,
    pub second: EntityId,
    pub second_version: i32,
    /// Books over what stands against either, for those who may (R12).
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub overbook_reason: Option<String>,
}

/// The two as they are after they have changed places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Swapped {
    pub first: Appointment,
    pub second: Appointment,
}
