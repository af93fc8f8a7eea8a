//! Where a start is worth judging, in cells of five minutes. What is refused here the search refuses too; what is left
//! may be free, and is to be judged by what is truly known. Months of many resources are gone through in no time: whether
//! a treatment fits is asked of all starts at once.

use std::collections::HashMap;

use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};

use super::{
    ResourceTime, Wish,
    availability::{Stretch, elsewhere, instant, number, opened, stretch, union, without},
    grid,
    profile::Profile,
    search::allowed,
};
use crate::calendar::{
    cells::{CELL, Cells, cell, cell_from},
    event::{Hours, ResourceKind},
};

/// Microseconds in a cell.
const MICROS: i64 = CELL * 1_000_000;

/// One resource's time in cells.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub role: ResourceKind,
    /// In which it is there, if only for a part of the cell.
    pub open: Cells,
    /// Which are taken as a whole, each by one booking.
    pub taken: Cells,
}

/// The starts that are worth judging, and with whom.
#[derive(Clone, Debug)]
pub struct Worth {
    starts: Cells,
    free: Vec<(EntityId, Cells)>,
}

/// The cells of which there is something within the hours.
pub fn open(hours: &Hours, pages: (i64, i64)) -> Cells {
    let closed = union(hours.closed.iter().map(|closed| stretch(&closed.during)).collect());
    let mut cells = Cells::none(pages);
    for (from, to) in without(&opened(hours), &closed) {
        cells.set(from.div_euclid(MICROS), rounded_up(to));
    }
    cells
}

/// The starts of the range that are worth judging. The hours in `times` make the grid; bookings are not asked. Sketches
/// are of these pages, which hold all that a start in the range can touch. Resources take one at a time.
pub fn worth(
    wish: &Wish,
    sketches: &HashMap<EntityId, Sketch>,
    times: &[ResourceTime],
    zone: &ZoneWindow,
    range: Interval,
    pages: (i64, i64),
) -> Worth {
    let mut worth = Worth { starts: Cells::none(pages), free: Vec::new() };
    let allowed = allowed(wish, stretch(&range));
    let present = wish.present.map(number).filter(|present| allowed.0 <= *present && *present < allowed.1);
    for start in grid::starts(wish, &grid::index(times), zone, allowed).into_iter().chain(present) {
        let at = start.div_euclid(MICROS);
        worth.starts.set(at, at + 1);
    }
    for full in &wish.full {
        worth.starts.clear(cell_from(full.start), cell(full.end));
    }
    for (from, to) in elsewhere(wish) {
        worth.starts.clear(rounded_up(from), to.div_euclid(MICROS));
    }
    for need in &wish.needs {
        let mut anybody = Cells::none(pages);
        if let Some(profile) = Profile::of(wish, Some(need)) {
            for id in &need.any_of {
                let Some(sketch) = sketches.get(id).filter(|sketch| sketch.role == need.role) else { continue };
                let free = sketch.free(&profile);
                anybody.or(&free);
                worth.free.push((*id, free));
            }
        }
        worth.starts.and(&anybody);
    }
    worth
}

impl Worth {
    /// The first cell, not before `from`, in which a start is worth judging.
    pub fn next(&self, from: i64) -> Option<i64> {
        self.starts.next(from)
    }

    /// Who may be free for a start in the cell.
    pub fn who(&self, cell: i64) -> impl Iterator<Item = EntityId> {
        self.free.iter().filter(move |(_, free)| free.is_set(cell)).map(|(id, _)| *id)
    }
}

impl Sketch {
    /// The cells with a start at which the resource may be free for a treatment of this shape.
    fn free(&self, profile: &Profile) -> Cells {
        // Wherever in its cell the start is, the stretch touches all of these.
        let touched = |span: Stretch| (rounded_up(span.0), rounded_up(span.1));
        let present = touched(profile.present);
        if profile.taken == [profile.present] {
            let mut free = self.open.clone();
            free.without(&self.taken);
            return free.all_of(present.0, present.1);
        }
        let mut free = self.open.clone().all_of(present.0, present.1);
        let untaken = self.taken.clone().negated();
        for span in &profile.taken {
            let (from, to) = touched(*span);
            free.and(&untaken.clone().all_of(from, to));
        }
        free
    }
}

/// The first cell that does not begin before this number.
fn rounded_up(at: i64) -> i64 {
    at.div_euclid(MICROS) + i64::from(at.rem_euclid(MICROS) > 0)
}

/// The instants between which the starts of a cell lie.
pub fn starts_of(cell: i64) -> Option<Interval> {
    let start = cell.checked_mul(MICROS)?;
    Interval::new(instant(start)?, instant(start.checked_add(MICROS)?)?)
}
