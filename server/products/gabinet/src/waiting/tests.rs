//! The waiting list on a real database.

use chrono::{NaiveDate, TimeDelta};
use platform::{Error, Result, Tx, id::EntityId};
use services::{
    calendar::{ResourceKind, Status},
    resources::{self, ResourceInput},
};

use super::{Choice, DayWindow, Waiting, WaitingInput, accept, add, book, decline, get, list, matches, offer, remove, wanting, work};
use crate::{
    appointments,
    series::tests::{Desk, desk, utc},
    treatments::Rules,
};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Desk {
    fn wish(&self, patient: usize) -> WaitingInput {
        WaitingInput {
            id: None,
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
        "select count(*), count(distinct f.employee_id)
         from gabinet_freed f
         join gabinet_employees e on e.organization_id = f.organization_id and e.id = f.employee_id
         where f.organization_id = $1",
    )
    .bind(d.clinic.organization)
    .fetch_one(tx.conn())
    .await
    .expect("counted");
    assert!(rows > 0);
    assert_eq!(rows, practitioners);
}
