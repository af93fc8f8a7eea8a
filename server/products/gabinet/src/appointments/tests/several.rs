//! Visits of several treatments, and what only the desk may book.

use super::*;
use crate::appointments::{Channel, Further, HoldTime, holds};

/// The desk with a colleague and a peeling that both give in any room.
pub(super) struct Two {
    pub(super) desk: Desk,
    pub(super) peel: EntityId,
    pub(super) sowa: EntityId,
}

pub(super) async fn two(change: impl FnOnce(&mut TreatmentInput)) -> Two {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let mut input = TreatmentInput {
        id: None,
        category: String::new(),
        name: "Peeling".into(),
        duration: 30,
        buffer_before: 0,
        buffer_after: 0,
        price: 20_000,
        hue: 80,
        active: true,
        needs: vec![TreatmentNeed::throughout(ResourceKind::Room, "room")],
        rules: Rules::default(),
        terms: Vec::new(),
        version: 0,
    };
    change(&mut input);
    let peel = treatments::create(&mut tx, &input).await.expect("a treatment").id;
    let input = EmployeeInput {
        id: None,
        name: "Dr Sowa".into(),
        position: String::new(),
        hue: 100,
        location: None,
        user: None,
        sort: 1,
        active: true,
        treatments: vec![peel],
        contract_minutes: None,
        version: 0,
    };
    let sowa = employees::create(&mut tx, &input).await.expect("a practitioner").id;
    let weekly = (1..=7).map(|weekday| Weekly { weekday, kind: WeeklyKind::Window, starts: 480, ends: 960, ..Weekly::default() });
    hours::set(&mut tx, sowa, &WorkingHours { weekly: weekly.collect(), dates: Vec::new() }).await.expect("hours");
    let lis = employees::get(&mut tx, desk.employee).await.expect("Dr Lis");
    let both = EmployeeInput {
        id: None,
        name: lis.name,
        position: lis.position,
        hue: lis.hue,
        location: lis.location,
        user: lis.user,
        sort: lis.sort,
        active: lis.active,
        treatments: vec![desk.treatment, peel],
        contract_minutes: lis.contract_minutes,
        version: lis.version,
    };
    employees::update(&mut tx, desk.employee, &both).await.expect("qualified for both");
    tx.commit().await.expect("committed");
    Two { desk, peel, sowa }
}

impl Two {
    pub(super) fn both(&self, patient: usize, start: &str, employee: Option<EntityId>, offset: Option<i32>) -> Book {
        let further = vec![Further { treatment: self.peel, employee, offset }];
        Book { further, ..self.desk.visit(patient, start) }
    }
}

#[tokio::test]
async fn two_treatments_are_one_visit_with_one_number_and_the_sum_of_the_prices() {
    let two = two(|_| {}).await;
    let visit = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    assert_eq!((visit.start, visit.end), (utc("2026-11-24T08:00:00Z"), utc("2026-11-24T09:30:00Z")));
    assert_eq!(visit.price, 95_000);
    let steps: Vec<_> = visit.steps.iter().map(|step| (step.treatment, step.employee, step.offset, step.minutes, step.price)).collect();
    assert_eq!(steps, [(two.desk.treatment, two.desk.employee, 0, 60, 75_000), (two.peel, two.sowa, 60, 30, 20_000)]);
    assert_eq!(visit.steps[0].places, ["Laser A", "Room 1"]);
    assert_eq!(visit.steps[1].places, ["Room 1"]);
    // The laser is free once the first treatment and its buffer are over, Dr Sowa until the second.
    let alone = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-24T08:00:00Z") };
    two.desk.book(&alone).await.expect("Dr Sowa has time before");
    let meanwhile = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(2, "2026-11-24T09:00:00Z") };
    assert_eq!(two.desk.book(&meanwhile).await.expect_err("Dr Sowa is taken").code(), "unavailable");
    two.desk.book(&two.desk.visit(3, "2026-11-24T09:10:00Z")).await.expect("Dr Lis and the laser are free again");
}

#[tokio::test]
async fn several_treatments_are_booked_whole_or_not_at_all() {
    let two = two(|_| {}).await;
    let taken = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-24T09:00:00Z") };
    two.desk.book(&taken).await.expect("booked");
    let refused = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect_err("Dr Sowa is taken");
    let Error::Conflict(refusal) = refused else { panic!("not a conflict") };
    assert!(refusal.reasons.iter().any(|reason| reason.resource == Some(two.sowa) && reason.rule == "busy"));
    // What is offered instead can be had.
    let other = refusal.alternatives.first().expect("another time");
    let new = Book { start: other.start, ..two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None) };
    assert_eq!(two.desk.book(&new).await.expect("booked").steps.len(), 2);
}

