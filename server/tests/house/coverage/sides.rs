//! The doors to what is said about records of any type. The record is a room, which whoever sees the calendar may read.

use chrono::{DateTime, Utc};
use platform::id::{EntityId, UserId};
use serde_json::json;
use services::{
    documents::{ChooseDocumentVersion, EditDocument, NewDocumentLink},
    links::{LinkChange, LinkTypeInput, NewLink},
    notes::{EditRecordNote, NewRecordNote, TickRecordNote},
    subjects::{DOCUMENTS_SHARE, DOCUMENTS_WRITE, LINKS_WRITE, NOTES_WRITE, RECORD_SETTINGS_WRITE, RECORDS_READ, TAGS_WRITE, TASKS_WRITE},
    tags::TagInput,
    tasks::{TaskInput, TaskTime},
    timeline::EntryKind,
};

use super::{
    functions::function,
    policy::{Line, Policy::Right, route},
};

/// The REST routes.
pub fn routes() -> Vec<Line> {
    let (read, notes, tasks) = (Right(RECORDS_READ), Right(NOTES_WRITE), Right(TASKS_WRITE));
    let (links, tags, settings) = (Right(LINKS_WRITE), Right(TAGS_WRITE), Right(RECORD_SETTINGS_WRITE));
    let (documents, share) = (Right(DOCUMENTS_WRITE), Right(DOCUMENTS_SHARE));
    let file = json!({ "file": "RXhhbXBsZQ==" });
    vec![
        route("GET", "/records", read),
        route("GET", "/records/{id}", read).of("room"),
        route("GET", "/records/{id}/notes", read).of("room"),
        route("POST", "/records/{id}/notes", notes).of("room"),
        route("PUT", "/notes/{id}", notes).of("note"),
        route("POST", "/notes/{id}/tick", notes).of("note").with(json!({ "item": 0 })),
        route("DELETE", "/notes/{id}", notes).of("note"),
        route("POST", "/notes/{id}/restore", notes).of("note"),
        route("GET", "/tasks", read),
        route("POST", "/tasks", tasks).with(json!({ "about": "{room}" })),
        route("GET", "/records/{id}/tasks", read).of("room"),
        route("GET", "/tasks/{id}", read).of("task"),
        route("PUT", "/tasks/{id}", tasks).of("task"),
        route("DELETE", "/tasks/{id}", tasks).of("task"),
        route("POST", "/tasks/{id}/done", tasks).of("task"),
        route("POST", "/tasks/{id}/time", tasks).of("task"),
        route("POST", "/tasks/{id}/restore", tasks).of("task"),
        route("GET", "/records/{id}/documents", read).of("room"),
        route("POST", "/records/{id}/documents", documents).of("room").with(file.clone()),
        route("GET", "/documents/{id}", read).of("document"),
        route("PUT", "/documents/{id}", documents).of("document"),
        route("DELETE", "/documents/{id}", documents).of("document"),
        route("POST", "/documents/{id}/restore", documents).of("document"),
        route("GET", "/documents/{id}/content", read).of("document"),
        route("GET", "/documents/{id}/versions", read).of("document"),
        route("POST", "/documents/{id}/versions", documents).of("document").with(file),
        route("POST", "/documents/{id}/current", documents).of("document"),
        route("GET", "/documents/{id}/links", read).of("document"),
        route("POST", "/documents/{id}/links", share).of("document"),
        route("DELETE", "/document-links/{id}", documents).of("lent"),
        route("GET", "/document-storage", read),
        route("GET", "/link-types", read),
        route("POST", "/link-types", settings),
        route("PUT", "/link-types/{id}", settings).of("kind"),
        route("GET", "/records/{id}/links", read).of("room"),
        route("POST", "/records/{id}/links", links).of("room"),
        route("PUT", "/links/{id}", links).of("link"),
        route("DELETE", "/links/{id}", links).of("link"),
        route("POST", "/links/{id}/restore", links).of("link"),
        route("GET", "/records/{id}/graph", read).of("room"),
        route("GET", "/tags", read),
        route("POST", "/tags", settings),
        route("PUT", "/tags/{id}", settings).of("tag"),
        route("DELETE", "/tags/{id}", settings).of("tag"),
        route("POST", "/tags/{id}/restore", settings).of("tag"),
        route("GET", "/records/{id}/tags", read).of("room"),
        route("POST", "/records/{id}/tags", tags).of("room"),
        route("DELETE", "/records/{id}/tags", tags).of("room"),
        route("GET", "/records/{id}/timeline", read).of("room"),
        route("GET", "/records/{id}/as-of", read).of("room"),
        // What is undone is that the room was tagged.
        route("POST", "/records/{id}/undo", tags).of("room"),
    ]
}

