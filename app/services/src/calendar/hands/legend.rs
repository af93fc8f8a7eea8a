//! What colours, edges, stripes and signs mean, drawn as the board draws them.

use crate::{
    calendar::{desk::Desk, status},
    words,
};
use leptos::prelude::*;
use services::calendar::event::Status;
use ui::Lang;

/// The states that an edge or a sign tells.
const STATES: [Status; 6] =
    [Status::Scheduled, Status::Confirmed, Status::CheckedIn, Status::InProgress, Status::Completed, Status::NoShow];
/// Signs of what is to be known of an entry.
const SIGNS: [&str; 3] = ["allergy", "first_visit", "overbooked"];
/// A hue to draw with.
const HUE: &str = "--tone:250";

/// The content of the dialog; each part folds.
pub fn view(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let states = STATES.map(|state| {
        let mut class = String::from("is-");
        class.push_str(state.as_str());
        row(card(class, mark(status::mark(state))), status::word(lang, state))
    });
    let signs = SIGNS.map(|sign| row(card("is-confirmed", mark(Some(sign))), status::flag(lang, sign).unwrap_or(sign)));
    let (held, past) = (card("is-held", None), card("is-confirmed is-past", None));
    let buffer = view! { <span class="calendar-event is-confirmed has-after" style="--tone:250;--after:60%"></span> }.into_any();
    let closed = view! { <span class="calendar-band"></span> }.into_any();
    view! {
        <div class="calendar-legend">
            {part(words::legend_fill(lang), vec![row(card("is-confirmed", None), words::legend_colour(lang)), row(past, words::legend_past(lang))])}
            {part(words::legend_states(lang), states.into_iter().chain([row(held, words::legend_held(lang))]).collect())}
            {part(words::legend_hatches(lang), vec![row(buffer, words::legend_buffer(lang)), row(closed, words::legend_closed(lang))])}
            {part(words::legend_signs(lang), signs.into_iter().collect())}
        </div>
    }
    .into_any()
}

/// What opens it.
pub fn title(lang: Lang) -> &'static str {
    words::legend(lang)
}

fn part(title: &'static str, rows: Vec<AnyView>) -> AnyView {
    view! {
        <details open>
            <summary>{title}</summary>
            <ul>{rows}</ul>
        </details>
    }
    .into_any()
}

fn row(drawn: AnyView, text: &'static str) -> AnyView {
    view! { <li><i aria-hidden="true">{drawn}</i>{text}</li> }.into_any()
}

/// A small entry.
fn card(class: impl Into<String>, marks: Option<AnyView>) -> AnyView {
    let mut all = String::from("calendar-event ");
    all.push_str(&class.into());
    view! { <span class=all style=HUE>{marks}</span> }.into_any()
}

/// A sign, in the corner where the board has it.
fn mark(sign: Option<&str>) -> Option<AnyView> {
    let name = sign?.replace('_', "-");
    let mut style = String::from("--count:1;--mark-1:var(--sign-");
    style.push_str(&name);
    style.push_str(");--tint-1:var(--tint-");
    style.push_str(&name);
    style.push(')');
    Some(view! { <span class="calendar-marks" style=style></span> }.into_any())
}
