//! The panel beside the grid: the details of an event as its module shows them, or the form of something new.

use super::{
    data,
    desk::Desk,
    generic_details, generic_form,
    place::{Fresh, Place},
    status,
    undo::{self, Act, Named},
    when,
};
use crate::words;
use chrono::{DateTime, Duration, DurationRound, Utc};
use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::event::Event;
use ui::{Choice, Details, Empty, Form, Peek, Segmented, Select, Skeleton};
use wasm_bindgen::JsCast;

/// What is open in the panel.
#[derive(Clone, Debug, PartialEq)]
enum Open {
    Nothing,
    Event(EntityId),
    New(Fresh),
}

/// The panel.
#[component]
pub fn Side(
    /// The calendar.
    desk: Desk,
) -> impl IntoView {
    let open = Memo::new(move |_| {
        desk.place.with(|place| match (&place.open, &place.new) {
            (Some(event), _) => Open::Event(*event),
            (None, Some(new)) => Open::New(new.clone()),
            (None, None) => Open::Nothing,
        })
    });
    move || match open.get() {
        Open::Nothing => ().into_any(),
        open => view! {
            <div class="calendar-side">
                <Suspense fallback=|| view! { <Skeleton lines=6/> }>
                    {Suspend::new(panel_part(desk, open))}
                </Suspense>
            </div>
        }
        .into_any(),
    }
}

// The first sight of the calendar has no panel; it follows once it is needed.
ui::lazy_part!(calendar_panel: fn panel_part(desk: Desk, open: Open) {
    match open {
        Open::Nothing => ().into_any(),
        Open::Event(id) => opened(desk, id),
        Open::New(new) => fresh(desk, new),
    }
});

/// An event's details. One that lies outside of what is shown is fetched by itself.
fn opened(desk: Desk, id: EntityId) -> AnyView {
    let shown = Memo::new(move |_| {
        let loaded = desk.loaded.get()?;
        loaded.calendar.events.iter().find(|event| event.id == id).cloned()
    });
    let is_shown = desk
        .loaded
        .with_untracked(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.calendar.events.iter().any(|event| event.id == id)));
    let fetched = ui::fetched(
        move || shown.with(Option::is_none),
        move |absent| async move { if absent { data::calendar_event(id).await.ok() } else { None } },
    );
    // An event that changes keeps its panel unless what is open is another version of it.
    let event =
        Memo::new(move |before: Option<&Option<Event>>| shown.get().or_else(|| if is_shown { before.cloned().flatten() } else { None }));
    let close = Callback::new(move |()| desk.shut());
    let changed = Callback::new(move |()| desk.refetch());
    let view_of = move |event: Event| {
        let Some(zone) = zone_of(desk) else { return ().into_any() };
        let details = Details { event, zone, changed, close };
        // The module's own panel would be refused to whoever may not read its records.
        match desk.modules.activity(&details.event.activity_type).filter(|_| !details.event.is_veiled()) {
            Some(activity) => (activity.details)(details),
            None => generic_details::view(desk, details),
        }
    };
    let name = Memo::new(move |_| {
        event.with(|event| event.as_ref().map(|event| (event.activity_type.clone(), event.face.hue.unwrap_or(event.hue))))
    });
    let body = move || {
        match event.get() {
        Some(event) => view_of(event),
        None => view! {
            <Suspense fallback=|| view! { <Skeleton lines=6/> }>
                {move || fetched.get().map(|found| match found {
                    Some(event) => view_of(event),
                    None => view! { <Empty icon="calendar" title=words::not_found_title(desk.lang) text=words::not_found_text(desk.lang)/> }.into_any(),
                })}
            </Suspense>
        }
        .into_any(),
    }
    };
    let (kind, hue) = name.get_untracked().unwrap_or_default();
    let label = if kind.is_empty() { words::details(desk.lang).to_owned() } else { desk.type_name(&kind) };
    view! {
        <Peek label=label.clone() kind=label hue=hue on_close=close>
            {body}
        </Peek>
    }
    .into_any()
}

fn zone_of(desk: Desk) -> Option<ZoneWindow> {
    desk.loaded.with_untracked(|loaded| loaded.as_ref().map(|loaded| loaded.calendar.zone.clone()))
}

