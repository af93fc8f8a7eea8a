//! What the side of a record and the page of tasks ask the server.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use platform::{
    id::{EntityId, LocationId, UserId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use services::{
    documents::{ChooseDocumentVersion, DocumentLink, DocumentVersion, EditDocument, MadeDocumentLink, NewDocumentLink, RecordDocument},
    links::{LinkChange, LinkType, LinkTypeInput, NewLink, RecordGraph, RecordLink},
    notes::{EditRecordNote, NewRecordNote, RecordNote, TickRecordNote},
    subjects::Subject,
    tags::{RecordTag, TagInput},
    tasks::{RecordTask, TaskInput, TaskTime},
    timeline::{EntryKind, RecordAsOf, TimelineEntry},
};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use {
    app_platform::session::begin,
    platform::{Result as Done, Tx, permission::Permission, rest::PageQuery},
    services::{documents, links, notes, subjects, tags, tasks, timeline},
};

/// What one may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    pub notes: bool,
    pub tasks: bool,
    pub documents: bool,
    /// Lend documents to people without a sign-in.
    pub lend: bool,
    pub links: bool,
    pub tags: bool,
    /// Decide which tags and kinds of links there are.
    pub settings: bool,
    /// Set time aside in the calendar.
    pub calendar: bool,
}

/// What forms offer and by which clock times are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Around {
    pub may: May,
    pub me: UserId,
    /// Who can be mentioned and given tasks, by name.
    pub members: Vec<(UserId, String)>,
    /// Where time can be set aside.
    pub locations: Vec<(LocationId, String)>,
    /// The organization's clock.
    pub zone: ZoneWindow,
    pub now: DateTime<Utc>,
}

/// A page of notes and where it goes on.
pub type Notes = (Vec<RecordNote>, Option<String>);

/// A page of documents and where it goes on.
pub type Documents = (Vec<RecordDocument>, Option<String>);

/// The side of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    pub subject: Subject,
    pub tags: Vec<RecordTag>,
    pub all_tags: Vec<RecordTag>,
    pub notes: Notes,
    pub tasks: Vec<RecordTask>,
    pub documents: Documents,
    pub links: Vec<RecordLink>,
    pub kinds: Vec<LinkType>,
    /// The types of record one may read.
    pub types: Vec<String>,
    pub around: Around,
}

/// Somebody's tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tasks {
    pub tasks: Vec<RecordTask>,
    pub next: Option<String>,
    pub around: Around,
}

/// Everything the side of a record shows at first; none of a record that has just been deleted.
#[server(name = AskSide, prefix = "/fn", endpoint = "records/side", input = Wire, output = Wire)]
pub async fn read_side(id: EntityId) -> Result<Option<Side>, Failure> {
    let mut tx = begin().await?;
    let Some(subject) = subjects::see_unless_deleted(&mut tx, id).await? else { return Ok(None) };
    let page = notes::list(&mut tx, id, &PageQuery { cursor: None, limit: Some(30) }).await?;
    let side = Side {
        subject,
        tags: tags::of(&mut tx, id).await?,
        all_tags: tags::list(&mut tx).await?,
        notes: (page.items, page.next_cursor),
        tasks: tasks::about(&mut tx, id).await?,
        documents: some_documents(&mut tx, id, None).await?,
        links: links::list(&mut tx, id).await?,
        kinds: links::types(&mut tx).await?,
        types: subjects::readable_types(&mut tx).await?,
        around: around(&mut tx).await?,
    };
    tx.commit().await?;
    Ok(Some(side))
}

#[cfg(feature = "ssr")]
async fn around(tx: &mut Tx) -> Done<Around> {
    let now = tx.now();
    let organization = platform::organizations::get(tx).await?;
    let zone = platform::time::zone(&organization.zone)?;
    let today = now.date_naive();
    let far = |years: i32| today.checked_add_signed(chrono::TimeDelta::days(i64::from(years) * 366)).unwrap_or(today);
    let members = match tx.can(Permission::MEMBERS_READ) {
        true => platform::members::list(tx).await?.into_iter().map(|member| (member.user, member.name)).collect(),
        false => vec![(tx.user(), tx.actor().name.clone())],
    };
    let locations = platform::locations::list(tx).await?;
    Ok(Around {
        may: May {
            notes: tx.can(subjects::NOTES_WRITE),
            tasks: tx.can(subjects::TASKS_WRITE),
            documents: tx.can(subjects::DOCUMENTS_WRITE),
            lend: tx.can(subjects::DOCUMENTS_SHARE),
            links: tx.can(subjects::LINKS_WRITE),
            tags: tx.can(subjects::TAGS_WRITE),
            settings: tx.can(subjects::RECORD_SETTINGS_WRITE),
            calendar: tx.can(services::core::ACTIVITIES_WRITE),
        },
        me: tx.user(),
        members,
        locations: locations.into_iter().filter(|place| place.active).map(|place| (place.id, place.name)).collect(),
        zone: ZoneWindow::of(zone, far(-4), far(3)),
        now,
    })
}

