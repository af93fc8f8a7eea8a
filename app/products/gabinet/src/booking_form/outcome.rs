//! What is to be said about the chosen time: free, with whom and where; or everything that stands against it, the
//! nearest times that are free, and a way over it for whoever may go it (R12, R15).

mod told;

use app_services::calendar::{axis::clock, told_reasons};
use chrono::{DateTime, Utc};
use gabinet::{
    APPOINTMENTS_OVERBOOK,
    answers::why_not::{Fix, WhyNotAsked},
};
use leptos::{html, prelude::*};
use platform::id::EntityId;
use services::calendar::slots::Slot;
use ui::{Button, Failure, Field, Icon, Input, Lang, use_lang, when};

use super::{
    draft::{Draft, Typed, chosen},
    further,
    judge::Verdict,
    times::Times,
};
use crate::{answers, words};
use told::{Told, told};

/// The verdict; the server's word, while it stands, comes before the browser's.
pub fn view(draft: Draft, times: Times, refused: RwSignal<Option<Failure>>) -> AnyView {
    let lang = use_lang();
    let me = app_platform::session::use_me();
    // Told anew only when it is another: what colleagues do elsewhere on that day leaves the buttons where they are pressed.
    let told = Memo::new(move |_| told(lang, times, refused));
    // For which time it was asked what would help: told anew about the same time, the answer stays open.
    let helped = RwSignal::new(None);
    let told = move || {
        told.get().map(|told| match told {
            Told::Free(text) => view! {
                <p class="is-free tnum">
                    <Icon name="check"/>
                    <span>{text}</span>
                    <b>{words::free(lang)}</b>
                </p>
            }
            .into_any(),
            Told::Against { title, reasons, ways } => {
                taken(title, reasons, ways.map(|(start, free)| Ways { draft, times, start, free, helped }))
            }
        })
    };
    let over = Memo::new(move |_| stands_against(times, refused) && me.with(|me| me.can(APPOINTMENTS_OVERBOOK)));
    let node = NodeRef::<html::Div>::new();
    // The world outside: the focus, when the server refused what was sent.
    Effect::new(move |_| {
        if refused.with(|failure| failure.as_ref().is_some_and(is_conflict))
            && let Some(node) = node.get_untracked()
        {
            let _ = node.focus();
        }
    });
    view! {
        {move || passes(lang, draft, times)}
        <div class="booking-verdict" role="status" tabindex="-1" node_ref=node>
            {told}
        </div>
        <Show when=move || over.get()>
            <Field name="overbook_reason" label=words::overbook_reason(lang) help=words::overbook_help(lang) failure=refused>
                <Input value=draft.overbook autocomplete="off"/>
            </Field>
        </Show>
    }
    .into_any()
}

/// Whether anything stands against the chosen time, tracked.
pub fn stands_against(times: Times, refused: RwSignal<Option<Failure>>) -> bool {
    refused.with(|failure| failure.as_ref().is_some_and(is_conflict))
        || times.verdict.with(|verdict| matches!(verdict, Some(Verdict::Refused { .. })))
}

/// Whether the server refused the time, rather than a field.
pub fn is_conflict(failure: &Failure) -> bool {
    failure.0.status == 409
}

/// A time that the clock shows twice: which of the two is meant (R4).
fn passes(lang: Lang, draft: Draft, times: Times) -> Option<AnyView> {
    let Typed::At { start, twice: Some((first, second)) } = times.start.get() else { return None };
    let zone = times.zone();
    let pass = |at: DateTime<Utc>, is_second: bool| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=if start == at { "true" } else { "false" }
                on:click=move |_| draft.second_pass.set(is_second)
            >
                {clock(&zone, at)}
            </button>
        }
    };
    Some(
        view! {
            <div class="chips tnum" role="group" aria-label=words::shown_twice(lang)>
                <span>{words::shown_twice(lang)}</span>
                {pass(first, false)}
                {pass(second, true)}
            </div>
        }
        .into_any(),
    )
}

