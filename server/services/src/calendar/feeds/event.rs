//! An activity as an event of iCalendar.

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

use super::{lines::Writer, times::written};
use crate::calendar::Status;

/// What is told of an activity.
pub(super) struct Told {
    pub(super) uid: String,
    /// Which of a series it is, by the time the series gives it; empty where it is of none.
    pub(super) recurrence: String,
    /// Whole dates.
    pub(super) all_day: bool,
    pub(super) sequence: i32,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    /// That of the place, for whole dates.
    pub(super) zone: Tz,
    pub(super) status: Status,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) place: String,
    /// Whether more is known of it than is told.
    pub(super) private: bool,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
}

/// `CONFIRMED`, `TENTATIVE` for what may still fall through, `CANCELLED` for whatever does not take place.
const fn status(status: Status) -> &'static str {
    match status {
        Status::Held | Status::Pending => "TENTATIVE",
        Status::Cancelled | Status::NoShow | Status::Moved | Status::Expired => "CANCELLED",
        _ => "CONFIRMED",
    }
}

/// Writes one event.
pub(super) fn write(out: &mut Writer, told: &Told) {
    out.line("BEGIN", "VEVENT");
    out.text("UID", &told.uid);
    // Without a method this is the time of the last change, so that an unchanged feed stays the same to the letter.
    out.line("DTSTAMP", &written(told.updated));
    out.line("CREATED", &written(told.created));
    out.line("LAST-MODIFIED", &written(told.updated));
    out.line("SEQUENCE", &told.sequence.max(0).to_string());
    match told.recurrence.len() {
        0 => {}
        8 => out.line("RECURRENCE-ID;VALUE=DATE", &told.recurrence),
        _ => out.line("RECURRENCE-ID", &told.recurrence),
    }
    if told.all_day {
        let (first, end) = (told.start.with_timezone(&told.zone), told.end.with_timezone(&told.zone));
        // The end is exclusive (R14); a part of a date is the date.
        let whole = end.time() == NaiveTime::MIN;
        let end = if whole { end.date_naive() } else { end.date_naive().checked_add_days(Days::new(1)).unwrap_or(end.date_naive()) };
        out.line("DTSTART;VALUE=DATE", &first.date_naive().format("%Y%m%d").to_string());
        out.line("DTEND;VALUE=DATE", &end.format("%Y%m%d").to_string());
    } else {
        out.line("DTSTART", &written(told.start));
        out.line("DTEND", &written(told.end));
    }
    out.text("SUMMARY", &told.summary);
    if !told.description.is_empty() {
        out.text("DESCRIPTION", &told.description);
    }
    if !told.place.is_empty() {
        out.text("LOCATION", &told.place);
    }
    out.line("STATUS", status(told.status));
    out.line("TRANSP", if told.status.occupies() { "OPAQUE" } else { "TRANSPARENT" });
    if told.private {
        out.line("CLASS", "PRIVATE");
    }
    out.line("END", "VEVENT");
}
