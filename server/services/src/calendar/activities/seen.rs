//! What of an activity somebody sees. Whoever may see the calendar sees that time is taken; what it is taken for, only
//! those who may read the module's records.

use std::collections::HashMap;

use platform::{Result, Tx, id::EntityId};

use super::{Activity, get};
use crate::{
    calendar::{Event, Face},
    core::{CALENDAR_READ, UNKNOWN_HUE},
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
    Ok(veiled(&Sight::of(tx), activity))
}

/// What is the same for all activities of a type: its hue, and whether the actor may know what they are about. That is
/// decided here and nowhere else. Of a type that nobody has registered (any more) nobody is told.
pub(crate) struct Sight(HashMap<&'static str, (u16, bool)>);

impl Sight {
    pub(crate) fn of(tx: &Tx) -> Sight {
        let kinds = tx.state().modules.iter().flat_map(|module| module.activity_types);
        Sight(kinds.map(|kind| (kind.key, (kind.hue, tx.can(kind.read)))).collect())
    }

    /// Whether the actor may know what an activity of this type is about.
    pub(crate) fn tells(&self, activity_type: &str) -> bool {
        self.0.get(activity_type).is_some_and(|(_, told)| *told)
    }

    /// The hue of what has none of its own.
    pub(crate) fn hue(&self, activity_type: &str) -> u16 {
        self.0.get(activity_type).map_or(UNKNOWN_HUE, |(hue, _)| *hue)
    }

    /// The title, empty for those who may not know it.
    pub(crate) fn title(&self, activity_type: &str, title: String) -> String {
        if self.tells(activity_type) { title } else { String::new() }
    }
}

/// Whether the actor may know what activities of a type are about.
pub fn may_know(tx: &Tx, activity_type: &str) -> bool {
    Sight::of(tx).tells(activity_type)
}

pub(super) fn veiled(sight: &Sight, activity: Activity) -> Activity {
    if sight.tells(&activity.activity_type) {
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
    let sight = Sight::of(tx);
    let activity = veiled(&sight, activity);
    let mut face = activity.face;
    if activity.bookings.iter().any(|booking| booking.overbooked) {
        face.flags.push(OVERBOOKED.into());
    }
    Event {
        id: activity.id,
        hue: face.hue.unwrap_or_else(|| sight.hue(&activity.activity_type)),
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
