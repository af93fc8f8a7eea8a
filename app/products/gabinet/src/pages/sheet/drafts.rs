//! What was typed outlives a reload: it is kept in this tab, for the person who typed it, until it is saved.

use app_platform::use_me;
use leptos::prelude::*;

use super::{Sheet, Values};
use crate::pages::plain::outside;

/// Between the parts of a draft; nobody can type it.
const MARK: &str = "\u{1f}";

/// Where the draft of one form is kept.
#[derive(Clone, Copy)]
pub struct Drafts(StoredValue<String>);

impl Drafts {
    /// By the form's name and, where it changes one, the record's id.
    pub fn of(form: &str, record: &str) -> Drafts {
        let mut key = String::from("gabinet:");
        key.push_str(form);
        key.push(':');
        key.push_str(record);
        key.push(':');
        key.push_str(&use_me().with_untracked(|me| me.session.to_string()));
        Drafts(StoredValue::new(key))
    }

    /// What was kept.
    pub fn read(self) -> Option<String> {
        storage()?.get_item(&self.0.try_get_value()?).ok()?
    }

    /// Keeps this; or nothing any more.
    pub fn write(self, draft: Option<&str>) {
        let (Some(storage), Some(key)) = (storage(), self.0.try_get_value()) else { return };
        // A full or forbidden storage only costs the comfort.
        let _ = match draft {
            Some(draft) => storage.set_item(&key, draft),
            None => storage.remove_item(&key),
        };
    }

    /// Brings a sheet's draft back and keeps every change from now on.
    pub fn keep(self, sheet: Sheet) {
        let restored = RwSignal::new(false);
        // The world outside: the tab's storage. A frame later, because inputs begin by taking over what was typed into
        // them before the page came to life.
        outside(move || {
            request_animation_frame(move || {
                if restored.try_get_untracked() == Some(false) {
                    if let Some(draft) = self.read() {
                        restore(sheet, &draft);
                    }
                    restored.set(true);
                }
            });
        });
        outside(move || {
            if restored.get() {
                self.write(draft(sheet).as_deref());
            }
        });
    }
}

/// Name, what was read and what is typed, of each field; none if nothing was changed.
fn draft(sheet: Sheet) -> Option<String> {
    let parts: Vec<String> =
        sheet.entries.get_value().into_iter().map(|entry| [entry.name, &entry.read.get(), &entry.value.get()].join(MARK)).collect();
    sheet.is_changed().then(|| parts.join(MARK))
}

/// Puts the draft in as if it had been typed before others changed what they changed since.
fn restore(sheet: Sheet, draft: &str) {
    let now: Values = sheet.entries.with_value(|entries| entries.iter().map(|entry| (entry.name, entry.read.get_untracked())).collect());
    let mut parts = draft.split(MARK);
    while let (Some(name), Some(read), Some(value)) = (parts.next(), parts.next(), parts.next()) {
        if let Some(entry) = sheet.entry(name) {
            entry.read.set(read.to_owned());
            entry.value.set(value.to_owned());
        }
    }
    sheet.follow(now);
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_brought_back_onto_a_record_that_was_changed_meanwhile() {
        let owner = Owner::new();
        owner.set();
        let labels = [("name", "Name"), ("phone", "Phone")];
        let typed = Sheet::new(&labels, vec![("name", "Anna".into()), ("phone", "1".into())]);
        assert_eq!(draft(typed), None);
        typed.field("name").set("Ania".into());
        let kept = draft(typed).unwrap();
        let later = Sheet::new(&labels, vec![("name", "Anna".into()), ("phone", "2".into())]);
        restore(later, &kept);
        assert_eq!((later.get("name").as_str(), later.get("phone").as_str()), ("Ania", "2"));
    }
}
