//! Which resources it would be: those that somebody names, those that it has, or the first that are free.

use chrono::{DateTime, TimeDelta, Utc};
use platform::id::EntityId;

use super::{Need, ResourceTime, Segment, Slot, Wish, verdict};
use crate::calendar::event::ResourceKind;

/// The first need's resource with the others asked for, or with the first that are free; where none is free, the first
/// of each sort, so that the reasons can be told.
pub fn choose(wish: &Wish, times: &[ResourceTime], first: EntityId, named: Option<&[EntityId]>, start: DateTime<Utc>) -> Vec<EntityId> {
    if let Some(named) = named {
        return in_order(wish, first, named);
    }
    free_at(wish, times, start)
        .filter(|slot| slot.resources.first() == Some(&first))
        .map_or_else(|| fallback(wish, first), |slot| slot.resources)
}

/// What it has already, if that is free at the new time, otherwise others that will do.
pub fn keep_or_choose(wish: &Wish, times: &[ResourceTime], first: EntityId, has: &[EntityId], start: DateTime<Utc>) -> Vec<EntityId> {
    let kept = in_order(wish, first, has);
    if verdict(wish, times, start, &kept).is_empty() {
        return kept;
    }
    choose(wish, times, first, None, start)
}

/// The first need's resource first, then of those named one for each need in the order of the needs, then whatever else is
/// named.
fn in_order(wish: &Wish, first: EntityId, named: &[EntityId]) -> Vec<EntityId> {
    let mut chosen = vec![first];
    for need in wish.needs.iter().skip(1) {
        // The other people need not be named: each treatment has but one.
        let known = named.iter().chain(need.any_of.iter().filter(|_| need.role == ResourceKind::Staff));
        chosen.extend(known.copied().find(|id| need.any_of.contains(id) && !chosen.contains(id)));
    }
    for id in named {
        if !chosen.contains(id) {
            chosen.push(*id);
        }
    }
    chosen
}

/// Who is free at exactly this start, whether or not it lies on the grid of offered starts.
pub fn free_at(wish: &Wish, times: &[ResourceTime], start: DateTime<Utc>) -> Option<Slot> {
    let mut chosen = Vec::new();
    for need in &wish.needs {
        // One need at a time: with one candidate each, the verdict tells whether it is free.
        let free = need.any_of.iter().copied().find(|id| {
            !chosen.contains(id) && {
                // Whether the patient has time is no matter of the room.
                let needs = vec![Need { any_of: vec![*id], ..need.clone() }];
                let alone = Wish { needs, guest: None, ..wish.clone() };
                verdict(&alone, times, start, &[*id]).is_empty()
            }
        })?;
        chosen.push(free);
    }
    let end = start + TimeDelta::minutes(i64::from(wish.minutes));
    Some(Slot { start, end, resources: chosen })
}

fn fallback(wish: &Wish, first: EntityId) -> Vec<EntityId> {
    let mut chosen = vec![first];
    for need in wish.needs.iter().skip(1) {
        chosen.extend(need.any_of.iter().copied().find(|id| !chosen.contains(id)));
    }
    chosen
}

/// The segments of a visit of another length than its treatment's: one that ends with the treatment ends with the visit,
/// what would lie beyond it is left out. What is taken throughout stays so.
pub fn fitted(segments: &[Segment], duration: i32, minutes: i32) -> Vec<Segment> {
    let longer = |segment: &Segment| if segment.to == duration { minutes } else { segment.to.min(minutes) };
    let mut fitted: Vec<Segment> =
        segments.iter().map(|segment| Segment { from: segment.from, to: longer(segment) }).filter(|one| one.from < one.to).collect();
    if fitted.is_empty() && !segments.is_empty() {
        // So short a visit never reaches the first segment: the resource is taken for all of it rather than not at all.
        fitted.push(Segment { from: 0, to: minutes });
    }
    fitted
}
