//! A seat that goes from one session to another.

use super::*;
use crate::appointments::{MoveSeat, move_seat, sessions};

#[tokio::test]
async fn a_seat_goes_to_another_session_and_the_last_one_closes_the_session_it_leaves() {
    let desk = desk().await;
    let treatment = super::grouping::class(&desk).await;
    let seat = |patient, start: &str| Book { treatment, ..desk.visit(patient, start) };
    let first = desk.book(&seat(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let other = desk.book(&seat(1, "2026-11-25T08:00:00Z")).await.expect("booked");
    let full = desk.book(&seat(2, "2026-11-26T08:00:00Z")).await.expect("booked");
    desk.book(&seat(3, "2026-11-26T08:00:00Z")).await.expect("the last seat");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let open = sessions(&mut tx, first.id).await.expect("sessions").items;
    assert_eq!(open.iter().map(|one| (one.session, one.taken, one.of)).collect::<Vec<_>>(), [(other.activity, 1, 2)]);
    let to = |session| MoveSeat { version: first.version, session };
    assert_eq!(move_seat(&mut tx, first.id, &to(full.activity)).await.expect_err("no seat left").code(), "double_booking");
    let moved = move_seat(&mut tx, first.id, &to(other.activity)).await.expect("moved");
    assert_eq!(
        (moved.id, moved.number.as_str(), moved.activity, moved.start),
        (first.id, first.number.as_str(), other.activity, other.start)
    );
    assert_eq!(moved.seats.map(|seats| seats.taken), Some(2));
    let left = services::calendar::activities::get(&mut tx, first.activity).await.expect("the session");
    assert_eq!(left.status, Status::Cancelled);
    // The time is free for something else.
    book(&mut tx, &desk.visit(4, "2026-11-24T08:00:00Z")).await.expect("free again");
}

#[tokio::test]
async fn a_seat_moves_by_the_version_that_was_seen_and_to_no_other_treatment() {
    let desk = desk().await;
    let treatment = super::grouping::class(&desk).await;
    let seat = |patient, start: &str| Book { treatment, ..desk.visit(patient, start) };
    let first = desk.book(&seat(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let alone = desk.book(&desk.visit(1, "2026-11-25T08:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to = MoveSeat { version: first.version, session: alone.activity };
    assert_eq!(move_seat(&mut tx, first.id, &to).await.expect_err("another treatment").code(), "invalid");
    assert_eq!(move_seat(&mut tx, alone.id, &to).await.expect_err("no group").code(), "transition");
    let other = book(&mut tx, &seat(2, "2026-11-26T08:00:00Z")).await.expect("booked");
    let late = MoveSeat { version: first.version + 1, session: other.activity };
    assert_eq!(move_seat(&mut tx, first.id, &late).await.expect_err("seen from elsewhere").code(), "version");
}
