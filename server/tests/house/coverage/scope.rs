//! A role that reaches some records only: for each type of every module whose records belong to somebody, list, count, search,
//! export, single records and the whole rest of the doors tell of the same ones.

use std::collections::BTreeSet;

use axum::body::BodyDataStream;
use futures::StreamExt;
use http::StatusCode;
use platform::{
    id::{EntityId, UserId},
    live::LiveEvent,
    module::{EntityType, Module},
};
use serde_json::{Value, json};
use server::modules::MODULES;
use services::core::CALENDAR_READ;

use super::world::World;

/// What all of these records are found by.
const WORD: &str = "Jarzmolin";

/// Every type whose records belong to somebody, with its module's word for who may change them.
fn owned() -> Vec<(&'static EntityType, &'static str)> {
    let types = |module: &'static Module| {
        module.owned.iter().map(|owned| (module.entity_type(owned.entity_type).expect("the module's own type"), owned.write.0))
    };
    MODULES.into_iter().flat_map(types).collect()
}

/// What a record of the type is made of.
fn values(kind: &str, name: &str) -> Value {
    match kind {
        "crm:lead" => json!({ "given_name": WORD, "family_name": name }),
        "crm:deal" => json!({ "title": format!("{WORD} {name}") }),
        other => panic!("say how a record of type {other} is made"),
    }
}

