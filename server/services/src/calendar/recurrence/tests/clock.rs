//! Rules where the clock is put forward and back.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use chrono_tz::{Africa, America, Europe, Pacific};

use super::{Question, expand, hours, reading, rule, starts};

#[test]
fn a_morning_keeps_its_reading_over_both_changes() {
    assert_eq!(
        starts(Europe::Brussels, "2018-10-27T08:00:00", "FREQ=DAILY;COUNT=3", 500),
        ["2018-10-27T08:00:00+02:00", "2018-10-28T08:00:00+01:00", "2018-10-29T08:00:00+01:00"]
    );
    assert_eq!(
        starts(America::Chicago, "2026-03-07T08:00:00", "FREQ=DAILY;COUNT=2", 500),
        ["2026-03-07T08:00:00-06:00", "2026-03-08T08:00:00-05:00"]
    );
}

#[test]
fn a_reading_in_the_gap_moves_on_by_it_and_the_next_day_is_itself_again() {
    let expected = ["2027-03-27T02:30:00+01:00", "2027-03-28T03:30:00+02:00", "2027-03-29T02:30:00+02:00"];
    assert_eq!(starts(Europe::Warsaw, "2027-03-27T02:30:00", "FREQ=DAILY;COUNT=3", 500), expected);
    // Also where the first of all lies in it.
    assert_eq!(starts(Europe::Warsaw, "2027-03-28T02:30:00", "FREQ=DAILY;COUNT=2", 500), expected[1..]);
    assert_eq!(
        starts(Europe::Warsaw, "2027-03-28T02:30:00", "FREQ=YEARLY;COUNT=2", 500),
        ["2027-03-28T03:30:00+02:00", "2028-03-28T02:30:00+02:00"]
    );
}

#[test]
fn a_reading_that_comes_twice_is_its_first_pass() {
    assert_eq!(
        starts(Europe::Warsaw, "2026-10-24T02:30:00", "FREQ=DAILY;COUNT=3", 500),
        ["2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
    );
}

#[test]
fn the_length_is_elapsed_time() {
    let found = hours(Europe::Warsaw, "2026-10-25T02:30:00", "FREQ=DAILY;COUNT=1", 500);
    assert_eq!(found[0].end.with_timezone(&Europe::Warsaw).to_rfc3339(), "2026-10-25T02:30:00+01:00");
}

#[test]
fn an_exception_names_the_reading_that_was_meant() {
    let rule = rule("FREQ=DAILY;COUNT=3");
    let ask = |except: &str| {
        let except = BTreeSet::from([reading(except)]);
        let start = reading("2027-03-27T02:30:00");
        let duration = TimeDelta::minutes(30);
        expand(&Question { zone: Europe::Warsaw, start, duration, rule: &rule, except: &except, from: None, to: None, most: 500 }).len()
    };
    assert_eq!((ask("2027-03-28T02:30:00"), ask("2027-03-28T03:30:00")), (2, 3));
}

#[test]
fn the_end_is_an_instant_a_reading_or_a_whole_date() {
    let count = |until: &str| starts(Europe::Warsaw, "2027-01-01T09:00:00", &format!("FREQ=DAILY;UNTIL={until}"), 500).len();
    assert_eq!((count("20270103T080000Z"), count("20270103T075959Z")), (3, 2));
    assert_eq!((count("20270103T090000"), count("20270103T085959")), (3, 2));
    assert_eq!((count("20270103"), count("20261231"), count("20270101")), (3, 0, 1));
}

#[test]
fn the_range_is_of_local_dates_and_both_are_in_it() {
    let (rule, except) = (rule("FREQ=DAILY"), BTreeSet::new());
    let ask = |from: &str, to: &str, most| {
        let (from, to) = (Some(from.parse().unwrap()), Some(to.parse().unwrap()));
        let start = reading("2027-01-01T23:30:00");
        expand(&Question { zone: America::New_York, start, duration: TimeDelta::minutes(60), rule: &rule, except: &except, from, to, most })
    };
    assert_eq!(ask("2027-02-01", "2027-02-03", 500).len(), 3);
    assert_eq!(ask("2026-01-01", "2026-12-31", 500).len(), 0);
    assert_eq!(ask("2027-01-01", "2199-01-01", 10).len(), 10);
    assert_eq!(ask("2190-01-01", "2190-01-02", 500).len(), 2);
}

#[test]
fn a_skipped_date_comes_once_with_the_one_after_it() {
    let found = starts(Pacific::Apia, "2011-12-29T08:00:00", "FREQ=DAILY;COUNT=4", 500);
    assert_eq!(found, ["2011-12-29T08:00:00-10:00", "2011-12-31T08:00:00+14:00", "2012-01-01T08:00:00+14:00"]);
}

#[test]
fn a_zone_that_changes_its_mind_for_a_month_is_followed() {
    // Morocco keeps summer time all year but for Ramadan.
    let found = starts(Africa::Casablanca, "2026-02-14T10:00:00", "FREQ=DAILY;COUNT=2", 500);
    assert_eq!(found, ["2026-02-14T10:00:00+01:00", "2026-02-15T10:00:00+00:00"]);
}
