//! Dates and times as people write them, in both languages, on a 24-hour clock. No locale library: a few words each.

mod typed;

pub use typed::{parse_date, parse_time};

use crate::text::Lang;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

const WEEKDAYS: [[&str; 7]; 2] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"],
];
const WEEKDAYS_SHORT: [[&str; 7]; 2] =
    [["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ["pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."]];
const WEEKDAYS_NARROW: [[&str; 7]; 2] = [["M", "T", "W", "T", "F", "S", "S"], ["P", "W", "Ś", "C", "P", "S", "N"]];
/// In Polish the genitive, as in a date.
const MONTHS: [[&str; 12]; 2] = [
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"],
];
const MONTHS_SHORT: [[&str; 12]; 2] = [
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"],
];
/// A month by itself.
const MONTHS_ALONE: [&str; 12] =
    ["styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"];

/// `Tuesday`, `wtorek`.
pub fn weekday(lang: Lang, date: NaiveDate) -> &'static str {
    WEEKDAYS[lang as usize][date.weekday().num_days_from_monday() as usize]
}

/// `Tue`, `wt.`
pub fn weekday_short(lang: Lang, date: NaiveDate) -> &'static str {
    WEEKDAYS_SHORT[lang as usize][date.weekday().num_days_from_monday() as usize]
}

/// `T`, `W`; 0 is Monday. For the heads of small months.
pub fn weekday_narrow(lang: Lang, from_monday: usize) -> &'static str {
    WEEKDAYS_NARROW[lang as usize][from_monday % 7]
}

/// `Tuesday`, `wtorek`; 0 is Monday.
pub fn weekday_name(lang: Lang, from_monday: usize) -> &'static str {
    WEEKDAYS[lang as usize][from_monday % 7]
}

/// `Tuesday 24 November`, `wtorek 24 listopada`.
pub fn day(lang: Lang, date: NaiveDate) -> String {
    let mut text = String::with_capacity(24);
    text.push_str(weekday(lang, date));
    text.push(' ');
    push_day_month(&mut text, date, &MONTHS[lang as usize]);
    text
}

/// `Tue 24 Nov`, `wt. 24 lis`.
pub fn day_short(lang: Lang, date: NaiveDate) -> String {
    let mut text = String::with_capacity(16);
    text.push_str(weekday_short(lang, date));
    text.push(' ');
    push_day_month(&mut text, date, &MONTHS_SHORT[lang as usize]);
    text
}

/// `24 November 2026`, `24 listopada 2026`.
pub fn date(lang: Lang, date: NaiveDate) -> String {
    let mut text = String::with_capacity(24);
    push_day_month(&mut text, date, &MONTHS[lang as usize]);
    push_year(&mut text, date);
    text
}

/// `24 Nov 2026`, `24 lis 2026`.
pub fn date_short(lang: Lang, date: NaiveDate) -> String {
    let mut text = day_month(lang, date);
    push_year(&mut text, date);
    text
}

/// `24 Nov`, `24 lis`.
pub fn day_month(lang: Lang, date: NaiveDate) -> String {
    let mut text = String::with_capacity(12);
    push_day_month(&mut text, date, &MONTHS_SHORT[lang as usize]);
    text
}

/// `November 2026`, `listopad 2026`.
pub fn month(lang: Lang, date: NaiveDate) -> String {
    let names = match lang {
        Lang::En => &MONTHS[0],
        Lang::Pl => &MONTHS_ALONE,
    };
    let mut text = String::with_capacity(16);
    text.push_str(names[date.month0() as usize]);
    push_year(&mut text, date);
    text
}

/// `23 – 29 November 2026`, `30 November – 6 December 2026`: both days inclusive.
pub fn span(lang: Lang, first: NaiveDate, last: NaiveDate) -> String {
    let mut text = String::with_capacity(32);
    match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => push_number(&mut text, first.day()),
        (true, false) => push_day_month(&mut text, first, &MONTHS[lang as usize]),
        _ => text.push_str(&date(lang, first)),
    }
    text.push_str(" – ");
    text.push_str(&date(lang, last));
    text
}

