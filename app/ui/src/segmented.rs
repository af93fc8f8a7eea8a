//! A few choices side by side, one of them on: views, kinds, a density.

use crate::select::Choice;
use leptos::prelude::*;

/// Choices side by side. What is on usually stands in the address, so that it is given and not held.
#[component]
pub fn Segmented(
    /// What they decide, for screen readers.
    #[prop(into)]
    label: String,
    /// The choices.
    choices: Vec<Choice>,
    /// The value of the one that is on.
    #[prop(into)]
    value: Signal<String>,
    /// After a press, with the value: `on_pick=move |value| …`.
    #[prop(into)]
    on_pick: Callback<(String,)>,
) -> AnyView {
    view! {
        <div class="segmented" role="group" aria-label=label>
            {choices
                .into_iter()
                .map(|choice| {
                    let own = choice.value.clone();
                    view! {
                        <button
                            type="button"
                            aria-pressed=move || value.with(|value| if *value == own { "true" } else { "false" })
                            title=(!choice.note.is_empty()).then_some(choice.note)
                            on:click=move |_| on_pick.run((choice.value.clone(),))
                        >
                            {choice.label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}
