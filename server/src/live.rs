//! The event stream that tells browsers what changed, so that they fetch again what they show.

mod streams;

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Query, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};
use platform::{
    Error, State, Tx,
    id::OrganizationId,
    live::LiveEvent,
    sessions::{self, Identity, SESSION},
    tx::Door,
};
use serde::Deserialize;
use services::{
    core::CALENDAR_READ,
    records::{self, Hearing},
};
use tokio::sync::Semaphore;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::presence;
use streams::Streams;

/// How long one stream lasts at least, in seconds. Browsers come back by themselves, and are asked again who they are; not
/// all at once, as each then also fetches what it may have missed.
const LIFETIME: std::ops::Range<u64> = 540..660;
/// When a stream may come back whose session has opened too many: sooner, and they would end each other without end.
const CROWDED: Duration = Duration::from_secs(60);

/// How many may listen at once, and the word that all streams end because the server does.
#[derive(Clone)]
pub struct Viewers {
    places: Arc<Semaphore>,
    closing: CancellationToken,
    streams: Streams,
}

impl Viewers {
    /// Places for that many.
    pub fn new(at_most: usize) -> Self {
        let places = Arc::new(Semaphore::new(at_most.min(Semaphore::MAX_PERMITS)));
        Self { places, closing: CancellationToken::new(), streams: Streams::default() }
    }

    /// Ends all streams, which would otherwise hold up the server's end for their whole lifetime.
    pub fn close(&self) {
        self.closing.cancel();
    }
}

/// Who listens.
#[derive(Deserialize)]
pub struct Listener {
    /// The open page, where it tells colleagues where it is: they hear when it is gone, however it went.
    tab: Option<Uuid>,
}

