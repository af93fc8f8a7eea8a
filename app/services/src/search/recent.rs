//! The records that were opened from here lately, in this tab only: another person at the same desk does not find them.

use super::entries::{Entry, Group};
use app_platform::session::use_me;
use leptos::prelude::*;

const KEY: &str = "search:recent";
const AT_MOST: usize = 6;
/// Between the fields and between the lines; nobody can type them.
const FIELD: char = '\u{1f}';
const LINE: char = '\u{1e}';

/// The latest first; nothing of another person's.
pub fn read(key: &str) -> Vec<Entry> {
    let kept = storage().and_then(|storage| storage.get_item(key).ok().flatten()).unwrap_or_default();
    kept.split(LINE).filter_map(parse).collect()
}

/// Puts one in front.
pub fn keep(key: &str, entry: &Entry) {
    let mut entries = read(key);
    entries.retain(|other| other.path != entry.path);
    entries.insert(0, entry.clone());
    entries.truncate(AT_MOST);
    let lines: Vec<String> = entries.iter().map(written).collect();
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, &lines.join("\u{1e}"));
    }
}

/// This person's, in this organization.
pub fn key() -> String {
    use_me().with_untracked(|me| {
        let mut key = String::from(KEY);
        key.push_str(&me.user.to_string());
        if let Some(place) = &me.organization {
            key.push_str(&place.id.to_string());
        }
        key
    })
}

fn written(entry: &Entry) -> String {
    [&entry.icon, &entry.title, &entry.detail, &entry.kind, &entry.path].map(|field| field.replace([FIELD, LINE], " ")).join("\u{1f}")
}

fn parse(line: &str) -> Option<Entry> {
    let mut fields = line.split(FIELD).map(str::to_owned);
    let mut next = || fields.next();
    let (icon, title, detail, kind, path) = (next()?, next()?, next()?, next()?, next()?);
    Some(Entry { group: Group::Recent, icon, title, detail, kind, path, also: String::new(), alerts: Vec::new() })
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
