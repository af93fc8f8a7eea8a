//! Whatever the day looks like: what is proposed is possible, and does not depend on the order in which it is told.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use proptest::prelude::*;
use services::calendar::{
    Hours, ResourceKind,
    slots::{Align, Busy, Need, ResourceTime, Wish, verdict},
};

use super::{Ground, Held, reseat};
use crate::appointments::Question;

const AWAY: u128 = 1;
const PEOPLE: u128 = 4;

fn id(n: u128) -> EntityId {
    EntityId(uuid::Uuid::from_u128(n))
}

fn morning() -> DateTime<Utc> {
    "2026-11-24T08:00:00Z".parse().expect("an instant")
}

fn at(quarter: u8) -> DateTime<Utc> {
    morning() + TimeDelta::minutes(15 * i64::from(quarter))
}

fn busy(activity: u128, start: DateTime<Utc>) -> Busy {
    let end = start + TimeDelta::minutes(30);
    Busy { activity: id(activity), start, end, before: 0, after: 15, seats: 1, session: None }
}

/// From 8 to 16, with the others' visits.
fn time(n: u128, role: ResourceKind, taken: Vec<Busy>) -> ResourceTime {
    let window = Interval { start: morning(), end: morning() + TimeDelta::hours(8) };
    let hours = Hours { resource: id(n), windows: vec![window], always: role != ResourceKind::Staff, closed: Vec::new() };
    ResourceTime { resource: id(n), role, capacity: 1, hours, busy: taken }
}

/// Keeps of the starts those that leave room for one another: 30 minutes and 15 after.
fn apart(mut quarters: Vec<u8>) -> Vec<u8> {
    quarters.sort_unstable();
    let mut kept: Vec<u8> = Vec::new();
    for quarter in quarters {
        if kept.last().is_none_or(|last| quarter >= last + 3) {
            kept.push(quarter);
        }
    }
    kept
}

fn ground(own: Vec<u8>, others: Vec<Vec<u8>>, same_patient: bool) -> Ground {
    let own = apart(own);
    let room = |visit: usize| 20 + visit as u128 % 2;
    let visits: Vec<Held> = own
        .iter()
        .enumerate()
        .map(|(n, quarter)| Held {
            activity: id(100 + n as u128),
            patients: vec![id(if same_patient { 50 } else { 50 + n as u128 })],
            question: 0,
            need: 0,
            start: at(*quarter),
            minutes: 30,
            usual: true,
            resources: vec![id(AWAY), id(room(n))],
            day: Interval { start: morning() - TimeDelta::hours(8), end: morning() + TimeDelta::hours(16) },
        })
        .collect();
    let own_busy = |only: Option<u128>| {
        let all = own.iter().enumerate().filter(|(n, _)| only.is_none_or(|only| room(*n) == only));
        all.map(|(n, quarter)| busy(100 + n as u128, at(*quarter))).collect::<Vec<_>>()
    };
    let mut times = vec![time(AWAY, ResourceKind::Staff, own_busy(None))];
    for (n, quarters) in others.into_iter().enumerate() {
        let n = n as u128;
        let taken = apart(quarters).into_iter().map(|quarter| busy(1_000 * (n + 1) + u128::from(quarter), at(quarter))).collect();
        times.push(time(AWAY + 1 + n, ResourceKind::Staff, taken));
    }
    times.extend([20, 21].map(|n| time(n, ResourceKind::Room, own_busy(Some(n)))));
    let need = |role, any_of: Vec<EntityId>| Need { role, sort_of: None, any_of, segments: Vec::new(), within: None };
    let wish = Wish {
        minutes: 30,
        after: 15,
        step: 15,
        align: Align::Window,
        needs: vec![need(ResourceKind::Staff, (AWAY..=PEOPLE).map(id).collect()), need(ResourceKind::Room, vec![id(20), id(21)])],
        ..Wish::default()
    };
    let zone = ZoneWindow {
        zone: "UTC".into(),
        offset: 0,
        from: morning() - TimeDelta::days(2),
        to: morning() + TimeDelta::days(2),
        changes: Vec::new(),
    };
    let range = Interval { start: morning() - TimeDelta::hours(8), end: morning() + TimeDelta::hours(16) };
    let elsewhere = visits
        .iter()
        .map(|held| (held.patients[0], held.activity, Interval { start: held.start, end: held.start + TimeDelta::minutes(30) }))
        .collect();
    let question = Question {
        wish,
        times,
        zone,
        range,
        names: Vec::new(),
        own: Vec::new(),
        held: Vec::new(),
        elsewhere: Vec::new(),
        pricing: Default::default(),
    };
    Ground { away: id(AWAY), visits, questions: vec![question], elsewhere }
}

