//! What the page asks the server.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use platform::{
    id::{EntityId, LocationId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use services::calendar::feeds::{Feed, Imported, MadeFeed, NewFeed, NewImport};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use app_platform::session::begin;

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub feeds: Vec<Feed>,
    /// Whose time a feed can show, by name.
    pub resources: Vec<(EntityId, String)>,
    /// Where a file can be taken over, by name.
    pub locations: Vec<(LocationId, String)>,
    /// Whether one may take files over.
    pub writes: bool,
    /// Whether one may connect other calendars.
    pub connects: bool,
    pub zone: ZoneWindow,
    pub now: DateTime<Utc>,
}

/// One's own feeds, and what can be chosen for others.
#[server(prefix = "/fn", endpoint = "calendar/feeds", input = Wire, output = Wire)]
pub async fn read_feeds() -> Result<Kept, Failure> {
    let mut tx = begin().await?;
    let feeds = services::calendar::feeds::list(&mut tx).await?;
    let resources = services::resources::list(&mut tx, None).await?;
    let locations = platform::locations::list(&mut tx).await?;
    let writes = tx.can(services::core::ACTIVITIES_WRITE);
    let connects = tx.can(services::core::CONNECTIONS_WRITE);
    let zone = zone(&mut tx, None, tx_dates(&feeds)).await?;
    let now = tx.now();
    tx.commit().await?;
    Ok(Kept {
        feeds,
        resources: resources.into_iter().filter(|resource| resource.active).map(|resource| (resource.id, resource.name)).collect(),
        locations: locations.into_iter().filter(|location| location.active).map(|location| (location.id, location.name)).collect(),
        writes,
        connects,
        zone,
        now,
    })
}

/// Makes a feed; its address is told this once.
#[server(prefix = "/fn", endpoint = "calendar/feeds/new", input = Wire, output = Wire)]
pub async fn create_feed(new: NewFeed) -> Result<MadeFeed, Failure> {
    let mut tx = begin().await?;
    let made = services::calendar::feeds::create(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(made)
}

/// Ends a feed of one's own.
#[server(prefix = "/fn", endpoint = "calendar/feeds/revoke", input = Wire, output = Wire)]
pub async fn revoke_feed(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    services::calendar::feeds::revoke(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// What becomes of a file, with the clock of the place where it is read.
#[server(prefix = "/fn", endpoint = "calendar/import", input = Wire, output = Wire)]
pub async fn take_over(new: NewImport) -> Result<(Imported, ZoneWindow), Failure> {
    let mut tx = begin().await?;
    let done = services::calendar::feeds::import(&mut tx, &new).await?;
    let dates = done.items.iter().filter_map(|item| item.start).collect();
    let zone = zone(&mut tx, Some(new.location), dates).await?;
    tx.commit().await?;
    Ok((done, zone))
}

#[cfg(feature = "ssr")]
fn tx_dates(feeds: &[Feed]) -> Vec<DateTime<Utc>> {
    feeds.iter().map(|feed| feed.created_at).collect()
}

/// The offsets of a place's zone, or of the first place's, around now and these instants.
#[cfg(feature = "ssr")]
pub(super) async fn zone(
    tx: &mut platform::Tx,
    location: Option<LocationId>,
    instants: Vec<DateTime<Utc>>,
) -> platform::Result<ZoneWindow> {
    let places = platform::locations::list(tx).await?;
    let place = places.iter().find(|place| location.is_none_or(|id| place.id == id)).ok_or(platform::Error::NotFound)?;
    let all = || instants.iter().copied().chain([tx.now()]);
    let (from, to) = (all().min().unwrap_or_default().date_naive(), all().max().unwrap_or_default().date_naive());
    Ok(ZoneWindow::of(platform::time::zone(&place.zone)?, from, to))
}
