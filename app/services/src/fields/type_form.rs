//! Makes and changes a type of record.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::{
    objects::{ImportObject, NewObject, ObjectChange, ObjectDetails, ObjectType, Status},
    records::Choice as Word,
};
use ui::{Button, ErrorSummary, Failure, Field as Line, Input, TextArea, Tone, use_lang, use_toasts};

use super::{
    control::localised,
    doors::{add_type, change_type, import_type, retire_type},
    kinds,
};
use crate::words;

/// Statuses as lines: `Name #hue > next, next`.
fn status_lines(statuses: &[Status]) -> String {
    let line = |status: &Status| {
        let label = |key: &String| statuses.iter().find(|other| other.key == *key).map_or_else(|| key.clone(), |other| other.label.clone());
        let next = status.next.iter().map(label).collect::<Vec<_>>().join(", ");
        let next = if next.is_empty() { String::new() } else { [" > ", &next].concat() };
        format!("{} #{}{next}", status.label, status.hue)
    };
    statuses.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lines as statuses; one that was there keeps its key.
fn statuses(text: &str, before: &[Status]) -> Vec<Status> {
    let known: Vec<Word> = before.iter().map(Status::choice).collect();
    let heads: Vec<(&str, &str)> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| line.split_once('>').unwrap_or((line, ""))).collect();
    let names = heads.iter().map(|(head, _)| head.trim()).collect::<Vec<_>>().join("\n");
    let made = kinds::choices(&names, &known);
    let key = |label: &str| made.iter().find(|word| word.label == label).map_or_else(|| label.to_owned(), |word| word.key.clone());
    let statuses = made.iter().zip(&heads).map(|(word, (_, next))| Status {
        key: word.key.clone(),
        label: word.label.clone(),
        hue: word.hue.unwrap_or(250),
        next: next.split(',').map(str::trim).filter(|label| !label.is_empty()).map(key).collect(),
        closed: before.iter().any(|status| status.key == word.key && status.closed),
    });
    statuses.collect()
}

#[component]
pub(super) fn TypeForm(of: Option<ObjectType>, open: RwSignal<bool>, done: Callback<(String,)>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let old = StoredValue::new(of.clone());
    let text = |get: fn(&ObjectDetails) -> String| RwSignal::new(of.as_ref().map(|of| get(&of.details)).unwrap_or_default());
    let (name, plural) = (text(|d| d.name.clone()), text(|d| d.plural.clone()));
    let (icon, description) = (text(|d| d.icon.clone()), text(|d| d.description.clone()));
    let title = text(|d| d.title.clone().unwrap_or_default());
    let lines = text(|d| status_lines(&d.statuses));
    let key = RwSignal::new(of.as_ref().map(|of| of.key.clone()).unwrap_or_default());
    let schema = RwSignal::new(String::new());
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let fresh = EntityId::new();
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let before = old.with_value(|old| old.as_ref().map(|old| old.details.clone()));
        let details = ObjectDetails {
            name: name.get_untracked(),
            plural: plural.get_untracked(),
            icon: icon.get_untracked(),
            description: description.get_untracked(),
            statuses: statuses(&lines.get_untracked(), before.as_ref().map_or(&[], |before| &before.statuses)),
            title: Some(title.get_untracked()).filter(|title| !title.trim().is_empty()),
            read_roles: before.as_ref().map(|before| before.read_roles.clone()).unwrap_or_default(),
            write_roles: before.map(|before| before.write_roles).unwrap_or_default(),
        };
        spawn_local(async move {
            let sent = match old.get_value() {
                Some(old) => change_type(old.key, ObjectChange { version: old.version, details }).await,
                None if !schema.with_untracked(|schema| schema.trim().is_empty()) => {
                    import_type(ImportObject { key: key.get_untracked(), schema: schema.get_untracked() }).await
                }
                None => add_type(NewObject { id: Some(fresh), key: key.get_untracked(), details }).await,
            };
            busy.try_set(false);
            match sent {
                Ok(made) => {
                    open.try_set(false);
                    toasts.say(words::saved(lang));
                    done.run((made.entity_type(),));
                }
                Err(why) => {
                    failure.try_set(Some(localised(lang, why)));
                }
            }
        });
    };
    let retire = move || {
        let Some(old) = old.get_value() else { return };
        spawn_local(async move {
            match retire_type(old.key, old.version, old.retired).await {
                Ok(()) => {
                    open.try_set(false);
                    done.run((String::new(),));
                }
                Err(why) => {
                    failure.try_set(Some(localised(lang, why)));
                }
            }
        });
    };
    let named = move || {
        if old.with_value(Option::is_none) {
            key.set(name.with_untracked(|name| kinds::key_of(name, false)));
            if plural.with_untracked(String::is_empty) {
                plural.set(name.get_untracked());
            }
        }
    };
    let fields = vec![
        ("name", words::type_name(lang)),
        ("plural", words::type_plural(lang)),
        ("key", words::field_key(lang)),
        ("statuses", words::type_statuses(lang)),
        ("title", words::type_title(lang)),
        ("schema", words::type_schema(lang)),
    ];
    let retired = old.with_value(|old| old.as_ref().map(|old| old.retired));
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
            <Line name="name" label=words::type_name(lang) required=true failure=failure>
                <Input value=name autocomplete="off" autofocus=true on_change=named/>
            </Line>
            <Line name="plural" label=words::type_plural(lang) required=true failure=failure><Input value=plural autocomplete="off"/></Line>
            <Line name="key" label=words::field_key(lang) help=words::type_key_help(lang) required=true failure=failure>
                <Input value=key autocomplete="off" disabled=old.with_value(Option::is_some)/>
            </Line>
            <Line name="statuses" label=words::type_statuses(lang) help=words::type_statuses_help(lang) failure=failure>
                <TextArea value=lines rows=4/>
            </Line>
            <Line name="title" label=words::type_title(lang) help=words::type_title_help(lang) failure=failure><Input value=title autocomplete="off"/></Line>
            <Line name="description" label=words::type_description(lang) failure=failure><Input value=description autocomplete="off"/></Line>
            <Line name="icon" label=words::type_icon(lang) failure=failure><Input value=icon autocomplete="off" placeholder="device"/></Line>
            {retired.is_none().then(|| view! {
                <details>
                    <summary>{words::type_from_schema(lang)}</summary>
                    <Line name="schema" label=words::type_schema(lang) help=words::type_schema_help(lang) failure=failure><TextArea value=schema rows=6/></Line>
                </details>
            })}
            <footer>
                {retired.map(|retired| {
                    let name = if retired { words::field_restore(lang) } else { words::field_retire(lang) };
                    view! { <Button class="start" on_press=retire>{name}</Button> }
                })}
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_told_line_by_line_and_keep_their_keys() {
        let made = statuses("New #20 > Open\nOpen #90 > Done, New\nDone #140", &[]);
        let told: Vec<(&str, u16, Vec<String>)> = made.iter().map(|s| (s.key.as_str(), s.hue, s.next.clone())).collect();
        assert_eq!(
            told,
            [("new", 20, vec!["open".to_owned()]), ("open", 90, vec!["done".to_owned(), "new".to_owned()]), ("done", 140, vec![])]
        );
        assert_eq!(statuses(&status_lines(&made), &made), made);
    }
}
