//! The waiting list on a real database.

use chrono::{NaiveDate, TimeDelta};
use platform::{Error, Result, Tx, id::EntityId};
use services::{
    calendar::{
        ResourceKind, Status,
        generic::{self, NewGeneric},
        moves,
    },
    hooks::StatusChange,
    resources::{self, ResourceInput},
};

use super::{
    Choice, DayWindow, DeclineRequest, Stuck, Waiting, WaitingInput, WaitingKind, accept, add, book, decline, decline_request, get, list,
    matches, offer, remove, request, requests, wanting, work,
};
use crate::{
    appointments::{self, HoldTime, holds},
    patients::terms::{self, PatientTermInput, PatientTermsInput},
    series::tests::{Desk, desk, utc},
    treatments::{self, Rules, TreatmentInput},
};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Desk {
    fn wish(&self, patient: usize) -> WaitingInput {
        WaitingInput {
            id: None,
            kind: WaitingKind::Waiting,
            patient: self.patients[patient],
            location: self.clinic.location,
            treatments: vec![self.treatment],
            staff: Vec::new(),
            weekdays: Vec::new(),
            windows: Vec::new(),
            from_date: date("2026-11-24"),
            to_date: date("2026-12-24"),
            priority: 1,
            note: String::new(),
            version: 0,
        }
    }

    async fn wait(&self, wish: &WaitingInput) -> Waiting {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let waiting = add(&mut tx, wish).await.expect("on the list");
        tx.commit().await.expect("committed");
        waiting
    }

    /// The job's turn.
    async fn work(&self) -> usize {
        let mut tx = Tx::begin_for_job(&self.clinic.state, self.clinic.organization).await.expect("a turn");
        let made = work(&mut tx, TimeDelta::zero()).await.expect("work").made;
        tx.commit().await.expect("committed");
        made
    }

    async fn offered(&self, waiting: EntityId) -> Option<super::Offer> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        get(&mut tx, waiting).await.expect("waits").offer
    }

    async fn accept(&self, offer: EntityId) -> Result<appointments::Appointment> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let visit = accept(&mut tx, offer).await?;
        tx.commit().await?;
        Ok(visit)
    }
}

#[tokio::test]
async fn a_cancelled_visits_time_is_offered_by_urgency_and_age_and_held() {
    let desk = desk(Rules::default()).await;
    let visit = desk.book(&desk.visit(0, "2026-11-30T09:00:00Z")).await.expect("booked");
    let first = desk.wait(&desk.wish(1)).await;
    let urgent = desk.wait(&WaitingInput { priority: 2, windows: vec![DayWindow { from: 540, to: 720 }], ..desk.wish(2) }).await;
    desk.wait(&WaitingInput { priority: 2, weekdays: vec![2], ..desk.wish(3) }).await;
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    assert_eq!(desk.work().await, 1);
    let offer = desk.offered(urgent.id).await.expect("the urgent one comes first");
    assert_eq!(offer.start, utc("2026-11-30T09:00:00Z"));
    assert_eq!(desk.offered(first.id).await, None);
    // Nobody else gets it meanwhile.
    assert_eq!(desk.book(&desk.visit(4, "2026-11-30T09:00:00Z")).await.expect_err("held").code(), "unavailable");
    // Turned down, it goes to the next, and not back.
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    decline(&mut tx, offer.id).await.expect("declined");
    tx.commit().await.expect("committed");
    assert_eq!(desk.work().await, 1);
    assert_eq!(desk.offered(urgent.id).await, None);
    let next = desk.offered(first.id).await.expect("the next one");
    let booked = desk.accept(next.id).await.expect("booked");
    assert_eq!((booked.patient, booked.start), (desk.patients[1], utc("2026-11-30T09:00:00Z")));
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let left: Vec<EntityId> = list(&mut tx).await.expect("a list").into_iter().map(|one| one.patient.id).collect();
    assert_eq!(left, [desk.patients[2], desk.patients[3]]);
}

