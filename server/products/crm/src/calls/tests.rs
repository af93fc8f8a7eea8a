//! Calls on a real database.

use platform::{
    actions,
    id::EntityId,
    testing::{self, Clinic},
};
use services::{
    calendar::{Status, moves},
    hooks::{Hooks, StatusChange},
};

use super::{Call, CompleteCall, PlanCall, complete, get, plan};
use crate::leads::{self, LeadInput};

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

async fn desk() -> Clinic {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    testing::clinic_with(&MODULES, extensions).await
}

async fn planned(clinic: &Clinic) -> Call {
    let mut tx = clinic.tx(&clinic.anna).await;
    let lead: LeadInput =
        serde_json::from_value(serde_json::json!({ "given_name": "Ola", "family_name": "Wrona", "company": "Wrona" })).expect("a lead");
    let lead = leads::create(&mut tx, &lead).await.expect("a lead").id;
    let start = "2026-11-25T09:00:00Z".parse().expect("an instant");
    let wanted = PlanCall { id: None, lead, location: clinic.location, start, minutes: 15, staff: None, notes: String::new() };
    let call = plan(&mut tx, &wanted).await.expect("a call");
    tx.commit().await.expect("committed");
    call
}

/// What the log and the registry know of it: the last step, and the status.
async fn known(clinic: &Clinic, call: EntityId) -> (String, Option<String>) {
    let mut tx = clinic.tx(&clinic.anna).await;
    let last = actions::timeline(&mut tx, call, 1).await.expect("a history").remove(0).verb;
    let status = sqlx::query_scalar("select status from entities where organization_id = $1 and id = $2")
        .bind(clinic.organization)
        .bind(call)
        .fetch_one(tx.conn())
        .await
        .expect("it is registered");
    (last, status)
}

#[tokio::test]
async fn a_call_cancelled_on_the_calendar_is_logged_with_its_reason_like_one_cancelled_on_its_page() {
    let clinic = desk().await;
    let call = planned(&clinic).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let change = StatusChange { version: call.version, to: Status::Cancelled, reason: "Away".into() };
    moves::set_status(&mut tx, call.activity, &change).await.expect("cancelled");
    let entry = actions::timeline(&mut tx, call.id, 1).await.expect("a history").remove(0);
    assert_eq!(entry.new.as_ref().and_then(|new| new["reason"].as_str()), Some("Away"));
    tx.commit().await.expect("committed");
    assert_eq!(known(&clinic, call.id).await, ("cancelled".into(), Some("cancelled".into())));
}

#[tokio::test]
async fn a_call_that_was_made_is_registered_so_and_what_came_of_it_is_not_invented() {
    let clinic = desk().await;
    let (on_its_page, on_the_calendar) = (planned(&clinic).await, planned(&clinic).await);
    let mut tx = clinic.tx(&clinic.anna).await;
    let made = CompleteCall { version: on_its_page.version, outcome: "call_back".into(), notes: String::new() };
    complete(&mut tx, on_its_page.id, &made).await.expect("made");
    let change = StatusChange { version: on_the_calendar.version, to: Status::Completed, reason: String::new() };
    moves::set_status(&mut tx, on_the_calendar.activity, &change).await.expect("made");
    assert_eq!(get(&mut tx, on_its_page.id).await.expect("a call").outcome, "call_back");
    assert_eq!(get(&mut tx, on_the_calendar.id).await.expect("a call").outcome, "");
    tx.commit().await.expect("committed");
    for call in [on_its_page, on_the_calendar] {
        assert_eq!(known(&clinic, call.id).await, ("completed".into(), Some("completed".into())));
    }
}
