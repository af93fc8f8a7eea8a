//! What is to be said about the chosen time: free, with whom and where; or everything that stands against it, the
//! nearest times that are free, and a way over it for whoever may go it (R12, R15).

use app_services::calendar::{axis::clock, when::times as span};
use chrono::{DateTime, Utc};
use gabinet::{
    APPOINTMENTS_OVERBOOK,
    answers::why_not::{Fix, WhyNotAsked},
};
use leptos::{html, prelude::*};
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::slots::{Rule, Slot};
use ui::{Button, Failure, Field, Icon, Input, Lang, rule_text, use_lang, when};

use super::{
    draft::{Draft, Typed, chosen},
    further,
    judge::Verdict,
    times::Times,
};
use crate::{answers, words};

/// The verdict, told anew at every change; the server's word, while it stands, comes before the browser's.
pub fn view(draft: Draft, times: Times, refused: RwSignal<Option<Failure>>) -> AnyView {
    let lang = use_lang();
    let me = app_platform::session::use_me();
    let told = move || {
        let start = match times.start.get() {
            Typed::Nothing { .. } => return None,
            Typed::Gap { before, after } => {
                return Some(against(words::clock_jumps(lang, &when::clock(before), &when::clock(after)), Vec::new(), None));
            }
            Typed::At { start, .. } => start,
        };
        let zone = times.zone();
        let conflict = refused.get().filter(is_conflict);
        if let Some(failure) = conflict {
            let said = server_reasons(lang, &zone, &failure);
            let ways = failure.0.alternatives.iter().map(|way| Slot { start: way.start, end: way.end, resources: way.resources.clone() });
            return Some(against(
                words::refused(lang, &clock(&zone, start)),
                said,
                Some(Ways { draft, times, start, free: ways.collect() }),
            ));
        }
        match times.verdict.get()? {
            Verdict::Free(slot) => Some(free(times, &zone, &slot)),
            Verdict::Refused { reasons, nearest, .. } => {
                let said = reasons
                    .iter()
                    .map(|why| {
                        if let Some(held) = times.held(why) {
                            return Said {
                                whose: times.name(held.resource),
                                what: words::held_by(lang, &held.by, &clock(&zone, held.until)),
                            };
                        }
                        let name = why.resource.map(|id| times.name(id)).filter(|name| !name.is_empty());
                        let during = why.during.map(|during| (during.start, during.end));
                        reason(lang, &zone, why.rule.as_str(), name, during)
                    })
                    .collect();
                Some(against(words::refused(lang, &clock(&zone, start)), said, Some(Ways { draft, times, start, free: nearest })))
            }
        }
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

fn free(times: Times, zone: &ZoneWindow, slot: &Slot) -> AnyView {
    let lang = use_lang();
    let mut text = span(zone, slot.start, slot.end);
    for id in &slot.resources {
        let name = times.name(*id);
        if !name.is_empty() {
            text.push_str(" · ");
            text.push_str(&name);
        }
    }
    view! {
        <p class="is-free tnum">
            <Icon name="check"/>
            <span>{text}</span>
            <b>{words::free(lang)}</b>
        </p>
    }
    .into_any()
}

/// The nearest free times, and what is set when one is taken.
struct Ways {
    draft: Draft,
    times: Times,
    start: DateTime<Utc>,
    free: Vec<Slot>,
}

fn against(title: String, reasons: Vec<Said>, ways: Option<Ways>) -> AnyView {
    view! { <Suspense>{Suspend::new(taken_part(title, reasons, ways))}</Suspense> }.into_any()
}

// Most times that are chosen are free.
ui::lazy_part!(gabinet_times: fn taken_part(title: String, reasons: Vec<Said>, ways: Option<Ways>) {
    taken(title, reasons, ways)
});

fn taken(title: String, reasons: Vec<Said>, ways: Option<Ways>) -> AnyView {
    let help = ways.as_ref().and_then(|ways| what_would_help(ways.draft, ways.times, ways.start));
    let ways = ways.and_then(ways_out);
    let row = |said: Said| {
        let whose = (!said.whose.is_empty()).then(|| view! { <b>{said.whose}": "</b> });
        view! { <li>{whose} {said.what}</li> }
    };
    let list = (!reasons.is_empty()).then(|| view! { <ul>{gathered(reasons).into_iter().map(row).collect_view()}</ul> });
    view! {
        <div class="is-taken tnum">
            <p>
                <Icon name="warning"/>
                <b>{title}</b>
            </p>
            {list}
            {ways}
            {help}
        </div>
    }
    .into_any()
}

/// What would help against each reason, if it is asked for.
fn what_would_help(draft: Draft, times: Times, start: DateTime<Utc>) -> Option<AnyView> {
    let lang = use_lang();
    let treatment = untrack(|| chosen(draft.treatment))?;
    let employee: Option<EntityId> = draft.staff.with_untracked(|staff| staff.parse().ok());
    let further = untrack(|| draft.asked_further());
    let asked = WhyNotAsked { location: times.location, treatment, employee, start, moving: None, further };
    let open = RwSignal::new(false);
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
    let panel = move || match open.get() {
        true => answers::why_not(asked.clone(), times.hold.id(), times.zone(), take),
        false => view! { <Button icon="search" on_press=move || open.set(true)>{words::what_would_help(lang)}</Button> }.into_any(),
    };
    Some(panel.into_any())
}

/// The nearest free times, to be taken by a press.
fn ways_out(Ways { draft, times, start, free }: Ways) -> Option<AnyView> {
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

fn server_reasons(lang: Lang, zone: &ZoneWindow, failure: &Failure) -> Vec<Said> {
    let reasons = &failure.0.reasons;
    reasons.iter().map(|why| reason(lang, zone, &why.rule, why.resource_name.clone(), why.from.zip(why.to))).collect()
}

/// One thing that stands against the time: whose it is, and what.
struct Said {
    whose: String,
    what: String,
}

/// `taken, 10:00 – 11:00`. A whole day of leave says enough by its name.
fn reason(lang: Lang, zone: &ZoneWindow, rule: &str, name: Option<String>, during: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Said {
    let whose = name.unwrap_or_default();
    if let ("held", Some((_, until))) = (rule, during) {
        return Said { what: words::held_by(lang, &whose, &clock(zone, until)), whose: String::new() };
    }
    if rule == Rule::Kind.as_str() && whose.is_empty() {
        return Said { whose, what: words::nothing_fits(lang).to_owned() };
    }
    let mut what = rule_text(lang, rule).to_owned();
    if let Some((from, to)) = during.filter(|(from, to)| (*to - *from).num_hours() < 20) {
        what.push_str(", ");
        what.push_str(&span(zone, from, to));
    }
    Said { whose, what }
}

/// What concerns one person, room or device stands together.
fn gathered(reasons: Vec<Said>) -> Vec<Said> {
    let mut gathered: Vec<Said> = Vec::with_capacity(reasons.len());
    for Said { whose, what } in reasons {
        match gathered.iter_mut().find(|said| said.whose == whose) {
            Some(said) if said.what.split("; ").any(|known| known == what) => {}
            Some(said) => {
                said.what.push_str("; ");
                said.what.push_str(&what);
            }
            None => gathered.push(Said { whose, what }),
        }
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_gathered_by_whose_they_are_and_told_once() {
        let said = |whose: &str, what: &str| Said { whose: whose.into(), what: what.into() };
        let told = gathered(vec![said("Dr Lis", "break"), said("Room 1", "taken"), said("Dr Lis", "taken"), said("Room 1", "taken")]);
        let told: Vec<_> = told.iter().map(|said| (said.whose.as_str(), said.what.as_str())).collect();
        assert_eq!(told, [("Dr Lis", "break; taken"), ("Room 1", "taken")]);
    }
}
