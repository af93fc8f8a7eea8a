//! A plan put to the engine: rotas become instants (R2), names become ids.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use uuid::Uuid;

use super::plan::{Plan, PlannedBusy};
use crate::calendar::{
    ResourceKind,
    rota::{self, Rota},
    slots::{self, Busy, Need, ResourceTime, Wish},
};

/// The roles of a scenario are words of its own. Its needs name their resources one by one, so that the engine has no
/// use for the kinds that it knows.
const KIND: ResourceKind = ResourceKind::Staff;

/// The id of what is being moved. Places are small numbers and never come that far.
const MOVED: EntityId = EntityId(Uuid::max());

/// Windows begin at most this many days before what they decide, or after it where a treatment lasts over midnights.
const MARGIN: u64 = 3;

/// Months reach further, and with them limits.
const MONTH: u64 = 40;

/// The engine's question over some local dates.
pub(super) struct Resolved {
    pub zone: ZoneWindow,
    pub times: Vec<ResourceTime>,
    pub wish: Wish,
    /// Those dates.
    pub range: Interval,
}

/// The id of a place.
pub(super) fn id(place: usize) -> EntityId {
    EntityId(Uuid::from_u128(place as u128 + 1))
}

/// The place of an id.
pub(super) fn place(id: EntityId) -> Option<usize> {
    usize::try_from(id.0.as_u128().checked_sub(1)?).ok()
}

/// Puts the plan to the engine for starts on the local dates from `from` to `end` (exclusive).
pub(super) fn resolve(plan: &Plan, from: NaiveDate, end: NaiveDate) -> Resolved {
    let (first, last) = Rota::around(from, end, MARGIN);
    let (mut known_from, mut known_to) = Rota::around(from, end, MONTH);
    for away in plan.resources.iter().flat_map(|resource| &resource.rota.away) {
        if away.from < last && first <= away.to {
            known_from = known_from.min(away.from);
            known_to = known_to.max(away.to);
        }
    }
    let zone = ZoneWindow::of(plan.tz, known_from, known_to);
    let range = Interval { start: zone.day_start(from), end: zone.day_start(end) };
    let times = plan.resources.iter().enumerate().map(|(place, resource)| ResourceTime {
        resource: id(place),
        role: KIND,
        capacity: resource.capacity,
        hours: rota::resolve(id(place), &resource.rota, first, last, &zone),
        busy: resource.busy.iter().map(|busy| booked(plan, place, busy)).collect(),
    });
    let times = times.collect();
    let wish = wish(plan, &zone, range);
    Resolved { zone, times, wish, range }
}

fn booked(plan: &Plan, place: usize, busy: &PlannedBusy) -> Busy {
    let is_moved = |moved: &&super::plan::Moved| (moved.start, moved.end) == (busy.start, busy.end) && moved.resources.contains(&place);
    Busy {
        activity: plan.moved.as_ref().filter(is_moved).map_or(EntityId(Uuid::nil()), |_| MOVED),
        start: busy.start,
        end: busy.end,
        before: busy.before,
        after: busy.after,
        seats: busy.seats,
        session: busy.session.map(id),
    }
}

fn wish(plan: &Plan, zone: &ZoneWindow, range: Interval) -> Wish {
    let moved = plan.moved.as_ref();
    let mut counted = plan.counted.clone();
    // Its share of the limits is the moved one's own (R11).
    if let Some(own) = moved.and_then(|moved| counted.iter().position(|start| *start == moved.start)) {
        counted.swap_remove(own);
    }
    let need = |need: &super::plan::PlannedNeed| Need {
        role: KIND,
        sort_of: None,
        any_of: need.any_of.iter().map(|place| id(*place)).collect(),
        segments: need.segments.clone(),
        within: None,
    };
    let length = TimeDelta::minutes(i64::from(plan.minutes));
    Wish {
        minutes: plan.minutes,
        before: plan.before,
        after: plan.after,
        buffers_inside_hours: plan.buffers_inside_hours,
        step: plan.step,
        align: plan.align,
        needs: plan.needs.iter().map(need).collect(),
        moving: moved.map(|_| MOVED),
        present: moved.filter(|moved| moved.end - moved.start == length).map(|moved| moved.start),
        now: plan.now,
        notice_minutes: plan.notice_minutes,
        latest: plan.now.zip(plan.horizon_days).and_then(|(now, days)| latest(plan, now, days)),
        full: slots::full(zone, &plan.limits, plan.week_start, &counted, range),
        guest: None,
    }
}

/// The first instant beyond the horizon (R8). It may lie far from the dates asked about.
fn latest(plan: &Plan, now: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
    let today = now.with_timezone(&plan.tz).date_naive();
    let last = today.checked_add_days(chrono::Days::new(u64::from(days)))?;
    let zone = ZoneWindow::of(plan.tz, last, last);
    Some(zone.day_start(last.succ_opt()?))
}
