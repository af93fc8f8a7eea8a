//! Several visits moved at once from the calendar.

use super::*;
use services::{
    calendar::moves,
    hooks::{MoveOne, MoveTogether},
};

/// The visit so many minutes later, or earlier.
fn shifted(visit: &crate::appointments::Appointment, version: i32, minutes: i64) -> MoveOne {
    let by = chrono::TimeDelta::minutes(minutes);
    let (start, end) = (visit.start + by, visit.end + by);
    MoveOne { activity: visit.activity, version, start, end, resource_from: None, resource_to: None, back: false }
}

#[tokio::test]
async fn visits_move_together_into_each_others_time_and_back_with_their_rooms() {
    let desk = desk().await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let second = desk.book(&desk.visit(1, "2026-11-24T09:15:00Z")).await.expect("booked");
    for (round, minutes) in [(0, -30), (1, 30)] {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let mut wanted = Vec::new();
        for visit in [&second, &first] {
            let now = get(&mut tx, visit.id).await.expect("there");
            let version = services::calendar::activities::get(&mut tx, visit.activity).await.expect("there").version;
            wanted.push(shifted(&now, version, minutes));
        }
        let asked = MoveTogether { moves: wanted, overbook_reason: None };
        moves::together(&mut tx, &asked).await.expect("both moved");
        tx.commit().await.expect("committed");
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        for visit in [&first, &second] {
            let now = get(&mut tx, visit.id).await.expect("there");
            let by = chrono::TimeDelta::minutes(if round == 0 { -30 } else { 0 });
            assert_eq!((now.start, &now.resources), (visit.start + by, &visit.resources));
        }
    }
}

#[tokio::test]
async fn if_one_of_the_visits_cannot_go_the_others_stay_and_it_is_named() {
    let desk = desk().await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let second = desk.book(&desk.visit(1, "2026-11-24T09:15:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    // The second would run into the break.
    let moves = vec![shifted(&first, 1, 30), shifted(&second, 1, 60)];
    let error = moves::together(&mut tx, &MoveTogether { moves, overbook_reason: None }).await.expect_err("a break");
    let Error::Conflict(refusal) = error else { panic!("not a refusal: {error}") };
    let named: Vec<_> = refusal.reasons.iter().filter(|reason| reason.rule == "moved").map(|reason| reason.resource).collect();
    // The first would run into the second, which stays where it is.
    assert!(named.contains(&Some(second.activity)) && named.contains(&Some(first.activity)), "{named:?}");
    assert!(refusal.reasons.iter().any(|reason| reason.rule == "break"), "{:?}", refusal.reasons);
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(get(&mut tx, first.id).await.expect("there").start, first.start);
}
