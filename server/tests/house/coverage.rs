//! Every door the server has, called as those who must not come through. The doors are asked of the routers themselves:
//! REST routes of the OpenAPI document that is made with them, server functions of their registry. What each demands
//! stands in `coverage/policy.rs`; a new door without a line there fails here.

mod contended;
mod functions;
mod narrow;
mod objects;
mod persons;
mod policy;
mod sample;
pub(crate) mod scope;
mod sides;
pub(crate) mod world;

use std::collections::BTreeSet;

use functions::functions;
use http::StatusCode;
use platform::permission;
use policy::{Line, Policy, routes};
use serde_json::{Value, json};
use server::modules::MODULES;
use world::{Call, World, document};

/// `GET /patients/{id}` of every operation that the document describes, with what it says of signing in.
fn described() -> Vec<(String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let path = path.strip_prefix("/api/v1").expect("a path below /api/v1");
            all.push((format!("{} {path}", method.to_uppercase()), operation["security"].clone()));
        }
    }
    all
}

fn assert_same(found: &BTreeSet<String>, declared: &BTreeSet<String>) {
    let undeclared: Vec<_> = found.difference(declared).collect();
    let gone: Vec<_> = declared.difference(found).collect();
    assert!(undeclared.is_empty(), "doors without a policy; declare it in tests/house/coverage/policy.rs: {undeclared:#?}");
    assert!(gone.is_empty(), "policies without a door: {gone:#?}");
}

#[test]
fn every_rest_route_has_a_declared_policy_and_the_document_agrees_on_who_need_not_sign_in() {
    let lines = routes();
    let declared: BTreeSet<String> = lines.iter().map(Line::name).collect();
    assert_eq!(declared.len(), lines.len(), "no route is declared twice");
    let described = described();
    assert!(described.len() > 70, "the routes are found");
    assert_same(&described.iter().map(|(route, _)| route.clone()).collect(), &declared);
    for line in &lines {
        let name = line.name();
        let (_, security) = described.iter().find(|(route, _)| *route == name).expect("it is described");
        let optional = security.as_array().expect("it says who may call it").iter().any(|one| *one == json!({}));
        assert_eq!(optional, line.policy == Policy::Public, "{name}: the document and the policy disagree");
    }
}

#[test]
fn every_server_function_has_a_declared_policy() {
    // Naming the application links it, and with it the registry of its functions.
    let _ = app::App;
    let found: BTreeSet<String> = server_fn::axum::server_fn_paths().map(|(path, _)| path.trim_start_matches("/fn/").to_owned()).collect();
    assert!(found.len() > 40, "the functions are found");
    let lines = functions();
    let declared: BTreeSet<String> = lines.iter().map(Line::name).collect();
    assert_eq!(declared.len(), lines.len(), "no function is declared twice");
    assert_same(&found, &declared);
}

#[test]
fn every_right_that_a_module_grants_opens_some_door() {
    let asked: BTreeSet<&str> = routes()
        .iter()
        .chain(&functions())
        .filter_map(|line| match line.policy {
            Policy::Right(right) | Policy::Product(_, right) => Some(right.0),
            _ => None,
        })
        .collect();
    // These are asked beside another right, for what is asked for in the path or the body.
    let beside = [
        "persons.national_ids:read",
        "views:share",
        "calendar.activities:overbook",
        "gabinet.appointments:approve",
        "gabinet.appointments:overbook",
        "gabinet.appointments:reopen",
    ];
    for right in permission::all(&MODULES) {
        assert!(asked.contains(right.0) || beside.contains(&right.0), "{right} opens nothing");
    }
}

#[tokio::test]
async fn a_stranger_is_refused_at_every_door_that_is_not_public() {
    let world = World::new().await;
    let before = world.fingerprint().await;
    for call in world.calls(&world.names).iter().filter(|call| call.policy != Policy::Public) {
        for token in [None, Some("eyJhbGciOiJub25lIn0.e30."), Some(world.anna[..world.anna.len() - 8].to_owned() + "AAAAAAAA").as_deref()] {
            let (status, answer) = world.call(call, token).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{call}: {answer}");
            assert_eq!(answer["code"], "unauthenticated", "{call}");
        }
    }
    assert_eq!(world.fingerprint().await, before, "a stranger changed something");
}

/// The ids of the clinic's records: what must not be found in another tenant's answers.
fn ids(world: &World) -> Vec<uuid::Uuid> {
    world.names.values().filter_map(|value| value.as_str()?.parse().ok()).collect()
}

/// REST tells ids as text, server functions as they are.
fn contains(bytes: &[u8], id: &[u8]) -> bool {
    bytes.windows(id.len()).any(|window| window == id)
}

/// Whether it changes nothing: what is known of a function is that it has next to no arguments.
fn reads(call: &Call) -> bool {
    call.method == "GET" || call.body.as_ref().is_some_and(|body| body.iter().all(|byte| *byte == 0))
}