#[tokio::test]
async fn whoever_waits_is_offered_as_much_time_as_was_agreed_with_them() {
    let desk = desk(Rules::default()).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let version = terms::get(&mut tx, desk.patients[1]).await.expect("nothing yet").version;
    let longer = PatientTermInput { treatment: desk.treatment, duration: Some(90), price: None, note: String::new() };
    terms::set(&mut tx, desk.patients[1], &PatientTermsInput { version, items: vec![longer] }).await.expect("agreed");
    tx.commit().await.expect("committed");
    let visit = desk.book(&desk.visit(0, "2026-11-30T09:00:00Z")).await.expect("booked");
    // An hour later the room is taken: there is no time for the longer one where the shorter one was.
    desk.book(&desk.visit(2, "2026-11-30T10:15:00Z")).await.expect("booked");
    let waiting = desk.wait(&desk.wish(1)).await;
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    assert_eq!(desk.work().await, 1);
    let offer = desk.offered(waiting.id).await.expect("offered");
    assert_eq!(offer.end - offer.start, TimeDelta::minutes(90));
    assert!(offer.end <= utc("2026-11-30T10:15:00Z"));
    let booked = desk.accept(offer.id).await.expect("booked");
    assert_eq!((booked.start, booked.end), (offer.start, offer.end));
}

