//! The REST door's description keeps what it promises: every code and every header it speaks of is there, and no two
//! things go by one name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use platform::error::codes::CODES;
use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(server::api::routes().1).expect("the document is JSON")
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            all.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    all
}

/// All sources of the server's side, tests left out.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("readable").path();
            if path.is_dir() && !path.ends_with("tests") {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("readable");
                found.push((path, text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()));
            }
        }
    }
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["platform/src", "services/src", "products"] {
        walk(&root.join(folder), &mut found);
    }
    assert!(found.len() > 100, "the sources are found");
    found
}

/// The first word in quotes after each place where `call` stands.
fn first_words<'a>(text: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

#[test]
fn every_refusal_has_a_code_that_is_described() {
    let known: BTreeSet<&str> = CODES.iter().filter(|code| matches!(code.status, 409 | 422)).map(|code| code.code).collect();
    for (path, text) in sources() {
        for code in first_words(&text, "Error::conflict(").chain(first_words(&text, "Refusal::new(")) {
            assert!(known.contains(code), "{}: add `{code}` to platform's error/codes.rs", path.display());
        }
    }
}

#[test]
fn the_description_lists_every_code() {
    let document = document();
    let description = document["info"]["description"].as_str().expect("a description");
    for code in CODES {
        assert!(description.contains(&format!("| {} | `{}` |", code.status, code.code)), "{}", code.code);
    }
    for (name, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            if !status.starts_with('2') {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{name} {status}");
                let status: u16 = status.parse().expect("a status");
                assert!(CODES.iter().any(|code| code.status == status), "{name} {status}");
            }
        }
    }
}

/// Those where a retry does no harm, or whose answer holds a secret that is kept nowhere; the description says so.
const WITHOUT_KEY: [&str; 25] = [
    "POST /api/v1/appointments/availability",
    "POST /api/v1/appointments/best",
    "POST /api/v1/appointments/earliest",
    "POST /api/v1/appointments/reseat/proposal",
    "POST /api/v1/appointments/why-not",
    "POST /api/v1/auth/logout",
    "POST /api/v1/calendar/connections",
    "POST /api/v1/calendar/connections/{id}/reconnect",
    "POST /api/v1/calendar/feeds",
    "POST /api/v1/calendar/imports",
    "POST /api/v1/documents/{id}/links",
    "POST /api/v1/fields/formula",
    "POST /api/v1/merges/preview",
    "POST /api/v1/objects/{type}/{id}/restore",
    "POST /api/v1/records/{type}/explain",
    "POST /api/v1/records/{type}/export",
    "POST /api/v1/records/{type}/query",
    "POST /api/v1/records/{type}/summary",
    "POST /api/v1/scheduling/check",
    "POST /api/v1/scheduling/expand",
    "POST /api/v1/scheduling/layout",
    "POST /api/v1/scheduling/simulate",
    "POST /api/v1/series/preview",
    "POST /api/v1/series/{id}/preview",
    "POST /api/v1/views/{id}/restore",
];

#[test]
fn every_post_takes_an_idempotency_key() {
    let document = document();
    let mut without = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let takes = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key" && parameter["in"] == "header");
        assert!(!takes || name.starts_with("POST "), "{name}");
        if name.starts_with("POST ") && !takes {
            without.insert(name);
        }
    }
    assert_eq!(without.iter().map(String::as_str).collect::<Vec<_>>(), WITHOUT_KEY);
}

#[test]
fn no_two_schemas_go_by_one_name() {
    // The document keeps one of the two without a word.
    let mut names: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (path, text) in sources() {
        for derived in text.split("ToSchema").skip(1) {
            // From the derive to the name, over attributes and comments.
            let item = derived.split_once(")]").map(|(_, item)| item).unwrap_or_default();
            let Some((attributes, item)) =
                item.split_once("struct ").into_iter().chain(item.split_once("enum ")).min_by_key(|(a, _)| a.len())
            else {
                continue;
            };
            if attributes.contains(';') || attributes.contains('}') || item.starts_with('$') {
                continue;
            }
            let own: String = item.chars().take_while(|c| c.is_alphanumeric()).collect();
            let renamed = attributes.split_once("schema(as = ").and_then(|(_, rest)| rest.split(')').next());
            let name = renamed.map_or(own, str::to_owned);
            if let Some(first) = names.insert(name.clone(), path.clone()) {
                panic!("{name} in {} and {}: name one of them by #[schema(as = …)]", first.display(), path.display());
            }
        }
    }
    assert!(names.len() > 50, "the schemas are found");
}
