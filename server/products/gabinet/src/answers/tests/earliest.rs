//! The earliest time is the first of all free ones, whatever lies around it and whatever is kept of it.

use chrono::Days;
use platform::{
    Error, State, Tx,
    database::{self, PoolSize},
    id::EntityId,
    tx::Door,
};
use services::hooks::{self, Hooks};

use super::{Desk, HOOKS, desk, tuesday, utc};
use crate::{
    answers,
    appointments::{self, AvailabilityQuestion, AvailableSlot},
    employees::{self, EmployeeInput, EquipmentInput},
    hours::{self, Weekly, WeeklyKind, WorkingHours},
    treatments::{self, TreatmentInput},
};

impl Desk {
    /// From and to so many days after that Tuesday.
    fn asked_for(&self, employee: Option<EntityId>, from: u64, to: u64) -> AvailabilityQuestion {
        AvailabilityQuestion {
            location: self.clinic.location,
            treatment: self.treatment,
            employee,
            patient: None,
            from: tuesday() + Days::new(from),
            to: tuesday() + Days::new(to),
            moving: None,
            further: Vec::new(),
            channel: Default::default(),
        }
    }

    /// The earliest time, which must be the first of all free ones.
    async fn earliest_is_the_first(&self, asked: AvailabilityQuestion) -> Option<AvailableSlot> {
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        let found = answers::earliest(&mut tx, &asked).await.expect("an answer");
        let all = appointments::availability(&mut tx, &asked).await.expect("times").available_slots;
        assert_eq!(found.as_ref(), all.first(), "from {} to {}", asked.from, asked.to);
        found
    }
}

#[tokio::test]
async fn the_earliest_is_the_first_of_all_free_times_however_far_ahead_it_lies() {
    let desk = desk().await;
    // Both are away for longer and longer, so that the answer lies in each of the windows.
    let mut from = tuesday();
    for days in [0_u64, 1, 3, 9, 30, 30] {
        if days > 0 {
            let to = from + Days::new(days - 1);
            let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
            for employee in [desk.lis, desk.kania] {
                let leave = hours::LeaveInput { from_date: from, to_date: to, ..hours::LeaveInput::default() };
                hours::add_leave(&mut tx, employee, &leave).await.expect("leave");
            }
            tx.commit().await.expect("committed");
            from = to + Days::new(1);
        }
        for employee in [None, Some(desk.kania)] {
            let found = desk.earliest_is_the_first(desk.asked_for(employee, 0, 90)).await;
            assert!(found.is_some(), "after {from}");
            let none = desk.earliest_is_the_first(desk.asked_for(employee, 0, 0)).await;
            assert_eq!(none.is_some(), from == tuesday());
        }
    }
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let wrong = desk.asked_for(None, 0, 94);
    assert_eq!(answers::earliest(&mut tx, &wrong).await.expect_err("too long").status(), 422);
}

/// What the server keeps of a clinic is never what it was before: each change is seen by the next question.
#[tokio::test]
async fn the_earliest_follows_every_change_of_hours_treatments_rooms_and_who_may_give_them() {
    let desk = desk().await;
    let asked = || desk.asked_for(None, 0, 89);
    assert!(desk.earliest_is_the_first(asked()).await.is_some());

    // Nights only, over the borders of dates and of what is kept at once; breaks begin the grid anew.
    for employee in [desk.lis, desk.kania] {
        let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
        let stretch = |weekday, kind, starts, ends| Weekly { weekday, kind, starts, ends, ..Weekly::default() };
        let nights = (1..=7).flat_map(|day| [stretch(day, WeeklyKind::Window, 1325, 187), stretch(day, WeeklyKind::Break, 50, 63)]);
        hours::set(&mut tx, employee, &WorkingHours { weekly: nights.collect(), dates: Vec::new() }).await.expect("hours");
        tx.commit().await.expect("committed");
    }
    for day in 0..60 {
        assert!(desk.earliest_is_the_first(desk.asked_for(None, day, 89)).await.is_some());
    }

    // A longer treatment.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let known = treatments::get(&mut tx, desk.treatment).await.expect("the treatment");
    let mut input: TreatmentInput = serde_json::from_value(serde_json::json!({
        "name": known.name, "duration": 75, "buffer_before": 3, "buffer_after": 10, "price": 1, "needs": known.needs, "version": known.version,
    }))
    .expect("a treatment");
    input.rules = known.rules;
    treatments::update(&mut tx, desk.treatment, &input).await.expect("changed");
    tx.commit().await.expect("committed");
    let long = desk.earliest_is_the_first(asked()).await.expect("a time");
    assert_eq!((long.end - long.start).num_minutes(), 75);

    // One of them may not give it any more, and of the rooms the first is none any more.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let lis = employees::get(&mut tx, desk.lis).await.expect("the practitioner");
    let input: EmployeeInput =
        serde_json::from_value(serde_json::json!({ "name": lis.name, "treatments": [], "version": lis.version })).expect("a practitioner");
    employees::update(&mut tx, desk.lis, &input).await.expect("changed");
    tx.commit().await.expect("committed");
    let other = desk.earliest_is_the_first(asked()).await.expect("a time");
    assert_eq!((other.employee_id, other.resources[1..].to_vec()), (desk.kania, vec![desk.rooms[0]]));
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    employees::set_equipment(&mut tx, desk.rooms[0], &EquipmentInput { sorts: Vec::new(), version: 2 }).await.expect("no sort");
    tx.commit().await.expect("committed");
    let other = desk.earliest_is_the_first(asked()).await.expect("a time");
    assert_eq!(other.resources[1..], [desk.rooms[1]]);

    // Who may not know the treatments is told nothing, whatever is kept of them.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert!(matches!(answers::earliest(&mut tx, &AvailabilityQuestion { treatment: desk.lis, ..asked() }).await, Err(Error::NotFound)));
}

