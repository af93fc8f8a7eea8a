//! Notes: added one below the other, whoever was quicker.

use services::{calendar::moves, hooks::Note};

use super::*;

fn note(text: &str) -> Note {
    Note { text: text.into() }
}

#[tokio::test]
async fn notes_of_two_people_are_both_kept_and_name_no_version() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-12-01T09:00:00Z")).await.expect("booked");
    for text in ["Came early.", "Wants water."] {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        moves::note(&mut tx, visit.activity, &note(text)).await.expect("noted");
        tx.commit().await.expect("committed");
    }
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let after = get(&mut tx, visit.id).await.expect("the visit");
    assert_eq!(after.notes, "Came early.\nWants water.");
    assert_eq!(after.version, visit.version, "who moves it meanwhile is not refused");
    let log = platform::actions::timeline(&mut tx, visit.id, 10).await.expect("its history");
    assert_eq!(log.iter().filter(|row| row.verb == "updated").count(), 2);
}

#[tokio::test]
async fn an_empty_note_and_one_too_many_are_refused() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-12-01T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let empty = moves::note(&mut tx, visit.activity, &note("  ")).await.expect_err("empty");
    assert_eq!(empty.code(), "invalid");
    for _ in 0..5 {
        moves::note(&mut tx, visit.activity, &note(&"ą".repeat(1_990))).await.expect("there is room");
    }
    let full = moves::note(&mut tx, visit.activity, &note(&"ą".repeat(100))).await.expect_err("full");
    assert_eq!(full.code(), "invalid");
}
