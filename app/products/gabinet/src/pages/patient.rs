//! The page of one patient: who they are, what must not be overlooked, their visits, and what has happened.

mod history;
mod visits;

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Avatar, ButtonLink, Heard, Tone, use_lang, use_live};

use super::{
    may,
    patients::{born, form::PatientForm, marks, name},
    plain,
    shown::{Shown, absent, id_in_address, shown},
};
use crate::{
    page_doors::{PatientRecord, read_patient},
    words,
};

/// The page.
pub fn page() -> AnyView {
    let id = id_in_address();
    shown(
        move || id,
        |id| async move {
            match id {
                Some(id) => read_patient(id).await,
                None => Err(absent()),
            }
        },
        record,
    )
}

fn record(record: Shown<PatientRecord>) -> AnyView {
    let lang = use_lang();
    let id = record.value.with_untracked(|record| record.patient.id);
    // Whatever a colleague changes of this patient, and any visit, may change what is shown.
    use_live().listen(move |heard| match heard {
        Heard::Changed(event) if event.entity_id != id && event.entity_type != "gabinet:appointment" => {}
        _ => record.refresh(),
    });
    let shown_name = Signal::derive(move || record.value.with(|record| name(&record.patient)));
    let face = plain::live(move || view! { <Avatar name=shown_name.get() class="large"/> }.into_any());
    let shown_marks = plain::live(move || record.value.with(|record| marks(lang, &record.patient)));
    let facts = plain::live(move || {
        record.value.with(|record| {
            let patient = &record.patient;
            let birth = patient.birth_date.map(|birth| view! { <span>{born(lang, birth, record.today)}</span> });
            let phone = patient.phone.clone().map(|phone| view! { <a class="tnum" href=format!("tel:{phone}")>{ui::phone(&phone)}</a> });
            let email = patient.email.clone().map(|email| view! { <a href=format!("mailto:{email}")>{email.clone()}</a> });
            view! { <span class="tnum">{patient.number.clone()}</span>{birth}{phone}{email} }.into_any()
        })
    });
    let book = may(gabinet::APPOINTMENTS_WRITE).then(|| {
        let href = format!("/dashboard/calendar?new={}&patient={id}", gabinet::APPOINTMENT);
        view! { <ButtonLink tone=Tone::Primary icon="calendar" href=href>{words::book_a_visit(lang)}</ButtonLink> }
    });
    view! {
        <Title text=move || shown_name.get()/>
        <article class="record">
            <header class="record-head">
                {face}
                <div>
                    <h1>{shown_name}</h1>
                    <p class="record-facts">{facts}</p>
                </div>
                <div class="actions">
                    <ButtonLink icon="left" href="/dashboard/gabinet/patients">{words::all_patients(lang)}</ButtonLink>
                    {book}
                </div>
                <p class="marks">{shown_marks}</p>
            </header>
            <div class="record-main">
                {visits::view(record)}
                <app_services::CustomFields entity_type="gabinet:patient" id=id/>
                <app_services::RecordSide id=id/>
                {history::view(record)}
            </div>
            <section class="record-side" aria-labelledby="record-about">
                <h2 id="record-about">{words::about(lang)}</h2>
                <PatientForm record=record on_saved=move |_| record.refresh()/>
            </section>
        </article>
    }
    .into_any()
}