/// What a record is called and where it is shown.
#[server(name = AskRecord, prefix = "/fn", endpoint = "records/record", input = Wire, output = Wire)]
pub async fn read_record(id: EntityId) -> Result<Subject, Failure> {
    let mut tx = begin().await?;
    let subject = subjects::see(&mut tx, id).await?;
    tx.commit().await?;
    Ok(subject)
}

/// Records of these types whose names are like what was typed.
#[server(name = FindRecords, prefix = "/fn", endpoint = "records/find", input = Wire, output = Wire)]
pub async fn find_records(query: String, types: Vec<String>) -> Result<Vec<Subject>, Failure> {
    let mut tx = begin().await?;
    let found = subjects::find(&mut tx, &query, &types).await?;
    tx.commit().await?;
    Ok(found)
}

/// More notes.
#[server(name = AskNotes, prefix = "/fn", endpoint = "records/notes", input = Wire, output = Wire)]
pub async fn more_notes(record: EntityId, cursor: Option<String>) -> Result<Notes, Failure> {
    let mut tx = begin().await?;
    let page = notes::list(&mut tx, record, &PageQuery { cursor, limit: Some(30) }).await?;
    tx.commit().await?;
    Ok((page.items, page.next_cursor))
}

/// Writes a note about a record.
#[server(name = AddNote, prefix = "/fn", endpoint = "records/note", input = Wire, output = Wire)]
pub async fn add_note(record: EntityId, new: NewRecordNote) -> Result<RecordNote, Failure> {
    let mut tx = begin().await?;
    let note = notes::add(&mut tx, record, &new).await?;
    tx.commit().await?;
    Ok(note)
}

/// Changes what a note says.
#[server(name = ChangeNote, prefix = "/fn", endpoint = "records/note/edit", input = Wire, output = Wire)]
pub async fn edit_note(id: EntityId, edit: EditRecordNote) -> Result<RecordNote, Failure> {
    let mut tx = begin().await?;
    let note = notes::edit(&mut tx, id, &edit).await?;
    tx.commit().await?;
    Ok(note)
}

/// Ticks an item of a note's checklist.
#[server(name = TickNote, prefix = "/fn", endpoint = "records/note/tick", input = Wire, output = Wire)]
pub async fn tick_note(id: EntityId, tick: TickRecordNote) -> Result<RecordNote, Failure> {
    let mut tx = begin().await?;
    let note = notes::tick_item(&mut tx, id, &tick).await?;
    tx.commit().await?;
    Ok(note)
}

/// Takes a note away, or brings it back.
#[server(name = KeepNote, prefix = "/fn", endpoint = "records/note/delete", input = Wire, output = Wire)]
pub async fn keep_note(id: EntityId, keep: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match keep {
        true => drop(notes::restore(&mut tx, id).await?),
        false => notes::delete(&mut tx, id).await?,
    }
    Ok(tx.commit().await?)
}

/// Somebody's tasks; one's own if nobody is named.
#[server(name = AskTasks, prefix = "/fn", endpoint = "records/tasks", input = Wire, output = Wire)]
pub async fn read_tasks(assignee: Option<UserId>, done: bool, cursor: Option<String>) -> Result<Tasks, Failure> {
    let mut tx = begin().await?;
    let page = tasks::list(&mut tx, &tasks::TaskQuery { assignee, done }, &PageQuery { cursor, limit: Some(100) }).await?;
    let around = around(&mut tx).await?;
    tx.commit().await?;
    Ok(Tasks { tasks: page.items, next: page.next_cursor, around })
}

/// Makes a task, or changes the one of that id, and sets time aside for it if some is named: both or neither.
#[server(name = SaveTask, prefix = "/fn", endpoint = "records/task", input = Wire, output = Wire)]
pub async fn save_task(id: Option<EntityId>, input: TaskInput, time: Option<TaskTime>) -> Result<RecordTask, Failure> {
    let mut tx = begin().await?;
    let mut task = match id {
        Some(id) => tasks::edit(&mut tx, id, &input).await?,
        None => tasks::add(&mut tx, &input).await?,
    };
    if let Some(time) = time {
        task = tasks::set_aside(&mut tx, task.id, &time).await?;
    }
    tx.commit().await?;
    Ok(task)
}

