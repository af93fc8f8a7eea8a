//! The earliest time over everybody, without reading more than it takes to find it.
//!
//! Most searches end within days, but they are asked about months. So the days are gone through in windows that grow, and
//! in bits first ([`coarse`]): hours are kept as such from question to question ([`pages`]), what is taken is read as such
//! ([`masks`]), and neither ever refuses a time that is free, so nothing before what they leave can be had. What they leave
//! is judged by the bookings of that very time; if those are against it, by the bookings of that day, and the search goes
//! on behind it.

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    input::Input,
    time::Interval,
};
use services::calendar::{
    cells::{Cells, cell, page},
    masks::{self, Stretches},
    pages,
    slots::{
        self, Busy, ResourceTime, Slot, Wish,
        coarse::{self, Sketch, Worth},
    },
};

use crate::appointments::{self, Among, AvailabilityQuestion, AvailableSlot, Question};

/// The longest search, in days.
const LONGEST_SEARCH: i64 = 93;
/// The first window, in days: bits come by pages of 28 days.
const FIRST: u64 = 14;
/// The first window where all that is booked in it is read.
const FIRST_READ: u64 = 2;
/// How many times longer each window is than the one before.
const GROWTH: u64 = 8;

/// The earliest free time of the range, over everybody who is qualified unless somebody was asked for: the first of
/// [`appointments::availability`].
///
/// # Errors
/// As [`appointments::question`].
pub async fn earliest(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<Option<AvailableSlot>> {
    earliest_among(tx, asked, &[]).await
}

/// As [`earliest`], with nobody and nothing but some of the practitioners, rooms and devices; of a kind of which none is named
/// any will do.
///
/// # Errors
/// As [`earliest`], and `NotFound` where one of them is not there.
pub async fn earliest_among(tx: &mut Tx, asked: &AvailabilityQuestion, among: &[EntityId]) -> Result<Option<AvailableSlot>> {
    check(asked)?;
    let among = Among::read(tx, among).await?;
    let mut masked = asked.further.is_empty();
    let mut from = asked.from;
    let mut length = if masked { FIRST } else { FIRST_READ };
    loop {
        let last = from.checked_add_days(Days::new(length - 1)).unwrap_or(asked.to).min(asked.to);
        let window = AvailabilityQuestion { from, to: last, ..asked.clone() };
        let found = if masked {
            let (mut question, known) = appointments::outline(tx, &window).await?;
            if known.treatment.rules.seats > 1 {
                // In a session that is taken there may be a seat left.
                (masked, length) = (false, FIRST_READ);
                continue;
            }
            among.narrow(&mut question);
            looked(tx, question, asked.location, known.zone).await?
        } else {
            let mut question = appointments::question(tx, &window).await?;
            among.narrow(&mut question);
            first(&question)
        };
        if found.is_some() || last >= asked.to {
            return Ok(found.map(AvailableSlot::from));
        }
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
    within(&question.wishes(), question, &question.times, question.range)
}

/// The first slot of any of the wishes, by this knowledge of everybody's time and in a part of the range.
fn within(wishes: &[Wish], question: &Question, times: &[ResourceTime], range: Interval) -> Option<Slot> {
    let first = |wish| slots::earliest(wish, times, &question.zone, range);
    wishes.iter().filter_map(first).min_by_key(|slot| slot.start)
}

/// The first slot of the question, of which nothing is known yet but its outline.
async fn looked(tx: &mut Tx, mut question: Question, location: LocationId, zone: Tz) -> Result<Option<Slot>> {
    let wishes = question.wishes();
    let worth = worth(tx, &mut question, &wishes, location, zone).await?;
    let mut from = question.range.start;
    while let Some(at) = worth.iter().filter_map(|worth| worth.next(cell(from))).min() {
        let Some(here) = coarse::starts_of(at) else { break };
        let start = here.start.max(from);
        let Some(there) = Interval::new(start, here.end.min(question.range.end)) else { break };
        let day = question.zone.day(question.zone.date(start)).end.max(there.end);
        // Nobody else can be had there.
        let mut who: Vec<EntityId> = worth.iter().flat_map(|worth| worth.who(at)).collect();
        who.sort_unstable();
        who.dedup();
        let everybody: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
        // Mostly it is as the masks say. Where it is not, something odd lies around, and more of it nearby.
        for (part, who) in [(there, who), (Interval { start, end: day.min(question.range.end) }, everybody)] {
            let times = judged(tx, &question, &who, part).await?;
            if let Some(slot) = within(&wishes, &question, &times, part) {
                return Ok(Some(slot));
            }
        }
        if day >= question.range.end {
            break;
        }
        from = day;
    }
    Ok(None)
}

/// Where it is worth looking, for each wish. Leaves the question with everybody's hours.
async fn worth(tx: &mut Tx, question: &mut Question, wishes: &[Wish], location: LocationId, zone: Tz) -> Result<Vec<Worth>> {
    let resources: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    let around = around(question, question.range);
    let pages = (page(around.start), page(around.end));
    let sheets = pages::sheets(tx, location, zone, &resources, pages).await?;
    let mut masked = masks::masked(tx, &resources, pages, question.wish.moving).await?;
    let mut sketches = HashMap::with_capacity(resources.len());
    for (time, sheet) in question.times.iter_mut().zip(sheets) {
        let taken = masked.remove(&time.resource).unwrap_or_else(|| Cells::none(pages));
        sketches.insert(time.resource, Sketch { role: time.role, open: sheet.open, taken });
        time.hours = sheet.hours;
    }
    Ok(wishes.iter().map(|wish| coarse::worth(wish, &sketches, &question.times, &question.zone, question.range, pages)).collect())
}

/// Everybody's time for starts in this part of the range: of these by what is truly booked, and of nobody else any.
async fn judged(tx: &mut Tx, question: &Question, who: &[EntityId], part: Interval) -> Result<Vec<ResourceTime>> {
    let around = around(question, part);
    let mut taken = masks::taken(tx, who, around, question.wish.moving).await?;
    let with = |time: &ResourceTime| ResourceTime {
        resource: time.resource,
        role: time.role,
        capacity: time.capacity,
        hours: pages::near(&time.hours, around),
        busy: busy(match who.contains(&time.resource) {
            true => taken.remove(&time.resource).unwrap_or_default(),
            // Their hours make the grid all the same.
            false => vec![(around.start, around.end)],
        }),
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
