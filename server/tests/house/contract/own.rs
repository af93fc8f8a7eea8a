//! What a record itself holds: added fields of every kind, its timeline, how it was, undoing, deleting.

use std::collections::BTreeSet;

use http::StatusCode;
use platform::id::EntityId;
use serde_json::{Map, Value, json};

use super::{
    kit::{CODE, Kit, OWN, Type, coded, held, pointing},
    samples,
};

/// Values of every kind are kept as they came, computed from, filtered by, replaced, emptied; what is none of its kind is
/// refused at its field, and so is a second record of what is unique.
pub async fn fields(kit: &Kit, of: &Type) {
    let word = kit.word();
    let made = kit.made(of, &word).await;
    let kinds = samples::kinds(&kit.world.document);
    let keys: Vec<String> = kinds.iter().map(|kind| format!("kit_{kind}")).collect();
    for key in &keys {
        assert!(made.values.contains_key(key), "{key} was not kept: {:?}", made.values);
    }
    let path = format!("/objects/{}/{}", of.key, made.id);
    let told = kit.reads(of, "GET", &path, None).await;
    assert_eq!(told["values"], json!(made.values), "it is read as it was answered");
    assert_eq!(told["values"]["kit_double"], "24", "a formula");

    let own = kit.types.iter().find(|known| known.key == OWN).expect("the kit's own type");
    let mut pointer = kit.needed(own);
    pointer.insert(pointing(of), json!(made.id));
    kit.asks("POST", &format!("/objects/{OWN}"), Some(&json!({ "values": pointer }))).await;
    let counted = kit.read(of, made.id).await;
    assert_eq!(counted["values"]["kit_count"], "1", "a roll-up counts what points here");
    let links = kit.reads(of, "GET", &format!("{path}/links"), None).await;
    let incoming = |link: &&Value| link["incoming"] == true && link["field"] == *pointing(of);
    assert_eq!(links.as_array().expect("links").iter().filter(incoming).count(), 1, "{links}");

    chosen_by(kit, of, (&made.code, &keys), "not_empty", 1).await;
    let mut others = kit.others(of);
    let change = json!({ "version": counted["version"], "values": others });
    let changed = kit.writes(of, "PUT", &path, Some(&change)).await;
    others.insert("kit_double".into(), json!("-15"));
    for (key, value) in &others {
        assert_eq!(&changed["values"][key], value, "{key}");
    }
    let (status, late) = kit.sends(&kit.world.anna, "PUT", &path, Some(&change)).await;
    assert_eq!((status, late["code"].as_str()), (StatusCode::CONFLICT, Some("version")), "{late}");
    assert_eq!(late["current"]["record"]["values"], changed["values"], "the present state is told");

    refused(kit, of, made.id, &kinds).await;
    let mut values = kit.needed(of);
    values.insert(CODE.into(), json!(made.code));
    let again = json!({ "values": values });
    let (status, twice) = kit.sends(&kit.world.anna, "POST", &format!("/objects/{}", of.key), Some(&again)).await;
    assert_eq!((status, at(&twice)), (StatusCode::UNPROCESSABLE_ENTITY, BTreeSet::from(["kit_code".to_owned()])), "{twice}");

    let nothing: Map<String, Value> = keys.iter().map(|key| (key.clone(), Value::Null)).collect();
    let emptied = kit.change(of, made.id, &json!(nothing)).await;
    assert!(keys.iter().all(|key| emptied["values"].get(key).is_none()), "{emptied}");
    chosen_by(kit, of, (&made.code, &keys), "empty", 1).await;
    chosen_by(kit, of, (&made.code, &keys), "not_empty", 0).await;
}

/// So many records with that code pass a test in every one of these fields.
async fn chosen_by(kit: &Kit, of: &Type, (code, keys): (&str, &[String]), test: &str, expected: u32) {
    let mut all: Vec<Value> = keys.iter().map(|key| json!({ "field": { "path": key, "test": test } })).collect();
    all.push(coded(&[code]));
    let asked = json!({ "filter": { "all": all } });
    let summary = kit.reads(of, "POST", &format!("/records/{}/summary", of.key), Some(&asked)).await;
    assert_eq!(summary["count"], expected, "{test}");
}

/// The fields that a refusal names.
fn at(problem: &Value) -> BTreeSet<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().filter_map(|error| error["field"].as_str().map(str::to_owned)).collect()
}

