//! What was agreed with one patient about length and price, as everything that asks for time meets it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use services::merge;

use super::{merging, rules::change, several::two, *};
use crate::{
    answers::{
        best,
        why_not::{self, WhyNotAsked},
    },
    appointments::{HoldTime, earliest, holds, question},
    patients::terms::{self, PatientTermInput, PatientTerms, PatientTermsInput},
    series::{self, NewSeries},
    treatments::Terms,
};

fn term(treatment: EntityId, duration: Option<i32>, price: Option<i64>) -> PatientTermInput {
    PatientTermInput { treatment, duration, price, note: String::new() }
}

/// Agrees on all of this with a patient, as the owner or somebody else.
async fn set(desk: &Desk, who: &platform::sessions::Identity, patient: usize, items: Vec<PatientTermInput>) -> Result<PatientTerms> {
    let mut tx = desk.clinic.tx(who).await;
    let version = terms::get(&mut tx, desk.patients[patient]).await?.version;
    let saved = terms::set(&mut tx, desk.patients[patient], &PatientTermsInput { version, items }).await?;
    tx.commit().await?;
    Ok(saved)
}

async fn agree(desk: &Desk, patient: usize, duration: Option<i32>, price: Option<i64>) {
    set(desk, &desk.clinic.anna, patient, vec![term(desk.treatment, duration, price)]).await.expect("agreed");
}

fn asked(desk: &Desk, patient: Option<usize>) -> AvailabilityQuestion {
    let day = "2026-11-25".parse().expect("a date");
    AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: None,
        patient: patient.map(|patient| desk.patients[patient]),
        from: day,
        to: day,
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    }
}

fn minutes(visit: &crate::appointments::Appointment) -> i64 {
    (visit.end - visit.start).num_minutes()
}

#[tokio::test]
async fn what_was_agreed_with_a_patient_goes_before_the_practitioners_own_and_holds_for_them_alone() {
    let desk = desk().await;
    let employee = desk.employee;
    change(&desk, |input| input.terms = vec![Terms { employee, duration: Some(90), price: Some(99_000) }]).await;
    agree(&desk, 0, Some(40), None).await;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    assert_eq!((minutes(&first), first.price), (40, 99_000), "the price is the practitioner's still");
    agree(&desk, 0, None, Some(0)).await;
    let second = desk.book(&desk.visit(0, "2026-11-25T08:00:00Z")).await.expect("booked");
    assert_eq!((minutes(&second), second.price), (90, 0), "the length is the practitioner's again");
    let other = desk.book(&desk.visit(1, "2026-11-26T08:00:00Z")).await.expect("booked");
    assert_eq!((minutes(&other), other.price), (90, 99_000));
    // What is booked stays as it was, and is moved as it is.
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(get(&mut tx, first.id).await.expect("there"), first);
    let moving = AvailabilityQuestion { moving: Some(first.id), ..asked(&desk, Some(0)) };
    let free = availability(&mut tx, &moving).await.expect("free times").available_slots;
    assert!(!free.is_empty() && free.iter().all(|slot| slot.end - slot.start == TimeDelta::minutes(40)));
    let start = free.last().expect("a time").start;
    let to = MoveVisit { version: first.version, start, end: None, employee: None, resources: None, overbook_reason: None };
    assert_eq!(minutes(&move_to(&mut tx, first.id, &to).await.expect("moved")), 40);
}

