//! Those who may see little, at every door that reads, with every type of record: none of the answers may hold the name of
//! a patient whom they may not read, wherever else that name stands, as a visit is called by its patient.

use std::collections::BTreeSet;

use platform::id::EntityId;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::{
    functions::functions,
    policy::{Line, Policy, routes},
    sample::Names,
    world::{Call, World},
};

/// What the hidden ones are called; no other record is.
const NAME: &str = "Qvandrelixo";

/// Whether whoever comes through only reads.
fn reads(line: &Line) -> bool {
    match line.policy {
        Policy::Right(right) | Policy::Product(_, right) => line.method == "GET" || right.0.ends_with(":read"),
        _ => line.method == "GET",
    }
}

/// The arguments with other types, and with the name where something is sought.
fn about(with: &mut Value, entity_type: &str) {
    match with {
        Value::String(text) if text == "person" => entity_type.clone_into(text),
        Value::String(text) if ["Nowak", "anna", ""].contains(&text.as_str()) => NAME.clone_into(text),
        Value::Array(all) => all.iter_mut().for_each(|one| about(one, entity_type)),
        Value::Object(fields) => fields.values_mut().for_each(|one| about(one, entity_type)),
        _ => {}
    }
}

/// Requests to all doors that read, about this type and, wherever the id of a record is told, about this record.
fn calls(world: &World, entity_type: &str, id: Option<EntityId>) -> Vec<Call> {
    let mut names: Names = world.names.clone();
    names.insert("record_type", json!(entity_type));
    if let Some(id) = id {
        for name in ["room", "person", "record", "activity", "appointment", "patient", "call", "lead", "task"] {
            names.insert(name, json!(id));
        }
    }
    let mut functions: Vec<Line> = functions().into_iter().filter(reads).collect();
    // What is sought by nothing is listed; both are asked for.
    let sought: Vec<Line> = functions
        .iter()
        .map(|line| {
            let mut with = line.with.clone();
            about(&mut with, entity_type);
            Line { method: line.method, path: line.path, policy: line.policy, id: line.id, with, pack: line.pack }
        })
        .collect();
    for line in &mut functions {
        about(&mut line.with, entity_type);
        if let Some(arguments) = line.with.as_array_mut() {
            for text in arguments.iter_mut().filter(|argument| argument.as_str() == Some(NAME)) {
                *text = json!("");
            }
        }
    }
    functions.extend(sought);
    let routes = routes().into_iter().filter(reads).collect();
    let mut calls = world.calls_of(&names, routes, functions);
    for call in &mut calls {
        call.uri = call.uri.replace("type=person", &format!("type={entity_type}")).replace("q=Example", &format!("q={NAME}"));
    }
    calls
}

