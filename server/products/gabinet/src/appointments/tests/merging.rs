//! Two records of one patient become one while somebody books for the one that goes; and what is warned of about them.

use std::{sync::Arc, time::Duration};

use platform::{permission::Role, rest::PageQuery};
use services::{
    merge::{self, MergeInput, MergePair},
    persons, search, timeline,
};

use super::*;

pub(super) async fn asked(tx: &mut platform::Tx, winner: EntityId, loser: EntityId) -> MergeInput {
    let preview = merge::preview(tx, &MergePair { winner, loser }).await.expect("a preview");
    let (winner_version, loser_version) = (preview.winner_version, preview.loser_version);
    MergeInput { winner, loser, winner_version, loser_version, picks: Vec::new() }
}

#[tokio::test]
async fn a_merge_waits_for_a_booking_that_came_first_and_the_visit_is_the_one_of_who_stays() {
    let desk = Arc::new(desk().await);
    let (winner, loser) = (desk.patients[0], desk.patients[1]);
    let mut booking = desk.clinic.tx(&desk.clinic.ewa).await;
    let visit = book(&mut booking, &desk.visit(1, "2026-11-24T09:00:00Z")).await.expect("booked");
    let merging = tokio::spawn({
        let desk = desk.clone();
        async move {
            let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
            let asked = asked(&mut tx, winner, loser).await;
            merge::merge(&mut tx, &asked).await.expect("merged");
            tx.commit().await.expect("committed");
        }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!merging.is_finished(), "the merge waits");
    booking.commit().await.expect("committed");
    merging.await.expect("no panic");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(get(&mut tx, visit.id).await.expect("there").patient, winner);
    assert_eq!(patients::visits(&mut tx, winner).await.expect("visits").len(), 1);
}

#[tokio::test]
async fn a_booking_that_waited_for_a_merge_is_refused_and_booked_again_it_is_the_one_of_who_stays() {
    let desk = Arc::new(desk().await);
    let (winner, loser) = (desk.patients[0], desk.patients[1]);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let asked = asked(&mut tx, winner, loser).await;
    merge::merge(&mut tx, &asked).await.expect("merged");
    let booking = tokio::spawn({
        let desk = desk.clone();
        async move { desk.book(&desk.visit(1, "2026-11-24T09:00:00Z")).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!booking.is_finished(), "the booking waits");
    tx.commit().await.expect("committed");
    let refused = booking.await.expect("no panic").expect_err("the patient is another record's now");
    assert_eq!(refused.code(), "merged");
    assert_eq!(desk.book(&desk.visit(1, "2026-11-24T09:00:00Z")).await.expect("booked").patient, winner);
}

#[tokio::test]
async fn of_many_merges_and_bookings_at_once_no_visit_is_left_with_a_record_that_went() {
    let desk = Arc::new(desk().await);
    let mut racers = Vec::new();
    for pair in 0..5 {
        let (winner, loser) = (desk.patients[pair * 2], desk.patients[pair * 2 + 1]);
        let hour = [7, 8, 9, 12, 13][pair];
        let merging = desk.clone();
        let merging = tokio::spawn(async move {
            let mut tx = merging.clinic.tx(&merging.clinic.anna).await;
            let asked = asked(&mut tx, winner, loser).await;
            merge::merge(&mut tx, &asked).await.expect("merged");
            tx.commit().await.expect("committed");
        });
        let booking = desk.clone();
        let booking =
            tokio::spawn(async move { booking.book(&booking.visit(pair * 2 + 1, &format!("2026-11-24T{hour:02}:40:00Z"))).await });
        racers.push((merging, booking, winner));
    }
    for (merging, booking, winner) in racers {
        merging.await.expect("no panic");
        let booked = booking.await.expect("no panic");
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        match booked {
            Ok(visit) => assert_eq!(get(&mut tx, visit.id).await.expect("there").patient, winner),
            Err(error) => assert!(["merged", "unavailable"].contains(&error.code()), "{error}"),
        }
    }
}

#[tokio::test]
async fn what_happened_to_the_record_that_went_is_read_in_the_timeline_of_the_one_that_stays() {
    let desk = desk().await;
    let (winner, loser) = (desk.patients[0], desk.patients[1]);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let note = services::notes::NewRecordNote { id: None, text: "Prefers mornings".into(), pinned: false };
    services::notes::add(&mut tx, loser, &note).await.expect("a note");
    let asked = asked(&mut tx, winner, loser).await;
    merge::merge(&mut tx, &asked).await.expect("merged");
    let page = timeline::list(&mut tx, winner, &[], &PageQuery::default()).await.expect("a timeline");
    let verbs: Vec<&str> = page.items.iter().map(|entry| entry.verb.as_str()).collect();
    for verb in ["merged", "merged_into", "note_added"] {
        assert!(verbs.contains(&verb), "{verbs:?}");
    }
    assert_eq!(verbs.iter().filter(|verb| **verb == "created").count(), 2, "both were made once: {verbs:?}");
    let written = page.items.iter().find(|entry| entry.verb == "note_added").expect("the note");
    assert!(!written.undoable, "it was done to the other record");
}

#[tokio::test]
async fn an_allergy_stands_in_lists_and_in_what_is_found_for_those_who_may_read_patients_only() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let input = PatientInput {
        given_name: "Zenobia".into(),
        family_name: "Krzak".into(),
        allergies: "lidocaine".into(),
        alerts: "pacemaker".into(),
        ..PatientInput::default()
    };
    let patient = patients::create(&mut tx, &input).await.expect("a patient").id;
    tx.commit().await.expect("committed");
    let texts =
        |alerts: &[persons::lifecycle::PersonAlert]| alerts.iter().map(|alert| (alert.text.clone(), alert.critical)).collect::<Vec<_>>();
    let both = vec![("lidocaine".to_owned(), true), ("pacemaker".to_owned(), false)];

    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let query = persons::PersonQuery { q: "Krzak".into(), role: String::new() };
    let listed = persons::list(&mut tx, &query, &PageQuery::default()).await.expect("people");
    assert_eq!(texts(&listed.items[0].alerts), both);
    assert_eq!(texts(&persons::card(&mut tx, patient).await.expect("a card").alerts), both);
    assert_eq!(texts(&search::everything(&mut tx, "krzak").await.expect("hits")[0].alerts), both);
    drop(tx);

    let marketer = desk.clinic.join("Ola", "ola@clinic.example", Role::Marketer).await;
    let mut tx = desk.clinic.tx(&marketer).await;
    assert!(persons::alerts(&mut tx, &[patient]).await.expect("none").is_empty());
}