#[tokio::test]
async fn whatever_is_offered_to_a_patient_can_be_booked_at_exactly_that_length_and_nothing_else_can() {
    let desk = desk().await;
    desk.book(&desk.visit(1, "2026-11-25T08:00:00Z")).await.expect("booked");
    desk.book(&desk.visit(2, "2026-11-25T12:20:00Z")).await.expect("booked");
    for length in [None, Some(5), Some(45), Some(65), Some(110), Some(151)] {
        match length {
            Some(_) => agree(&desk, 0, length, Some(i64::from(length.unwrap_or_default()))).await,
            None => _ = set(&desk, &desk.clinic.anna, 0, Vec::new()).await.expect("nothing was agreed"),
        }
        let (long, price) = (TimeDelta::minutes(i64::from(length.unwrap_or(60))), length.map_or(75_000, i64::from));
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let wanted = asked(&desk, Some(0));
        let told = question(&mut tx, &wanted).await.expect("a question");
        let free = availability(&mut tx, &wanted).await.expect("free times").available_slots;
        // The longest have no room between the visits of that day.
        assert!(long > TimeDelta::minutes(65) || !free.is_empty(), "{length:?}");
        assert!(free.iter().all(|slot| slot.end - slot.start == long), "{length:?}: {free:?}");
        assert!(free.iter().all(|slot| told.pricing.with(&slot.resources) == price) && told.pricing.agreed == length.is_some());
        let first = earliest(&mut tx, &wanted).await.expect("asked");
        assert_eq!(first.as_ref(), free.first(), "{length:?}");
        let best = best::best(&mut tx, &wanted).await.expect("the best").times;
        assert!(
            best.is_empty() == free.is_empty() && best.iter().all(|time| free.contains(&time.slot)),
            "{length:?}: {best:?} of {free:?}"
        );
        drop(tx);
        let starts: BTreeSet<DateTime<Utc>> = free.iter().map(|slot| slot.start).collect();
        // Every quarter of an hour of the day, and none of them for good.
        for quarter in 0..40 {
            let start = utc("2026-11-25T06:00:00Z") + TimeDelta::minutes(quarter * 15);
            let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
            let why = WhyNotAsked {
                location: wanted.location,
                treatment: wanted.treatment,
                employee: Some(desk.employee),
                patient: wanted.patient,
                start,
                moving: None,
                further: Vec::new(),
            };
            let why = why_not::why_not(&mut tx, &why).await.expect("an answer");
            assert_eq!(why.free.is_some(), starts.contains(&start), "{length:?} {start} {why:?}");
            let booked = book(&mut tx, &Book { start, ..desk.visit(0, "2026-11-25T06:00:00Z") }).await;
            match booked {
                Ok(visit) => {
                    assert!(starts.contains(&start), "{length:?} {start} was not offered");
                    assert_eq!((visit.end - visit.start, visit.price), (long, price));
                }
                Err(error) => assert!(!starts.contains(&start) && !rules(error).is_empty(), "{length:?} {start} was offered"),
            }
        }
    }
}

#[tokio::test]
async fn a_hold_and_a_copy_are_as_long_as_was_agreed() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    agree(&desk, 0, Some(100), None).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let wanted = HoldTime {
        id: Some(EntityId::new()),
        treatment: desk.treatment,
        employee: desk.employee,
        patient: None,
        resources: None,
        location: desk.clinic.location,
        start: utc("2026-11-25T08:00:00Z"),
        further: Vec::new(),
    };
    let held = holds::hold(&mut tx, &wanted).await.expect("held");
    assert_eq!(held.end - held.start, TimeDelta::minutes(60), "nobody knows yet for whom");
    let held = holds::hold(&mut tx, &HoldTime { patient: Some(desk.patients[0]), ..wanted }).await.expect("held");
    assert_eq!(held.end - held.start, TimeDelta::minutes(100));
    let booked = book(&mut tx, &Book { hold: Some(held.id), ..desk.visit(0, "2026-11-25T08:00:00Z") }).await.expect("booked");
    assert_eq!((booked.start, booked.end), (held.start, held.end));
    // The visit itself is dragged as it is, its copy is judged as it would be booked.
    let activity = services::calendar::activities::get(&mut tx, visit.activity).await.expect("its activity");
    let date = visit.start.date_naive();
    for (copy, minutes) in [(false, 60), (true, 100)] {
        let bounds = Bounds { from: date, to: date.succ_opt().expect("a date"), copy };
        let carried = (crate::HOOKS.carried.expect("a hook"))(&mut tx, &activity, &bounds).await.expect("what it is judged by");
        assert_eq!(carried.wish.minutes, minutes, "{copy}");
    }
}