async fn execute(world: &World, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .bind(world.clinic.organization)
        .bind(NAME)
        .execute(&world.owner)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Nothing that whoever has this token is answered holds the name.
async fn learns_nothing(world: &World, token: &str, who: &str) {
    // One of each type.
    let hidden: Vec<(String, EntityId)> = sqlx::query_as(
        "select distinct on (entity_type) entity_type, id from entities where organization_id = $1 and title = $2 order by entity_type, id",
    )
    .bind(world.clinic.organization)
    .bind(NAME)
    .fetch_all(&world.owner)
    .await
    .expect("they are there");
    let types: Vec<String> = sqlx::query_scalar("select distinct entity_type from entities where organization_id = $1 order by 1")
        .bind(world.clinic.organization)
        .fetch_all(&world.owner)
        .await
        .expect("there are types");
    assert!(hidden.iter().any(|(kind, _)| kind == "activity") && types.len() > 10, "{types:?} {hidden:?}");
    let (mut faults, mut asked) = (Vec::new(), BTreeSet::new());
    let mut answered = 0;
    let questions = types.into_iter().map(|kind| (kind, None)).chain(hidden.into_iter().map(|(kind, id)| (kind, Some(id))));
    for (entity_type, id) in questions {
        for call in calls(world, &entity_type, id) {
            if !asked.insert((call.uri.clone(), call.body.clone())) {
                continue;
            }
            let (status, bytes) = world.raw(&call, Some(token)).await;
            answered += usize::from(status.is_success());
            if bytes.windows(NAME.len()).any(|part| part == NAME.as_bytes()) {
                faults.push(format!("{call} ({entity_type}, {id:?})"));
            }
        }
    }
    assert!(answered > 60, "{who} was answered {answered} times only");
    assert!(faults.is_empty(), "{who} learns whom the clinic treats: {faults:#?}");
    // What a list is ordered by stands in its cursor, packed.
    for sorts in [json!([{ "field": "about" }]), json!([{ "field": "about", "descending": true }])] {
        let asked = json!({ "sorts": sorts, "limit": 1 });
        let (status, page) = world.send("POST", "/api/v1/records/object:thing/query", Some(token), Some(&asked)).await;
        assert!(status.is_success(), "{page}");
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let cursor: Value = platform::rest::cursor::decode(cursor).expect("a cursor");
        assert!(!cursor.to_string().to_lowercase().contains(&NAME.to_lowercase()), "{who} reads in a cursor: {cursor}");
    }
}

#[tokio::test]
async fn whoever_may_not_read_patients_finds_their_names_in_no_answer() {
    let world = World::new().await;
    // Things that lead to visits, in a field that everybody may see.
    let details = json!({ "label": "About", "shape": { "stored": { "reference": "activity" } } });
    let field = json!({ "entity_type": "object:thing", "key": "about", "details": details });
    let (status, answer) = world.send("POST", "/api/v1/fields", Some(&world.anna), Some(&field)).await;
    assert!(status.is_success(), "{answer}");
    let visits: Vec<EntityId> = sqlx::query_scalar(
        "select id from scheduled_activities where organization_id = $1 and activity_type = 'gabinet:appointment' order by id limit 3",
    )
    .bind(world.clinic.organization)
    .fetch_all(&world.owner)
    .await
    .expect("visits");
    for visit in &visits {
        let thing = json!({ "values": { "about": visit } });
        let (status, answer) = world.send("POST", "/api/v1/objects/object:thing", Some(&world.anna), Some(&thing)).await;
        assert!(status.is_success(), "{answer}");
    }
    // A visit's name is somebody's whom nobody else is called like.
    execute(&world, "update scheduled_activities set title = $2 where organization_id = $1 and activity_type like 'gabinet:%'").await;
    execute(
        &world,
        "update entities e set title = $2 where organization_id = $1 and (entity_type = 'gabinet:appointment'
         or exists (select from scheduled_activities a where a.organization_id = $1 and a.id = e.id and a.activity_type like 'gabinet:%'))",
    )
    .await;
    for (role, who) in [("sales", "Sales"), ("member", "A member")] {
        sqlx::query("update memberships set role_id = $3 where organization_id = $1 and user_id = $2")
            .bind(world.clinic.organization)
            .bind(world.clinic.ewa.user)
            .bind(role)
            .execute(&world.owner)
            .await
            .expect("a role can be given");
        if role == "member" {
            // Who sells sees persons, whatever else they are, but not which of them are treated; a member sees none.
            execute(&world, "update persons set family_name = $2 where organization_id = $1").await;
            let types = "('person', 'gabinet:patient', 'crm:lead')";
            execute(&world, &format!("update entities set title = $2 where organization_id = $1 and entity_type in {types}")).await;
        }
        let token = world.sign_in("ewa@lipowa.example").await;
        learns_nothing(&world, &token, who).await;
    }
}

#[tokio::test]
async fn whoever_may_do_everything_but_sees_only_their_own_leads_and_deals_finds_no_other_in_any_answer() {
    let world = World::new().await;
    // Things that lead to deals, in a field that everybody may see, and nobody's names beside those.
    let details = json!({ "label": "About", "shape": { "stored": { "reference": "crm:deal" } } });
    let field = json!({ "entity_type": "object:thing", "key": "about", "details": details });
    let (status, answer) = world.send("POST", "/api/v1/fields", Some(&world.anna), Some(&field)).await;
    assert!(status.is_success(), "{answer}");
    for _ in 0..2 {
        let thing = json!({ "values": { "about": world.names["deal"] } });
        let (status, answer) = world.send("POST", "/api/v1/objects/object:thing", Some(&world.anna), Some(&thing)).await;
        assert!(status.is_success(), "{answer}");
    }
    // Whatever CRM tells of them: names, what stands beside them in lists, on the calendar and on quotes.
    for sql in [
        "update crm_leads set company = $2, source = $2, notes = $2 where organization_id = $1",
        "update crm_deals set title = $2, next_step = $2 where organization_id = $1",
        "update crm_deal_lines set name = $2 where organization_id = $1",
        "update crm_quotes set title = $2, buyer = $2, notes = $2 where organization_id = $1",
        "update crm_quote_lines set name = $2 where organization_id = $1",
        "update crm_calls set notes = $2 where organization_id = $1",
        "update scheduled_activities set title = $2, description = $2, face = jsonb_set(face, '{line}', to_jsonb($2::text))
         where organization_id = $1 and activity_type = 'crm:call'",
        "update entities e set title = $2 where organization_id = $1 and (entity_type in ('crm:lead', 'crm:deal', 'crm:quote', 'crm:call')
         or exists (select from scheduled_activities a where a.organization_id = $1 and a.id = e.id and a.activity_type = 'crm:call'))",
    ] {
        execute(&world, sql).await;
    }
    for scope in ["own", "team"] {
        let token = super::scope::narrow(&world, scope, scope).await;
        learns_nothing(&world, &token, &format!("Whoever sees what is of their {scope}")).await;
    }
}
