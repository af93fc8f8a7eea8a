//! Dates and times of iCalendar: whole dates, instants, and readings of a clock in a zone.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{lines::Line, zones};
use crate::calendar::recurrence::resolve;

/// A point in time as a file writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// A whole date (R14).
    Date(NaiveDate),
    /// A reading of the clock in a zone.
    Wall(NaiveDateTime, Tz),
}

impl When {
    /// By the clock of its zone; a date is its midnight.
    pub(super) fn reading(self) -> NaiveDateTime {
        match self {
            When::Date(date) => date.into(),
            When::Wall(reading, _) => reading,
        }
    }

    /// The zone in which it is read; that of the place for dates.
    pub(super) fn zone(self, home: Tz) -> Tz {
        match self {
            When::Date(_) => home,
            When::Wall(_, zone) => zone,
        }
    }

    /// The instant it is at a place.
    pub(super) fn instant(self, home: Tz) -> DateTime<Utc> {
        resolve(self.zone(home), self.reading())
    }

    /// By which one of a series is named.
    pub(super) fn key(self, home: Tz) -> String {
        match self {
            When::Date(date) => date.format("%Y%m%d").to_string(),
            When::Wall(..) => written(self.instant(home)),
        }
    }
}

/// Why a time could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    Time,
    Zone,
}

/// The point in time of a property's value. One without a zone is read at home.
pub(super) fn when(line: &Line, value: &str, home: Tz) -> Result<When, Unreadable> {
    let value = value.trim();
    if value.len() == 8 {
        return date(value).map(When::Date).ok_or(Unreadable::Time);
    }
    let (reading, utc) = match value.strip_suffix('Z') {
        Some(reading) => (reading, true),
        None => (value, false),
    };
    let (day, time) = reading.split_once('T').ok_or(Unreadable::Time)?;
    let digits = time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from: usize| time.get(from..from + 2).and_then(|two| two.parse::<u32>().ok());
    let (hour, minute, second) = match (number(0), number(2), number(4)) {
        // A leap second is the last one of its minute.
        (Some(hour), Some(minute), Some(second)) if digits => (hour, minute, second.min(59)),
        _ => return Err(Unreadable::Time),
    };
    let reading = date(day).and_then(|day| day.and_hms_opt(hour, minute, second)).ok_or(Unreadable::Time)?;
    let zone = match (utc, line.parameter("TZID")) {
        (true, _) => Tz::UTC,
        (false, None) => home,
        (false, Some(name)) => zones::zone(name).ok_or(Unreadable::Zone)?,
    };
    Ok(When::Wall(reading, zone))
}

fn date(value: &str) -> Option<NaiveDate> {
    if value.len() != 8 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(value[..4].parse().ok()?, value[4..6].parse().ok()?, value[6..].parse().ok()?)?;
    (1970..=2200).contains(&date.year()).then_some(date)
}

/// A length: days and weeks are of the calendar, all else elapses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) days: i64,
    pub(super) elapsed: TimeDelta,
}

/// `P1DT2H30M`, `P2W`.
pub(super) fn length(value: &str) -> Option<Length> {
    let value = value.trim().trim_start_matches('+').strip_prefix('P')?;
    let mut length = Length::default();
    let mut number = String::new();
    for letter in value.chars() {
        if letter.is_ascii_digit() && number.len() < 6 {
            number.push(letter);
            continue;
        }
        if letter == 'T' && number.is_empty() {
            continue;
        }
        let amount: i64 = std::mem::take(&mut number).parse().ok()?;
        match letter {
            'W' => length.days += amount * 7,
            'D' => length.days += amount,
            'H' => length.elapsed += TimeDelta::hours(amount),
            'M' => length.elapsed += TimeDelta::minutes(amount),
            'S' => length.elapsed += TimeDelta::seconds(amount),
            _ => return None,
        }
    }
    number.is_empty().then_some(length)
}

/// An instant as iCalendar writes it.
pub(super) fn written(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read() {
        assert_eq!(length("P1DT2H30M"), Some(Length { days: 1, elapsed: TimeDelta::minutes(150) }));
        assert_eq!(length("P2W"), Some(Length { days: 14, elapsed: TimeDelta::zero() }));
        for wrong in ["", "1D", "P1", "-P1D", "PX", "P9999999D"] {
            assert_eq!(length(wrong), None, "{wrong}");
        }
    }
}
