//! A product that is switched off takes its types with it, and brings them back whole.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use platform::id::EntityId;
use serde_json::{Value, json};
use server::modules::MODULES;

use super::kit::Kit;
use crate::coverage::scope::all;

/// Tables that tell of the subscription itself, the last of them to servers that follow the log.
const TOLD: [&str; 3] = ["product_subscriptions", "actions", "action_feed"];

pub async fn ended_and_begun_again(kit: &Kit) {
    let mut tried = 0;
    for module in MODULES {
        let Some(product) = module.product else { continue };
        let (theirs, others): (Vec<_>, Vec<_>) = kit.types.iter().partition(|of| module.entity_type(&of.key).is_some());
        let mut records = Vec::new();
        for of in &theirs {
            records.push((of.key.clone(), latest(kit, &of.key).await));
        }
        let (before, prints) = (everything(kit).await, kit.world.fingerprint().await);
        assert!(theirs.iter().all(|of| before.contains_key(&format!("GET /objects/{}", of.key))));

        kit.asks("DELETE", &format!("/subscriptions/{product}"), None).await;
        let left: BTreeSet<String> = types(kit).await;
        assert_eq!(left, others.iter().map(|of| of.key.clone()).collect::<BTreeSet<_>>(), "without {product}");
        for (of, id) in &records {
            shut(kit, of, &id.to_string()).await;
            tried += 1;
        }
        kit.asks("POST", "/subscriptions", Some(&json!({ "product": product }))).await;
        let changed: Vec<(String, String)> = kit.world.fingerprint().await.into_iter().filter(|print| !prints.contains(print)).collect();
        let changed: Vec<&str> = changed.iter().map(|(table, _)| table.as_str()).filter(|table| !TOLD.contains(table)).collect();
        assert!(changed.is_empty(), "{product} has left traces in {changed:?}");
        assert_eq!(everything(kit).await, before, "{product} is back whole");
    }
    assert!(tried >= 3, "only {tried} types went");
}

async fn types(kit: &Kit) -> BTreeSet<String> {
    let types = kit.asks("GET", "/record-types", None).await;
    types.as_array().expect("types").iter().filter_map(|of| of["key"].as_str().map(str::to_owned)).collect()
}

async fn latest(kit: &Kit, of: &str) -> EntityId {
    all(&kit.world, of).await.into_iter().map(|(id, _)| id).max().expect("there are records of it")
}

/// What is told of every type and of its latest record.
async fn everything(kit: &Kit) -> BTreeMap<String, Value> {
    let mut told = BTreeMap::new();
    for of in types(kit).await {
        let id = latest(kit, &of).await;
        for path in [
            format!("/objects/{of}"),
            format!("/objects/{of}/{id}"),
            format!("/record-types/{of}/fields"),
            format!("/views?type={of}"),
            format!("/records/{id}/timeline"),
            format!("/records/{id}/notes"),
            format!("/records/{id}/documents"),
        ] {
            let answer = kit.asks("GET", &path, None).await;
            told.insert(format!("GET {path}"), answer);
        }
    }
    told
}

/// Nothing of the type or its record is told, and nothing is written.
async fn shut(kit: &Kit, of: &str, id: &str) {
    for (method, path, body) in [
        ("GET", format!("/objects/{of}"), None),
        ("GET", format!("/objects/{of}/{id}"), None),
        ("GET", format!("/record-types/{of}/fields"), None),
        ("GET", format!("/views?type={of}"), None),
        ("POST", format!("/records/{of}/query"), Some(json!({}))),
        ("POST", format!("/records/{of}/export"), Some(json!({}))),
        ("POST", format!("/objects/{of}"), Some(json!({ "values": {} }))),
        ("PUT", format!("/objects/{of}/{id}"), Some(json!({ "version": 1, "values": {} }))),
        ("GET", format!("/records/{id}"), None),
        ("GET", format!("/records/{id}/timeline"), None),
        ("GET", format!("/records/{id}/notes"), None),
        ("POST", format!("/records/{id}/notes"), Some(json!({ "text": "x" }))),
        ("POST", format!("/records/{id}/documents"), Some(json!({ "name": "x.txt", "file": "eA==" }))),
        ("POST", "/tasks".to_owned(), Some(json!({ "title": "x", "about": id }))),
        ("POST", "/imports".to_owned(), Some(json!({ "entity_type": of, "file_name": "x.csv", "file": "TmFtZQpBbm5hCg==" }))),
    ] {
        let (status, answer) = kit.sends(&kit.world.anna, method, &path, body.as_ref()).await;
        let code = answer["code"].as_str().unwrap_or_default();
        let shut = status == StatusCode::NOT_FOUND || code == "not_subscribed" || path == "/tasks" && code == "invalid";
        assert!(shut, "{of} without its product: {method} {path}: {status} {answer}");
    }
}
