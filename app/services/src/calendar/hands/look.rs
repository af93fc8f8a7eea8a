//! How the calendar looks: how fine its grid is, whether names are shown, what of it matters, and in which order its
//! columns stand. What belongs to the place goes into the URL, what belongs to the reader stays in the browser.

use crate::{
    calendar::{
        desk::Desk,
        place::{Filter, Place, Span, Zoom},
        status,
    },
    words,
};
use leptos::prelude::*;
use platform::id::EntityId;
use services::calendar::event::Status;
use ui::{Button, Choice, Field, Icon, Input, Segmented, Select};

/// The states that can be told apart on the board.
const STATES: [Status; 7] =
    [Status::Pending, Status::Scheduled, Status::Confirmed, Status::CheckedIn, Status::InProgress, Status::Completed, Status::NoShow];

/// The content of the dialog.
pub fn view(desk: Desk) -> AnyView {
    view! {
        <div class="calendar-look">
            {zoom(desk)}
            {names(desk)}
            {states(desk)}
            {lines(desk)}
            {columns(desk)}
            {saved(desk)}
        </div>
    }
    .into_any()
}

fn change(desk: Desk, change: impl FnOnce(&mut Filter)) {
    let mut place = desk.place.get_untracked();
    change(&mut place.filter);
    desk.replace(&place);
}

fn zoom(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let choices: Vec<Choice> = Zoom::ALL
        .into_iter()
        .map(|zoom| Choice::new(zoom.minutes().to_string(), words::minutes(lang, i64::from(zoom.minutes()))))
        .collect();
    let value = Signal::derive(move || desk.place.with(|place| place.zoom.minutes().to_string()));
    let pick = Callback::new(move |(minutes,): (String,)| {
        let place = desk.place.get_untracked();
        desk.replace(&Place { zoom: Zoom::parse(&minutes).unwrap_or_default(), ..place });
    });
    view! { <section><h3>{words::zoom(lang)}</h3><Segmented label=words::zoom(lang) choices=choices value=value on_pick=pick/></section> }
        .into_any()
}

fn check(label: String, on: impl Fn() -> bool + Send + Sync + 'static, toggle: impl Fn() + 'static) -> AnyView {
    view! { <label><input type="checkbox" prop:checked=on on:change=move |_| toggle()/>{label}</label> }.into_any()
}

fn names(desk: Desk) -> AnyView {
    let on = move || desk.wishes.with(|wishes| wishes.private);
    check(words::hide_names(desk.lang).to_owned(), on, move || desk.wishes.update(|wishes| wishes.private = !wishes.private))
}

fn states(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let checks: Vec<_> = STATES
        .into_iter()
        .map(|state| {
            let on = move || desk.place.with(|place| place.filter.states.contains(&state));
            let toggle = move || {
                change(desk, |filter| match filter.states.iter().position(|other| *other == state) {
                    Some(at) => drop(filter.states.remove(at)),
                    None => filter.states.push(state),
                });
            };
            check(status::word(lang, state).to_owned(), on, toggle)
        })
        .collect();
    view! { <fieldset class="calendar-checks"><legend>{words::only_states(lang)}</legend>{checks}</fieldset> }.into_any()
}

/// The treatments of what is shown.
fn lines(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let mut lines: Vec<String> = Vec::new();
    if let Some(loaded) = desk.loaded.get_untracked() {
        for event in &loaded.calendar.events {
            // Of a call the second line is the company.
            let is_named = desk.modules.activity(&event.activity_type).is_some_and(|module| module.by_line);
            if is_named && !event.face.line.is_empty() && !lines.contains(&event.face.line) {
                lines.push(event.face.line.clone());
            }
        }
    }
    let now = desk.place.with_untracked(|place| place.filter.line.clone());
    if !now.is_empty() && !lines.contains(&now) {
        lines.push(now.clone());
    }
    lines.sort_unstable();
    let mut choices = vec![Choice::new("", words::all_lines(lang))];
    choices.extend(lines.into_iter().map(|line| Choice::new(line.clone(), line)));
    let value = RwSignal::new(now);
    let pick = move |line: String| change(desk, |filter| filter.line = line);
    view! { <section><h3>{words::only_line(lang)}</h3><Select choices=choices value=value label=words::only_line(lang) on_change=move |line| pick(line)/></section> }
        .into_any()
}

