//! What can be said about any record: tags above, then notes, tasks, documents, links and the timeline. The page of a record of any
//! module places [`RecordSide`] and writes no line of its own for it.

mod as_of;
mod document_lend;
mod document_upload;
mod document_versions;
mod documents;
mod doors;
mod link_form;
mod links;
mod mentions;
mod naming;
mod notes;
mod record_page;
mod side;
mod tags;
mod task_form;
mod tasks;
mod tasks_page;
mod timeline;

use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Skeleton, lazy::Part};

/// The lazy parts.
pub(crate) const SIDE: Part = side_part::PART;
/// See [`SIDE`].
pub(crate) const SIDE_TASKS: Part = side::TASKS;
/// See [`SIDE`].
pub(crate) const SIDE_DOCUMENTS: Part = side::DOCUMENTS;
/// See [`SIDE`].
pub(crate) const SIDE_LINKS: Part = side::LINKS;
/// See [`SIDE`].
pub(crate) const SIDE_TIMELINE: Part = side::TIMELINE;

ui::lazy_part!(record_side: fn side_part(id: EntityId) { side::view(id) });

ui::lazy_screens!(record_tasks: TASKS = fn tasks_screens {
    "/dashboard/tasks" => tasks_page::page(),
});

ui::lazy_screens!(record_side: RECORD = fn record_screens {
    "/dashboard/records/:id" => record_page::page(),
});

/// Notes, tasks, documents, links, tags and the timeline of a record, whatever it is. It asks for itself, keeps itself up to date and
/// shows nothing to those who may not see such things.
#[component]
pub fn RecordSide(
    /// The record.
    id: EntityId,
) -> AnyView {
    let before = || view! { <Skeleton lines=6/> }.into_any();
    ui::lazy::once_alive(before, move || view! { <Suspense fallback=before>{Suspend::new(side_part(id))}</Suspense> }.into_any())
}
