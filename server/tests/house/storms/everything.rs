//! A whole desk at once: groups that are moved and moved back, swaps, series, holds that become visits, the waiting list,
//! and whoever cancels and books meanwhile.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use platform::{id::EntityId, testing};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Target, WEATHER, booking, deadlocks, overlaps, target};
use crate::support::{Client, Folder, Server, owner, url};

/// How often each client does what it does.
const ROUNDS: usize = 10;

/// One of those at the desk, and what they work on together with the others.
struct Hand {
    client: Client,
    target: Arc<Target>,
    /// Visits that many lay hands on.
    visits: Arc<Vec<String>>,
    rng: StdRng,
    counts: HashMap<String, usize>,
}

impl Hand {
    /// Sends something, and refuses every answer but success, “not there any more” and “somebody was quicker”. On a machine
    /// that does much else a turn may be waited for too long: then it is asked once more, as the answer says, and counted.
    async fn send(&mut self, method: Method, path: &str, body: &Value) -> Option<Value> {
        let parts = path.split('?').next().unwrap_or_default().split('/').filter(|part| !part.contains('-') && !part.is_empty());
        let what = format!("{method} {}", parts.collect::<Vec<_>>().join("/"));
        for _ in 0..5 {
            let answer = self.client.request(method.clone(), path).json(body).send().await.expect("the server answers");
            let status = answer.status();
            let text = answer.text().await.expect("an answer");
            *self.counts.entry(format!("{what} {}", status.as_u16())).or_default() += 1;
            match status {
                StatusCode::OK | StatusCode::CREATED => return Some(serde_json::from_str(&text).expect("JSON")),
                StatusCode::NO_CONTENT => return Some(Value::Null),
                StatusCode::CONFLICT | StatusCode::NOT_FOUND => return None,
                StatusCode::SERVICE_UNAVAILABLE if text.contains("\"busy\"") => tokio::time::sleep(Duration::from_secs(1)).await,
                other => panic!("an unexpected answer to {method} {path}: {other} {text}"),
            }
        }
        panic!("{method} {path} was busy five times");
    }

    async fn post(&mut self, path: &str, body: &Value) -> Option<Value> {
        self.send(Method::POST, path, body).await
    }

    fn slot(&mut self) -> Value {
        self.target.slots[self.rng.random_range(0..self.target.slots.len())].clone()
    }

    fn patient(&mut self) -> String {
        self.target.patients[self.rng.random_range(0..self.target.patients.len())].clone()
    }

    /// Some of the common visits, each with what is known of it now.
    async fn seen(&mut self, many: usize) -> Vec<Value> {
        let mut chosen = self.visits.to_vec();
        chosen.shuffle(&mut self.rng);
        let mut seen = Vec::new();
        for id in chosen.iter().take(many) {
            seen.push(self.client.get(&format!("/activities/{id}")).await);
        }
        seen
    }

    /// Moves a group by the same distance, and mostly back again.
    async fn move_group(&mut self) {
        let many = self.rng.random_range(2..=5);
        let group = self.seen(many).await;
        let by = TimeDelta::minutes(15 * [-8, -4, -1, 1, 4, 8][self.rng.random_range(0..6)]);
        let Some(moved) = self.post("/activities/move", &moves(&group, by)).await else { return };
        let moved = moved["items"].as_array().or(moved.as_array()).cloned().unwrap_or_default();
        if !moved.is_empty() && self.rng.random_bool(0.7) {
            self.post("/activities/move", &moves(&moved, -by)).await;
        }
    }

    async fn swap(&mut self) {
        let two = self.seen(2).await;
        let asked = json!({
            "first": two[0]["id"], "first_version": two[0]["version"], "second": two[1]["id"], "second_version": two[1]["version"],
        });
        self.post("/appointments/swap", &asked).await;
    }

    /// The week after and the one after that, which then go elsewhere or away together.
    async fn series(&mut self) {
        let (slot, patient) = (self.slot(), self.patient());
        // By the clinic's clock in January.
        let start = (at(&slot["start"]) + TimeDelta::days(7) + TimeDelta::hours(1)).naive_utc();
        let new = json!({
            "patient": patient, "treatment": self.target.treatment, "employee": slot["employee_id"],
            "location": self.target.location, "start": start, "rules": ["FREQ=WEEKLY;COUNT=2"],
        });
        let Some(made) = self.post("/series", &new).await else { return };
        let path = format!("/series/{}/change", made["id"].as_str().expect("an id"));
        let mut change = json!({ "version": made["version"], "scope": "all", "nth": 1 });
        match self.rng.random_bool(0.5) {
            true => change["shift_minutes"] = json!(15 * self.rng.random_range(1..8)),
            false => change["cancel_reason"] = json!("A storm"),
        }
        self.post(&path, &change).await;
    }

