//! Undoing what stands in the log, as long as nothing came after. It is done by the same functions that people use, so that
//! rights and rules are theirs, and it stands in the log itself: an undo can be undone.

use platform::{Error, Result, Tx, id::EntityId};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    EntryKind, record,
    sql::{self, Row},
};
use crate::{
    documents::{self, ChooseDocumentVersion, EditDocument},
    links::{self, LinkChange},
    notes::{self, EditRecordNote},
    subjects, tags,
    tasks::{self, Priority, TaskInput},
};

/// Undoes an action on a note, a task, a document, a tag or a link of a record, or a change of the record's own fields.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (an action that is not undone here), `Conflict` of code `version` if something came
/// after it, and what the function that undoes it may answer.
pub async fn undo(tx: &mut Tx, id: EntityId, action: EntityId) -> Result<()> {
    let subject = subjects::see(tx, id).await?;
    let organization = tx.organization();
    let row: Row = sqlx::query_as(
        "select a.id, a.at, null::text as who, a.door, a.action as verb, a.old, a.new from actions a
         where a.organization_id = $1 and a.entity_id = $2 and a.id = $3",
    )
    .bind(organization)
    .bind(subject.id)
    .bind(action)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)?;
    if EntryKind::of(&row.verb) == EntryKind::Record {
        return record::back(tx, &subject, &row).await?.ok_or_else(not_here)?.apply(tx, &subject).await;
    }
    let object = row.object().ok_or_else(not_here)?;
    require(tx, &row)?;
    if !sql::leads_back(&row.verb) {
        return Err(not_here());
    }
    if !sql::latest(tx, subject.id, std::slice::from_ref(&row)).await?.contains(&action) {
        return Err(Error::conflict("version", "Something has been done to it since."));
    }
    match row.verb.as_str() {
        "note_added" | "note_restored" => notes::delete(tx, object).await,
        "note_deleted" => notes::restore(tx, object).await.map(drop),
        "note_changed" => {
            let version = notes::version(tx, object).await?;
            let edit = EditRecordNote { version, text: was(&row, "text")?, pinned: was(&row, "pinned")? };
            notes::edit(tx, object, &edit).await.map(drop)
        }
        "task_added" | "task_restored" => tasks::delete(tx, object).await,
        "task_deleted" => tasks::restore(tx, object).await.map(drop),
        "task_done" | "task_reopened" => tasks::set_done(tx, object, row.verb == "task_reopened").await.map(drop),
        "task_changed" => {
            let task = tasks::get(tx, object).await?;
            // Time that was set aside is moved in the calendar, whose own undo knows what stands against it.
            let priority: i16 = was(&row, "priority").map_err(|_| not_here())?;
            let input = TaskInput {
                id: None,
                about: None,
                title: was(&row, "title")?,
                text: was(&row, "text")?,
                due_date: was(&row, "due_date")?,
                due_at: was(&row, "due_at")?,
                remind_at: task.remind_at,
                assignee: was(&row, "assignee")?,
                priority: usize::try_from(priority).ok().and_then(|at| Priority::ALL.get(at).copied()).unwrap_or_default(),
                version: task.version,
            };
            tasks::edit(tx, object, &input).await.map(drop)
        }
        "document_added" | "document_restored" => documents::delete(tx, object).await,
        "document_deleted" => documents::restore(tx, object).await.map(drop),
        "document_changed" => {
            let version = documents::version(tx, object).await?;
            let edit = EditDocument { version, name: was(&row, "name")?, folder: was(&row, "folder")? };
            documents::edit(tx, object, &edit).await.map(drop)
        }
        // The file that came stays among those that the document was.
        "document_version_added" | "document_version_changed" => {
            let version = documents::version(tx, object).await?;
            let chosen = ChooseDocumentVersion { version, number: was(&row, "file_number")? };
            documents::choose(tx, object, &chosen).await.map(drop)
        }
        "document_shared" => documents::revoke(tx, object).await,
        "tagged" => tags::untag(tx, subject.id, object).await.map(drop),
        "untagged" => tags::tag(tx, subject.id, object).await.map(drop),
        "linked" => links::delete(tx, object).await,
        "unlinked" => links::restore(tx, object).await.map(drop),
        "link_changed" => {
            let version = links::version(tx, object).await?;
            let change = LinkChange {
                version,
                from_date: was(&row, "from_date")?,
                to_date: was(&row, "to_date")?,
                properties: was(&row, "properties")?,
            };
            links::change(tx, object, &change).await.map(drop)
        }
        _ => Err(not_here()),
    }
}

/// Whoever may not do it learns that first, and not whether something came after.
fn require(tx: &Tx, row: &Row) -> Result<()> {
    match EntryKind::of(&row.verb) {
        EntryKind::Record => Err(not_here()),
        EntryKind::Notes => tx.require(subjects::NOTES_WRITE),
        EntryKind::Tasks => tx.require(subjects::TASKS_WRITE),
        EntryKind::Documents => tx.require(subjects::DOCUMENTS_WRITE),
        EntryKind::Links => tx.require(subjects::LINKS_WRITE),
        EntryKind::Tags => tx.require(subjects::TAGS_WRITE),
    }
}

fn not_here() -> Error {
    Error::invalid("action", "kind", "This is not undone here.")
}

/// A field as it was before.
fn was<T: DeserializeOwned>(row: &Row, field: &str) -> Result<T> {
    let value = row.old.as_ref().and_then(|old| old.get(field)).cloned().unwrap_or(Value::Null);
    serde_json::from_value(value).map_err(Error::internal)
}