/// Whatever is no value of its field's kind is refused there, and nothing of the rest is written.
async fn refused(kit: &Kit, of: &Type, id: EntityId, kinds: &[String]) {
    let before = kit.read(of, id).await;
    let mut left: BTreeSet<String> = kinds.iter().map(|kind| format!("kit_{kind}")).collect();
    // What cannot be read at all is told before what may not be.
    for _ in 0..3 {
        let values: Map<String, Value> = left.iter().map(|key| (key.clone(), samples::wrong(&key[4..]))).collect();
        let change = json!({ "version": before["version"], "values": values });
        let (status, answer) = kit.sends(&kit.world.anna, "PUT", &format!("/objects/{}/{id}", of.key), Some(&change)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{left:?}: {answer}");
        let named = at(&answer);
        assert!(named.is_subset(&left), "{answer}");
        left = left.difference(&named).cloned().collect();
        if left.is_empty() {
            break;
        }
    }
    assert!(left.is_empty(), "no refusal names {left:?}");
    assert_eq!(kit.read(of, id).await, before, "something was written");
}

/// What a form changes of a record: an added field, and one that its module keeps, if it keeps any text that each record needs.
fn changes(kit: &Kit, of: &Type) -> Vec<(String, Value)> {
    let own = of.named_by().map(|key| (key.to_owned(), json!(kit.word())));
    own.into_iter().chain([("kit_number".to_owned(), json!("77"))]).collect()
}

/// Every change stands in the timeline with what it was and is, who did it and through which door; the record can be seen as
/// it was.
pub async fn timeline(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let path = format!("/records/{}/timeline", made.id);
    let first = kit.reads(of, "GET", &path, None).await;
    let created = first["items"].as_array().expect("entries").iter().find(|entry| entry["verb"] == "created").cloned();
    let created = created.unwrap_or_else(|| panic!("that it was made is not told: {first}"));
    assert_eq!((&created["door"], &created["kind"]), (&json!("rest"), &json!("record")));
    assert!(created["who"].is_string(), "{created}");
    for (key, value) in changes(kit, of) {
        kit.change(of, made.id, &json!({ (key.as_str()): value })).await;
        let told = kit.asks("GET", &format!("{path}?kinds=record&limit=5"), None).await;
        let step = |entry: &Value| {
            let told = entry["changes"].as_array().expect("changes").iter().find(|change| change["field"] == *key)?.clone();
            (entry["verb"] == "updated" && told["new"] == value && told["old"] == made.values[&key]).then_some(told)
        };
        assert!(told["items"].as_array().expect("entries").iter().find_map(step).is_some(), "{key}: {told}");
        let then = format!("/records/{}/as-of?at={}", made.id, created["at"].as_str().expect("an instant"));
        let was = kit.reads(of, "GET", &then, None).await;
        let field = was["fields"].as_array().expect("fields").iter().find(|field| field["field"] == *key);
        let field = field.unwrap_or_else(|| panic!("{key} is not told as it was: {was}"));
        assert_eq!((&field["value"], &field["changed_since"]), (&made.values[&key], &json!(true)), "{key}");
    }
    let before = kit.reads(of, "GET", &format!("/records/{}/as-of?at=2020-01-01T00:00:00Z", made.id), None).await;
    assert_eq!(before["existed"], false, "{before}");
}

/// A change is taken back, by those who may write, as long as nothing came after it; taking it back is taken back too.
pub async fn undo(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let path = format!("/records/{}/undo", made.id);
    for (key, value) in changes(kit, of) {
        let before = kit.read(of, made.id).await;
        let changed = kit.change(of, made.id, &json!({ (key.as_str()): value })).await;
        assert_ne!(held(&changed), held(&before), "{key}");
        let step = json!({ "action": latest(kit, made.id, &key).await });
        kit.writes(of, "POST", &path, Some(&step)).await;
        assert_eq!(held(&kit.read(of, made.id).await), held(&before), "{key} is as it was");
        let late = kit.sends(&kit.world.anna, "POST", &path, Some(&step)).await;
        assert_eq!((late.0, late.1["code"].as_str()), (StatusCode::CONFLICT, Some("version")), "{key}: something came after it");
        let undoing = json!({ "action": latest(kit, made.id, &key).await });
        kit.asks("POST", &path, Some(&undoing)).await;
        assert_eq!(held(&kit.read(of, made.id).await), held(&changed), "{key} is changed again");
    }
}

/// The latest entry of a record, which can be undone.
async fn latest(kit: &Kit, id: EntityId, key: &str) -> Value {
    let told = kit.asks("GET", &format!("/records/{id}/timeline?kinds=record"), None).await;
    let entry = &told["items"][0];
    assert_eq!((&entry["verb"], &entry["undoable"]), (&json!("updated"), &json!(true)), "{key}: {entry}");
    entry["id"].clone()
}

/// A record is taken out of all lists and comes back whole; one that only its module removes is not, and says why.
pub async fn deletion(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    let note = json!({ "text": "What lies beside it comes back too" });
    kit.asks("POST", &format!("/records/{}/notes", made.id), Some(&note)).await;
    let path = format!("/objects/{}/{}", of.key, made.id);
    let whole = kit.asks("GET", &path, None).await;
    let gone = format!("{path}?version={}", whole["version"]);
    if let Some(reason) = of.lacks("delete") {
        assert_eq!(reason, "kept_by_module");
        for token in [&kit.world.anna, &kit.reader] {
            let (status, answer) = kit.sends(token, "DELETE", &gone, None).await;
            assert_eq!((status, answer["code"].as_str()), (StatusCode::FORBIDDEN, Some("denied")), "{answer}");
        }
        assert_eq!(kit.asks("GET", &path, None).await, whole, "it is still there");
        return;
    }
    kit.writes(of, "DELETE", &gone, None).await;
    for path in [path.clone(), format!("/records/{}", made.id), format!("/records/{}/notes", made.id)] {
        assert_eq!(kit.sends(&kit.world.anna, "GET", &path, None).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    chosen_by(kit, of, (&made.code, &[]), "empty", 0).await;
    kit.writes(of, "POST", &format!("{path}/restore"), None).await;
    assert_eq!(held(&kit.asks("GET", &path, None).await), held(&whole), "it is back whole");
    let notes = kit.asks("GET", &format!("/records/{}/notes", made.id), None).await;
    assert_eq!(notes["items"][0]["text"], note["text"]);
}
