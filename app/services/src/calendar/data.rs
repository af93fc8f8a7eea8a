//! What the calendar asks the server. Each question is one transaction; the rules stand in the services.

use super::place::Span;
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use services::calendar::{
    event::{CalendarView, DayLoad, Event, Status},
    generic::{EditGeneric, GenericDetails, NewGeneric},
    slots::Carried,
};
use std::sync::Arc;
use ui::Failure;
use ui::Wire;

#[cfg(feature = "ssr")]
pub(super) mod sql;

/// Everything a view of the calendar needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// How much is shown.
    pub span: Span,
    /// Around which date.
    pub date: NaiveDate,
    /// Resources, hours and events.
    pub calendar: CalendarView,
    /// Where else one may look, by name.
    pub locations: Vec<(LocationId, String)>,
    /// The activity types one may make, in the order of the modules.
    pub makeable: Vec<String>,
    /// The activity types one may book although something stands against it (R12).
    pub overbookable: Vec<String>,
    /// The activity types of which one may plan again what is over.
    pub reopenable: Vec<String>,
}

/// What was loaded, shared by everything that shows it.
#[derive(Clone, Debug)]
pub struct Shared {
    loaded: Arc<Loaded>,
    /// When it came, on the browser's clock: milliseconds since the page began.
    pub at: f64,
}

impl Shared {
    /// It came just now.
    pub fn new(loaded: Loaded) -> Self {
        Self { loaded: Arc::new(loaded), at: elapsed() }
    }

    /// The same answer with what has changed in it since.
    pub fn with_calendar(&self, calendar: CalendarView) -> Self {
        let Loaded { span, date, locations, makeable, overbookable, reopenable, .. } = &*self.loaded;
        let (locations, makeable, overbookable) = (locations.clone(), makeable.clone(), overbookable.clone());
        let reopenable = reopenable.clone();
        Self { loaded: Arc::new(Loaded { span: *span, date: *date, calendar, locations, makeable, overbookable, reopenable }), at: self.at }
    }
}

impl std::ops::Deref for Shared {
    type Target = Loaded;

    fn deref(&self) -> &Loaded {
        &self.loaded
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.loaded, &other.loaded)
    }
}

/// Milliseconds since the page began; the server has no such clock.
pub fn elapsed() -> f64 {
    if cfg!(target_arch = "wasm32") { window().performance().map_or(0.0, |performance| performance.now()) } else { 0.0 }
}

impl Serialize for Shared {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.loaded.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Loaded::deserialize(deserializer).map(Self::new)
    }
}

/// Where something goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The version that was moved (R18).
    pub version: i32,
    /// Its new start.
    pub start: DateTime<Utc>,
    /// Its new end.
    pub end: DateTime<Utc>,
    /// The resource that is replaced.
    pub resource_from: Option<EntityId>,
    /// The resource that replaces it.
    pub resource_to: Option<EntityId>,
    /// Why it is booked although something stands against it (R12).
    pub overbook_reason: Option<String>,
    /// Whether the reader's own last move is taken back.
    pub back: bool,
}

/// What the generic panel shows beyond the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Its text, its people, its history.
    pub details: GenericDetails,
    /// Whether one may change it.
    pub writable: bool,
}

/// One range of the calendar, by one query. Without a location the first one is meant, without a date today there.
#[server(name = CalendarRange, prefix = "/fn", endpoint = "calendar/range", input = Wire, output = Wire)]
pub async fn calendar_range(location: Option<LocationId>, span: Span, date: Option<NaiveDate>) -> Result<Loaded, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let loaded = sql::range(&mut tx, location, span, date).await?;
    tx.commit().await?;
    Ok(loaded)
}

/// Of activities that have changed, told by their own ids or their records', those that a range shows now.
#[server(name = CalendarChanged, prefix = "/fn", endpoint = "calendar/changed", input = Wire, output = Wire)]
pub async fn calendar_changed(location: LocationId, from: NaiveDate, to: NaiveDate, ids: Vec<EntityId>) -> Result<Vec<Event>, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let events = services::calendar::named(&mut tx, location, from, to, &ids).await?;
    tx.commit().await?;
    Ok(events)
}

