//! The earliest time over everybody, without reading more than it takes to find it.
//!
//! Most searches end within days, but they are asked about months. So the days are read in windows that grow: what
//! decides besides time is read with the first, and the later ones read nothing but hours and what is taken, and that
//! in as few bytes as there are.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::EntityId,
    input::Input,
    locations, time,
    time::{Interval, ZoneWindow},
};
use services::{
    calendar::{
        self, ResourceKind,
        activities::{LONGEST, LONGEST_BUFFER},
        slots::{self, Busy, ResourceTime, Slot},
    },
    hooks::HoursQuestion,
};

use super::why_not::available;
use crate::{
    appointments::{self, AvailabilityQuestion, AvailableSlot, Question},
    treatments,
};

/// The longest search, in days.
const LONGEST_SEARCH: i64 = 93;
/// The first window, in days.
const FIRST: u64 = 2;
/// How many times longer each window is than the one before.
const GROWTH: u64 = 3;

/// The earliest free time of the range, over everybody who is qualified unless somebody was asked for: the first of
/// [`appointments::availability`].
///
/// # Errors
/// As [`appointments::question`].
pub async fn earliest(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<Option<AvailableSlot>> {
    check(asked)?;
    let mut from = asked.from;
    let mut length = FIRST;
    let mut known: Option<(Question, bool)> = None;
    let mut plain = false;
    loop {
        let last = from.checked_add_days(Days::new(length - 1)).unwrap_or(asked.to).min(asked.to);
        let question = match known.take() {
            Some((before, true)) => next(tx, before, asked, from, last).await?,
            _ => appointments::question(tx, &AvailabilityQuestion { from, to: last, ..asked.clone() }).await?,
        };
        if let Some(slot) = first(&question) {
            return Ok(Some(available(slot)));
        }
        if last >= asked.to {
            return Ok(None);
        }
        if length == FIRST {
            // Limits and sessions are not the same in every window: they are read anew with it.
            let rules = treatments::get(tx, asked.treatment).await?.rules;
            plain = rules.seats <= 1 && [rules.per_day, rules.per_week, rules.per_month].iter().all(Option::is_none);
        }
        known = Some((question, plain));
        from = last.succ_opt().ok_or_else(|| Error::invalid("end_date", "date", "This is not a date."))?;
        length *= GROWTH;
    }
}

/// What the windows would find out one after the other, at once.
fn check(asked: &AvailabilityQuestion) -> Result<()> {
    let mut input = Input::new();
    input.year("start_date", &asked.from);
    input.year("end_date", &asked.to);
    input.check(asked.from <= asked.to, "end_date", "order", "The end must come after the start.");
    input.check((asked.to - asked.from).num_days() <= LONGEST_SEARCH, "end_date", "range", "At most 93 days are searched at once.");
    input.finish()
}

/// The first slot with anybody.
fn first(question: &Question) -> Option<Slot> {
    let first = |wish| slots::earliest(wish, &question.times, &question.zone, question.range);
    question.wishes().iter().filter_map(first).min_by_key(|slot| slot.start)
}

/// The same question about later days.
async fn next(tx: &mut Tx, mut question: Question, asked: &AvailabilityQuestion, from: NaiveDate, last: NaiveDate) -> Result<Question> {
    let zone = time::zone(&locations::get(tx, asked.location).await?.zone)?;
    let end = last.succ_opt().ok_or_else(|| Error::invalid("end_date", "date", "This is not a date."))?;
    question.zone = ZoneWindow::of(zone, from, end);
    question.range = Interval::new(question.zone.day_start(from), question.zone.day_start(end))
        .ok_or_else(|| Error::invalid("end_date", "order", "The end must come after the start."))?;
    let resources: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    let hours = HoursQuestion { resources, location: asked.location, from, to: end.succ_opt().unwrap_or(end), zone };
    let told = calendar::hours(tx, &hours).await?;
    let roles = question.times.iter().map(|time| (time.resource, time.role)).collect::<Vec<_>>();
    let times = roles.into_iter().zip(told);
    question.times = times.map(|((resource, role), hours)| ResourceTime { resource, role, capacity: 1, hours, busy: Vec::new() }).collect();
    let margin = TimeDelta::days(1);
    let around = Interval { start: question.range.start - margin, end: question.range.end + margin };
    // Where not even the practitioners have time, nobody asks for rooms and devices.
    let (staff, others): (Vec<EntityId>, Vec<EntityId>) = hours
        .resources
        .iter()
        .copied()
        .partition(|id| question.times.iter().any(|time| time.resource == *id && time.role == ResourceKind::Staff));
    for resources in [staff, others] {
        if first(&question).is_none() {
            break;
        }
        let mut taken = taken(tx, &resources, around, question.wish.moving).await?;
        for time in &mut question.times {
            time.busy.extend(taken.remove(&time.resource).unwrap_or_default());
        }
    }
    Ok(question)
}

/// What is taken of each, buffers included: one row a resource, and nothing is read but the index.
async fn taken(tx: &mut Tx, resources: &[EntityId], range: Interval, moving: Option<EntityId>) -> Result<HashMap<EntityId, Vec<Busy>>> {
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<(EntityId, Vec<i64>, Vec<i64>)> = sqlx::query_as(
        "select resource_id, array_agg((extract(epoch from starts_at) * 1000000)::int8), array_agg((extract(epoch from ends_at) * 1000000)::int8)
         from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and starts_at > $6 and occupies
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $7)
         group by resource_id",
    )
    .bind(organization)
    .bind(resources)
    .bind(range.start)
    .bind(range.end)
    .bind(moving)
    .bind(range.start - LONGEST - LONGEST_BUFFER * 2)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let nobody = EntityId(uuid::Uuid::nil());
    let busy =
        |(start, end): (DateTime<Utc>, DateTime<Utc>)| Busy { activity: nobody, start, end, before: 0, after: 0, seats: 1, session: None };
    Ok(rows
        .into_iter()
        .map(|(resource, starts, ends)| {
            let times = starts.into_iter().zip(ends);
            let times = times.filter_map(|(start, end)| DateTime::from_timestamp_micros(start).zip(DateTime::from_timestamp_micros(end)));
            (resource, times.map(busy).collect())
        })
        .collect())
}
