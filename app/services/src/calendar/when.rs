//! Dates and times of the grid in words.

use super::{axis::clock, axis::push_number, place::Span};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use platform::time::ZoneWindow;
use ui::{Lang, when};

/// `24`.
pub fn day(date: NaiveDate) -> String {
    let mut text = String::with_capacity(2);
    push_number(&mut text, date.day() as i32);
    text
}

/// `Tue 24`.
pub fn weekday_day(lang: Lang, date: NaiveDate) -> String {
    let mut text = String::from(when::weekday_short(lang, date));
    text.push(' ');
    text.push_str(&day(date));
    text
}

/// `Tuesday 24 November`.
pub fn long_date(lang: Lang, date: NaiveDate) -> String {
    when::day(lang, date)
}

/// The title of what is shown.
pub fn title(lang: Lang, span: Span, date: NaiveDate, from: NaiveDate, to: NaiveDate) -> String {
    match span {
        Span::Day => when::day(lang, date),
        Span::Week | Span::Fortnight | Span::Agenda | Span::Team => when::span(lang, from, to - Days::new(1)),
        Span::Month => when::month(lang, date),
    }
}

/// `10:30 – 11:15`, with offsets where the clock shows a time twice (R4).
pub fn times(zone: &ZoneWindow, start: DateTime<Utc>, end: DateTime<Utc>) -> String {
    let mut text = clock(zone, start);
    text.push_str(" – ");
    text.push_str(&clock(zone, end));
    text
}

/// `13:15`, or `Tue 24 13:15` if it is on another day than `beside`.
pub fn time_beside(lang: Lang, zone: &ZoneWindow, at: DateTime<Utc>, beside: DateTime<Utc>) -> String {
    let time = clock(zone, at);
    if zone.date(at) == zone.date(beside) {
        return time;
    }
    let mut text = weekday_day(lang, zone.date(at));
    text.push(' ');
    text.push_str(&time);
    text
}
