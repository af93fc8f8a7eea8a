//! Each sentence that is promised of the doors is a test here. Scenarios are told as a program would tell them.

mod bookings;
mod faults;
mod grid;
mod places;
mod properties;
mod proposals;
mod rotas;

use std::time::Duration;

use platform::Error;
use serde_json::{Value, json};

use super::*;

fn patient() -> Deadline {
    Deadline::after(Duration::from_secs(60))
}

/// Anna, who works on Monday 11 January 2027 from 9 to 12, an hour at a time every half hour; with what else is said.
fn scenario(other: Value) -> Value {
    let mut scenario = json!({
        "zone": "Europe/Warsaw", "from": "2027-01-11", "to": "2027-01-11", "step": 30,
        "treatment": { "duration": 60 },
        "resources": [anna(json!({}))],
    });
    merge(&mut scenario, other);
    scenario
}

fn anna(other: Value) -> Value {
    staff("anna", other)
}

fn staff(id: &str, other: Value) -> Value {
    let mut resource = json!({ "id": id, "role": "staff", "weekly": [{ "days": ["mo"], "start": "09:00", "end": "12:00" }] });
    merge(&mut resource, other);
    resource
}

fn merge(into: &mut Value, other: Value) {
    let Value::Object(other) = other else { panic!("an object is merged") };
    into.as_object_mut().unwrap().extend(other);
}

/// On 11 January 2027 at the wall clock of Warsaw.
fn at(clock: &str) -> String {
    format!("2027-01-11T{clock}:00+01:00")
}

fn booked(from: &str, to: &str) -> Value {
    json!({ "start": at(from), "end": at(to) })
}

fn simulated(scenario: Value) -> Value {
    let told: Scenario = serde_json::from_value(scenario).unwrap();
    serde_json::to_value(simulate(&told, patient()).unwrap()).unwrap()
}

fn checked(scenario: Value, propose: Value) -> Value {
    let mut told = scenario;
    merge(&mut told, json!({ "propose": propose }));
    serde_json::to_value(check(serde_json::from_value(told).unwrap(), patient()).unwrap()).unwrap()
}

/// The starts by their wall clock.
fn starts(scenario: Value) -> Vec<String> {
    let answer = simulated(scenario);
    answer["slots"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap()[11..16].to_owned()).collect()
}

/// Rules with their resources, from and to; times on that Monday by their wall clock.
fn reasons(answer: &Value) -> Vec<(String, String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let short = |value: &Value| text(value).strip_prefix("2027-01-11T").and_then(|t| t.get(..5)).map_or_else(|| text(value), str::to_owned);
    answer["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["rule"]), text(&one["resource"]), short(&one["from"]), short(&one["to"])))
        .collect()
}

/// The reasons against a proposal on that Monday with Anna.
fn against(scenario: Value, clock: &str) -> Vec<(String, String, String, String)> {
    let answer = checked(scenario, json!({ "start": at(clock), "resources": { "staff": "anna" } }));
    assert_eq!(answer["ok"], json!(answer["reasons"] == json!([])));
    reasons(&answer)
}

fn reason(rule: &str, resource: &str, from: &str, to: &str) -> (String, String, String, String) {
    (rule.into(), resource.into(), from.into(), to.into())
}

/// The fields at fault.
fn refused(scenario: Value) -> Vec<String> {
    let told: Scenario = serde_json::from_value(scenario).unwrap();
    fields(simulate(&told, patient()).unwrap_err())
}

fn fields(error: Error) -> Vec<String> {
    let Error::Invalid(errors) = error else { panic!("{error}") };
    errors.into_iter().map(|error| error.field).collect()
}
