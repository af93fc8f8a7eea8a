//! `/dashboard/gabinet/waiting`: who waits and for what; the free times that fit, to be offered or booked; the answers.

use app_services::{calendar::when::times as span, persons::alert_marks};
use gabinet::waiting::{Choice, Match, Matches, Offer, Stuck, Waiting, WaitingKind};
use leptos::{html, leptos_dom::helpers::request_animation_frame, prelude::*, task::spawn_local};
use leptos_meta::Title;
use platform::time::ZoneWindow;
use services::persons::lifecycle::PersonAlert;
use ui::{Button, Dialog, Empty, Failure, Field, Heard, Inner, Input, Lang, Meaning, Tag, Tone, use_lang, use_live, use_toasts, when};
use wasm_bindgen::JsCast;

use super::{
    doors::{self, WaitingList},
    form::form,
};
use crate::{
    pages::{
        may, plain,
        shown::{Shown, shown},
    },
    words,
};

/// The page.
pub fn page() -> AnyView {
    shown(|| (), |()| doors::list(), list)
}

fn list(shown: Shown<WaitingList>) -> AnyView {
    let lang = use_lang();
    let writes = may(gabinet::APPOINTMENTS_WRITE);
    let adding = RwSignal::new(false);
    let toasts = use_toasts();
    // What colleagues and the job do shows at once.
    use_live().listen(move |heard| {
        let concerns = match &heard {
            Heard::Missed => true,
            Heard::Changed(event) => event.entity_type.starts_with("gabinet:"),
        };
        if concerns {
            shown.refresh();
        }
    });
    // Whose wishes are changed; a new one's if it is none.
    let editing = RwSignal::new(None::<Waiting>);
    let saved = Callback::new(move |()| {
        adding.set(false);
        let changed = editing.with_untracked(Option::is_some);
        toasts.say(if changed { words::waiting_saved(lang) } else { words::waiting_added(lang) });
        shown.refresh();
    });
    let add = move || {
        editing.set(None);
        adding.set(true);
    };
    let button = writes.then(|| {
        view! { <Button tone=Tone::Primary icon="plus" on_press=add>{words::waiting_add(lang)}</Button> }
    });
    let edit = Callback::new(move |one: Waiting| {
        editing.set(Some(one));
        adding.set(true);
    });
    let rows = move || {
        let (items, alerts, zone) = shown.value.with(|list| (list.items.clone(), list.alerts.clone(), list.zone.clone()));
        if items.is_empty() {
            return view! { <Empty icon="people" title=words::waiting_nobody(lang) text=words::waiting_nobody_text(lang)/> }.into_any();
        }
        let rows: Vec<AnyView> = items.into_iter().map(|one| row(shown, &zone, &alerts, one, writes.then_some(edit))).collect();
        view! { <ul class="waiting-list">{rows}</ul> }.into_any()
    };
    let title = Signal::derive(move || {
        editing.with(|one| one.as_ref().map_or_else(|| words::waiting_add(lang).to_owned(), |one| one.patient.name.clone()))
    });
    let draw = move || shown.value.with_untracked(|list| form(list.locations.clone(), list.today, editing.get_untracked(), saved));
    let inside = move || plain::shown_while(move || adding.get(), draw);
    view! {
        <Title text=words::waiting_title(lang)/>
        <article class="page">
            <header class="section-head"><h1>{words::waiting_title(lang)}</h1>{button}</header>
            <p class="quiet">{words::waiting_lead(lang)}</p>
            {plain::live(rows)}
            <Dialog open=adding title=title>{inside()}</Dialog>
        </article>
    }
    .into_any()
}

/// Does it, says so, and reads the list again.
fn act(shown: Shown<WaitingList>, said: &'static str, done: impl Future<Output = Result<(), Failure>> + 'static) {
    let toasts = use_toasts();
    spawn_local(async move {
        match done.await {
            Ok(()) => toasts.say(said),
            Err(failure) => toasts.fail(&failure),
        }
        shown.refresh();
    });
}

