//! The day sheet of a practitioner: what comes when, where, and room to write.

use super::{Printed, frame};
use crate::{
    calendar::{status, when::times},
    words,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use platform::{id::EntityId, time::Interval};
use services::calendar::{
    Status,
    event::{CalendarView, Closed, Event, Hours, Resource, ResourceKind},
    slots::Rule,
};
use ui::when;

/// One sheet for everybody who works or has a visit on the day.
pub fn sheets(printed: &Printed<'_>) -> AnyView {
    let asked = printed.asked.of;
    let staff = printed.view.resources.iter().filter(|resource| resource.kind == ResourceKind::Staff);
    let sheets: Vec<AnyView> = staff
        .filter(|person| asked.is_none_or(|of| of == person.id))
        .filter_map(|person| sheet(printed, person, asked.is_some()))
        .collect();
    if sheets.is_empty() {
        let lang = printed.lang;
        return view! {
            <section class="sheet">
                {frame::head(printed, words::print_nobody(lang).to_owned(), when::date(lang, printed.date), String::new())}
            </section>
        }
        .into_any();
    }
    sheets.into_any()
}

/// A row of the sheet.
enum Row<'a> {
    Visit(&'a Event),
    Away(&'a Closed, Interval),
}

impl Row<'_> {
    fn start(&self) -> DateTime<Utc> {
        match self {
            Row::Visit(event) => event.start,
            Row::Away(_, during) => during.start,
        }
    }
}

fn sheet(printed: &Printed<'_>, person: &Resource, wanted: bool) -> Option<AnyView> {
    let (lang, view) = (printed.lang, printed.view);
    let day = view.zone.day(printed.date);
    let hours = view.hours.iter().find(|hours| hours.resource == person.id);
    // What is cancelled or moved away has no place on a plan for the day.
    let visits = view.events.iter().filter(|event| event.status.occupies() && event.resources.contains(&person.id));
    let visits: Vec<Row<'_>> = visits.filter(|event| event.start < day.end && event.end > day.start).map(Row::Visit).collect();
    let windows = hours.map(|hours| worked(hours, day)).unwrap_or_default();
    if visits.is_empty() && windows.is_empty() && !wanted {
        return None;
    }
    let number = visits.len() as i64;
    let away =
        hours.into_iter().flat_map(|hours| &hours.closed).filter_map(|closed| Some(Row::Away(closed, closed.during.intersect(&day)?)));
    let mut rows: Vec<Row<'_>> = away.chain(visits).collect();
    rows.sort_by_key(Row::start);
    let spans: Vec<String> = windows.iter().map(|window| times(&view.zone, window.start, window.end)).collect();
    let facts = [spans.join(", "), words::print_visits(lang, number)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let rows: Vec<AnyView> = rows
        .into_iter()
        .map(|row| match row {
            Row::Visit(event) => visit(printed, person.id, event),
            Row::Away(closed, during) => absence(printed, closed, during),
        })
        .collect();
    Some(
        view! {
            <section class="sheet">
                {frame::head(printed, person.name.clone(), when_of(printed), facts.join(" · "))}
                <table>
                    <thead>
                        <tr>
                            <th scope="col" class="time">{words::print_time(lang)}</th>
                            <th scope="col" class="patient">{words::print_patient(lang)}</th>
                            <th scope="col" class="treatment">{words::print_treatment(lang)}</th>
                            <th scope="col" class="room">{words::print_room(lang)}</th>
                            <th scope="col" class="notes">{words::print_notes(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

fn when_of(printed: &Printed<'_>) -> String {
    [when::weekday(printed.lang, printed.date), &when::date(printed.lang, printed.date)].join(" ")
}

/// The windows of the day, without the leave and the closures that take them away; breaks are rows of their own.
fn worked(hours: &Hours, day: Interval) -> Vec<Interval> {
    let away: Vec<Interval> = hours.closed.iter().filter(|closed| closed.rule != Rule::Break).map(|closed| closed.during).collect();
    hours.windows.iter().filter_map(|window| window.intersect(&day)).flat_map(|window| window.subtract(&away)).collect()
}

fn visit(printed: &Printed<'_>, of: EntityId, event: &Event) -> AnyView {
    let (lang, view) = (printed.lang, printed.view);
    let title = if event.is_veiled() { words::print_taken(lang).to_owned() } else { event.title.clone() };
    let flags: Vec<&str> = event.face.flags.iter().filter_map(|flag| status::flag(lang, flag)).collect();
    let status = (event.status != Status::Scheduled).then(|| status::word(lang, event.status));
    let line = if event.face.line.is_empty() {
        status::label(lang, &event.activity_type).unwrap_or_default().to_owned()
    } else {
        event.face.line.clone()
    };
    view! {
        <tr>
            <td class="time">{times(&view.zone, event.start, event.end)}</td>
            <td class="patient"><b>{title}</b>{status.map(|status| view! { <span>{status}</span> })}</td>
            <td class="treatment">{line}{with(view, of, event).map(|with| view! { <span>{with}</span> })}</td>
            <td class="room">{rooms(view, event)}</td>
            <td class="notes">{(!flags.is_empty()).then(|| view! { <em>{flags.join(", ")}</em> })}</td>
        </tr>
    }
    .into_any()
}

/// The colleagues who are there too.
fn with(view: &CalendarView, of: EntityId, event: &Event) -> Option<String> {
    let names = names(view, event, |resource| resource.kind == ResourceKind::Staff && resource.id != of);
    (!names.is_empty()).then(|| ["+ ", &names].concat())
}

/// Rooms and devices by name, or what the module says of the place.
fn rooms(view: &CalendarView, event: &Event) -> String {
    let names = names(view, event, |resource| resource.kind != ResourceKind::Staff);
    if names.is_empty() { event.face.place.clone() } else { names }
}

fn names(view: &CalendarView, event: &Event, wanted: impl Fn(&Resource) -> bool) -> String {
    let resources = view.resources.iter().filter(|resource| event.resources.contains(&resource.id) && wanted(resource));
    resources.map(|resource| resource.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn absence(printed: &Printed<'_>, closed: &Closed, during: Interval) -> AnyView {
    let all_day = during == printed.view.zone.day(printed.date);
    let time = if all_day { words::print_all_day(printed.lang).to_owned() } else { times(&printed.view.zone, during.start, during.end) };
    view! {
        <tr class="away">
            <td class="time">{time}</td>
            <td colspan="4">{why(printed, closed)}</td>
        </tr>
    }
    .into_any()
}

/// `Break`, or the holiday's name.
pub fn why(printed: &Printed<'_>, closed: &Closed) -> String {
    let lang = printed.lang;
    let word = match closed.rule {
        Rule::Break => words::print_break(lang),
        Rule::Closure => words::print_closed(lang),
        _ => words::print_leave(lang),
    };
    if closed.label.is_empty() { word.to_owned() } else { closed.label.clone() }
}
