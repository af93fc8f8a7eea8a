//! What the log's words are called.

use services::timeline::{EntryKind, TimelineEntry};
use ui::{Lang, use_modules};

use crate::words;

/// What was done, as a predicate: `wrote a note`.
pub fn verb(lang: Lang, entry: &TimelineEntry) -> String {
    let told = match entry.verb.as_str() {
        "note_added" => words::did_note_added(lang),
        "note_changed" => words::did_note_changed(lang),
        "note_deleted" => words::did_note_deleted(lang),
        "note_restored" => words::did_note_restored(lang),
        "task_added" => words::did_task_added(lang),
        "task_changed" => words::did_task_changed(lang),
        "task_done" => words::did_task_done(lang),
        "task_reopened" => words::did_task_reopened(lang),
        "task_deleted" => words::did_task_deleted(lang),
        "task_restored" => words::did_task_restored(lang),
        "document_added" => words::did_document_added(lang),
        "document_changed" => words::did_document_changed(lang),
        "document_version_added" => words::did_document_version_added(lang),
        "document_version_changed" => words::did_document_version_changed(lang),
        "document_deleted" => words::did_document_deleted(lang),
        "document_restored" => words::did_document_restored(lang),
        "document_shared" => words::did_document_shared(lang),
        "document_unshared" => words::did_document_unshared(lang),
        "document_opened" => words::did_document_opened(lang),
        "linked" => words::did_linked(lang),
        "link_changed" => words::did_link_changed(lang),
        "unlinked" => words::did_unlinked(lang),
        "tagged" => words::did_tagged(lang),
        "untagged" => words::did_untagged(lang),
        "merged" => words::did_merged(lang),
        "merged_into" => words::did_merged_into(lang),
        "merge_undone" => words::did_merge_undone(lang),
        "consent_recorded" => words::did_consent_recorded(lang),
        "found_different" => words::did_found_different(lang),
        "found_alike" => words::did_found_alike(lang),
        "person_added" => words::did_person_added(lang),
        "person_changed" => words::did_person_changed(lang),
        "person_removed" => words::did_person_removed(lang),
        "created" => words::did_create(lang),
        "updated" => words::did_update(lang),
        "moved" => words::did_move(lang),
        "cancelled" => words::did_cancel(lang),
        "completed" => words::did_complete(lang),
        "booked" => words::did_book(lang),
        // What a module writes into the log it names itself.
        other => match use_modules().label(lang, &["did.", other].concat()) {
            Some(name) => name,
            None => return other.replace('_', " "),
        },
    };
    told.to_owned()
}

/// What a kind of entries is called.
pub fn kind(lang: Lang, kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Record => words::side_record(lang),
        EntryKind::Notes => words::side_notes(lang),
        EntryKind::Tasks => words::side_tasks(lang),
        EntryKind::Documents => words::side_documents(lang),
        EntryKind::Links => words::side_links(lang),
        EntryKind::Tags => words::side_tags(lang),
    }
}

/// What a field is called; one that nobody has a name for is called as in the API.
pub fn field(lang: Lang, name: &str) -> String {
    let known = match name {
        "title" => words::field_title(lang),
        "text" => words::field_text(lang),
        "pinned" => words::field_pinned(lang),
        "done" => words::field_done(lang),
        "due_date" | "due_at" => words::field_due(lang),
        "assignee" => words::field_assignee(lang),
        "priority" => words::field_priority(lang),
        "from_date" => words::field_from(lang),
        "to_date" => words::field_to(lang),
        "properties" => words::field_properties(lang),
        "given_name" => words::field_given_name(lang),
        "family_name" => words::field_family_name(lang),
        "birth_date" => words::field_birth_date(lang),
        "email" => words::field_email(lang),
        "phone" => words::field_phone(lang),
        "company" => words::field_company(lang),
        "source" => words::field_source(lang),
        "status" => words::field_status(lang),
        "value" => words::field_value(lang),
        "currency" => words::field_currency(lang),
        "notes" => words::field_notes(lang),
        "start" => words::field_start(lang),
        "end" => words::field_end(lang),
        "resources" => words::field_resources(lang),
        "name" => words::field_name(lang),
        "folder" => words::doc_folder(lang),
        "file_number" => words::doc_version(lang),
        "reason" => words::field_reason(lang),
        "" => "",
        other => {
            if let Some(name) = use_modules().label(lang, &["field.", other].concat()) {
                return name.to_owned();
            }
            let mut text = other.replace('_', " ");
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            return text;
        }
    };
    known.to_owned()
}

/// A value as people read it: yes and no in their language.
pub fn value(lang: Lang, text: &str) -> String {
    match text {
        "true" => words::value_yes(lang).to_owned(),
        "false" => words::value_no(lang).to_owned(),
        "" => words::value_none(lang).to_owned(),
        other => other.to_owned(),
    }
}
