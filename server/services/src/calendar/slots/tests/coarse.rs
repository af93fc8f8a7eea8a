//! The coarse search in cells never refuses what the search itself offers.

use std::collections::HashMap;

use chrono::Duration;
use proptest::prelude::*;

use super::{
    scenario::{Scenario, scenario},
    *,
};
use crate::calendar::{
    cells::{Cells, cell, cell_from, page},
    slots::coarse::{self, Sketch, Worth},
};

/// What the coarse search leaves, of a scenario in which resources take one at a time.
fn worth(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval) -> Worth {
    let margin = Duration::days(1);
    let pages = (page(range.start - margin), page(range.end + margin));
    let sketch = |time: &ResourceTime| {
        let mut taken = Cells::none(pages);
        for busy in time.busy.iter().filter(|busy| Some(busy.activity) != wish.moving) {
            let start = busy.start - Duration::minutes(i64::from(busy.before));
            let end = busy.end + Duration::minutes(i64::from(busy.after));
            taken.set(cell_from(start), cell(end));
        }
        (time.resource, Sketch { role: time.role, open: coarse::open(&time.hours, pages), taken })
    };
    let sketches: HashMap<EntityId, Sketch> = times.iter().map(sketch).collect();
    coarse::worth(wish, &sketches, times, zone, range, pages)
}

/// Resources of one seat without classes, and hours, breaks and bookings of each that begin at odd minutes.
fn plain(scenario: Scenario, odd: &[i64]) -> Scenario {
    let mut scenario = scenario;
    for (time, by) in scenario.times.iter_mut().zip(odd) {
        let by = Duration::minutes(*by);
        let moved = |during: &mut Interval| *during = Interval { start: during.start + by, end: during.end + by };
        time.capacity = 1;
        time.hours.windows.iter_mut().for_each(moved);
        time.hours.closed.iter_mut().for_each(|closed| moved(&mut closed.during));
        for busy in &mut time.busy {
            (busy.session, busy.seats) = (None, 1);
            (busy.start, busy.end) = (busy.start + by, busy.end + by);
        }
    }
    scenario
}

proptest! {
    #[test]
    fn whatever_is_offered_is_worth_judging_with_whoever_is_chosen(scenario in scenario(), odd in prop::collection::vec(0i64..5, 4)) {
        let scenario = plain(scenario, &odd);
        let Scenario { wish, times, zone, .. } = &scenario;
        let worth = worth(wish, times, zone, scenario.range());
        for slot in scenario.slots() {
            let at = cell(slot.start);
            prop_assert_eq!(worth.next(at), Some(at), "{} is refused", slot.start);
            let who: Vec<EntityId> = worth.who(at).collect();
            prop_assert!(slot.resources.iter().all(|id| who.contains(id)), "{} with others", slot.start);
        }
    }

    #[test]
    fn what_is_left_lies_on_the_grid_within_the_range(scenario in scenario(), odd in prop::collection::vec(0i64..5, 4)) {
        let scenario = plain(scenario, &odd);
        let Scenario { wish, times, zone, base } = &scenario;
        let half = Interval { start: *base + Duration::hours(30), end: *base + Duration::hours(50) };
        let worth = worth(wish, times, zone, half);
        let grid: Vec<i64> = cells(wish, times, zone, half).into_iter().map(cell).collect();
        let mut from = i64::MIN;
        while let Some(at) = worth.next(from) {
            prop_assert!(grid.contains(&at));
            from = at + 1;
        }
    }
}

#[test]
fn where_everything_lies_on_five_minutes_nothing_is_left_that_is_not_free() {
    let anna = staff(ANNA, &[on_wednesday("08:00", "16:00")])
        .closed(Rule::Break, on_wednesday("12:00", "12:30"))
        .busy_with_buffers(100, on_wednesday("08:30", "09:30"), 0, 10)
        .busy_with_buffers(101, on_wednesday("13:00", "15:00"), 5, 0);
    let wish = Wish { before: 5, after: 10, ..wish(30) };
    let range = on_wednesday("00:00", "24:00");
    let offered = slots(&wish, std::slice::from_ref(&anna), &warsaw(), range);
    let worth = worth(&wish, std::slice::from_ref(&anna), &warsaw(), range);
    let mut left = Vec::new();
    let mut from = i64::MIN;
    while let Some(at) = worth.next(from) {
        left.push(at);
        from = at + 1;
    }
    assert!(offered.len() > 5);
    assert_eq!(left, offered.iter().map(|slot| cell(slot.start)).collect::<Vec<_>>());
}
