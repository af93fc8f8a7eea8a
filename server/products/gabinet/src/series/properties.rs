//! What must hold of every series, whatever is done to it (R19).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::id::EntityId;
use proptest::prelude::*;
use services::calendar::{
    Status,
    recurrence::{Plan, Rule},
};
use uuid::Uuid;

use super::{Row, Scope, State, affected, is_exception, plan::shifted};

fn now() -> DateTime<Utc> {
    "2026-11-24T08:00:00Z".parse().expect("an instant")
}

/// A series of many visits at 10:00 of days that follow each other, on a clock without jumps.
fn series(many: i32) -> Vec<Row> {
    let employee = EntityId(Uuid::nil());
    let day = |nth: i32| {
        NaiveDate::from_ymd_opt(2026, 11, 24).and_then(|date| date.and_hms_opt(10, 0, 0)).expect("a reading")
            + TimeDelta::days(i64::from(nth))
    };
    (1..=many)
        .map(|nth| Row {
            nth,
            original: day(nth),
            planned: day(nth),
            planned_start: day(nth).and_utc(),
            employee,
            marked: false,
            visit: Some(State { start: day(nth).and_utc(), employee, status: Status::Scheduled }),
        })
        .collect()
}

/// Something that is done to a series or to one of its visits.
#[derive(Clone, Debug)]
enum Deed {
    Moved(i32, i32),
    Cancelled(i32),
    Shifted(Scope, i32, i32),
}

fn deed() -> impl Strategy<Value = Deed> {
    let scope = prop_oneof![Just(Scope::This), Just(Scope::Following), Just(Scope::All)];
    prop_oneof![
        (1..=12i32, -120..=120i32).prop_map(|(nth, by)| Deed::Moved(nth, by)),
        (1..=12i32).prop_map(Deed::Cancelled),
        (scope, 1..=12i32, -120..=120i32).prop_map(|(scope, nth, by)| Deed::Shifted(scope, nth, by)),
    ]
}

/// As the service writes it.
fn shift(rows: &mut [Row], scope: Scope, nth: i32, by: i32) {
    let meant = affected(rows, scope, nth, now());
    for row in rows {
        row.marked = is_exception(row);
        if !meant.contains(&row.nth) {
            continue;
        }
        let Some(visit) = &mut row.visit else { continue };
        if scope == Scope::This {
            visit.start += TimeDelta::minutes(i64::from(by));
            row.marked = true;
        } else {
            row.planned = shifted(row.planned, by).expect("a reading");
            row.planned_start = row.planned.and_utc();
            visit.start = row.planned_start;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn an_exception_stays_where_it_is_through_all_later_changes_of_the_series(deeds in prop::collection::vec(deed(), 1..20)) {
        let mut rows = series(12);
        for deed in deeds {
            let before = rows.clone();
            match deed {
                Deed::Moved(nth, by) => {
                    let row = &mut rows[usize::try_from(nth - 1).expect("small")];
                    if let Some(visit) = row.visit.as_mut().filter(|visit| visit.status == Status::Scheduled) {
                        visit.start += TimeDelta::minutes(i64::from(by));
                    }
                }
                Deed::Cancelled(nth) => {
                    if let Some(visit) = &mut rows[usize::try_from(nth - 1).expect("small")].visit {
                        visit.status = Status::Cancelled;
                    }
                }
                Deed::Shifted(scope, nth, by) => {
                    shift(&mut rows, scope, nth, by);
                    for (old, new) in before.iter().zip(&rows) {
                        let named = scope == Scope::This && old.nth == nth;
                        if is_exception(old) && !named {
                            prop_assert_eq!(&old.visit, &new.visit);
                            prop_assert!(is_exception(new), "an exception stays one");
                        }
                        let later = scope == Scope::All || scope == Scope::Following && old.nth >= nth;
                        if later && !is_exception(old) {
                            let moved = old.visit.as_ref().map(|visit| visit.start + TimeDelta::minutes(i64::from(by)));
                            prop_assert_eq!(moved, new.visit.as_ref().map(|visit| visit.start));
                        }
                    }
                }
            }
            for (old, new) in before.iter().zip(&rows) {
                prop_assert_eq!(old.original, new.original, "an occurrence keeps its name");
            }
        }
    }

    #[test]
    fn a_mixed_plan_gives_as_many_as_its_rules_say_in_order(days in prop::sample::subsequence(vec!["MO", "TU", "WE", "TH", "FR"], 1..=5), weeks in 1..=4u32, then in 1..=8u32) {
        let many = u32::try_from(days.len()).expect("few") * weeks;
        let rules = [format!("FREQ=WEEKLY;BYDAY={};COUNT={many}", days.join(",")), format!("FREQ=WEEKLY;COUNT={then}")];
        let plan = Plan(rules.iter().map(|text| text.parse::<Rule>().expect("a rule")).collect());
        // A Monday, so that the first week is whole.
        let start = NaiveDate::from_ymd_opt(2026, 11, 23).and_then(|date| date.and_hms_opt(10, 0, 0)).expect("a reading");
        let readings = plan.readings(start, 101);
        prop_assert_eq!(readings.len(), usize::try_from(many + then).expect("few"));
        prop_assert!(readings.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(readings.iter().all(|reading| reading.time() == start.time()));
    }
}