/// The form of something new, with the choice of what it is to be.
fn fresh(desk: Desk, new: Fresh) -> AnyView {
    let lang = desk.lang;
    let close = Callback::new(move |()| desk.shut());
    let Some(loaded) = desk.loaded.get_untracked() else { return ().into_any() };
    let kinds = loaded.makeable.clone();
    let kind = kinds.iter().find(|kind| **kind == new.kind).or(kinds.first()).cloned();
    let Some(kind) = kind else {
        return view! {
            <Peek label=words::new_title(lang) on_close=close>
                <Empty icon="lock" title=words::nothing_to_make(lang)/>
            </Peek>
        }
        .into_any();
    };
    let choices: Vec<Choice> = kinds.iter().map(|kind| Choice::new(kind.clone(), desk.type_name(kind))).collect();
    let pick = Callback::new({
        let new = new.clone();
        move |(kind,): (String,)| {
            let place = desk.place.get_untracked();
            let new = Fresh { kind, ..new.clone() };
            desk.replace(&Place { open: None, new: Some(new), ..place });
        }
    });
    let chooser = match choices.len() {
        1 => ().into_any(),
        2..=4 => {
            view! { <Segmented label=words::new_kind(lang) choices=choices value=Signal::stored(kind.clone()) on_pick=pick/> }.into_any()
        }
        _ => view! { <Select choices=choices value=RwSignal::new(kind.clone()) label=words::new_kind(lang) on_change=pick/> }.into_any(),
    };
    let start = new.start.unwrap_or_else(|| next_start(desk.now.get_untracked().unwrap_or(loaded.calendar.now)));
    let made = kind.clone();
    let form = Form {
        activity_type: kind.clone(),
        start,
        end: new.end,
        resource: new.resource,
        location: loaded.calendar.location.id,
        zone: loaded.calendar.zone.clone(),
        view: Signal::derive(move || desk.loaded.get().map(|loaded| loaded.calendar.clone())),
        earliest: new.earliest,
        saved: Callback::new({
            let made = made.clone();
            move |id| {
                undo::remember(desk, Act::Unmake { id, title: Named::kind(desk.type_name(&made)), kind: made.clone() });
                show_new(desk, id);
            }
        }),
        booked: Callback::new(move |(id, text)| {
            spawn_local(tell_new(desk, id, desk.type_name(&made), text));
            show_new(desk, id);
        }),
        cancel: close,
    };
    let body = match desk.modules.activity(&kind) {
        Some(activity) => (activity.form)(form),
        None => generic_form::make(desk, form),
    };
    // The world outside: the focus goes to the form's first field, once the form is there.
    Effect::new(|_| begin_writing(60));
    view! {
        <Peek label=words::new_title(lang) kind=words::new_title(lang) on_close=close>
            <div class="calendar-panel">
                {chooser}
                {body}
            </div>
        </Peek>
    }
    .into_any()
}

/// What was made is open in the panel from now on.
fn show_new(desk: Desk, id: EntityId) {
    desk.refetch();
    let place = desk.place.get_untracked();
    desk.replace(&place.opening(id));
}

/// Says what was made and when it is. What the board does not show can be gone to; what it shows can be taken back here.
async fn tell_new(desk: Desk, id: EntityId, kind: String, mut text: String) {
    let loaded = desk.loaded.get_untracked();
    let (Ok(event), Some(loaded)) = (data::calendar_event(id).await, loaded) else {
        undo::remember(desk, Act::unmake(id, Named::kind(kind)));
        desk.toasts.say(text);
        return;
    };
    let view = &loaded.calendar;
    let date = view.zone.date(event.start);
    text.push_str(" · ");
    text.push_str(&ui::when::day_short(desk.lang, date));
    text.push(' ');
    text.push_str(&when::times(&view.zone, event.start, event.end));
    let name = Named::of(desk, &event);
    if view.from <= date && date < view.to {
        undo::offer(desk, Act::unmake(id, name), text);
        return;
    }
    undo::remember(desk, Act::unmake(id, name));
    let show = move |()| {
        let place = desk.place.get_untracked();
        desk.go(&Place { date: Some(date), ..place.opening(id) });
    };
    desk.toasts.offering(text, words::show_there(desk.lang), Callback::new(show));
}

/// Puts the focus into the panel's first field, as soon as there is one: a module's form may have to be loaded first.
/// Whoever has gone somewhere else meanwhile stays there.
fn begin_writing(tries: u32) {
    request_animation_frame(move || {
        let active = document().active_element();
        if active.is_some_and(|active| active.matches("input, textarea, select").unwrap_or_default()) {
            return;
        }
        let fields = ".calendar-side [data-autofocus], .calendar-side form input:not([type=hidden], [type=radio], [type=checkbox])";
        match document().query_selector(fields).ok().flatten() {
            Some(field) => drop(field.unchecked_into::<web_sys::HtmlElement>().focus()),
            None if tries > 0 => begin_writing(tries - 1),
            None => {}
        }
    });
}

/// The next full quarter of an hour.
fn next_start(now: DateTime<Utc>) -> DateTime<Utc> {
    let quarter = Duration::minutes(15);
    now.duration_trunc(quarter).map_or(now, |begun| begun + quarter)
}

/// The kind of an entry in the reader's words.
pub fn kind_text(desk: Desk, event: &Event) -> String {
    status::label(desk.lang, &event.activity_type).map_or_else(|| desk.type_name(&event.activity_type), str::to_owned)
}
