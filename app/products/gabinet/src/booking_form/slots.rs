//! The free times of the typed day, to be taken by a press: one stop for the Tab key, arrow keys inside.

use app_services::calendar::axis::clock;
use chrono::NaiveDate;
use gabinet::appointments::{AvailabilityQuestion, AvailableSlot, Channel};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use services::calendar::slots::Slot;
use ui::{Button, FailureAlert, Lang, Skeleton, Tone, use_lang, use_toasts, when};
use wasm_bindgen::JsCast;

use super::{
    draft::{Draft, chosen},
    times::Times,
};
use crate::{answers, doors, words};

/// What there is to show of the day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Failed,
    NoTreatment,
    Free,
    Full,
    Loading,
    Nothing,
}

/// The day's name with ways to the days beside it, and the day's free times.
pub fn view(draft: Draft, times: Times) -> AnyView {
    let lang = use_lang();
    let step = move |forward: bool| {
        let Some(date) = times.date.get_untracked() else { return };
        if let Some(next) = if forward { date.succ_opt() } else { date.pred_opt() } {
            draft.date.set(when::date_short(lang, next));
        }
    };
    let title = move || times.date.get().map(|date| when::day(lang, date));
    // Only what kind of content there is: chips that stay free keep their place and the focus.
    let state = Memo::new(move |_| {
        if times.failure.with(Option::is_some) {
            return State::Failed;
        }
        if chosen(draft.treatment).is_none() {
            return State::NoTreatment;
        }
        match times.slots.with(|slots| slots.as_ref().map(Vec::is_empty)) {
            Some(false) => State::Free,
            Some(true) => State::Full,
            None if times.loading.get() => State::Loading,
            None => State::Nothing,
        }
    });
    let body = move || match state.get() {
        State::Failed => {
            times.failure.get().map(|failure| view! { <FailureAlert failure=failure on_retry=move || times.refetch()/> }).into_any()
        }
        State::NoTreatment => view! { <p class="booking-hint">{words::choose_treatment(lang)}</p> }.into_any(),
        State::Free => chips(lang, draft, times),
        State::Full => none_left(lang, draft, times),
        State::Loading => view! { <Skeleton lines=2/> }.into_any(),
        State::Nothing => ().into_any(),
    };
    view! {
        <section class="booking-slots" aria-label=words::free_times(lang)>
            <header>
                <h2>{title}</h2>
                <Button tone=Tone::Plain icon="left" name=words::previous_day(lang) on_press=move || step(false)/>
                <Button tone=Tone::Plain icon="right" name=words::next_day(lang) on_press=move || step(true)/>
            </header>
            {body}
            {quick(draft, times)}
        </section>
    }
    .into_any()
}

/// Who asks for the earliest time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The button.
    ByHand,
    /// The form itself, which was opened for that.
    ByForm,
}

