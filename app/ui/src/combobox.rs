//! Searches as one types, and can create what is not there: for patients, treatments, companies.

use crate::{Found, Icon, field::use_field, letters::fold, select::Choice, use_lang, words};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use std::time::Duration;

/// How long after the last key the search begins.
const PAUSE: Duration = Duration::from_millis(150);

/// A text field with a list of what matches below it. Arrow keys walk the list, Enter takes, Esc gives up.
///
/// With `found` the server finds the choices as one types; without it `choices` is the whole list and the field filters it,
/// without regard to case and Polish diacritics.
#[component]
pub fn Combobox(
    /// Its name; left out inside of a [`crate::Field`].
    #[prop(optional)]
    name: &'static str,
    /// What was chosen.
    value: RwSignal<Option<Choice>>,
    /// All that can be chosen; left out with `found`.
    #[prop(optional, into)]
    choices: Signal<Vec<Choice>>,
    /// The server's search, asked shortly after the last key.
    #[prop(optional)]
    found: Option<Found>,
    /// Creates what was typed; a last entry “Create …” offers it: `on_create=move |text| …`.
    #[prop(optional, into)]
    on_create: Option<Callback<(String,)>>,
    /// An example of what can be typed.
    #[prop(optional, into)]
    placeholder: String,
    /// Whether a dialog begins here.
    #[prop(optional)]
    autofocus: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its name for screen readers where there is no label.
    #[prop(optional, into)]
    label: String,
) -> AnyView {
    let lang = use_lang();
    let field = use_field(name);
    let invalid = field.aria_invalid();
    let node = NodeRef::<html::Input>::new();
    let text = RwSignal::new(value.with_untracked(|value| value.as_ref().map(|choice| choice.label.clone())).unwrap_or_default());
    let open = RwSignal::new(false);
    let active = RwSignal::new(0usize);
    let pause = StoredValue::new(None::<TimeoutHandle>);
    // While what was typed is yet to be found the list is of an earlier text, and changes under the pointer: nothing is
    // taken from it, or somebody else than was read would be chosen.
    let typed_since = RwSignal::new(false);
    let busy = move || found.is_some_and(|found| found.busy.get());
    let stale = move || typed_since.get() || busy();
    let choices = found.map_or(choices, |found| found.choices.into());
    // The choice may be made elsewhere: by the page, or by creating in place.
    Effect::new(move |_| {
        let chosen = value.with(|value| value.as_ref().map(|choice| choice.label.clone()));
        let typing = open.get_untracked();
        if let Some(label) = chosen {
            text.set(label);
        } else if !typing {
            text.set(String::new());
        }
    });
    let shown = Memo::new(move |_| {
        let all = choices.get();
        let chosen = value.with(|value| value.as_ref().is_some_and(|choice| text.with(|text| *text == choice.label)));
        if found.is_some() || chosen {
            return all;
        }
        let needle = fold(&text.get());
        all.into_iter().filter(|choice| fold(&choice.label).contains(&needle) || fold(&choice.note).contains(&needle)).take(50).collect()
    });
    let creates = move || on_create.is_some() && text.with(|text| !text.trim().is_empty()) && value.with(Option::is_none);
    let count = move || shown.with(Vec::len) + usize::from(creates());

    let search = move |typed: String| {
        let Some(found) = found else { return };
        typed_since.set(true);
        pause.update_value(|pause| {
            if let Some(earlier) = pause.take() {
                earlier.clear();
            }
            let begin = move || {
                found.seek(typed);
                typed_since.set(false);
            };
            *pause = set_timeout_with_handle(begin, PAUSE).ok();
        });
    };
    let take = move |at: usize| {
        let choice = shown.with_untracked(|shown| shown.get(at).cloned());
        open.set(false);
        match (choice, on_create) {
            (Some(choice), _) => {
                text.set(choice.label.clone());
                value.set(Some(choice));
            }
            (None, Some(on_create)) => on_create.run((text.get_untracked().trim().to_string(),)),
            (None, None) => {}
        }
    };
    let key = move |event: KeyboardEvent| {
        let last = untrack(count).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if !open.get_untracked() => open.set(true),
            "ArrowDown" => active.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => active.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
            "Enter" if open.get_untracked() && untrack(stale) => {}
            "Enter" if open.get_untracked() && untrack(count) > 0 => take(active.get_untracked()),
            "Escape" if open.get_untracked() => open.set(false),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    on_cleanup(move || {
        pause.try_update_value(|pause| {
            if let Some(earlier) = pause.take() {
                earlier.clear();
            }
        });
    });

    let mut list_id = field.id.clone();
    list_id.push_str("-list");
    let option_id = {
        let stem = field.id.clone();
        move |at: usize| {
            let mut id = stem.clone();
            id.push('-');
            id.push_str(&at.to_string());
            id
        }
    };
    let active_id = {
        let option_id = option_id.clone();
        move || (open.get() && count() > 0).then(|| option_id(active.get()))
    };
    let items = move || {
        let option_id = option_id.clone();
        let entry = |at: usize, create: bool, label: String, note: String| {
            view! {
                <li
                    id=option_id(at)
                    role="option"
                    class:create=create
                    aria-selected=move || if active.get() == at { "true" } else { "false" }
                    // Before the field loses its focus and the list closes.
                    on:mousedown=move |event| {
                        event.prevent_default();
                        if !untrack(stale) {
                            take(at);
                        }
                    }
                >
                    {create.then(|| view! { <Icon name="plus"/> })}
                    <span>{label}</span>
                    {(!note.is_empty()).then(|| view! { <small>{note}</small> })}
                </li>
            }
            .into_any()
        };
        let shown = shown.get();
        let end = shown.len();
        let mut entries: Vec<AnyView> =
            shown.into_iter().enumerate().map(|(at, choice)| entry(at, false, choice.label, choice.note)).collect();
        if creates() {
            entries.push(entry(end, true, words::create_named(lang, text.get().trim()), String::new()));
        }
        if entries.is_empty() {
            let failed = found.and_then(|found| found.failure.with(|why| why.as_ref().map(|why| why.text(lang))));
            let message = match failed {
                _ if busy() => words::loading(lang).to_owned(),
                Some(failed) => failed,
                None => words::nothing_found(lang).to_owned(),
            };
            entries.push(view! { <li class="none" role="presentation">{message}</li> }.into_any());
        }
        entries
    };

    view! {
        <div class="combobox" class:open=move || open.get()>
            <input
                class="input"
                node_ref=node
                type="text"
                role="combobox"
                id=field.id
                name=field.name
                autocomplete="off"
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                // The attribute is for pages that arrive; where something opens later a browser would only complain of it.
                autofocus=autofocus && cfg!(feature = "ssr")
                data-autofocus=autofocus
                aria-autocomplete="list"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=list_id.clone()
                aria-activedescendant=active_id
                aria-required=field.required.then_some("true")
                aria-invalid=move || invalid.get()
                aria-describedby=(!field.described_by.is_empty()).then_some(field.described_by)
                aria-label=(!label.is_empty()).then_some(label.clone())
                aria-busy=move || busy().then_some("true")
                disabled=move || disabled.get()
                prop:value=move || text.get()
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    text.set(typed.clone());
                    value.set(None);
                    active.set(0);
                    open.set(true);
                    search(typed);
                }
                on:focus=move |_| {
                    if let Some(input) = node.get_untracked() {
                        input.select();
                    }
                }
                on:click=move |_| {
                    open.set(true);
                    if choices.with_untracked(Vec::is_empty) {
                        search(text.get_untracked());
                    }
                }
                on:blur=move |_| open.set(false)
                on:keydown=key
            />
            <Icon name="down" class="arrow"/>
            <ul
                id=list_id
                role="listbox"
                aria-label=if label.is_empty() { words::choices(lang).into() } else { label }
                aria-busy=move || stale().then_some("true")
                hidden=move || !open.get()
                // The field keeps the focus, and the list stays.
                on:mousedown=|event| event.prevent_default()
            >
                {items}
            </ul>
            <span class="visually-hidden" role="status">
                {move || open.get().then(|| words::results(lang, shown.with(Vec::len) as i64))}
            </span>
        </div>
    }
    .into_any()
}
