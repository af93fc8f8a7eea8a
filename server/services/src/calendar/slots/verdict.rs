//! The verdict on one proposal: everything that stands against it, not just the first thing found (R15).

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use platform::time::Interval;
use std::collections::BTreeSet;

use super::assignment::matching;
use super::availability::{MINUTE, Stretch, instant, interval, minutes, number, overlap, stretch, without};
use super::claims::without_seat;
use super::known::Known;
use super::profile::{Profile, shifted};
use super::{ResourceTime, Rule, Why, Wish};
use crate::calendar::event::ResourceKind;

/// Why the wish cannot have these resources at this start: all reasons, sorted by rule, resource and time; empty if
/// it can. The start need not lie on the grid. The resources may come in any order.
pub fn verdict(wish: &Wish, times: &[ResourceTime], start: DateTime<Utc>, chosen: &[EntityId]) -> Vec<Why> {
    Bench::new(wish, times, chosen).verdict(start)
}

/// A wish and resources chosen for it, made ready to be judged at many starts.
pub struct Bench<'a> {
    wish: &'a Wish,
    chosen: Vec<Seat<'a>>,
    /// What is wrong with the choice itself, whatever the time.
    kinds: BTreeSet<Why>,
}

/// One of the chosen.
struct Seat<'a> {
    id: EntityId,
    known: Option<Known<'a>>,
    /// None for a treatment without length.
    profile: Option<Profile>,
}

impl<'a> Bench<'a> {
    /// Reads what is known of the chosen, once.
    pub fn new(wish: &'a Wish, times: &'a [ResourceTime], chosen: &[EntityId]) -> Bench<'a> {
        let mut distinct: Vec<EntityId> = Vec::with_capacity(chosen.len());
        for id in chosen {
            if !distinct.contains(id) {
                distinct.push(*id);
            }
        }
        let known: Vec<(EntityId, Option<&ResourceTime>)> =
            distinct.into_iter().map(|id| (id, times.iter().find(|time| time.resource == id))).collect();
        let mut reasons = Reasons(BTreeSet::new());
        let served = reasons.about_kinds(wish, &known);
        let seat = |(&(id, time), need): (&(EntityId, Option<&'a ResourceTime>), Option<usize>)| Seat {
            id,
            known: time.map(|time| Known::of(wish, time)),
            profile: Profile::of(wish, need.map(|need| &wish.needs[need])),
        };
        Bench { wish, chosen: known.iter().zip(served).map(seat).collect(), kinds: reasons.0 }
    }

    /// As [`verdict`].
    pub fn verdict(&self, start: DateTime<Utc>) -> Vec<Why> {
        let mut reasons = Reasons(self.kinds.clone());
        reasons.about_notice(self.wish, start);
        reasons.about_limits(self.wish, start);
        reasons.about_guest(self.wish, start);
        if self.wish.minutes <= 0 {
            // Nothing can be given time that takes none (R1).
            reasons.add(Rule::Kind, None, None);
        }
        for seat in &self.chosen {
            let Some(profile) = &seat.profile else { continue };
            match &seat.known {
                Some(known) => {
                    reasons.about_hours(profile, known, number(start));
                    reasons.about_bookings(profile, known, number(start));
                }
                // Of whom nothing is known it can't be said that they are there.
                None => reasons.add(Rule::Hours, Some(seat.id), interval(shifted((0, profile.treatment), number(start)))),
            }
        }
        reasons.0.into_iter().collect()
    }
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

    /// Days, weeks and months in which no more may begin (R9).
    fn about_limits(&mut self, wish: &Wish, start: DateTime<Utc>) {
        for full in wish.full.iter().filter(|full| overlap(stretch(full), (number(start), number(start).saturating_add(1)))) {
            self.add(Rule::Limit, None, Some(*full));
        }
    }

    /// Where whoever it is for would be besides.
    fn about_guest(&mut self, wish: &Wish, start: DateTime<Utc>) {
        let during = (number(start), number(start).saturating_add(minutes(wish.minutes)));
        let Some(guest) = &wish.guest else { return };
        for other in guest.elsewhere.iter().filter(|other| overlap(stretch(other), during)) {
            self.add(Rule::Busy, Some(guest.id), Some(*other));
        }
    }

    /// Whether each need is served by one of the chosen, and each of the chosen serves a need: which one.
    fn about_kinds(&mut self, wish: &Wish, chosen: &[(EntityId, Option<&ResourceTime>)]) -> Vec<Option<usize>> {
        if wish.needs.is_empty() {
            return vec![None; chosen.len()];
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
        // Given in the order of the needs, as the search gives them, each serves its own.
        let in_order = serves.len() == wish.needs.len() && serves.iter().enumerate().all(|(n, needs)| needs.contains(&n));
        let matched = if in_order { (0..serves.len()).map(Some).collect() } else { matching(&serves, wish.needs.len()) };
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
        matched
    }

    /// Whether the resource is there for the whole treatment (R6), and for its buffers if they must lie inside (R7). A
    /// break is a reason even where the hours are one already: reasons don't hide one another.
    fn about_hours(&mut self, profile: &Profile, known: &Known, start: i64) {
        let present = shifted(profile.present, start);
        for outside in without(&[present], known.opened(present)) {
            self.add(Rule::Hours, Some(known.resource()), interval(outside));
        }
        for (rule, during) in known.closed(present) {
            self.add(rule, Some(known.resource()), Some(during));
        }
    }

    /// Whom it would collide with: `busy` if the treatment overlaps the other's own time, `buffer` if only the
    /// buffers make them overlap (R7), never both for one other; `capacity` if several fit and no seat is left.
    fn about_bookings(&mut self, profile: &Profile, known: &Known, start: i64) {
        let resource = Some(known.resource());
        let claims = known.claims(profile.hull(start));
        let core: Vec<Stretch> = profile.core.iter().map(|span| shifted(*span, start)).collect();
        let taken: Vec<Stretch> = profile.taken.iter().map(|span| shifted(*span, start)).collect();
        let meets = |spans: &[Stretch], other: Stretch| spans.iter().any(|span| overlap(*span, other));
        let counted = known.capacity > 1;
        let full = if counted { without_seat(claims.iter().copied(), known.capacity) } else { Vec::new() };
        for claim in claims {
            if claim.is_same_class(shifted((0, profile.treatment), start)) {
                if claim.seats >= known.capacity && meets(&core, claim.own) {
                    self.add(Rule::Capacity, resource, interval(claim.own));
                }
            } else if counted && !claim.session {
                // Only who sits there in a minute without a seat is in the way.
                let crowded = taken.iter().flat_map(|span| full.iter().map(|full| (span.0.max(full.0), span.1.min(full.1))));
                if crowded.filter(|both| both.0 < both.1).any(|both| overlap(both, claim.occupied)) {
                    let during = if meets(&core, claim.own) { claim.own } else { claim.occupied };
                    self.add(Rule::Capacity, resource, interval(during));
                }
            } else if meets(&core, claim.own) {
                self.add(Rule::Busy, resource, interval(claim.own));
            } else if meets(&taken, claim.occupied) {
                self.add(Rule::Buffer, resource, interval(claim.occupied));
            }
        }
    }
}