/// The earliest time over everybody, and the best ones.
fn quick(draft: Draft, times: Times) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let choosing = RwSignal::new(false);
    let take = Callback::new(move |slot: AvailableSlot| {
        choosing.set(false);
        draft.wanted.set(slot.employee_id.to_string());
        draft.set_start(lang, &times.zone(), slot.start);
    });
    // What was put in here last; as long as it stands nobody has typed another time.
    let put = StoredValue::new(None::<(String, String)>);
    let typed = move || (draft.date.get_untracked(), draft.time.get_untracked());
    let is_own = move || typed().1.is_empty() || put.try_get_value().flatten() == Some(typed());
    let earliest = Action::new_local(move |asked: &Asked| {
        let asked = *asked;
        let treatment = untrack(|| chosen(draft.treatment));
        let employee = draft.staff.with_untracked(|staff| staff.parse().ok());
        let (further, patient) = untrack(|| (draft.asked_further(), chosen(draft.patient)));
        async move {
            let Some(treatment) = treatment else { return };
            // From now on, whatever day is typed.
            let from = times.today.get_untracked();
            match doors::earliest(treatment, employee, patient, further, times.location, from, times.hold.id()).await {
                Ok(Some(_)) if asked == Asked::ByForm && !is_own() => {}
                Ok(Some(slot)) => {
                    draft.set_start(lang, &times.zone(), slot.start);
                    put.try_set_value(Some(typed()));
                }
                Ok(None) => toasts.fail_text(words::no_earliest(lang)),
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    Effect::new(move |_| {
        let (treatment, _) = (chosen(draft.treatment), draft.staff.get());
        draft.further.track();
        if draft.earliest && treatment.is_some() && is_own() {
            earliest.dispatch_local(Asked::ByForm);
        }
    });
    let best = move || {
        let treatment = chosen(draft.treatment).filter(|_| choosing.get())?;
        let from = times.today.get_untracked();
        let asked = AvailabilityQuestion {
            location: times.location,
            treatment,
            employee: draft.staff.with(|staff| staff.parse().ok()),
            patient: chosen(draft.patient),
            from,
            to: from.checked_add_days(TWO_WEEKS).unwrap_or(from),
            moving: None,
            further: draft.asked_further(),
            channel: Channel::Desk,
        };
        Some(answers::best(asked, times.hold.id(), times.zone(), take))
    };
    let buttons = move || {
        chosen(draft.treatment).map(|_| {
            view! {
                <Button icon="clock" busy=earliest.pending() on_press=move || _ = earliest.dispatch_local(Asked::ByHand)>
                    {words::earliest_time(lang)}
                </Button>
                <Button icon="check" pressed=choosing on_press=move || choosing.update(|on| *on = !*on)>
                    {words::best_times(lang)}
                </Button>
            }
        })
    };
    view! { <div class="ways">{buttons}</div>{best} }.into_any()
}

/// How far ahead the best times are looked for.
const TWO_WEEKS: chrono::Days = chrono::Days::new(13);

fn chips(lang: Lang, draft: Draft, times: Times) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    let slots = move || times.slots.get().unwrap_or_default();
    // The chip that Tab reaches: the chosen one, or the first.
    let stop = Memo::new(move |_| {
        let start = times.start.get().start();
        times.slots.with(|slots| {
            let mut starts = slots.iter().flatten().map(|slot| slot.start);
            starts.clone().find(|other| Some(*other) == start).or_else(|| starts.next())
        })
    });
    let chip = move |slot: Slot| {
        let start = slot.start;
        let zone = times.zone();
        let text = clock(&zone, start);
        let with = untrack(|| times.staff_of(&slot.resources).map(|id| times.name(id)));
        view! {
            <button
                type="button"
                class="chip"
                title=with
                tabindex=move || if stop.get() == Some(start) { "0" } else { "-1" }
                aria-pressed=move || if times.start.get().start() == Some(start) { "true" } else { "false" }
                on:click=move |_| draft.set_start(lang, &zone, start)
            >
                {text}
            </button>
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some(here) = document().active_element().filter(|element| element.class_list().contains("chip")) else { return };
        let Some(group) = node.get_untracked() else { return };
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => here.next_element_sibling(),
            "ArrowLeft" | "ArrowUp" => here.previous_element_sibling(),
            "Home" => group.first_element_child(),
            "End" => group.last_element_child(),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = next.focus();
        }
    };
    view! {
        <div class="chips tnum" role="group" aria-label=words::free_times(lang) node_ref=node on:keydown=key>
            <For each=slots key=|slot| (slot.start, slot.resources.clone()) children=chip/>
        </div>
    }
    .into_any()
}

/// The day is full: the first time after it.
fn none_left(lang: Lang, draft: Draft, times: Times) -> AnyView {
    let next = move || {
        times.next.get().map(|slot| {
            let zone = times.zone();
            let date = zone.date(slot.start);
            let mut text = when::day_short(lang, date);
            text.push(' ');
            text.push_str(&clock(&zone, slot.start));
            view! {
                <Button icon="right" on_press=move || draft.set_start(lang, &times.zone(), slot.start)>
                    {words::next_free(lang, &text)}
                </Button>
            }
        })
    };
    view! {
        <p class="booking-hint">{words::no_free_time(lang)}</p>
        {next}
    }
    .into_any()
}

/// The browser's own calendar beside the field in which a date is typed.
pub fn picker(draft: Draft, date: Memo<Option<NaiveDate>>) -> AnyView {
    let lang = use_lang();
    view! {
        <input
            type="date"
            class="booking-picker"
            tabindex="-1"
            aria-label=words::pick_date(lang)
            title=words::pick_date(lang)
            prop:value=move || date.get().map(when::iso).unwrap_or_default()
            on:change=move |event| {
                if let Some(date) = when::from_iso(&event_target_value(&event)) {
                    draft.date.set(when::date_short(lang, date));
                }
            }
        />
    }
    .into_any()
}
