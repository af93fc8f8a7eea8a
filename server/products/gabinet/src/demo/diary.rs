//! The diary of some weeks: each working practitioner's day is filled from the front, in turn, so that rooms are shared
//! fairly. Everything is read once and kept in mind; the same search that serves the booking form finds the times.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Result, Tx,
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use services::{
    calendar::{
        ResourceKind,
        slots::{self, Busy, Need, ResourceTime, Slot, Wish},
    },
    hooks::DemoTenant,
};

use super::{Dice, Staff, catalogue::Clinic, outcome};
use crate::{
    appointments::{self, AvailabilityQuestion, PastVisit},
    patients::Patient,
    treatments::Treatment,
};

/// Which clinic's diary, and when.
pub(super) struct Around<'a> {
    pub clinic: &'a Clinic,
    pub tenant: &'a DemoTenant,
    /// First day.
    pub from: NaiveDate,
    pub today: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
    pub now: DateTime<Utc>,
}

/// Treatments tried before a practitioner's day counts as full.
const TRIES: usize = 2;

/// Of so many treatments at random one is booked.
const CHOICES: usize = 3;

/// Fills the diary and writes it.
pub(super) async fn write(tx: &mut Tx, around: &Around<'_>, catalogue: &[Treatment], staff: &Staff, patients: &[Patient]) -> Result<()> {
    let Some(mut book) = Book::open(tx, around, catalogue).await? else { return Ok(()) };
    let mut dice = Dice(0x5EED);
    let mut seen = HashSet::new();
    let mut visits: Vec<PastVisit<'_>> = Vec::new();
    for date in around.from.iter_days().take_while(|date| *date < around.to) {
        let mut planned = book.fill(date, fullness(around, date), staff, &mut dice);
        planned.sort_by_key(|(_, slot)| slot.start);
        let mut today = Vec::with_capacity(planned.len());
        let mut there = HashSet::new();
        for (treatment, slot) in planned {
            // Nobody comes twice a day; there are more patients than visits.
            let Some(patient) = (0..patients.len()).map(|_| &patients[dice.roll(patients.len())]).find(|one| there.insert(one.id)) else {
                continue;
            };
            let place = book.place(&slot);
            let (start, end) = (slot.start, slot.end);
            let outcome = outcome::of(start, end, around.now, date == around.today, &mut dice);
            let first = !outcome.fell_through() && seen.insert(patient.id);
            today.push((
                outcome,
                PastVisit {
                    patient,
                    first,
                    treatment: &catalogue[treatment],
                    resources: slot.resources,
                    place,
                    start,
                    booked_at: start,
                    steps: Vec::new(),
                    reason: String::new(),
                },
            ));
        }
        if date == around.today {
            let mut times: Vec<_> = today.iter_mut().map(|(outcome, visit)| (outcome, visit.start)).collect();
            outcome::somebody_waits(&mut times, around.now);
        }
        for (outcome, mut visit) in today {
            let end = visit.start + TimeDelta::minutes(i64::from(visit.treatment.duration));
            let told = outcome::tell(outcome, (visit.start, end), around.now, &mut dice);
            visit.booked_at = told.booked_at;
            visit.steps = told.steps;
            if outcome == outcome::Outcome::Cancelled {
                let reasons = around.clinic.reasons;
                visit.reason = reasons[dice.roll(reasons.len())].into();
            }
            visits.push(visit);
        }
    }
    appointments::take_over(tx, around.tenant.location, &visits).await
}

/// How full a day is, in percent: today most, later ones the less the farther they are.
fn fullness(around: &Around<'_>, date: NaiveDate) -> usize {
    match (date - around.today).num_days() {
        ..0 => 70,
        0 => 92,
        1..=7 => 65,
        8..=14 => 45,
        _ => 28,
    }
}

/// What is free, kept in mind.
struct Book {
    /// One per treatment of the catalogue.
    wishes: Vec<Wish>,
    times: BTreeMap<EntityId, ResourceTime>,
    zone: ZoneWindow,
    names: BTreeMap<EntityId, String>,
    treatments: Vec<EntityId>,
}

