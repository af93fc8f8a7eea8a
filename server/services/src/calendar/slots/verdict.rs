//! The verdict on one proposal: everything that stands against it, not just the first thing found (R15).

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use platform::time::Interval;
use std::collections::BTreeSet;

use super::assignment::matching;
use super::availability::{Lengths, MINUTE, counts, instant, interval, number, occupied, opened, overlap, stretch, without};
use super::{ResourceTime, Rule, Why, Wish};
use crate::calendar::event::ResourceKind;

/// Why the wish cannot have these resources at this start: all reasons, sorted by rule, resource and time; empty if
/// it can. The start need not lie on the grid. The resources may come in any order.
pub fn verdict(wish: &Wish, times: &[ResourceTime], start: DateTime<Utc>, chosen: &[EntityId]) -> Vec<Why> {
    let mut reasons = Reasons(BTreeSet::new());
    reasons.about_notice(wish, start);
    let mut distinct: Vec<EntityId> = Vec::with_capacity(chosen.len());
    for id in chosen {
        if !distinct.contains(id) {
            distinct.push(*id);
        }
    }
    let known: Vec<(EntityId, Option<&ResourceTime>)> =
        distinct.into_iter().map(|id| (id, times.iter().find(|time| time.resource == id))).collect();
    reasons.about_kinds(wish, &known);
    match Lengths::of(wish) {
        // Nothing can be given time that takes none (R1).
        None => reasons.add(Rule::Kind, None, None),
        Some(lengths) => {
            for (id, time) in known {
                match time {
                    Some(time) => {
                        reasons.about_hours(lengths, time, number(start));
                        reasons.about_bookings(wish, lengths, time, number(start));
                    }
                    // Of whom nothing is known it can't be said that they are there.
                    None => reasons.add(Rule::Hours, Some(id), interval(lengths.treatment(number(start)))),
                }
            }
        }
    }
    reasons.0.into_iter().collect()
}

struct Reasons(BTreeSet<Why>);

impl Reasons {
    fn add(&mut self, rule: Rule, resource: Option<EntityId>, during: Option<Interval>) {
        self.0.insert(Why { rule, resource, during });
    }

    /// Past, minimum notice and horizon (R8); without a now there is none of them.
    fn about_notice(&mut self, wish: &Wish, start: DateTime<Utc>) {
        let Some(now) = wish.now else { return };
        // By the microsecond, as the search does.
        if number(start) < number(now) {
            self.add(Rule::Past, None, Interval::new(start, now));
        }
        let notice = i64::from(wish.notice_minutes.max(0)) * MINUTE;
        let first = number(now).saturating_add(notice);
        if notice > 0 && number(start) < first {
            self.add(Rule::Notice, None, interval((number(now), first)));
        }
        if let Some(latest) = wish.latest.filter(|latest| number(*latest) <= number(start)) {
            let end = instant(number(start).saturating_add(i64::from(wish.minutes.max(0)) * MINUTE));
            self.add(Rule::Horizon, None, end.and_then(|end| Interval::new(latest, end)));
        }
    }

    /// Whether each need is served by one of the chosen, and each of the chosen serves a need.
    fn about_kinds(&mut self, wish: &Wish, chosen: &[(EntityId, Option<&ResourceTime>)]) {
        if wish.needs.is_empty() {
            return;
        }
        let role_of = |id: EntityId, time: Option<&ResourceTime>| -> Option<ResourceKind> {
            time.map(|time| time.role).or_else(|| wish.needs.iter().find(|need| need.any_of.contains(&id)).map(|need| need.role))
        };
        let serves: Vec<Vec<usize>> = chosen
            .iter()
            .map(|&(id, time)| {
                let needs = wish.needs.iter().enumerate();
                needs.filter(|(_, need)| role_of(id, time) == Some(need.role) && need.any_of.contains(&id)).map(|(n, _)| n).collect()
            })
            .collect();
        let matched = matching(&serves, wish.needs.len());
        let mut unserved: Vec<ResourceKind> =
            (0..wish.needs.len()).filter(|need| !matched.contains(&Some(*need))).map(|need| wish.needs[need].role).collect();
        for (n, &(id, time)) in chosen.iter().enumerate().filter(|(n, _)| matched[*n].is_none()) {
            let role = role_of(id, time);
            if serves[n].is_empty() && wish.needs.iter().any(|need| Some(need.role) == role) {
                self.add(Rule::Qualification, Some(id), None);
                // Somebody is there for that need, just not the right one: nobody is missing as well.
                if let Some(place) = unserved.iter().position(|need| Some(*need) == role) {
                    unserved.remove(place);
                }
            } else {
                self.add(Rule::Kind, Some(id), None);
            }
        }
        if !unserved.is_empty() {
            self.add(Rule::Kind, None, None);
        }
    }

    /// Whether the resource is there for the whole treatment (R6). Buffers may lie outside its hours (R7). A break
    /// is a reason even where the hours are one already: reasons don't hide one another.
    fn about_hours(&mut self, lengths: Lengths, time: &ResourceTime, start: i64) {
        let treatment = lengths.treatment(start);
        for outside in without(&[treatment], &opened(&time.hours)) {
            self.add(Rule::Hours, Some(time.resource), interval(outside));
        }
        for closed in &time.hours.closed {
            if overlap(treatment, stretch(&closed.during)) && closed.during.start < closed.during.end {
                self.add(closed.rule, Some(time.resource), Some(closed.during));
            }
        }
    }

    /// Whom it would collide with: `busy` if the treatment overlaps the other's own time, `buffer` if only the
    /// buffers make them overlap (R7); never both for one other.
    fn about_bookings(&mut self, wish: &Wish, lengths: Lengths, time: &ResourceTime, start: i64) {
        let (treatment, taken) = (lengths.treatment(start), lengths.occupied(start));
        for busy in time.busy.iter().filter(|busy| counts(wish, busy)) {
            let other = (number(busy.start), number(busy.end));
            if overlap(treatment, other) {
                self.add(Rule::Busy, Some(time.resource), interval(other));
            } else if overlap(taken, occupied(busy)) {
                self.add(Rule::Buffer, Some(time.resource), interval(occupied(busy)));
            }
        }
    }
}
