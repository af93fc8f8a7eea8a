//! One resource's time as plain numbers: from hours, closures and bookings to the starts at which it is free.

use chrono::{DateTime, Utc};
use platform::time::Interval;

use super::{Busy, ResourceTime, Wish};
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

/// The wish's lengths as numbers.
#[derive(Clone, Copy)]
pub(super) struct Lengths {
    pub(super) treatment: i64,
    pub(super) before: i64,
    pub(super) after: i64,
}

impl Lengths {
    /// None for a treatment without length, which is refused (R1).
    pub(super) fn of(wish: &Wish) -> Option<Lengths> {
        (wish.minutes > 0).then(|| Lengths { treatment: minutes(wish.minutes), before: minutes(wish.before), after: minutes(wish.after) })
    }

    /// The treatment itself.
    pub(super) fn treatment(&self, start: i64) -> Stretch {
        (start, start.saturating_add(self.treatment))
    }

    /// What it takes of a resource, buffers included (R7).
    pub(super) fn occupied(&self, start: i64) -> Stretch {
        (start.saturating_sub(self.before), start.saturating_add(self.treatment).saturating_add(self.after))
    }
}

/// A buffer is never negative.
fn minutes(count: i32) -> i64 {
    i64::from(count.max(0)) * MINUTE
}

/// What a booking takes of its resource, buffers included (R7).
pub(super) fn occupied(busy: &Busy) -> Stretch {
    (number(busy.start).saturating_sub(minutes(busy.before)), number(busy.end).saturating_add(minutes(busy.after)))
}

/// Whether the booking counts: not if it is the one being moved (R11).
pub(super) fn counts(wish: &Wish, busy: &Busy) -> bool {
    wish.moving != Some(busy.activity) && busy.start < busy.end
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

/// The starts at which the resource is free for the wish, whatever the grid; in order and apart.
pub(super) fn free_starts(wish: &Wish, lengths: Lengths, time: &ResourceTime) -> Vec<Stretch> {
    let closed = union(time.hours.closed.iter().map(|closed| stretch(&closed.during)).collect());
    let present = without(&opened(&time.hours), &closed);
    // The last start that fits is the window's end less the treatment; it is the last one in a half-open stretch.
    let fitting: Vec<Stretch> = present
        .into_iter()
        .map(|(start, end)| (start, end.saturating_sub(lengths.treatment).saturating_add(1)))
        .filter(|(start, end)| start < end)
        .collect();
    // A start collides just if it lies strictly between these two: touching is not overlapping (R1).
    let taken = time.busy.iter().filter(|busy| counts(wish, busy)).map(|busy| {
        let (start, end) = occupied(busy);
        let earliest = start.saturating_sub(lengths.treatment).saturating_sub(lengths.after);
        (earliest.saturating_add(1), end.saturating_add(lengths.before))
    });
    without(&fitting, &union(taken.collect()))
}