#[tokio::test]
async fn another_tenant_finds_nothing_of_the_clinic_and_changes_nothing() {
    let world = World::new().await;
    let (ours, nobodys) = (world.calls(&world.names), world.calls(&world.nobodys()));
    let ids = ids(&world);
    let before = world.fingerprint().await;
    let mut asked = 0;
    for (call, absent) in ours.iter().zip(&nobodys).filter(|(call, _)| call.policy != Policy::Public) {
        if call == absent {
            // It names no record. What it lists is Sam's own.
            if reads(call) {
                let (status, bytes) = world.raw(call, Some(&world.sam)).await;
                assert!(status.is_success(), "{call}: {status}");
                let shown = ids.iter().find(|id| [id.to_string().as_bytes(), id.as_bytes()].iter().any(|id| contains(&bytes, id)));
                assert_eq!(shown, None, "{call} shows a record of the clinic's");
            }
            continue;
        }
        asked += 1;
        let (status, answer) = world.call(call, Some(&world.sam)).await;
        if call.of_record {
            assert_eq!(status, StatusCode::NOT_FOUND, "{call}: {answer}");
        } else {
            // Ids in a body may also be told as a field that is wrong.
            // And what is asked for by name in a question simply does not come; that nothing comes is seen below.
            assert!([404, 409, 422].contains(&status.as_u16()) || reads(call) && status.is_success(), "{call}: {status} {answer}");
        }
        let nobodys = world.call(absent, Some(&world.sam)).await;
        assert_eq!((status, &answer), (nobodys.0, &nobodys.1), "{call} tells a foreign record from an absent one");
    }
    assert!(asked > 70, "only {asked} doors were asked for the clinic's records");
    assert_eq!(world.fingerprint().await, before, "another tenant changed something");
}

#[tokio::test]
async fn whoever_has_every_right_but_the_one_that_is_asked_is_denied() {
    let world = World::new().await;
    world.cast("probe", world.clinic.ewa.user).await;
    let ewa = world.sign_in("ewa@lipowa.example").await;
    let all: Vec<&str> = permission::all(&MODULES).into_iter().map(|right| right.0).collect();
    let before = world.fingerprint().await;
    for call in world.calls(&world.names) {
        let (Policy::Right(right) | Policy::Product(_, right)) = call.policy else { continue };
        for rights in [Vec::new(), all.iter().copied().filter(|other| *other != right.0).collect()] {
            world.grant("probe", &rights).await;
            let (status, answer) = world.call(&call, Some(&ewa)).await;
            assert_eq!((status, answer["code"].as_str()), (StatusCode::FORBIDDEN, Some("denied")), "{call} without {right}: {answer}");
            if !rights.is_empty() {
                assert!(answer["detail"].to_string().contains(right.0), "{call} asks for another right than {right}: {answer}");
            }
        }
    }
    assert_eq!(world.fingerprint().await, before, "somebody without the right changed something");
    // What needs no right is there for those who have none.
    world.grant("probe", &[]).await;
    for call in world.calls(&world.names).iter().filter(|call| matches!(call.policy, Policy::Member | Policy::SignedIn)) {
        if call.method == "GET" {
            assert_eq!(world.call(call, Some(&ewa)).await.0, StatusCode::OK, "{call}");
        }
    }
}

#[tokio::test]
async fn a_product_that_is_not_subscribed_to_is_closed_and_the_rest_stays_open() {
    let world = World::new().await;
    sqlx::query("delete from product_subscriptions where organization_id = $1")
        .bind(world.clinic.organization)
        .execute(&world.owner)
        .await
        .expect("subscriptions can end");
    let before = world.fingerprint().await;
    let calls = world.calls(&world.names);
    for call in calls.iter().filter(|call| matches!(call.policy, Policy::Product(..))) {
        let (status, answer) = world.call(call, Some(&world.anna)).await;
        assert_eq!((status, answer["code"].as_str()), (StatusCode::FORBIDDEN, Some("not_subscribed")), "{call}: {answer}");
    }
    assert_eq!(world.fingerprint().await, before, "a product that is not subscribed to changed something");
    for call in calls.iter().filter(|call| call.method == "GET" && !matches!(call.policy, Policy::Product(..) | Policy::Public)) {
        let (status, answer) = world.call(call, Some(&world.anna)).await;
        assert_eq!(status, StatusCode::OK, "{call}: {answer}");
    }
}

/// Reading comes first and taking away last.
fn order(call: &Call) -> u8 {
    let name = call.uri.rsplit('/').next().unwrap_or_default();
    let taking = ["delete", "remove", "revoke", "cancel", "release", "discard", "status"];
    match call.method.as_str() {
        "GET" => 0,
        "DELETE" => 4,
        _ if taking.iter().any(|word| name.ends_with(word)) => 3,
        // `cancel_leave`: a record is gone, but not what the others hang on.
        _ if taking.iter().any(|word| name.starts_with(word)) => 2,
        _ => 1,
    }
}

/// Without this the others would prove little: a request that is refused for its form is refused to everybody.
#[tokio::test]
async fn the_clinics_owner_comes_through_every_door_with_the_very_requests_that_others_are_refused() {
    let world = World::new().await;
    let mut calls = world.calls(&world.names);
    calls.sort_by_key(order);
    for call in calls.iter().filter(|call| matches!(call.policy, Policy::Member | Policy::Right(_) | Policy::Product(..))) {
        let (status, answer) = world.call(call, Some(&world.anna)).await;
        // Two doors lead to the same record, so that the second finds it changed or gone. A conflict is told only where
        // right, form and record were found good.
        let again = order(call) >= 2 && status == StatusCode::NOT_FOUND;
        assert!(status.is_success() || status == StatusCode::CONFLICT || again, "{call}: {status} {answer}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_the_callers_fault_and_not_the_servers() {
    let world = World::new().await;
    for mut call in world.calls(&world.names) {
        let function = call.uri.starts_with("/fn/");
        match call.body.as_mut() {
            Some(body) if !function || !body.is_empty() => *body = if function { vec![0xff; 64] } else { b"{".to_vec() },
            _ => continue,
        }
        let (status, problem) = world.call(&call, Some(&world.anna)).await;
        assert_eq!((status, problem["code"].as_str()), (StatusCode::BAD_REQUEST, Some("malformed")), "{call}: {problem}");
    }
}
