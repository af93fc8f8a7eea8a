//! What of an activity somebody sees. Whoever may see the calendar sees that time is taken; what it is taken for, only
//! those who may read the module's records.

use platform::{Result, Tx, id::EntityId};

use super::{Activity, get};
use crate::{
    calendar::{Event, Face},
    core::CALENDAR_READ,
    hooks,
};

/// The flag of what was booked over something else (R12).
pub const OVERBOOKED: &str = "overbooked";

/// One activity as far as the actor may see it.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn see(tx: &mut Tx, id: EntityId) -> Result<Activity> {
    tx.require(CALENDAR_READ)?;
    let activity = get(tx, id).await?;
    Ok(veiled(tx, activity))
}

/// Whether the actor may know what activities of this type are about: a module registers its records under the key of
/// their activity type, with the right to read them.
pub(crate) fn may_read(tx: &Tx, activity_type: &str) -> bool {
    let kind = tx.state().modules.iter().find_map(|module| module.entity_type(activity_type));
    kind.is_none_or(|kind| tx.can(kind.read))
}

pub(super) fn veiled(tx: &Tx, activity: Activity) -> Activity {
    if may_read(tx, &activity.activity_type) {
        return activity;
    }
    Activity {
        title: String::new(),
        description: String::new(),
        owner: None,
        subject: None,
        record: None,
        face: Face::default(),
        ..activity
    }
}

/// An activity as the calendar draws it.
pub fn event(tx: &Tx, activity: Activity) -> Event {
    let activity = veiled(tx, activity);
    let kind = hooks::activity_type(tx.state(), &activity.activity_type);
    let mut face = activity.face;
    if activity.bookings.iter().any(|booking| booking.overbooked) {
        face.flags.push(OVERBOOKED.into());
    }
    Event {
        id: activity.id,
        hue: face.hue.or(kind.map(|kind| kind.hue)).unwrap_or(crate::core::UNKNOWN_HUE),
        activity_type: activity.activity_type,
        title: activity.title,
        face,
        start: activity.start,
        end: activity.end,
        status: activity.status,
        buffer_before: activity.bookings.iter().map(|booking| booking.before).max().unwrap_or(0),
        buffer_after: activity.bookings.iter().map(|booking| booking.after).max().unwrap_or(0),
        resources: activity.bookings.iter().map(|booking| booking.resource).collect(),
        subject: activity.subject,
        record: activity.record,
        version: activity.version,
    }
}
