//! Dates and times as freely typed as picked: `tomorrow`, `+2w`, `fri`, `24.11`, `1430`.

use super::{MONTHS, MONTHS_ALONE, MONTHS_SHORT, WEEKDAYS, from_iso};
use crate::letters::lower;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};

/// Reads a date: `2026-11-24`, `24.11`, `24.11.26`, `24 nov`, `today`, `jutro`, `fri` (the next one), `+3` and `+3d`
/// (days), `+2w` (weeks), `+1m` (months). Without a year, the nearest such day not long past.
pub fn parse_date(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = lower(text.trim());
    if let Some(date) = from_iso(&text) {
        return Some(date);
    }
    match text.as_str() {
        "today" | "dzisiaj" | "dziś" | "dzis" => return Some(today),
        "tomorrow" | "jutro" => return today.succ_opt(),
        "yesterday" | "wczoraj" => return today.pred_opt(),
        "pojutrze" => return today.checked_add_days(Days::new(2)),
        _ => {}
    }
    if let Some(rest) = text.strip_prefix('+') {
        return later(rest, today);
    }
    if let Some(weekday) = named(&text, WEEKDAYS.iter().map(|names| names.as_slice())) {
        let ahead = (7 + weekday as u64 - u64::from(today.weekday().num_days_from_monday())) % 7;
        return today.checked_add_days(Days::new(if ahead == 0 { 7 } else { ahead }));
    }
    of_parts(&text, today)
}

/// `3`, `3d`, `2w`, `1m`.
fn later(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic());
    let number: u32 = digits.trim().parse().ok().filter(|number| *number < 10_000)?;
    match &text[digits.len()..] {
        "" | "d" => today.checked_add_days(Days::new(number.into())),
        "w" | "t" => today.checked_add_days(Days::new(u64::from(number) * 7)),
        "m" => today.checked_add_months(Months::new(number)),
        _ => None,
    }
}

/// `24.11`, `24/11/26`, `24 nov 2026`, `24 listopada`.
fn of_parts(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let mut parts = text.split(['.', '/', '-', ' ']).filter(|part| !part.is_empty());
    let day: u32 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = match month.parse() {
        Ok(number) => number,
        Err(_) => {
            let lists = MONTHS.iter().chain([&MONTHS_ALONE]).chain(&MONTHS_SHORT);
            named(month, lists.map(|names| names.as_slice()))? as u32 + 1
        }
    };
    let year = parts.next();
    if parts.next().is_some() {
        return None;
    }
    if let Some(year) = year {
        let number: i32 = year.parse().ok()?;
        return NaiveDate::from_ymd_opt(if year.len() == 2 { 2000 + number } else { number }, month, day);
    }
    let date = NaiveDate::from_ymd_opt(today.year(), month, day)?;
    // In December somebody who types `3.1` means next month.
    if (today - date).num_days() > 180 { date.with_year(today.year() + 1) } else { Some(date) }
}

/// The position of the name that begins with `text` (two letters at least), in any of the lists.
fn named<'a>(text: &str, mut lists: impl Iterator<Item = &'a [&'a str]>) -> Option<usize> {
    let text = text.trim_end_matches('.');
    if text.chars().count() < 2 {
        return None;
    }
    lists.find_map(|names| names.iter().position(|name| lower(name).starts_with(text)))
}

/// Reads a time of day: `14:30`, `14.30`, `1430`, `930`, `14`, `2pm`.
pub fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = lower(text.trim());
    let (text, later) = match text.strip_suffix("pm") {
        Some(rest) => (rest, 12),
        None => (text.strip_suffix("am").unwrap_or(&text), 0),
    };
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.', 'h']) {
        Some((hour, "")) => (hour, "0"),
        Some((hour, minute)) => (hour, minute),
        None if text.len() > 2 => text.split_at_checked(text.len() - 2)?,
        None => (text, "0"),
    };
    let hour: u32 = hour.trim().parse().ok()?;
    let hour = if later == 12 && hour < 12 { hour + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, minute.trim().parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        let today = day(2026, 11, 24).unwrap();
        for (text, date) in [
            ("jutro", day(2026, 11, 25)),
            ("+2w", day(2026, 12, 8)),
            ("+3", day(2026, 11, 27)),
            ("+1m", day(2026, 12, 24)),
            ("fri", day(2026, 11, 27)),
            ("wtorek", day(2026, 12, 1)),
            ("3.1", day(2027, 1, 3)),
            ("24/11/26", day(2026, 11, 24)),
            ("24 lis", day(2026, 11, 24)),
            ("1 grudnia 2026", day(2026, 12, 1)),
            ("2026-02-28", day(2026, 2, 28)),
            ("31.2", None),
            ("soon", None),
            ("", None),
            ("+", None),
        ] {
            assert_eq!(parse_date(text, today), date, "{text}");
        }
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        for (text, expected) in [
            ("14:30", time(14, 30)),
            ("14.30", time(14, 30)),
            ("1430", time(14, 30)),
            ("930", time(9, 30)),
            ("9", time(9, 0)),
            ("2pm", time(14, 0)),
            ("12pm", time(12, 0)),
            ("25:00", None),
            ("", None),
            ("noon", None),
            ("ąę1", None),
        ] {
            assert_eq!(parse_time(text), expected, "{text}");
        }
    }
}
