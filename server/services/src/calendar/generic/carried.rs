//! What the drag of a generic activity is judged by. Hours are not asked of it; that its resources are free is.

use chrono::TimeDelta;
use platform::{Result, Tx, id::EntityId, time::Interval};

use crate::{
    calendar::{
        Hours, Resource,
        activities::{self, Activity},
        frame::Frame,
        slots::{Align, Carried, Need, ResourceTime, Way, Wish},
    },
    hooks::Bounds,
};

/// Everything by which its places are judged as the calendar's own door judges them: any resource of the kinds it takes
/// will do.
///
/// # Errors
/// `NotFound` (its location), `Unavailable`.
pub async fn carried(tx: &mut Tx, activity: &Activity, bounds: &Bounds) -> Result<Carried> {
    let frame = Frame::of(tx, activity.location, bounds.from, bounds.to).await?;
    let range = Interval { start: frame.starts(bounds.from), end: frame.starts(bounds.to) };
    let before = activity.bookings.iter().map(|booking| booking.before).max().unwrap_or(0);
    let after = activity.bookings.iter().map(|booking| booking.after).max().unwrap_or(0);
    let minutes = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
    let length = activity.end - activity.start;
    // It may be made longer, by a day at most in one go.
    let margin = Interval { start: range.start - minutes(before) - length, end: range.end + length + minutes(after) + TimeDelta::days(1) };
    let moving = (!bounds.copy).then_some(activity.id);
    let ids: Vec<EntityId> = frame.resources.iter().map(|resource| resource.id).collect();
    let mut busy = activities::busy(tx, &ids, margin, moving).await?;
    let time = |resource: &Resource| ResourceTime {
        resource: resource.id,
        role: resource.kind,
        capacity: 1,
        hours: Hours { resource: resource.id, windows: Vec::new(), always: true, closed: Vec::new() },
        busy: busy.remove(&resource.id).unwrap_or_default(),
    };
    let times = frame.resources.iter().map(time).collect();
    let need = |id: EntityId| {
        let own = frame.resources.iter().find(|resource| resource.id == id)?;
        let others = frame.resources.iter().filter(|other| other.kind == own.kind && other.id != id);
        let any_of = std::iter::once(id).chain(others.map(|other| other.id)).collect();
        Some(Need { role: own.kind, sort_of: None, any_of, segments: Vec::new(), within: None })
    };
    let wish = Wish {
        minutes: i32::try_from(length.num_minutes()).unwrap_or(i32::MAX),
        before,
        after,
        step: 15,
        align: Align::Clock,
        needs: activity.bookings.iter().filter_map(|booking| need(booking.resource)).collect(),
        moving,
        ..Wish::default()
    };
    Ok(Carried {
        start: activity.start,
        end: activity.end,
        wish,
        times,
        range,
        terms: Vec::new(),
        people: Vec::new(),
        things: activity.bookings.iter().map(|booking| booking.resource).collect(),
        way: Way::Plain,
        subject: None,
        elsewhere: Vec::new(),
    })
}
