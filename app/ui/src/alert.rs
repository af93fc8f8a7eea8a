//! What must not be overlooked: about a patient, about a page.

use crate::{Failure, Icon, button::Button, use_lang, words};
use leptos::prelude::*;

/// What a colour means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meaning {
    #[default]
    Neutral,
    Positive,
    Attention,
    Critical,
    Info,
}

impl Meaning {
    /// The class that gives the colours.
    pub fn class(self) -> &'static str {
        match self {
            Meaning::Neutral => "neutral",
            Meaning::Positive => "positive",
            Meaning::Attention => "attention",
            Meaning::Critical => "critical",
            Meaning::Info => "info",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Meaning::Positive => "check",
            Meaning::Attention | Meaning::Critical => "warning",
            Meaning::Neutral | Meaning::Info => "info",
        }
    }
}

/// A coloured line with an icon; the icon says the same as the colour.
#[component]
pub fn Alert(
    /// What it means.
    #[prop(default = Meaning::Attention)]
    meaning: Meaning,
    /// Another icon than the meaning's own.
    #[prop(optional)]
    icon: &'static str,
    /// The text.
    children: Children,
) -> AnyView {
    let mut classes = String::from("alert ");
    classes.push_str(meaning.class());
    let icon = if icon.is_empty() { meaning.icon() } else { icon };
    view! {
        <div class=classes>
            <Icon name=icon/>
            <div>{children()}</div>
        </div>
    }
    .into_any()
}

/// What went wrong, why, and what to do, in the reader's language; with a button to try again where that may help.
#[component]
pub fn FailureAlert(
    /// What went wrong.
    failure: Failure,
    /// Tries again: `on_retry=move || …`.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> AnyView {
    let lang = use_lang();
    let reference = failure
        .0
        .correlation_id
        .filter(|_| failure.code() == "internal")
        .map(|id| view! { <small>{words::correlation(lang, &id.to_string())}</small> });
    let retry = on_retry.map(|on_retry| view! { <Button on_press=move || on_retry.run(())>{words::retry(lang)}</Button> });
    view! {
        <div class="alert critical" role="alert">
            <Icon name="warning"/>
            <div>
                <p>{failure.text(lang)}</p>
                {reference}
            </div>
            {retry}
        </div>
    }
    .into_any()
}
