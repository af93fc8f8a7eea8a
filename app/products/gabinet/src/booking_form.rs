//! The form that books a visit on the calendar: patient, treatment, with whom, when. Room and device are found by
//! themselves. The verdict on the time is given at once, by the server's own rules; the server has the last word.

mod draft;
mod further;
mod hold;
mod judge;
mod keep;
mod outcome;
mod patient;
mod repeat;
mod save;
mod slots;
mod times;

use leptos::{ev::SubmitEvent, prelude::*};
use platform::id::EntityId;
use services::calendar::slots::Need;
use ui::{
    Button, Choice, Combobox, ErrorSummary, Failure, Field, Form, Input, Lang, Select, TextArea, Tone, field::field_id,
    letters::capitalized, use_lang, when,
};
use wasm_bindgen::JsCast;

use crate::words;
use draft::{Draft, Typed, chosen};
use patient::Patients;
use times::Times;

/// What most bookings do without: a new patient.
pub(crate) use patient::new_patient_part::PART as NEW_PATIENT;

// Beside the form, so that neither is a long download.
ui::lazy_part!(gabinet_times: fn slots_part(draft: Draft, times: Times) {
    slots::view(draft, times)
});

// Further treatments, and the rooms and devices that all of them take.
ui::lazy_part!(gabinet_times: fn further_part(draft: Draft, times: Times) {
    let lang = use_lang();
    view! {
        {further::view(draft, times)}
        {move || places(lang, draft, times)}
    }
    .into_any()
});

// What is said of the chosen time.
ui::lazy_part!(gabinet_times: fn outcome_part(draft: Draft, times: Times, refused: RwSignal<Option<Failure>>) {
    outcome::view(draft, times, refused)
});

ui::lazy_part!(gabinet_times: fn repeat_part(saved: Callback<EntityId>, draft: Draft, times: Times) {
    repeat::view(saved, draft, times)
});

/// The form.
pub fn view(form: Form) -> AnyView {
    let lang = use_lang();
    let draft = Draft::new(lang, &form);
    let times = Times::new(draft, &form);
    let patients = Patients::new(draft);
    keep::keep(&form, draft, times, patients);
    hold::keep(draft, times);
    let refused = draft.refused;
    keep_staff_qualified(draft, times);
    forget_refusal(draft, times, refused);
    focus_on("patient");
    let cancel = form.cancel;
    let saved = form.saved;
    let give_up = move || {
        keep::forget();
        cancel.run(());
    };
    let save = save::action(form, draft, times, patients, refused);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save.dispatch(());
    };
    let mut fields = vec![
        ("patient", words::patient(lang)),
        ("given_name", words::given_name(lang)),
        ("family_name", words::family_name(lang)),
        ("phone", words::phone(lang)),
        ("treatment", words::treatment(lang)),
        ("employee", words::with(lang)),
        ("date", words::date(lang)),
        ("start", words::time(lang)),
        ("notes", words::notes(lang)),
        ("overbook_reason", words::overbook_reason(lang)),
    ];
    fields.extend(further::fields(lang));
    let other = Signal::derive(move || unqualified(lang, times, chosen(draft.treatment), &draft.wanted.get()));
    // What stands against the time is told beside the time.
    let summary = Signal::derive(move || refused.get().filter(|failure| !outcome::is_conflict(failure)));
    let overbooks = move || outcome::stands_against(times, refused) && draft.overbook.with(|reason| !reason.trim().is_empty());
    view! {
        <form class="form booking" on:submit=submit novalidate>
            <ErrorSummary failure=summary fields=fields/>
            {patient::field(patients, refused)}
            <Field name="treatment" label=words::treatment(lang) required=true failure=refused>
                <Combobox value=draft.treatment choices=times.treatments(lang) placeholder=words::find_treatment(lang)/>
            </Field>
            <Field name="employee" label=words::with(lang) failure=refused error=other>
                <Select choices=times.staff(lang, draft) value=draft.staff on_change=move |staff: String| draft.wanted.set(staff)/>
            </Field>
            <Suspense>{Suspend::new(further_part(draft, times))}</Suspense>
            {moment(lang, draft, times, refused)}
            <Suspense>{Suspend::new(slots_part(draft, times))}</Suspense>
            <Suspense>{Suspend::new(outcome_part(draft, times, refused))}</Suspense>
            <Field name="notes" label=words::notes(lang) failure=refused>
                <TextArea value=draft.notes rows=2/>
            </Field>
            <Suspense>{Suspend::new(repeat_part(saved, draft, times))}</Suspense>
            <footer>
                <Button on_press=give_up>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>
                    {move || if overbooks() { words::book_anyway(lang) } else { words::book(lang) }}
                </Button>
            </footer>
        </form>
    }
    .into_any()
}

/// Says at the field of somebody who was asked for why it is not to be them.
fn unqualified(lang: Lang, times: Times, treatment: Option<EntityId>, wanted: &str) -> Option<String> {
    if gives(times, treatment, wanted) {
        return None;
    }
    let name = times
        .offer
        .with(|offer| offer.iter().flat_map(|offer| &offer.staff).find(|one| one.id.to_string() == wanted).map(|one| one.name.clone()));
    Some(words::does_not_give(lang, &name?))
}

