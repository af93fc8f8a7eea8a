//! The rules by which a treatment is booked: how soon and how far ahead, how many, in which grid, by whom, for how many
//! at once, and in which stretches of it each of its resources is taken.

use platform::{id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
pub use services::calendar::slots::fitted;
use services::calendar::slots::{Align, Segment};
use utoipa::ToSchema;

/// The rules of one treatment. What is left out is as in [`Rules::default`], under which anything goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Elapsed minutes between booking and start (R8).
    #[schema(minimum = 0, maximum = 525_600)]
    pub notice_minutes: i32,
    /// Calendar days ahead, today being 0 (R8); as far as one likes if not given.
    #[schema(minimum = 0, maximum = 3650)]
    pub horizon_days: Option<i32>,
    /// At most so many starts a local day with one practitioner (R9).
    #[schema(minimum = 1, maximum = 1000)]
    pub per_day: Option<i32>,
    /// At most so many a week of the location's calendar with one practitioner (R9).
    #[schema(minimum = 1, maximum = 1000)]
    pub per_week: Option<i32>,
    /// At most so many a calendar month with one practitioner (R9).
    #[schema(minimum = 1, maximum = 1000)]
    pub per_month: Option<i32>,
    /// Minutes from one offered start to the next (R5).
    #[schema(minimum = 1, maximum = 1440)]
    pub step: i32,
    /// Where the grid of offered starts begins (R5).
    pub align: Align,
    /// Whether patients may book it by themselves; otherwise the desk only.
    pub online: bool,
    /// Whether a booking is a request, which takes its time, until somebody with the right has approved it.
    pub needs_approval: bool,
    /// Whether the buffers must lie inside the hours too (R7).
    pub buffers_inside_hours: bool,
    /// How many patients one session takes.
    #[schema(minimum = 1, maximum = 500)]
    pub seats: i32,
    /// When the practitioner is taken; throughout if empty (R7).
    #[schema(max_items = 20)]
    pub staff_segments: Vec<Segment>,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            notice_minutes: 0,
            horizon_days: None,
            per_day: None,
            per_week: None,
            per_month: None,
            step: 15,
            align: Align::Window,
            online: true,
            needs_approval: false,
            buffers_inside_hours: false,
            seats: 1,
            staff_segments: Vec::new(),
        }
    }
}

/// What is different with one practitioner; what is none is as the treatment says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Somebody who is qualified for the treatment.
    pub employee: EntityId,
    /// Minutes.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440)]
    pub duration: Option<i32>,
    /// Minor units of the organization's currency.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub price: Option<i64>,
}

impl Rules {
    /// Whether there is anything that counts starts (R9).
    pub fn limited(&self) -> bool {
        self.per_day.is_some() || self.per_week.is_some() || self.per_month.is_some()
    }

    pub(super) fn check(&self, input: &mut Input, duration: i32) {
        input.check((0..=525_600).contains(&self.notice_minutes), "rules.notice_minutes", "range", "Between 0 minutes and a year.");
        let days = self.horizon_days.unwrap_or(0);
        input.check((0..=3_650).contains(&days), "rules.horizon_days", "range", "Between 0 and 3650 days.");
        let limits = [("rules.per_day", self.per_day), ("rules.per_week", self.per_week), ("rules.per_month", self.per_month)];
        for (field, most) in limits {
            input.check((1..=1_000).contains(&most.unwrap_or(1)), field, "range", "Between 1 and 1000.");
        }
        input.check((1..=1_440).contains(&self.step), "rules.step", "range", "Between 1 and 1440 minutes.");
        input.check((1..=500).contains(&self.seats), "rules.seats", "range", "Between 1 and 500 seats.");
        check_segments(input, "rules.staff_segments", &self.staff_segments, duration);
    }
}

pub(super) fn check_terms(input: &mut Input, terms: &[Terms]) {
    input.check(terms.len() <= 1_000, "terms", "too_long", "At most 1000 practitioners.");
    for (place, own) in terms.iter().enumerate() {
        let minutes = own.duration.unwrap_or(1);
        input.check((1..=1_440).contains(&minutes), &format!("terms[{place}].duration"), "range", "Between 1 and 1440 minutes.");
        let price = own.price.unwrap_or(0);
        input.check((0..=1_000_000_000_000).contains(&price), &format!("terms[{place}].price"), "range", "A price is not negative.");
        let twice = terms.iter().take(place).any(|other| other.employee == own.employee);
        input.check(!twice, &format!("terms[{place}].employee"), "duplicate", "This practitioner is named twice.");
    }
}

/// Segments lie within the treatment, in order and without touching one another.
pub(super) fn check_segments(input: &mut Input, field: &str, segments: &[Segment], duration: i32) {
    input.check(segments.len() <= 20, field, "too_long", "At most 20 segments.");
    let inside = segments.iter().all(|segment| 0 <= segment.from && segment.from < segment.to && segment.to <= duration);
    input.check(inside, field, "range", "A segment lies within the treatment and ends after it begins.");
    let apart = segments.windows(2).all(|pair| pair[0].to < pair[1].from);
    input.check(apart, field, "order", "Segments come in order and do not touch.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn faults(segments: &[Segment], duration: i32) -> usize {
        let mut input = Input::new();
        check_segments(&mut input, "segments", segments, duration);
        match input.finish() {
            Err(platform::Error::Invalid(faults)) => faults.len(),
            _ => 0,
        }
    }

    #[test]
    fn segments_lie_within_the_treatment_in_order_and_apart() {
        let one = |from, to| Segment { from, to };
        assert_eq!(faults(&[one(0, 15), one(45, 60)], 60), 0);
        assert_eq!(faults(&[one(45, 61)], 60), 1);
        assert_eq!(faults(&[one(15, 15)], 60), 1);
        assert_eq!(faults(&[one(0, 15), one(15, 30)], 60), 1);
        assert_eq!(faults(&[one(30, 45), one(0, 15)], 60), 1);
    }

    #[test]
    fn a_segment_that_ends_with_the_treatment_ends_with_a_longer_visit() {
        let one = |from, to| Segment { from, to };
        assert_eq!(fitted(&[one(0, 15), one(45, 60)], 60, 90), [one(0, 15), one(45, 90)]);
        assert_eq!(fitted(&[one(0, 15), one(45, 60)], 60, 50), [one(0, 15), one(45, 50)]);
        assert_eq!(fitted(&[one(45, 60)], 60, 30), [one(0, 30)]);
        assert_eq!(fitted(&[], 60, 30), []);
    }

    proptest! {
        #[test]
        fn whatever_the_visits_length_its_segments_lie_within_it(
            cuts in prop::collection::btree_set(0..=240i32, 2..8), minutes in 1..=480i32,
        ) {
            let cuts: Vec<i32> = cuts.into_iter().collect();
            let segments: Vec<Segment> = cuts.chunks_exact(2).map(|pair| Segment { from: pair[0], to: pair[1] }).collect();
            let fitted = fitted(&segments, 240, minutes);
            prop_assert!(!fitted.is_empty());
            prop_assert!(fitted.iter().all(|one| 0 <= one.from && one.from < one.to && one.to <= minutes));
        }
    }
}
