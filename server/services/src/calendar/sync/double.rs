//! A stand-in for both other sides that speaks their JSON, for tests: what they would answer, and on demand how they fail.

mod cal_com;
mod google;

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::{Outside, Settings};

/// What the other sides know.
#[derive(Default)]
pub struct World {
    /// Google's events by id, with the number of their last change.
    pub events: BTreeMap<String, (u64, Value)>,
    /// Cal.com's bookings by uid.
    pub bookings: BTreeMap<String, Value>,
    /// Cal.com's bells.
    pub hooks: BTreeMap<String, Value>,
    /// Counts changes; tokens and tags are made of it.
    pub count: u64,
    /// Google's channels by id, as they were asked for; and when the next one ends, in 2100 if not told.
    pub channels: BTreeMap<String, Value>,
    pub channel_until: Option<chrono::DateTime<chrono::Utc>>,
    /// Google's access tokens that are good.
    pub access: Vec<String>,
    /// Whether the refresh token is good no longer.
    pub revoked: bool,
    /// Sync tokens below this are too old.
    pub oldest: u64,
    /// How many entries a page has.
    pub page: usize,
    /// What is answered instead, once each: a part of the path, and the status.
    pub faults: VecDeque<(&'static str, u16)>,
    /// Of requests to this path the effect takes place and the answer never comes.
    pub silent: Option<&'static str>,
    /// What Google's owner changes just before somebody else does: the id, and the event.
    pub meanwhile: Option<(String, Value)>,
    /// Method and path of everything that was asked.
    pub asked: Vec<String>,
    /// Types of event of Cal.com that take these minutes only.
    pub minutes: Option<i64>,
}

/// A stand-in that listens.
#[derive(Clone)]
pub struct Double {
    /// Where it listens: `http://127.0.0.1:1234`.
    pub base: String,
    world: Arc<Mutex<World>>,
}

impl Double {
    /// Starts one, which ends with its runtime.
    pub async fn start() -> Double {
        let world = Arc::new(Mutex::new(World { page: 2, ..World::default() }));
        let router = Router::new().merge(google::routes()).merge(cal_com::routes());
        let router = router.layer(from_fn_with_state(world.clone(), failing)).with_state(world.clone());
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Double { base, world }
    }

    /// What it knows.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything outside, as a server has it that asks this stand-in.
    ///
    /// # Panics
    /// Never with these settings.
    pub fn outside(&self) -> Outside {
        let sealer = platform::sealing::Sealer::of(&data_encoding::BASE64.encode(&[7; 32])).expect("a key");
        Outside::new(self.settings(), sealer).expect("a client")
    }

    /// Settings by which a server asks this stand-in.
    ///
    /// # Panics
    /// Never.
    pub fn settings(&self) -> Settings {
        let lookup = |name: &str| match name {
            "ATRIUM_GOOGLE_CLIENT_ID" | "ATRIUM_GOOGLE_CLIENT_SECRET" => Some("atrium".to_owned()),
            "ATRIUM_GOOGLE_URL" | "ATRIUM_CAL_URL" => Some(self.base.clone()),
            _ => None,
        };
        Settings::from_lookup(lookup, "127.0.0.1:3000").expect("settings")
    }

    /// Something that its owner does in Google Calendar.
    pub fn google(&self, id: &str, event: Value) {
        google::change(&mut self.world(), id, event);
    }

    /// Something that is booked at Cal.com.
    pub fn booked(&self, uid: &str, booking: Value) {
        cal_com::change(&mut self.world(), uid, booking);
    }

    /// Google's events that are not cancelled.
    pub fn living(&self) -> Vec<Value> {
        let world = self.world();
        world.events.values().map(|(_, event)| event.clone()).filter(|event| event["status"] != "cancelled").collect()
    }

    /// Cal.com's bookings that take place.
    pub fn accepted(&self) -> Vec<Value> {
        self.world().bookings.values().filter(|booking| booking["status"] == "accepted").cloned().collect()
    }

    /// How often something was asked: `PUT /calendar`.
    pub fn times(&self, what: &str) -> usize {
        self.world().asked.iter().filter(|asked| asked.starts_with(what)).count()
    }
}

type Shared = Arc<Mutex<World>>;

fn lock(shared: &Shared) -> MutexGuard<'_, World> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn failing(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let name = format!("{} {}", request.method(), request.uri().path());
    let fault = {
        let mut world = lock(&shared);
        world.asked.push(name.clone());
        let place = world.faults.iter().position(|(path, _)| name.contains(path));
        place.and_then(|place| world.faults.remove(place)).map(|(_, status)| status)
    };
    if let Some(status) = fault {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(HeaderName::from_static("retry-after"), HeaderValue::from_static("7"));
        }
        return response;
    }
    let response = next.run(request).await;
    let silent = lock(&shared).silent.is_some_and(|path| name.contains(path));
    if silent {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    response
}