/// Ticks a task, or takes the tick away.
#[server(name = TickTask, prefix = "/fn", endpoint = "records/task/done", input = Wire, output = Wire)]
pub async fn task_done(id: EntityId, done: bool) -> Result<RecordTask, Failure> {
    let mut tx = begin().await?;
    let task = tasks::set_done(&mut tx, id, done).await?;
    tx.commit().await?;
    Ok(task)
}

/// Takes a task away, or brings it back.
#[server(name = KeepTask, prefix = "/fn", endpoint = "records/task/delete", input = Wire, output = Wire)]
pub async fn keep_task(id: EntityId, keep: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match keep {
        true => drop(tasks::restore(&mut tx, id).await?),
        false => tasks::delete(&mut tx, id).await?,
    }
    Ok(tx.commit().await?)
}

#[cfg(feature = "ssr")]
async fn some_documents(tx: &mut Tx, record: EntityId, cursor: Option<String>) -> Done<Documents> {
    let page = documents::list(tx, record, None, &PageQuery { cursor, limit: Some(100) }).await?;
    Ok((page.items, page.next_cursor))
}

/// More documents. Files themselves come and go by the REST door, which tells how far they are.
#[server(name = AskDocuments, prefix = "/fn", endpoint = "records/documents", input = Wire, output = Wire)]
pub async fn more_documents(record: EntityId, cursor: Option<String>) -> Result<Documents, Failure> {
    let mut tx = begin().await?;
    let documents = some_documents(&mut tx, record, cursor).await?;
    tx.commit().await?;
    Ok(documents)
}

/// Gives a document another name or folder.
#[server(name = ChangeDocument, prefix = "/fn", endpoint = "records/document/edit", input = Wire, output = Wire)]
pub async fn edit_document(id: EntityId, edit: EditDocument) -> Result<RecordDocument, Failure> {
    let mut tx = begin().await?;
    let document = documents::edit(&mut tx, id, &edit).await?;
    tx.commit().await?;
    Ok(document)
}

/// Takes a document away, or brings it back.
#[server(name = KeepDocument, prefix = "/fn", endpoint = "records/document/delete", input = Wire, output = Wire)]
pub async fn keep_document(id: EntityId, keep: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match keep {
        true => drop(documents::restore(&mut tx, id).await?),
        false => documents::delete(&mut tx, id).await?,
    }
    Ok(tx.commit().await?)
}

/// Every file that a document is or was.
#[server(name = AskDocumentVersions, prefix = "/fn", endpoint = "records/document/versions", input = Wire, output = Wire)]
pub async fn read_versions(id: EntityId) -> Result<Vec<DocumentVersion>, Failure> {
    let mut tx = begin().await?;
    let versions = documents::versions(&mut tx, id).await?;
    tx.commit().await?;
    Ok(versions)
}

/// Makes one of the files that a document was the present one again.
#[server(name = ChooseVersion, prefix = "/fn", endpoint = "records/document/choose", input = Wire, output = Wire)]
pub async fn choose_version(id: EntityId, chosen: ChooseDocumentVersion) -> Result<RecordDocument, Failure> {
    let mut tx = begin().await?;
    let document = documents::choose(&mut tx, id, &chosen).await?;
    tx.commit().await?;
    Ok(document)
}

/// The links by which a document is lent.
#[server(name = AskDocumentLinks, prefix = "/fn", endpoint = "records/document/links", input = Wire, output = Wire)]
pub async fn read_lent(id: EntityId) -> Result<Vec<DocumentLink>, Failure> {
    let mut tx = begin().await?;
    let links = documents::links(&mut tx, id).await?;
    tx.commit().await?;
    Ok(links)
}

/// Lends a document; the link's address is told this once.
#[server(name = LendDocument, prefix = "/fn", endpoint = "records/document/share", input = Wire, output = Wire)]
pub async fn lend_document(id: EntityId, new: NewDocumentLink) -> Result<MadeDocumentLink, Failure> {
    let mut tx = begin().await?;
    let made = documents::lend(&mut tx, id, &new).await?;
    tx.commit().await?;
    Ok(made)
}

/// Ends a link to a document.
#[server(name = RevokeLink, prefix = "/fn", endpoint = "records/document/revoke", input = Wire, output = Wire)]
pub async fn revoke_lent(link: EntityId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    documents::revoke(&mut tx, link).await?;
    Ok(tx.commit().await?)
}

