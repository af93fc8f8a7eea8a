//! A refused move: all reasons, the nearest free times, and a way over it for whoever may go it.

use super::{
    desk::Desk,
    moving::{self, Move, Proposal},
    when,
};
use crate::words;
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Button, Field, Input, Lang, Tone};

/// How many ways out are offered: the nearest times, and colleagues.
const WAYS: usize = 5;

/// The card below the grid.
#[component]
pub fn ProposalCard(
    /// The calendar.
    desk: Desk,
) -> impl IntoView {
    move || desk.proposal.get().map(|proposal| view! { <Suspense>{Suspend::new(card_part(desk, proposal))}</Suspense> })
}

ui::lazy_part!(calendar_panel: fn card_part(desk: Desk, proposal: Proposal) {
    card(desk, proposal)
});

fn card(desk: Desk, proposal: Proposal) -> AnyView {
    let lang = desk.lang;
    let wanted = proposal.wanted.clone();
    let time = desk.loaded.get_untracked().map(|loaded| when::times(&loaded.calendar.zone, wanted.start, wanted.end)).unwrap_or_default();
    let title = words::refused_title(lang, &desk.shown_name(&wanted.event), &time);
    let reasons = moving::reasons(desk, proposal.problem());
    desk.say({
        let mut text = title.clone();
        for reason in &reasons {
            text.push_str(". ");
            text.push_str(reason);
        }
        text
    });
    let ways: Vec<AnyView> = proposal
        .problem()
        .alternatives
        .iter()
        .take(WAYS)
        .map(|way| {
            let text = moving::alternative_text(desk, &wanted, way.start, &way.resources);
            let next = moving::towards(desk, &wanted, way.start, way.end, &way.resources);
            view! { <Button on_press=move || moving::send(desk, next.clone())>{text}</Button> }.into_any()
        })
        .collect();
    // The server says so: what cannot be overbooked has no such field.
    let over = overbooking(desk, &wanted);
    let root = NodeRef::<leptos::html::Section>::new();
    // The world outside: the focus goes to the first way out, so that keys go on working.
    Effect::new(move |_| {
        if let Some(button) = root.get().and_then(|root| root.query_selector("button").ok().flatten()) {
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(button).focus();
        }
    });
    let nearest = (!ways.is_empty()).then(|| view! { <h3>{words::nearest(lang)}</h3> });
    let name = title.clone();
    view! {
        <section class="calendar-proposal" aria-label=name node_ref=root>
            <h2>{title}</h2>
            {nearest}
            <div class="calendar-ways">
                {ways}
                <Button tone=Tone::Plain on_press=move || put_back(desk)>{words::leave_it(lang)}</Button>
            </div>
            {told(lang, reasons)}
            {over}
        </section>
    }
    .into_any()
}

/// Why something was refused: the first reason in a line, all of them where there are more and somebody asks.
pub fn told(lang: Lang, reasons: Vec<String>) -> AnyView {
    let count = reasons.len();
    let first = reasons.first().cloned();
    let all = (count > 1).then(|| {
        let rows: Vec<_> = reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect();
        view! {
            <details class="calendar-reasons">
                <summary>{words::all_reasons(lang, &count.to_string())}</summary>
                <ul>{rows}</ul>
            </details>
        }
    });
    view! {
        <p class="calendar-reason">{first}</p>
        {all}
    }
    .into_any()
}

fn overbooking(desk: Desk, wanted: &Move) -> Option<AnyView> {
    let lang = desk.lang;
    desk.loaded.get_untracked().filter(|loaded| loaded.overbookable.contains(&wanted.event.activity_type))?;
    let reason = RwSignal::new(String::new());
    let wanted = wanted.clone();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let reason = reason.get_untracked().trim().to_owned();
        if !reason.is_empty() {
            moving::send(desk, Move { reason: Some(reason), ..wanted.clone() });
        }
    };
    Some(
        view! {
            <form on:submit=submit>
                <Field name="overbook_reason" label=words::overbook_reason(lang)>
                    <Input value=reason autocomplete="off"/>
                </Field>
                <Button submit=true disabled=Signal::derive(move || reason.with(|reason| reason.trim().is_empty()))>
                    {words::overbook(lang)}
                </Button>
            </form>
        }
        .into_any(),
    )
}

/// Gives the proposal up: the event is where it was all along.
pub fn put_back(desk: Desk) {
    let id: Option<EntityId> = desk.proposal.with_untracked(|proposal| proposal.as_ref().map(|p| p.wanted.event.id));
    desk.proposal.set(None);
    desk.say(words::put_back(desk.lang));
    if let Some(id) = id {
        super::keyboard::focus_event(desk, id);
    }
}
