//! What holds for every rule.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{Question, Rule, expand};
use crate::calendar::recurrence::{DayOf, Ending, Frequency, parse::WEEKDAYS};

const ZONES: [Tz; 4] = [chrono_tz::Europe::Warsaw, chrono_tz::America::Chicago, chrono_tz::Australia::Lord_Howe, chrono_tz::Asia::Tokyo];

fn rules() -> impl Strategy<Value = Rule> {
    let frequency = prop::sample::select(vec![Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly]);
    let days = prop::collection::vec((prop::option::of(-5i8..=5), 0usize..7), 0..4);
    let month_days = prop::collection::vec(prop_oneof![1i8..=31, -31i8..=-1], 0..3);
    let months = prop::collection::vec(1u8..=12, 0..3);
    let places = prop::collection::vec(prop_oneof![1i16..=4, -4i16..=-1], 0..2);
    let parts = (frequency, 1u32..4, 1u32..60, 0usize..7, days, month_days, months, places);
    parts.prop_map(|(frequency, interval, count, week_start, days, month_days, months, places)| {
        let by_day: Vec<DayOf> = days
            .into_iter()
            .map(|(nth, weekday)| {
                let nth = nth.filter(|nth| *nth != 0 && matches!(frequency, Frequency::Monthly | Frequency::Yearly));
                DayOf { nth, weekday: WEEKDAYS[weekday].1 }
            })
            .collect();
        let by_month_day = if frequency == Frequency::Weekly { Vec::new() } else { month_days };
        let some = !by_day.is_empty() || !by_month_day.is_empty() || !months.is_empty();
        Rule {
            frequency,
            interval,
            ending: Ending::Count(count),
            week_start: WEEKDAYS[week_start].1,
            by_day,
            by_month_day,
            by_month: months,
            by_set_pos: if some { places } else { Vec::new() },
        }
    })
}

fn readings() -> impl Strategy<Value = NaiveDateTime> {
    (0u64..6000, 0i64..1440).prop_map(|(day, minute)| {
        let date = NaiveDate::from_ymd_opt(2015, 1, 1).unwrap() + Days::new(day);
        date.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(minute)
    })
}

fn ask(zone: Tz, start: NaiveDateTime, rule: &Rule, except: &BTreeSet<NaiveDateTime>) -> Vec<super::Occurrence> {
    expand(&Question { zone, start, duration: TimeDelta::minutes(45), rule, except, from: None, to: None, most: 500 })
}

proptest! {
    #[test]
    fn a_rule_that_is_written_is_read_again(rule in rules()) {
        prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY))?[;=,A-Z0-9+-]{0,40}") {
        if let Ok(rule) = text.parse::<Rule>() {
            prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
        }
    }

    #[test]
    fn occurrences_are_in_order_apart_and_by_the_clock_of_the_first(rule in rules(), start in readings(), which in 0..ZONES.len()) {
        let found = ask(ZONES[which], start, &rule, &BTreeSet::new());
        prop_assert!(found.windows(2).all(|pair| pair[0].start < pair[1].start && pair[0].reading < pair[1].reading));
        for one in &found {
            prop_assert!(one.reading >= start);
            prop_assert_eq!(one.reading.time(), start.time());
            prop_assert_eq!(one.end - one.start, TimeDelta::minutes(45));
            let shown = one.start.with_timezone(&ZONES[which]).naive_local();
            // Nothing but a jump of the clock stands between what is meant and what is shown, and it only moves on.
            prop_assert!(shown == one.reading || shown > one.reading && shown - one.reading <= TimeDelta::hours(1));
            prop_assert!(rule.by_month.is_empty() || rule.by_month.contains(&(one.reading.month() as u8)));
        }
    }

    #[test]
    fn an_exception_takes_out_one_and_nothing_else(rule in rules(), start in readings(), nth in 0usize..20, which in 0..ZONES.len()) {
        let all = ask(ZONES[which], start, &rule, &BTreeSet::new());
        prop_assume!(nth < all.len());
        let left = ask(ZONES[which], start, &rule, &BTreeSet::from([all[nth].reading]));
        let expected: Vec<_> = all.iter().enumerate().filter(|(at, _)| *at != nth).map(|(_, one)| *one).collect();
        prop_assert_eq!(left, expected);
    }

    #[test]
    fn the_days_of_a_range_are_the_range(rule in rules(), start in readings(), which in 0..ZONES.len(), skip in 0u64..200) {
        let (zone, except) = (ZONES[which], BTreeSet::new());
        let (first, last) = (start.date() + Days::new(skip), start.date() + Days::new(skip + 9));
        let ask = |from, to| {
            let duration = TimeDelta::minutes(45);
            expand(&Question { zone, start, duration, rule: &rule, except: &except, from: Some(from), to: Some(to), most: 500 })
        };
        let by_day: Vec<_> = first.iter_days().take(10).flat_map(|day| ask(day, day)).collect();
        prop_assert_eq!(by_day, ask(first, last));
    }

    #[test]
    fn a_rule_without_an_end_begins_as_the_one_with_a_count(rule in rules(), start in readings()) {
        let endless = Rule { ending: Ending::Never, ..rule.clone() };
        let counted: Vec<_> = rule.readings(start).collect();
        prop_assert_eq!(endless.readings(start).take(counted.len()).collect::<Vec<_>>(), counted);
    }
}
