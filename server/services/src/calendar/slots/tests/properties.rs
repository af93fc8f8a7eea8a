use super::scenario::{SPAN, Scenario, scenario};
use super::*;
use chrono::{Duration, Timelike};
use proptest::prelude::*;

/// Every way to choose one resource for each need, the preferred ones first.
fn choices(needs: &[Need]) -> Vec<Vec<EntityId>> {
    needs.iter().fold(vec![Vec::new()], |chosen, need| {
        chosen.iter().flat_map(|chosen| need.any_of.iter().map(move |id| chosen.iter().copied().chain([*id]).collect())).collect()
    })
}

/// Whether the resource is open in each minute of the treatment and has a seat in each that is taken of it: the rules by
/// counting minutes, without any arithmetic on intervals.
fn free_by_the_minute(wish: &Wish, need: &Need, time: &ResourceTime, start: DateTime<Utc>) -> bool {
    let minute = |offset: i32| start + Duration::minutes(i64::from(offset));
    let whole = [Segment { from: 0, to: wish.minutes }];
    let shown: Vec<Segment> = need.segments.iter().filter(|segment| segment.from < wish.minutes).copied().collect();
    let segments = if shown.is_empty() { &whole[..] } else { &shown[..] };
    let taken: Vec<i32> = segments
        .iter()
        .flat_map(|segment| {
            let to = segment.to.min(wish.minutes);
            let from = if segment.from == 0 { -wish.before } else { segment.from };
            from..if to == wish.minutes { to + wish.after } else { to }
        })
        .collect();
    let present = (0..wish.minutes).chain(taken.iter().copied().filter(|_| wish.buffers_inside_hours));
    let open = present.map(minute).all(|now| {
        (time.hours.always || time.hours.windows.iter().any(|window| window.contains_instant(now)))
            && !time.hours.closed.iter().any(|closed| closed.during.contains_instant(now))
    });
    let there = |busy: &Busy, now: DateTime<Utc>| {
        busy.start - Duration::minutes(i64::from(busy.before)) <= now && now < busy.end + Duration::minutes(i64::from(busy.after))
    };
    let clear = taken.iter().map(|offset| minute(*offset)).all(|now| {
        let seats: i32 = time.busy.iter().filter(|busy| busy.session.is_none() && there(busy, now)).map(|busy| busy.seats).sum();
        let classes: Vec<EntityId> = time.busy.iter().filter_map(|busy| busy.session).collect();
        seats < time.capacity
            && classes.into_iter().all(|class| {
                let members = || time.busy.iter().filter(|busy| busy.session == Some(class));
                let own = (members().map(|busy| busy.start).min(), members().map(|busy| busy.end).max());
                let joined =
                    own == (Some(start), Some(minute(wish.minutes))) && members().map(|busy| busy.seats).sum::<i32>() < time.capacity;
                // A class lasts from its first member to its last.
                let from = members().map(|busy| busy.start - Duration::minutes(i64::from(busy.before))).min();
                let to = members().map(|busy| busy.end + Duration::minutes(i64::from(busy.after))).max();
                joined || !(from <= Some(now) && Some(now) < to)
            })
    });
    open && clear
}

/// Whether the minute is on the grid of one resource, by walking there from where its grid begins.
fn on_grid(wish: &Wish, time: &ResourceTime, zone: &ZoneWindow, minute: DateTime<Utc>) -> bool {
    let wall = zone.wall(minute);
    let today = zone.day(wall.date());
    let windows = if time.hours.always { vec![today] } else { time.hours.windows.clone() };
    let mut around = windows.iter().filter(|window| window.contains_instant(minute));
    match wish.align {
        Align::Clock => around.next().is_some() && (wall.hour() * 60 + wall.minute()).is_multiple_of(wish.step.unsigned_abs()),
        Align::Window => around.any(|window| {
            // The last break that has ended begins the grid anew; breaks that touch are one.
            let breaks = || time.hours.closed.iter().filter(|closed| closed.rule == Rule::Break).map(|closed| closed.during);
            let ends = breaks().map(|pause| pause.end).filter(|end| window.start < *end && *end <= minute);
            let over = ends.filter(|end| !breaks().any(|other| other.start <= *end && *end < other.end));
            let origin = over.max().unwrap_or(window.start);
            (minute - origin).num_minutes() % i64::from(wish.step) == 0
        }),
    }
}

