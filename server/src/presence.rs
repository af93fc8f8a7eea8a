//! Who else looks at the calendar, what they have open and what they hold in the air. Said to colleagues who listen at
//! `/live`, at this server or another, and kept nowhere: whoever falls silent is gone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{Extension, extract::State as Extract};
use chrono::NaiveDate;
use platform::{
    Result, State, Tx,
    error::Error,
    id::{EntityId, LocationId, OrganizationId, SessionId, UserId},
    input::Input,
    rest::{Json, auth::SignedIn},
    tx::Door,
};
use serde::{Deserialize, Serialize};
use services::core::CALENDAR_READ;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What comes sooner after the one before from the same session is left out.
const PAUSE: Duration = Duration::from_millis(80);
/// How long a right that was found is believed.
const BELIEVED: Duration = Duration::from_secs(30);

/// The most minutes of a board, and of an entry on it.
const MINUTES: std::ops::RangeInclusive<u16> = 0..=44_640;

/// An open page by the name that colleagues hear. It is made of the session and of what the page calls itself: what another
/// session says is of another page, whatever name it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page(Uuid);

impl Page {
    /// The page of a session that calls itself so.
    pub fn new(session: SessionId, tab: Uuid) -> Page {
        let digest = Sha256::new().chain_update(session.0.as_bytes()).chain_update(tab.as_bytes()).finalize();
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        Page(uuid::Builder::from_custom_bytes(name).into_uuid())
    }

    /// Whether it is this page that says so.
    pub fn says(self, told: &str) -> bool {
        // Within a text of JSON no quotation mark stands bare: this can only be the field.
        told.contains(&format!("\"tab\":\"{}\"", self.0))
    }
}

/// Whether it was said by that person, in whichever of their windows. Nobody is a colleague of theirs.
pub fn is_by(user: UserId, told: &str) -> bool {
    // Within a text of JSON no quotation mark stands bare: this can only be the field.
    told.contains(&format!("\"by\":\"{}\"", user.0))
}

/// Where somebody is, as their browser says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Here {
    /// One open page, by what it calls itself.
    #[serde(skip_serializing)]
    tab: Uuid,
    location: Option<LocationId>,
    date: Option<NaiveDate>,
    /// The entry that is open beside the calendar.
    #[serde(default)]
    open: Option<EntityId>,
    /// What is being dragged, or booked.
    #[serde(default)]
    drag: Option<Drag>,
    /// The page is left.
    #[serde(default)]
    gone: bool,
}

/// An entry in the air or in a form, and over which place of the board.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Drag {
    /// None of what is only being booked.
    #[serde(default)]
    entry: Option<EntityId>,
    /// Whose column, by name.
    column: String,
    /// Minutes of the column's day at which it would begin.
    from: u16,
    minutes: u16,
}

/// The same with the name, as colleagues hear it.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    by: UserId,
    tab: Uuid,
    #[serde(flatten)]
    here: &'a Here,
}

/// Somebody who may speak, for a while.
struct Speaker {
    organization: OrganizationId,
    name: String,
    found: Instant,
    last: Instant,
}

/// Who speaks, in this server.
#[derive(Clone, Default)]
pub struct Speakers(Arc<Mutex<HashMap<SessionId, Speaker>>>);

impl Speakers {
    /// The name of a session that was asked about a moment ago; `Some(None)` if it speaks too fast.
    fn known(&self, session: SessionId, organization: OrganizationId) -> Option<Option<String>> {
        let mut speakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let speaker = speakers.get_mut(&session).filter(|known| known.organization == organization && known.found.elapsed() < BELIEVED)?;
        if speaker.last.elapsed() < PAUSE {
            return Some(None);
        }
        speaker.last = Instant::now();
        Some(Some(speaker.name.clone()))
    }

    fn remember(&self, session: SessionId, organization: OrganizationId, name: &str) {
        let mut speakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        speakers.retain(|_, speaker| speaker.found.elapsed() < BELIEVED);
        let now = Instant::now();
        speakers.insert(session, Speaker { organization, name: name.to_owned(), found: now, last: now });
    }
}

/// Tells colleagues that a page is gone when the page stops listening: it can be closed, or its machine lose its power,
/// without a word.
pub struct Leaving {
    state: State,
    organization: OrganizationId,
    user: UserId,
    name: String,
    page: Page,
    comes_back: CancellationToken,
}

impl Leaving {
    /// For a page that listens from now on.
    pub fn new(state: &State, organization: OrganizationId, (user, name): (UserId, &str), page: Page) -> Self {
        Self { state: state.clone(), organization, user, name: name.to_owned(), page, comes_back: CancellationToken::new() }
    }

    /// What is cancelled when it is the server that ends the stream.
    pub fn comes_back(&self) -> CancellationToken {
        self.comes_back.clone()
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        if !self.comes_back.is_cancelled() {
            let gone = Here { tab: self.page.0, location: None, date: None, open: None, drag: None, gone: true };
            tell(&self.state, self.organization, (self.user, &self.name), self.page, &gone);
        }
    }
}

fn tell(state: &State, organization: OrganizationId, (by, name): (UserId, &str), page: Page, here: &Here) {
    if let Ok(text) = serde_json::to_string(&Told { name, by, tab: page.0, here }) {
        state.live.say(organization, page.0, text.into());
    }
}

/// What is said is passed on to colleagues' browsers: it is no larger than it can mean.
fn check(here: &Here) -> Result<()> {
    let mut input = Input::new();
    if let Some(date) = &here.date {
        input.year("date", date);
    }
    if let Some(drag) = &here.drag {
        input.text("drag.column", &drag.column, 0, 200);
        input.check(MINUTES.contains(&drag.from), "drag.from", "range", "At most the minutes of a month.");
        input.check(MINUTES.contains(&drag.minutes), "drag.minutes", "range", "At most the minutes of a month.");
    }
    input.finish()
}

/// What became of it.
#[derive(Serialize)]
pub struct Said {
    /// False where it was left out because the one before had only just come: to be said again.
    told: bool,
}

/// `POST /live/here`: tells colleagues of the same organization who may see the calendar.
///
/// # Errors
/// `Unauthenticated`, `NotFound` (no organization), `Denied`, `Invalid`.
pub async fn here(
    Extract(state): Extract<State>,
    Extension(speakers): Extension<Speakers>,
    SignedIn(identity): SignedIn,
    Json(here): Json<Here>,
) -> Result<Json<Said>> {
    let organization = identity.organization.ok_or(Error::NotFound)?;
    check(&here)?;
    let name = match speakers.known(identity.session, organization) {
        Some(Some(name)) => name,
        // That a page is left is heard in any case.
        Some(None) if !here.gone => return Ok(Json(Said { told: false })),
        _ => {
            let tx = Tx::begin(&state, &identity, Door::Screen).await?;
            tx.require(CALENDAR_READ)?;
            drop(tx);
            speakers.remember(identity.session, organization, &identity.name);
            identity.name.clone()
        }
    };
    tell(&state, organization, (identity.user, &name), Page::new(identity.session, here.tab), &here);
    Ok(Json(Said { told: true }))
}
