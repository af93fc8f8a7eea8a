//! Half-open stretches of time (R1).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `[start, end)` in UTC: touching is not overlapping (R1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Interval {
    /// First instant in it.
    pub start: DateTime<Utc>,
    /// First instant after it.
    pub end: DateTime<Utc>,
}

impl Interval {
    /// None unless the start lies before the end (R1).
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Whether the two share an instant.
    pub fn overlaps(&self, other: &Interval) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the other lies wholly in this one.
    pub fn contains(&self, other: &Interval) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the instant lies in it.
    pub fn contains_instant(&self, instant: DateTime<Utc>) -> bool {
        self.start <= instant && instant < self.end
    }

    /// What the two share.
    pub fn intersect(&self, other: &Interval) -> Option<Interval> {
        Interval::new(self.start.max(other.start), self.end.min(other.end))
    }

    /// What is left of it without the others, in order; the others may come in any order and overlap.
    pub fn subtract(&self, others: &[Interval]) -> Vec<Interval> {
        let mut cut: Vec<Interval> = others.iter().filter_map(|other| self.intersect(other)).collect();
        crate::order::by_rank(&mut cut, |hole| crate::order::instant_then(hole.start, 0));
        let mut left = Vec::new();
        let mut from = self.start;
        for hole in cut {
            left.extend(Interval::new(from, hole.start));
            from = from.max(hole.end);
        }
        left.extend(Interval::new(from, self.end));
        left
    }

    /// Its length in whole minutes.
    pub fn minutes(&self) -> i64 {
        (self.end - self.start).num_minutes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    fn interval(from: i64, to: i64) -> Interval {
        Interval::new(at(from), at(to)).unwrap()
    }

    #[test]
    fn touching_is_not_overlapping_and_empty_is_refused() {
        assert!(!interval(0, 10).overlaps(&interval(10, 20)));
        assert!(interval(0, 11).overlaps(&interval(10, 20)));
        assert_eq!(Interval::new(at(5), at(5)), None);
        assert_eq!(Interval::new(at(6), at(5)), None);
    }

    #[test]
    fn holes_are_cut_out_in_order() {
        let left = interval(0, 100).subtract(&[interval(80, 120), interval(10, 30), interval(20, 40), interval(-5, 2)]);
        assert_eq!(left, [interval(2, 10), interval(40, 80)]);
        assert_eq!(interval(0, 10).subtract(&[]), [interval(0, 10)]);
        assert_eq!(interval(0, 10).subtract(&[interval(0, 10)]), []);
    }

    proptest! {
        #[test]
        fn an_instant_is_left_exactly_when_no_hole_has_it(
            (from, length) in (0i64..100, 1i64..100),
            holes in prop::collection::vec((0i64..200, 1i64..50), 0..8),
        ) {
            let whole = interval(from, from + length);
            let holes: Vec<Interval> = holes.into_iter().map(|(start, length)| interval(start, start + length)).collect();
            let left = whole.subtract(&holes);
            for minute in -5..260 {
                let here = at(minute);
                let expected = whole.contains_instant(here) && !holes.iter().any(|hole| hole.contains_instant(here));
                prop_assert_eq!(left.iter().filter(|rest| rest.contains_instant(here)).count(), usize::from(expected));
            }
            prop_assert!(left.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
