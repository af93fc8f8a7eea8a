//! Makes links and kinds of links.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::links::{LinkChange, LinkType, LinkTypeInput, NewLink, RecordLink};
use ui::{Button, Checkbox, Choice, Combobox, ErrorSummary, Failure, Field, Found, Input, Select, TextArea, Tone, use_modules, when};

use super::{
    doors::{add_link, edit_link, find_records, save_link_type},
    side::Shared,
};
use crate::words;

/// Which way a kind can be read from a record of that type: as the value of a choice, `>` for outward.
fn readings(kinds: &[LinkType], entity_type: &str) -> Vec<(String, String)> {
    let fits = |types: &[String]| types.is_empty() || types.iter().any(|kind| kind == entity_type);
    let mut all = Vec::new();
    for kind in kinds.iter().filter(|kind| kind.active) {
        if fits(&kind.from_types) {
            all.push(([">", &kind.id.to_string()].concat(), kind.name.clone()));
        }
        if fits(&kind.to_types) && (kind.inverse != kind.name || !fits(&kind.from_types)) {
            all.push((["<", &kind.id.to_string()].concat(), kind.inverse.clone()));
        }
    }
    all
}

/// A new link from this record.
pub fn add(shared: Shared, open: RwSignal<bool>) -> AnyView {
    let lang = shared.lang;
    let side = shared.side.get_untracked();
    let readings = readings(&side.kinds, &side.subject.entity_type);
    let reading = RwSignal::new(readings.first().map(|(value, _)| value.clone()).unwrap_or_default());
    let choices: Vec<Choice> = readings.into_iter().map(|(value, name)| Choice::new(value, name)).collect();
    let other = RwSignal::new(None::<Choice>);
    let (from, to, told) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let fresh = EntityId::new();
    let modules = use_modules();
    let kinds = StoredValue::new(side.kinds);
    let own = side.subject.id;
    let found = Found::new(move |typed| {
        let types = kinds.with_value(|kinds| {
            let (outward, id) = split(&reading.get_untracked());
            let kind = kinds.iter().find(|kind| Some(kind.id) == id);
            kind.map(|kind| if outward { kind.to_types.clone() } else { kind.from_types.clone() }).unwrap_or_default()
        });
        async move {
            let named = find_records(typed, types).await?.into_iter().filter(|record| record.id != own).map(|record| {
                let kind = modules.label(lang, &record.entity_type).unwrap_or_default();
                Choice::new(record.id.to_string(), record.title).with_note(kind)
            });
            Ok(named.collect())
        }
    });
    let send = move || {
        let (outward, kind) = split(&reading.get_untracked());
        let other = other.with_untracked(|other| other.as_ref().and_then(|other| other.value.parse::<EntityId>().ok()));
        let (Some(kind), Some(other)) = (kind, other) else {
            failure.set(Some(needed("other")));
            return;
        };
        if busy.get_untracked() {
            return;
        }
        let new = NewLink {
            id: Some(fresh),
            kind,
            other,
            outward,
            from_date: from.with_untracked(|date| when::from_iso(date)),
            to_date: to.with_untracked(|date| when::from_iso(date)),
            properties: told.with_untracked(|text| properties(text)),
        };
        busy.set(true);
        spawn_local(async move {
            let done = add_link(shared.id, new).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    open.try_set(false);
                    shared.refresh();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let fields = vec![
        ("kind", words::side_kind(lang)),
        ("other", words::side_other(lang)),
        ("from_date", words::field_from(lang)),
        ("to_date", words::field_to(lang)),
        ("properties", words::field_properties(lang)),
    ];
    view! {
        <form
            class="form"
            method="post"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Field name="kind" label=words::side_kind(lang) failure=failure>
                <Select choices=choices value=reading/>
            </Field>
            <Field name="other" label=words::side_other(lang) required=true failure=failure>
                <Combobox value=other found=found/>
            </Field>
            {dates(shared, from, to, told, failure)}
            {footer(shared, open, busy)}
        </form>
    }
    .into_any()
}

/// Dates and properties of a link that is there.
pub fn change(shared: Shared, link: RecordLink, open: RwSignal<bool>) -> AnyView {
    let iso = |date: Option<chrono::NaiveDate>| RwSignal::new(date.map(when::iso).unwrap_or_default());
    let (from, to) = (iso(link.from_date), iso(link.to_date));
    let lines: Vec<String> = link.properties.iter().map(|(name, text)| [name.as_str(), ": ", text].concat()).collect();
    let told = RwSignal::new(lines.join("\n"));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let (id, version) = (link.id, link.version);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let change = LinkChange {
            version,
            from_date: from.with_untracked(|date| when::from_iso(date)),
            to_date: to.with_untracked(|date| when::from_iso(date)),
            properties: told.with_untracked(|text| properties(text)),
        };
        busy.set(true);
        spawn_local(async move {
            let done = edit_link(id, change).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    open.try_set(false);
                    shared.refresh();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <form
            class="form"
            method="post"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <ErrorSummary failure=failure/>
            <p>{link.name}" "<b>{link.other.title}</b></p>
            {dates(shared, from, to, told, failure)}
            {footer(shared, open, busy)}
        </form>
    }
    .into_any()
}

fn dates(
    shared: Shared,
    from: RwSignal<String>,
    to: RwSignal<String>,
    told: RwSignal<String>,
    failure: RwSignal<Option<Failure>>,
) -> AnyView {
    let lang = shared.lang;
    view! {
        <div class="beside-pair">
            <Field name="from_date" label=words::field_from(lang) failure=failure>
                <Input kind="date" value=from/>
            </Field>
            <Field name="to_date" label=words::field_to(lang) failure=failure>
                <Input kind="date" value=to/>
            </Field>
        </div>
        <Field name="properties" label=words::field_properties(lang) help=words::side_properties_help(lang) failure=failure>
            <TextArea value=told rows=2/>
        </Field>
    }
    .into_any()
}

fn footer(shared: Shared, open: RwSignal<bool>, busy: RwSignal<bool>) -> AnyView {
    let lang = shared.lang;
    view! {
        <footer>
            <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
            <Button tone=Tone::Primary submit=true busy=busy>{words::side_save(lang)}</Button>
        </footer>
    }
    .into_any()
}

/// A new kind of link, beginning at records like this one or at any.
pub fn kind(shared: Shared, open: RwSignal<bool>) -> AnyView {
    let lang = shared.lang;
    let modules = use_modules();
    let (entity_type, types) = shared.side.with_untracked(|side| (side.subject.entity_type.clone(), side.types.clone()));
    let (name, inverse) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let only_here = RwSignal::new(false);
    let to = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let fresh = EntityId::new();
    let own = StoredValue::new(entity_type.clone());
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let input = LinkTypeInput {
            id: Some(fresh),
            name: name.get_untracked(),
            inverse: inverse.get_untracked(),
            from_types: if only_here.get_untracked() { vec![own.get_value()] } else { Vec::new() },
            to_types: Some(to.get_untracked()).filter(|to| !to.is_empty()).into_iter().collect(),
            active: true,
            version: 0,
        };
        busy.set(true);
        spawn_local(async move {
            let done = save_link_type(None, input).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    open.try_set(false);
                    shared.refresh();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let named = |key: &String| Some(Choice::new(key.clone(), modules.label(lang, key)?));
    let choices: Vec<Choice> = types.iter().filter_map(named).collect();
    let here = modules.label(lang, &entity_type).unwrap_or_default();
    let fields = vec![("name", words::side_kind_name(lang)), ("inverse", words::side_kind_inverse(lang))];
    view! {
        <form
            class="form"
            method="post"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Field name="name" label=words::side_kind_name(lang) help=words::side_kind_name_help(lang) required=true failure=failure>
                <Input value=name autocomplete="off" autofocus=true/>
            </Field>
            <Field name="inverse" label=words::side_kind_inverse(lang) help=words::side_kind_inverse_help(lang) required=true failure=failure>
                <Input value=inverse autocomplete="off"/>
            </Field>
            <Checkbox checked=only_here on_change=move |(on,)| only_here.set(on) label=words::side_kind_only(lang, here)/>
            <Field name="to_types" label=words::side_kind_to(lang) failure=failure>
                <Select choices=choices value=to placeholder=words::side_any(lang)/>
            </Field>
            {footer(shared, open, busy)}
        </form>
    }
    .into_any()
}

/// Direction and kind of a choice.
fn split(reading: &str) -> (bool, Option<EntityId>) {
    (reading.starts_with('>'), reading.get(1..).and_then(|id| id.parse().ok()))
}

/// `name: text`, one a line.
fn properties(text: &str) -> BTreeMap<String, String> {
    let pair = |line: &str| {
        let (name, text) = line.split_once(':').unwrap_or((line, ""));
        let name = name.trim();
        (!name.is_empty()).then(|| (name.to_owned(), text.trim().to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

fn needed(field: &str) -> Failure {
    Failure::of_fields(vec![platform::error::FieldError {
        field: field.into(),
        code: "required".into(),
        message: "This is needed.".into(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_offered_the_ways_it_can_be_read_from_here() {
        let kind = |name: &str, inverse: &str, from: &[&str]| LinkType {
            id: EntityId::new(),
            name: name.into(),
            inverse: inverse.into(),
            from_types: from.iter().map(|kind| (*kind).to_owned()).collect(),
            to_types: Vec::new(),
            active: true,
            version: 1,
        };
        let kinds = [kind("employs", "works for", &["company"]), kind("knows", "knows", &[])];
        let names = |from: &str| readings(&kinds, from).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names("company"), ["employs", "works for", "knows"]);
        assert_eq!(names("person"), ["works for", "knows"]);
        let (outward, id) = split(&readings(&kinds, "person")[0].0);
        assert_eq!((outward, id), (false, Some(kinds[0].id)));
    }

    #[test]
    fn properties_are_told_line_by_line() {
        let told = properties("Position: nurse\n\n Since : 8:30\nloose");
        let told: Vec<_> = told.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(told, [("Position", "nurse"), ("Since", "8:30"), ("loose", "")]);
    }
}