fn turned<T>(items: &mut [T], by: usize) {
    items.reverse();
    if !items.is_empty() {
        items.rotate_left(by % items.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_cell_of_the_grid_is_offered_just_if_some_choice_has_no_reason_against_it(scenario in scenario()) {
        let Scenario { wish, times, zone, .. } = &scenario;
        let free = scenario.slots();
        let mut offered = free.iter().peekable();
        for cell in cells(wish, times, zone, scenario.range()) {
            let without_reason = choices(&wish.needs).into_iter().find(|chosen| verdict(wish, times, cell, chosen).is_empty());
            let slot = offered.next_if(|slot| slot.start == cell);
            // The first choice without a reason is what the search must take.
            prop_assert_eq!(slot.map(|slot| slot.resources.clone()), without_reason, "at {}", cell);
        }
        prop_assert_eq!(offered.next(), None, "a slot off the grid");
        for slot in &free {
            prop_assert_eq!(slot.end - slot.start, Duration::minutes(i64::from(wish.minutes)));
        }
        prop_assert!(free.is_sorted_by(|a, b| a.start < b.start));
    }

    #[test]
    fn a_verdict_is_empty_just_if_every_minute_is_free(scenario in scenario(), minute in 0..SPAN) {
        let wish = Wish { now: None, full: Vec::new(), guest: None, ..scenario.wish.clone() };
        let start = scenario.base + Duration::minutes(minute);
        for chosen in choices(&wish.needs).into_iter().filter(|chosen| chosen.len() < 2 || chosen[0] != chosen[1]) {
            let free = chosen.iter().zip(&wish.needs).all(|(id, need)| {
                free_by_the_minute(&wish, need, scenario.times.iter().find(|time| time.resource == *id).unwrap(), start)
            });
            prop_assert_eq!(verdict(&wish, &scenario.times, start, &chosen).is_empty(), free);
        }
    }

    #[test]
    fn what_is_booked_from_offered_slots_never_overlaps(
        scenario in scenario(),
        bookings in prop::collection::vec((any::<prop::sample::Index>(), 5i32..=90, 0i32..=20, 0i32..=20), 1..12),
    ) {
        let Scenario { mut wish, mut times, zone, .. } = scenario.clone();
        times.iter_mut().for_each(|time| (time.capacity, time.busy) = (1, Vec::new()));
        wish.needs[0].segments.clear();
        for ((pick, minutes, before, after), activity) in bookings.into_iter().zip(1000..) {
            wish = Wish { minutes, before, after, ..wish };
            let free = slots(&wish, &times, &zone, scenario.range());
            if free.is_empty() {
                continue;
            }
            let slot = &free[pick.index(free.len())];
            for time in times.iter_mut().filter(|time| slot.resources.contains(&time.resource)) {
                time.busy.push(Busy { activity: id(activity), start: slot.start, end: slot.end, before, after, seats: 1, session: None });
            }
        }
        for time in &times {
            let mut occupied: Vec<Interval> = time.busy.iter().map(|busy| Interval {
                start: busy.start - Duration::minutes(i64::from(busy.before)),
                end: busy.end + Duration::minutes(i64::from(busy.after)),
            }).collect();
            occupied.sort();
            prop_assert!(occupied.windows(2).all(|pair| !pair[0].overlaps(&pair[1])), "{occupied:?}");
        }
    }

    #[test]
    fn moving_a_booking_to_its_own_time_is_free_and_offered(scenario in scenario(), pick in any::<prop::sample::Index>()) {
        let Scenario { mut wish, mut times, zone, .. } = scenario.clone();
        let free = scenario.slots();
        if free.is_empty() {
            return Ok(());
        }
        let booked = &free[pick.index(free.len())];
        for time in times.iter_mut().filter(|time| booked.resources.contains(&time.resource)) {
            time.busy.push(Busy { activity: id(7), start: booked.start, end: booked.end, before: wish.before, after: wish.after, seats: 9, session: None });
        }
        prop_assert!(!verdict(&wish, &times, booked.start, &booked.resources).is_empty());
        wish.moving = Some(id(7));
        prop_assert_eq!(verdict(&wish, &times, booked.start, &booked.resources), []);
        prop_assert_eq!(slots(&wish, &times, &zone, scenario.range()), free);
    }

    #[test]
    fn the_days_together_give_what_the_whole_range_gives(scenario in scenario(), cut in 0..SPAN) {
        let Scenario { wish, times, zone, base } = &scenario;
        let whole = scenario.range();
        let mut edges: Vec<DateTime<Utc>> = (0..3).map(|day| zone.day_start(zone.date(*base) + chrono::Days::new(day))).collect();
        edges.extend([whole.start, whole.end, *base + Duration::minutes(cut)]);
        edges.sort();
        let parts: Vec<Slot> = edges
            .windows(2)
            .filter_map(|edge| Interval::new(edge[0], edge[1])?.intersect(&whole))
            .flat_map(|part| slots(wish, times, zone, part))
            .collect();
        prop_assert_eq!(parts, scenario.slots());
        prop_assert_eq!(earliest(wish, times, zone, whole), scenario.slots().into_iter().next());
    }

    #[test]
    fn the_order_in_which_things_are_told_does_not_matter(scenario in scenario(), by in 0usize..7, minute in 0..SPAN) {
        let Scenario { wish, mut times, zone, base } = scenario.clone();
        let chosen = choices(&wish.needs).remove(0);
        let start = base + Duration::minutes(minute);
        let before = verdict(&wish, &times, start, &chosen);
        turned(&mut times, by);
        for time in &mut times {
            turned(&mut time.busy, by);
            turned(&mut time.hours.windows, by);
            turned(&mut time.hours.closed, by);
        }
        prop_assert_eq!(slots(&wish, &times, &zone, scenario.range()), scenario.slots());
        prop_assert_eq!(cells(&wish, &times, &zone, scenario.range()), cells(&wish, &scenario.times, &zone, scenario.range()));
        prop_assert_eq!(verdict(&wish, &times, start, &chosen), before);
    }

    #[test]
    fn the_nearest_are_those_with_none_nearer(scenario in scenario(), minute in 0..SPAN, at_most in 0usize..5) {
        let Scenario { wish, times, zone, base } = &scenario;
        let start = *base + Duration::minutes(minute);
        let found = nearest(wish, times, zone, scenario.range(), start, at_most);
        let all = scenario.slots();
        prop_assert_eq!(found.len(), at_most.min(all.len()));
        let farthest = found.iter().map(|slot| (slot.start - start).abs()).max();
        for other in all.iter().filter(|slot| !found.contains(slot)) {
            prop_assert!(farthest.is_none_or(|farthest| farthest <= (other.start - start).abs()));
        }
        prop_assert!(found.is_sorted_by_key(|slot| slot.start));
    }

    #[test]
    fn who_joins_a_class_is_one_more_and_the_last_seat_closes_it(scenario in scenario(), pick in any::<prop::sample::Index>()) {
        let Scenario { wish, mut times, zone, .. } = scenario.clone();
        let free = scenario.slots();
        if free.is_empty() {
            return Ok(());
        }
        let slot = &free[pick.index(free.len())];
        let place = times.iter().position(|time| time.resource == slot.resources[0]).unwrap();
        let capacity = times[place].capacity;
        // As many seats of a new class as there are, so that nobody else fits; one less, and one fits.
        let class = |seats: i32| Busy {
            activity: id(7), start: slot.start, end: slot.end, before: 7, after: 7, seats, session: Some(id(8)),
        };
        times[place].busy.push(class(capacity));
        let why = verdict(&wish, &times, slot.start, &slot.resources);
        prop_assert!(why.iter().any(|why| why.rule == Rule::Capacity) && !why.is_empty(), "{why:?}");
        if capacity > 1 {
            *times[place].busy.last_mut().unwrap() = class(capacity - 1);
            prop_assert_eq!(verdict(&wish, &times, slot.start, &slot.resources), []);
            prop_assert!(slots(&wish, &times, &zone, scenario.range()).iter().any(|one| one.start == slot.start));
        }
    }

    #[test]
    fn a_question_survives_the_wire(scenario in scenario(), minute in 0..SPAN) {
        let range = scenario.range();
        let question = Question {
            start: scenario.base + Duration::minutes(minute),
            chosen: choices(&scenario.wish.needs).remove(0),
            wish: scenario.wish,
            times: scenario.times,
            zone: scenario.zone,
            range,
        };
        let wire = serde_json::to_string(&question).unwrap();
        let read: Question = serde_json::from_str(&wire).unwrap();
        prop_assert_eq!(read.answer(), question.answer());
        prop_assert_eq!(read, question);
    }
}

proptest! {
    // Fewer, because walking is slow.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_grid_is_what_walking_from_its_beginnings_gives(scenario in scenario()) {
        let Scenario { wish, times, zone, base } = &scenario;
        let of_first: Vec<&ResourceTime> = times.iter().filter(|time| wish.needs[0].any_of.contains(&time.resource)).collect();
        let walked: Vec<DateTime<Utc>> = (0..SPAN)
            .map(|minute| *base + Duration::minutes(minute))
            .filter(|minute| of_first.iter().any(|time| on_grid(wish, time, zone, *minute)))
            .collect();
        prop_assert_eq!(cells(wish, times, zone, scenario.range()), walked);
    }
}
