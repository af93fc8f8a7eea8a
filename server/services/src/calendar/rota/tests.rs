use super::*;
use chrono::{DateTime, Utc, Weekday};
use chrono_tz::Tz;
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};

use crate::calendar::Hours;

const NINE: i16 = 9 * 60;
const FIVE: i16 = 17 * 60;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn between(from: &str, to: &str) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

/// What begins on the dates from `from` to `to`, both inclusive.
fn hours_in(zone: Tz, rota: &Rota, from: &str, to: &str) -> Hours {
    let end = date(to).succ_opt().unwrap();
    let (first, last) = Rota::around(date(from), end, 400);
    resolve(EntityId::new(), rota, date(from), end, &ZoneWindow::of(zone, first, last))
}

fn hours(rota: &Rota, from: &str, to: &str) -> Hours {
    hours_in(chrono_tz::Europe::Warsaw, rota, from, to)
}

fn open(patterns: Vec<Pattern>) -> Rota {
    Rota { weekly: Some(patterns), ..Rota::default() }
}

fn every_day(starts: i16, ends: i16) -> Rota {
    open(vec![Pattern::weekly(EVERY_DAY, starts, ends)])
}

fn away(rule: Rule, from: &str, to: &str, times: Option<Span>) -> Away {
    Away { rule, from: date(from), to: date(to), times, label: String::new() }
}

#[test]
fn a_day_can_have_several_windows_and_they_come_in_order() {
    let mondays = weekday(Weekday::Mon);
    let rota = open(vec![Pattern::weekly(mondays, 14 * 60, FIVE), Pattern::weekly(mondays, NINE, 12 * 60)]);
    let week = hours(&rota, "2027-01-04", "2027-01-10");
    assert_eq!(
        week.windows,
        [
            between("2027-01-04T09:00:00+01:00", "2027-01-04T12:00:00+01:00"),
            between("2027-01-04T14:00:00+01:00", "2027-01-04T17:00:00+01:00")
        ]
    );
}

#[test]
fn a_window_that_ends_where_it_begins_lasts_until_the_next_day() {
    let day = hours(&every_day(NINE, NINE), "2027-01-04", "2027-01-04");
    assert_eq!(day.windows, [between("2027-01-04T09:00:00+01:00", "2027-01-05T09:00:00+01:00")]);
    let midnight = hours(&every_day(0, 1440), "2027-01-04", "2027-01-04");
    assert_eq!(midnight, Hours { resource: midnight.resource, ..hours(&every_day(0, 0), "2027-01-04", "2027-01-04") });
}

#[test]
fn validity_is_inclusive_on_both_ends() {
    let mut pattern = Pattern::weekly(EVERY_DAY, NINE, FIVE);
    pattern.valid_from = Some(date("2027-01-05"));
    pattern.valid_to = Some(date("2027-01-06"));
    assert_eq!(hours(&open(vec![pattern]), "2027-01-04", "2027-01-07").windows.len(), 2);
}

#[test]
fn every_second_week_is_counted_from_the_anchors_week_in_both_directions() {
    let mut pattern = Pattern::weekly(weekday(Weekday::Mon) | weekday(Weekday::Sun), NINE, FIVE);
    pattern.every_weeks = 2;
    // A Sunday: by weeks that begin on Monday it lies in the week of 4 January, by those of Sunday in the one after.
    pattern.anchor = Some(date("2027-01-10"));
    let dates = |week_start: u8| {
        let rota = Rota { week_start, ..open(vec![pattern.clone()]) };
        let windows = hours(&rota, "2026-12-21", "2027-01-24").windows;
        windows.iter().map(|window| window.start.format("%m-%d").to_string()).collect::<Vec<_>>()
    };
    assert_eq!(dates(1), ["12-21", "12-27", "01-04", "01-10", "01-18", "01-24"]);
    assert_eq!(dates(7), ["12-27", "12-28", "01-10", "01-11", "01-24"]);
}

#[test]
fn a_dated_override_replaces_what_begins_on_the_date_and_leaves_the_night_before_and_the_breaks() {
    let mut rota = every_day(22 * 60, 6 * 60);
    rota.dates = vec![Dated { date: date("2027-01-05"), windows: vec![Span { starts: 600, ends: 720 }] }];
    rota.breaks = vec![Pattern::weekly(EVERY_DAY, 11 * 60, 11 * 60 + 30)];
    let found = hours(&rota, "2027-01-04", "2027-01-05");
    assert_eq!(
        found.windows,
        [
            between("2027-01-04T22:00:00+01:00", "2027-01-05T06:00:00+01:00"),
            between("2027-01-05T10:00:00+01:00", "2027-01-05T12:00:00+01:00")
        ]
    );
    assert_eq!(found.closed.len(), 2);
    rota.dates[0].windows.clear();
    assert_eq!(hours(&rota, "2027-01-04", "2027-01-05").windows.len(), 1);
}

