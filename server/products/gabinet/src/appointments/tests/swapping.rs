//! Two visits that change places.

use super::*;
use crate::appointments::{Appointment, SwapVisits, Swapped, swap};

async fn exchange(desk: &Desk, first: &Appointment, second: &Appointment) -> Result<Swapped> {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let asked = SwapVisits {
        first: first.id,
        first_version: first.version,
        second: second.activity,
        second_version: second.version,
        overbook_reason: None,
    };
    let swapped = swap(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(swapped)
}

fn placed(visit: &Appointment) -> (DateTime<Utc>, DateTime<Utc>, EntityId, Vec<EntityId>) {
    (visit.start, visit.end, visit.employee, visit.resources.clone())
}

#[tokio::test]
async fn visits_that_touch_change_places_and_back_again() {
    let desk = desk().await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let second = desk.book(&desk.visit(1, "2026-11-24T09:10:00Z")).await.expect("booked");
    let swapped = exchange(&desk, &first, &second).await.expect("swapped");
    assert_eq!((swapped.first.start, swapped.second.start), (second.start, first.start));
    assert!(swapped.first.version > first.version && swapped.second.version > second.version);
    let back = exchange(&desk, &swapped.first, &swapped.second).await.expect("undone");
    assert_eq!((placed(&back.first), placed(&back.second)), (placed(&first), placed(&second)));
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let told = crate::appointments::details(&mut tx, first.id).await.expect("details").history;
    assert_eq!(told.iter().map(|entry| entry.verb.as_str()).collect::<Vec<_>>(), ["swapped", "swapped", "booked"]);
}

#[tokio::test]
async fn a_swap_that_does_not_fit_tells_all_reasons_and_changes_nothing() {
    let desk = desk().await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let second = desk.book(&desk.visit(1, "2026-11-24T12:30:00Z")).await.expect("booked");
    // The second is two hours long now; in the first one's place it would reach into the third.
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let longer = MoveVisit {
        version: second.version,
        start: second.start,
        end: Some(utc("2026-11-24T14:30:00Z")),
        employee: None,
        resources: None,
        overbook_reason: None,
    };
    let second = move_to(&mut tx, second.id, &longer).await.expect("longer");
    tx.commit().await.expect("committed");
    let third = desk.book(&desk.visit(2, "2026-11-24T09:10:00Z")).await.expect("booked");
    let why = rules(exchange(&desk, &first, &second).await.expect_err("no room"));
    assert!(why.contains(&"busy".to_owned()), "{why:?}");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for visit in [&first, &second, &third] {
        assert_eq!(placed(&get(&mut tx, visit.id).await.expect("there")), placed(visit));
    }
}

#[tokio::test]
async fn an_old_version_or_what_is_over_is_not_swapped() {
    let desk = desk().await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let second = desk.book(&desk.visit(1, "2026-11-24T12:30:00Z")).await.expect("booked");
    assert_eq!(exchange(&desk, &first, &first).await.expect_err("itself").status(), 422);
    let confirmed = desk.step(second.id, Status::Confirmed).await.expect("confirmed");
    let stale = exchange(&desk, &first, &second).await.expect_err("an old version");
    assert_eq!(stale.code(), "version");
    desk.step(second.id, Status::Cancelled).await.expect("cancelled");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let second = get(&mut tx, confirmed.id).await.expect("there");
    drop(tx);
    assert_eq!(exchange(&desk, &first, &second).await.expect_err("over").code(), "transition");
}

#[tokio::test(flavor = "multi_thread")]
async fn swaps_at_once_neither_overlap_nor_block_one_another() {
    let desk = std::sync::Arc::new(desk().await);
    let mut visits = Vec::new();
    for (patient, start) in ["08:00", "09:10", "12:30", "13:40"].into_iter().enumerate() {
        visits.push(desk.book(&desk.visit(patient, &format!("2026-11-24T{start}:00Z"))).await.expect("booked"));
    }
    let pairs = [(0, 1), (1, 0), (2, 3), (0, 3), (3, 1), (2, 0)];
    let tries: Vec<_> = pairs
        .into_iter()
        .map(|(one, other)| {
            let (desk, one, other) = (desk.clone(), visits[one].clone(), visits[other].clone());
            tokio::spawn(async move { exchange(&desk, &one, &other).await.map(|_| ()) })
        })
        .collect();
    let mut swapped = 0;
    for one in tries {
        match one.await.expect("no panic") {
            Ok(()) => swapped += 1,
            Err(Error::Conflict(_)) => {}
            Err(error) => panic!("an unexpected answer: {error}"),
        }
    }
    assert!((1..=2).contains(&swapped), "{swapped} of them");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let mut starts = Vec::new();
    for visit in &visits {
        starts.push(get(&mut tx, visit.id).await.expect("there").start);
    }
    starts.sort_unstable();
    assert_eq!(starts, visits.iter().map(|visit| visit.start).collect::<Vec<_>>(), "everybody has one of the four places");
}
