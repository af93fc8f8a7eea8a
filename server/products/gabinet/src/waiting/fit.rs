//! Whether a time is one that somebody waits for. By the clock on the wall (R2).

use chrono::{Datelike, NaiveDateTime, Timelike};
use platform::id::EntityId;

use super::Waiting;

/// Whether a visit that begins at this reading with this practitioner is what they wait for.
pub fn fits(waiting: &Waiting, employee: EntityId, at: NaiveDateTime) -> bool {
    let date = at.date();
    let weekday = i16::try_from(date.weekday().number_from_monday()).unwrap_or(0);
    let minute = i32::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
    (waiting.from_date..=waiting.to_date).contains(&date)
        && (waiting.weekdays.is_empty() || waiting.weekdays.contains(&weekday))
        && (waiting.windows.is_empty() || waiting.windows.iter().any(|window| (window.from..window.to).contains(&minute)))
        && (waiting.staff.is_empty() || waiting.staff.iter().any(|one| one.id == employee))
}
