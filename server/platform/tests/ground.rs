//! What everything above relies on, asked of a real database.
#![cfg(feature = "testing")]

#[path = "ground/again.rs"]
mod again;
#[path = "ground/idempotency.rs"]
mod idempotency;
#[path = "ground/isolation.rs"]
mod isolation;
#[path = "ground/live.rs"]
mod live;
#[path = "ground/log.rs"]
mod log;
#[path = "ground/migrations.rs"]
mod migrations;
#[path = "ground/rest.rs"]
mod rest;
#[path = "ground/transactions.rs"]
mod transactions;

use platform::Tx;
use platform::entities::{self, NewEntity};
use platform::id::EntityId;
use platform::module::Module;

static MODULES: &[&Module] = &[&platform::MODULE];

/// Registers a record to do things to.
async fn record(tx: &mut Tx, title: &str) -> EntityId {
    let id = EntityId::new();
    let entity = NewEntity { id, entity_type: "note", title, keywords: "", owner: None, status: None };
    entities::insert(tx, &entity).await.unwrap();
    id
}
