//! The patient: found as one types, or made in place with what is known on the telephone.

use gabinet::patients::{Patient, PatientInput};
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use platform::id::EntityId;
use ui::{Button, Combobox, Failure, FailureAlert, Field, Found, Input, Lang, use_lang};

use super::{
    draft::{Draft, chosen},
    focus_now, focus_on,
};
use crate::{
    doors,
    people::{choice, warnings},
    words,
};

/// Who is looked for and who is being made.
#[derive(Clone, Copy)]
pub struct Patients {
    lang: Lang,
    draft: Draft,
    /// All that have been found so far, so that whoever is chosen is known.
    known: RwSignal<Vec<Patient>>,
    /// Those that the last search found.
    found: Found,
    /// Whether a new one is being written down.
    making: RwSignal<bool>,
    given_name: RwSignal<String>,
    family_name: RwSignal<String>,
    phone: RwSignal<String>,
    busy: RwSignal<bool>,
    /// What the server said about the new one.
    failure: RwSignal<Option<Failure>>,
    /// Trying again makes no second one.
    id: StoredValue<EntityId>,
}

impl Patients {
    /// Nobody yet, unless the address names one: by “Book a visit” on a patient's page.
    pub fn new(draft: Draft) -> Self {
        let lang = use_lang();
        let known = RwSignal::new(Vec::<Patient>::new());
        let found = Found::new(move |text| async move {
            let found = doors::find_patients(text).await?;
            let choices = found.iter().map(|patient| choice(lang, patient)).collect();
            known.try_update(|known| {
                known.retain(|old| found.iter().all(|new| new.id != old.id));
                known.extend(found);
            });
            Ok(choices)
        });
        let patients = Self {
            lang,
            draft,
            known,
            found,
            making: RwSignal::new(false),
            given_name: RwSignal::new(String::new()),
            family_name: RwSignal::new(String::new()),
            phone: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            id: StoredValue::new(EntityId::new()),
        };
        let named = use_query_map().with_untracked(|query| query.get("patient")).and_then(|id| id.parse::<EntityId>().ok());
        // The world outside: the server. Effects run in the browser only.
        Effect::new(move |_| {
            if let Some(id) = named {
                patients.fetch(id);
            }
        });
        patients
    }

    /// Chooses a patient whose id is known, unless another is chosen first.
    pub fn fetch(self, id: EntityId) {
        spawn_local(async move {
            if let Ok(patient) = doors::named_patient(id).await
                && self.draft.patient.try_get_untracked() == Some(None)
            {
                self.take(patient);
            }
        });
    }

    /// Whether somebody new is being written down.
    pub fn is_making(self) -> bool {
        self.making.get_untracked()
    }

    /// Writes the new patient down and chooses them; false if the server refused.
    pub async fn make(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.busy.set(true);
        let phone = self.phone.get_untracked();
        let new = PatientInput {
            id: Some(self.id.get_value()),
            given_name: self.given_name.get_untracked(),
            family_name: self.family_name.get_untracked(),
            phone: (!phone.trim().is_empty()).then_some(phone),
            ..PatientInput::default()
        };
        let made = doors::quick_patient(new).await;
        // The form may have been closed meanwhile.
        if self.busy.try_set(false).is_some() {
            return false;
        }
        match made {
            Ok(patient) => {
                self.failure.set(None);
                self.making.set(false);
                self.id.set_value(EntityId::new());
                self.take(patient);
                focus_now("treatment");
                true
            }
            Err(failure) => {
                self.failure.set(Some(failure));
                false
            }
        }
    }

    fn take(self, patient: Patient) {
        let taken = choice(self.lang, &patient);
        self.known.update(|known| known.push(patient));
        self.draft.patient.set(Some(taken));
    }

    /// Begins to write somebody new down, with what was typed: a name, or a telephone number.
    fn begin(self, typed: &str) {
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        if digits >= 5 {
            self.phone.set(typed.to_owned());
        } else {
            let (given, family) = typed.rsplit_once(' ').unwrap_or((typed, ""));
            self.given_name.set(given.trim().to_owned());
            self.family_name.set(family.to_owned());
        }
        self.failure.set(None);
        self.making.set(true);
    }

    fn about(self) -> Option<Patient> {
        let id = chosen(self.draft.patient)?;
        self.known.with(|known| known.iter().find(|patient| patient.id == id).cloned())
    }
}

/// The field, what must not be overlooked about the patient, and the fields of a new one.
pub fn field(patients: Patients, failure: RwSignal<Option<Failure>>) -> AnyView {
    let lang = patients.lang;
    let create = move |text: String| patients.begin(&text);
    view! {
        <Field name="patient" label=words::patient(lang) required=true failure=failure>
            <Combobox
                value=patients.draft.patient
                found=patients.found
                on_create=create
                placeholder=words::find_patient(lang)
            />
        </Field>
        {move || patients.about().map(|patient| warnings(lang, &patient))}
        {move || patients.making.get().then(|| view! { <Suspense>{Suspend::new(new_patient_part(patients))}</Suspense> })}
    }
    .into_any()
}

// Most visits are of somebody known.
ui::lazy_part!(gabinet_times: fn new_patient_part(patients: Patients) {
    new_patient(patients)
});

fn new_patient(patients: Patients) -> AnyView {
    let lang = patients.lang;
    focus_on("given_name");
    let failure = patients.failure;
    let add = move || {
        spawn_local(async move {
            patients.make().await;
        });
    };
    let back = move || {
        patients.making.set(false);
        focus_now("patient");
    };
    // Enter adds the patient and books nothing yet; Esc goes back to the search and leaves the form open.
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            add();
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            back();
        }
        _ => {}
    };
    let rest = move || failure.get().filter(|failure| failure.0.errors.is_empty()).map(|failure| view! { <FailureAlert failure=failure/> });
    view! {
        <fieldset class="booking-patient">
            <legend>{words::new_patient(lang)}</legend>
            {rest}
            <div class="fields" on:keydown=key>
                <Field name="given_name" label=words::given_name(lang) required=true failure=failure>
                    <Input value=patients.given_name autocomplete="off"/>
                </Field>
                <Field name="family_name" label=words::family_name(lang) required=true failure=failure>
                    <Input value=patients.family_name autocomplete="off"/>
                </Field>
                <Field name="phone" label=words::phone(lang) failure=failure>
                    <Input kind="tel" value=patients.phone autocomplete="off"/>
                </Field>
            </div>
            <div class="booking-row">
                <Button busy=patients.busy on_press=add>{words::add_patient(lang)}</Button>
                <Button tone=ui::Tone::Plain on_press=back>{words::back_to_search(lang)}</Button>
            </div>
        </fieldset>
    }
    .into_any()
}
