//! Who waits, and for what.

use chrono::{Days, NaiveDate};
use gabinet::waiting::{DayWindow, Named, Waiting, WaitingInput, WaitingKind};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Choice, Combobox, ErrorSummary, Failure, Field, Input, Select, TextArea, Tone, use_lang, when};

use super::doors;
use crate::{doors as booking, pages::plain, people::find_patient, words};

const NOON: i32 = 720;

/// The form that puts somebody on the list, or changes what they wait for; `saved` when that is done.
pub fn form(locations: Vec<(platform::id::LocationId, String)>, today: NaiveDate, before: Option<Waiting>, saved: Callback<()>) -> AnyView {
    let lang = use_lang();
    let choice = |one: &Named| Choice::new(one.id.to_string(), one.name.clone());
    let known = before.as_ref();
    let patient = RwSignal::new(known.map(|known| choice(&known.patient)));
    let treatment = RwSignal::new(known.and_then(|known| known.treatments.first()).map(choice));
    let staff = RwSignal::new(known.and_then(|known| known.staff.first()).map(|one| one.id.to_string()).unwrap_or_default());
    let part = RwSignal::new(known.map(|known| part_of(&known.windows).to_owned()).unwrap_or_default());
    let kind = RwSignal::new(WaitingKind::Waiting.as_str().to_owned());
    let priority = RwSignal::new(known.map_or(1, |known| known.priority).to_string());
    let place = known.map(|known| known.location).or(locations.first().map(|(id, _)| *id));
    let place = RwSignal::new(place.map(|id| id.to_string()).unwrap_or_default());
    let from = RwSignal::new(when::iso(known.map_or(today, |known| known.from_date)));
    let to = RwSignal::new(when::iso(known.map_or(today + Days::new(30), |known| known.to_date)));
    let note = RwSignal::new(known.map(|known| known.note.clone()).unwrap_or_default());
    let mut on = [false; 7];
    for day in known.iter().flat_map(|known| &known.weekdays) {
        if let Some(on) = usize::try_from(*day - 1).ok().and_then(|day| on.get_mut(day)) {
            *on = true;
        }
    }
    let days = RwSignal::new(on);
    let changes = known.is_some();
    let before = StoredValue::new(before);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
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
    // A seat of a group is not held, and so it is not waited for.
    let treatments = Signal::derive(move || {
        offer.with(|offer| {
            offer
                .treatments
                .iter()
                .filter(|one| one.rules.seats <= 1)
                .map(|one| Choice::new(one.id.to_string(), one.name.clone()))
                .collect::<Vec<_>>()
        })
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
            // Told in another way than by this form.
            "kept" => before.with_value(|before| before.as_ref().map(|before| before.windows.clone())).unwrap_or_default(),
            _ => Vec::new(),
        };
        let weekdays = days.with_untracked(|days| (1..).zip(days).filter(|(_, on)| **on).map(|(day, _)| day).collect());
        let input = WaitingInput {
            id: Some(id),
            kind: if kind.with_untracked(|kind| kind == WaitingKind::Request.as_str()) {
                WaitingKind::Request
            } else {
                WaitingKind::Waiting
            },
            patient: chosen(patient).unwrap_or(nobody),
            location,
            treatments: first_and_others(chosen(treatment), before.with_value(|before| before.as_ref().map(|one| one.treatments.clone()))),
            staff: first_and_others(
                staff.get_untracked().parse().ok(),
                before.with_value(|before| before.as_ref().map(|one| one.staff.clone())),
            ),
            weekdays,
            windows,
            from_date: first,
            to_date: last,
            priority: priority.get_untracked().parse().unwrap_or(1),
            note: note.get_untracked(),
            version: before.with_value(|before| before.as_ref().map_or(0, |before| before.version)),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = doors::save(before.with_value(|before| before.as_ref().map(|before| before.id)), input).await;
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
    let mut parts = vec![
        Choice::new("", words::waiting_any_time(lang)),
        Choice::new("am", words::waiting_mornings(lang)),
        Choice::new("pm", words::waiting_afternoons(lang)),
    ];
    if part.with_untracked(|part| part == "kept") {
        let clock = |minutes: i32| when::clock_of(u32::try_from(minutes).unwrap_or(0));
        let windows = before.with_value(|before| before.as_ref().map(|before| before.windows.clone())).unwrap_or_default();
        let windows: Vec<String> = windows.iter().map(|one| [clock(one.from), clock(one.to)].join("–")).collect();
        parts.push(Choice::new("kept", windows.join(", ")));
    }
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
        ("staff", words::with(lang)),
        ("from_date", words::first_day(lang)),
        ("to_date", words::last_day(lang)),
        ("note", words::notes(lang)),
    ];
    // Why somebody is on the list stays as it is.
    let kinds = (!changes).then(|| {
        let choices = vec![
            Choice::new(WaitingKind::Waiting.as_str(), words::waiting_waits(lang)),
            Choice::new(WaitingKind::Request.as_str(), words::waiting_asks(lang)),
        ];
        view! {
            <Field name="kind" label=words::waiting_kind(lang) failure=failure>
                <Select choices=choices value=kind on_change=move |text: String| kind.set(text)/>
            </Field>
        }
    });
    let content = view! {
        <ErrorSummary failure=failure fields=fields/>
        {kinds}
        <Field name="patient" label=words::patient(lang) required=true failure=failure>
            <Combobox value=patient found=find_patient(lang) placeholder=words::find_patient(lang)/>
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
        <footer>
            <Button tone=Tone::Primary submit=true busy=busy>
                {if changes { words::save(lang) } else { words::waiting_add(lang) }}
            </Button>
        </footer>
    };
    plain::form(send, content.into_any())
}

/// Which part of the day these windows are, as the form knows it.
fn part_of(windows: &[DayWindow]) -> &'static str {
    match windows {
        [] => "",
        [DayWindow { from: 0, to: NOON }] => "am",
        [DayWindow { from: NOON, to: 1440 }] => "pm",
        _ => "kept",
    }
}

/// What was chosen in place of the first that was known; the others stay.
fn first_and_others(chosen: Option<EntityId>, known: Option<Vec<Named>>) -> Vec<EntityId> {
    let Some(chosen) = chosen else { return Vec::new() };
    let others = known.unwrap_or_default().into_iter().skip(1).map(|one| one.id).filter(|id| *id != chosen);
    std::iter::once(chosen).chain(others).collect()
}