/// `today`, `tomorrow`, `yesterday` or `Tue 24 Nov`, with the year if it is another.
pub fn near(lang: Lang, date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        0 => crate::words::today(lang).into(),
        1 => crate::words::tomorrow(lang).into(),
        -1 => crate::words::yesterday(lang).into(),
        _ if date.year() == today.year() => day_short(lang, date),
        _ => date_short(lang, date),
    }
}

/// `13:05`.
pub fn clock(at: NaiveDateTime) -> String {
    clock_of(at.hour() * 60 + at.minute())
}

/// `13:05` from minutes after midnight; 1440 is `24:00`.
pub fn clock_of(minutes: u32) -> String {
    let mut text = String::with_capacity(5);
    push_two(&mut text, minutes / 60);
    text.push(':');
    push_two(&mut text, minutes % 60);
    text
}

/// `13:05 – 13:50`.
pub fn times(start: NaiveDateTime, end: NaiveDateTime) -> String {
    let mut text = clock(start);
    text.push_str(" – ");
    text.push_str(&clock(end));
    text
}

/// `Tue 24 Nov 13:05`, `today 13:05`.
pub fn moment(lang: Lang, at: NaiveDateTime, today: NaiveDate) -> String {
    let mut text = near(lang, at.date(), today);
    text.push(' ');
    text.push_str(&clock(at));
    text
}

/// `45 min`, `2 h`, `1 h 30 min`, `1 godz. 30 min`.
pub fn length(lang: Lang, minutes: i64) -> String {
    let hours = (minutes / 60).to_string();
    let rest = (minutes % 60).to_string();
    match (minutes / 60, minutes % 60) {
        (0, _) => crate::words::minutes(lang, &rest),
        (_, 0) => crate::words::hours(lang, &hours),
        _ => crate::words::hours_minutes(lang, &hours, &rest),
    }
}

/// `2026-11-24`: what addresses and date inputs hold.
pub fn iso(date: NaiveDate) -> String {
    let mut text = String::with_capacity(10);
    let year = date.year().unsigned_abs();
    push_two(&mut text, year / 100);
    push_two(&mut text, year % 100);
    text.push('-');
    push_two(&mut text, date.month());
    text.push('-');
    push_two(&mut text, date.day());
    text
}

/// Reads `2026-11-24`, and nothing else.
pub fn from_iso(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Whole years of age on a day; none before birth.
pub fn age(birth: NaiveDate, on: NaiveDate) -> Option<u32> {
    on.years_since(birth)
}

fn push_day_month(text: &mut String, date: NaiveDate, months: &[&str; 12]) {
    push_number(text, date.day());
    text.push(' ');
    text.push_str(months[date.month0() as usize]);
}

fn push_year(text: &mut String, date: NaiveDate) {
    text.push(' ');
    push_number(text, date.year().unsigned_abs());
}

fn push_two(text: &mut String, number: u32) {
    if number < 10 {
        text.push('0');
    }
    push_number(text, number);
}

fn push_number(text: &mut String, number: u32) {
    text.push_str(&number.to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuesday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
    }

    #[test]
    fn a_day_is_written_as_each_language_writes_it() {
        assert_eq!(day(Lang::En, tuesday()), "Tuesday 24 November");
        assert_eq!(day(Lang::Pl, tuesday()), "wtorek 24 listopada");
        assert_eq!(day_short(Lang::Pl, tuesday()), "wt. 24 lis");
        assert_eq!(month(Lang::Pl, tuesday()), "listopad 2026");
    }

    #[test]
    fn a_span_repeats_nothing_that_both_ends_share() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(span(Lang::En, day(2026, 11, 23), day(2026, 11, 29)), "23 – 29 November 2026");
        assert_eq!(span(Lang::En, day(2026, 11, 30), day(2026, 12, 6)), "30 November – 6 December 2026");
        assert_eq!(span(Lang::Pl, day(2026, 12, 28), day(2027, 1, 3)), "28 grudnia 2026 – 3 stycznia 2027");
    }

    #[test]
    fn an_address_date_is_read_back_and_nothing_else_is() {
        assert_eq!(from_iso(&iso(tuesday())), Some(tuesday()));
        for text in ["", "2026-11", "26-11-24", "2026-13-01", "24.11.2026"] {
            assert_eq!(from_iso(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!([45, 120, 90].map(|minutes| length(Lang::En, minutes)), ["45 min", "2 h", "1 h 30 min"]);
    }
}