#[tokio::test]
async fn what_is_offered_for_several_treatments_can_be_booked() {
    let two = two(|_| {}).await;
    two.desk.book(&two.desk.visit(9, "2026-11-24T10:00:00Z")).await.expect("booked");
    let day = utc("2026-11-24T00:00:00Z").date_naive();
    let asked = AvailabilityQuestion {
        location: two.desk.clinic.location,
        treatment: two.desk.treatment,
        employee: None,
        patient: None,
        from: day,
        to: day,
        moving: None,
        further: vec![Further { treatment: two.peel, employee: None, offset: None }],
        channel: Channel::Online,
    };
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let free = availability(&mut tx, &asked).await.expect("free times").available_slots;
    assert!(free.len() > 3);
    // The practitioner of both, one room and the laser.
    assert!(free.iter().all(|slot| slot.resources.len() == 3 && slot.employee_id == two.desk.employee));
    tx.commit().await.expect("committed");
    for slot in [free.first(), free.last()].into_iter().flatten() {
        let new = Book { start: slot.start, resources: Some(slot.resources.clone()), ..two.both(0, "2026-11-24T08:00:00Z", None, None) };
        two.desk.book(&new).await.expect("offered, so booked");
    }
}

#[tokio::test]
async fn a_visit_of_several_treatments_moves_whole_and_keeps_its_length() {
    let two = two(|_| {}).await;
    let visit = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let activity = services::calendar::activities::get(&mut tx, visit.activity).await.expect("its activity");
    let date = visit.start.date_naive();
    let bounds = Bounds { from: date, to: date.succ_opt().expect("a date"), copy: false };
    let carried = (crate::HOOKS.carried.expect("a hook"))(&mut tx, &activity, &bounds).await.expect("what it is judged by");
    assert_eq!((carried.wish.minutes, carried.wish.needs.len()), (90, 4));
    let half_past_one = (utc("2026-11-24T11:30:00Z"), utc("2026-11-24T13:00:00Z"));
    let judge = |end, change| carried.verdict(half_past_one.0, end, change);
    assert!(judge(half_past_one.1, (None, None)).is_empty());
    assert!(!judge(utc("2026-11-24T13:30:00Z"), (None, None)).is_empty(), "it keeps its length");
    assert!(!judge(half_past_one.1, (Some(two.sowa), Some(two.desk.employee))).is_empty(), "Dr Lis treats already");
    assert!(!carried.fits(Some(two.desk.employee), two.sowa) && !carried.fits(Some(two.sowa), two.desk.employee));
    let to = |end: &str, from: Option<EntityId>, into: Option<EntityId>| MoveTo {
        version: visit.version,
        start: utc("2026-11-24T11:30:00Z"),
        end: utc(end),
        resource_from: from,
        resource_to: into,
        overbook_reason: None,
        back: false,
    };
    let move_to = crate::HOOKS.move_to.expect("a hook");
    let longer = move_to(&mut tx, &activity, &to("2026-11-24T13:30:00Z", None, None)).await;
    assert_eq!(longer.expect_err("it keeps its length").code(), "invalid");
    let twice = move_to(&mut tx, &activity, &to("2026-11-24T13:00:00Z", Some(two.sowa), Some(two.desk.employee))).await;
    assert_eq!(twice.expect_err("Dr Lis treats already").code(), "invalid");
    move_to(&mut tx, &activity, &to("2026-11-24T13:00:00Z", None, None)).await.expect("moved");
    let moved = get(&mut tx, visit.id).await.expect("the visit");
    assert_eq!((moved.start, moved.steps.len()), (utc("2026-11-24T11:30:00Z"), 2));
    let sowa = services::calendar::activities::get(&mut tx, visit.activity).await.expect("its activity");
    let booking = sowa.bookings.iter().find(|booking| booking.resource == two.sowa).expect("Dr Sowa's part");
    assert_eq!(booking.segments.iter().map(|one| (one.from, one.to)).collect::<Vec<_>>(), [(60, 90)]);
}

#[tokio::test]
async fn one_practitioner_cannot_give_two_treatments_at_once_but_two_can() {
    let two = two(|_| {}).await;
    let same = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", None, Some(0))).await.expect_err("one pair of hands");
    let Error::Invalid(faults) = same else { panic!("not a fault of the form") };
    assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("further[0].employee", "overlap"));
    let visit = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), Some(0))).await.expect("four hands");
    assert_eq!(visit.end, utc("2026-11-24T09:00:00Z"));
}

