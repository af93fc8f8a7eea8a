//! What was agreed with a patient about treatments: that one takes longer or shorter with them, or costs something else.

mod form;

use gabinet::patients::terms::{PatientTerm, PatientTermInput, PatientTerms, PatientTermsInput};
use leptos::prelude::*;
use ui::{Button, Dialog, Failure, Lang, Table, Tone, use_lang, use_toasts, when};

use self::form::TermForm;
use crate::{
    page_doors::{PatientRecord, save_terms},
    pages::{may, plain, shown::Shown},
    prices, words,
};

/// What one may do with an agreement.
#[derive(Clone, Copy)]
struct Can {
    edit: Callback<Option<PatientTerm>>,
    remove: Callback<PatientTerm>,
    /// Whether prices may be set, changed and taken away.
    price: bool,
}

/// The section; nothing for those who may not see treatments.
pub fn view(record: Shown<PatientRecord>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (open, edited) = (RwSignal::new(false), RwSignal::new(None::<PatientTerm>));
    let edit = Callback::new(move |one: Option<PatientTerm>| {
        edited.set(one);
        open.set(true);
    });
    // What can be undone is not asked about.
    let bring_back = Callback::new(move |gone: PatientTerm| {
        leptos::task::spawn_local(async move {
            if let Err(failure) = save(record, |items| items.push(sent(&gone))).await {
                toasts.fail(&failure);
            }
        });
    });
    let remove = Callback::new(move |one: PatientTerm| {
        leptos::task::spawn_local(async move {
            match save(record, |items| items.retain(|other| other.treatment != one.treatment)).await {
                Ok(()) => {
                    toasts.undoable(words::term_removed(lang, &one.treatment_name), Callback::new(move |()| bring_back.run(one.clone())));
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let can = may(gabinet::PATIENTS_WRITE).then(|| Can { edit, remove, price: may(gabinet::TREATMENTS_WRITE) });
    let content = plain::live(move || {
        record.value.with(|record| match &record.terms {
            Some(terms) => section(lang, terms, can),
            None => ().into_any(),
        })
    });
    let title = Signal::derive(move || {
        edited.with(|one| one.as_ref().map_or_else(|| words::add_term(lang).to_owned(), |one| one.treatment_name.clone()))
    });
    view! {
        {content}
        <Dialog open=open title=title class="narrow">
            <TermForm record=record term=edited.get_untracked() open=open/>
        </Dialog>
    }
    .into_any()
}

fn section(lang: Lang, terms: &PatientTerms, can: Option<Can>) -> AnyView {
    let add = can.map(|can| view! { <Button icon="plus" on_press=move || can.edit.run(None)>{words::add_term(lang)}</Button> });
    let list = match terms.items.is_empty() {
        true => view! { <p class="quiet">{words::no_terms(lang)}</p> }.into_any(),
        false => {
            let rows: Vec<AnyView> = terms.items.iter().map(|one| row(lang, one, &terms.currency, can)).collect();
            let heads = vec![words::treatment(lang), words::duration(lang), words::price(lang), words::reason(lang), ""];
            view! { <Table caption=words::terms_listed(lang) heads=heads>{rows}</Table> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="patient-terms">
            <header class="section-head"><h2 id="patient-terms">{words::patient_terms(lang)}</h2>{add}</header>
            {list}
        </section>
    }
    .into_any()
}

fn row(lang: Lang, one: &PatientTerm, currency: &str, can: Option<Can>) -> AnyView {
    let usual = || words::as_usual(lang).to_owned();
    let length = one.duration.map_or_else(usual, |minutes| when::length(lang, minutes.into()));
    let price = one.price.map_or_else(usual, |price| prices::shown(lang, price, currency));
    let buttons = can.map(|can| {
        let (own, gone) = (one.clone(), one.clone());
        // With the agreement its price would go too.
        let remove = (can.price || one.price.is_none()).then(|| {
            let name = words::remove_named(lang, &one.treatment_name);
            view! { <Button icon="trash" tone=Tone::Plain name=name on_press=move || can.remove.run(gone.clone())/> }
        });
        let name = words::edit_named(lang, &one.treatment_name);
        view! {
            <Button icon="edit" tone=Tone::Plain name=name on_press=move || can.edit.run(Some(own.clone()))/>
            {remove}
        }
    });
    let cells = vec![plain::text(length), plain::text(price), plain::text(one.note.clone()), buttons.into_any()];
    plain::row(plain::text(one.treatment_name.clone()), cells)
}

/// An agreement as it is sent.
fn sent(one: &PatientTerm) -> PatientTermInput {
    PatientTermInput { treatment: one.treatment, duration: one.duration, price: one.price, note: one.note.clone() }
}

/// Saves all that is agreed, with one thing changed; the page shows it at once, and names its version from then on (R18).
async fn save(record: Shown<PatientRecord>, change: impl FnOnce(&mut Vec<PatientTermInput>)) -> Result<(), Failure> {
    let (patient, version, mut items) = record.value.with_untracked(|record| {
        let items = record.terms.iter().flat_map(|terms| &terms.items).map(sent).collect::<Vec<_>>();
        (record.patient.id, record.patient.version, items)
    });
    change(&mut items);
    match save_terms(patient, PatientTermsInput { version, items }).await {
        Ok(saved) => {
            record.value.try_update(|record| {
                record.patient.version = saved.version;
                record.terms = Some(saved);
            });
            Ok(())
        }
        Err(failure) => {
            if failure.code() == "version" {
                record.refresh();
            }
            Err(failure)
        }
    }
}
