//! One out of a few.

use crate::field::use_field;
use leptos::prelude::*;

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What it stands for: an id, a code.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A quieter second line: a phone number, a duration.
    pub note: String,
}

impl Choice {
    /// Without a second line.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), note: String::new() }
    }

    /// With a second line.
    pub fn with_note(self, note: impl Into<String>) -> Choice {
        Choice { note: note.into(), ..self }
    }
}

/// The browser's own list of choices: quick, accessible and good on a phone. Longer lists: [`crate::Combobox`].
#[component]
pub fn Select(
    /// Its name; left out inside of a [`crate::Field`].
    #[prop(optional)]
    name: &'static str,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value of what is chosen; empty for nothing.
    value: RwSignal<String>,
    /// Stands first while nothing is chosen; left out, there is always something chosen.
    #[prop(optional, into)]
    placeholder: String,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its name for screen readers where there is no label.
    #[prop(optional, into)]
    label: String,
    /// After a choice, with its value: `on_change=move |value| …`.
    #[prop(optional, into)]
    on_change: Option<Callback<(String,)>>,
) -> AnyView {
    let field = use_field(name);
    let invalid = field.aria_invalid();
    let empty = placeholder.clone();
    view! {
        <select
            class="input select"
            id=field.id
            name=field.name
            aria-required=field.required.then_some("true")
            aria-invalid=move || invalid.get()
            aria-describedby=(!field.described_by.is_empty()).then_some(field.described_by)
            aria-label=(!label.is_empty()).then_some(label)
            disabled=move || disabled.get()
            on:change=move |event| {
                let chosen = event_target_value(&event);
                value.set(chosen.clone());
                if let Some(on_change) = on_change {
                    on_change.run((chosen,));
                }
            }
        >
            {(!empty.is_empty()).then(|| view! { <option value="" selected=move || value.with(String::is_empty)>{empty}</option> })}
            {move || {
                choices
                    .get()
                    .into_iter()
                    .map(|choice| {
                        let own = choice.value.clone();
                        view! {
                            <option value=choice.value.clone() selected=move || value.with(|value| *value == own) prop:selected={
                                let own = choice.value;
                                move || value.with(|value| *value == own)
                            }>{choice.label}</option>
                        }
                    })
                    .collect_view()
            }}
        </select>
    }
    .into_any()
}
