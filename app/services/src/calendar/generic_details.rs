//! The details of a meeting, a task, blocked time, or of an activity whose module is not known here.

use super::{data, desk::Desk, generic_form, panel::kind_text, status, when};
use crate::{feeds::sync_doors::unlink, words};
use leptos::{prelude::*, task::spawn_local};
use services::{
    calendar::{
        event::{Event, Status},
        generic::Step,
        sync::FOREIGN,
    },
    core::GENERIC_TYPES,
};
use ui::{Button, Details, Inner, Skeleton, Tag, Tone};

/// Title, when, who, state, history; complete, cancel, edit, move.
pub fn view(desk: Desk, details: Details) -> AnyView {
    let lang = desk.lang;
    let Details { event, zone, changed, .. } = details.clone();
    let id = event.id;
    let story = ui::fetched(|| (), move |()| data::activity_story(id));
    let editing = RwSignal::new(false);
    let writable = Signal::derive(move || story.with(|story| matches!(story, Some(Ok(story)) if story.writable)));

    let title = if event.title.is_empty() { kind_text(desk, &event) } else { event.title.clone() };
    let mut date = when::long_date(lang, zone.date(event.start));
    date.push_str(", ");
    date.push_str(&when::times(&zone, event.start, event.end));
    let minutes = ui::when::length(lang, (event.end - event.start).num_minutes());
    let who: Vec<String> = event.resources.iter().filter_map(|id| desk.resource_name(*id)).collect();
    let kind = kind_text(desk, &event);
    let state = status::word(lang, event.status);
    let zone_of_history = zone.clone();
    let note = move || {
        story.with(|story| match story {
            Some(Ok(story)) if !story.details.description.is_empty() => {
                Some(view! { <dt>{words::note(lang)}</dt><dd>{story.details.description.clone()}</dd> })
            }
            _ => None,
        })
    };
    let shown = {
        let event = event.clone();
        move || {
            let buttons = writable.get().then(|| actions(desk, &event, changed, editing));
            view! { <div class="calendar-actions">{buttons}</div> }
        }
    };
    let form = {
        let details = details.clone();
        move || {
            editing.get().then(|| {
                let description = story.with_untracked(|story| match story {
                    Some(Ok(story)) => story.details.description.clone(),
                    _ => String::new(),
                });
                let form = generic_form::change(desk, &details, description, editing);
                view! { <Inner open=true on_close=move || editing.set(false)>{form}</Inner> }
            })
        }
    };
    view! {
        <div class="calendar-panel">
            <h2>{title}</h2>
            {shown}
            {form}
            <dl class="facts">
                <dt>{words::when(lang)}</dt>
                <dd>{date}" "<small>{minutes}</small></dd>
                {(!who.is_empty()).then(|| view! { <dt>{words::who(lang)}</dt><dd>{who.join(", ")}</dd> })}
                <dt>{words::kind(lang)}</dt>
                <dd>{kind}</dd>
                <dt>{words::state(lang)}</dt>
                <dd><Tag text=state/></dd>
                <Suspense>{note}</Suspense>
            </dl>
            <h3>{words::history(lang)}</h3>
            <Suspense fallback=|| view! { <Skeleton lines=3/> }>
                {move || story.get().map(|story| match story {
                    Ok(story) => history(desk, &zone_of_history, story.details.history),
                    Err(failure) => view! { <ui::FailureAlert failure=failure/> }.into_any(),
                })}
            </Suspense>
        </div>
    }
    .into_any()
}

/// What can be done with it now.
fn actions(desk: Desk, event: &Event, changed: Callback<()>, editing: RwSignal<bool>) -> AnyView {
    let lang = desk.lang;
    if event.status.is_terminal() {
        return ().into_any();
    }
    let id = event.id;
    let toasts = desk.toasts;
    let busy = RwSignal::new(false);
    let before = StoredValue::new(event.clone());
    let step = move |to: Status| {
        busy.set(true);
        let event = before.get_value();
        spawn_local(async move {
            match data::set_activity_status(id, event.version, to, String::new()).await {
                Ok(_) => desk.stepped(&event, to, words::state_now(lang, &desk.shown_name(&event), status::word(lang, to))),
                Err(failure) => toasts.fail_text(failure.text(lang)),
            }
            busy.set(false);
            changed.run(());
        });
    };
    // What came from another calendar is changed there.
    if event.face.flags.iter().any(|flag| flag == FOREIGN) {
        let free = move || {
            busy.set(true);
            spawn_local(async move {
                match unlink(id).await {
                    Ok(()) => toasts.say(words::unlinked(lang)),
                    Err(failure) => toasts.fail_text(failure.text(lang)),
                }
                busy.set(false);
                changed.run(());
            });
        };
        return view! { <Button busy=busy on_press=free>{words::unlink(lang)}</Button> }.into_any();
    }
    let edit = GENERIC_TYPES.contains(&event.activity_type.as_str()).then(|| {
        view! { <Button icon="edit" on_press=move || editing.update(|editing| *editing = !*editing)>{words::edit(lang)}</Button> }
    });
    view! {
        <Button tone=Tone::Primary busy=busy on_press=move || step(Status::Completed)>{words::complete(lang)}</Button>
        <Button on_press=move || desk.lift(id)>{words::r#move(lang)}</Button>
        <Button on_press=move || desk.copy(before.get_value())>{words::copy_entry(lang)}</Button>
        {edit}
        <Button busy=busy on_press=move || step(Status::Cancelled)>{words::cancel_entry(lang)}</Button>
    }
    .into_any()
}

fn history(desk: Desk, zone: &platform::time::ZoneWindow, steps: Vec<Step>) -> AnyView {
    let lang = desk.lang;
    if steps.is_empty() {
        return view! { <p>{words::history_empty(lang)}</p> }.into_any();
    }
    let today = desk.loaded.get_untracked().map(|loaded| loaded.calendar.today).unwrap_or_default();
    let rows: Vec<_> = steps
        .into_iter()
        .map(|step| {
            let at = zone.wall(step.at);
            let time = if at.date() == today { ui::when::clock(at) } else { ui::when::day_month(lang, at.date()) };
            let exact = step.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            let mut key = String::from("did.");
            key.push_str(&step.verb);
            let did = words::by_key(lang, &key).map_or_else(|| step.verb.clone(), str::to_owned);
            view! {
                <li>
                    <time datetime=exact>{time}</time>
                    <span><b>{step.who.unwrap_or_default()}</b>" "{did}</span>
                </li>
            }
        })
        .collect();
    view! { <ol class="history">{rows}</ol> }.into_any()
}