/// Date and time, as freely typed as picked.
fn moment(lang: Lang, draft: Draft, times: Times, refused: RwSignal<Option<Failure>>) -> AnyView {
    let wrong_date = Signal::derive(move || match times.start.get() {
        Typed::Nothing { date: true, .. } => draft.date.with(|text| !text.trim().is_empty()).then(|| words::no_date(lang).to_owned()),
        _ => None,
    });
    let wrong_time = Signal::derive(move || match times.start.get() {
        Typed::Nothing { time: true, .. } => draft.time.with(|text| !text.trim().is_empty()).then(|| words::no_time(lang).to_owned()),
        _ => None,
    });
    // What was typed is written out once it is finished: “tomorrow” becomes a date.
    let write_out = move || {
        if let Some(date) = times.date.get_untracked() {
            draft.date.set(when::date_short(lang, date));
        }
        if let Some(start) = times.start.get_untracked().start() {
            draft.time.set(when::clock(times.zone().wall(start)));
        }
    };
    view! {
        <div class="booking-moment">
            <Field name="date" label=words::date(lang) required=true failure=refused error=wrong_date>
                <div class="booking-date">
                    <Input value=draft.date autocomplete="off" on_change=write_out/>
                    {slots::picker(draft, times.date)}
                </div>
            </Field>
            <Field name="start" label=words::time(lang) required=true failure=refused error=wrong_time>
                <Input value=draft.time autocomplete="off" on_change=write_out/>
            </Field>
        </div>
    }
    .into_any()
}

/// One choice for each room or device that the treatment needs; found by itself unless one is asked for.
fn places(lang: Lang, draft: Draft, times: Times) -> AnyView {
    const NAMES: [&str; 10] = ["place", "place-2", "place-3", "place-4", "place-5", "place-6", "place-7", "place-8", "place-9", "place-10"];
    let needs: Vec<Need> = times.needs.get();
    NAMES.into_iter().zip(needs).map(|(name, need)| place(lang, draft, times, name, need)).collect_view().into_any()
}

fn place(lang: Lang, draft: Draft, times: Times, name: &'static str, need: Need) -> AnyView {
    let mut choices = vec![Choice::new("", words::automatic(lang))];
    choices.extend(need.any_of.iter().map(|id| Choice::new(id.to_string(), untrack(|| times.name(*id)))));
    let any_of = StoredValue::new(need.any_of);
    let pinned =
        move || any_of.with_value(|any_of| draft.pins.with(|pins| pins.iter().find(|pin| any_of.contains(pin)).map(ToString::to_string)));
    let value = RwSignal::new(untrack(pinned).unwrap_or_default());
    // The pin may be taken out elsewhere, by an alternative.
    Effect::new(move |_| {
        let pinned = pinned().unwrap_or_default();
        if value.with_untracked(|value| *value != pinned) {
            value.set(pinned);
        }
    });
    let pick = move |id: String| {
        draft.pins.update(|pins| {
            any_of.with_value(|any_of| pins.retain(|pin| !any_of.contains(pin)));
            pins.extend(id.parse::<EntityId>().ok());
        });
    };
    // The clinic's own word for it: `laser`.
    let label = need.sort_of.map_or_else(|| words::place(lang).to_owned(), |name| capitalized(&name));
    view! {
        <Field name=name label=label class="booking-place">
            <Select choices=choices value=value on_change=pick/>
        </Field>
    }
    .into_any()
}

/// Whoever was asked for but does not give the treatment makes room for “anyone qualified”, and comes back when
/// another treatment is chosen that they do give.
fn keep_staff_qualified(draft: Draft, times: Times) {
    Effect::new(move |_| {
        let staff = draft.wanted.get();
        let staff = if gives(times, chosen(draft.treatment), &staff) { staff } else { String::new() };
        if draft.staff.with_untracked(|now| *now != staff) {
            draft.staff.set(staff);
        }
    });
}

/// Whether that member of staff gives the treatment; nobody in particular does.
fn gives(times: Times, treatment: Option<EntityId>, staff: &str) -> bool {
    times.offer.with(|offer| {
        let (Some(offer), Some(treatment), false) = (offer, treatment, staff.is_empty()) else { return true };
        offer.staff.iter().any(|one| one.id.to_string() == staff && one.treatments.contains(&treatment))
    })
}

/// What the server refused holds for what was sent; another time, treatment or person is judged anew.
fn forget_refusal(draft: Draft, times: Times, refused: RwSignal<Option<Failure>>) {
    Effect::new(move |before: Option<()>| {
        times.start.track();
        draft.treatment.track();
        draft.staff.track();
        draft.patient.track();
        draft.pins.track();
        draft.asked_further();
        if before.is_some() && refused.with_untracked(|failure| failure.as_ref().is_some_and(outcome::is_conflict)) {
            refused.set(None);
        }
    });
}

/// Moves the focus to a field once it is there.
fn focus_on(name: &'static str) {
    Effect::new(move |_| focus_now(name));
}

/// Moves the focus to a field. A frame later, after the panel has taken it for itself or the field has come.
fn focus_now(name: &'static str) {
    request_animation_frame(move || {
        let field = document().get_element_by_id(&field_id(name)).and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(field) = field {
            let _ = field.focus();
        }
    });
}
