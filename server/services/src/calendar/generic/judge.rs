//! Whether the resources of a generic activity are free. Hours are not asked of a meeting; that nobody is in two places
//! at once is.

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    locations, time,
    time::{Interval, ZoneWindow},
};

use crate::calendar::{
    Hours, ResourceKind,
    activities::{self, NewBooking},
    explain,
    slots::{Align, Need, ResourceTime, Wish, verdict},
};

/// Days around the wanted one in which alternatives are looked for (R15).
const AROUND: Days = Days::new(3);

/// A place for a generic activity.
pub(in crate::calendar) struct Place<'a> {
    pub location: LocationId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub bookings: &'a [NewBooking],
    /// The activity that is moved (R11).
    pub moving: Option<EntityId>,
}

/// Refuses a place with all reasons and the nearest alternatives (R15) if a resource is taken, unless it is overbooked.
/// What is taken in the meantime, the database itself refuses.
///
/// # Errors
/// `NotFound` (a resource), `Invalid` (one that is no longer in use, or serves another location), `Conflict` of code
/// `unavailable`.
pub(in crate::calendar) async fn judge(tx: &mut Tx, place: &Place<'_>, overbook: bool) -> Result<()> {
    let roles = roles(tx, place).await?;
    if overbook || place.bookings.is_empty() {
        return Ok(());
    }
    let ids: Vec<EntityId> = place.bookings.iter().map(|booking| booking.resource).collect();
    let before = place.bookings.iter().map(|booking| booking.before).max().unwrap_or(0);
    let after = place.bookings.iter().map(|booking| booking.after).max().unwrap_or(0);
    let minutes = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
    let occupied = Interval { start: place.start - minutes(before), end: place.end + minutes(after) };
    if activities::busy(tx, &ids, occupied, place.moving).await?.values().all(Vec::is_empty) {
        return Ok(());
    }
    let location = locations::get(tx, place.location).await?;
    let tz = time::zone(&location.zone)?;
    let date = place.start.with_timezone(&tz).date_naive();
    let (from, to) = (date.checked_sub_days(AROUND).unwrap_or(date), date.checked_add_days(AROUND).unwrap_or(date));
    let zone = ZoneWindow::of(tz, from, to);
    let range = Interval { start: zone.day_start(from), end: zone.day_start(to) };
    let length = place.end - place.start;
    let margin = Interval { start: range.start.min(occupied.start) - minutes(before), end: range.end + length + minutes(after) };
    let mut busy = activities::busy(tx, &ids, margin, place.moving).await?;
    let times: Vec<ResourceTime> = ids
        .iter()
        .map(|id| ResourceTime {
            resource: *id,
            role: roles.get(id).copied().unwrap_or(ResourceKind::Staff),
            capacity: 1,
            hours: Hours { resource: *id, windows: Vec::new(), always: true, closed: Vec::new() },
            busy: busy.remove(id).unwrap_or_default(),
        })
        .collect();
    let wish = Wish {
        minutes: i32::try_from(length.num_minutes()).unwrap_or(i32::MAX).max(1),
        before,
        after,
        step: 15,
        align: Align::Clock,
        needs: times
            .iter()
            .map(|time| Need { role: time.role, sort_of: None, any_of: vec![time.resource], segments: Vec::new(), within: None })
            .collect(),
        moving: place.moving,
        // What lies in the past may be entered late; but no alternative lies there.
        now: Some(tx.now()).filter(|now| *now <= place.start),
        notice_minutes: 0,
        latest: None,
        ..Wish::default()
    };
    let why = verdict(&wish, &times, place.start, &ids);
    if why.is_empty() {
        return Ok(());
    }
    Err(explain::refusal(tx, "unavailable", &why, &wish, &times, &zone, range, place.start).await?.into())
}

/// The kinds of the resources, all of which must be there, in use, and at this location or at all of them.
async fn roles(tx: &mut Tx, place: &Place<'_>) -> Result<HashMap<EntityId, ResourceKind>> {
    let organization = tx.organization();
    let ids: Vec<EntityId> = place.bookings.iter().map(|booking| booking.resource).collect();
    let rows: Vec<(EntityId, String, Option<LocationId>, bool)> =
        sqlx::query_as("select id, kind, location_id, active from resources where organization_id = $1 and id = any ($2)")
            .bind(organization)
            .bind(&ids)
            .fetch_all(tx.conn())
            .await?;
    let mut roles = HashMap::new();
    for (id, kind, location, active) in rows {
        if !active {
            return Err(Error::invalid("resources", "inactive", "A resource is no longer in use."));
        }
        if location.is_some_and(|location| location != place.location) {
            return Err(Error::invalid("resources", "location", "A resource belongs to another location."));
        }
        roles.insert(id, ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?);
    }
    if ids.iter().all(|id| roles.contains_key(id)) { Ok(roles) } else { Err(Error::NotFound) }
}