fn row(shown: Shown<WaitingList>, zone: &ZoneWindow, alerts: &[PersonAlert], one: Waiting, edit: Option<Callback<Waiting>>) -> AnyView {
    let lang = use_lang();
    let writes = edit.is_some();
    let own = StoredValue::new(one.clone());
    let urgency = match one.priority {
        2 => Some(view! { <Tag meaning=Meaning::Attention text=words::waiting_urgent(lang)/> }.into_any()),
        0 => Some(view! { <Tag meaning=Meaning::Neutral text=words::waiting_low(lang)/> }.into_any()),
        _ => None,
    };
    let asks = one.kind == WaitingKind::Request;
    let request = asks.then(|| view! { <Tag meaning=Meaning::Neutral text=words::tag_request(lang)/> });
    let stuck = one.stuck.map(|why| view! { <p class="booking-hint">{stuck_text(lang, why)}</p> });
    let id = one.id;
    let own_alerts: Vec<PersonAlert> = alerts.iter().filter(|alert| alert.person == one.patient.id).cloned().collect();
    let marks = alert_marks(lang, &own_alerts);
    let href = ["/dashboard/people/", &one.patient.id.to_string()].concat();
    let wishes = wishes(lang, &one);
    let open = RwSignal::new(false);
    let shut = move || open.set(false);
    let offer = one.offer.map(|offer| offered(shown, zone, offer, writes));
    let find = (offer.is_none() && writes).then(|| {
        let part = plain::live(move || match open.get() {
            true => view! { <Inner open=true on_close=shut>{found(shown, id, shut)}</Inner> }.into_any(),
            false => view! { <Button icon="search" on_press=move || open.set(true)>{words::waiting_find(lang)}</Button> }.into_any(),
        });
        view! { <div class="waiting-find">{part}</div> }
    });
    let remove = edit.map(|edit| {
        let away = move || act(shown, words::waiting_removed(lang), doors::remove(id));
        let refuse = asks.then(|| decline(shown, id));
        view! {
            <span class="actions">
                {refuse}
                <Button on_press=move || edit.run(own.get_value())>{words::waiting_edit(lang)}</Button>
                <Button icon="close" name=words::waiting_remove(lang) on_press=away>""</Button>
            </span>
        }
    });
    let note = (!one.note.is_empty()).then(|| view! { <p class="quiet">{one.note}</p> });
    view! {
        <li class="waiting-row">
            <div class="section-head">
                <p><a href=href><b>{one.patient.name}</b></a> <span class="marks">{marks}</span> {request} {urgency} <span class="quiet tnum">{one.phone.as_deref().map(ui::phone)}</span></p>
                {remove}
            </div>
            <p>{wishes}</p>
            {stuck}
            {note}
            {offer}
            {find}
        </li>
    }
    .into_any()
}

/// Why nothing is offered to them.
fn stuck_text(lang: Lang, why: Stuck) -> &'static str {
    match why {
        Stuck::Over => words::waiting_stuck_over(lang),
        Stuck::Inactive => words::waiting_stuck_inactive(lang),
        Stuck::Group => words::waiting_stuck_group(lang),
        Stuck::Unstaffed => words::waiting_stuck_unstaffed(lang),
    }
}

/// The refusal of a request, which asks for its reason.
fn decline(shown: Shown<WaitingList>, id: platform::id::EntityId) -> AnyView {
    let lang = use_lang();
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let toasts = use_toasts();
    let send = Callback::new(move |()| {
        spawn_local(async move {
            match doors::decline_request(id, reason.get_untracked()).await {
                Ok(()) => {
                    open.try_set(false);
                    toasts.say(words::request_declined(lang));
                    shown.refresh();
                }
                Err(refused) => {
                    failure.try_set(Some(refused));
                }
            }
        });
    });
    let draw = move || {
        let fields = view! {
            <Field name="reason" label=words::reason(lang) required=true failure=failure><Input value=reason/></Field>
            <footer><Button tone=Tone::Primary submit=true>{words::request_decline(lang)}</Button></footer>
        };
        plain::form(send, fields.into_any())
    };
    let inside = move || plain::shown_while(move || open.get(), draw);
    view! {
        <Button on_press=move || open.set(true)>{words::request_decline(lang)}</Button>
        <Dialog open=open title=Signal::derive(move || words::request_decline(lang).to_owned())>{inside()}</Dialog>
    }
    .into_any()
}

/// `Laser · Dr Lis · Mon, Wed · 09:00–12:00 · 24–30 Nov`.
fn wishes(lang: Lang, one: &Waiting) -> String {
    let names = |all: &[gabinet::waiting::Named]| all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut parts = vec![names(&one.treatments)];
    parts.push(if one.staff.is_empty() { words::anyone(lang).to_owned() } else { names(&one.staff) });
    if !one.weekdays.is_empty() {
        let days = one.weekdays.iter().filter_map(|day| usize::try_from(*day - 1).ok()).map(|day| when::weekday_name(lang, day));
        parts.push(days.collect::<Vec<_>>().join(", "));
    }
    for window in &one.windows {
        let clock = |minutes: i32| when::clock_of(u32::try_from(minutes).unwrap_or(0));
        parts.push([clock(window.from), clock(window.to)].join("–"));
    }
    parts.push(when::span(lang, one.from_date, one.to_date));
    parts.join(" · ")
}