#[tokio::test]
async fn a_visit_of_several_treatments_is_held_as_it_will_be_booked_and_frees_everybodys_time() {
    let two = two(|_| {}).await;
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let new = two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None);
    let wanted = HoldTime {
        id: None,
        treatment: new.treatment,
        employee: new.employee,
        patient: None,
        resources: None,
        location: new.location,
        start: new.start,
        further: new.further.clone(),
    };
    let held = holds::hold(&mut tx, &wanted).await.expect("held");
    assert!(held.resources.contains(&two.sowa));
    let visit = book(&mut tx, &Book { hold: Some(held.id), ..new.clone() }).await.expect("booked");
    tx.commit().await.expect("committed");
    two.desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    two.desk.book(&Book { patient: two.desk.patients[2], ..new }).await.expect("free again");
}

#[tokio::test]
async fn limits_count_a_treatment_wherever_it_stands_in_a_visit() {
    let two = two(|input| input.rules.per_day = Some(1)).await;
    two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    let again = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-24T12:00:00Z") };
    let Error::Conflict(refusal) = two.desk.book(&again).await.expect_err("one a day") else { panic!("not a conflict") };
    assert!(refusal.reasons.iter().any(|reason| reason.rule == "limit"));
    let in_visit = two.desk.book(&two.both(2, "2026-11-24T12:30:00Z", Some(two.sowa), None)).await;
    assert_eq!(in_visit.expect_err("one a day").code(), "unavailable");
}

#[tokio::test]
async fn what_is_for_the_desk_only_is_not_booked_online() {
    let two = two(|input| input.rules.online = false).await;
    let online = Book { treatment: two.peel, channel: Channel::Online, ..two.desk.visit(0, "2026-11-24T08:00:00Z") };
    let Error::Invalid(faults) = two.desk.book(&online).await.expect_err("desk only") else { panic!("not a fault of the form") };
    assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("treatment", "desk_only"));
    let second = Book { channel: Channel::Online, ..two.both(0, "2026-11-24T08:00:00Z", None, None) };
    let Error::Invalid(faults) = two.desk.book(&second).await.expect_err("desk only") else { panic!("not a fault of the form") };
    assert_eq!(faults[0].field, "further[0].treatment");
    two.desk.book(&Book { channel: Channel::Desk, ..online }).await.expect("the desk may");
}

#[tokio::test]
async fn whoever_books_online_asks_where_a_treatment_needs_approval_and_books_over_nothing() {
    let two = two(|input| input.rules.needs_approval = true).await;
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.anna).await;
    let online = Book { treatment: two.peel, channel: Channel::Online, ..two.desk.visit(0, "2026-11-24T08:00:00Z") };
    assert_eq!(book(&mut tx, &online).await.expect("asked for").status, Status::Pending);
    let over = Book { overbook_reason: Some("in a hurry".into()), ..online };
    assert_eq!(book(&mut tx, &over).await.expect_err("not online").code(), "invalid");
}

#[tokio::test]
async fn a_move_that_is_refused_offers_colleagues_at_that_time_and_never_where_the_visit_stands() {
    let two = two(|_| {}).await;
    let peeling = |patient, start: &str| Book { treatment: two.peel, ..two.desk.visit(patient, start) };
    let visit = two.desk.book(&peeling(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    two.desk.book(&peeling(1, "2026-11-24T09:30:00Z")).await.expect("booked");
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let to = |start: &str, employee| MoveVisit {
        version: visit.version,
        start: utc(start),
        end: None,
        employee,
        resources: None,
        overbook_reason: None,
    };
    let Error::Conflict(refusal) = move_to(&mut tx, visit.id, &to("2026-11-24T09:30:00Z", None)).await.expect_err("taken") else {
        panic!("not a refusal");
    };
    let ways: Vec<_> = refusal.alternatives.iter().map(|way| (way.start, way.resources[0])).collect();
    let lis = two.desk.employee;
    assert!(!ways.contains(&(visit.start, lis)), "it stands there already: {ways:?}");
    assert_eq!(ways.iter().filter(|way| way.1 == lis).count(), 3, "{ways:?}");
    assert!(ways.contains(&(utc("2026-11-24T09:30:00Z"), two.sowa)), "Dr Sowa is free then: {ways:?}");
    for (start, employee) in ways {
        let moved = move_to(&mut tx, visit.id, &MoveVisit { start, ..to("2026-11-24T09:30:00Z", Some(employee)) }).await;
        assert_eq!(moved.expect("offered, so possible").employee, employee);
        tx.back().await.expect("nothing was kept");
    }
}
