//! What has happened to a record, read from the one action log: what was changed, by whom, through which door; how the
//! record was at any instant; and what of it can be undone.

#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
mod undo;
#[cfg(feature = "ssr")]
pub use sql::{as_of, list};
#[cfg(feature = "ssr")]
pub use undo::undo;

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::subjects::Subject;

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The record itself.
    Record,
    Notes,
    Tasks,
    Documents,
    Links,
    Tags,
}

impl EntryKind {
    /// In the order in which they are offered.
    pub const ALL: [EntryKind; 6] =
        [EntryKind::Record, EntryKind::Notes, EntryKind::Tasks, EntryKind::Documents, EntryKind::Links, EntryKind::Tags];

    /// The word sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            EntryKind::Record => "record",
            EntryKind::Notes => "notes",
            EntryKind::Tasks => "tasks",
            EntryKind::Documents => "documents",
            EntryKind::Links => "links",
            EntryKind::Tags => "tags",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<EntryKind> {
        EntryKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What a verb of the log is about.
    pub fn of(verb: &str) -> EntryKind {
        match verb {
            "linked" | "link_changed" | "unlinked" => EntryKind::Links,
            "tagged" | "untagged" => EntryKind::Tags,
            "note_added" | "note_changed" | "note_deleted" | "note_restored" => EntryKind::Notes,
            _ if verb.starts_with("task_") => EntryKind::Tasks,
            _ if verb.starts_with("document_") => EntryKind::Documents,
            _ => EntryKind::Record,
        }
    }
}

/// An entry of a record's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEntry {
    /// Of the action.
    pub id: EntityId,
    pub at: DateTime<Utc>,
    /// None for what the system did by itself.
    pub who: Option<String>,
    /// `screen`, `rest`, `job`, `demo`.
    pub door: String,
    /// `created`, `updated`, `note_added` …
    pub verb: String,
    pub kind: EntryKind,
    /// What the note, task, document, tag or link is called.
    pub name: String,
    /// The record at the other end of a link, if it may be read.
    pub other: Option<Subject>,
    pub changes: Vec<FieldChange>,
    /// Whether it can be undone here.
    pub undoable: bool,
}

/// What became of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    pub field: String,
    /// As text; empty for nothing.
    pub old: String,
    pub new: String,
}

/// A record as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordAsOf {
    pub at: DateTime<Utc>,
    /// Whether it was there.
    pub existed: bool,
    /// Its fields as far as the log tells of them, by name.
    pub fields: Vec<FieldAsOf>,
    /// Names of the tags it had.
    pub tags: Vec<String>,
}

/// A field as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldAsOf {
    pub field: String,
    /// As text; empty for nothing.
    pub value: String,
    /// Whether it is another value now.
    pub changed_since: bool,
}

/// An action that is to be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoAction {
    pub action: EntityId,
}

/// A step of a record's log, as far as its fields go.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    pub at: DateTime<Utc>,
    pub old: Option<Value>,
    pub new: Option<Value>,
}

/// Fields by name.
pub type Fields = BTreeMap<String, Value>;

/// What was changed, field by field: those in which old and new differ. What only one of them names was nothing before,
/// or is nothing since.
pub fn changes(old: Option<&Value>, new: Option<&Value>) -> Vec<FieldChange> {
    let (old, new) = (fields(old), fields(new));
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| !inner(name))
        .filter_map(|name| {
            let (before, after) = (text(old.get(name)), text(new.get(name)));
            (before != after).then(|| FieldChange { field: name.clone(), old: before, new: after })
        })
        .collect()
}

/// A record's fields at an instant, out of its whole log in order. A field is what the last step up to then made of it; if
/// none did, what the first step after it found; and so also where the log began after the record.
pub fn replayed(log: &[Logged], at: DateTime<Utc>) -> Fields {
    let mut state = Fields::new();
    let (past, future) = log.split_at(log.partition_point(|step| step.at <= at));
    for step in past {
        // What a change does not name any more is gone.
        for name in fields(step.old.as_ref()).into_keys() {
            if step.new.is_some() {
                state.remove(&name);
            }
        }
        state.extend(fields(step.new.as_ref()));
    }
    let known: std::collections::BTreeSet<String> =
        past.iter().flat_map(|step| [&step.old, &step.new]).flat_map(|side| fields(side.as_ref()).into_keys()).collect();
    let mut first = Fields::new();
    let mut seen = std::collections::BTreeSet::new();
    for step in future {
        let (old, new) = (fields(step.old.as_ref()), fields(step.new.as_ref()));
        for name in old.keys().chain(new.keys()) {
            if seen.insert(name.clone())
                && !known.contains(name)
                && let Some(value) = old.get(name)
            {
                first.insert(name.clone(), value.clone());
            }
        }
    }
    state.extend(first);
    state.retain(|name, _| !inner(name));
    state
}

/// A value as people read it: texts as they are, nothing as nothing, the rest as JSON.
pub fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(all)) => all.iter().map(|one| text(Some(one))).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", "),
        Some(Value::Object(all)) => all.iter().map(|(name, one)| [name, ": ", &text(Some(one))].concat()).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

fn fields(side: Option<&Value>) -> Fields {
    match side {
        Some(Value::Object(all)) => all.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        _ => Fields::new(),
    }
}

/// What says nothing to people: names of rows and how often they were written.
fn inner(name: &str) -> bool {
    matches!(
        name,
        "id" | "version"
            | "was"
            | "note"
            | "task"
            | "document"
            | "share"
            | "tag"
            | "link"
            | "other"
            | "mentions"
            | "name_of"
            | "organization_id"
    )
}

#[cfg(test)]
mod tests;