#[tokio::test]
async fn of_several_treatments_each_is_as_it_was_agreed() {
    let two = two(|_| {}).await;
    let desk = &two.desk;
    set(desk, &desk.clinic.anna, 0, vec![term(desk.treatment, None, Some(10_000)), term(two.peel, Some(45), None)]).await.expect("agreed");
    let visit = desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    let steps: Vec<_> = visit.steps.iter().map(|step| (step.offset, step.minutes, step.price)).collect();
    assert_eq!((steps, visit.price), (vec![(0, 60, 10_000), (60, 45, 20_000)], 30_000));
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let further = two.both(0, "2026-11-25T08:00:00Z", Some(two.sowa), None).further;
    let told = question(&mut tx, &AvailabilityQuestion { further, ..asked(desk, Some(0)) }).await.expect("a question");
    let slot = told.free().into_iter().next().expect("a time");
    assert_eq!((slot.end - slot.start, told.pricing.with(&slot.resources)), (TimeDelta::minutes(105), 30_000));
}

#[tokio::test]
async fn every_visit_of_a_series_is_as_long_as_was_agreed_and_as_previewed() {
    let desk = desk().await;
    agree(&desk, 0, Some(35), Some(12_300)).await;
    let new = NewSeries {
        id: None,
        patient: desk.patients[0],
        treatment: desk.treatment,
        employee: desk.employee,
        location: desk.clinic.location,
        start: "2026-11-30T09:00:00".parse().expect("a reading"),
        rules: vec!["FREQ=WEEKLY;COUNT=3".into()],
        picks: Vec::new(),
        notes: String::new(),
        further: Vec::new(),
    };
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let preview = series::preview(&mut tx, &new.asked()).await.expect("a preview");
    let previewed: Vec<_> = preview.occurrences.iter().map(|one| (one.start, one.end)).collect();
    assert!(previewed.len() == 3 && previewed.iter().all(|(start, end)| *end - *start == TimeDelta::minutes(35)));
    let series = series::create(&mut tx, &new).await.expect("booked");
    let booked: Vec<_> = series.visits.iter().filter_map(|visit| visit.start.zip(visit.end)).collect();
    assert_eq!(booked, previewed);
    let first = get(&mut tx, series.visits[0].visit.expect("a visit")).await.expect("there");
    assert_eq!(first.price, 12_300);
}

#[tokio::test]
async fn a_session_is_as_long_for_all_and_only_the_price_is_agreed() {
    let desk = desk().await;
    agree(&desk, 0, Some(30), Some(5_000)).await;
    change(&desk, |input| input.rules.seats = 3).await;
    let other = desk.book(&desk.visit(1, "2026-11-24T08:00:00Z")).await.expect("booked");
    let joined = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("joined");
    assert_eq!((joined.activity, joined.end, joined.price), (other.activity, other.end, 5_000));
    let refused = set(&desk, &desk.clinic.anna, 1, vec![term(desk.treatment, Some(30), None)]).await.expect_err("a session");
    let Error::Invalid(faults) = refused else { panic!("{refused}") };
    assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("items[0].duration", "group"));
}

