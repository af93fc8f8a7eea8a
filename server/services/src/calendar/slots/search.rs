//! The search: one sweep over the grid, with a cursor in each resource's free starts.

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use platform::order;
use platform::time::{Interval, ZoneWindow};
use std::collections::HashMap;

use super::assignment::first_assignment;
use super::availability::{Lengths, MINUTE, Stretch, free_starts, instant, number, stretch};
use super::{ResourceTime, Slot, Wish, grid};

/// The free times whose start lies in the range, ordered by instant, one per start. Each need gets the first of its
/// resources that is free, in the order given.
pub fn slots(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval) -> Vec<Slot> {
    sweep(wish, times, zone, range, usize::MAX)
}

/// The first free time whose start lies in the range.
pub fn earliest(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval) -> Option<Slot> {
    sweep(wish, times, zone, range, 1).pop()
}

/// The free times of the range nearest to `start` (R15): the earlier first when two are equally near, listed by
/// instant, with any fitting resources.
pub fn nearest(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval, start: DateTime<Utc>, at_most: usize) -> Vec<Slot> {
    let mut free = slots(wish, times, zone, range);
    // Sorting is stable, and they come by instant.
    order::by_rank(&mut free, |slot| i128::from((slot.start - start).abs().num_milliseconds()));
    free.truncate(at_most);
    order::by_rank(&mut free, |slot| order::instant_then(slot.start, 0));
    free
}

/// A resource that will do.
struct Candidate {
    id: EntityId,
    /// In order and apart.
    free: Vec<Stretch>,
    /// The first of them that does not lie behind the sweep.
    cursor: usize,
}

impl Candidate {
    /// Whether it is free at a start not before the last one asked about.
    fn is_free(&mut self, start: i64) -> bool {
        while self.free.get(self.cursor).is_some_and(|free| free.1 <= start) {
            self.cursor += 1;
        }
        self.free.get(self.cursor).is_some_and(|free| free.0 <= start)
    }
}

fn sweep(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval, at_most: usize) -> Vec<Slot> {
    let Some(lengths) = Lengths::of(wish) else { return Vec::new() };
    let index = grid::index(times);
    let (mut candidates, needs) = candidates(wish, lengths, &index);
    // A resource that two needs want may have to be left to the second.
    let shared = needs.iter().map(Vec::len).sum::<usize>() > candidates.len();

    let mut found = Vec::new();
    for start in grid::starts(wish, &index, zone, allowed(wish, stretch(&range))) {
        if found.len() == at_most {
            break;
        }
        let Some(resources) = serve(&needs, &mut candidates, shared, start) else { continue };
        let (start, end) = lengths.treatment(start);
        if let (Some(start), Some(end)) = (instant(start), instant(end)) {
            found.push(Slot { start, end, resources });
        }
    }
    found
}

/// The part of the range that notice and horizon leave (R8).
fn allowed(wish: &Wish, (mut from, mut to): Stretch) -> Stretch {
    if let Some(now) = wish.now {
        let notice = i64::from(wish.notice_minutes.max(0)) * MINUTE;
        from = from.max(number(now).saturating_add(notice));
        if let Some(latest) = wish.latest {
            to = to.min(number(latest));
        }
    }
    (from, to)
}

/// Whatever can serve a need, and for each need who that is, in its order.
fn candidates(wish: &Wish, lengths: Lengths, index: &HashMap<EntityId, &ResourceTime>) -> (Vec<Candidate>, Vec<Vec<usize>>) {
    let mut candidates = Vec::new();
    let mut places: HashMap<EntityId, usize> = HashMap::new();
    let mut needs = Vec::with_capacity(wish.needs.len());
    for need in &wish.needs {
        let mut served_by = Vec::with_capacity(need.any_of.len());
        for id in &need.any_of {
            let Some(time) = index.get(id).filter(|time| time.role == need.role) else { continue };
            let place = *places.entry(*id).or_insert_with(|| {
                candidates.push(Candidate { id: *id, free: free_starts(wish, lengths, time), cursor: 0 });
                candidates.len() - 1
            });
            if !served_by.contains(&place) {
                served_by.push(place);
            }
        }
        needs.push(served_by);
    }
    (candidates, needs)
}

/// A free resource for each need, or none.
fn serve(needs: &[Vec<usize>], candidates: &mut [Candidate], shared: bool, start: i64) -> Option<Vec<EntityId>> {
    if !shared {
        return needs
            .iter()
            .map(|need| need.iter().find(|&&place| candidates[place].is_free(start)).map(|&place| candidates[place].id))
            .collect();
    }
    let free: Vec<Vec<usize>> =
        needs.iter().map(|need| need.iter().copied().filter(|&place| candidates[place].is_free(start)).collect()).collect();
    let chosen = first_assignment(&free, candidates.len())?;
    Some(chosen.into_iter().map(|place| candidates[place].id).collect())
}
