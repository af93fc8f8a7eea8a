//! The earliest time over everybody, without reading more than it takes to find it.
//!
//! Most searches end within a day, but they are asked about months. So the days are gone through in windows that grow,
//! and what is taken is asked of the masks first ([`masks`]): they never refuse a time that is free, so nothing before what
//! they leave can be had. What they leave is judged by the bookings of that very time; if those are against it, by the
//! bookings of that day, and the search goes on behind it.

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
        self,
        masks::{self, Stretches},
        slots::{self, Busy, ResourceTime, Slot},
    },
    hooks::HoursQuestion,
};

use crate::appointments::{self, AvailabilityQuestion, AvailableSlot, Question};

/// The longest search, in days.
const LONGEST_SEARCH: i64 = 93;
/// The first window, in days.
const FIRST: u64 = 2;
/// How many times longer each window is than the one before.
const GROWTH: u64 = 8;

/// The earliest free time of the range, over everybody who is qualified unless somebody was asked for: the first of
/// [`appointments::availability`].
///
/// # Errors
/// As [`appointments::question`].
pub async fn earliest(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<Option<AvailableSlot>> {
    check(asked)?;
    let mut from = asked.from;
    let mut length = FIRST;
    // The question about the window before, where the next differs from it in nothing but hours and what is taken.
    let mut known: Option<Question> = None;
    loop {
        let last = from.checked_add_days(Days::new(length - 1)).unwrap_or(asked.to).min(asked.to);
        let window = AvailabilityQuestion { from, to: last, ..asked.clone() };
        let found = if let Some(question) = known.take() {
            let mut question = later(tx, question, &window).await?;
            let found = masked(tx, &mut question).await?;
            known = Some(question);
            found
        } else if asked.further.is_empty() {
            let (mut question, treatment) = appointments::ground(tx, &window).await?;
            let rules = &treatment.rules;
            if rules.seats > 1 {
                // In a session that is taken there may be a seat left.
                first(&appointments::question(tx, &window).await?)
            } else {
                let found = masked(tx, &mut question).await?;
                // Limits are not the same in every window: they are read anew with it.
                let unlimited = [rules.per_day, rules.per_week, rules.per_month].iter().all(Option::is_none);
                known = unlimited.then_some(question);
                found
            }
        } else {
            first(&appointments::question(tx, &window).await?)
        };
        if found.is_some() || last >= asked.to {
            return Ok(found.map(AvailableSlot::from));
        }
        from = next(last)?;
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
    within(question, &question.times, question.range)
}

/// As [`first`], by other knowledge of everybody's time and in a part of the range.
fn within(question: &Question, times: &[ResourceTime], range: Interval) -> Option<Slot> {
    let first = |wish| slots::earliest(wish, times, &question.zone, range);
    question.wishes().iter().filter_map(first).min_by_key(|slot| slot.start)
}

/// The first slot of the question, of which nothing is known yet but the ground. It is left with what the masks say.
async fn masked(tx: &mut Tx, question: &mut Question) -> Result<Option<Slot>> {
    let resources: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    let mut known = masks::masked(tx, &resources, around(question, question.range), question.wish.moving).await?;
    for time in &mut question.times {
        time.busy = busy(known.remove(&time.resource).unwrap_or_default());
    }
    let mut range = question.range;
    while let Some(candidate) = within(question, &question.times, range) {
        let day = question.zone.day(question.zone.date(candidate.start)).end;
        let there = Interval { start: candidate.start, end: candidate.start + TimeDelta::minutes(1) };
        // Mostly it is as the masks say. Where it is not, something odd lies around, and more of it nearby.
        for part in [there, Interval { start: candidate.start, end: day.max(there.end).min(range.end) }] {
            let times = judged(tx, question, &resources, part).await?;
            if let Some(slot) = within(question, &times, part) {
                return Ok(Some(slot));
            }
        }
        match Interval::new(day.max(there.end), range.end) {
            Some(rest) => range = rest,
            None => break,
        }
    }
    Ok(None)
}

/// Everybody's time by what is truly booked, for starts in this part of the range.
async fn judged(tx: &mut Tx, question: &Question, resources: &[EntityId], part: Interval) -> Result<Vec<ResourceTime>> {
    let mut taken = masks::taken(tx, resources, around(question, part), question.wish.moving).await?;
    let with = |time: &ResourceTime| ResourceTime {
        resource: time.resource,
        role: time.role,
        capacity: time.capacity,
        hours: time.hours.clone(),
        busy: busy(taken.remove(&time.resource).unwrap_or_default()),
    };
    Ok(question.times.iter().map(with).collect())
}

/// All that starts in the range can touch: no start takes anything outside of it but its own buffers and minutes.
fn around(question: &Question, range: Interval) -> Interval {
    let minutes = question.own.iter().map(|own| own.minutes).chain([question.wish.minutes]).max().unwrap_or_default();
    let margin = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
    Interval { start: range.start - margin(question.wish.before), end: range.end + margin(minutes) + margin(question.wish.after) }
}

/// Stretches as bookings of nobody in particular.
fn busy(stretches: Stretches) -> Vec<Busy> {
    let nobody = EntityId(uuid::Uuid::nil());
    let busy =
        |(start, end): (DateTime<Utc>, DateTime<Utc>)| Busy { activity: nobody, start, end, before: 0, after: 0, seats: 1, session: None };
    stretches.into_iter().map(busy).collect()
}

/// The same question about other days, without what is taken.
async fn later(tx: &mut Tx, mut question: Question, asked: &AvailabilityQuestion) -> Result<Question> {
    let zone = time::zone(&locations::get(tx, asked.location).await?.zone)?;
    let end = next(asked.to)?;
    question.zone = ZoneWindow::of(zone, asked.from, end);
    question.range = Interval::new(question.zone.day_start(asked.from), question.zone.day_start(end))
        .ok_or_else(|| Error::invalid("end_date", "order", "The end must come after the start."))?;
    let resources: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    let hours = HoursQuestion { resources, location: asked.location, from: asked.from, to: end.succ_opt().unwrap_or(end), zone };
    let told = calendar::hours(tx, &hours).await?;
    for (time, hours) in question.times.iter_mut().zip(told) {
        time.hours = hours;
    }
    Ok(question)
}

fn next(date: NaiveDate) -> Result<NaiveDate> {
    date.succ_opt().ok_or_else(|| Error::invalid("end_date", "date", "This is not a date."))
}
