//! Sorts of rooms and devices in the clinic's own words: the known ones to tick, and a field for a new one.

use leptos::{ev::KeyboardEvent, prelude::*};
use ui::{Button, Checkbox, use_lang};
use wasm_bindgen::JsCast;

use super::plain;
use crate::words;

/// What is ticked, out of its text: one sort a line.
pub fn read(lines: &str) -> Vec<String> {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The text for what is ticked.
pub fn write<'a>(sorts: impl IntoIterator<Item = &'a str>) -> String {
    let mut sorts: Vec<&str> = sorts.into_iter().collect();
    sorts.sort_unstable();
    sorts.dedup();
    sorts.join("\n")
}

/// Ticks or unticks one line of a text of lines.
pub fn tick(lines: RwSignal<String>, line: &str, ticked: bool) {
    let mut all = read(&lines.get_untracked());
    all.retain(|other| other != line);
    if ticked {
        all.push(line.to_owned());
    }
    lines.set(write(all.iter().map(String::as_str)));
}

/// Whether a line is ticked, tracked.
pub fn has(lines: RwSignal<String>, line: &str) -> bool {
    lines.with(|lines| lines.lines().any(|other| other == line))
}

/// Ticks for the sorts.
#[component]
pub fn SortTicks(
    /// What they decide.
    legend: &'static str,
    /// Sorts that are in use.
    known: Vec<String>,
    /// The ticked ones, one a line.
    value: RwSignal<String>,
) -> AnyView {
    let lang = use_lang();
    let mut first = known;
    first.extend(read(&value.get_untracked()));
    first.sort_unstable();
    first.dedup();
    let listed = RwSignal::new(first);
    let typed = RwSignal::new(String::new());
    let add = move || {
        let sort = typed.get_untracked().trim().to_owned();
        if sort.is_empty() {
            return;
        }
        tick(value, &sort, true);
        listed.update(|listed| {
            if !listed.contains(&sort) {
                listed.push(sort);
            }
        });
        typed.set(String::new());
    };
    let key = move |event: KeyboardEvent| {
        let typing = event.target().is_some_and(|target| target.is_instance_of::<web_sys::HtmlInputElement>());
        if event.key() == "Enter" && typing {
            // Enter here adds a word; elsewhere it saves the form.
            event.prevent_default();
            add();
        }
    };
    let row = move |sort: String| {
        let (held, ticked) = (sort.clone(), sort.clone());
        view! {
            <Checkbox label=sort checked=Signal::derive(move || has(value, &held)) on_change=move |on: bool| tick(value, &ticked, on)/>
        }
        .into_any()
    };
    let ticks = plain::live(move || listed.get().into_iter().map(row).collect::<Vec<AnyView>>().into_any());
    let field = plain::Bare {
        placeholder: words::new_sort(lang),
        // A word that was typed and not added would be lost by saving.
        on_change: Callback::new(move |_| add()),
        ..plain::Bare::new("text", words::new_sort_of(lang, legend), typed.into(), Callback::new(move |text| typed.set(text)))
    };
    view! {
        <fieldset class="ticks">
            <legend>{legend}</legend>
            {ticks}
            <div class="adding" on:keydown=key>
                {field.view()}
                <Button icon="plus" name=words::add_sort_to(lang, legend) on_press=add/>
            </div>
        </fieldset>
    }
    .into_any()
}
