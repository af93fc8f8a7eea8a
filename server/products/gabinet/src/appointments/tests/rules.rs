//! The rules of treatments, as bookings meet them.

use chrono::TimeDelta;
use services::calendar::slots::{Align, Segment};

use super::*;
use crate::treatments::{Agreed, Terms};

/// The desk's treatment with other rules, and whatever else is changed of it.
pub(super) async fn change(desk: &Desk, change: impl FnOnce(&mut TreatmentInput)) {
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let old = treatments::get(&mut tx, desk.treatment).await.expect("a treatment");
    let mut input = TreatmentInput {
        id: None,
        category: old.category,
        name: old.name,
        duration: old.duration,
        buffer_before: old.buffer_before,
        buffer_after: old.buffer_after,
        price: old.price,
        hue: old.hue,
        active: old.active,
        needs: old.needs,
        rules: old.rules,
        terms: old.terms,
        version: old.version,
    };
    change(&mut input);
    let changed = treatments::update(&mut tx, desk.treatment, &input).await.expect("changed");
    assert_eq!((changed.rules, changed.needs, changed.terms), (input.rules, input.needs, input.terms), "it comes back as it was sent");
    tx.commit().await.expect("committed");
}

async fn starts(desk: &Desk, from: &str, to: &str) -> Vec<String> {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let asked = AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: None,
        patient: None,
        from: from.parse().expect("a date"),
        to: to.parse().expect("a date"),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    let free = availability(&mut tx, &asked).await.expect("free times");
    free.available_slots.iter().map(|slot| slot.start.format("%d %H:%M").to_string()).collect()
}

#[tokio::test]
async fn notice_and_horizon_refuse_unless_the_desk_overbooks() {
    let desk = desk().await;
    // It is 7:00 UTC on the 24th, 8:00 in Warsaw.
    change(&desk, |input| {
        input.rules.notice_minutes = 180;
        input.rules.horizon_days = Some(2);
    })
    .await;
    let soon = desk.visit(0, "2026-11-24T09:45:00Z");
    assert_eq!(rules(desk.book(&soon).await.expect_err("too soon")), ["notice"]);
    assert_eq!(rules(desk.book(&desk.visit(0, "2026-11-27T09:00:00Z")).await.expect_err("too far ahead")), ["horizon"]);
    desk.book(&desk.visit(1, "2026-11-26T13:00:00Z")).await.expect("the last day counts");
    desk.book(&Book { overbook_reason: Some("came by".into()), ..soon }).await.expect("overbooked");
    let free = starts(&desk, "2026-11-24", "2026-11-28").await;
    assert_eq!(free.first().map(String::as_str), Some("24 11:30"));
    assert!(free.iter().all(|start| start.as_str() < "27"), "{free:?}");
}

#[tokio::test]
async fn limits_count_by_local_day_and_week_and_a_move_does_not_count_itself() {
    let desk = desk().await;
    change(&desk, |input| {
        input.rules.per_day = Some(1);
        input.rules.per_week = Some(2);
    })
    .await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    assert_eq!(rules(desk.book(&desk.visit(1, "2026-11-24T12:30:00Z")).await.expect_err("one a day")), ["limit"]);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to = MoveVisit {
        version: first.version,
        start: utc("2026-11-24T12:30:00Z"),
        end: None,
        employee: None,
        resources: None,
        overbook_reason: None,
    };
    move_to(&mut tx, first.id, &to).await.expect("it makes room for itself");
    tx.commit().await.expect("committed");
    desk.book(&desk.visit(1, "2026-11-25T08:00:00Z")).await.expect("another day");
    assert_eq!(rules(desk.book(&desk.visit(2, "2026-11-26T08:00:00Z")).await.expect_err("two a week")), ["limit"]);
    assert!(starts(&desk, "2026-11-26", "2026-11-29").await.is_empty());
    assert!(!starts(&desk, "2026-11-30", "2026-11-30").await.is_empty(), "the next week is another");
    desk.step(first.id, Status::Cancelled).await.expect("cancelled");
    desk.book(&desk.visit(2, "2026-11-26T08:00:00Z")).await.expect("what is cancelled does not count");
}

#[tokio::test]
async fn step_and_alignment_make_the_grid() {
    let desk = desk().await;
    change(&desk, |input| {
        input.rules.step = 40;
        input.rules.align = Align::Clock;
    })
    .await;
    let free = starts(&desk, "2026-11-25", "2026-11-25").await;
    assert_eq!(free[..3], ["25 07:00", "25 07:40", "25 08:20"]);
}

