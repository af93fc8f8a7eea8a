//! Who waits, and for what.

use chrono::{Days, NaiveDate};
use gabinet::waiting::{DayWindow, WaitingInput};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Choice, Combobox, ErrorSummary, Failure, Field, Input, Select, TextArea, Tone, use_lang, when};

use super::doors;
use crate::{doors as booking, pages::plain, people::name, words};

const NOON: i32 = 720;

/// The form that puts somebody on the list; `saved` when they are on it.
pub fn form(locations: Vec<(platform::id::LocationId, String)>, today: NaiveDate, saved: Callback<()>) -> AnyView {
    let lang = use_lang();
    let (patient, treatment) = (RwSignal::new(None::<Choice>), RwSignal::new(None::<Choice>));
    let (staff, part, priority) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new("1".to_owned()));
    let place = RwSignal::new(locations.first().map(|(id, _)| id.to_string()).unwrap_or_default());
    let (from, to) = (RwSignal::new(when::iso(today)), RwSignal::new(when::iso(today + Days::new(30))));
    let note = RwSignal::new(String::new());
    let days = RwSignal::new([false; 7]);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let found = RwSignal::new(Vec::<Choice>::new());
    let offer = RwSignal::new(booking::Offer::default());
    // A retry puts nobody on the list twice.
    let id = EntityId::new();
    // The world outside: the server.
    Effect::new(move |_| {
        spawn_local(async move {
            if let Ok(known) = booking::offer().await {
                offer.try_set(known);
            }
        });
    });
    let search = move |text: String| {
        spawn_local(async move {
            if let Ok(patients) = booking::find_patients(text).await {
                found.try_set(patients.iter().map(|patient| Choice::new(patient.id.to_string(), name(patient))).collect());
            }
        });
    };
    let treatments = Signal::derive(move || {
        offer.with(|offer| offer.treatments.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect::<Vec<_>>())
    });
    let people = Signal::derive(move || {
        let mut choices = vec![Choice::new("", words::anyone(lang))];
        choices.extend(
            offer.with(|offer| offer.staff.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect::<Vec<_>>()),
        );
        choices
    });
    let chosen = |choice: RwSignal<Option<Choice>>| choice.with_untracked(|choice| choice.as_ref().and_then(|one| one.value.parse().ok()));
    let send = Callback::new(move |()| {
        // What is missing is told by the server, at its field.
        let nobody = EntityId(uuid::Uuid::nil());
        let (Some(first), Some(last), Ok(location)) =
            (when::from_iso(&from.get_untracked()), when::from_iso(&to.get_untracked()), place.get_untracked().parse())
        else {
            return;
        };
        let windows = match part.get_untracked().as_str() {
            "am" => vec![DayWindow { from: 0, to: NOON }],
            "pm" => vec![DayWindow { from: NOON, to: 1440 }],
            _ => Vec::new(),
        };
        let weekdays = days.with_untracked(|days| (1..).zip(days).filter(|(_, on)| **on).map(|(day, _)| day).collect());
        let input = WaitingInput {
            id: Some(id),
            patient: chosen(patient).unwrap_or(nobody),
            location,
            treatments: chosen(treatment).into_iter().collect(),
            staff: staff.get_untracked().parse().into_iter().collect(),
            weekdays,
            windows,
            from_date: first,
            to_date: last,
            priority: priority.get_untracked().parse().unwrap_or(1),
            note: note.get_untracked(),
            version: 0,
        };
        busy.set(true);
        spawn_local(async move {
            let answer = doors::save(None, input).await;
            busy.try_set(false);
            match answer {
                Ok(()) => saved.run(()),
                Err(refused) => {
                    failure.try_set(Some(refused));
                }
            }
        });
    });
    let chips = (0..7)
        .map(|day| {
            let on = move || days.with(|days| if days[day] { "true" } else { "false" });
            let press = move |_| days.update(|days| days[day] = !days[day]);
            view! {
                <button type="button" class="chip" aria-pressed=on on:click=press>
                    {when::weekday_name(lang, day).chars().take(3).collect::<String>()}
                </button>
            }
        })
        .collect_view();
    let parts = vec![
        Choice::new("", words::waiting_any_time(lang)),
        Choice::new("am", words::waiting_mornings(lang)),
        Choice::new("pm", words::waiting_afternoons(lang)),
    ];
    let urgencies = vec![
        Choice::new("2", words::waiting_urgent(lang)),
        Choice::new("1", words::waiting_usual(lang)),
        Choice::new("0", words::waiting_low(lang)),
    ];
    let several = locations.len() > 1;
    let places: Vec<Choice> = locations.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let fields = vec![
        ("patient", words::patient(lang)),
        ("treatments", words::treatment(lang)),
        ("from_date", words::first_day(lang)),
        ("to_date", words::last_day(lang)),
        ("note", words::notes(lang)),
    ];
    let content = view! {
        <ErrorSummary failure=failure fields=fields/>
        <Field name="patient" label=words::patient(lang) required=true failure=failure>
            <Combobox value=patient choices=found on_search=search placeholder=words::find_patient(lang)/>
        </Field>
        <Field name="treatments" label=words::treatment(lang) required=true failure=failure>
            <Combobox value=treatment choices=treatments placeholder=words::find_treatment(lang)/>
        </Field>
        <Field name="staff" label=words::with(lang) failure=failure>
            <Select choices=people value=staff on_change=move |id: String| staff.set(id)/>
        </Field>
        {several.then(|| view! {
            <Field name="location" label=words::waiting_where(lang) failure=failure>
                <Select choices=places value=place on_change=move |id: String| place.set(id)/>
            </Field>
        })}
        <div class="fields">
            <Field name="from_date" label=words::first_day(lang) failure=failure><Input kind="date" value=from/></Field>
            <Field name="to_date" label=words::last_day(lang) failure=failure><Input kind="date" value=to/></Field>
        </div>
        <div class="chips" role="group" aria-label=words::repeat_days(lang)>{chips}</div>
        <div class="fields">
            <Field name="windows" label=words::time(lang) failure=failure>
                <Select choices=parts value=part on_change=move |text: String| part.set(text)/>
            </Field>
            <Field name="priority" label=words::waiting_priority(lang) failure=failure>
                <Select choices=urgencies value=priority on_change=move |text: String| priority.set(text)/>
            </Field>
        </div>
        <Field name="note" label=words::notes(lang) failure=failure><TextArea value=note rows=2/></Field>
        <footer><Button tone=Tone::Primary submit=true busy=busy>{words::waiting_add(lang)}</Button></footer>
    };
    plain::form(send, content.into_any())
}
