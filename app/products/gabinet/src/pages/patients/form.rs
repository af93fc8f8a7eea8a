//! The form that makes or changes a patient.

use gabinet::patients::{Patient, PatientInput};
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Button, ErrorSummary, Failure, Field, Input, Lang, TextArea, Tone, use_lang, use_toasts, when};

use crate::{
    page_doors::{PatientRecord, save_patient},
    pages::{
        may, plain,
        sheet::{Clashes, Drafts, Faults, Sheet, Values},
        shown::Shown,
    },
    words,
};

/// The fields in order.
pub fn labels(lang: Lang) -> [(&'static str, &'static str); 8] {
    [
        ("given_name", words::given_name(lang)),
        ("family_name", words::family_name(lang)),
        ("birth_date", words::birth_date(lang)),
        ("phone", words::phone(lang)),
        ("email", words::email(lang)),
        ("allergies", words::allergies(lang)),
        ("alerts", words::alerts(lang)),
        ("notes", words::notes(lang)),
    ]
}

fn values(patient: &Patient) -> Values {
    let known = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        ("given_name", patient.given_name.clone()),
        ("family_name", patient.family_name.clone()),
        ("birth_date", patient.birth_date.map(when::iso).unwrap_or_default()),
        ("phone", known(&patient.phone)),
        ("email", known(&patient.email)),
        ("allergies", patient.allergies.clone()),
        ("alerts", patient.alerts.clone()),
        ("notes", patient.notes.clone()),
    ]
}

/// What is typed, as the server wants it; or what is wrong with it.
fn input(lang: Lang, sheet: Sheet, id: Option<EntityId>, version: i32) -> Result<PatientInput, Failure> {
    let birth_date = match sheet.filled("birth_date") {
        None => None,
        Some(text) => match when::from_iso(text.trim()) {
            Some(date) => Some(date),
            None => {
                let mut faults = Faults::default();
                faults.add("birth_date", words::not_a_date(lang));
                return Err(faults.failure());
            }
        },
    };
    Ok(PatientInput {
        id,
        given_name: sheet.get("given_name"),
        family_name: sheet.get("family_name"),
        birth_date,
        email: sheet.filled("email"),
        phone: sheet.filled("phone"),
        allergies: sheet.get("allergies"),
        alerts: sheet.get("alerts"),
        notes: sheet.get("notes"),
        version,
    })
}

/// Where what was typed about that patient, or a new one, is kept until it is saved.
pub fn drafts(id: Option<EntityId>) -> Drafts {
    Drafts::of("patient", &id.map_or_else(|| "new".into(), |id| id.to_string()))
}

/// Everything that is told about a new patient, or what the clinic tells of one. Nothing typed is lost when the server refuses it or somebody else was faster.
#[component]
pub fn PatientForm(
    /// The patient to change, kept up to date; none makes a new one.
    #[prop(optional)]
    record: Option<Shown<PatientRecord>>,
    /// Saved, as it is now.
    #[prop(into)]
    on_saved: Callback<Patient>,
    /// A new one is given up.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let writes = may(gabinet::PATIENTS_WRITE);
    let known = record.map(|record| record.value.with_untracked(|record| record.patient.clone()));
    let id = known.as_ref().map(|patient| patient.id);
    let first = known.as_ref().map_or_else(|| labels(lang).map(|(name, _)| (name, String::new())).to_vec(), values);
    let sheet = Sheet::new(&labels(lang), first);
    let version = StoredValue::new(known.map_or(0, |patient| patient.version));
    // A retry of a new patient makes no second one.
    let new_id = EntityId::new();
    let drafts = drafts(id);
    if writes {
        drafts.keep(sheet);
    }
    // The record outside: what others change is taken over as it becomes known.
    if let Some(record) = record {
        plain::outside(move || {
            let patient = record.value.with(|record| record.patient.clone());
            if patient.version != version.get_value() {
                version.set_value(patient.version);
                sheet.follow(values(&patient));
            }
        });
    }
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let sent = sheet.values();
        let input = input(lang, sheet, id.is_none().then_some(new_id), version.get_value());
        async move {
            let saved = match input {
                Ok(input) => save_patient(id, input).await,
                Err(faults) => Err(faults),
            };
            match saved {
                Ok(patient) => {
                    failure.set(None);
                    version.set_value(patient.version);
                    sheet.saved(&sent, values(&patient));
                    // The form goes before its draft would be forgotten by itself.
                    drafts.write(None);
                    toasts.say(words::patient_saved(lang));
                    on_saved.run(patient);
                }
                Err(why) => {
                    if let Some(record) = record.filter(|_| why.code() == "version") {
                        record.refresh();
                    }
                    failure.set(Some(why));
                }
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let cancel = on_cancel.map(|on_cancel| {
        let give_up = move || {
            sheet.reset();
            drafts.write(None);
            on_cancel.run(());
        };
        view! { <Button on_press=give_up>{words::cancel(lang)}</Button> }.into_any()
    });
    let footer = writes.then(|| {
        let clean = Signal::derive(move || id.is_some() && !sheet.is_changed());
        view! {
            <footer>
                {cancel}
                <Button tone=Tone::Primary submit=true disabled=clean busy=save.pending()>{words::save(lang)}</Button>
            </footer>
        }
    });
    // What every product knows of a human is changed at the head of their page, once they have one.
    let human = id.is_none().then(|| {
        view! {
            <div class="fields">
                <Field name="given_name" label=words::given_name(lang) required=true failure=failure>
                    <Input value=sheet.field("given_name") autocomplete="off"/>
                </Field>
                <Field name="family_name" label=words::family_name(lang) required=true failure=failure>
                    <Input value=sheet.field("family_name") autocomplete="off"/>
                </Field>
            </div>
            <div class="fields">
                <Field name="birth_date" label=words::birth_date(lang) failure=failure>
                    <Input kind="date" value=sheet.field("birth_date") autocomplete="off"/>
                </Field>
                <Field name="phone" label=words::phone(lang) failure=failure>
                    <Input kind="tel" value=sheet.field("phone") autocomplete="off"/>
                </Field>
            </div>
            <Field name="email" label=words::email(lang) failure=failure>
                <Input kind="email" value=sheet.field("email") autocomplete="off"/>
            </Field>
        }
    });
    let content = view! {
            <ErrorSummary failure=failure fields=sheet.labels()/>
            <Clashes sheet=sheet/>
            <fieldset class="sheet" disabled=!writes>
                {human}
                <Field name="allergies" label=words::allergies(lang) help=words::allergies_help(lang) failure=failure>
                    <Input value=sheet.field("allergies") autocomplete="off"/>
                </Field>
                <Field name="alerts" label=words::alerts(lang) help=words::alerts_help(lang) failure=failure>
                    <Input value=sheet.field("alerts") autocomplete="off"/>
                </Field>
                <Field name="notes" label=words::notes(lang) failure=failure>
                    <TextArea value=sheet.field("notes") rows=4/>
                </Field>
            </fieldset>
            {footer}
    };
    plain::form(send, content.into_any())
}
