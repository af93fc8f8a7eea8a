//! Whoever meets another at the database is answered all the same, at whichever door.

use http::StatusCode;
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::{
    functions::functions,
    policy::Policy,
    world::{Call, World},
};

/// As if so many of the next transactions that make a lead met another. A sequence stays where it is when they are undone.
async fn meeting(world: &World, times: u32) {
    let statement = format!(
        "drop sequence if exists met; create sequence met;
         create or replace function meet() returns trigger language plpgsql security definer as $$
         begin
             if nextval('met') <= {times} then raise exception 'met' using errcode = '40P01'; end if;
             return new;
         end $$;
         create or replace trigger meets before insert on crm_leads for each row execute function meet()"
    );
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&world.owner).await.expect("a trigger can be made");
}

#[tokio::test]
async fn a_deadlock_is_tried_again_at_rest_and_at_server_functions_and_nothing_is_done_twice() {
    let world = World::new().await;
    let lead = json!({ "given_name": "Met", "family_name": "Twice" });
    let line = functions().into_iter().find(|line| line.path == "crm/save_lead").expect("the function is there");
    let mut input = lead.clone();
    for (key, value) in [
        ("id", json!(null)),
        ("email", json!(null)),
        ("phone", json!(null)),
        ("company", json!("")),
        ("source", json!("")),
        ("status", json!("new")),
    ] {
        input[key] = value;
    }
    (input["value"], input["notes"], input["version"]) = (json!(0), json!(""), json!(0));
    let body = Some((line.pack)(json!([null, input])));
    let function = Call { method: "POST".into(), uri: "/fn/crm/save_lead".into(), body, policy: Policy::SignedIn, of_record: false };

    meeting(&world, 2).await;
    let (status, answer) = world.send("POST", "/api/v1/leads", Some(&world.anna), Some(&lead)).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    meeting(&world, 2).await;
    let (status, _) = world.raw(&function, Some(&world.anna)).await;
    assert_eq!(status, StatusCode::OK);
    meeting(&world, 3).await;
    let (status, answer) = world.send("POST", "/api/v1/leads", Some(&world.anna), Some(&lead)).await;
    assert_eq!((status, answer["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("busy")), "{answer}");
    let made: i64 = sqlx::query_scalar("select count(*) from entities where entity_type = 'crm:lead' and title = 'Met Twice'")
        .fetch_one(&world.owner)
        .await
        .expect("the database answers");
    assert_eq!(made, 2);
}
