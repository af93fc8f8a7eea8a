//! Rules against the examples of RFC 5545, against the clock, and against a calendar that is looked through day by day.

mod clock;
mod examples;
mod properties;

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use super::{Occurrence, Plan, Question, Rule, RuleError, expand};

fn reading(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn rule(text: &str) -> Rule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The occurrences of an hour in a zone, without exceptions.
fn hours(zone: Tz, start: &str, text: &str, most: usize) -> Vec<Occurrence> {
    let (rule, except) = (rule(text), BTreeSet::new());
    let duration = TimeDelta::hours(1);
    expand(&Question { zone, start: reading(start), duration, rule: &rule, except: &except, from: None, to: None, most })
}

/// Starts as the zone writes them.
fn starts(zone: Tz, start: &str, text: &str, most: usize) -> Vec<String> {
    hours(zone, start, text, most).iter().map(|found| found.start.with_timezone(&zone).to_rfc3339()).collect()
}

#[test]
fn a_rule_is_written_as_it_was_read() {
    for text in [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;BYDAY=MO,WE,FR;WKST=SU",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "FREQ=YEARLY;UNTIL=20000131;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "FREQ=YEARLY;UNTIL=20000131T090000;BYDAY=20MO",
    ] {
        assert_eq!(rule(text).to_string(), text);
    }
    assert_eq!(rule("byday=+1mo;freq=monthly").to_string(), "FREQ=MONTHLY;BYDAY=1MO");
}

#[test]
fn what_cannot_be_kept_is_refused() {
    for text in [
        "",
        "DAILY",
        "FREQ=HOURLY",
        "FREQ=DAILY;",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;UNTIL=2027-01-01",
        "FREQ=DAILY;UNTIL=99991231",
        "FREQ=DAILY;UNTIL=20270101T0900",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=1",
        "FREQ=DAILY;X-PART=1",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;BYDAY=-1MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=-1",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=ö",
        "FREQ=DAILY;WKST=8",
        "RRULE:FREQ=DAILY",
    ] {
        assert!(text.parse::<Rule>().is_err(), "{text}");
    }
    let error: RuleError = "FREQ=DAILY;BYHOUR=9".parse::<Rule>().unwrap_err();
    assert_eq!(error.to_string(), "BYHOUR is not possible here.");
}

#[test]
fn three_a_week_for_two_weeks_then_weekly_six_times() {
    let plan = Plan(vec![rule("FREQ=WEEKLY;COUNT=6;BYDAY=MO,WE,FR"), rule("FREQ=WEEKLY;COUNT=6")]);
    assert!(plan.ends() && !Plan::of(rule("FREQ=DAILY")).ends());
    let found: Vec<String> = plan.readings(reading("2027-01-04T10:00:00"), 100).iter().map(|at| at.format("%m-%d").to_string()).collect();
    let expected = ["01-04", "01-06", "01-08", "01-11", "01-13", "01-15", "01-18", "01-25", "02-01", "02-08", "02-15", "02-22"];
    assert_eq!(found, expected);
    assert_eq!(plan.readings(reading("2027-01-04T10:00:00"), 7).len(), 7);
}
