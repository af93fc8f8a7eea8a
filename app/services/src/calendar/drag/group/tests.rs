use services::calendar::slots::Rule;

use super::*;
use crate::calendar::scene::tests::{LIS, RAK, ZAJAC, id, tuesday, utc, visit};

/// Warsaw over the year 2026.
fn warsaw() -> ZoneWindow {
    ZoneWindow {
        zone: "Europe/Warsaw".into(),
        offset: 3600,
        from: utc("2026-01-01T00:00:00Z"),
        to: utc("2027-01-01T00:00:00Z"),
        changes: vec![(utc("2026-03-29T01:00:00Z"), 7200), (utc("2026-10-25T01:00:00Z"), 3600)],
    }
}

/// A visit of that name.
fn event(title: &str, start: &str, end: &str, resource: u128) -> Event {
    let number = title.bytes().fold(100, |number, byte| number * 7 + u128::from(byte));
    Event { title: title.into(), ..visit(number, start, end, &[resource]) }
}

#[test]
fn everybody_goes_as_far_as_the_first_and_stays_as_long_as_before() {
    let first = event("Adam", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z", LIS);
    let others = [
        event("Beata", "2026-11-24T10:15:00Z", "2026-11-24T11:00:00Z", LIS),
        event("Celina", "2026-11-25T08:00:00Z", "2026-11-25T08:20:00Z", LIS),
    ];
    let moved = moves(&warsaw(), &others, &first, utc("2026-11-24T08:15:00Z"), (None, None));
    let told: Vec<_> = moved.iter().map(|one| (one.event.title.as_str(), one.start, one.end)).collect();
    assert_eq!(
        told,
        [
            ("Beata", utc("2026-11-24T09:30:00Z"), utc("2026-11-24T10:15:00Z")),
            ("Celina", utc("2026-11-25T07:15:00Z"), utc("2026-11-25T07:35:00Z")),
        ]
    );
}

#[test]
fn over_the_change_of_the_clock_everybody_keeps_their_reading_of_it() {
    // On Friday and Saturday at nine by the wall; the clock goes forward on Sunday.
    let first = event("Adam", "2026-03-27T08:00:00Z", "2026-03-27T09:00:00Z", LIS);
    let others = [event("Beata", "2026-03-28T08:00:00Z", "2026-03-28T09:00:00Z", LIS)];
    let moved = moves(&warsaw(), &others, &first, utc("2026-03-30T07:00:00Z"), (None, None));
    assert_eq!((moved[0].start, moved[0].end), (utc("2026-03-31T07:00:00Z"), utc("2026-03-31T08:00:00Z")));
}

#[test]
fn what_would_begin_in_the_hour_that_is_skipped_begins_after_it() {
    let first = event("Adam", "2026-03-28T00:00:00Z", "2026-03-28T00:30:00Z", LIS);
    // At half past two by the wall, a day before the clock skips that.
    let others = [event("Beata", "2026-03-28T01:30:00Z", "2026-03-28T02:00:00Z", LIS)];
    let moved = moves(&warsaw(), &others, &first, utc("2026-03-29T00:00:00Z"), (None, None));
    assert_eq!((moved[0].start, moved[0].end), (utc("2026-03-29T01:30:00Z"), utc("2026-03-29T02:00:00Z")));
    assert_eq!(warsaw().wall(moved[0].start).to_string(), "2026-03-29 03:30:00");
}

#[test]
fn another_column_is_for_those_of_the_same_column_only() {
    let first = event("Adam", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z", LIS);
    let others = [
        event("Beata", "2026-11-24T10:00:00Z", "2026-11-24T10:30:00Z", LIS),
        event("Celina", "2026-11-24T10:00:00Z", "2026-11-24T10:30:00Z", RAK),
    ];
    let moved = moves(&warsaw(), &others, &first, first.start, (Some(id(LIS)), Some(id(ZAJAC))));
    assert_eq!((moved[0].from, moved[0].to), (Some(id(LIS)), Some(id(ZAJAC))));
    assert_eq!((moved[1].from, moved[1].to), (None, None), "they were with somebody else and stay there");
}

#[test]
fn of_a_group_the_first_that_cannot_go_is_named_with_what_stands_against_it_and_nobody_of_the_group_does() {
    let first = event("Adam", "2026-11-24T08:00:00Z", "2026-11-24T08:30:00Z", LIS);
    let others = vec![
        event("Beata", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z", LIS),
        event("Celina", "2026-11-24T10:00:00Z", "2026-11-24T10:30:00Z", LIS),
    ];
    let all: Vec<Event> = std::iter::once(first.clone()).chain(others.clone()).collect();
    let board = tuesday(all.clone()).calendar;
    let along = others.iter().map(|other| judging(&board, other.clone(), all.clone())).collect();
    let state = State { event: Some(first.clone()), others, along, ..State::default() };
    let to = |start: &str| against(&state, &board.zone, utc(start), (None, None));
    assert!(to("2026-11-24T07:30:00Z").is_none(), "an hour and a half before the break all of them fit");
    // Half an hour later Beata would be where Celina leaves.
    assert!(to("2026-11-24T08:15:00Z").is_none());
    let (event, why) = to("2026-11-24T09:00:00Z").unwrap();
    assert_eq!(event.title, "Celina");
    assert!(why.iter().all(|why| why.rule == Rule::Break && why.resource == Some(id(LIS))), "{why:?}");
}