/// Links a record to another.
#[server(name = AddLink, prefix = "/fn", endpoint = "records/link", input = Wire, output = Wire)]
pub async fn add_link(record: EntityId, new: NewLink) -> Result<RecordLink, Failure> {
    let mut tx = begin().await?;
    let link = links::link(&mut tx, record, &new).await?;
    tx.commit().await?;
    Ok(link)
}

/// Changes the dates and properties of a link.
#[server(name = ChangeLink, prefix = "/fn", endpoint = "records/link/edit", input = Wire, output = Wire)]
pub async fn edit_link(id: EntityId, change: LinkChange) -> Result<RecordLink, Failure> {
    let mut tx = begin().await?;
    let link = links::change(&mut tx, id, &change).await?;
    tx.commit().await?;
    Ok(link)
}

/// Takes a link away, or brings it back.
#[server(name = KeepLink, prefix = "/fn", endpoint = "records/link/delete", input = Wire, output = Wire)]
pub async fn keep_link(id: EntityId, keep: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match keep {
        true => drop(links::restore(&mut tx, id).await?),
        false => links::delete(&mut tx, id).await?,
    }
    Ok(tx.commit().await?)
}

/// Makes a kind of link, or changes the one of that id.
#[server(name = SaveLinkType, prefix = "/fn", endpoint = "records/link_type", input = Wire, output = Wire)]
pub async fn save_link_type(id: Option<EntityId>, input: LinkTypeInput) -> Result<LinkType, Failure> {
    let mut tx = begin().await?;
    let kind = match id {
        Some(id) => links::update_type(&mut tx, id, &input).await?,
        None => links::create_type(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(kind)
}

/// The records around a record.
#[server(name = AskGraph, prefix = "/fn", endpoint = "records/graph", input = Wire, output = Wire)]
pub async fn read_graph(id: EntityId) -> Result<RecordGraph, Failure> {
    let mut tx = begin().await?;
    let graph = links::around(&mut tx, id).await?;
    tx.commit().await?;
    Ok(graph)
}

/// Puts a tag on a record, or takes it off.
#[server(name = PutTagOn, prefix = "/fn", endpoint = "records/tag", input = Wire, output = Wire)]
pub async fn put_tag(record: EntityId, tag: EntityId, on: bool) -> Result<Vec<RecordTag>, Failure> {
    let mut tx = begin().await?;
    let tags = match on {
        true => tags::tag(&mut tx, record, tag).await?,
        false => tags::untag(&mut tx, record, tag).await?,
    };
    tx.commit().await?;
    Ok(tags)
}

/// Makes a tag, or changes the one of that id.
#[server(name = SaveTag, prefix = "/fn", endpoint = "records/tag/save", input = Wire, output = Wire)]
pub async fn save_tag(id: Option<EntityId>, input: TagInput) -> Result<RecordTag, Failure> {
    let mut tx = begin().await?;
    let tag = match id {
        Some(id) => tags::update(&mut tx, id, &input).await?,
        None => tags::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(tag)
}

/// Takes a tag away from everything, or brings it back.
#[server(name = KeepTag, prefix = "/fn", endpoint = "records/tag/delete", input = Wire, output = Wire)]
pub async fn keep_tag(id: EntityId, keep: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match keep {
        true => drop(tags::restore(&mut tx, id).await?),
        false => tags::delete(&mut tx, id).await?,
    }
    Ok(tx.commit().await?)
}

/// A page of a timeline and where it goes on.
pub type Entries = (Vec<TimelineEntry>, Option<String>);

/// What has happened to a record.
#[server(name = AskTimeline, prefix = "/fn", endpoint = "records/timeline", input = Wire, output = Wire)]
pub async fn read_timeline(id: EntityId, kinds: Vec<EntryKind>, cursor: Option<String>) -> Result<Entries, Failure> {
    let mut tx = begin().await?;
    let page = timeline::list(&mut tx, id, &kinds, &PageQuery { cursor, limit: Some(40) }).await?;
    tx.commit().await?;
    Ok((page.items, page.next_cursor))
}

/// A record as it was.
#[server(name = AskAsOf, prefix = "/fn", endpoint = "records/as_of", input = Wire, output = Wire)]
pub async fn read_as_of(id: EntityId, at: DateTime<Utc>) -> Result<RecordAsOf, Failure> {
    let mut tx = begin().await?;
    let was = timeline::as_of(&mut tx, id, at).await?;
    tx.commit().await?;
    Ok(was)
}

/// Undoes an action.
#[server(name = UndoEntry, prefix = "/fn", endpoint = "records/undo", input = Wire, output = Wire)]
pub async fn undo_entry(record: EntityId, action: EntityId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    timeline::undo(&mut tx, record, action).await?;
    Ok(tx.commit().await?)
}