/// The nearest free times, and what is set when one is taken.
struct Ways {
    draft: Draft,
    times: Times,
    start: DateTime<Utc>,
    free: Vec<Slot>,
    helped: RwSignal<Option<DateTime<Utc>>>,
}

fn taken(title: String, reasons: Vec<String>, ways: Option<Ways>) -> AnyView {
    let lang = use_lang();
    let help = ways.as_ref().and_then(what_would_help);
    let ways = ways.and_then(ways_out);
    view! {
        <div class="is-taken tnum">
            <p>
                <Icon name="warning"/>
                <b>{title}</b>
            </p>
            {(!reasons.is_empty()).then(|| told_reasons(lang, reasons))}
            {ways}
            {help}
        </div>
    }
    .into_any()
}

/// What would help against each reason, if it is asked for.
fn what_would_help(ways: &Ways) -> Option<AnyView> {
    let lang = use_lang();
    let Ways { draft, times, start, helped, .. } = *ways;
    let treatment = untrack(|| chosen(draft.treatment))?;
    let employee: Option<EntityId> = draft.staff.with_untracked(|staff| staff.parse().ok());
    let (further, patient) = untrack(|| (draft.asked_further(), chosen(draft.patient)));
    let asked = WhyNotAsked { location: times.location, treatment, employee, patient, start, moving: None, further };
    let take = Callback::new(move |(fix, resource): (Fix, Option<EntityId>)| match fix {
        // Whoever gives a further treatment is replaced there, whoever gives the first one here.
        Fix::Colleague(instead) => {
            let first = employee == Some(instead.instead_of);
            if !further::hand_over(draft, instead.instead_of, instead.id) || first {
                draft.wanted.set(instead.id.to_string());
            }
        }
        Fix::OtherPlace(instead) => draft.pins.update(|pins| {
            pins.retain(|pin| Some(*pin) != resource);
            pins.push(instead.id);
        }),
        Fix::OtherTime(slot) => draft.set_start(lang, &times.zone(), slot.start),
        Fix::Overbook => super::focus_now("overbook_reason"),
        Fix::ShortenBreak(_) | Fix::ExtendHours(_) | Fix::Provide(_) => {}
    });
    let panel = move || match helped.get() == Some(start) {
        true => answers::why_not(asked.clone(), times.hold.id(), times.zone(), take),
        false => {
            view! { <Button icon="search" on_press=move || helped.set(Some(start))>{words::what_would_help(lang)}</Button> }.into_any()
        }
    };
    Some(panel.into_any())
}

/// The nearest free times, to be taken by a press.
fn ways_out(Ways { draft, times, start, free, .. }: Ways) -> Option<AnyView> {
    if free.is_empty() {
        return None;
    }
    let lang = use_lang();
    let zone = times.zone();
    let buttons = free
        .into_iter()
        .map(|way| {
            let mut text = String::new();
            if zone.date(way.start) != zone.date(start) {
                text.push_str(&when::day_short(lang, zone.date(way.start)));
                text.push(' ');
            }
            text.push_str(&clock(&zone, way.start));
            let staff = times.staff_of(&way.resources);
            let chosen: Option<EntityId> = draft.staff.with_untracked(|staff| staff.parse().ok());
            if let Some(staff) = staff.filter(|staff| chosen != Some(*staff)) {
                text.push_str(" · ");
                text.push_str(&times.name(staff));
            }
            let take = move || {
                // Whom the time is with belongs to it, if it is another than was asked for.
                if let (Some(staff), Some(_)) = (staff, chosen) {
                    draft.wanted.set(staff.to_string());
                }
                draft.pins.set(Vec::new());
                draft.set_start(lang, &times.zone(), way.start);
            };
            view! { <Button on_press=take>{text}</Button> }
        })
        .collect_view();
    Some(
        view! {
            <p class="booking-hint">{words::nearest(lang)}</p>
            <div class="booking-row">{buttons}</div>
        }
        .into_any(),
    )
}
