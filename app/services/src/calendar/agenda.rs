//! The agenda: seven days as one list, entry below entry. It is what a narrow screen and a printer like best.

use super::{
    desk::Desk,
    place::{Place, Span},
    scene::{Source, dates, marks, spoken_of, title},
    status, when,
};
use crate::words;
use chrono::NaiveDate;
use leptos::prelude::*;
use platform::id::EntityId;
use services::calendar::event::ResourceKind;
use ui::Empty;
use wasm_bindgen::JsCast;

/// A day of the list.
struct Day {
    date: NaiveDate,
    today: bool,
    rows: Vec<Row>,
}

/// An entry of the list.
struct Row {
    id: EntityId,
    class: String,
    hue: i32,
    spoken: String,
    times: String,
    marks: String,
    title: String,
    line: String,
    who: String,
    state: &'static str,
}

/// The list.
pub fn view(desk: Desk) -> AnyView {
    let click = move |click: web_sys::MouseEvent| {
        let target = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some((id, _)) = target.as_ref().and_then(super::event::event_at) {
            desk.open(id);
        }
    };
    let list = move || {
        let days = days(desk);
        if days.is_empty() {
            let lang = desk.lang;
            return view! { <Empty icon="calendar" title=words::agenda_empty_title(lang) text=words::agenda_empty(lang)/> }.into_any();
        }
        days.into_iter().map(|day| day_view(desk, day)).collect::<Vec<_>>().into_any()
    };
    view! { <div class="calendar-agenda" on:click=click>{list}</div> }.into_any()
}

fn days(desk: Desk) -> Vec<Day> {
    let Some(loaded) = desk.loaded.get() else { return Vec::new() };
    if loaded.span != Span::Agenda {
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
        let mut days = Vec::new();
        for date in dates(view.from, view.to) {
            let day = view.zone.day(date);
            let mut events: Vec<_> = view.events.iter().map(|event| source.patched(event)).collect();
            // A filtered list leaves out what does not matter: nothing is booked on it by its gaps.
            events.retain(|event| {
                source.is_shown(event)
                    && source.look.filter.picks(event.status, &event.face.line)
                    && day.start <= event.start
                    && event.start < day.end
            });
            platform::order::by_rank(&mut events, |event| platform::order::instant_then(event.start, event.id.0.as_u64_pair().1));
            let rows: Vec<Row> = events
                .iter()
                .map(|event| {
                    let mut class = String::from("calendar-entry is-");
                    class.push_str(event.status.as_str());
                    if event.end <= now {
                        class.push_str(" is-past");
                    }
                    let person = |id: &EntityId| source.resource(*id).filter(|resource| resource.kind == ResourceKind::Staff);
                    let who =
                        event.resources.iter().filter_map(person).map(|resource| resource.name.as_str()).collect::<Vec<_>>().join(", ");
                    let (mut marks, count) = marks(event);
                    marks.push_str("--count:");
                    super::axis::push_number(&mut marks, count);
                    Row {
                        id: event.id,
                        class,
                        hue: i32::from(event.face.hue.unwrap_or(event.hue)),
                        spoken: spoken_of(&source, date, event),
                        times: when::times(&view.zone, event.start, event.end),
                        marks,
                        title: title(&source, event),
                        line: event.face.line.clone(),
                        who,
                        state: status::word(lang, event.status),
                    }
                })
                .collect();
            if !rows.is_empty() {
                days.push(Day { date, today: date == view.today, rows });
            }
        }
        days
    })
}

fn day_view(desk: Desk, day: Day) -> AnyView {
    let lang = desk.lang;
    let place = desk.place.get_untracked().shut();
    let href = Place { span: Span::Day, date: Some(day.date), ..place }.href();
    let count = words::event_count(lang, day.rows.len() as i64);
    let rows: Vec<_> = day.rows.into_iter().map(row_view).collect();
    view! {
        <section class:is-today=day.today>
            <h2><a href=href>{when::long_date(lang, day.date)}</a>" "<small>{count}</small></h2>
            <ol>{rows}</ol>
        </section>
    }
    .into_any()
}

fn row_view(row: Row) -> AnyView {
    let mut style = String::from("--hue:");
    super::axis::push_number(&mut style, row.hue);
    view! {
        <li>
            <button type="button" class=row.class style=style data-id=row.id.to_string()>
                <i class="visually-hidden">{row.spoken}</i>
                <time aria-hidden="true">{row.times}</time>
                <b aria-hidden="true">{row.title}<i class="calendar-marks" style=row.marks></i></b>
                <span aria-hidden="true">{row.line}</span>
                <span aria-hidden="true">{row.who}</span>
                <small aria-hidden="true">{row.state}</small>
            </button>
        </li>
    }
    .into_any()
}