#[tokio::test]
async fn the_laser_is_free_for_others_outside_its_segment() {
    let desk = desk().await;
    change(&desk, |input| {
        input.buffer_after = 0;
        for need in &mut input.needs {
            if need.kind == ResourceKind::Device {
                need.segments = vec![Segment { from: 15, to: 45 }];
            }
        }
        input.rules.staff_segments = vec![Segment { from: 0, to: 15 }, Segment { from: 45, to: 60 }];
    })
    .await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(
        "select b.starts_at, b.ends_at from resource_bookings b join resources r on r.organization_id = b.organization_id and r.id = b.resource_id
         where b.activity_id = $1 and r.kind <> 'room' order by r.kind, b.starts_at",
    )
    .bind(visit.activity)
    .fetch_all(tx.conn())
    .await
    .expect("its rows");
    let minute = |minutes: i64| visit.start + TimeDelta::minutes(minutes);
    assert_eq!(rows, [(minute(15), minute(45)), (minute(0), minute(15)), (minute(45), minute(60))]);
    assert_eq!(visit.resources.len(), 3, "each resource is told once");
    drop(tx);
    // While the first waits under the cream the doctor begins with the next one, in the other room.
    assert_eq!(
        rules(desk.book(&desk.visit(1, "2026-11-24T08:15:00Z")).await.expect_err("both the laser and the doctor")),
        ["busy", "busy"]
    );
    let second = desk.book(&desk.visit(1, "2026-11-24T08:30:00Z")).await.expect("nested");
    assert_ne!(second.resources, visit.resources);
    // A longer visit keeps its parts.
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to = MoveVisit {
        version: second.version,
        start: utc("2026-11-24T13:00:00Z"),
        end: Some(utc("2026-11-24T14:30:00Z")),
        employee: None,
        resources: None,
        overbook_reason: None,
    };
    move_to(&mut tx, second.id, &to).await.expect("moved and made longer");
    let activity = services::calendar::activities::get(&mut tx, second.activity).await.expect("there");
    let staff = activity.bookings.iter().find(|booking| booking.resource == desk.employee).expect("the doctor");
    assert_eq!(staff.segments, [Segment { from: 0, to: 15 }, Segment { from: 45, to: 90 }]);
}

#[tokio::test]
async fn a_practitioner_takes_their_own_time_and_price() {
    let desk = desk().await;
    let employee = desk.employee;
    change(&desk, |input| input.terms = vec![Terms { employee, duration: Some(90), price: Some(99_000) }]).await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    assert_eq!((visit.end - visit.start, visit.price), (TimeDelta::minutes(90), 99_000));
    assert!(
        starts(&desk, "2026-11-24", "2026-11-24").await.iter().all(|start| start.as_str() >= "24 09:40"),
        "its 90 minutes and 10 after"
    );
    // Saving the practitioner leaves the terms as they are.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let one = employees::get(&mut tx, employee).await.expect("there");
    let input = EmployeeInput {
        id: None,
        name: one.name,
        position: one.position,
        hue: one.hue,
        location: one.location,
        user: one.user,
        sort: one.sort,
        active: one.active,
        treatments: one.treatments,
        contract_minutes: one.contract_minutes,
        version: one.version,
    };
    employees::update(&mut tx, employee, &input).await.expect("saved");
    assert_eq!(treatments::get(&mut tx, desk.treatment).await.expect("there").minutes_with(employee, Agreed::default()), 90);
}

#[tokio::test]
async fn terms_of_somebody_unqualified_are_refused_at_the_field() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let input = TreatmentInput {
        id: None,
        category: String::new(),
        name: "Peel".into(),
        duration: 30,
        buffer_before: 0,
        buffer_after: 0,
        price: 0,
        hue: 0,
        active: true,
        needs: Vec::new(),
        rules: Rules { step: 0, seats: 0, ..Rules::default() },
        terms: vec![Terms { employee: desk.employee, duration: Some(45), price: None }],
        version: 0,
    };
    let Err(Error::Invalid(faults)) = treatments::create(&mut tx, &input).await else { panic!("taken") };
    assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["rules.step", "rules.seats"]);
    let input = TreatmentInput { rules: Rules::default(), ..input };
    let Err(Error::Invalid(faults)) = treatments::create(&mut tx, &input).await else { panic!("taken") };
    assert_eq!(faults[0].field, "terms");
}

#[tokio::test]
async fn what_needs_approval_is_a_request_that_takes_its_time() {
    let desk = desk().await;
    change(&desk, |input| input.rules.needs_approval = true).await;
    let request = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("asked for");
    assert_eq!(request.status, Status::Pending);
    assert!(rules(desk.book(&desk.visit(1, "2026-11-24T08:00:00Z")).await.expect_err("taken")).contains(&"busy".to_owned()));
    assert_eq!(desk.step(request.id, Status::Scheduled).await.expect_err("the desk may not").status(), 403);
    let mut tx = desk.clinic.tx(&desk.clinic.jan).await;
    let step = Transition { version: request.version, to: Status::Scheduled, reason: String::new() };
    assert_eq!(transition(&mut tx, request.id, &step).await.expect("approved").status, Status::Scheduled);
    let own = book(&mut tx, &desk.visit(1, "2026-11-25T08:00:00Z")).await.expect("booked");
    assert_eq!(own.status, Status::Scheduled, "who may approve does not ask");
    tx.commit().await.expect("committed");
    let declined = desk.book(&desk.visit(2, "2026-11-26T08:00:00Z")).await.expect("asked for");
    desk.step(declined.id, Status::Cancelled).await.expect("declined");
    desk.book(&desk.visit(3, "2026-11-26T08:00:00Z")).await.expect("its time is free");
}
