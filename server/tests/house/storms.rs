//! Storms: many at once, and machines that die in the middle. What is counted is what clients were told and what is
//! in the database afterwards.

mod everything;
mod groups;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use platform::testing;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Folder, Server, owner, ready, url};

/// Storms come one at a time, so that each is as hard as it says and no harder.
static WEATHER: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What a booking of the demo clinic's laser treatment needs: staff, room and device at once.
struct Target {
    treatment: String,
    patients: Vec<String>,
    location: String,
    slots: Vec<Value>,
}

/// A treatment that takes a room and a device, its free times over the next days, and patients to book.
async fn target(client: &Client) -> Target {
    let treatments = client.get("/treatments").await;
    let treatment = treatments["items"]
        .as_array()
        .expect("treatments")
        .iter()
        .find(|t| {
            let needs = t["needs"].as_array().expect("needs");
            needs.iter().any(|n| n["kind"] == "device") && needs.iter().any(|n| n["kind"] == "room")
        })
        .expect("a treatment with room and device");
    let treatment = treatment["id"].as_str().expect("an id").to_owned();
    let patients = client.get("/patients?limit=100").await["items"]
        .as_array()
        .expect("patients")
        .iter()
        .map(|p| p["id"].as_str().expect("an id").to_owned())
        .collect();
    let location = client.get("/locations").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let slots = client.get(&format!("/appointments/availability?start_date=2027-01-11&end_date=2027-01-15&treatment_id={treatment}")).await
        ["available_slots"]
        .as_array()
        .expect("slots")
        .clone();
    assert!(slots.len() > 10, "the demo clinic has free times");
    Target { treatment, patients, location, slots }
}

fn booking(target: &Target, patient: &str, slot: &Value, rng: &mut StdRng) -> Value {
    let mut resources: Vec<Value> = slot["resources"].as_array().expect("resources").clone();
    resources.shuffle(rng);
    json!({
        "patient": patient, "treatment": target.treatment, "employee": slot["employee_id"],
        "location": target.location, "start": slot["start"], "resources": resources,
    })
}

/// Pairs of bookings that occupy one resource at one time: must be none, whatever happened.
async fn overlaps(pool: &sqlx::PgPool) -> i64 {
    sqlx::query_scalar(
        "select count(*) from resource_bookings a join resource_bookings b
           on b.organization_id = a.organization_id and b.resource_id = a.resource_id and b.activity_id > a.activity_id
          and a.starts_at < b.ends_at and b.starts_at < a.ends_at
         where a.occupies and b.occupies and not a.overbooked and not b.overbooked",
    )
    .fetch_one(pool)
    .await
    .expect("the database answers")
}

