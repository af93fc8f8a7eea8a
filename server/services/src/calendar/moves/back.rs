//! A move that is taken back by whoever made it. What was there before stood there by right, or with a reason: hours, notice
//! and limits are not asked again, only whether somebody has taken the place meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    error::Refusal,
    id::{EntityId, UserId},
    time::Interval,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    calendar::{
        Hours, ResourceKind,
        activities::{self, Activity, Booking, NewBooking},
        explain,
        slots::{Need, ResourceTime, Why, Wish, verdict},
    },
    hooks::MoveTo,
};

/// How many moves of one entry are looked through: more are not undone in turn.
const MOST: i64 = 50;

/// Under which name the log keeps it, beside what people read.
pub const WAS: &str = "was";

/// What an activity was before it was moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Was {
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    pub bookings: Vec<Booking>,
    /// Room and device by name, as the calendar draws them.
    pub place: String,
    /// What its module knows besides.
    #[serde(default)]
    pub own: Value,
}

impl Was {
    /// As it is now, before it is moved.
    pub fn of(activity: &Activity, own: Value) -> Was {
        let Activity { start, end, bookings, face, .. } = activity;
        Was { start: *start, end: *end, bookings: bookings.clone(), place: face.place.clone(), own }
    }

    /// Whether it lay over something.
    pub fn is_overbooked(&self) -> bool {
        self.bookings.iter().any(|booking| booking.overbooked)
    }

    /// For the log.
    ///
    /// # Errors
    /// `Internal`.
    pub fn told(&self) -> Result<Value> {
        serde_json::to_value(self).map_err(Error::internal)
    }
}

/// What the activity was before a move of which the log of `record` tells: one of the asker's own, which led to where it stands
/// now, from where it is to go. Since then nobody else has moved it; what the asker has done and taken back since, as when
/// several moves are undone in turn, is no hindrance.
///
/// # Errors
/// `Conflict` of code `version` (R18), or `transition` where there is no such move.
pub async fn last(tx: &mut Tx, record: EntityId, activity: &Activity, to: &MoveTo) -> Result<Was> {
    activities::expect_version(tx, activity, to.version).await?;
    if activity.status.is_terminal() {
        return Err(Error::conflict("transition", "What is over is not moved."));
    }
    let organization = tx.organization();
    let moves: Vec<(Option<UserId>, Option<Value>, Option<Value>)> = sqlx::query_as(
        "select user_id, old -> 'was', new from actions
         where organization_id = $1 and entity_id = $2 and action in ('moved', 'resized', 'swapped')
         order by at desc, id desc limit $3",
    )
    .bind(organization)
    .bind(record)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    let own = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    let found = moves.into_iter().take_while(|(who, ..)| *who == own).find_map(|(_, was, new)| {
        let was: Was = serde_json::from_value(was?).ok()?;
        let led = |name: &str| new.as_ref()?.get(name)?.as_str()?.parse::<DateTime<Utc>>().ok();
        let stands = (led("start"), led("end")) == (Some(activity.start), Some(activity.end));
        // At one time several may have had it in turn.
        let had = |resource: EntityId| was.bookings.iter().any(|booking| booking.resource == resource);
        (stands && (was.start, was.end) == (to.start, to.end) && to.resource_to.is_none_or(had)).then_some(was)
    });
    found.ok_or_else(|| Error::conflict("transition", "There is no move of yours to take back."))
}

/// Puts it back, if nobody has taken the place meanwhile.
///
/// # Errors
/// `Conflict` of code `unavailable` with all reasons, or `double_booking`.
pub async fn put(tx: &mut Tx, activity: &Activity, was: &Was) -> Result<Activity> {
    let why = in_the_way(tx, &[((was.start, was.end), &was.bookings)], &[activity.id]).await?;
    if !why.is_empty() {
        let reasons = explain::reasons(tx, &why).await?;
        return Err(Refusal { reasons, ..Refusal::new("unavailable", "The former time is taken by now.") }.into());
    }
    let bookings = was.bookings.iter().map(NewBooking::from).collect();
    activities::reschedule(tx, activity.id, activity.version, (was.start, was.end), Some(bookings), was.is_overbooked()).await
}

/// A place that an activity had: when, and what it took.
pub type Former<'a> = ((DateTime<Utc>, DateTime<Utc>), &'a [Booking]);

/// What has been taken meanwhile of places that activities had; what `leaving` take now does not count. Nor does what lay
/// over something already.
///
/// # Errors
/// `Unavailable`.
pub async fn in_the_way(tx: &mut Tx, former: &[Former<'_>], leaving: &[EntityId]) -> Result<Vec<Why>> {
    let (Some(from), Some(to)) = (former.iter().map(|one| one.0.0).min(), former.iter().map(|one| one.0.1).max()) else {
        return Ok(Vec::new());
    };
    let mut resources: Vec<EntityId> = former.iter().flat_map(|one| one.1.iter().map(|booking| booking.resource)).collect();
    resources.sort_unstable();
    resources.dedup();
    let margin = TimeDelta::days(1);
    let busy = activities::busy(tx, &resources, Interval { start: from - margin, end: to + margin }, None).await?;
    let times: Vec<ResourceTime> = busy
        .into_iter()
        .map(|(resource, mut busy)| {
            busy.retain(|busy| !leaving.contains(&busy.activity));
            let hours = Hours { resource, windows: Vec::new(), always: true, closed: Vec::new() };
            ResourceTime { resource, role: ResourceKind::Room, capacity: 1, hours, busy }
        })
        .collect();
    let mut why = Vec::new();
    for ((start, end), bookings) in former {
        for booking in bookings.iter().filter(|booking| !booking.overbooked) {
            let segments = booking.segments.clone();
            let need = Need { role: ResourceKind::Room, sort_of: None, any_of: vec![booking.resource], segments, within: None };
            let wish = Wish {
                minutes: i32::try_from((*end - *start).num_minutes()).unwrap_or(i32::MAX),
                before: booking.before,
                after: booking.after,
                needs: vec![need],
                ..Wish::default()
            };
            why.extend(verdict(&wish, &times, *start, &[booking.resource]));
        }
    }
    why.sort();
    why.dedup();
    Ok(why)
}