#[tokio::test]
async fn of_two_who_accept_one_offer_at_once_one_books() {
    let desk = std::sync::Arc::new(desk(Rules::default()).await);
    let waiting = desk.wait(&desk.wish(1)).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let found = matches(&mut tx, waiting.id).await.expect("matches").items;
    let choice = Choice { treatment: found[0].treatment.id, employee: found[0].employee.id, start: found[0].start };
    let made = offer(&mut tx, waiting.id, &choice).await.expect("offered");
    assert_eq!(offer(&mut tx, waiting.id, &choice).await.expect_err("one at a time").code(), "duplicate");
    tx.commit().await.expect("committed");
    let both = [0, 1].map(|_| {
        let desk = desk.clone();
        tokio::spawn(async move { desk.accept(made.id).await })
    });
    let mut won = 0;
    for one in both {
        match one.await.expect("no panic") {
            Ok(_) => won += 1,
            Err(error) => assert_eq!(error.code(), "transition"),
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn a_time_is_offered_to_one_only() {
    let desk = desk(Rules::default()).await;
    let (one, other) = (desk.wait(&desk.wish(1)).await, desk.wait(&desk.wish(2)).await);
    let choice = Choice { treatment: desk.treatment, employee: desk.lis, start: utc("2026-11-30T09:00:00Z") };
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    offer(&mut tx, one.id, &choice).await.expect("offered");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert!(matches!(offer(&mut tx, other.id, &choice).await, Err(Error::Conflict(_))));
    drop(tx);
    // Who is booked elsewhere gives back what was offered.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let elsewhere = Choice { start: utc("2026-12-01T09:00:00Z"), ..choice.clone() };
    book(&mut tx, one.id, &elsewhere).await.expect("booked");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    offer(&mut tx, other.id, &choice).await.expect("free again");
    remove(&mut tx, other.id).await.expect("removed");
    assert!(list(&mut tx).await.expect("a list").is_empty());
}

#[tokio::test]
async fn who_waits_for_such_a_time_is_told_before_it_is_cancelled() {
    let desk = desk(Rules::default()).await;
    let visit = desk.book(&desk.visit(0, "2026-11-30T09:00:00Z")).await.expect("booked");
    let fits = desk.wait(&WaitingInput { staff: vec![desk.lis], ..desk.wish(1) }).await;
    desk.wait(&WaitingInput { staff: vec![desk.sowa], ..desk.wish(2) }).await;
    desk.wait(&WaitingInput { windows: vec![DayWindow { from: 840, to: 1080 }], ..desk.wish(3) }).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let wanting: Vec<EntityId> = wanting(&mut tx, visit.activity).await.expect("asked").into_iter().map(|one| one.id).collect();
    assert_eq!(wanting, [fits.id]);
}

#[tokio::test]
async fn a_day_that_opens_again_is_noted_once_for_each_practitioner_and_for_no_other_staff() {
    let d = desk(Rules::default()).await;
    d.wait(&d.wish(0)).await;
    let mut tx = d.clinic.tx(&d.clinic.ewa).await;
    let guard = ResourceInput {
        id: None,
        kind: ResourceKind::Staff,
        name: "Night guard".into(),
        hue: 100,
        location: Some(d.clinic.location),
        user: None,
        sort: 0,
        active: true,
        version: 0,
    };
    resources::insert_unchecked(&mut tx, &guard).await.expect("somebody who gives no treatments");
    super::freed_by_opening(&mut tx, date("2026-12-01")).await.expect("noted");
    let (rows, practitioners): (i64, i64) = sqlx::query_as(
        "select count(*), count(distinct f.resource_id)
         from gabinet_freed f
         join gabinet_employees e on e.organization_id = f.organization_id and e.id = f.resource_id
         where f.organization_id = $1",
    )
    .bind(d.clinic.organization)
    .fetch_one(tx.conn())
    .await
    .expect("counted");
    assert!(rows > 0);
    assert_eq!(rows, practitioners);
}

impl Desk {
    /// The desk's treatment changed.
    async fn treatment_becomes(&self, change: impl FnOnce(&mut TreatmentInput)) {
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        let now = treatments::get(&mut tx, self.treatment).await.expect("there");
        let mut input = TreatmentInput {
            id: None,
            category: now.category,
            name: now.name,
            duration: now.duration,
            buffer_before: now.buffer_before,
            buffer_after: now.buffer_after,
            price: now.price,
            hue: now.hue,
            active: now.active,
            needs: now.needs,
            rules: now.rules,
            terms: now.terms,
            version: now.version,
        };
        change(&mut input);
        treatments::update(&mut tx, self.treatment, &input).await.expect("changed");
        tx.commit().await.expect("committed");
    }

    /// Another treatment, which both give.
    async fn another(&self, name: &str) -> EntityId {
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        let now = treatments::get(&mut tx, self.treatment).await.expect("there");
        let input = TreatmentInput {
            id: None,
            category: String::new(),
            name: name.into(),
            duration: 60,
            buffer_before: 0,
            buffer_after: 0,
            price: 0,
            hue: 1,
            active: true,
            needs: now.needs,
            rules: Rules::default(),
            terms: Vec::new(),
            version: 0,
        };
        let made = treatments::create(&mut tx, &input).await.expect("made").id;
        for employee in [self.lis, self.sowa] {
            sqlx::query("insert into gabinet_qualifications (organization_id, employee_id, treatment_id) values ($1, $2, $3)")
                .bind(self.clinic.organization)
                .bind(employee)
                .bind(made)
                .execute(tx.conn())
                .await
                .expect("qualified");
        }
        tx.commit().await.expect("committed");
        made
    }
}

fn faults(error: Error) -> Vec<(String, String)> {
    let Error::Invalid(faults) = error else { panic!("{error}") };
    faults.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

#[tokio::test]
async fn one_who_waits_for_what_cannot_be_offered_keeps_the_next_from_nothing_and_says_why() {
    let desk = desk(Rules::default()).await;
    let other = desk.another("Peeling").await;
    let visit = desk.book(&desk.visit(0, "2026-11-30T09:00:00Z")).await.expect("booked");
    let first = desk.wait(&WaitingInput { priority: 2, ..desk.wish(1) }).await;
    let next = desk.wait(&WaitingInput { treatments: vec![other], ..desk.wish(2) }).await;
    // What the first waits for becomes a group's, and is then no longer offered at all.
    for (group, stuck) in [(true, Stuck::Group), (false, Stuck::Inactive)] {
        desk.treatment_becomes(|treatment| (treatment.rules.seats, treatment.active) = (if group { 3 } else { 1 }, group)).await;
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let now = get(&mut tx, first.id).await.expect("waits");
        assert_eq!((now.stuck, now.offerable), (Some(stuck), Vec::new()));
        // Nobody else is put on the list for it.
        let refused = add(&mut tx, &desk.wish(3)).await.expect_err("it can never be offered");
        let code = if group { "group" } else { "inactive" };
        assert_eq!(faults(refused), [("treatments".to_owned(), code.to_owned())]);
    }
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    assert_eq!(desk.work().await, 1);
    assert_eq!(desk.offered(next.id).await.map(|offer| offer.start), Some(utc("2026-11-30T09:00:00Z")));
}

#[tokio::test]
async fn whom_nobody_can_serve_is_refused_at_the_door() {
    let desk = desk(Rules::default()).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    sqlx::query("delete from gabinet_qualifications where organization_id = $1 and employee_id = $2")
        .bind(desk.clinic.organization)
        .bind(desk.sowa)
        .execute(tx.conn())
        .await
        .expect("not qualified");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let refused = add(&mut tx, &WaitingInput { staff: vec![desk.sowa], ..desk.wish(0) }).await.expect_err("she does not give it");
    assert_eq!(faults(refused), [("staff".to_owned(), "unqualified".to_owned())]);
    add(&mut tx, &WaitingInput { staff: vec![desk.sowa, desk.lis], ..desk.wish(0) }).await.expect("he does");
}

#[tokio::test]
async fn a_room_that_is_given_back_is_offered_with_whoever_is_free() {
    let desk = desk(Rules::default()).await;
    // The one room is taken by Dr Sowa's visit, whom nobody waits for.
    let visit = appointments::Book { employee: desk.sowa, ..desk.visit(0, "2026-11-30T09:00:00Z") };
    let visit = desk.book(&visit).await.expect("booked");
    let one = desk.wait(&WaitingInput { staff: vec![desk.lis], ..desk.wish(1) }).await;
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    assert_eq!(desk.work().await, 1);
    let offer = desk.offered(one.id).await.expect("the room is free again");
    assert_eq!((offer.employee.id, offer.start), (desk.lis, utc("2026-11-30T09:00:00Z")));
}

#[tokio::test]
async fn a_block_that_is_cancelled_and_a_hold_that_is_released_are_offered_too() {
    let desk = desk(Rules::default()).await;
    let one = desk.wait(&WaitingInput { staff: vec![desk.lis], ..desk.wish(1) }).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let block = NewGeneric {
        id: None,
        activity_type: "block".into(),
        title: "Paperwork".into(),
        description: String::new(),
        location: desk.clinic.location,
        start: utc("2026-11-30T09:00:00Z"),
        end: utc("2026-11-30T10:00:00Z"),
        resources: vec![desk.lis],
        overbook_reason: None,
    };
    let block = generic::book(&mut tx, &block).await.expect("a block");
    tx.commit().await.expect("committed");
    assert_eq!(desk.work().await, 0, "nothing is free yet");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let change = StatusChange { version: block.version, to: Status::Cancelled, reason: "done".into() };
    moves::set_status(&mut tx, block.id, &change).await.expect("cancelled");
    tx.commit().await.expect("committed");
    assert_eq!(desk.work().await, 1);
    let offer = desk.offered(one.id).await.expect("the block's time");
    assert_eq!(offer.start, utc("2026-11-30T09:00:00Z"));
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    decline(&mut tx, offer.id).await.expect("declined");
    let wanted = HoldTime {
        id: None,
        treatment: desk.treatment,
        employee: desk.lis,
        patient: None,
        resources: None,
        location: desk.clinic.location,
        start: utc("2026-12-01T09:00:00Z"),
        further: Vec::new(),
    };
    let held = holds::hold(&mut tx, &wanted).await.expect("held");
    tx.commit().await.expect("committed");
    assert_eq!(desk.work().await, 0, "turned down, it does not go back to them");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    holds::release(&mut tx, held.id).await.expect("released");
    tx.commit().await.expect("committed");
    assert_eq!(desk.work().await, 1);
    assert_eq!(desk.offered(one.id).await.map(|offer| offer.start), Some(utc("2026-12-01T09:00:00Z")));
}

#[tokio::test]
async fn freed_time_and_the_gap_before_it_make_one_offer() {
    let desk = desk(Rules::default()).await;
    let (eight, half_past) = (utc("2026-11-30T07:30:00Z"), utc("2026-11-30T08:30:00Z"));
    // Half an hour is free, then half an hour is a block, and all the rest of the day is taken.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let mut blocks = Vec::new();
    for (start, end) in [("07:00", "07:30"), ("08:00", "08:30"), ("08:30", "17:00")] {
        let block = NewGeneric {
            id: None,
            activity_type: "block".into(),
            title: "Paperwork".into(),
            description: String::new(),
            location: desk.clinic.location,
            start: utc(&format!("2026-11-30T{start}:00Z")),
            end: utc(&format!("2026-11-30T{end}:00Z")),
            resources: vec![desk.lis],
            overbook_reason: None,
        };
        blocks.push(generic::book(&mut tx, &block).await.expect("a block"));
    }
    tx.commit().await.expect("committed");
    let one = desk
        .wait(&WaitingInput { staff: vec![desk.lis], to_date: date("2026-11-30"), from_date: date("2026-11-30"), ..desk.wish(1) })
        .await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let change = StatusChange { version: blocks[1].version, to: Status::Cancelled, reason: "done".into() };
    moves::set_status(&mut tx, blocks[1].id, &change).await.expect("cancelled");
    tx.commit().await.expect("committed");
    assert_eq!(desk.work().await, 1);
    let offer = desk.offered(one.id).await.expect("an hour");
    assert_eq!((offer.start, offer.end), (eight, half_past));
}

#[tokio::test]
async fn a_request_for_a_stretch_is_listed_and_answered_by_a_time_or_a_reason() {
    let desk = desk(Rules::default()).await;
    // Thursday afternoon.
    let thursday = WaitingInput {
        weekdays: vec![4],
        windows: vec![DayWindow { from: 720, to: 1080 }],
        from_date: date("2026-12-03"),
        to_date: date("2026-12-03"),
        ..desk.wish(1)
    };
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    add(&mut tx, &desk.wish(2)).await.expect("only waits");
    let asked = request(&mut tx, &thursday).await.expect("asked");
    let refused = request(&mut tx, &WaitingInput { patient: desk.patients[3], ..thursday.clone() }).await.expect("asked");
    let open: Vec<EntityId> = requests(&mut tx).await.expect("a list").into_iter().map(|one| one.id).collect();
    assert_eq!(open, [asked.id, refused.id]);
    let found = matches(&mut tx, asked.id).await.expect("times");
    assert!(!found.items.is_empty());
    assert!(found.items.iter().all(|one| one.start >= utc("2026-12-03T11:00:00Z") && one.start < utc("2026-12-03T17:00:00Z")));
    let choice = Choice { treatment: desk.treatment, employee: found.items[0].employee.id, start: found.items[0].start };
    let visit = book(&mut tx, asked.id, &choice).await.expect("booked");
    assert_eq!((visit.patient, visit.start), (desk.patients[1], choice.start));
    let reason = DeclineRequest { reason: " ".into() };
    assert_eq!(
        faults(decline_request(&mut tx, refused.id, &reason).await.expect_err("no reason")),
        [("reason".to_owned(), "required".to_owned())]
    );
    decline_request(&mut tx, refused.id, &DeclineRequest { reason: "Dr Lis is away".into() }).await.expect("declined");
    assert!(requests(&mut tx).await.expect("a list").is_empty());
    // Who only waits has asked for no answer.
    let waits = list(&mut tx).await.expect("a list")[0].id;
    assert!(matches!(decline_request(&mut tx, waits, &DeclineRequest { reason: "x".into() }).await, Err(Error::NotFound)));
}
