//! How a patient is named and told of, wherever one appears.

use gabinet::patients::Patient;
use leptos::prelude::*;
use ui::{Alert, Choice, Found, Lang, Meaning, when};

use crate::{doors::find_patients, words};

/// Given and family name.
pub fn name(patient: &Patient) -> String {
    let mut name = patient.given_name.clone();
    name.push(' ');
    name.push_str(&patient.family_name);
    name
}

/// Allergies and alerts stand wherever the patient's name stands.
pub fn warnings(lang: Lang, patient: &Patient) -> AnyView {
    let allergy = (!patient.allergies.is_empty()).then(|| words::allergy(lang, &patient.allergies));
    let alert = (!patient.alerts.is_empty()).then(|| patient.alerts.clone());
    allergy.into_iter().chain(alert).map(|text| view! { <Alert meaning=Meaning::Critical>{text}</Alert> }).collect_view().into_any()
}

/// What tells a patient from another of the same name, in a list.
pub fn choice(lang: Lang, patient: &Patient) -> Choice {
    let phone = patient.phone.as_deref().map(ui::phone);
    let birth = patient.birth_date.map(|date| when::date_short(lang, date));
    let parts = birth.as_deref().into_iter().chain(phone.as_deref()).chain([patient.number.as_str()]);
    let mut note = String::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if !note.is_empty() {
            note.push_str(" · ");
        }
        note.push_str(part);
    }
    Choice::new(patient.id.to_string(), name(patient)).with_note(note)
}

/// Finds patients by what is typed.
pub fn find_patient(lang: Lang) -> Found {
    Found::new(move |text| async move { Ok(find_patients(text).await?.iter().map(|patient| choice(lang, patient)).collect()) })
}
