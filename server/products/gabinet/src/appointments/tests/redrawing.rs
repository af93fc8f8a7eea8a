//! What a visit says of its patient is what holds of them when it is looked at.

use services::persons;

use super::*;

async fn told(desk: &Desk, id: EntityId) -> (String, Vec<String>) {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let activity = get(&mut tx, id).await.expect("there").activity;
    let seen = services::calendar::activities::see(&mut tx, activity).await.expect("seen");
    (seen.title, seen.face.flags)
}

fn input(patient: &patients::Patient) -> PatientInput {
    PatientInput {
        given_name: patient.given_name.clone(),
        family_name: patient.family_name.clone(),
        allergies: patient.allergies.clone(),
        alerts: patient.alerts.clone(),
        version: patient.version,
        ..PatientInput::default()
    }
}

#[tokio::test]
async fn an_allergy_that_is_told_after_the_booking_stands_on_the_visit_and_goes_again() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let (title, before) = told(&desk, visit.id).await;
    assert!(!before.contains(&ALLERGY.to_owned()) && before.contains(&"first_visit".to_owned()), "{before:?}");

    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let patient = patients::get(&mut tx, desk.patients[0]).await.expect("a patient");
    let changed = PatientInput { allergies: "Latex".into(), family_name: "Zawadzka".into(), ..input(&patient) };
    let patient = patients::update(&mut tx, patient.id, &changed).await.expect("changed");
    tx.commit().await.expect("committed");
    let (now, flags) = told(&desk, visit.id).await;
    assert!(now != title && now.ends_with("Zawadzka"), "{now}");
    assert_eq!(flags, [ALLERGY, "first_visit"]);

    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let well = PatientInput { allergies: String::new(), ..input(&patient) };
    let version = patients::update(&mut tx, patient.id, &well).await.expect("changed").version;
    assert_eq!(version, patient.version + 1, "nothing new was said of the human");
    tx.commit().await.expect("committed");
    assert_eq!(told(&desk, visit.id).await.1, ["first_visit"]);
}

#[tokio::test]
async fn a_patient_renamed_by_their_form_is_still_found_by_their_number_and_further_phones() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let patient = patients::get(&mut tx, desk.patients[0]).await.expect("a patient");
    let card = persons::card(&mut tx, patient.id).await.expect("a person");
    let details = serde_json::json!({ "given_name": card.given_name, "family_name": card.family_name, "version": card.version,
        "contacts": [{ "kind": "phone", "label": "work", "value": "+48601224118" }] });
    let details: persons::PersonDetails = serde_json::from_value(details).expect("details");
    persons::edit(&mut tx, patient.id, &details).await.expect("a further number");
    let patient = patients::get(&mut tx, patient.id).await.expect("a patient");
    patients::update(&mut tx, patient.id, &PatientInput { family_name: "Zawadzka".into(), ..input(&patient) }).await.expect("renamed");
    for query in ["601224118", &patient.number, "zawadzka"] {
        let found = persons::search(&mut tx, &["gabinet:patient"], query, 5).await.expect("found");
        assert_eq!(found.first(), Some(&patient.id), "{query}");
    }
}
