//! The earliest time over everybody, without reading more than it takes to find it.
//!
//! Most searches end within a day, but they are asked about months. So the days are read in windows that grow: what
//! decides besides time is read with the first, and each reads what is taken in as few bytes as there are, for rooms and
//! devices only where a practitioner has time.

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
use crate::appointments::{self, AvailabilityQuestion, AvailableSlot, Question};

/// The longest search, in days.
const LONGEST_SEARCH: i64 = 93;
/// The first window, in days.
const FIRST: u64 = 1;
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
    let mut known = None;
    if asked.further.is_empty() {
        let (question, treatment) = appointments::ground(tx, &AvailabilityQuestion { to: asked.from, ..asked.clone() }).await?;
        // Limits and sessions are not the same in every window: they are read anew with it.
        let rules = &treatment.rules;
        let plain = rules.seats <= 1 && [rules.per_day, rules.per_week, rules.per_month].iter().all(Option::is_none);
        known = plain.then_some(question);
    }
    loop {
        let last = from.checked_add_days(Days::new(length - 1)).unwrap_or(asked.to).min(asked.to);
        let question = match known.take() {
            Some(ground) => Some(window(tx, ground, asked, from, last).await?),
            None => None,
        };
        let plain = question.is_some();
        let question = match question {
            Some(question) => question,
            None => appointments::question(tx, &AvailabilityQuestion { from, to: last, ..asked.clone() }).await?,
        };
        if let Some(slot) = first(&question) {
            return Ok(Some(available(slot)));
        }
        if last >= asked.to {
            return Ok(None);
        }
        known = plain.then_some(question);
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

/// The question about these days with what is taken on them; of the days of the question before only its ground is left.
async fn window(tx: &mut Tx, mut question: Question, asked: &AvailabilityQuestion, from: NaiveDate, last: NaiveDate) -> Result<Question> {
    if from > asked.from {
        question = later(tx, question, asked, from, last).await?;
    }
    // No start of the range takes anything outside of it but its own buffers and minutes.
    let minutes = question.own.iter().map(|own| own.minutes).chain([question.wish.minutes]).max().unwrap_or_default();
    let margin = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
    let around = Interval {
        start: question.range.start - margin(question.wish.before),
        end: question.range.end + margin(minutes) + margin(question.wish.after),
    };
    // Where not even the practitioners have time, nobody asks for rooms and devices.
    let (staff, others): (Vec<&ResourceTime>, Vec<&ResourceTime>) =
        question.times.iter().partition(|time| time.role == ResourceKind::Staff);
    let ids = |times: Vec<&ResourceTime>| times.into_iter().map(|time| time.resource).collect::<Vec<EntityId>>();
    for resources in [ids(staff), ids(others)] {
        if resources.is_empty() || first(&question).is_none() {
            continue;
        }
        let mut taken = taken(tx, &resources, around, question.wish.moving).await?;
        for time in &mut question.times {
            time.busy.extend(taken.remove(&time.resource).unwrap_or_default());
        }
    }
    Ok(question)
}

/// The same question about later days, without what is taken.
async fn later(tx: &mut Tx, mut question: Question, asked: &AvailabilityQuestion, from: NaiveDate, last: NaiveDate) -> Result<Question> {
    let zone = time::zone(&locations::get(tx, asked.location).await?.zone)?;
    let end = last.succ_opt().ok_or_else(|| Error::invalid("end_date", "date", "This is not a date."))?;
    question.zone = ZoneWindow::of(zone, from, end);
    question.range = Interval::new(question.zone.day_start(from), question.zone.day_start(end))
        .ok_or_else(|| Error::invalid("end_date", "order", "The end must come after the start."))?;
    let resources: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    let hours = HoursQuestion { resources, location: asked.location, from, to: end.succ_opt().unwrap_or(end), zone };
    let told = calendar::hours(tx, &hours).await?;
    for (time, hours) in question.times.iter_mut().zip(told) {
        time.hours = hours;
        time.busy.clear();
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
