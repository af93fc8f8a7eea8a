//! A file of another calendar: first what would come of it, then the taking over.

use leptos::prelude::*;
use platform::{id::LocationId, time::ZoneWindow};
use services::{
    calendar::feeds::{ImportItem, Imported, NewImport, Outcome},
    core::GENERIC_TYPES,
};
use ui::{Button, Choice, ErrorSummary, Failure, Field, Lang, Meaning, Select, Table, Tag, Tone, field, use_lang, use_toasts, when};
use wasm_bindgen::JsCast;

use super::doors::take_over;
use crate::words;

#[component]
pub(super) fn TakeOver(resources: Vec<Choice>, locations: Vec<Choice>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let text = RwSignal::new(String::new());
    let first = |choices: &[Choice]| RwSignal::new(choices.first().map(|choice| choice.value.clone()).unwrap_or_default());
    let (resource, location) = (first(&resources), first(&locations));
    let kind = RwSignal::new("block".to_owned());
    let failure = RwSignal::new(None::<Failure>);
    let told = RwSignal::new(None::<(Imported, ZoneWindow)>);
    let run = Action::new_local(move |apply: &bool| {
        let apply = *apply;
        async move {
            let chosen = (resource.with_untracked(|id| id.parse().ok()), location.with_untracked(|id| id.parse::<LocationId>().ok()));
            let (Some(resource), Some(location)) = chosen else { return };
            let new = NewImport { file: text.get_untracked(), resource, location, activity_type: kind.get_untracked(), apply };
            match take_over(new).await {
                Ok(done) => {
                    failure.set(None);
                    if apply {
                        toasts.say(words::taken_over(lang));
                    }
                    told.set(Some(done));
                }
                Err(mut error) => {
                    // Other forms of the page have a field of that name.
                    error
                        .0
                        .errors
                        .iter_mut()
                        .filter(|error| error.field == "resource")
                        .for_each(|error| error.field.insert_str(0, "import."));
                    told.set(None);
                    failure.set(Some(error));
                }
            }
        }
    });
    let kinds: Vec<Choice> = GENERIC_TYPES.iter().rev().map(|key| Choice::new(*key, words::by_key(lang, key).unwrap_or(key))).collect();
    let fields = vec![("file", words::file(lang)), ("import.resource", words::onto(lang)), ("location", words::location(lang))];
    view! {
        <form
            class="form"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                run.dispatch_local(false);
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Field name="file" label=words::file(lang) help=words::file_help(lang) required=true failure=failure>
                <FileInput text=text on_change=Callback::new(move |()| told.set(None))/>
            </Field>
            <Field name="import.resource" label=words::onto(lang) failure=failure>
                <Select choices=resources.clone() value=resource on_change=move |_: String| told.set(None)/>
            </Field>
            <Field name="location" label=words::location(lang) failure=failure>
                <Select choices=locations.clone() value=location on_change=move |_: String| told.set(None)/>
            </Field>
            <Field name="activity_type" label=words::as_what(lang) failure=failure>
                <Select choices=kinds.clone() value=kind on_change=move |_: String| told.set(None)/>
            </Field>
            <Button submit=true busy=run.pending() disabled=Signal::derive(move || text.with(String::is_empty))>{words::look_first(lang)}</Button>
        </form>
        <div role="status">
            {move || told.get().map(|(done, zone)| view! { <Told done=done zone=zone run=Callback::new(move |()| { run.dispatch_local(true); })/> })}
        </div>
    }
    .into_any()
}

/// The browser's own choice of a file, whose text is read at once.
#[component]
fn FileInput(text: RwSignal<String>, on_change: Callback<()>) -> AnyView {
    let ids = field::use_field("file");
    let invalid = ids.aria_invalid();
    view! {
        <input
            class="input"
            type="file"
            accept=".ics,text/calendar"
            id=ids.id
            name=ids.name
            aria-required="true"
            aria-invalid=move || invalid.get()
            aria-describedby=ids.described_by
            on:change=move |event| {
                let chosen = event_target::<web_sys::HtmlInputElement>(&event).files().and_then(|files| files.get(0));
                on_change.run(());
                text.set(String::new());
                leptos::task::spawn_local(async move {
                    let Some(file) = chosen else { return };
                    let read = wasm_bindgen_futures::JsFuture::from(file.unchecked_ref::<web_sys::Blob>().text()).await;
                    text.set(read.ok().and_then(|read| read.as_string()).unwrap_or_default());
                });
            }
        />
    }
    .into_any()
}

#[component]
fn Told(done: Imported, zone: ZoneWindow, run: Callback<()>) -> AnyView {
    let lang = use_lang();
    let some = done.items.iter().any(|item| matches!(item.outcome, Outcome::New | Outcome::Changed | Outcome::Cancelled));
    let counts = [Outcome::New, Outcome::Changed, Outcome::Cancelled, Outcome::Unchanged, Outcome::Refused];
    let counts = counts.into_iter().filter(|outcome| done.count(*outcome) > 0);
    let counts =
        counts.map(|outcome| [outcome_word(lang, outcome), ": ", &done.count(outcome).to_string()].concat()).collect::<Vec<_>>().join(", ");
    let rows = done.items.iter().map(|item| row(lang, item, &zone)).collect_view();
    let button = (!done.applied && some)
        .then(|| view! { <Button tone=Tone::Primary on_press=move || run.run(())>{words::take_over(lang)}</Button> });
    view! {
        <p>{if done.items.is_empty() { words::nothing_in_file(lang).to_owned() } else { counts }}</p>
        {(!done.items.is_empty())
            .then(|| view! { <Table caption=words::take_over(lang) heads=vec![words::title(lang), words::when_head(lang), words::outcome_head(lang)]>{rows}</Table> })}
        {button}
    }
    .into_any()
}

fn row(lang: Lang, item: &ImportItem, zone: &ZoneWindow) -> AnyView {
    let at = match (item.start, item.end) {
        (Some(start), Some(end)) if item.all_day => {
            let last = zone.date(end - chrono::TimeDelta::seconds(1));
            when::span(lang, zone.date(start), last.max(zone.date(start)))
        }
        (Some(start), Some(end)) => {
            [when::date(lang, zone.date(start)), ", ".into(), when::times(zone.wall(start), zone.wall(end))].concat()
        }
        (Some(start), None) => when::date(lang, zone.date(start)),
        (None, _) => "–".into(),
    };
    let meaning = match item.outcome {
        Outcome::New => Meaning::Positive,
        Outcome::Changed => Meaning::Info,
        Outcome::Cancelled => Meaning::Attention,
        Outcome::Unchanged => Meaning::Neutral,
        Outcome::Refused => Meaning::Critical,
    };
    let why = (!item.reason.is_empty()).then(|| {
        let key = ["reason.", item.reason.as_str()].concat();
        words::by_key(lang, &key).map_or_else(|| item.message.clone(), str::to_owned)
    });
    view! {
        <tr>
            <th scope="row">{item.title.clone()}</th>
            <td>{at}</td>
            <td><Tag meaning=meaning text=outcome_word(lang, item.outcome)/>" "{why}</td>
        </tr>
    }
    .into_any()
}

fn outcome_word(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::New => words::outcome_new(lang),
        Outcome::Changed => words::outcome_changed(lang),
        Outcome::Unchanged => words::outcome_unchanged(lang),
        Outcome::Cancelled => words::outcome_cancelled(lang),
        Outcome::Refused => words::outcome_refused(lang),
    }
}
