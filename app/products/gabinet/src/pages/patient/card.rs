//! What the clinic has written down about a patient: read as text, and changed in a form that opens in its place.

use leptos::prelude::*;
use ui::{Button, Tone, use_lang};

use crate::{
    page_doors::PatientRecord,
    pages::{
        may,
        patients::form::{PatientForm, drafts},
        plain,
        shown::Shown,
    },
    words,
};

/// The card.
pub fn view(record: Shown<PatientRecord>, changed: Callback<()>) -> AnyView {
    let lang = use_lang();
    // What was typed before the page was loaded anew is not forgotten behind a button.
    let kept = record.value.with_untracked(|record| drafts(Some(record.patient.id)).read().is_some());
    let editing = RwSignal::new(kept && may(gabinet::PATIENTS_WRITE));
    let edit = plain::shown_while(
        move || may(gabinet::PATIENTS_WRITE) && !editing.get(),
        move || {
            view! { <Button tone=Tone::Plain icon="edit" on_press=move || editing.set(true)>{words::edit_patient(lang)}</Button> }
                .into_any()
        },
    );
    let saved = Callback::new(move |_| {
        editing.try_set(false);
        record.refresh();
        changed.run(());
    });
    let content = move || {
        if editing.get() {
            return view! { <PatientForm record=record on_saved=saved on_cancel=move || editing.set(false)/> }.into_any();
        }
        plain::live(move || {
            record.value.with(|record| {
                let patient = &record.patient;
                let told = [
                    (words::patient_number(lang), patient.number.as_str()),
                    (words::allergies(lang), patient.allergies.trim()),
                    (words::alerts(lang), patient.alerts.trim()),
                    (words::notes(lang), patient.notes.trim()),
                ];
                let rows =
                    told.into_iter().filter(|(name, text)| !text.is_empty() || *name == words::allergies(lang)).map(|(name, text)| {
                        let text = if text.is_empty() { words::none_known(lang) } else { text }.to_owned();
                        view! { <div><dt>{name}</dt><dd class="object-long">{text}</dd></div> }
                    });
                view! { <dl class="object-facts">{rows.collect_view()}</dl> }.into_any()
            })
        })
    };
    view! {
        <section class="patient-card" aria-labelledby="patient-card">
            <header class="section-head"><h2 id="patient-card">{words::patient_card(lang)}</h2>{edit}</header>
            {plain::live(content)}
        </section>
    }
    .into_any()
}
