//! The search: one sweep over the grid, with a cursor in each resource's free starts.

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use platform::order;
use platform::time::{Interval, ZoneWindow};
use std::collections::HashMap;

use super::assignment::first_assignment;
use super::availability::{MINUTE, Stretch, elsewhere, free_starts, instant, number, stretch, union, without};
use super::profile::Profile;
use super::{Need, ResourceTime, Slot, Wish, grid};

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

/// A resource that will do for a need.
struct Candidate {
    /// Its place among all resources that are candidates.
    resource: usize,
    /// The first need for which it was looked at: others of the same shape find the same starts.
    need: usize,
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
    let Some(whole) = Profile::of(wish, None) else { return Vec::new() };
    let index = grid::index(times);
    let mut field = Field::of(wish, &index);
    let allowed = allowed(wish, stretch(&range));
    let mut starts = grid::starts(wish, &index, zone, allowed);
    // The present time of what is moved need not lie on the grid (R11).
    if let Some(present) = wish.present.map(number).filter(|present| allowed.0 <= *present && *present < allowed.1)
        && let Err(place) = starts.binary_search(&present)
    {
        starts.insert(place, present);
    }
    // A limit that is reached leaves none of its day, week or month (R9), and nobody can be in two places at once.
    let refused = union(wish.full.iter().map(stretch).chain(elsewhere(wish)).collect());
    let open = without(&[allowed], &refused);

    let mut found = Vec::new();
    let mut ahead = 0;
    for start in starts {
        while open.get(ahead).is_some_and(|open| open.1 <= start) {
            ahead += 1;
        }
        if found.len() == at_most || ahead == open.len() {
            break;
        }
        if start < open[ahead].0 {
            continue;
        }
        let Some(resources) = field.serve(start) else { continue };
        if let (Some(start), Some(end)) = (instant(start), instant(start.saturating_add(whole.treatment))) {
            found.push(Slot { start, end, resources });
        }
    }
    found
}

/// The part of the range that notice and horizon leave (R8).
pub(super) fn allowed(wish: &Wish, (mut from, mut to): Stretch) -> Stretch {
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
struct Field {
    ids: Vec<EntityId>,
    candidates: Vec<Candidate>,
    needs: Vec<Vec<usize>>,
    /// Whether a resource that two needs want may have to be left to the second.
    shared: bool,
}

impl Field {
    fn of(wish: &Wish, index: &HashMap<EntityId, &ResourceTime>) -> Field {
        let mut field = Field { ids: Vec::new(), candidates: Vec::new(), needs: Vec::with_capacity(wish.needs.len()), shared: false };
        let mut places: HashMap<EntityId, Vec<usize>> = HashMap::new();
        for (number, need) in wish.needs.iter().enumerate() {
            let Some(profile) = Profile::of(wish, Some(need)) else { continue };
            let mut served_by = Vec::with_capacity(need.any_of.len());
            for id in &need.any_of {
                let Some(time) = index.get(id).filter(|time| time.role == need.role) else { continue };
                let known = places.entry(*id).or_default();
                let same = |other: &Need| other.segments == need.segments && other.within == need.within;
                let alike = known.iter().find(|&&place| same(&wish.needs[field.candidates[place].need]));
                let place = alike.copied().unwrap_or_else(|| {
                    let resource = known.first().map_or(field.ids.len(), |&place| field.candidates[place].resource);
                    if resource == field.ids.len() {
                        field.ids.push(*id);
                    }
                    field.candidates.push(Candidate { resource, need: number, free: free_starts(wish, &profile, time), cursor: 0 });
                    known.push(field.candidates.len() - 1);
                    field.candidates.len() - 1
                });
                if !served_by.contains(&place) {
                    served_by.push(place);
                }
            }
            field.needs.push(served_by);
        }
        field.shared = field.needs.iter().map(Vec::len).sum::<usize>() > field.ids.len();
        field
    }

    /// A free resource for each need, or none.
    fn serve(&mut self, start: i64) -> Option<Vec<EntityId>> {
        let candidates = &mut self.candidates;
        if !self.shared {
            let mut first = |need: &Vec<usize>| need.iter().copied().find(|&place| candidates[place].is_free(start));
            let chosen: Option<Vec<usize>> = self.needs.iter().map(&mut first).collect();
            return Some(chosen?.into_iter().map(|place| self.ids[self.candidates[place].resource]).collect());
        }
        let mut of_need = |need: &Vec<usize>| -> Vec<usize> {
            let free = need.iter().copied().filter(|&place| candidates[place].is_free(start)).collect::<Vec<_>>();
            free.into_iter().map(|place| candidates[place].resource).collect()
        };
        let free: Vec<Vec<usize>> = self.needs.iter().map(&mut of_need).collect();
        let chosen = first_assignment(&free, self.ids.len())?;
        Some(chosen.into_iter().map(|resource| self.ids[resource]).collect())
    }
}
