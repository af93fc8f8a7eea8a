//! One resource's time as plain numbers: from hours, closures and bookings to the starts at which it is free.

use chrono::{DateTime, Utc};
use platform::time::Interval;

use super::claims::{capacity, claims, without_seat};
use super::profile::Profile;
use super::{ResourceTime, Wish};
use crate::calendar::event::Hours;

/// A half-open stretch in microseconds since 1970. Numbers, because the sweep compares a great many of them and
/// because adding to them cannot panic.
pub(super) type Stretch = (i64, i64);

/// Microseconds in a minute.
pub(super) const MINUTE: i64 = 60_000_000;

/// The instant as a number.
pub(super) fn number(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

/// The stretch as a number; empty if it is empty.
pub(super) fn stretch(interval: &Interval) -> Stretch {
    (number(interval.start), number(interval.end))
}

/// The number as an instant; none beyond the calendar's end.
pub(super) fn instant(number: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(number)
}

/// The stretch as an interval; none if it is empty (R1).
pub(super) fn interval(stretch: Stretch) -> Option<Interval> {
    Interval::new(instant(stretch.0)?, instant(stretch.1)?)
}

/// So many minutes; a length is never negative.
pub(super) fn minutes(count: i32) -> i64 {
    i64::from(count.max(0)) * MINUTE
}

/// The starts at which whoever it is for would still be, or be already, elsewhere.
pub(super) fn elsewhere(wish: &Wish) -> impl Iterator<Item = Stretch> {
    let length = minutes(wish.minutes);
    // The first start that is too late to be over before the other begins is the one after that which is just over.
    let starts = move |other: &Interval| (number(other.start).saturating_sub(length).saturating_add(1), number(other.end));
    wish.guest.iter().flat_map(|guest| &guest.elsewhere).map(starts)
}

/// Whether the two share an instant (R1).
pub(super) fn overlap(a: Stretch, b: Stretch) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// The stretches in order and apart: what overlaps or touches becomes one, so that adjoining windows over midnight
/// are one for fitting (R6).
pub(super) fn union(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.retain(|stretch| stretch.0 < stretch.1);
    stretches.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for next in stretches {
        match joined.last_mut() {
            Some(last) if next.0 <= last.1 => last.1 = last.1.max(next.1),
            _ => joined.push(next),
        }
    }
    joined
}

/// What is left of some stretches without others; both in order and apart.
pub(super) fn without(stretches: &[Stretch], holes: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::with_capacity(stretches.len() + holes.len());
    let mut first = 0;
    for &(start, end) in stretches {
        while holes.get(first).is_some_and(|hole| hole.1 <= start) {
            first += 1;
        }
        let mut from = start;
        for hole in holes[first..].iter().take_while(|hole| hole.0 < end) {
            if from < hole.0 {
                left.push((from, hole.0));
            }
            from = from.max(hole.1);
        }
        if from < end {
            left.push((from, end));
        }
    }
    left
}

/// The windows as written, adjoining ones joined.
pub(super) fn opened(hours: &Hours) -> Vec<Stretch> {
    if hours.always { vec![(i64::MIN, i64::MAX)] } else { union(hours.windows.iter().map(stretch).collect()) }
}

/// The starts at which the resource is free for a treatment of this shape, whatever the grid; in order and apart.
pub(super) fn free_starts(wish: &Wish, profile: &Profile, time: &ResourceTime) -> Vec<Stretch> {
    let closed = union(time.hours.closed.iter().map(|closed| stretch(&closed.during)).collect());
    let present = without(&opened(&time.hours), &closed);
    // The last start that fits is the window's end less the treatment; it is the last one in a half-open stretch.
    let fitting: Vec<Stretch> = present
        .into_iter()
        .map(|(start, end)| (start.saturating_sub(profile.present.0), end.saturating_sub(profile.present.1).saturating_add(1)))
        .filter(|(start, end)| start < end)
        .collect();

    let (claims, capacity) = (claims(wish, time), capacity(time));
    let mut taken: Vec<Stretch> = Vec::new();
    let mut joined: Vec<(i64, Vec<Stretch>)> = Vec::new();
    for full in without_seat(claims.iter(), capacity) {
        taken.extend(colliding(profile, full));
    }
    for claim in claims.iter().filter(|claim| claim.session) {
        let collisions = colliding(profile, claim.occupied);
        if claim.seats < capacity && claim.own.1 - claim.own.0 == profile.treatment {
            joined.push((claim.own.0, collisions.collect()));
        } else {
            taken.extend(collisions);
        }
    }
    if joined.is_empty() {
        return without(&fitting, &union(taken));
    }
    // At the start of a class with a seat left that class is no obstacle; every other one is.
    let clear = without(&fitting, &union(taken.clone()));
    let seats = joinable(&clear, &joined);
    taken.extend(joined.into_iter().flat_map(|(_, collisions)| collisions));
    let mut free = without(&fitting, &union(taken));
    free.extend(seats.into_iter().map(|start| (start, start + 1)));
    union(free)
}

/// The starts at which the treatment collides with what is taken: those strictly between, as touching is not
/// overlapping (R1).
fn colliding(profile: &Profile, (from, to): Stretch) -> impl Iterator<Item = Stretch> {
    profile.taken.iter().map(move |span| (from.saturating_sub(span.1).saturating_add(1), to.saturating_sub(span.0)))
}

/// The starts of classes with a seat left that no other class forbids.
fn joinable(clear: &[Stretch], classes: &[(i64, Vec<Stretch>)]) -> Vec<i64> {
    let all = || classes.iter().flat_map(|(_, collisions)| collisions);
    let mut begun: Vec<i64> = all().map(|stretch| stretch.0).collect();
    let mut ended: Vec<i64> = all().map(|stretch| stretch.1).collect();
    begun.sort_unstable();
    ended.sort_unstable();
    let mut starts: Vec<(i64, usize)> = classes.iter().map(|(start, collisions)| (*start, collisions.len())).collect();
    starts.sort_unstable();
    let free = starts.chunk_by(|one, next| one.0 == next.0).filter_map(|here| {
        let start = here.first()?.0;
        let own: usize = here.iter().map(|(_, collisions)| collisions).sum();
        let around = begun.partition_point(|at| *at <= start) - ended.partition_point(|at| *at <= start);
        let place = clear.partition_point(|stretch| stretch.1 <= start);
        (around == own && clear.get(place).is_some_and(|stretch| stretch.0 <= start)).then_some(start)
    });
    free.collect()
}