/// The columns: which are shown, which are folded, and their order.
fn columns(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let is_day = move || desk.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| matches!(loaded.span, Span::Day | Span::Team)));
    let list = move || {
        let look = desk.look();
        let Some(loaded) = desk.loaded.get().filter(|_| is_day()) else { return Vec::new() };
        let mut all: Vec<(EntityId, String)> = loaded
            .calendar
            .resources
            .iter()
            .filter(|resource| resource.kind == look.kind)
            .map(|resource| (resource.id, resource.name.clone()))
            .collect();
        platform::order::by_rank(&mut all, |(id, _)| look.order.iter().position(|other| other == id).unwrap_or(look.order.len()) as i128);
        let ids: Vec<EntityId> = all.iter().map(|(id, _)| *id).collect();
        all.into_iter()
            .map(|(id, name)| {
                let every = ids.clone();
                let shown = move || desk.place.with(|place| place.filter.columns.is_empty() || place.filter.columns.contains(&id));
                let toggle = move || {
                    let every = every.clone();
                    change(desk, move |filter| {
                        if filter.columns.is_empty() {
                            filter.columns = every.clone();
                        }
                        match filter.columns.iter().position(|other| *other == id) {
                            Some(at) => drop(filter.columns.remove(at)),
                            None => filter.columns.push(id),
                        }
                        if filter.columns.len() == every.len() {
                            filter.columns.clear();
                        }
                    });
                };
                let shift = |later: bool| {
                    let ids = ids.clone();
                    move |_| desk.wishes.update(|wishes| wishes.shift(&ids, id, later))
                };
                let (earlier, later) = (shift(false), shift(true));
                let folded = move || desk.wishes.with(|wishes| wishes.folded.contains(&id));
                let fold = words::fold_column(lang, &name);
                let (up, down) = (words::column_before(lang, &name), words::column_after(lang, &name));
                view! {
                    <li>
                        {check(name, shown, toggle)}
                        <button type="button" class="calendar-link" aria-label=fold aria-pressed=move || if folded() { "true" } else { "false" } on:click=move |_| desk.wishes.update(|wishes| wishes.fold(id))><Icon name="minus"/></button>
                        <button type="button" class="calendar-link" aria-label=up on:click=earlier><Icon name="up"/></button>
                        <button type="button" class="calendar-link" aria-label=down on:click=later><Icon name="down"/></button>
                    </li>
                }
            })
            .collect::<Vec<_>>()
    };
    view! {
        <section hidden=move || !is_day()>
            <h3>{words::columns(lang)}</h3>
            <ol class="calendar-order">{list}</ol>
        </section>
    }
    .into_any()
}

/// Filters worth a name.
fn saved(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let name = RwSignal::new(String::new());
    let filtered = move || desk.place.with(|place| !place.filter.is_empty());
    let keep = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let named = name.get_untracked().trim().to_owned();
        if named.is_empty() {
            return;
        }
        // The date and what is open are of today; the filter is for every day.
        let url = Place { date: None, ..desk.place.get_untracked().shut() }.href();
        desk.wishes.update(|wishes| {
            wishes.saved.retain(|(other, _)| *other != named);
            wishes.saved.push((named, url));
        });
        name.set(String::new());
    };
    let list = move || {
        desk.wishes
            .with(|wishes| wishes.saved.clone())
            .into_iter()
            .map(|(name, url)| {
                let away = words::forget_filter(lang, &name);
                let gone = name.clone();
                view! {
                    <li>
                        <a class="calendar-link is-framed" href=url>{name}</a>
                        <button type="button" class="calendar-link" aria-label=away on:click=move |_| desk.wishes.update(|wishes| wishes.saved.retain(|(other, _)| *other != gone))><Icon name="close"/></button>
                    </li>
                }
            })
            .collect::<Vec<_>>()
    };
    let clear = move |_| change(desk, |filter| *filter = Filter::default());
    view! {
        <section>
            <h3>{words::saved_filters(lang)}</h3>
            <ul class="calendar-saved">{list}</ul>
            <button type="button" class="calendar-link is-framed" hidden=move || !filtered() on:click=clear>{words::no_filter(lang)}</button>
            <form class="calendar-ask" hidden=move || !filtered() on:submit=keep>
                <Field name="filter_name" label=words::filter_name(lang)><Input value=name autocomplete="off"/></Field>
                <Button submit=true disabled=Signal::derive(move || name.with(|name| name.trim().is_empty()))>{words::keep_filter(lang)}</Button>
            </form>
        </section>
    }
    .into_any()
}