/// How often two transactions of this database have waited for each other.
async fn deadlocks(pool: &sqlx::PgPool) -> i64 {
    // Each connection counts a moment after its transaction.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    sqlx::query_scalar("select deadlocks from pg_stat_database where datname = current_database()")
        .fetch_one(pool)
        .await
        .expect("the database answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_parallel_bookings_of_one_time_exactly_one_succeeds_and_two_servers_agree() {
    let _weather = WEATHER.lock().await;
    let database = testing::database().await;
    let owner = owner(&database).await;
    let url = url(&database);
    let (one, two) = (Folder::new("one"), Folder::new("two"));
    // Both start at once on an empty database: one migrates, the other waits.
    let (first, second) = tokio::join!(Server::start(&one, Some(url.as_str())), Server::start(&two, Some(url.as_str())));
    let desk = Client::sign_in(&first.base, "desk@lipowa.example").await;
    let target = target(&desk).await;
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    for (round, parallel) in [2_usize, 24, 200].into_iter().enumerate() {
        let slot = target.slots[round * 12 % target.slots.len()].clone();
        let began = std::time::Instant::now();
        let requests: Vec<_> = (0..parallel)
            .map(|n| {
                let body = booking(&target, &target.patients[n % target.patients.len()], &slot, &mut rng);
                // Every other request goes to the other server.
                let client = if n % 2 == 0 { desk.clone() } else { desk.at(&second.base) };
                tokio::spawn(async move {
                    let answer = client.post("/appointments", &body).await;
                    (answer.status(), answer.json::<Value>().await.expect("an answer in JSON"))
                })
            })
            .collect();
        let mut counts: HashMap<u16, usize> = HashMap::new();
        for request in requests {
            let (status, answer) = request.await.expect("no panic");
            *counts.entry(status.as_u16()).or_default() += 1;
            // Whoever was beaten by the database itself is told as much as whoever came later.
            if status == StatusCode::CONFLICT {
                assert!(answer["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()), "{answer}");
            }
        }
        println!("{parallel} parallel bookings in {:?}: {counts:?}", began.elapsed());
        assert_eq!(counts.get(&201), Some(&1), "{counts:?}");
        assert_eq!(counts.get(&409), Some(&(parallel - 1)), "{counts:?}");
    }
    assert_eq!((overlaps(&owner).await, deadlocks(&owner).await), (0, 0));
}

/// Books with an idempotency key until the server gives a final answer, through crashes and restarts.
async fn book_stubbornly(client: Client, body: Value, key: String) -> (StatusCode, Option<String>) {
    for _ in 0..600 {
        let sent = client.request(Method::POST, "/appointments").header("idempotency-key", &key).json(&body).send().await;
        if let Ok(answer) = sent {
            let status = answer.status();
            if status == StatusCode::CREATED {
                if let Ok(body) = answer.json::<Value>().await {
                    return (status, body["id"].as_str().map(str::to_owned));
                }
            } else if status == StatusCode::CONFLICT {
                return (status, None);
            } else {
                assert!(status == StatusCode::SERVICE_UNAVAILABLE, "an unexpected answer while things die: {status}");
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no final answer within 30 s");
}

/// Sends a storm of bookings at one server while `disturb` does its worst; checks that each acknowledged booking is
/// there afterwards, and once.
async fn storm_survives<F: Future<Output = ()>>(client: &Client, owner: &sqlx::PgPool, disturb: impl FnOnce() -> F) {
    let target = target(client).await;
    let before = visits(owner).await;
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut starts: Vec<&Value> = target.slots.iter().collect();
    starts.shuffle(&mut rng);
    let bookings: Vec<_> = (0..60)
        .map(|n| {
            let slot = starts[n % starts.len()];
            let body = booking(&target, &target.patients[n % target.patients.len()], slot, &mut rng);
            let (client, wait) = (client.clone(), Duration::from_millis(rng.random_range(0..4_000)));
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                book_stubbornly(client, body, format!("storm-{seed}-{n}")).await
            })
        })
        .collect();
    disturb().await;
    let mut acknowledged = Vec::new();
    let mut conflicts = 0;
    for booking in bookings {
        match booking.await.expect("no panic") {
            (StatusCode::CREATED, Some(id)) => acknowledged.push(id),
            _ => conflicts += 1,
        }
    }
    println!("{} acknowledged, {conflicts} conflicts", acknowledged.len());
    assert!(acknowledged.len() > 5);
    assert_eq!(acknowledged.iter().collect::<HashSet<_>>().len(), acknowledged.len(), "no two requests got one booking");
    let there: i64 = sqlx::query_scalar("select count(*) from gabinet_appointments where id = any ($1::uuid[])")
        .bind(acknowledged.iter().map(|id| id.parse::<uuid::Uuid>().expect("a uuid")).collect::<Vec<_>>())
        .fetch_one(owner)
        .await
        .expect("the database answers");
    assert_eq!(usize::try_from(there).ok(), Some(acknowledged.len()), "every acknowledged booking is there");
    // One that was made, and told to nobody, would be one too many.
    assert_eq!(usize::try_from(visits(owner).await - before).ok(), Some(acknowledged.len()), "nothing but what was acknowledged was made");
    assert_eq!(overlaps(owner).await, 0);
}

/// How many visits there are.
async fn visits(owner: &sqlx::PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from gabinet_appointments").fetch_one(owner).await.expect("the database answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_bookings_survive_kill_9_of_the_server() {
    let _weather = WEATHER.lock().await;
    let database = testing::database().await;
    let owner = owner(&database).await;
    let url = url(&database);
    let folder = Folder::new("kill-server");
    let mut server = Server::start(&folder, Some(url.as_str())).await;
    let client = Client::sign_in(&server.base, "desk@lipowa.example").await;
    let addr = server.base.trim_start_matches("http://").to_owned();
    let folder = &folder;
    let url = &url;
    let server = &mut server;
    storm_survives(&client, &owner, || async move {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(900)).await;
            server.kill();
            *server = Server::start_at(folder, Some(url.as_str()), &addr).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_bookings_survive_kill_9_of_postgresql_and_the_server_heals() {
    let _weather = WEATHER.lock().await;
    let folder = Folder::new("kill-postgres");
    let server = Server::start(&folder, None).await;
    let client = Client::sign_in(&server.base, "desk@lipowa.example").await;
    let pid_file = folder.path().join("data/postgres/postmaster.pid");
    // Its fourth and fifth lines say on which port and in which folder it listens.
    let pid = std::fs::read_to_string(&pid_file).expect("the database runs");
    let lines: Vec<&str> = pid.lines().collect();
    let options = sqlx::postgres::PgConnectOptions::new()
        .socket(lines[4].trim())
        .port(lines[3].trim().parse().expect("a port"))
        .username("atrium")
        .database("atrium");
    let owner = sqlx::postgres::PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
    let base = server.base.clone();
    storm_survives(&client, &owner, || async move {
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_millis(1_200)).await;
            let text = std::fs::read_to_string(&pid_file).expect("the database runs");
            let pid: i32 = text.lines().next().and_then(|line| line.parse().ok()).expect("a pid");
            // SAFETY: sends a signal to the postmaster that our own server started.
            #[allow(unsafe_code)]
            unsafe {
                libc::kill(pid, libc::SIGKILL);
            }
            ready(&base).await;
        }
    })
    .await;
    server.stop();
}