fn moment(lang: Lang, zone: &ZoneWindow, start: chrono::DateTime<chrono::Utc>, end: chrono::DateTime<chrono::Utc>) -> String {
    [when::day_short(lang, zone.date(start)), span(zone, start, end)].join(" ")
}

/// A time that is held for them, and the two answers.
fn offered(shown: Shown<WaitingList>, zone: &ZoneWindow, offer: Offer, writes: bool) -> AnyView {
    let lang = use_lang();
    let time = moment(lang, zone, offer.start, offer.end);
    let until = when::clock(zone.wall(offer.expires_at));
    let id = offer.id;
    let buttons = writes.then(|| {
        let yes = move || act(shown, words::booked(lang), doors::answer(id, true));
        let no = move || act(shown, words::waiting_declined(lang), doors::answer(id, false));
        view! {
            <Button tone=Tone::Primary on_press=yes>{words::waiting_accept(lang)}</Button>
            <Button on_press=no>{words::waiting_decline(lang)}</Button>
        }
    });
    view! {
        <div class="booking-row tnum">
            <span>{words::waiting_offered(lang, &offer.employee.name, &time, &until)}</span>
            {buttons}
        </div>
    }
    .into_any()
}

/// The free times that fit, each to be offered or booked. The focus goes to them when they are there, and back when they are
/// put away.
fn found(shown: Shown<WaitingList>, id: platform::id::EntityId, shut: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let lang = use_lang();
    let ways = NodeRef::<html::Div>::new();
    let told = RwSignal::new(None::<Result<Matches, Failure>>);
    // The world outside: the server.
    plain::outside(move || {
        spawn_local(async move {
            let answer = doors::matches(id).await;
            told.try_set(Some(answer));
        });
    });
    // The world outside: the focus, a frame after the times have come, unless somebody has gone elsewhere meanwhile.
    plain::outside(move || {
        if told.with(Option::is_none) {
            return;
        }
        request_animation_frame(move || {
            let Some(ways) = ways.try_get_untracked().flatten() else { return };
            let here = document().active_element().is_none_or(|active| active.tag_name() == "BODY" || active.contains(Some(&ways)));
            let first = ways.query_selector("button").ok().flatten().filter(|_| here);
            if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = first.focus();
            }
        });
    });
    let times = plain::live(move || match told.get() {
        None => view! { <ui::Skeleton lines=2/> }.into_any(),
        Some(Err(failure)) => view! { <ui::FailureAlert failure=failure/> }.into_any(),
        Some(Ok(found)) if found.items.is_empty() => view! { <p class="booking-hint">{words::waiting_none(lang)}</p> }.into_any(),
        Some(Ok(found)) => {
            let rows: Vec<AnyView> = found.items.iter().map(|one| way(shown, id, &found.zone, one)).collect();
            view! { <ul class="waiting-ways tnum">{rows}</ul> }.into_any()
        }
    });
    view! {
        <div role="group" aria-label=words::waiting_ways(lang) node_ref=ways>
            <div aria-live="polite">{times}</div>
            <Button on_press=shut>{words::waiting_ways_shut(lang)}</Button>
        </div>
    }
    .into_any()
}

fn way(shown: Shown<WaitingList>, id: platform::id::EntityId, zone: &ZoneWindow, one: &Match) -> AnyView {
    let lang = use_lang();
    let choice = StoredValue::new(Choice { treatment: one.treatment.id, employee: one.employee.id, start: one.start });
    let text = [moment(lang, zone, one.start, one.end), one.employee.name.clone(), one.treatment.name.clone()].join(" · ");
    let offer = move || act(shown, words::waiting_held(lang), doors::give(id, choice.get_value(), false));
    let book = move || act(shown, words::booked(lang), doors::give(id, choice.get_value(), true));
    view! {
        <li class="booking-row">
            <span>{text}</span>
            <Button on_press=offer>{words::waiting_offer(lang)}</Button>
            <Button on_press=book>{words::book(lang)}</Button>
        </li>
    }
    .into_any()
}