fn days() -> impl Strategy<Value = Ground> {
    let quarters = || prop::collection::vec(0_u8..30, 0..9);
    (quarters(), prop::collection::vec(quarters(), 0..3), any::<bool>()).prop_map(|(own, others, same)| ground(own, others, same))
}

/// The day as it would be afterwards.
fn afterwards(ground: &Ground) -> Vec<ResourceTime> {
    let outcome = reseat(ground);
    let mut times = ground.questions[0].times.clone();
    for (activity, found) in &outcome {
        let Ok(slot) = found else { continue };
        for time in &mut times {
            time.busy.retain(|busy| busy.activity != *activity);
            if slot.resources.contains(&time.resource) {
                time.busy.push(Busy { start: slot.start, end: slot.end, ..busy(activity.0.as_u128(), slot.start) });
            }
        }
    }
    times
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_move_is_accepted_by_the_verdict_and_nothing_overlaps(ground in days()) {
        let times = afterwards(&ground);
        for time in &times {
            for (n, one) in time.busy.iter().enumerate() {
                for other in &time.busy[n + 1..] {
                    let taken = |busy: &Busy| Interval { start: busy.start, end: busy.end + TimeDelta::minutes(busy.after.into()) };
                    prop_assert!(!taken(one).overlaps(&taken(other)), "{:?} and {:?}", one, other);
                }
            }
        }
        let outcome = reseat(&ground);
        let mut patients: Vec<(EntityId, Interval)> = Vec::new();
        for held in &ground.visits {
            let found = &outcome[&held.activity];
            let during = match found {
                Ok(slot) => {
                    prop_assert!(!slot.resources.contains(&ground.away));
                    let wish = Wish { moving: Some(held.activity), ..ground.questions[0].wish.clone() };
                    prop_assert_eq!(verdict(&wish, &times, slot.start, &slot.resources), Vec::new());
                    Interval { start: slot.start, end: slot.end }
                }
                Err(why) => {
                    prop_assert!(!why.is_empty(), "what stays has a reason");
                    Interval { start: held.start, end: held.start + TimeDelta::minutes(30) }
                }
            };
            for (patient, other) in &patients {
                prop_assert!(*patient != held.patients[0] || !other.overlaps(&during), "a patient in two places");
            }
            patients.push((held.patients[0], during));
        }
    }

    #[test]
    fn the_order_in_which_a_day_is_told_makes_no_difference(ground in days(), by in 0_usize..7) {
        let mut turned = ground.clone();
        turned.visits.reverse();
        turned.elsewhere.reverse();
        let question = &mut turned.questions[0];
        question.times.reverse();
        let many = question.times.len();
        question.times.rotate_left(by % many);
        for time in &mut question.times {
            time.busy.reverse();
        }
        prop_assert_eq!(reseat(&turned), reseat(&ground));
    }

    #[test]
    fn with_a_colleague_who_has_nothing_to_do_every_visit_keeps_its_time(own in prop::collection::vec(0_u8..28, 0..9)) {
        let ground = ground(own, vec![Vec::new()], false);
        let outcome = reseat(&ground);
        for held in &ground.visits {
            prop_assert_eq!(outcome[&held.activity].as_ref().map(|slot| slot.start).ok(), Some(held.start));
        }
    }
}
