//! Several patients in one session.

use super::*;
use crate::appointments::{Appointment, details};

/// A class of two with Dr Lis in a room.
pub(super) async fn class(desk: &Desk) -> EntityId {
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let input = TreatmentInput {
        id: None,
        category: "Groups".into(),
        name: "Back school".into(),
        duration: 45,
        buffer_before: 0,
        buffer_after: 0,
        price: 5_000,
        hue: 120,
        active: true,
        needs: vec![TreatmentNeed::throughout(ResourceKind::Room, "room")],
        rules: Rules { seats: 2, ..Rules::default() },
        terms: Vec::new(),
        version: 0,
    };
    let treatment = treatments::create(&mut tx, &input).await.expect("a treatment").id;
    let one = employees::get(&mut tx, desk.employee).await.expect("there");
    let input = EmployeeInput {
        id: None,
        name: one.name,
        position: one.position,
        hue: one.hue,
        location: one.location,
        user: one.user,
        sort: one.sort,
        active: one.active,
        treatments: vec![desk.treatment, treatment],
        contract_minutes: one.contract_minutes,
        version: one.version,
    };
    employees::update(&mut tx, desk.employee, &input).await.expect("qualified");
    tx.commit().await.expect("committed");
    treatment
}

fn seats(visit: &Appointment) -> (i32, i32) {
    visit.seats.map(|seats| (seats.taken, seats.of)).expect("a seat")
}

#[tokio::test]
async fn patients_join_a_session_until_it_is_full() {
    let desk = desk().await;
    let treatment = class(&desk).await;
    let seat = |patient, start: &str| Book { treatment, ..desk.visit(patient, start) };
    let first = desk.book(&seat(0, "2026-11-24T08:00:00Z")).await.expect("begun");
    assert_eq!(seats(&first), (1, 2));
    let overlapping = desk.book(&seat(1, "2026-11-24T08:15:00Z")).await.expect_err("neither the same nor another");
    assert!(rules(overlapping).contains(&"busy".to_owned()), "the doctor is taken");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let day = "2026-11-24".parse().expect("a date");
    let asked = AvailabilityQuestion {
        location: desk.clinic.location,
        treatment,
        employee: None,
        patient: None,
        from: day,
        to: day,
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    let offered = |free: &super::super::Availability| free.available_slots.iter().any(|slot| slot.start == first.start);
    assert!(offered(&availability(&mut tx, &asked).await.expect("free times")), "a seat is left");
    drop(tx);
    let second = desk.book(&seat(1, "2026-11-24T08:00:00Z")).await.expect("joined");
    assert_eq!((second.activity, seats(&second), &second.resources), (first.activity, (2, 2), &first.resources));
    assert_ne!(second.number, first.number);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert!(!offered(&availability(&mut tx, &asked).await.expect("free times")), "it is full");
    let view = services::calendar::range(&mut tx, desk.clinic.location, day, day.succ_opt().expect("a day")).await.expect("the day");
    assert_eq!(view.events.len(), 1);
    assert_eq!((view.events[0].title.as_str(), view.events[0].face.line.as_str()), ("Back school", "2/2"));
    assert_eq!(details(&mut tx, first.id).await.expect("details").seats.len(), 2);
    drop(tx);
    assert!(rules(desk.book(&seat(2, "2026-11-24T08:00:00Z")).await.expect_err("full")).contains(&"capacity".to_owned()));
    assert!(desk.book(&seat(0, "2026-11-24T08:00:00Z")).await.is_err(), "nobody sits on two seats");
}

#[tokio::test]
async fn each_seat_has_its_own_state_and_the_session_goes_with_the_last() {
    let desk = desk().await;
    let treatment = class(&desk).await;
    let seat = |patient| Book { treatment, ..desk.visit(patient, "2026-11-24T08:00:00Z") };
    let first = desk.book(&seat(0)).await.expect("begun");
    let second = desk.book(&seat(1)).await.expect("joined");
    let state = async |id| {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let visit = get(&mut tx, id).await.expect("there");
        let activity = services::calendar::activities::get(&mut tx, visit.activity).await.expect("there");
        (visit.status, activity.status)
    };
    desk.step(first.id, Status::CheckedIn).await.expect("arrived");
    assert_eq!(state(first.id).await, (Status::CheckedIn, Status::Scheduled));
    assert_eq!(state(second.id).await.0, Status::Scheduled);
    desk.step(second.id, Status::Cancelled).await.expect("cancelled");
    assert_eq!(state(first.id).await, (Status::CheckedIn, Status::CheckedIn));
    let third = desk.book(&seat(2)).await.expect("the seat is free again");
    assert_eq!(seats(&third), (2, 2));
    desk.step(third.id, Status::Cancelled).await.expect("cancelled");
    desk.step(first.id, Status::Cancelled).await.expect("cancelled");
    assert_eq!(state(first.id).await, (Status::Cancelled, Status::Cancelled));
    desk.book(&desk.visit(3, "2026-11-24T08:00:00Z")).await.expect("nobody comes, so the time is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_the_last_seats_at_once_as_many_get_one_as_there_are() {
    let desk = std::sync::Arc::new(desk().await);
    let treatment = class(&desk).await;
    for day in 24..28 {
        let tries: Vec<_> = (0..6)
            .map(|n| {
                let desk = desk.clone();
                tokio::spawn(async move {
                    let new = Book { treatment, ..desk.visit(n, &format!("2026-11-{day}T08:00:00Z")) };
                    desk.book(&new).await.map(|visit| visit.activity)
                })
            })
            .collect();
        let mut had = Vec::new();
        for one in tries {
            match one.await.expect("no panic") {
                Ok(activity) => had.push(activity),
                Err(Error::Conflict(_)) => {}
                Err(error) => panic!("an unexpected answer: {error}"),
            }
        }
        assert_eq!(had.len(), 2);
        assert_eq!(had[0], had[1], "one session");
    }
}