/// `GET /live`: names of records of the viewer's organization that changed, and nothing about them. A viewer costs a
/// task and a channel, never a database connection. Beyond the cap the answer is 503 with `Retry-After`; one more than a
/// session may have ends its oldest.
pub async fn stream(
    Extract(state): Extract<State>,
    Extension(viewers): Extension<Viewers>,
    Query(listener): Query<Listener>,
    headers: HeaderMap,
) -> Response {
    let identity = match sessions::identify(&state, &headers).await {
        Ok(Some(identity)) => identity,
        Ok(None) => return Error::Unauthenticated.into_response(),
        Err(error) => return error.into_response(),
    };
    let Some(organization) = identity.organization else { return Error::NotFound.into_response() };
    // A member who was removed keeps no ear at the door: the stream is opened only for who may begin a transaction.
    let (sees_calendar, hearing) = match Tx::begin(&state, &identity, Door::Screen).await {
        Ok(tx) => (tx.can(CALENDAR_READ), Hearing::of(&tx)),
        Err(error) => return error.into_response(),
    };
    let Ok(place) = viewers.places.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")]).into_response();
    };
    let own = viewers.streams.open(identity.session);
    // Where colleagues are is for those who may see the calendar. Who is too slow to hear it all misses nothing that lasts.
    let present = sees_calendar.then(|| BroadcastStream::new(state.live.hear(organization)));
    let page = listener.tab.filter(|_| sees_calendar).map(|tab| presence::Page::new(identity.session, tab));
    let leaving = page.map(|page| presence::Leaving::new(&state, organization, (identity.user, &identity.name), page));
    let comes_back = leaving.as_ref().map(presence::Leaving::comes_back);
    let ear = Arc::new(Ear { state: state.clone(), identity: identity.clone(), credentials: credentials(&headers), organization, hearing });
    let listens = ear.clone();
    let told = BroadcastStream::new(state.live.subscribe(organization)).take_while(move |received| {
        // Whoever lags may have missed that it was him.
        let ask = received.as_ref().map_or(true, |event| may_end(event));
        let asked = ask.then(|| listens.clone());
        async move {
            match asked {
                // In a box: the stream keeps room for what it waits for, and this is asked once in a while and takes kilobytes.
                Some(ear) => Box::pin(async move { ear.may_hear().await }).await,
                None => true,
            }
        }
    });
    let events = told.filter_map(move |received| {
        let hears = received.as_ref().map_or(true, |event| ear.hearing.hears(&event.entity_type));
        let asked = received.as_ref().is_ok_and(|event| ear.hearing.asks(&event.entity_type)).then(|| ear.clone());
        async move {
            match received {
                Ok(event) if event.entity_type == SESSION || !hears => None,
                Ok(event) => {
                    // Of records of which they see some only, whoever listens hears of those.
                    let told = match asked {
                        Some(ear) => {
                            let event = event.clone();
                            Box::pin(async move { ear.is_told(&event).await }).await
                        }
                        None => true,
                    };
                    if !told {
                        return None;
                    }
                    Some(Ok::<_, Infallible>(Event::default().event("change").json_data(&*event).unwrap_or_default()))
                }
                // Too slow to hear everything: the browser fetches all it shows.
                Err(_) => Some(Ok(Event::default().event("missed").data("missed"))),
            }
        }
    });
    let user = identity.user;
    let present = futures::stream::iter(present).flatten().filter_map(move |said| {
        // Nobody is a colleague of theirs, in whichever window.
        let told = said.ok().filter(|text| page.is_none_or(|page| !page.says(text) && !presence::is_by(user, text)));
        std::future::ready(told.map(|text| Ok(Event::default().event("here").data(&*text))))
    });
    // The stream of changes decides when it is over.
    let events = ends_with_first(events, present);
    let lifetime = Duration::from_secs(rand::random_range(LIFETIME));
    let taken = own.taken.clone();
    let crowded = taken.clone();
    let end = async move {
        tokio::select! {
            () = viewers.closing.cancelled() => {}
            () = taken.cancelled() => {}
            () = tokio::time::sleep(lifetime) => {}
        }
        // It was not the reader who went: they come back in a moment.
        if let Some(comes_back) = comes_back {
            comes_back.cancel();
        }
    };
    let events = events.take_until(end).map(move |event| {
        // The place is given back when the stream ends or its reader goes away.
        let _held = (&place, &own, &leaving);
        event
    });
    let last = futures::stream::once(std::future::ready(())).filter_map(move |()| {
        let wait = crowded.is_cancelled().then(|| Ok(Event::default().event("crowded").retry(CROWDED).data("crowded")));
        std::future::ready(wait)
    });
    let first = futures::stream::once(async { Ok(Event::default().event("hello").retry(Duration::from_millis(500)).data("hello")) });
    Sse::new(first.chain(events).chain(last)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

/// Two streams as one, which ends when the first does.
fn ends_with_first<T>(first: impl Stream<Item = T>, second: impl Stream<Item = T>) -> impl Stream<Item = T> {
    let first = first.map(Some).chain(futures::stream::once(async { None }));
    futures::stream::select(first, second.map(Some)).take_while(|item| std::future::ready(item.is_some())).filter_map(std::future::ready)
}

/// Whether somebody may have lost the right to hear, or to hear of so much.
fn may_end(event: &LiveEvent) -> bool {
    event.entity_type == SESSION || ["member_removed", "member_role_changed", "role_updated"].contains(&event.action.as_str())
}

/// Those of the headers that say who somebody is, copied: a header as it came lies in the buffer that its connection was read
/// into, and eight kilobytes would stay for as long as the stream does.
fn credentials(headers: &HeaderMap) -> HeaderMap {
    let mut credentials = HeaderMap::new();
    for name in [header::AUTHORIZATION, header::COOKIE] {
        for copy in headers.get_all(&name).iter().filter_map(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
            credentials.append(name.clone(), copy);
        }
    }
    credentials
}

/// Whoever listens: asked again when their rights may have changed, and of records of which they see some only.
struct Ear {
    state: State,
    identity: Identity,
    credentials: HeaderMap,
    organization: OrganizationId,
    hearing: Hearing,
}

impl Ear {
    /// Whether they are still signed in, still a member there, and hear of the same types. One of whom that
    /// cannot be said just now, or of whom it has changed, may come back and ask.
    async fn may_hear(&self) -> bool {
        match sessions::identify(&self.state, &self.credentials).await {
            Ok(Some(identity)) if identity.organization == Some(self.organization) => {
                let begun = Tx::begin(&self.state, &identity, Door::Screen).await;
                begun.is_ok_and(|tx| Hearing::of(&tx) == self.hearing)
            }
            _ => false,
        }
    }

    /// Whether a change of this record is told to them. What cannot be said just now is not told.
    async fn is_told(&self, event: &LiveEvent) -> bool {
        let Ok(mut tx) = Tx::begin(&self.state, &self.identity, Door::Screen).await else { return false };
        records::is_told(&mut tx, &event.entity_type, event.entity_id).await.unwrap_or(false)
    }
}
