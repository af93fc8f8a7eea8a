//! Controls that hold text: one line, many lines, and a tick.

use crate::{field::use_field, text::use_lang, when};
use leptos::{html, prelude::*};

/// One line of text. What was typed before the page came to life is kept.
#[component]
pub fn Input(
    /// Its name; left out inside of a [`crate::Field`].
    #[prop(optional)]
    name: &'static str,
    /// `text`, `email`, `tel`, `search`, `password`, `date`, `time`, `number`. A date is also said in words below the field:
    /// browsers write it by their own language and not by the page's, and `12/11` is one day here and another there.
    #[prop(default = "text")]
    kind: &'static str,
    /// What it holds.
    value: RwSignal<String>,
    /// What browsers may fill in: `email`, `current-password`, `off` …
    #[prop(optional)]
    autocomplete: &'static str,
    /// An example of what is wanted; never the label.
    #[prop(optional, into)]
    placeholder: String,
    /// Which keys a touch screen offers: `numeric`, `decimal`, `tel` …
    #[prop(optional)]
    inputmode: &'static str,
    /// Smallest value or earliest date.
    #[prop(optional, into)]
    min: String,
    /// Largest value or latest date.
    #[prop(optional, into)]
    max: String,
    /// The grain of numbers and times.
    #[prop(optional, into)]
    step: String,
    /// Whether a dialog or page begins here.
    #[prop(optional)]
    autofocus: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its name for screen readers where there is no label.
    #[prop(optional, into)]
    label: String,
    /// When the person has finished with it: `on_change=move || …`.
    #[prop(optional, into)]
    on_change: Option<Callback<()>>,
) -> AnyView {
    let field = use_field(name);
    let node = NodeRef::<html::Input>::new();
    // The world outside: the element keeps what was typed before hydration, and follows the signal afterwards.
    Effect::new(move |first: Option<()>| {
        let held = value.get();
        let Some(element) = node.get_untracked() else { return };
        let shown = element.value();
        if shown != held {
            match first {
                None if !shown.is_empty() => value.set(shown),
                _ => element.set_value(&held),
            }
        }
    });
    let given = |text: String| (!text.is_empty()).then_some(text);
    let invalid = field.aria_invalid();
    view! {
        <input
            class="input"
            node_ref=node
            type=kind
            id=field.id
            name=field.name
            value=value.get_untracked()
            autocomplete=given(autocomplete.into())
            placeholder=given(placeholder)
            inputmode=given(inputmode.into())
            min=given(min)
            max=given(max)
            step=given(step)
            // The attribute is for pages that arrive; where something opens later a browser would only complain of it.
            autofocus=autofocus && cfg!(feature = "ssr")
            data-autofocus=autofocus
            aria-required=field.required.then_some("true")
            aria-invalid=move || invalid.get()
            aria-describedby=given(field.described_by)
            aria-label=given(label)
            disabled=move || disabled.get()
            on:input=move |event| value.set(event_target_value(&event))
            // A field that goes away with a change in it says so when it is gone already.
            on:change=move |_| if let Some(on_change) = on_change { _ = on_change.try_run(()); }
        />
        {(kind == "date").then(|| in_words(value))}
    }
    .into_any()
}

fn in_words(value: RwSignal<String>) -> AnyView {
    let lang = use_lang();
    let words = move || value.with(|text| when::from_iso(text)).map(|date| when::date(lang, date));
    view! { <small class="input-words" aria-hidden="true">{words}</small> }.into_any()
}

/// What stands between the tags of a `textarea`. The renderer writes it into the page as it is, and whatever looks like a
/// tag there would be one.
pub fn textarea_text(text: String) -> String {
    // In the browser it becomes a text and no HTML.
    if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;") } else { text }
}

/// Text of several lines; grows with what is in it.
#[component]
pub fn TextArea(
    /// Its name; left out inside of a [`crate::Field`].
    #[prop(optional)]
    name: &'static str,
    /// What it holds.
    value: RwSignal<String>,
    /// How many lines it shows when empty.
    #[prop(default = 3)]
    rows: u32,
    /// An example of what is wanted.
    #[prop(optional, into)]
    placeholder: String,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> AnyView {
    let field = use_field(name);
    let invalid = field.aria_invalid();
    view! {
        <textarea
            class="input textarea"
            id=field.id
            name=field.name
            rows=rows.to_string()
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            aria-required=field.required.then_some("true")
            aria-invalid=move || invalid.get()
            aria-describedby=(!field.described_by.is_empty()).then_some(field.described_by)
            disabled=move || disabled.get()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        >
            {textarea_text(value.get_untracked())}
        </textarea>
    }
    .into_any()
}

/// A tick with its text beside it.
#[component]
pub fn Checkbox(
    /// Its name.
    #[prop(optional)]
    name: &'static str,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// What a click makes of it: `on_change=move |ticked| …`.
    #[prop(into)]
    on_change: Callback<(bool,)>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The text beside it.
    #[prop(into)]
    label: String,
    /// Whether the text is for screen readers only, as in the cells of a table.
    #[prop(optional)]
    hidden_label: bool,
) -> AnyView {
    view! {
        <label class="checkbox">
            <input
                type="checkbox"
                name=(!name.is_empty()).then_some(name)
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                on:change=move |event| on_change.run((event_target_checked(&event),))
            />
            <span class:visually-hidden=hidden_label>{label}</span>
        </label>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_into_a_textarea_cannot_end_it() {
        let typed = textarea_text("</textarea><meta http-equiv=\"refresh\"> & more".to_owned());
        let html = view! { <textarea>{typed}</textarea> }.to_html();
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(html.contains("&lt;/textarea>&lt;meta") && html.contains("&amp; more"), "{html}");
    }
}