#[tokio::test]
async fn terms_are_set_whole_by_whoever_may_and_by_the_version_that_was_read() {
    let desk = desk().await;
    let (anna, ewa, treatment) = (&desk.clinic.anna, &desk.clinic.ewa, desk.treatment);
    let saved = set(&desk, ewa, 0, vec![PatientTermInput { note: " slower ".into(), ..term(treatment, Some(80), None) }]).await;
    let saved = saved.expect("the desk agrees on a length");
    assert_eq!((saved.items[0].treatment_name.as_str(), saved.items[0].note.as_str()), ("Laser, legs", "slower"));
    assert_eq!(saved.currency, "PLN");
    // A price is the owner's to set, to change and to take away; who may not leaves it as it is.
    assert_eq!(set(&desk, ewa, 0, vec![term(treatment, Some(80), Some(1))]).await.expect_err("a price").status(), 403);
    set(&desk, anna, 0, vec![term(treatment, Some(80), Some(60_000))]).await.expect("a price");
    for items in [Vec::new(), vec![term(treatment, Some(80), None)], vec![term(treatment, Some(80), Some(1))]] {
        assert_eq!(set(&desk, ewa, 0, items).await.expect_err("a price").status(), 403);
    }
    let saved = set(&desk, ewa, 0, vec![term(treatment, Some(70), Some(60_000))]).await.expect("the length alone");
    let mut tx = desk.clinic.tx(anna).await;
    let stale = PatientTermsInput { version: saved.version - 1, items: Vec::new() };
    assert_eq!(terms::set(&mut tx, desk.patients[0], &stale).await.expect_err("changed since").code(), "version");
    assert_eq!(terms::get(&mut tx, desk.patients[0]).await.expect("terms"), saved);
    drop(tx);
    let twice = set(&desk, anna, 0, vec![term(treatment, Some(70), None), term(treatment, Some(80), None)]).await;
    assert_eq!(twice.expect_err("named twice").code(), "invalid");
    assert_eq!(set(&desk, anna, 0, vec![term(treatment, None, None)]).await.expect_err("says nothing").code(), "invalid");
    assert_eq!(set(&desk, anna, 0, vec![term(desk.employee, Some(70), None)]).await.expect_err("no treatment").status(), 404);
    let mut tx = desk.clinic.tx(ewa).await;
    let page = services::timeline::list(&mut tx, desk.patients[0], &[], &Default::default()).await.expect("a timeline");
    assert_eq!(page.items.iter().filter(|entry| entry.verb == "terms_changed").count(), 3);
}

#[tokio::test]
async fn when_two_records_become_one_the_terms_of_the_one_that_stays_hold_and_a_merge_taken_back_returns_the_others() {
    let two = two(|_| {}).await;
    let (desk, laser, peel) = (&two.desk, two.desk.treatment, two.peel);
    set(desk, &desk.clinic.anna, 0, vec![term(laser, Some(40), None)]).await.expect("agreed");
    set(desk, &desk.clinic.anna, 1, vec![term(laser, Some(50), Some(1)), term(peel, Some(20), None)]).await.expect("agreed");
    let (winner, loser) = (desk.patients[0], desk.patients[1]);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let input = merging::asked(&mut tx, winner, loser).await;
    let merged = merge::merge(&mut tx, &input).await.expect("merged");
    let told = |terms: PatientTerms| terms.items.iter().map(|one| (one.treatment, one.duration, one.price)).collect::<BTreeSet<_>>();
    let both = BTreeSet::from([(laser, Some(40), None), (peel, Some(20), None)]);
    for record in [winner, loser] {
        assert_eq!(told(terms::get(&mut tx, record).await.expect("terms")), both, "the old id leads on");
    }
    tx.commit().await.expect("committed");
    // Asked for by the id that went, it is as long as for the one that stays: what is earliest too, which keeps what it knows.
    for patient in [0, 1] {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let free = availability(&mut tx, &AvailabilityQuestion { patient: None, ..asked(desk, None) }).await.expect("free times");
        assert!(free.available_slots.iter().all(|slot| slot.end - slot.start == TimeDelta::minutes(60)));
        let wanted = asked(desk, Some(patient));
        for _ in 0..2 {
            let first = earliest(&mut tx, &wanted).await.expect("asked").expect("a time");
            assert_eq!(first.end - first.start, TimeDelta::minutes(40));
        }
        assert_eq!(minutes(&book(&mut tx, &desk.visit(patient, "2026-11-25T08:00:00Z")).await.expect("booked")), 40);
    }
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    merge::undo(&mut tx, merged.id).await.expect("taken apart");
    assert_eq!(told(terms::get(&mut tx, winner).await.expect("terms")), BTreeSet::from([(laser, Some(40), None)]));
    let theirs = BTreeSet::from([(laser, Some(50), Some(1)), (peel, Some(20), None)]);
    assert_eq!(told(terms::get(&mut tx, loser).await.expect("terms")), theirs);
}
