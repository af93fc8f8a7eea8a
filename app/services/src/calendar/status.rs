//! Words and signs of states, core activity types and flags.

use crate::words;
use services::calendar::event::Status;
use ui::text::Lang;

/// `confirmed`.
pub fn word(lang: Lang, status: Status) -> &'static str {
    let mut key = String::from("status.");
    key.push_str(status.as_str());
    words::by_key(lang, &key).unwrap_or_default()
}

/// The sign beside the name, where the edge of the card does not say it all: a shape, never colour alone.
pub fn mark(status: Status) -> Option<&'static str> {
    match status {
        Status::CheckedIn => Some("arrived"),
        Status::InProgress => Some("running"),
        Status::Completed => Some("done"),
        Status::NoShow | Status::Cancelled | Status::Moved | Status::Expired => Some("gone"),
        Status::Held | Status::Pending | Status::Scheduled | Status::Confirmed => None,
    }
}

/// The name of a flag that every calendar knows.
pub fn flag(lang: Lang, flag: &str) -> Option<&'static str> {
    let mut key = String::from("flag.");
    key.push_str(flag);
    words::by_key(lang, &key)
}

/// The name of a core activity type or of another thing that core has registered.
pub fn label(lang: Lang, key: &str) -> Option<&'static str> {
    words::by_key(lang, key)
}
