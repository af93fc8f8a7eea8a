//! Who sees a record, and that all doors that tell of many tell of the same ones.

use std::collections::BTreeSet;

use http::StatusCode;
use platform::id::EntityId;
use serde_json::json;

use super::kit::{Kit, Type, coded};
use crate::coverage::scope::{all, asked, ids, lists, singles};

/// A record is there for whoever may read it, through every door, and for nobody else; made by an id, it is made once.
pub async fn alone(kit: &Kit, of: &Type) {
    let made = kit.made(of, &kit.word()).await;
    for (who, token, seen) in [
        ("the owner", &kit.world.anna, true),
        ("who only reads", &kit.reader, true),
        ("another tenant", &kit.world.sam, false),
        ("to whom it is hidden", &kit.blind, false),
    ] {
        singles(&kit.world, token, &of.key, (made.id, seen), who).await;
    }
    let path = format!("/objects/{}", of.key);
    assert_eq!(of.lacks("write"), None, "{}: say how its records come to be before they can be tried", of.key);
    kit.writes(of, "POST", &path, Some(&json!({ "values": kit.needed(of) }))).await;
    let new = json!({ "id": EntityId::new(), "values": kit.needed(of) });
    let first = kit.asks("POST", &path, Some(&new)).await;
    assert_eq!(kit.asks("POST", &path, Some(&new)).await, first, "a retry makes no second record");
    assert_eq!(first["id"], new["id"]);
    let absent = kit.sends(&kit.world.anna, "GET", &format!("{path}/{}", EntityId::new()), None).await;
    for token in [&kit.world.sam, &kit.blind] {
        let hidden = kit.sends(token, "GET", &format!("{path}/{}", made.id), None).await;
        assert_eq!(hidden, absent, "a hidden record is told from an absent one");
    }
}

/// List, view, pages, counts, groups, export, board and search tell of the same records, to each of those who ask.
pub async fn alike(kit: &Kit, of: &Type) {
    let word = kit.word();
    let mut made = BTreeSet::new();
    for _ in 0..3 {
        made.insert(kit.made(of, &word).await.id);
    }
    let there: BTreeSet<EntityId> = all(&kit.world, &of.key).await.into_iter().map(|(id, _)| id).collect();
    for (who, token) in [("the owner", &kit.world.anna), ("who only reads", &kit.reader)] {
        lists(&kit.world, token, &of.key, &there, who).await;
        assert_eq!(found(kit, of, token, &word).await, made, "{who}: search");
    }
    for (who, token) in [("another tenant", &kit.world.sam), ("to whom it is hidden", &kit.blind)] {
        assert_eq!(found(kit, of, token, &word).await, BTreeSet::new(), "{who}: search");
        if token == &kit.world.sam && !of.flexible {
            // The type is there in every organization; its records are not.
            lists(&kit.world, token, &of.key, &BTreeSet::new(), who).await;
            continue;
        }
        let types = asked(&kit.world, token, "GET", "/record-types", None).await;
        assert!(types.as_array().expect("types").iter().all(|known| known["key"] != *of.key), "{who}: {types}");
        for (method, path) in [
            ("GET", format!("/objects/{}", of.key)),
            ("GET", format!("/objects/{}/board", of.key)),
            ("GET", format!("/record-types/{}/fields", of.key)),
            ("GET", format!("/record-types/{}/schema", of.key)),
            ("GET", format!("/fields?type={}", of.key)),
            ("GET", format!("/views?type={}", of.key)),
            ("GET", format!("/records/{}/columns", of.key)),
            ("POST", format!("/records/{}/query", of.key)),
            ("POST", format!("/records/{}/summary", of.key)),
            ("POST", format!("/records/{}/export", of.key)),
        ] {
            let body = json!({});
            let (status, answer) = kit.sends(token, method, &path, Some(&body).filter(|_| method == "POST")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{who}: {method} {path}: {answer}");
        }
    }
}

/// The records of the type that a search finds.
async fn found(kit: &Kit, of: &Type, token: &str, word: &str) -> BTreeSet<EntityId> {
    let hits = asked(&kit.world, token, "GET", &format!("/search?q={word}"), None).await;
    let of_type: Vec<_> =
        hits["items"].as_array().expect("hits").iter().filter(|hit| hit["record"]["entity_type"] == *of.key).cloned().collect();
    ids(&json!(of_type), "/record/id")
}

/// A view is kept, chooses by an added field, says why a record passes, is shared, deleted and brought back.
pub async fn views(kit: &Kit, of: &Type) {
    let word = kit.word();
    let (one, other) = (kit.made(of, &word).await, kit.made(of, &word).await);
    let filter = coded(&[&one.code]);
    let definition = json!({ "columns": ["title", "kit_number", "kit_choice"], "filter": filter, "sorts": [{ "field": "kit_number" }],
        "group": "kit_choice", "aggregates": [{ "field": "kit_number", "measure": "sum" }], "layout": "board" });
    let new = json!({ "entity_type": of.key, "name": word, "definition": definition });
    let view = kit.writes(of, "POST", "/views", Some(&new)).await;
    let path = format!("/views/{}", view["id"].as_str().expect("an id"));
    assert_eq!(kit.sends(&kit.reader, "GET", &path, None).await.0, StatusCode::NOT_FOUND, "it is its maker's own");
    let shared =
        json!({ "entity_type": of.key, "name": word, "definition": definition, "visibility": "shared", "version": view["version"] });
    let view = kit.writes(of, "PUT", &path, Some(&shared)).await;
    assert_eq!(kit.sends(&kit.reader, "GET", &path, None).await.0, StatusCode::OK, "it is everybody's");
    assert_eq!(kit.reads(of, "GET", &path, None).await["definition"]["filter"], filter);

    let by_view = json!({ "segment": view["id"] });
    let asked = json!({ "filter": by_view, "columns": definition["columns"] });
    let rows = kit.asks("POST", &format!("/records/{}/query", of.key), Some(&asked)).await;
    assert_eq!(ids(&rows["items"], "/id"), BTreeSet::from([one.id]), "a view chooses as a segment");
    let grouped = json!({ "filter": by_view, "group": "kit_choice", "aggregates": definition["aggregates"] });
    let summary = kit.asks("POST", &format!("/records/{}/summary", of.key), Some(&grouped)).await;
    assert_eq!((&summary["count"], &summary["groups"][0]["key"]), (&json!(1), &json!("dark_red")), "{summary}");
    assert_eq!(summary["measures"], json!([["12"]]));
    for (made, passes) in [(&one, true), (&other, false)] {
        let why = json!({ "id": made.id, "filter": filter });
        let tree = kit.reads(of, "POST", &format!("/records/{}/explain", of.key), Some(&why)).await;
        assert_eq!(tree["holds"], passes, "{tree}");
    }

    let gone = format!("{path}?version={}", view["version"]);
    kit.writes(of, "DELETE", &gone, None).await;
    assert_eq!(kit.sends(&kit.world.anna, "GET", &path, None).await.0, StatusCode::NOT_FOUND);
    kit.writes(of, "POST", &format!("{path}/restore"), None).await;
    assert_eq!(kit.asks("GET", &path, None).await["definition"], view["definition"], "it is back whole");
}