#[test]
fn who_has_no_weekly_hours_is_there_all_day_but_for_the_overrides() {
    let rota = Rota { dates: vec![Dated { date: date("2027-01-05"), windows: Vec::new() }], ..Rota::default() };
    let found = hours(&rota, "2027-01-04", "2027-01-06").windows;
    assert_eq!(
        found,
        [
            between("2027-01-04T00:00:00+01:00", "2027-01-05T00:00:00+01:00"),
            between("2027-01-06T00:00:00+01:00", "2027-01-07T00:00:00+01:00")
        ]
    );
    assert_eq!(hours(&open(Vec::new()), "2027-01-04", "2027-01-06").windows, []);
}

#[test]
fn leave_takes_whole_dates_or_times_of_each_of_them() {
    let mut rota = every_day(NINE, FIVE);
    rota.away = vec![
        away(Rule::Leave, "2027-03-27", "2027-03-28", None),
        away(Rule::Leave, "2027-03-29", "2027-03-30", Some(Span { starts: 615, ends: 660 })),
        away(Rule::Closure, "2027-04-05", "2027-04-05", None),
    ];
    let closed: Vec<_> = hours(&rota, "2027-03-28", "2027-04-04").closed.into_iter().map(|closed| (closed.rule, closed.during)).collect();
    assert_eq!(
        closed,
        [
            (Rule::Leave, between("2027-03-27T00:00:00+01:00", "2027-03-29T00:00:00+02:00")),
            (Rule::Leave, between("2027-03-29T10:15:00+02:00", "2027-03-29T11:00:00+02:00")),
            (Rule::Leave, between("2027-03-30T10:15:00+02:00", "2027-03-30T11:00:00+02:00")),
        ]
    );
}

#[test]
fn nights_are_as_long_as_the_clock_makes_them() {
    let night = every_day(22 * 60, 6 * 60);
    for (zone, date, minutes) in [
        (chrono_tz::Europe::Warsaw, "2027-03-27", 7 * 60),
        (chrono_tz::Europe::Warsaw, "2027-10-30", 9 * 60),
        (chrono_tz::America::New_York, "2027-03-13", 7 * 60),
        (chrono_tz::America::New_York, "2027-11-06", 9 * 60),
        (chrono_tz::Australia::Lord_Howe, "2027-04-03", 8 * 60 + 30),
        (chrono_tz::Australia::Lord_Howe, "2027-10-02", 7 * 60 + 30),
    ] {
        assert_eq!(hours_in(zone, &night, date, date).windows[0].minutes(), minutes, "{zone} {date}");
    }
}

#[test]
fn a_boundary_in_a_gap_moves_on_by_it_and_one_shown_twice_is_its_first_pass() {
    let gap = hours(&every_day(150, 300), "2027-03-28", "2027-03-28");
    assert_eq!(gap.windows, [between("2027-03-28T03:30:00+02:00", "2027-03-28T05:00:00+02:00")]);
    let twice = hours(&every_day(150, 300), "2027-10-31", "2027-10-31");
    assert_eq!(twice.windows, [between("2027-10-31T02:30:00+02:00", "2027-10-31T05:00:00+01:00")]);
    // A window that lies in the gap as a whole moves on as a whole.
    let inside = hours(&every_day(120, 150), "2027-03-28", "2027-03-28");
    assert_eq!(inside.windows, [between("2027-03-28T03:00:00+02:00", "2027-03-28T03:30:00+02:00")]);
}

#[test]
fn where_the_clock_skips_midnight_the_day_begins_after_the_gap() {
    let found = hours_in(chrono_tz::America::Sao_Paulo, &every_day(0, 1440), "2018-11-03", "2018-11-04").windows;
    assert_eq!(
        found,
        [
            between("2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00"),
            between("2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00")
        ]
    );
    let mut rota = every_day(0, 1440);
    rota.away = vec![away(Rule::Closure, "2018-11-04", "2018-11-04", None)];
    let closed = hours_in(chrono_tz::America::Sao_Paulo, &rota, "2018-11-04", "2018-11-04").closed;
    assert_eq!(closed[0].during.minutes(), 23 * 60);
}

#[test]
fn a_date_that_the_zone_skipped_has_no_day_and_no_closure() {
    let mut rota = Rota { away: vec![away(Rule::Closure, "2011-12-30", "2011-12-30", None)], ..Rota::default() };
    let found = hours_in(chrono_tz::Pacific::Apia, &rota, "2011-12-29", "2011-12-31");
    assert_eq!(
        found.windows,
        [
            between("2011-12-29T00:00:00-10:00", "2011-12-30T00:00:00-10:00"),
            between("2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00")
        ]
    );
    assert_eq!(found.closed, []);
    rota.away = vec![away(Rule::Leave, "2011-12-29", "2011-12-31", None)];
    assert_eq!(hours_in(chrono_tz::Pacific::Apia, &rota, "2011-12-29", "2011-12-31").closed[0].during.minutes(), 2 * 24 * 60);
}