/// How full the days between two dates are.
#[server(name = CalendarLoad, prefix = "/fn", endpoint = "calendar/load", input = Wire, output = Wire)]
pub async fn calendar_load(location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Vec<DayLoad>, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let days = services::calendar::load(&mut tx, location, from, to).await?;
    tx.commit().await?;
    Ok(days)
}

/// An event by itself, for a link to one that lies outside of what is shown.
#[server(name = CalendarEvent, prefix = "/fn", endpoint = "calendar/event", input = Wire, output = Wire)]
pub async fn calendar_event(activity: EntityId) -> Result<Event, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let event = sql::event(&mut tx, activity).await?;
    tx.commit().await?;
    Ok(event)
}

/// By what the places of an activity, or of its copy, are judged between two local dates (`to` is exclusive); none if its
/// module does not tell.
#[server(name = DragQuestion, prefix = "/fn", endpoint = "calendar/carried", input = Wire, output = Wire)]
pub async fn carried(activity: EntityId, from: NaiveDate, to: NaiveDate, copy: bool) -> Result<Option<Carried>, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let carried = sql::carried(&mut tx, activity, from, to, copy).await?;
    tx.commit().await?;
    Ok(carried)
}

/// Moves or resizes an activity of any type by its module's rules.
#[server(name = MoveActivity, prefix = "/fn", endpoint = "calendar/move", input = Wire, output = Wire)]
pub async fn move_activity(activity: EntityId, to: Destination) -> Result<Event, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let event = sql::move_to(&mut tx, activity, &to).await?;
    tx.commit().await?;
    Ok(event)
}

/// Moves several activities at once, each by its module's rules: all of them or none. Gives them as they are then, in the
/// order asked for; to undo it they are moved back in the same way.
#[server(name = MoveActivities, prefix = "/fn", endpoint = "calendar/move_together", input = Wire, output = Wire)]
pub async fn move_activities(moves: Vec<(EntityId, Destination)>) -> Result<Vec<Event>, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let events = sql::together(&mut tx, &moves).await?;
    tx.commit().await?;
    Ok(events)
}

/// Lets two activities change places, each seen in that version; gives both as they are then.
#[server(name = SwapActivities, prefix = "/fn", endpoint = "calendar/swap", input = Wire, output = Wire)]
pub async fn swap_activities(
    first: EntityId,
    first_version: i32,
    second: EntityId,
    second_version: i32,
) -> Result<(Event, Event), Failure> {
    let mut tx = app_platform::session::begin().await?;
    let events = sql::swap(&mut tx, (first, first_version), (second, second_version)).await?;
    tx.commit().await?;
    Ok(events)
}

/// Takes an activity a step further.
#[server(name = SetActivityStatus, prefix = "/fn", endpoint = "calendar/status", input = Wire, output = Wire)]
pub async fn set_activity_status(activity: EntityId, version: i32, to: Status, reason: String) -> Result<Event, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let event = sql::set_status(&mut tx, activity, version, to, reason).await?;
    tx.commit().await?;
    Ok(event)
}

/// Makes a meeting, a task or blocked time.
#[server(name = CreateActivity, prefix = "/fn", endpoint = "calendar/create", input = Wire, output = Wire)]
pub async fn create_activity(new: NewGeneric) -> Result<EntityId, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let activity = services::calendar::generic::book(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(activity.id)
}

/// Changes one: what it says, and when it is.
#[server(name = UpdateActivity, prefix = "/fn", endpoint = "calendar/update", input = Wire, output = Wire)]
pub async fn update_activity(activity: EntityId, to: EditGeneric, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Event, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let event = sql::update(&mut tx, activity, &to, start, end).await?;
    tx.commit().await?;
    Ok(event)
}

/// The generic panel's particulars.
#[server(name = ActivityStory, prefix = "/fn", endpoint = "calendar/story", input = Wire, output = Wire)]
pub async fn activity_story(activity: EntityId) -> Result<Story, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let story = sql::story(&mut tx, activity).await?;
    tx.commit().await?;
    Ok(story)
}
