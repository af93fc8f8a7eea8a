//! How a patient is named and told of, wherever one appears.

use gabinet::patients::Patient;
use leptos::prelude::*;
use ui::{Alert, Lang, Meaning};

use crate::words;

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
