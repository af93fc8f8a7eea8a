//! Six weeks: how many entries each day has and the first of them; the rest in a popover that the browser itself
//! opens and closes.

use super::{
    axis::{clock, push_number},
    desk::Desk,
    place::{Place, Span},
    scene::{Source, dates, title},
    when,
};
use crate::words;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use platform::id::EntityId;
use services::calendar::event::Event;
use wasm_bindgen::JsCast;

/// How many events a cell names.
const FIRST: usize = 3;

/// A day's cell.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    date: NaiveDate,
    other: bool,
    today: bool,
    /// Why nobody works on that day.
    shut: Option<String>,
    lines: Vec<Line>,
}

/// An event in a cell.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    id: EntityId,
    class: String,
    style: String,
    text: String,
}

/// The month.
#[component]
pub fn Month(
    /// The calendar.
    desk: Desk,
) -> impl IntoView {
    let cells = Memo::new(move |_| cells(desk));
    let names = move || {
        cells.with(|cells| {
            cells.iter().take(7).map(|cell| view! { <span>{ui::when::weekday_short(desk.lang, cell.date)}</span> }).collect::<Vec<_>>()
        })
    };
    let click = move |click: web_sys::MouseEvent| {
        let target = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some((id, _)) = target.as_ref().and_then(super::event::event_at) {
            desk.open(id);
        }
    };
    view! {
        <div class="calendar-month-frame">
            <div class="calendar-month-names" aria-hidden="true">{names}</div>
            <ol class="calendar-month" on:click=click>
                {move || cells.get().into_iter().map(|cell| day_view(desk, cell)).collect::<Vec<_>>()}
            </ol>
        </div>
    }
}

fn cells(desk: Desk) -> Vec<Cell> {
    let Some(loaded) = desk.loaded.get() else { return Vec::new() };
    if loaded.span != Span::Month {
        return Vec::new();
    }
    let view = &loaded.calendar;
    let zone = &view.zone;
    let lang = desk.lang;
    let now = desk.now.get().unwrap_or(view.now);
    let look = desk.look();
    let modules = desk.modules;
    let label = |key: &str| modules.label(lang, key);
    desk.patches.with(|patches| {
        let source = Source { loaded: &loaded, look, patches, now, lang, label: &label };
        dates(view.from, view.to)
            .map(|date| {
                let day = zone.day(date);
                let mut events: Vec<Event> = view
                    .events
                    .iter()
                    // As in the list, what a filter does not look for is left out: nobody books by the gaps of a month.
                    .filter(|event| source.is_shown(event) && source.look.filter.picks(event.status, &event.face.line))
                    .filter(|event| event.start < day.end && day.start < event.end)
                    .map(|event| source.patched(event).into_owned())
                    .collect();
                platform::order::by_rank(&mut events, |event| platform::order::instant_then(event.start, event.id.0.as_u64_pair().1));
                Cell {
                    date,
                    other: date.month() != loaded.date.month(),
                    today: date == zone.date(now),
                    shut: source.closure(date),
                    lines: events.iter().map(|event| line(&source, event)).collect(),
                }
            })
            .collect()
    })
}

fn line(source: &Source<'_>, event: &Event) -> Line {
    let mut class = String::from("calendar-month-event is-");
    class.push_str(event.status.as_str());
    if event.end <= source.now {
        class.push_str(" is-past");
    }
    let mut style = String::from("--hue:");
    push_number(&mut style, i32::from(event.face.hue.unwrap_or(event.hue)));
    let mut text = clock(&source.loaded.calendar.zone, event.start);
    text.push(' ');
    text.push_str(&title(source, event));
    Line { id: event.id, class, style, text }
}

fn day_view(desk: Desk, cell: Cell) -> AnyView {
    let lang = desk.lang;
    let place = desk.place.get_untracked().shut();
    let href = Place { span: Span::Day, date: Some(cell.date), ..place }.href();
    let count = cell.lines.len();
    let long = when::long_date(lang, cell.date);
    let more = (count > FIRST).then(|| {
        let mut id = String::from("more-");
        id.push_str(&ui::when::iso(cell.date));
        let rest = (count - FIRST).to_string();
        let all: Vec<_> = cell.lines.iter().map(event_view).collect();
        view! {
            <button type="button" class="calendar-more" popovertarget=id.clone() aria-label=words::more_spoken(lang, &rest, &long)>
                {words::more(lang, &rest)}
            </button>
            <div class="calendar-popover" popover="auto" id=id role="group" aria-label=long.clone()>
                <h2>{long.clone()}</h2>
                {all}
            </div>
        }
    });
    let first: Vec<_> = cell.lines.iter().take(FIRST).map(event_view).collect();
    let counted = (count > 0).then(|| view! { <small data-count=count.to_string()>{words::event_count(lang, count as i64)}</small> });
    let is_shut = cell.shut.is_some();
    view! {
        <li class="calendar-month-day" class:is-today=cell.today class:is-other=cell.other class:is-shut=is_shut>
            <header>
                <a href=href aria-label=long aria-current=cell.today.then_some("date")>{when::day(cell.date)}</a>
                {counted}
            </header>
            {cell.shut.map(|why| view! { <span class="calendar-shut">{why}</span> })}
            {first}
            {more}
        </li>
    }
    .into_any()
}

fn event_view(line: &Line) -> impl IntoView + use<> {
    view! {
        <button type="button" class=line.class.clone() style=line.style.clone() data-id=line.id.to_string()>
            {line.text.clone()}
        </button>
    }
}
