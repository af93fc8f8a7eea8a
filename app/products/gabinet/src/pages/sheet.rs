//! The fields of a form over a record that others may change meanwhile (R18). What they change in fields left alone
//! here is taken over; where both have changed one, the own text stays and theirs is shown beside it. What was typed
//! outlives a reload of the page.

mod clashes;
mod drafts;

pub use clashes::Clashes;
pub use drafts::Drafts;

use leptos::prelude::*;
use platform::error::{FieldError, Problem};
use ui::Failure;

/// One field.
#[derive(Clone, Copy)]
struct Entry {
    name: &'static str,
    label: &'static str,
    /// As it is typed.
    value: RwSignal<String>,
    /// As it was read, or saved last.
    read: RwSignal<String>,
    /// Whether the value can be read by people; ids and hues can't.
    plain: bool,
}

/// A field that somebody else has changed too.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub name: &'static str,
    pub label: &'static str,
    pub theirs: String,
    pub plain: bool,
}

/// The fields.
#[derive(Clone, Copy)]
pub struct Sheet {
    entries: StoredValue<Vec<Entry>>,
    clashes: RwSignal<Vec<Clash>>,
}

/// A field's name and its value.
pub type Values = Vec<(&'static str, String)>;

impl Sheet {
    /// Fields with their labels, and what the record says.
    pub fn new(labels: &[(&'static str, &'static str)], values: Values) -> Sheet {
        let entries = values
            .into_iter()
            .map(|(name, value)| {
                let label = labels.iter().find(|(known, _)| *known == name).map_or("", |(_, label)| *label);
                Entry { name, label, value: RwSignal::new(value.clone()), read: RwSignal::new(value), plain: true }
            })
            .collect();
        Sheet { entries: StoredValue::new(entries), clashes: RwSignal::new(Vec::new()) }
    }

    /// Fields whose values mean nothing to people.
    pub fn coded(self, names: &[&str]) -> Sheet {
        self.entries.update_value(|entries| {
            for entry in entries.iter_mut().filter(|entry| names.contains(&entry.name)) {
                entry.plain = false;
            }
        });
        self
    }

    fn entry(self, name: &str) -> Option<Entry> {
        self.entries.with_value(|entries| entries.iter().find(|entry| entry.name == name).copied())
    }

    /// What is typed into a field.
    pub fn field(self, name: &str) -> RwSignal<String> {
        self.entry(name).map_or_else(|| RwSignal::new(String::new()), |entry| entry.value)
    }

    /// What is typed into a field now.
    pub fn get(self, name: &str) -> String {
        self.field(name).get_untracked()
    }

    /// What is typed into a field now; none if it is blank.
    pub fn filled(self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.trim().is_empty())
    }

    /// Names and labels, for [`ui::ErrorSummary`].
    pub fn labels(self) -> Vec<(&'static str, &'static str)> {
        self.entries.with_value(|entries| entries.iter().map(|entry| (entry.name, entry.label)).collect())
    }

    /// Whether something is typed that is not saved.
    pub fn is_changed(self) -> bool {
        self.entries.get_value().into_iter().any(|entry| entry.read.with(|read| entry.value.with(|value| value != read)))
    }

    /// All is as the record says again.
    pub fn reset(self) {
        for entry in self.entries.get_value() {
            entry.value.set(entry.read.get_untracked());
        }
        self.clashes.set(Vec::new());
    }

    /// The record is as these values now: by one's own saving, or by somebody else's.
    pub fn follow(self, values: Values) {
        let mut clashes = Vec::new();
        for (name, theirs) in values {
            let Some(entry) = self.entry(name) else { continue };
            let (read, value) = (entry.read.get_untracked(), entry.value.get_untracked());
            if read == theirs {
                // What clashed before still does until it is decided.
                clashes.extend(self.clashes.with_untracked(|clashes| clashes.iter().find(|clash| clash.name == name).cloned()));
                continue;
            }
            if value == read {
                entry.value.set(theirs.clone());
            } else if value != theirs {
                clashes.push(Clash { name: entry.name, label: entry.label, theirs: theirs.clone(), plain: entry.plain });
            }
            entry.read.set(theirs);
        }
        self.clashes.set(clashes);
    }

    /// What was typed has been saved so: with the server's spelling, unless more was typed meanwhile.
    pub fn saved(self, sent: &Values, values: Values) {
        self.clashes.set(Vec::new());
        for (name, sent) in sent {
            if let Some(entry) = self.entry(name)
                && entry.value.with_untracked(|value| value == sent)
            {
                entry.read.set(sent.clone());
            }
        }
        self.follow(values);
    }

    /// All that is typed now.
    pub fn values(self) -> Values {
        self.entries.with_value(|entries| entries.iter().map(|entry| (entry.name, entry.value.get_untracked())).collect())
    }
}

/// What this page itself finds wrong, in the shape in which the server tells it.
#[derive(Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Notes a fault, with a text in the reader's language.
    pub fn add(&mut self, field: &str, text: &str) {
        self.0.push(FieldError { field: field.into(), code: "typed".into(), message: text.into() });
    }

    /// The value, or the text that says what is wrong with the field.
    pub fn take<T>(&mut self, field: &str, value: Option<T>, text: &str) -> Option<T> {
        if value.is_none() {
            self.add(field, text);
        }
        value
    }

    /// All faults together.
    pub fn failure(self) -> Failure {
        let mut problem = Problem::new(422, "invalid", "Not accepted", "");
        problem.errors = self.0;
        Failure::from(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> (Owner, Sheet) {
        let owner = Owner::new();
        owner.set();
        (owner, Sheet::new(&[("name", "Name"), ("phone", "Phone")], vec![("name", "Anna".into()), ("phone", "1".into())]))
    }

    #[test]
    fn what_others_change_in_fields_left_alone_is_taken_over() {
        let (_owner, sheet) = sheet();
        sheet.field("name").set("Anna Maria".into());
        sheet.follow(vec![("name", "Anna".into()), ("phone", "2".into())]);
        assert_eq!((sheet.get("name").as_str(), sheet.get("phone").as_str()), ("Anna Maria", "2"));
        assert!(sheet.clashes.with_untracked(Vec::is_empty));
    }

    #[test]
    fn where_both_have_changed_a_field_ones_own_text_stays_and_theirs_is_shown() {
        let (_owner, sheet) = sheet();
        sheet.field("phone").set("3".into());
        sheet.follow(vec![("name", "Anna".into()), ("phone", "2".into())]);
        assert_eq!(sheet.get("phone"), "3");
        assert_eq!(sheet.clashes.with_untracked(|clashes| clashes[0].theirs.clone()), "2");
        // Saving one's own decides it.
        let sent = sheet.values();
        sheet.saved(&sent, vec![("name", "Anna".into()), ("phone", "+483".into())]);
        assert_eq!(sheet.get("phone"), "+483");
        assert!(!sheet.is_changed() && sheet.clashes.with_untracked(Vec::is_empty));
    }
}