/// The server functions.
pub fn functions() -> Vec<Line> {
    let (read, notes, tasks) = (Right(RECORDS_READ), Right(NOTES_WRITE), Right(TASKS_WRITE));
    let (links, tags, settings) = (Right(LINKS_WRITE), Right(TAGS_WRITE), Right(RECORD_SETTINGS_WRITE));
    let (documents, share) = (Right(DOCUMENTS_WRITE), Right(DOCUMENTS_SHARE));
    let time = json!({ "location": "{location}", "start": "2026-11-27T06:00:00Z", "minutes": 30 });
    vec![
        function::<(EntityId,)>("records/side", read, json!(["{room}"])),
        function::<(EntityId,)>("records/record", read, json!(["{room}"])),
        function::<(String, Vec<String>)>("records/find", read, json!(["", []])),
        function::<(EntityId, Option<String>)>("records/notes", read, json!(["{room}", null])),
        function::<(EntityId, NewRecordNote)>("records/note", notes, json!(["{room}", { "text": "Dust" }])),
        function::<(EntityId, EditRecordNote)>("records/note/edit", notes, json!(["{note}", { "version": 1, "text": "- [ ] lamp" }])),
        function::<(EntityId, TickRecordNote)>("records/note/tick", notes, json!(["{note}", { "version": 1, "item": 0, "done": true }])),
        function::<(EntityId, bool)>("records/note/delete", notes, json!(["{note}", false])),
        function::<(Option<UserId>, bool, Option<String>)>("records/tasks", read, json!([null, false, null])),
        function::<(Option<EntityId>, TaskInput, Option<TaskTime>)>(
            "records/task",
            tasks,
            json!(["{task}", { "title": "Tidy", "version": 1 }, time]),
        ),
        function::<(EntityId, bool)>("records/task/done", tasks, json!(["{task}", true])),
        function::<(EntityId, bool)>("records/task/delete", tasks, json!(["{task}", false])),
        function::<(EntityId, Option<String>)>("records/documents", read, json!(["{room}", null])),
        function::<(EntityId, EditDocument)>("records/document/edit", documents, json!(["{document}", { "version": 1, "name": "Plan" }])),
        function::<(EntityId, bool)>("records/document/delete", documents, json!(["{document}", false])),
        function::<(EntityId,)>("records/document/versions", read, json!(["{document}"])),
        function::<(EntityId, ChooseDocumentVersion)>(
            "records/document/choose",
            documents,
            json!(["{document}", { "version": 1, "number": 1 }]),
        ),
        function::<(EntityId,)>("records/document/links", read, json!(["{document}"])),
        function::<(EntityId, NewDocumentLink)>("records/document/share", share, json!(["{document}", { "term": "day" }])),
        function::<(EntityId,)>("records/document/revoke", documents, json!(["{lent}"])),
        function::<(EntityId, NewLink)>("records/link", links, json!(["{room}", { "kind": "{kind}", "other": "{other}" }])),
        function::<(EntityId, LinkChange)>("records/link/edit", links, json!(["{link}", { "version": 1 }])),
        function::<(EntityId, bool)>("records/link/delete", links, json!(["{link}", false])),
        function::<(Option<EntityId>, LinkTypeInput)>(
            "records/link_type",
            settings,
            json!(["{kind}", { "name": "stands in", "inverse": "holds", "version": 1 }]),
        ),
        function::<(EntityId,)>("records/graph", read, json!(["{room}"])),
        function::<(EntityId, EntityId, bool)>("records/tag", tags, json!(["{room}", "{tag}", true])),
        function::<(Option<EntityId>, TagInput)>(
            "records/tag/save",
            settings,
            json!(["{tag}", { "name": "New", "hue": 20, "version": 1 }]),
        ),
        function::<(EntityId, bool)>("records/tag/delete", settings, json!(["{tag}", false])),
        function::<(EntityId, Vec<EntryKind>, Option<String>)>("records/timeline", read, json!(["{room}", ["notes"], null])),
        function::<(EntityId, DateTime<Utc>)>("records/as_of", read, json!(["{room}", "2026-11-24T08:00:00Z"])),
        function::<(EntityId, EntityId)>("records/undo", tags, json!(["{room}", "{action}"])),
    ]
}
