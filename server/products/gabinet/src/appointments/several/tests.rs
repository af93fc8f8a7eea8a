//! What must hold of treatments that are joined to one visit.

use chrono::{DateTime, Utc};
use platform::time::ZoneWindow;
use proptest::prelude::*;
use services::calendar::{
    event::Hours,
    slots::{self, Busy, ResourceTime},
};
use uuid::Uuid;

use super::*;

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

fn at(minute: i64) -> DateTime<Utc> {
    "2026-11-24T00:00:00Z".parse::<DateTime<Utc>>().expect("an instant") + TimeDelta::minutes(minute)
}

fn day() -> Interval {
    Interval { start: at(0), end: at(1440) }
}

/// Somebody or something that is there in some minutes of the day and taken in others.
fn time(resource: EntityId, role: ResourceKind, there: (i64, i64), taken: &[(i64, i64)]) -> ResourceTime {
    let window = Interval { start: at(there.0), end: at(there.1) };
    let busy = taken.iter().map(|(from, to)| Busy {
        activity: id(999),
        start: at(*from),
        end: at(*to),
        before: 0,
        after: 0,
        seats: 1,
        session: None,
    });
    let hours = Hours { resource, windows: vec![window], always: false, closed: Vec::new() };
    ResourceTime { resource, role, capacity: 1, hours, busy: busy.collect() }
}

/// A treatment by one of the staff in a room, with all that is known.
fn part(minutes: i32, after: i32, staff: &[EntityId], times: &[ResourceTime], offset: i32, like: Option<usize>) -> Part {
    let need = |role, sort_of: Option<&str>, any_of: Vec<EntityId>| Need {
        role,
        sort_of: sort_of.map(str::to_owned),
        any_of,
        segments: Vec::new(),
        within: None,
    };
    let rooms = times.iter().filter(|time| time.role == ResourceKind::Room).map(|time| time.resource).collect();
    let needs = vec![need(ResourceKind::Staff, None, staff.to_vec()), need(ResourceKind::Room, Some("room"), rooms)];
    let wish = Wish { minutes, after, step: 5, needs, ..Wish::default() };
    let zone = ZoneWindow { zone: "UTC".into(), offset: 0, from: at(-1440), to: at(2880), changes: Vec::new() };
    let (times, names) = (times.to_vec(), Vec::new());
    Part {
        question: Question {
            wish,
            times,
            zone,
            range: day(),
            names,
            own: Vec::new(),
            held: Vec::new(),
            elsewhere: Vec::new(),
            pricing: Default::default(),
        },
        offset,
        like,
    }
}

const LIS: u128 = 1;
const SOWA: u128 = 2;
const ROOM: u128 = 10;

#[test]
fn a_practitioner_need_not_be_there_while_another_treats() {
    // Dr Lis leaves at ten, Dr Sowa comes at ten.
    let times = [
        time(id(LIS), ResourceKind::Staff, (480, 600), &[]),
        time(id(SOWA), ResourceKind::Staff, (600, 960), &[]),
        time(id(ROOM), ResourceKind::Room, (0, 1440), &[]),
    ];
    let parts = vec![part(30, 0, &[id(LIS)], &times, 0, None), part(45, 0, &[id(SOWA)], &times, 30, None)];
    let question = joined(parts).expect("possible");
    assert_eq!(question.wish.minutes, 75);
    let free = question.free();
    assert_eq!(free.iter().map(|slot| slot.start).collect::<Vec<_>>(), [at(570)]);
    assert_eq!(free[0].resources, [id(LIS), id(SOWA), id(ROOM)]);
}

#[test]
fn one_practitioner_of_two_treatments_is_needed_once_and_for_both() {
    let times = [time(id(LIS), ResourceKind::Staff, (480, 600), &[(540, 600)]), time(id(ROOM), ResourceKind::Room, (0, 1440), &[])];
    let parts = vec![part(30, 10, &[id(LIS)], &times, 0, None), part(30, 0, &[id(LIS)], &times, 30, Some(0))];
    let question = joined(parts).expect("possible");
    assert_eq!(question.wish.needs.len(), 2);
    assert_eq!(question.free().last().map(|slot| slot.start), Some(at(480)));
}

