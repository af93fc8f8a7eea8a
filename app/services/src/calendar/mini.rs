//! The small month at the foot of the rail: from any day to any other in one step.
//!
//! It belongs to the calendar and stands in its part of the document, all of it links; the style sheet puts it where
//! the rail keeps a place for it.

use super::{
    data::{Shared, calendar_load},
    desk::Desk,
    place::{Place, Span, week_of},
    scene::dates,
    toolbar::shown_date,
    when,
};
use crate::words;
use chrono::{Datelike, Days, NaiveDate};
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use services::calendar::DayLoad;
use ui::{Icon, Lang};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The small month around the date that is shown.
pub fn mini_month(desk: Desk) -> AnyView {
    let lang = desk.lang;
    // What colleagues change is fetched often, and changes nothing here.
    let told = Memo::new(move |_| {
        let week_start = |loaded: &Shared| u32::try_from(loaded.calendar.location.week_start).unwrap_or(1);
        let (today, week_start) = desk.loaded.with(|loaded| loaded.as_ref().map(|loaded| (loaded.calendar.today, week_start(loaded))))?;
        Some((shown_date(desk)?, today, week_start, desk.place.get().shut()))
    });
    let loads = RwSignal::new(Vec::new());
    read_loads(desk, loads);
    let month = move || {
        let (shown, today, week_start, place) = told.get()?;
        let first = week_of(shown.with_day(1)?, week_start);
        // Always six weeks, so that nothing beside it moves from month to month.
        let days: Vec<_> =
            dates(first, first + Days::new(42)).map(|date| day(lang, &place, week_start, (shown, today), date, loads)).collect();
        let names: Vec<_> = dates(first, first + Days::new(7))
            .map(|date| view! { <span>{ui::when::weekday_narrow(lang, date.weekday().num_days_from_monday() as usize)}</span> })
            .collect();
        let turn = |forward| place.on(Some(Span::Month.step(shown, forward))).href();
        let (back, on) = (words::previous_month(lang), words::next_month(lang));
        Some(view! {
            <header>
                <a href=Place { span: Span::Month, date: Some(shown), ..place.clone() }.href()>{ui::when::month(lang, shown)}</a>
                <a class="calendar-link" href=turn(false) aria-label=back title=back><Icon name="left"/></a>
                <a class="calendar-link" href=turn(true) aria-label=on title=on><Icon name="right"/></a>
            </header>
            <div class="calendar-mini-names" aria-hidden="true">{names}</div>
            <div class="calendar-mini-days" class:is-week=!matches!(place.span, Span::Day | Span::Month) on:keydown=walk>{days}</div>
        })
    };
    view! { <nav class="calendar-mini" aria-label=words::month(lang)>{month}</nav> }.into_any()
}

/// How full a day is beside the fullest of those that are shown, in percent; nothing for an empty one.
fn share(loads: RwSignal<Vec<DayLoad>>, date: NaiveDate) -> Option<String> {
    loads.with(|loads| {
        let most = loads.iter().map(|load| load.minutes).max().filter(|most| *most > 0)?;
        let own = loads.iter().find(|load| load.date == date)?.minutes;
        Some(super::grid::property("--load:", (own * 100 / most) as i32))
    })
}

/// Reads how full the days are once the page has come to life, and again when another month is shown or something was done
/// here. Where the small month is not shown nothing is asked.
fn read_loads(desk: Desk, loads: RwSignal<Vec<DayLoad>>) {
    let asked = Memo::new(move |_| {
        let (location, week_start) = desk.loaded.with(|loaded| {
            let location = &loaded.as_ref()?.calendar.location;
            Some((location.id, u32::try_from(location.week_start).unwrap_or(1)))
        })?;
        let first = week_of(shown_date(desk)?.with_day(1)?, week_start);
        Some((location, first, desk.tick.get()))
    });
    // The world outside: the server.
    Effect::new(move |_| {
        let Some((location, first, _)) = asked.get() else { return };
        let room = window().match_media("(width >= 75rem) and (height >= 44rem)").ok().flatten();
        if room.is_some_and(|room| room.matches()) {
            spawn_local(async move {
                if let Ok(found) = calendar_load(location, first, first + Days::new(42)).await {
                    loads.try_set(found);
                }
            });
        }
    });
}

/// A day leads to itself, or to its week if weeks are shown.
fn day(
    lang: Lang,
    place: &Place,
    week_start: u32,
    (shown, today): (NaiveDate, NaiveDate),
    date: NaiveDate,
    loads: RwSignal<Vec<DayLoad>>,
) -> AnyView {
    let span = if place.span == Span::Month { Span::Day } else { place.span };
    let href = Place { span, ..place.on(Some(date)) }.href();
    let within = match place.span {
        Span::Day => date == shown,
        Span::Agenda => (0..7).contains(&(date - shown).num_days()),
        Span::Week | Span::Team | Span::Fortnight => {
            let (from, to) = place.span.range(shown, week_start);
            from <= date && date < to
        }
        // All of it is.
        Span::Month => false,
    };
    let label = move || {
        let mut text = when::long_date(lang, date);
        if let Some(count) = loads.with(|loads| loads.iter().find(|load| load.date == date).map(|load| load.count)) {
            text.push_str(", ");
            text.push_str(&words::event_count(lang, count));
        }
        text
    };
    view! {
        <a
            href=href
            style=move || share(loads, date)
            class:is-other=date.month() != shown.month()
            class:is-shown=within
            class:is-today=date == today
            aria-current=(date == today).then_some("date")
            aria-label=label
            // One tab stop for all days; arrows walk from there.
            tabindex=if date == shown { "0" } else { "-1" }
        >
            {when::day(date)}
        </a>
    }
    .into_any()
}

/// Arrows walk over the days.
fn walk(key: KeyboardEvent) {
    let by = match key.key().as_str() {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        "ArrowUp" => -7,
        "ArrowDown" => 7,
        _ => return,
    };
    key.prevent_default();
    let Some(here) = key.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Some(days) = here.parent_element().map(|parent| parent.children()) else { return };
    let Some(index) = (0..days.length()).find(|index| days.item(*index).is_some_and(|day| day.is_same_node(Some(&here)))) else { return };
    if let Some(day) = index.checked_add_signed(by).and_then(|index| days.item(index)) {
        let _ = day.unchecked_into::<HtmlElement>().focus();
    }
}
