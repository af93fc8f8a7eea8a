//! No resource is booked twice, whoever is quickest.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, Tx, id::EntityId, testing, tx::Door};
use services::{
    calendar::{
        Status,
        activities::{self, NewBooking},
        generic,
    },
    resources,
};
use sqlx::ConnectOptions;
use tokio::sync::Barrier;

use super::{Desk, at, desk, refusal, resource};

/// Pairs of bookings that occupy one resource at one time: must be none, whatever happened.
async fn overlaps(desk: &Desk) -> i64 {
    let mut owner = desk.clinic.database.owner().connect().await.unwrap();
    sqlx::query_scalar(
        "select count(*) from resource_bookings a
         join resource_bookings b on b.organization_id = a.organization_id and b.resource_id = a.resource_id and b.activity_id > a.activity_id
          and a.starts_at < b.ends_at and b.starts_at < a.ends_at
         where a.occupies and b.occupies and not a.overbooked and not b.overbooked",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_constraint_itself_refuses_a_double_booking_and_nothing_of_it_stays() {
    let desk = desk().await;
    desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let late = desk.hour(at("10:59"));
    assert_eq!(refusal(desk.insert(&late).await.unwrap_err()).code, "double_booking");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert!(matches!(activities::get(&mut tx, late.id).await, Err(Error::NotFound)));
    // R1: touching is not overlapping.
    desk.insert(&desk.hour(at("11:00"))).await.unwrap();
    desk.insert(&desk.hour(at("09:00"))).await.unwrap();
}

#[tokio::test]
async fn buffers_occupy_the_resource_too() {
    let desk = desk().await;
    let mut new = desk.hour(at("10:00"));
    new.bookings = vec![NewBooking::throughout(desk.laser, 5, 10)];
    let made = desk.insert(&new).await.unwrap();
    assert_eq!((made.bookings[0].before, made.bookings[0].after), (5, 10));
    let alone = |start| {
        let mut new = desk.hour(start);
        new.bookings = vec![NewBooking::throughout(desk.laser, 0, 0)];
        new
    };
    assert_eq!(refusal(desk.insert(&alone(at("11:09"))).await.unwrap_err()).code, "double_booking");
    assert_eq!(refusal(desk.insert(&alone(at("08:56"))).await.unwrap_err()).code, "double_booking");
    desk.insert(&alone(at("11:10"))).await.unwrap();
    desk.insert(&alone(at("08:55"))).await.unwrap();
}

#[tokio::test]
async fn a_buffer_takes_at_most_a_day_and_never_less_than_nothing() {
    let desk = desk().await;
    for before in [-1, 1441] {
        let mut new = desk.hour(at("10:00"));
        new.bookings = vec![NewBooking::throughout(desk.laser, before, 0)];
        assert_eq!(desk.insert(&new).await.unwrap_err().status(), 422);
    }
}

#[tokio::test]
async fn of_two_transactions_that_race_the_second_waits_and_is_refused() {
    let desk = Arc::new(desk().await);
    let mut first = desk.clinic.tx(&desk.clinic.ewa).await;
    activities::insert(&mut first, &desk.hour(at("10:00"))).await.unwrap();
    let second = tokio::spawn({
        let desk = desk.clone();
        async move { desk.insert(&desk.hour(at("10:30"))).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!second.is_finished(), "it waits for the first one's end");
    first.commit().await.unwrap();
    assert_eq!(refusal(second.await.unwrap().unwrap_err()).code, "double_booking");
}

#[tokio::test]
async fn if_the_first_of_two_gives_up_the_second_gets_the_time() {
    let desk = Arc::new(desk().await);
    let mut first = desk.clinic.tx(&desk.clinic.ewa).await;
    activities::insert(&mut first, &desk.hour(at("10:00"))).await.unwrap();
    let second = tokio::spawn({
        let desk = desk.clone();
        async move { desk.insert(&desk.hour(at("10:30"))).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    drop(first);
    second.await.unwrap().unwrap();
}

/// Books three resources, named in another order by each, 24 times at once.
async fn storm(desk: &Arc<Desk>, start: DateTime<Utc>, judged: bool) -> HashMap<String, usize> {
    const PARALLEL: usize = 24;
    let barrier = Arc::new(Barrier::new(PARALLEL));
    let tasks: Vec<_> = (0..PARALLEL)
        .map(|n| {
            let (desk, barrier) = (desk.clone(), barrier.clone());
            tokio::spawn(async move {
                let mut new = desk.hour(start);
                new.bookings.rotate_left(n % 3);
                if n % 2 == 0 {
                    new.bookings.swap(0, 2);
                }
                let mut tx = Tx::begin(&desk.clinic.state, &desk.clinic.ewa, Door::Rest).await?;
                barrier.wait().await;
                if judged {
                    let resources: Vec<EntityId> = new.bookings.iter().map(|booking| booking.resource).collect();
                    generic::book(&mut tx, &desk.meeting(start, &resources)).await?;
                } else {
                    activities::insert(&mut tx, &new).await?;
                }
                tx.commit().await
            })
        })
        .collect();
    let mut outcomes: HashMap<String, usize> = HashMap::new();
    for task in tasks {
        let outcome = match task.await.unwrap() {
            Ok(()) => "booked".to_owned(),
            // The seam of two codes: told beforehand, or by the constraint.
            Err(Error::Conflict(refusal)) if matches!(refusal.code.as_str(), "unavailable" | "double_booking") => "refused".to_owned(),
            Err(other) => other.to_string(),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread")]
async fn of_24_parallel_bookings_of_three_resources_exactly_one_succeeds_without_a_deadlock() {
    let desk = Arc::new(desk().await);
    let expected = HashMap::from([("booked".to_owned(), 1), ("refused".to_owned(), 23)]);
    for round in 0..6 {
        let start = at("10:00") + TimeDelta::days(round);
        assert_eq!(storm(&desk, start, round % 2 == 0).await, expected, "round {round}");
    }
    assert_eq!(overlaps(&desk).await, 0);
}

#[tokio::test]
async fn what_is_cancelled_is_free_at_once_and_cannot_be_taken_back_once_taken() {
    let desk = desk().await;
    let first = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let cancelled = activities::set_status(&mut tx, first.id, first.version, Status::Cancelled).await.unwrap();
    assert_eq!((cancelled.status, cancelled.version), (Status::Cancelled, first.version + 1));
    activities::insert(&mut tx, &desk.hour(at("10:30"))).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let back = activities::set_status(&mut tx, first.id, cancelled.version, Status::Scheduled).await;
    assert_eq!(refusal(back.unwrap_err()).code, "double_booking");
}

#[tokio::test]
async fn the_registry_is_kept_in_step_with_title_and_status() {
    let desk = desk().await;
    let made = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    activities::set_status(&mut tx, made.id, made.version, Status::Cancelled).await.unwrap();
    let organization = tx.organization();
    let row: (String, String) = sqlx::query_as("select title, status from entities where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(made.id)
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert_eq!(row, ("Anna Nowak".to_owned(), "cancelled".to_owned()));
}

#[tokio::test]
async fn the_wall_time_meant_is_kept_beside_the_instant() {
    let desk = desk().await;
    let made = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    activities::reschedule(
        &mut tx,
        made.id,
        made.version,
        (testing::at("2027-07-01T08:00:00Z"), testing::at("2027-07-01T09:00:00Z")),
        None,
        false,
    )
    .await
    .unwrap();
    let organization = tx.organization();
    let row: (String, String) =
        sqlx::query_as("select zone, wall_start::text from scheduled_activities where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(made.id)
            .fetch_one(tx.conn())
            .await
            .unwrap();
    assert_eq!(row, ("Europe/Warsaw".to_owned(), "2027-07-01 10:00:00".to_owned()));
}

#[tokio::test]
async fn an_activity_has_a_length_and_it_is_at_most_a_month() {
    let desk = desk().await;
    for (start, end) in [
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"),
        ("2026-11-24T10:00:00Z", "2026-12-26T10:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T01:00:00Z"),
    ] {
        let mut new = desk.hour(testing::at(start));
        new.end = testing::at(end);
        assert_eq!(desk.insert(&new).await.unwrap_err().status(), 422, "{start} – {end}");
    }
}

#[tokio::test]
async fn a_foreign_resource_or_location_is_not_found() {
    let desk = desk().await;
    let foreign = {
        let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
        let foreign = resource(&mut tx, services::calendar::ResourceKind::Room, "Drip room").await;
        tx.commit().await.unwrap();
        foreign
    };
    let mut new = desk.hour(at("10:00"));
    new.bookings = vec![NewBooking::throughout(foreign, 0, 0)];
    assert!(matches!(desk.insert(&new).await, Err(Error::NotFound)));
    assert!(matches!(desk.meet(&desk.meeting(at("10:00"), &[foreign])).await, Err(Error::NotFound)));
    let mut new = desk.hour(at("10:00"));
    new.location = desk.clinic.foreign_location;
    assert!(matches!(desk.insert(&new).await, Err(Error::NotFound)));
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert!(matches!(resources::get(&mut tx, foreign).await, Err(Error::NotFound)));
}
