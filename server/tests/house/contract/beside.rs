//! What is put beside a record: made, listed, taken away and brought back by whoever may, told in its timeline, and undone.

use http::StatusCode;
use serde_json::{Value, json};

use super::kit::{Kit, Made, Type};

/// Something that lies beside a record.
struct Beside {
    /// Its word in the timeline.
    kind: &'static str,
    /// Where it is listed, below the record.
    list: &'static str,
    /// Where it is made.
    make: String,
    body: Value,
    /// Where one of them is.
    one: &'static str,
}

/// Notes.
pub async fn notes(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let body = json!({ "text": "- [ ] call\n- [x] write" });
    let make = format!("/records/{}/notes", made.id);
    let note = kept(kit, of, &made, Beside { kind: "notes", list: "notes", make, body, one: "/notes" }).await;
    let path = format!("/notes/{}", note["id"].as_str().expect("an id"));
    let ticked = json!({ "version": note["version"], "item": 0, "done": true });
    assert_eq!(kit.writes(of, "POST", &format!("{path}/tick"), Some(&ticked)).await["done"], 2);
}

/// Tasks.
pub async fn tasks(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let body = json!({ "title": "Call back", "about": made.id, "due_date": "2026-11-25", "assignee": kit.world.clinic.anna.user });
    let task = kept(kit, of, &made, Beside { kind: "tasks", list: "tasks", make: "/tasks".into(), body, one: "/tasks" }).await;
    let path = format!("/tasks/{}", task["id"].as_str().expect("an id"));
    assert_eq!(kit.reads(of, "GET", &path, None).await["about"]["id"], json!(made.id));
    assert!(kit.writes(of, "POST", &format!("{path}/done"), Some(&json!({ "done": true }))).await["done_at"].is_string());
}

/// Documents, with their bytes.
pub async fn documents(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let body = json!({ "name": "Plan.txt", "folder": "Plans/2026", "file": "UGxhbg==" });
    let make = format!("/records/{}/documents", made.id);
    let document = kept(kit, of, &made, Beside { kind: "documents", list: "documents", make, body, one: "/documents" }).await;
    let path = format!("/documents/{}", document["id"].as_str().expect("an id"));
    assert_eq!(kit.reads(of, "GET", &format!("{path}/content"), None).await, "Plan");
    let lent = kit.writes(of, "POST", &format!("{path}/links"), Some(&json!({ "term": "hour" }))).await;
    kit.writes(of, "DELETE", &format!("/document-links/{}", lent["link"]["id"].as_str().expect("an id")), None).await;
}

/// Links to other records, and the records around.
pub async fn links(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let (kind, other) = (&kit.world.names["kind"], &kit.world.names["other"]);
    let body = json!({ "kind": kind, "other": other, "from_date": "2026-11-01" });
    let make = format!("/records/{}/links", made.id);
    kept(kit, of, &made, Beside { kind: "links", list: "links", make, body, one: "/links" }).await;
    let around = kit.reads(of, "GET", &format!("/records/{}/graph", made.id), None).await;
    assert!(around.to_string().contains(other.as_str().expect("an id")), "{around}");
    // From the other end it is told to whom the record may be told.
    let theirs = format!("/records/{}/links", other.as_str().expect("an id"));
    let (_, seen) = kit.sends(&kit.world.anna, "GET", &theirs, None).await;
    let (_, hidden) = kit.sends(&kit.blind, "GET", &theirs, None).await;
    let id = made.id.to_string();
    assert!(seen.to_string().contains(&id) && !hidden.to_string().contains(&id), "{hidden}");
}

/// Puts it there, takes it away and brings it back, by its own doors and by undoing; gives it as it is in the end.
async fn kept(kit: &Kit, of: &Type, made: &Made, beside: Beside) -> Value {
    let Beside { kind, list, make, body, one } = beside;
    let thing = kit.writes(of, "POST", &make, Some(&body)).await;
    let id = thing["id"].as_str().expect("an id");
    let (list, one) = (format!("/records/{}/{list}", made.id), format!("{one}/{id}"));
    let there = async || {
        let listed = kit.asks("GET", &list, None).await;
        let found = listed["items"].as_array().expect("a list").iter().find(|item| item["id"] == id).cloned();
        let (_, others) = kit.sends(&kit.reader, "GET", &list, None).await;
        let told = others["items"].as_array().expect("a list").iter().any(|item| item["id"] == id);
        assert_eq!(told, found.is_some(), "who only reads is told of the same {kind}");
        found
    };
    kit.reads(of, "GET", &list, None).await;
    assert!(there().await.is_some(), "{kind} are listed");
    kit.writes(of, "DELETE", &one, None).await;
    assert!(there().await.is_none(), "{kind} are gone");
    kit.writes(of, "POST", &format!("{one}/restore"), None).await;
    assert!(there().await.is_some(), "{kind} are back");

    let timeline = format!("/records/{}/timeline?kinds={kind}", made.id);
    for left in [false, true] {
        let told = kit.reads(of, "GET", &timeline, None).await;
        let latest = &told["items"][0];
        assert_eq!((&latest["kind"], &latest["undoable"]), (&json!(kind), &json!(true)), "{latest}");
        let (_, others) = kit.sends(&kit.reader, "GET", &timeline, None).await;
        assert_eq!(others["items"][0]["undoable"], false, "who only reads is offered no undo");
        kit.writes(of, "POST", &format!("/records/{}/undo", made.id), Some(&json!({ "action": latest["id"] }))).await;
        assert_eq!(there().await.is_some(), left, "{kind} after an undo");
    }
    there().await.expect("it is there in the end")
}

/// Tags: words put on a record and taken off.
pub async fn tags(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let tag = &kit.world.names["tag"];
    let path = format!("/records/{}/tags", made.id);
    let has = |tags: &Value| tags.as_array().expect("tags").iter().any(|one| one["id"] == *tag);
    assert!(has(&kit.writes(of, "POST", &path, Some(&json!({ "tag": tag }))).await));
    assert!(has(&kit.reads(of, "GET", &path, None).await["items"]));
    let off = format!("{path}?tag={}", tag.as_str().expect("an id"));
    assert!(!has(&kit.writes(of, "DELETE", &off, None).await));
    let told = kit.asks("GET", &format!("/records/{}/timeline?kinds=tags", made.id), None).await;
    let undo = json!({ "action": told["items"][0]["id"] });
    kit.writes(of, "POST", &format!("/records/{}/undo", made.id), Some(&undo)).await;
    assert!(has(&kit.asks("GET", &path, None).await["items"]), "an undo puts it on again");
    let gone = kit.sends(&kit.world.anna, "POST", &path, Some(&json!({ "tag": uuid::Uuid::now_v7() }))).await;
    assert!(gone.0 == StatusCode::NOT_FOUND || gone.0 == StatusCode::UNPROCESSABLE_ENTITY, "no such tag: {}", gone.1);
}
