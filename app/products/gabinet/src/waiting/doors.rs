//! Gabinet's server functions for the waiting list: thin doors to `gabinet::waiting`.

use chrono::NaiveDate;
use gabinet::waiting::{Choice, Matches, Waiting, WaitingInput};
use leptos::prelude::*;
use platform::{
    id::{EntityId, LocationId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use services::persons::lifecycle::PersonAlert;
use ui::Failure;
use ui::Wire;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingList {
    pub items: Vec<Waiting>,
    /// What must not be overlooked about those who wait, for who may know.
    pub alerts: Vec<PersonAlert>,
    /// Where one can wait: id and name.
    pub locations: Vec<(LocationId, String)>,
    pub zone: ZoneWindow,
    pub today: NaiveDate,
}

/// Everybody who waits.
#[server(name = AskWaiting, prefix = "/fn", endpoint = "gabinet/waiting", input = Wire, output = Wire)]
pub async fn list() -> Result<WaitingList, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let items = gabinet::waiting::list(&mut tx).await?;
    let patients: Vec<EntityId> = items.iter().map(|one| one.patient.id).collect();
    let alerts = services::persons::alerts(&mut tx, &patients).await?.into_values().flatten().collect();
    let places = platform::locations::list(&mut tx).await?;
    let zone = crate::page_doors::zone(&mut tx).await?;
    let today = zone.date(tx.now());
    tx.commit().await?;
    let locations = places.into_iter().filter(|place| place.active).map(|place| (place.id, place.name)).collect();
    Ok(WaitingList { items, alerts, locations, zone, today })
}

/// Puts somebody on the list, or changes what they wait for.
#[server(name = SaveWaiting, prefix = "/fn", endpoint = "gabinet/save_waiting", input = Wire, output = Wire)]
pub async fn save(id: Option<EntityId>, input: WaitingInput) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    match id {
        Some(id) => gabinet::waiting::edit(&mut tx, id, &input).await?,
        None => gabinet::waiting::add(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(())
}

/// Takes somebody from the list.
#[server(name = RemoveWaiting, prefix = "/fn", endpoint = "gabinet/remove_waiting", input = Wire, output = Wire)]
pub async fn remove(id: EntityId) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    gabinet::waiting::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Answers a request by a refusal.
#[server(name = DeclineIt, prefix = "/fn", endpoint = "gabinet/decline_request", input = Wire, output = Wire)]
pub async fn decline_request(id: EntityId, reason: String) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    gabinet::waiting::decline_request(&mut tx, id, &gabinet::waiting::DeclineRequest { reason }).await?;
    tx.commit().await?;
    Ok(())
}

/// The nearest free times that fit.
#[server(name = AskMatches, prefix = "/fn", endpoint = "gabinet/waiting_matches", input = Wire, output = Wire)]
pub async fn matches(id: EntityId) -> Result<Matches, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let found = gabinet::waiting::matches(&mut tx, id).await?;
    tx.commit().await?;
    Ok(found)
}

/// Offers a time and holds it, or books it at once.
#[server(name = GiveTime, prefix = "/fn", endpoint = "gabinet/waiting_give", input = Wire, output = Wire)]
pub async fn give(id: EntityId, choice: Choice, books: bool) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    if books {
        gabinet::waiting::book(&mut tx, id, &choice).await?;
    } else {
        gabinet::waiting::offer(&mut tx, id, &choice).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The patient's answer to an offer.
#[server(name = AnswerOffer, prefix = "/fn", endpoint = "gabinet/waiting_answer", input = Wire, output = Wire)]
pub async fn answer(offer: EntityId, accepts: bool) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    if accepts {
        gabinet::waiting::accept(&mut tx, offer).await?;
    } else {
        gabinet::waiting::decline(&mut tx, offer).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Who waits for such a time as a visit has.
#[server(name = AskWanting, prefix = "/fn", endpoint = "gabinet/waiting_wanting", input = Wire, output = Wire)]
pub async fn wanting(visit: EntityId) -> Result<Vec<Waiting>, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let found = gabinet::waiting::wanting(&mut tx, visit).await?;
    tx.commit().await?;
    Ok(found)
}