/// Times of practitioners and rooms that no mask shows as they are: a few minutes here and there, holds that last and
/// holds that have run out, long ones over days, some given back.
async fn odd_diary(desk: &Desk, seed: u64) {
    use rand::{RngExt, SeedableRng, rngs::StdRng};
    use services::calendar::{
        Face, Status,
        activities::{self, NewActivity, NewBooking},
    };
    let mut random = StdRng::seed_from_u64(seed);
    let all = [desk.lis, desk.kania, desk.rooms[0], desk.rooms[1]];
    for n in 0..120 {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let start = utc("2026-11-24T00:00:00Z") + chrono::TimeDelta::minutes(random.random_range(0..9 * 24 * 60));
        let minutes = [3, 20, 55, 240, 700, 2000][random.random_range(0..6)];
        let booking = |resource| NewBooking::throughout(resource, 0, 5);
        let new = NewActivity {
            id: EntityId::new(),
            activity_type: "meeting".into(),
            title: "Something".into(),
            description: String::new(),
            location: desk.clinic.location,
            start,
            end: start + chrono::TimeDelta::minutes(minutes),
            status: Status::Scheduled,
            owner: None,
            subject: None,
            record: None,
            face: Face::default(),
            bookings: all.into_iter().filter(|_| random.random_bool(0.4)).map(booking).collect(),
            overbook: random.random_bool(0.3),
        };
        if activities::insert(&mut tx, &new).await.is_err() {
            continue;
        }
        match n % 5 {
            0 => drop(activities::set_status(&mut tx, new.id, 1, Status::Cancelled).await.expect("cancelled")),
            1 => {
                let until = tx.now() + chrono::TimeDelta::minutes(random.random_range(-3..4));
                activities::hold_until(&mut tx, new.id, until).await.expect("held");
            }
            _ => {}
        }
        tx.commit().await.expect("committed");
    }
}

#[tokio::test]
async fn in_an_odd_diary_the_earliest_is_the_first_of_all_free_times_from_every_day_on() {
    for seed in [3, 4] {
        let desk = desk().await;
        odd_diary(&desk, seed).await;
        for day in 0..10 {
            for employee in [None, Some(desk.kania)] {
                desk.earliest_is_the_first(desk.asked_for(employee, day, 14)).await;
            }
        }
    }
}

#[tokio::test]
async fn a_connection_that_has_rehearsed_has_nothing_to_learn_for_the_first_question() {
    let desk = desk().await;
    let size = PoolSize { connections: 1, ..PoolSize::default() };
    let warm = hooks::warm(Hooks(&HOOKS));
    let pool = database::warmed(desk.clinic.database.owner(), size, warm).await.expect("it connects");
    let known = async || -> Vec<String> {
        let statements = sqlx::query_scalar("select statement from pg_prepared_statements order by 1").persistent(false);
        statements.fetch_all(&pool).await.expect("they are listed")
    };
    let rehearsed = known().await;
    assert!(rehearsed.len() > 5);
    let state = State { pool: pool.clone(), kept: Default::default(), ..desk.clinic.state.clone() };
    let mut tx = Tx::begin(&state, &desk.clinic.anna, Door::Screen).await.expect("she is a member");
    let found = answers::earliest(&mut tx, &desk.asked_for(None, 0, 89)).await.expect("an answer");
    assert!(found.is_some());
    drop(tx);
    assert_eq!(known().await, rehearsed);
}