impl Book {
    /// One question a treatment for all the weeks; none for an empty catalogue.
    async fn open(tx: &mut Tx, around: &Around<'_>, catalogue: &[Treatment]) -> Result<Option<Book>> {
        let (mut wishes, mut times, mut names, mut zone) = (Vec::new(), BTreeMap::new(), BTreeMap::new(), None);
        for treatment in catalogue {
            let asked = AvailabilityQuestion {
                location: around.tenant.location,
                treatment: treatment.id,
                employee: None,
                patient: None,
                from: around.from,
                to: around.to,
                moving: None,
                further: Vec::new(),
                channel: Default::default(),
            };
            let question = appointments::question(tx, &asked).await?;
            times.extend(question.times.into_iter().map(|time| (time.resource, time)));
            names.extend(question.names);
            zone = Some(question.zone);
            wishes.push(Wish { now: None, ..question.wish });
        }
        let treatments = catalogue.iter().map(|treatment| treatment.id).collect();
        Ok(zone.map(|zone| Book { wishes, times, zone, names, treatments }))
    }

    /// A day's visits: treatment by its place in the catalogue, and time.
    fn fill(&mut self, date: NaiveDate, fullness: usize, staff: &Staff, dice: &mut Dice) -> Vec<(usize, Slot)> {
        let day = self.zone.day(date);
        let mut times = self.of_day(day);
        let mut filled = Vec::new();
        // Until when each one's day is filled, and how often in vain.
        let mut fronts: Vec<(DateTime<Utc>, usize)> = staff
            .iter()
            .map(|(id, _)| {
                let opens = times.iter().find(|time| time.resource == *id).and_then(|time| time.hours.windows.first());
                (opens.map_or(day.end, |window| window.start.max(day.start)), 0)
            })
            .collect();
        while let Some(next) = (0..staff.len()).filter(|n| fronts[*n].0 < day.end && fronts[*n].1 < TRIES).min_by_key(|n| fronts[*n].0) {
            let (employee, treatments) = &staff[next];
            // Of some treatments the one that can begin first: nobody waits an hour for the laser to be free.
            let rest = Interval { start: fronts[next].0, end: day.end };
            let slot = (0..CHOICES)
                .filter_map(|_| {
                    let treatment = treatments.get(dice.roll(treatments.len()))?;
                    let treatment = self.treatments.iter().position(|id| id == treatment)?;
                    let wish = for_one(&self.wishes[treatment], *employee);
                    slots::earliest(&wish, &times, &self.zone, rest).map(|slot| (treatment, slot))
                })
                .min_by_key(|(_, slot)| slot.start);
            let Some((treatment, slot)) = slot else {
                fronts[next].1 += 1;
                continue;
            };
            let wish = &self.wishes[treatment];
            for time in times.iter_mut().filter(|time| slot.resources.contains(&time.resource)) {
                let activity = EntityId::new();
                time.busy.push(Busy {
                    activity,
                    start: slot.start,
                    end: slot.end,
                    before: wish.before,
                    after: wish.after,
                    seats: 1,
                    session: None,
                });
            }
            let pause = if dice.roll(100) < fullness { 0 } else { 30 + 15 * dice.roll(5) };
            fronts[next] = (slot.end + TimeDelta::minutes(i64::try_from(pause).unwrap_or(0)), 0);
            filled.push((treatment, slot));
        }
        filled
    }

    /// What is known of everybody's time on one day.
    fn of_day(&self, day: Interval) -> Vec<ResourceTime> {
        self.times
            .values()
            .map(|time| {
                let mut time = time.clone();
                time.hours.windows.retain(|window| window.overlaps(&day));
                time.hours.closed.retain(|closed| closed.during.overlaps(&day));
                time.busy.retain(|busy| busy.start < day.end && busy.end > day.start);
                time
            })
            .collect()
    }

    /// Room and device by name.
    fn place(&self, slot: &Slot) -> String {
        slot.resources.iter().skip(1).filter_map(|id| self.names.get(id)).map(String::as_str).collect::<Vec<_>>().join(" · ")
    }
}

/// The wish with this practitioner and no other.
fn for_one(wish: &Wish, employee: EntityId) -> Wish {
    let mut wish = wish.clone();
    for need in wish.needs.iter_mut().filter(|need: &&mut Need| need.role == ResourceKind::Staff) {
        need.any_of.retain(|id| *id == employee);
    }
    wish
}
