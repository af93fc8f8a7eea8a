//! A week of many: people, rooms or devices down, days across. Each cell says how full the day is and leads to it.

use super::{
    desk::Desk,
    place::{Place, Span},
    scene::{Source, dates, title},
    when,
};
use crate::words;
use chrono::NaiveDate;
use leptos::prelude::*;
use platform::id::EntityId;
use ui::Avatar;
use wasm_bindgen::JsCast;

/// How many entries a cell names.
const FIRST: usize = 3;

/// One line of the table.
struct Row {
    name: String,
    hue: u16,
    cells: Vec<Cell>,
}

/// One's day.
struct Cell {
    date: NaiveDate,
    away: Option<String>,
    hours: String,
    load: i32,
    count: usize,
    first: Vec<(EntityId, String, i32, String)>,
}

/// The table.
pub fn view(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let click = move |click: web_sys::MouseEvent| {
        let target = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some((id, _)) = target.as_ref().and_then(super::event::event_at) {
            desk.open(id);
        }
    };
    let heads = move || {
        let Some(loaded) = desk.loaded.get() else { return Vec::new() };
        let place = desk.place.get().shut();
        dates(loaded.calendar.from, loaded.calendar.to)
            .map(|date| {
                let href = Place { span: Span::Day, date: Some(date), ..place.clone() }.href();
                let today = date == loaded.calendar.today;
                view! {
                    <th scope="col" class:is-today=today>
                        <a href=href>
                            <i class="visually-hidden">{when::long_date(lang, date)}</i>
                            <span aria-hidden="true">{when::weekday_day(lang, date)}</span>
                        </a>
                    </th>
                }
            })
            .collect::<Vec<_>>()
    };
    let body = move || rows(desk).into_iter().map(|row| row_view(desk, row)).collect::<Vec<_>>();
    view! {
        <div class="calendar-team" on:click=click tabindex="0" role="region" aria-label=words::team(lang)>
            <table>
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn rows(desk: Desk) -> Vec<Row> {
    let Some(loaded) = desk.loaded.get() else { return Vec::new() };
    if loaded.span != Span::Team {
        return Vec::new();
    }
    let view = &loaded.calendar;
    let lang = desk.lang;
    let now = desk.now.get().unwrap_or(view.now);
    let look = desk.look();
    let modules = desk.modules;
    let label = |key: &str| modules.label(lang, key);
    desk.patches.with(|patches| {
        let source = Source { loaded: &loaded, look, patches, now, lang, label: &label };
        let filter = &source.look.filter.columns;
        let mut resources: Vec<_> = view.resources.iter().filter(|resource| resource.kind == source.look.kind).collect();
        resources.retain(|resource| filter.is_empty() || filter.contains(&resource.id));
        let order = &source.look.order;
        platform::order::by_rank(&mut resources, |resource| order.iter().position(|id| *id == resource.id).unwrap_or(order.len()) as i128);
        resources
            .into_iter()
            .map(|resource| {
                let cells = dates(view.from, view.to)
                    .map(|date| {
                        let (column, mut events) = source.day_of(date, resource);
                        let load = column.load_of(&events);
                        events.retain(|event| source.look.filter.picks(event.status, &event.face.line));
                        let first = events
                            .iter()
                            .take(FIRST)
                            .map(|event| {
                                let mut text = super::axis::clock(&view.zone, event.start);
                                text.push(' ');
                                text.push_str(&title(&source, event));
                                let mut class = String::from("calendar-month-event is-");
                                class.push_str(event.status.as_str());
                                (event.id, text, i32::from(event.face.hue.unwrap_or(event.hue)), class)
                            })
                            .collect();
                        Cell { date, away: column.absent, hours: column.hours, load, count: events.len(), first }
                    })
                    .collect();
                Row { name: resource.name.clone(), hue: resource.hue, cells }
            })
            .collect()
    })
}

fn row_view(desk: Desk, row: Row) -> AnyView {
    let name = row.name.clone();
    let cells: Vec<_> = row.cells.into_iter().map(|cell| cell_view(desk, cell)).collect();
    view! {
        <tr>
            <th scope="row"><Avatar name=row.name hue=row.hue/>" "{name}</th>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell_view(desk: Desk, cell: Cell) -> AnyView {
    let lang = desk.lang;
    if let Some(away) = cell.away {
        return view! { <td class="is-away"><small>{away}</small></td> }.into_any();
    }
    let mut style = String::from("--load:");
    super::axis::push_number(&mut style, cell.load);
    let place = desk.place.get_untracked().shut();
    let href = Place { span: Span::Day, date: Some(cell.date), ..place }.href();
    let rest = cell.count.saturating_sub(FIRST);
    let more = (rest > 0).then(|| view! { <a class="calendar-more" href=href>{words::more(lang, &rest.to_string())}</a> });
    let first: Vec<_> = cell
        .first
        .into_iter()
        .map(|(id, text, hue, class)| {
            let mut style = String::from("--hue:");
            super::axis::push_number(&mut style, hue);
            view! { <button type="button" class=class style=style data-id=id.to_string()>{text}</button> }
        })
        .collect();
    view! {
        <td>
            <small>{cell.hours}" · "{words::event_count(lang, cell.count as i64)}</small>
            <i class="calendar-load" style=style></i>
            {first}
            {more}
        </td>
    }
    .into_any()
}
