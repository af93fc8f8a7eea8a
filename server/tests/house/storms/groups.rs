//! Groups of visits that are moved at once by many, while others book.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{WEATHER, booking, deadlocks, overlaps, target};
use crate::support::{Client, Folder, Server, owner, url};
use platform::testing;

/// Clients that move, and how often each does.
const MOVERS: u64 = 6;
/// Clients that book meanwhile.
const BOOKERS: u64 = 2;
const ROUNDS: usize = 12;

/// The visits' versions, as the clients were told by moves that went. Whoever asks for what is so already is told the
/// version that somebody else has made (R11).
type Told = Arc<Mutex<HashSet<(String, i64)>>>;

fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("an instant").parse().expect("an instant")
}

/// Posts, and once more after a second where the answer says so: a machine that does much else lets turns wait for too long.
async fn patiently(client: &Client, path: &str, body: &Value) -> (StatusCode, Value) {
    for _ in 0..5 {
        let answer = client.post(path, body).await;
        let status = answer.status();
        let told: Value = answer.json().await.expect("an answer in JSON");
        if status != StatusCode::SERVICE_UNAVAILABLE || told["code"] != "busy" {
            return (status, told);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("POST {path} was busy five times");
}

/// One client: takes some of the visits at random, reads them, and moves all by the same distance.
async fn mover(client: Client, visits: Vec<String>, mut rng: StdRng, told: Told) -> HashMap<u16, usize> {
    let mut counts = HashMap::new();
    for _ in 0..ROUNDS {
        let mut group = visits.clone();
        group.shuffle(&mut rng);
        group.truncate(rng.random_range(2..=5));
        // Never nowhere: a move changes a version.
        let by = TimeDelta::minutes(15 * [-8, -4, -3, -2, -1, 1, 2, 3, 4, 8][rng.random_range(0..10)]);
        let mut moves = Vec::new();
        for id in &group {
            let seen = client.get(&format!("/activities/{id}")).await;
            let (start, end) = (at(&seen["start"]) + by, at(&seen["end"]) + by);
            moves.push(json!({ "activity": id, "version": seen["version"], "start": start, "end": end }));
        }
        let (status, body) = patiently(&client, "/activities/move", &json!({ "moves": moves })).await;
        *counts.entry(status.as_u16()).or_default() += 1;
        match status {
            StatusCode::OK => {
                let moved = body.as_array().expect("all of the group").iter();
                let version = |one: &Value| (one["id"].as_str().expect("an id").to_owned(), one["version"].as_i64().expect("a version"));
                told.lock().expect("nobody panicked").extend(moved.map(version));
            }
            // Moved by somebody else since it was read, or something stands against it.
            StatusCode::CONFLICT => assert!(body["code"].is_string(), "{body}"),
            other => panic!("an unexpected answer: {other} {body}"),
        }
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_that_overlap_are_moved_by_many_at_once_and_each_goes_whole_or_not_at_all() {
    let _weather = WEATHER.lock().await;
    let database = testing::database().await;
    let owner = owner(&database).await;
    let url = url(&database);
    let folder = Folder::new("groups");
    let server = Server::start(&folder, Some(url.as_str())).await;
    let desk = Client::sign_in(&server.base, "desk@lipowa.example").await;
    let target = Arc::new(target(&desk).await);
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut slots = target.slots.clone();
    slots.shuffle(&mut rng);
    let mut visits = Vec::new();
    for (n, slot) in slots.iter().enumerate() {
        let answer = desk.post("/appointments", &booking(&target, &target.patients[n % target.patients.len()], slot, &mut rng)).await;
        if answer.status() == StatusCode::CREATED {
            let made: Value = answer.json().await.expect("an answer in JSON");
            visits.push(made["activity"].as_str().expect("an id").to_owned());
        }
        if visits.len() == 16 {
            break;
        }
    }
    assert!(visits.len() >= 8, "there is something to move");
    let before: HashMap<String, i64> = versions(&owner, &visits).await;

    let told = Told::default();
    let movers: Vec<_> = (0..MOVERS)
        .map(|n| tokio::spawn(mover(desk.clone(), visits.clone(), StdRng::seed_from_u64(seed.wrapping_add(n + 1)), told.clone())))
        .collect();
    let bookers: Vec<_> = (0..BOOKERS)
        .map(|n| {
            let (client, target, mut rng) = (desk.clone(), target.clone(), StdRng::seed_from_u64(seed.wrapping_add(100 + n)));
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    let slot = &target.slots[rng.random_range(0..target.slots.len())];
                    let patient = &target.patients[rng.random_range(0..target.patients.len())];
                    let (status, _) = patiently(&client, "/appointments", &booking(&target, patient, slot, &mut rng)).await;
                    assert!(matches!(status, StatusCode::CREATED | StatusCode::CONFLICT), "an unexpected answer: {status}");
                }
            })
        })
        .collect();
    let mut counts: HashMap<u16, usize> = HashMap::new();
    for mover in movers {
        for (status, count) in mover.await.expect("no panic") {
            *counts.entry(status).or_default() += count;
        }
    }
    for booker in bookers {
        booker.await.expect("no panic");
    }
    println!("moves of groups: {counts:?}");
    assert!(counts.get(&200).is_some_and(|moved| *moved > 0), "some groups found room: {counts:?}");
    assert_eq!(deadlocks(&owner).await, 0);
    assert_eq!(overlaps(&owner).await, 0);
    let after = versions(&owner, &visits).await;
    let told = told.lock().expect("nobody panicked");
    let many = |id: &String| i64::try_from(told.iter().filter(|(one, _)| one == id).count()).expect("a number");
    let moved = |id: &String| (after[id] - before[id], many(id));
    let wrong: HashMap<&String, (i64, i64)> = visits.iter().map(|id| (id, moved(id))).filter(|(_, (there, told))| there != told).collect();
    assert!(wrong.is_empty(), "each was moved as often as it was said, so no group went in part (there, told): {wrong:?}");
}

async fn versions(owner: &sqlx::PgPool, visits: &[String]) -> HashMap<String, i64> {
    let ids: Vec<uuid::Uuid> = visits.iter().map(|id| id.parse().expect("a uuid")).collect();
    let rows: Vec<(uuid::Uuid, i32)> = sqlx::query_as("select id, version from scheduled_activities where id = any ($1)")
        .bind(ids)
        .fetch_all(owner)
        .await
        .expect("the database answers");
    rows.into_iter().map(|(id, version)| (id.to_string(), i64::from(version))).collect()
}
