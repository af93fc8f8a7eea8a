//! What has been given of a resource's time, as it is counted: bookings by their seats, and classes as a whole.

use platform::id::EntityId;

use super::availability::{Stretch, minutes, number, union};
use super::{Busy, ResourceTime, Wish};

/// A booking, or all bookings of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Start and end of the other's own time.
    pub(super) own: Stretch,
    /// With its buffers (R7).
    pub(super) occupied: Stretch,
    pub(super) seats: i64,
    /// Whether it is a class: it takes the resource as a whole, and others join it.
    pub(super) session: bool,
}

impl Claim {
    fn of(busy: &Busy) -> Claim {
        let own = (number(busy.start), number(busy.end));
        let occupied = (own.0.saturating_sub(minutes(busy.before)), own.1.saturating_add(minutes(busy.after)));
        Claim { own, occupied, seats: i64::from(busy.seats.max(1)), session: busy.session.is_some() }
    }

    fn with(self, other: Claim) -> Claim {
        let hull = |a: Stretch, b: Stretch| (a.0.min(b.0), a.1.max(b.1));
        Claim { own: hull(self.own, other.own), occupied: hull(self.occupied, other.occupied), seats: self.seats + other.seats, ..self }
    }

    /// Whether a treatment with these times would be one more seat of it, full or not.
    pub(super) fn is_same_class(&self, treatment: Stretch) -> bool {
        self.session && self.own == treatment
    }
}

/// How many the resource takes at once.
pub(super) fn capacity(time: &ResourceTime) -> i64 {
    i64::from(time.capacity.max(1))
}

/// What counts: not the one that is being moved (R11).
pub(super) fn claims(wish: &Wish, time: &ResourceTime) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::with_capacity(time.busy.len());
    let mut sessions: Vec<(EntityId, usize, Claim)> = Vec::new();
    for (place, busy) in time.busy.iter().enumerate() {
        if wish.moving == Some(busy.activity) || busy.start >= busy.end {
            continue;
        }
        match busy.session {
            Some(session) => sessions.push((session, place, Claim::of(busy))),
            None => claims.push(Claim::of(busy)),
        }
    }
    sessions.sort_unstable_by_key(|(session, place, _)| (*session, *place));
    for class in sessions.chunk_by(|(one, ..), (next, ..)| one == next) {
        claims.extend(class.iter().map(|(_, _, claim)| *claim).reduce(Claim::with));
    }
    claims
}

/// The stretches in which bookings leave no seat, in order and apart. Sessions are not asked.
pub(super) fn without_seat<'a>(claims: impl Iterator<Item = &'a Claim>, capacity: i64) -> Vec<Stretch> {
    let plain = claims.filter(|claim| !claim.session);
    if capacity <= 1 {
        return union(plain.map(|claim| claim.occupied).collect());
    }
    // At one instant who leaves comes before who comes: touching is not overlapping (R1).
    let mut turns: Vec<(i64, i64)> = plain.flat_map(|claim| [(claim.occupied.0, claim.seats), (claim.occupied.1, -claim.seats)]).collect();
    turns.sort_unstable();
    let (mut taken, mut since, mut full) = (0, None, Vec::new());
    for (at, seats) in turns {
        taken += seats;
        match since {
            None if taken >= capacity => since = Some(at),
            Some(from) if taken < capacity => {
                full.push((from, at));
                since = None;
            }
            _ => {}
        }
    }
    // Full until an instant and again from it on is full throughout.
    union(full)
}