#[test]
fn one_practitioner_gives_no_two_treatments_at_once_unless_the_first_frees_them() {
    let times = [time(id(LIS), ResourceKind::Staff, (480, 960), &[]), time(id(ROOM), ResourceKind::Room, (0, 1440), &[])];
    let parallel = |segments: Vec<Segment>| {
        let mut first = part(60, 0, &[id(LIS)], &times, 0, None);
        first.question.wish.needs[0].segments = segments;
        joined(vec![first, part(20, 0, &[id(LIS)], &times, 20, Some(0))])
    };
    assert_eq!(parallel(Vec::new()).err(), Some(1));
    // The colour works in from minute 20 to 45.
    assert!(parallel(vec![Segment { from: 0, to: 20 }, Segment { from: 45, to: 60 }]).is_ok());
}

#[test]
fn a_treatments_own_buffer_lies_within_the_visit() {
    let times = [
        time(id(LIS), ResourceKind::Staff, (480, 960), &[(515, 520)]),
        time(id(SOWA), ResourceKind::Staff, (480, 960), &[]),
        time(id(ROOM), ResourceKind::Room, (0, 1440), &[]),
    ];
    let question =
        |after| joined(vec![part(30, after, &[id(LIS)], &times, 0, None), part(60, 0, &[id(SOWA)], &times, 30, None)]).expect("possible");
    // Dr Lis tidies up for ten minutes while Dr Sowa has begun.
    assert!(question(5).free().iter().any(|slot| slot.start == at(480)));
    assert!(!question(10).free().iter().any(|slot| slot.start == at(480)));
}

proptest! {
    #[test]
    fn what_is_offered_for_a_visit_can_be_had_treatment_by_treatment(
        taken in prop::collection::vec((96..190i64, 1..6i64, 0..3usize), 0..12),
        first in 1..12i32, second in 1..12i32, gap in 0..4i32, same in any::<bool>(), after in 0..3i32,
    ) {
        let mut busy = [Vec::new(), Vec::new(), Vec::new()];
        for (start, length, whose) in taken {
            busy[whose].push((start * 5, (start + length) * 5));
        }
        let times = [
            time(id(LIS), ResourceKind::Staff, (480, 960), &busy[0]),
            time(id(SOWA), ResourceKind::Staff, (500, 900), &busy[1]),
            time(id(ROOM), ResourceKind::Room, (0, 1440), &busy[2]),
        ];
        let (first, second, offset) = (first * 5, second * 5, (first + gap) * 5);
        let whose = if same { id(LIS) } else { id(SOWA) };
        let parts = || vec![
            part(first, after * 5, &[id(LIS)], &times, 0, None),
            part(second, 0, &[whose], &times, offset, same.then_some(0)),
        ];
        let question = joined(parts()).expect("possible");
        for slot in question.free() {
            prop_assert!(slots::verdict(&question.wish, &times, slot.start, &slot.resources).is_empty());
            for part in parts() {
                let start = slot.start + TimeDelta::minutes(i64::from(part.offset));
                let chosen = [part.question.wish.needs[0].any_of[0], id(ROOM)];
                prop_assert_eq!(slots::verdict(&part.question.wish, &times, start, &chosen), vec![]);
            }
        }
        // And where each treatment alone could be had at its time, the visit can.
        for minute in (480..960).step_by(5) {
            let alone = parts().iter().all(|part| {
                let start = at(minute) + TimeDelta::minutes(i64::from(part.offset));
                slots::verdict(&part.question.wish, &times, start, &[part.question.wish.needs[0].any_of[0], id(ROOM)]).is_empty()
            });
            let chosen: Vec<EntityId> = question.wish.needs.iter().map(|need| need.any_of[0]).collect();
            let together = slots::verdict(&question.wish, &times, at(minute), &chosen).is_empty();
            prop_assert!(alone || !together, "{minute}");
            // A buffer that reaches beyond the visit is everybody's.
            prop_assert!(together || !alone || question.wish.after > 0, "{minute}");
        }
    }
}