    /// A hold goes from one time to another and becomes a visit, or is given back.
    async fn hold(&mut self) {
        let id = EntityId::new();
        let mut last = None;
        for _ in 0..2 {
            let slot = self.slot();
            let wanted = json!({
                "id": id, "treatment": self.target.treatment, "employee": slot["employee_id"],
                "location": self.target.location, "start": slot["start"],
            });
            if self.post("/appointments/holds", &wanted).await.is_some() {
                last = Some(slot);
            }
        }
        let Some(slot) = last else { return };
        if self.rng.random_bool(0.6) {
            let new = json!({
                "patient": self.patient(), "treatment": self.target.treatment, "employee": slot["employee_id"],
                "location": self.target.location, "start": slot["start"], "hold": id,
            });
            self.post("/appointments", &new).await;
        } else {
            self.send(Method::DELETE, &format!("/appointments/holds/{id}"), &Value::Null).await;
        }
    }

    /// Somebody waits, is offered a time, and takes it or not.
    async fn wait(&mut self) {
        let new = json!({
            "patient": self.patient(), "location": self.target.location, "treatments": [self.target.treatment],
            "from_date": "2027-01-11", "to_date": "2027-01-15",
        });
        let Some(waiting) = self.post("/waiting", &new).await else { return };
        let path = format!("/waiting/{}", waiting["id"].as_str().expect("an id"));
        let found = self.client.get(&format!("{path}/matches")).await;
        let Some(one) = found["items"].as_array().or(found["matches"].as_array()).and_then(|all| all.first()).cloned() else { return };
        let choice = json!({ "treatment": one["treatment"]["id"], "employee": one["employee"]["id"], "start": one["start"] });
        if let Some(offer) = self.post(&format!("{path}/offers"), &choice).await {
            let answer = if self.rng.random_bool(0.5) { "accept" } else { "decline" };
            self.post(&format!("/waiting/offers/{}/{answer}", offer["id"].as_str().expect("an id")), &Value::Null).await;
        }
    }

    /// Books somewhere and cancels it again, which wakes whoever waits.
    async fn book(&mut self) {
        let (slot, patient) = (self.slot(), self.patient());
        let new = booking(&self.target.clone(), &patient, &slot, &mut self.rng);
        let Some(made) = self.post("/appointments", &new).await else { return };
        if self.rng.random_bool(0.6) {
            self.send(Method::DELETE, &format!("/appointments/{}?reason=storm", made["id"].as_str().expect("an id")), &Value::Null).await;
        }
    }
}

fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("an instant").parse().expect("an instant")
}

fn moves(group: &[Value], by: TimeDelta) -> Value {
    let one = |seen: &Value| {
        let (start, end) = (at(&seen["start"]) + by, at(&seen["end"]) + by);
        json!({ "activity": seen["id"], "version": seen["version"], "start": start, "end": end })
    };
    json!({ "moves": group.iter().map(one).collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_swaps_series_holds_and_the_waiting_list_of_eight_clients_leave_no_overlap_and_no_deadlock() {
    let _weather = WEATHER.lock().await;
    let database = testing::database().await;
    let owner = owner(&database).await;
    let url = url(&database);
    let folder = Folder::new("everything");
    let server = Server::start(&folder, Some(url.as_str())).await;
    let desk = Client::sign_in(&server.base, "desk@lipowa.example").await;
    let target = Arc::new(target(&desk).await);
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut slots = target.slots.clone();
    slots.shuffle(&mut rng);
    let mut visits = Vec::new();
    for (n, slot) in slots.iter().enumerate().take(60) {
        let patient = &target.patients[n % target.patients.len()];
        let answer = desk.post("/appointments", &booking(&target, patient, slot, &mut rng)).await;
        if answer.status() == StatusCode::CREATED {
            let made: Value = answer.json().await.expect("an answer in JSON");
            visits.push(made["activity"].as_str().expect("an id").to_owned());
        }
        if visits.len() == 14 {
            break;
        }
    }
    assert!(visits.len() >= 8, "there is something to move");
    let visits = Arc::new(visits);
    let hands: Vec<_> = (0..8)
        .map(|n| {
            let rng = StdRng::seed_from_u64(seed.wrapping_add(n + 1));
            let mut hand = Hand { client: desk.clone(), target: target.clone(), visits: visits.clone(), rng, counts: HashMap::new() };
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    match n {
                        0..3 => hand.move_group().await,
                        3 => hand.swap().await,
                        4 => hand.series().await,
                        5 => hand.hold().await,
                        6 => hand.wait().await,
                        _ => hand.book().await,
                    }
                }
                hand.counts
            })
        })
        .collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for hand in hands {
        for (what, count) in hand.await.expect("no panic") {
            *counts.entry(what).or_default() += count;
        }
    }
    let mut told: Vec<_> = counts.iter().map(|(what, count)| format!("{what}: {count}")).collect();
    told.sort();
    println!("{}", told.join("\n"));
    assert_eq!(deadlocks(&owner).await, 0, "nobody waited for somebody who waited for them");
    assert_eq!(overlaps(&owner).await, 0);
    for what in ["activities/move", "series", "waiting", "appointments/holds", "appointments/swap"] {
        let succeeded = counts.keys().any(|told| told.starts_with(&format!("POST {what} 20")));
        assert!(succeeded, "{what} succeeded at least once");
    }
}
