//! What is wrong with what was told, each by its field: `resources[0].busy[0].end`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use platform::{Error, Result, error::FieldError};

/// More than these help nobody.
const MOST: usize = 100;

/// A field's path, written only if there is something to say of it.
pub(super) type Path<'a> = &'a dyn Fn() -> String;

/// Collects the faults. What cannot be read is replaced by something harmless, as nothing is done with it.
#[derive(Debug, Default)]
pub(super) struct Faults {
    listed: Vec<FieldError>,
    found: usize,
}

impl Faults {
    /// Notes a fault.
    pub(super) fn refuse(&mut self, field: impl Into<String>, code: &str, message: impl Into<String>) {
        self.found += 1;
        if self.listed.len() < MOST {
            self.listed.push(FieldError { field: field.into(), code: code.into(), message: message.into() });
        }
    }

    /// How many there are so far: what is only wrong because something else is wrong need not be told.
    pub(super) fn count(&self) -> usize {
        self.found
    }

    /// # Errors
    /// `Invalid` with all faults, if there are any.
    pub(super) fn finish(self) -> Result<()> {
        if self.listed.is_empty() { Ok(()) } else { Err(Error::Invalid(self.listed)) }
    }

    /// A whole number between two.
    pub(super) fn number(&mut self, field: Path, number: i64, least: i64, most: i64) -> i32 {
        if !(least..=most).contains(&number) {
            self.refuse(field(), "range", format!("A number from {least} to {most} is needed."));
            return i32::try_from(least).unwrap_or_default();
        }
        i32::try_from(number).unwrap_or_default()
    }

    /// A list of at most so many.
    pub(super) fn list<'a, T>(&mut self, field: Path, list: Option<&'a [T]>, most: usize) -> &'a [T] {
        let list = list.unwrap_or_default();
        if list.len() > most {
            self.refuse(field(), "too_long", format!("At most {most} are possible."));
            return &[];
        }
        list
    }

    /// A word of one to so many characters.
    pub(super) fn word(&mut self, field: Path, word: &str, most: usize) {
        if word.trim().is_empty() {
            self.refuse(field(), "required", "This is needed.");
        } else if word.chars().count() > most {
            self.refuse(field(), "too_long", format!("At most {most} characters are possible."));
        }
    }

    /// `2027-03-28`, between 1970 and 2200.
    pub(super) fn date(&mut self, field: Path, text: &str) -> NaiveDate {
        let read = Some(text).filter(|text| shape(text, b"0000-00-00")).and_then(|text| text.parse::<NaiveDate>().ok());
        let Some(date) = read else {
            self.refuse(field(), "date", "A date like 2027-03-28 is needed.");
            return NaiveDate::default();
        };
        self.year(field, date.year());
        date
    }

    /// `2027-03-28T00:00:00+01:00`, between 1970 and 2200; the seconds may be left out.
    pub(super) fn instant(&mut self, field: Path, text: &str) -> DateTime<Utc> {
        let Some(instant) = instant(text) else {
            self.refuse(field(), "time", "An instant with its offset like 2027-03-28T00:00:00+01:00 is needed.");
            return DateTime::UNIX_EPOCH;
        };
        self.year(field, instant.year());
        instant.to_utc()
    }

    /// `2027-03-28T02:30`, what a clock shows; seconds are possible.
    pub(super) fn local(&mut self, field: Path, text: &str) -> NaiveDateTime {
        let read = if shape(text, b"0000-00-00T00:00") {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()
        } else if shape(text, b"0000-00-00T00:00:00") {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok().filter(|_| !text.ends_with("60"))
        } else {
            None
        };
        let Some(read) = read else {
            self.refuse(field(), "time", "A local time like 2027-03-28T02:30 is needed.");
            return NaiveDateTime::default();
        };
        self.year(field, read.year());
        read
    }

    /// `09:00` in minutes after midnight.
    pub(super) fn start(&mut self, field: Path, text: &str) -> i16 {
        clock(text).filter(|minutes| *minutes < 1440).unwrap_or_else(|| {
            self.refuse(field(), "time", "A time like 09:00 is needed.");
            0
        })
    }

    /// The same, or `24:00`.
    pub(super) fn end(&mut self, field: Path, text: &str) -> i16 {
        clock(text).unwrap_or_else(|| {
            self.refuse(field(), "time", "A time like 17:00 or 24:00 is needed.");
            0
        })
    }

    fn year(&mut self, field: Path, year: i32) {
        if !(1970..=2200).contains(&year) {
            self.refuse(field(), "range", "The year must lie between 1970 and 2200.");
        }
    }
}

/// `HH:MM` in minutes after midnight, up to 24:00.
pub(super) fn clock(text: &str) -> Option<i16> {
    let (hours, minutes) = Some(text).filter(|text| shape(text, b"00:00"))?.split_once(':')?;
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
}

fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    // RFC 3339 asks for the seconds; who leaves them out means a full minute.
    let instant = match text.as_bytes().get(16) {
        Some(b':') => DateTime::parse_from_rfc3339(text).ok()?,
        Some(_) => DateTime::parse_from_rfc3339(&format!("{}:00{}", text.get(..16)?, text.get(16..)?)).ok()?,
        None => return None,
    };
    // A leap second is on no calendar.
    (instant.timestamp_subsec_nanos() < 1_000_000_000).then_some(instant)
}

/// Whether the text has digits where the form has zeros, and is the form elsewhere.
fn shape(text: &str, form: &[u8]) -> bool {
    text.len() == form.len() && text.bytes().zip(form).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form })
}