/// Gives Ewa a role with all rights, of which those over these types reach so far, and signs her in.
pub(super) async fn narrow(world: &World, read: &str, write: &str) -> String {
    let (_, roles) = world.send("GET", "/api/v1/roles", Some(&world.anna), None).await;
    let owner = roles["items"].as_array().expect("roles").iter().find(|role| role["id"] == "owner").expect("the owner");
    let scopes: serde_json::Map<String, Value> =
        owned().iter().flat_map(|(kind, change)| [(kind.read.0.to_owned(), json!(read)), ((*change).to_owned(), json!(write))]).collect();
    let role = json!({ "name": format!("Seller {read} {write}"), "permissions": owner["permissions"], "scopes": scopes });
    let (status, made) = world.send("POST", "/api/v1/roles", Some(&world.anna), Some(&role)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let narrowed = if read == "all" && write == "all" { 0 } else { scopes.values().filter(|scope| **scope != json!("all")).count() };
    assert_eq!(made["scopes"].as_object().map(serde_json::Map::len), Some(narrowed), "{made}");
    give(world, &made).await
}

/// Gives Ewa a role that was made, and signs her in.
async fn give(world: &World, made: &Value) -> String {
    sqlx::query("update memberships set role_id = $3 where organization_id = $1 and user_id = $2")
        .bind(world.clinic.organization)
        .bind(world.clinic.ewa.user)
        .bind(made["id"].as_str())
        .execute(&world.owner)
        .await
        .expect("a role can be given");
    world.sign_in("ewa@lipowa.example").await
}

async fn hand(world: &World, id: &str, owner: Option<UserId>) {
    sqlx::query("update entities set owner_id = $3 where organization_id = $1 and id = $2")
        .bind(world.clinic.organization)
        .bind(id.parse::<EntityId>().expect("an id"))
        .bind(owner)
        .execute(&world.owner)
        .await
        .expect("it can be given to somebody");
}

/// A record of each type for each of these owners: few enough that one search finds them all.
async fn furnish(world: &World, owners: &[Option<UserId>]) {
    for (kind, _) in owned() {
        for (owner, name) in owners.iter().zip(["Ala", "Ola", "Ula", "Ela"]) {
            let record = json!({ "values": values(kind.key, name) });
            let made = asked(world, &world.anna, "POST", &format!("/objects/{}", kind.key), Some(&record)).await;
            hand(world, made["id"].as_str().expect("an id"), *owner).await;
        }
    }
}

/// All living records of a type, with their owners, as the database has them.
pub(crate) async fn all(world: &World, kind: &str) -> Vec<(EntityId, Option<UserId>)> {
    sqlx::query_as(
        "select id, owner_id from entities where organization_id = $1 and entity_type = $2 and deleted_at is null and merged_into is null",
    )
    .bind(world.clinic.organization)
    .bind(kind)
    .fetch_all(&world.owner)
    .await
    .expect("they are there")
}

pub(crate) fn ids(items: &Value, at: &str) -> BTreeSet<EntityId> {
    let items = items.as_array().expect("a list");
    items.iter().map(|item| item.pointer(at).and_then(Value::as_str).expect("an id").parse().expect("an id")).collect()
}

pub(crate) async fn asked(world: &World, token: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    let (status, answer) = world.send(method, &format!("/api/v1{path}"), Some(token), body).await;
    assert!(status.is_success(), "{method} {path}: {status} {answer}");
    answer
}

/// Every door that tells of many records of the type tells of exactly these.
pub(crate) async fn lists(world: &World, token: &str, kind: &str, expected: &BTreeSet<EntityId>, who: &str) {
    let list = asked(world, token, "GET", &format!("/objects/{kind}?limit=200"), None).await;
    assert_eq!(ids(&list["items"], "/id"), *expected, "{who}: list of {kind}");
    let query = json!({ "limit": 200, "columns": ["title", "owner"] });
    let rows = asked(world, token, "POST", &format!("/records/{kind}/query"), Some(&query)).await;
    assert_eq!(ids(&rows["items"], "/id"), *expected, "{who}: view of {kind}");
    // Each page is full, and none is left out between two.
    let (mut paged, mut cursor) = (BTreeSet::new(), Value::Null);
    loop {
        let page = json!({ "limit": 2, "columns": ["title"], "sorts": [{ "field": "title" }], "cursor": cursor });
        let page = asked(world, token, "POST", &format!("/records/{kind}/query"), Some(&page)).await;
        cursor = page["next_cursor"].clone();
        let found = ids(&page["items"], "/id");
        assert!(found.len() == 2 || cursor.is_null(), "{who}: a page of {kind} has holes");
        paged.extend(found);
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(paged, *expected, "{who}: pages of {kind}");
    let summary = asked(world, token, "POST", &format!("/records/{kind}/summary"), Some(&json!({ "group": "owner" }))).await;
    assert_eq!(summary["count"], json!(expected.len()), "{who}: count of {kind}");
    let grouped: i64 = summary["groups"].as_array().expect("groups").iter().filter_map(|group| group["count"].as_i64()).sum();
    assert_eq!(usize::try_from(grouped).ok(), Some(expected.len()), "{who}: groups of {kind}");
    let export =
        asked(world, token, "POST", &format!("/records/{kind}/export"), Some(&json!({ "columns": ["title", "created_at"] }))).await;
    let export = export.as_str().expect("a table").trim_end().lines().count() - 1;
    assert_eq!(export, expected.len(), "{who}: export of {kind}");
    let board = asked(world, token, "GET", &format!("/objects/{kind}/board"), None).await;
    let cards: i64 = board.as_array().expect("columns").iter().filter_map(|column| column["count"].as_i64()).sum();
    assert!(
        board.as_array().is_some_and(Vec::is_empty) || usize::try_from(cards).ok() == Some(expected.len()),
        "{who}: board of {kind}: {board}"
    );
}

/// Every door that tells of one record does so of exactly these, and the doors that write of no other.
pub(crate) async fn singles(world: &World, token: &str, kind: &str, (id, seen): (EntityId, bool), who: &str) {
    for path in [
        format!("/objects/{kind}/{id}"),
        format!("/objects/{kind}/{id}/actions"),
        format!("/objects/{kind}/{id}/links"),
        format!("/records/{id}"),
        format!("/records/{id}/timeline"),
        format!("/records/{id}/as-of?at=2030-01-01T00:00:00Z"),
        format!("/records/{id}/notes"),
        format!("/records/{id}/tasks"),
        format!("/records/{id}/documents"),
        format!("/records/{id}/links"),
        format!("/records/{id}/graph"),
        format!("/records/{id}/tags"),
    ] {
        let (status, answer) = world.send("GET", &format!("/api/v1{path}"), Some(token), None).await;
        let expected = if seen { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(status, expected, "{who}: GET {path} {answer}");
    }
    if !seen {
        let change = json!({ "version": 1, "values": {} });
        for (method, path, body) in [
            ("PUT", format!("/objects/{kind}/{id}"), change),
            ("POST", format!("/records/{id}/notes"), json!({ "text": "x" })),
            ("POST", "/tasks".to_owned(), json!({ "title": "x", "about": id })),
            ("POST", format!("/records/{id}/tags"), json!({ "tag": world.names["tag"] })),
            ("POST", format!("/records/{id}/links"), json!({ "kind": world.names["kind"], "other": world.names["other"] })),
            (
                "POST",
                format!("/records/{}/links", world.names["other"].as_str().expect("an id")),
                json!({ "kind": world.names["kind"], "other": id }),
            ),
        ] {
            let (status, answer) = world.send(method, &format!("/api/v1{path}"), Some(token), Some(&body)).await;
            let refused = status == StatusCode::NOT_FOUND || status == StatusCode::UNPROCESSABLE_ENTITY;
            assert!(refused, "{who}: {method} {path}: {status} {answer}");
        }
    }
}

#[tokio::test]
async fn list_count_search_export_and_single_records_are_the_same_however_far_a_role_reaches() {
    let world = World::new().await;
    let (ewa, jan) = (world.clinic.ewa.user, world.clinic.jan.user);
    let members = json!({ "name": "Sales", "members": [ewa, jan] });
    asked(&world, &world.anna, "POST", "/teams", Some(&members)).await;
    furnish(&world, &[Some(ewa), Some(jan), Some(world.clinic.anna.user), None]).await;
    assert!(owned().len() >= 2, "there are records that belong to somebody");
    for (scope, reached) in [("own", vec![ewa]), ("team", vec![ewa, jan]), ("all", Vec::new())] {
        let token = narrow(&world, scope, scope).await;
        let mut sought = BTreeSet::new();
        for (kind, _) in owned() {
            let there = all(&world, kind.key).await;
            let reaches = |owner: &Option<UserId>| scope == "all" || owner.is_some_and(|owner| reached.contains(&owner));
            let expected: BTreeSet<EntityId> = there.iter().filter(|(_, owner)| reaches(owner)).map(|(id, _)| *id).collect();
            assert!(scope == "all" || (1..there.len()).contains(&expected.len()), "{scope}: {} of {}", expected.len(), there.len());
            lists(&world, &token, kind.key, &expected, scope).await;
            for (id, owner) in &there {
                singles(&world, &token, kind.key, (*id, reaches(owner)), scope).await;
            }
            let found = asked(&world, &token, "GET", &format!("/search?q={WORD}"), None).await;
            let hits = found.as_array().or_else(|| found["items"].as_array()).expect("hits").clone();
            let own: BTreeSet<EntityId> =
                ids(&json!(hits.iter().filter(|hit| hit["record"]["entity_type"] == kind.key).collect::<Vec<_>>()), "/record/id");
            let named = |id: &EntityId| own.contains(id) || !expected.contains(id);
            assert!(own.is_subset(&expected), "{scope}: search finds what the list of {} does not hold", kind.key);
            let marked: Vec<EntityId> =
                sqlx::query_scalar("select id from entities where organization_id = $1 and entity_type = $2 and title like $3")
                    .bind(world.clinic.organization)
                    .bind(kind.key)
                    .bind(format!("{WORD}%"))
                    .fetch_all(&world.owner)
                    .await
                    .expect("they are there");
            assert!(marked.len() == 4 && marked.iter().all(named), "{scope}: search finds less of {} than the list", kind.key);
            sought.extend(own);
        }
        assert!(sought.len() >= 2, "{scope}: {sought:?}");
    }
}

#[tokio::test]
async fn fields_of_the_organizations_own_are_no_way_around_a_right_to_change_that_was_narrowed() {
    let world = World::new().await;
    let (ewa, jan) = (world.clinic.ewa.user, world.clinic.jan.user);
    asked(&world, &world.anna, "POST", "/teams", Some(&json!({ "name": "Sales", "members": [ewa, jan] }))).await;
    furnish(&world, &[Some(ewa), Some(jan)]).await;
    let token = narrow(&world, "team", "own").await;
    for (kind, right) in owned() {
        let field = json!({ "entity_type": kind.key, "key": "size", "details": { "label": "Size", "shape": { "stored": "number" } } });
        asked(&world, &world.anna, "POST", "/fields", Some(&field)).await;
        for (id, owner) in all(&world, kind.key).await {
            let path = format!("/api/v1/objects/{}/{id}", kind.key);
            let (_, known) = world.send("GET", &path, Some(&world.anna), None).await;
            let change = json!({ "version": known["version"], "values": { "size": "40" } });
            let (status, answer) = world.send("PUT", &path, Some(&token), Some(&change)).await;
            let expected = match owner {
                Some(owner) if owner == ewa => StatusCode::OK,
                Some(owner) if owner == jan => StatusCode::FORBIDDEN,
                _ => StatusCode::NOT_FOUND,
            };
            assert_eq!(status, expected, "{} of {owner:?}: {answer}", kind.key);
            if expected == StatusCode::FORBIDDEN {
                assert!(answer["detail"].as_str().is_some_and(|detail| detail.contains(right)), "{answer}");
            }
        }
    }
}

/// Listens until the last of these records is told, and asks that no other was.
async fn hears_only(listening: &mut BodyDataStream, expected: &[String]) {
    let mut heard = String::new();
    while !expected.last().is_some_and(|last| heard.contains(last)) {
        let part = listening.next().await.expect("it goes on").expect("it is told");
        heard.push_str(&String::from_utf8_lossy(&part));
    }
    let told = heard.lines().filter(|line| line.starts_with("event: change")).count();
    assert!(told == expected.len() && expected.iter().all(|id| heard.contains(id)), "{heard}");
}

#[tokio::test]
async fn a_change_of_a_record_that_is_not_seen_is_not_told_to_who_listens() {
    let world = World::new().await;
    let ewa = world.clinic.ewa.user;
    furnish(&world, &[Some(ewa)]).await;
    let token = narrow(&world, "own", "own").await;
    let mut listening = world.listen(&token).await;
    let mut expected = Vec::new();
    for (kind, _) in owned() {
        let there = all(&world, kind.key).await;
        let (own, others): (Vec<_>, Vec<_>) = there.into_iter().partition(|(_, owner)| *owner == Some(ewa));
        assert!(!own.is_empty() && !others.is_empty(), "{}", kind.key);
        // What is not to be heard comes first: whoever hears the last has been told all.
        for (id, _) in others.iter().chain(&own) {
            let (organization, entity_type) = (world.clinic.organization, kind.key.to_owned());
            world.clinic.state.live.publish(LiveEvent { organization, entity_type, entity_id: *id, action: "updated".into() });
        }
        expected.extend(own.into_iter().map(|(id, _)| id.to_string()));
    }
    hears_only(&mut listening, &expected).await;
}

#[tokio::test]
async fn who_may_only_see_the_calendar_hears_of_no_record_but_the_calendars() {
    let world = World::new().await;
    let role = json!({ "name": "Wall display", "permissions": [CALENDAR_READ.0] });
    let (status, made) = world.send("POST", "/api/v1/roles", Some(&world.anna), Some(&role)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let token = give(&world, &made).await;
    let mut listening = world.listen(&token).await;
    let activities: Vec<&str> = MODULES.iter().flat_map(|module| module.activity_types).map(|kind| kind.key).collect();
    let (mut expected, mut unheard) = (Vec::new(), 0);
    let kinds = MODULES.iter().flat_map(|module| module.entity_types);
    // An activity comes last: whoever hears it has been told all.
    let last = [("activity", true)];
    for (key, told) in kinds.map(|kind| (kind.key, kind.read == CALENDAR_READ || activities.contains(&kind.key))).chain(last) {
        let (organization, entity_id) = (world.clinic.organization, EntityId::new());
        world.clinic.state.live.publish(LiveEvent { organization, entity_type: key.to_owned(), entity_id, action: "updated".into() });
        match told {
            true => expected.push(entity_id.to_string()),
            false => unheard += 1,
        }
    }
    assert!(unheard > 0 && expected.len() > 1);
    hears_only(&mut listening, &expected).await;
}
