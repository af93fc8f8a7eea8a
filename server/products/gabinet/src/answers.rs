//! Answers at once: whom a day can be given to when somebody is ill, why a time cannot be had and what would help, the
//! earliest time over everybody, and the best times with their reasons.
//!
//! What is decided is pure and judged by the calendar's own rules ([`services::calendar::slots`]); what is read and
//! written sits beside it.

pub mod best;
#[cfg(feature = "ssr")]
mod earliest;
pub mod reseat;
#[cfg(all(test, feature = "testing"))]
mod tests;
pub mod why_not;

#[cfg(feature = "ssr")]
pub use earliest::{earliest, earliest_among};

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    error::Reason,
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use services::calendar::slots::{Align, Need, ResourceTime, Slot, Why, Wish, slots, verdict};

use crate::appointments::Question;

/// The slot at exactly this start, whether or not it lies on the grid of offered starts: everybody and everything that
/// is needed is free then, each need served by the first of its list that leaves enough for the others.
pub fn at(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, start: DateTime<Utc>) -> Option<Slot> {
    // On a grid of whole minutes almost every start is one of the grid's.
    let minute = Wish { step: 1, align: Align::Clock, ..wish.clone() };
    let here = Interval { start, end: start + TimeDelta::minutes(1) };
    slots(&minute, times, zone, here).into_iter().find(|slot| slot.start == start)
}

/// All that stands against a start. Where several would do for a need and none can, each says why.
pub fn against(wish: &Wish, times: &[ResourceTime], start: DateTime<Utc>) -> Vec<Why> {
    let mut chosen: Vec<EntityId> = Vec::with_capacity(wish.needs.len());
    let mut reasons = Vec::new();
    for need in &wish.needs {
        // Whether the patient has time is asked once, and not of everybody who would do.
        let alone = Wish { needs: vec![need.clone()], guest: None, ..wish.clone() };
        let candidates = need.any_of.iter().filter(|id| !chosen.contains(id));
        let judged: Vec<(EntityId, Vec<Why>)> = candidates.map(|id| (*id, verdict(&alone, times, start, &[*id]))).collect();
        if let Some((best, _)) = judged.iter().min_by_key(|(_, reasons)| reasons.len()) {
            chosen.push(*best);
        }
        if judged.iter().all(|(_, reasons)| !reasons.is_empty()) {
            reasons.extend(judged.into_iter().flat_map(|(_, reasons)| reasons));
        }
    }
    // What concerns no single need: past, notice, a need for which nobody is there.
    reasons.extend(verdict(wish, times, start, &chosen));
    reasons.sort();
    reasons.dedup();
    reasons
}

/// Reasons with the names of what they are about.
pub fn named(why: &[Why], names: &[(EntityId, String)]) -> Vec<Reason> {
    why.iter()
        .map(|why| Reason {
            rule: why.rule.as_str().into(),
            resource: why.resource,
            resource_name: why.resource.and_then(|id| name_of(names, id)),
            from: why.during.map(|during| during.start),
            to: why.during.map(|during| during.end),
        })
        .collect()
}

/// The name of a resource, if it is known.
fn name_of(names: &[(EntityId, String)], id: EntityId) -> Option<String> {
    names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone())
}

/// The wish with one need served by nobody but these.
fn narrowed(wish: &Wish, need: usize, any_of: Vec<EntityId>) -> Wish {
    let needs = wish.needs.iter().enumerate();
    let needs = needs.map(|(n, other)| if n == need { Need { any_of: any_of.clone(), ..other.clone() } } else { other.clone() });
    Wish { needs: needs.collect(), ..wish.clone() }
}

/// The practitioners who are qualified, in the clinic's order.
fn qualified(question: &Question) -> &[EntityId] {
    question.wish.needs.first().map(|need| need.any_of.as_slice()).unwrap_or_default()
}

/// What is wished with one practitioner, qualified or not: nobody else, the treatment's length with them, their own limits.
fn with(question: &Question, employee: EntityId) -> Wish {
    narrowed(&question.with(employee), 0, vec![employee])
}
