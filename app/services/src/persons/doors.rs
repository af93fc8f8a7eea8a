//! What the screens of humans ask the server.

use chrono::NaiveDate;
use leptos::prelude::*;
use platform::{
    id::{EntityId, UserId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use services::{
    consents::{Consent, ConsentInput},
    duplicates::{Duplicate, PairDecision},
    merge::{MergeInput, MergePair, MergePreview, Merged, MergedSince},
    persons::{PersonCard, PersonDetails, PersonQuery, PersonRow},
};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use {
    crate::fields::doors::habits,
    app_platform::session::begin,
    platform::rest::PageQuery,
    services::{consents, duplicates, merge, persons},
};

/// A page of humans and where it goes on.
pub type People = (Vec<PersonRow>, Option<String>);

/// Humans by name, or those whom the query resembles.
#[server(prefix = "/fn", endpoint = "persons/list", input = Wire, output = Wire)]
pub async fn list_people(query: PersonQuery, cursor: Option<String>) -> Result<People, Failure> {
    let mut tx = begin().await?;
    let page = persons::list(&mut tx, &query, &PageQuery { cursor, limit: None }).await?;
    tx.commit().await?;
    Ok((page.items, page.next_cursor))
}

/// What a human's page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    pub card: PersonCard,
    /// With whom they may be one human.
    pub doubles: Vec<Duplicate>,
    /// Those who may look after them.
    pub owners: Vec<(UserId, String)>,
    /// The organization's wall clock.
    pub zone: ZoneWindow,
    /// The date there.
    pub today: NaiveDate,
}

/// One human with everything that every product knows.
#[server(prefix = "/fn", endpoint = "persons/card", input = Wire, output = Wire)]
pub async fn read_person(id: EntityId) -> Result<Whole, Failure> {
    let mut tx = begin().await?;
    let card = persons::card(&mut tx, id).await?;
    let doubles = if card.may_merge { duplicates::of_person(&mut tx, card.id).await? } else { Vec::new() };
    let owners = persons::owners(&mut tx).await?;
    let zone = habits(&mut tx).await?.zone;
    let now = tx.now();
    tx.commit().await?;
    let today = zone.date(now);
    Ok(Whole { card, doubles, owners, zone, today })
}

/// Makes a human, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "persons/save", input = Wire, output = Wire)]
pub async fn save_person(id: Option<EntityId>, input: PersonDetails) -> Result<EntityId, Failure> {
    let mut tx = begin().await?;
    let card = match id {
        Some(id) => persons::edit(&mut tx, id, &input).await?,
        None => persons::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(card.id)
}

/// Writes down what somebody has said.
#[server(prefix = "/fn", endpoint = "persons/consent", input = Wire, output = Wire)]
pub async fn record_consent(id: EntityId, input: ConsentInput) -> Result<Vec<Consent>, Failure> {
    let mut tx = begin().await?;
    let held = consents::record(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(held)
}

/// All that somebody has said, the latest first.
#[server(prefix = "/fn", endpoint = "persons/ledger", input = Wire, output = Wire)]
pub async fn read_ledger(id: EntityId) -> Result<Vec<Consent>, Failure> {
    let mut tx = begin().await?;
    let ledger = consents::ledger(&mut tx, id).await?;
    tx.commit().await?;
    Ok(ledger)
}

/// Pairs that are probably one human, and whether one may merge them.
#[server(prefix = "/fn", endpoint = "persons/duplicates", input = Wire, output = Wire)]
pub async fn list_duplicates() -> Result<(Vec<Duplicate>, bool), Failure> {
    let mut tx = begin().await?;
    let pairs = duplicates::list(&mut tx).await?;
    let may = tx.can(services::core::PERSONS_MERGE);
    tx.commit().await?;
    Ok((pairs, may))
}

/// Writes down that a pair is two humans, or takes that back.
#[server(prefix = "/fn", endpoint = "persons/decide", input = Wire, output = Wire)]
pub async fn decide_pair(decision: PairDecision) -> Result<(), Failure> {
    let mut tx = begin().await?;
    duplicates::decide(&mut tx, &decision).await?;
    Ok(tx.commit().await?)
}

/// What a merge would do.
#[server(prefix = "/fn", endpoint = "persons/merge_preview", input = Wire, output = Wire)]
pub async fn preview_merge(pair: MergePair) -> Result<MergePreview, Failure> {
    let mut tx = begin().await?;
    let preview = merge::preview(&mut tx, &pair).await?;
    tx.commit().await?;
    Ok(preview)
}

/// Makes two records one.
#[server(prefix = "/fn", endpoint = "persons/merge", input = Wire, output = Wire)]
pub async fn merge_people(input: MergeInput) -> Result<Merged, Failure> {
    let mut tx = begin().await?;
    let merged = merge::merge(&mut tx, &input).await?;
    tx.commit().await?;
    Ok(merged)
}

/// A merge and what has come since.
#[server(prefix = "/fn", endpoint = "persons/merge_since", input = Wire, output = Wire)]
pub async fn read_merge(id: EntityId) -> Result<MergedSince, Failure> {
    let mut tx = begin().await?;
    let since = merge::since(&mut tx, id).await?;
    tx.commit().await?;
    Ok(since)
}

/// Takes a merge back.
#[server(prefix = "/fn", endpoint = "persons/merge_undo", input = Wire, output = Wire)]
pub async fn undo_merge(id: EntityId) -> Result<MergedSince, Failure> {
    let mut tx = begin().await?;
    let since = merge::undo(&mut tx, id).await?;
    tx.commit().await?;
    Ok(since)
}
