//! What the screens of records ask the server.

use leptos::prelude::*;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use services::{
    objects::{Board, Link, RecordInput, RecordList, RecordPage, RecordQuery},
    records::{FieldInfo, TypeInfo},
};
use ui::{Failure, Wire};

use super::field_doors::Habits;

#[cfg(feature = "ssr")]
use {super::field_doors::habits, app_platform::session::begin, platform::rest::PageQuery, services::objects, services::records};

/// All types of record that one may see, and whether one may make types.
#[server(prefix = "/fn", endpoint = "objects/types", input = Wire, output = Wire)]
pub async fn read_types() -> Result<(Vec<TypeInfo>, bool), Failure> {
    let mut tx = begin().await?;
    let types = records::types(&mut tx).await?;
    let makes = tx.can(services::core::FIELDS_WRITE);
    tx.commit().await?;
    Ok((types, makes))
}

/// Records of a type, the latest first.
#[server(prefix = "/fn", endpoint = "objects/list", input = Wire, output = Wire)]
pub async fn read_list(entity_type: String, query: RecordQuery, cursor: Option<String>) -> Result<(RecordList, Habits), Failure> {
    let mut tx = begin().await?;
    let list = objects::list(&mut tx, &entity_type, &query, &PageQuery { cursor, limit: None }).await?;
    let habits = habits(&mut tx).await?;
    tx.commit().await?;
    Ok((list, habits))
}

/// Records of a type in columns by the words of a choice.
#[server(prefix = "/fn", endpoint = "objects/board", input = Wire, output = Wire)]
pub async fn read_board(entity_type: String, by: Option<String>, q: String) -> Result<(Board, Habits), Failure> {
    let mut tx = begin().await?;
    let board = objects::board(&mut tx, &entity_type, by.as_deref(), &q).await?;
    let habits = habits(&mut tx).await?;
    tx.commit().await?;
    Ok((board, habits))
}

/// What a page of a record shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    pub page: RecordPage,
    pub links: Vec<Link>,
    pub habits: Habits,
}

/// One record with its surroundings.
#[server(prefix = "/fn", endpoint = "objects/record", input = Wire, output = Wire)]
pub async fn read_record(entity_type: String, id: EntityId) -> Result<Whole, Failure> {
    let mut tx = begin().await?;
    let page = objects::get(&mut tx, &entity_type, id).await?;
    let links = if page.deleted { Vec::new() } else { objects::links(&mut tx, &entity_type, id).await? };
    let habits = habits(&mut tx).await?;
    tx.commit().await?;
    Ok(Whole { page, links, habits })
}

/// What a form for a new record needs.
#[server(prefix = "/fn", endpoint = "objects/form", input = Wire, output = Wire)]
pub async fn read_form(entity_type: String) -> Result<(TypeInfo, Vec<FieldInfo>, Habits), Failure> {
    let mut tx = begin().await?;
    let state = tx.state().clone();
    let info = records::may_write(&mut tx, &entity_type).await?;
    let fields = records::fields_of(&mut tx, &state, &entity_type).await?;
    let habits = habits(&mut tx).await?;
    tx.commit().await?;
    Ok((info, fields, habits))
}

/// Makes a record, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "objects/save", input = Wire, output = Wire)]
pub async fn save_record(entity_type: String, id: Option<EntityId>, input: RecordInput) -> Result<EntityId, Failure> {
    let mut tx = begin().await?;
    let record = match id {
        Some(id) => objects::update(&mut tx, &entity_type, id, &input).await?,
        None => objects::create(&mut tx, &entity_type, &input).await?,
    };
    tx.commit().await?;
    Ok(record.id)
}

/// Deletes a record, or brings it back.
#[server(prefix = "/fn", endpoint = "objects/delete", input = Wire, output = Wire)]
pub async fn delete_record(entity_type: String, id: EntityId, version: i32, restore: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    if restore {
        objects::restore(&mut tx, &entity_type, id).await?;
    } else {
        objects::delete(&mut tx, &entity_type, id, version).await?;
    }
    Ok(tx.commit().await?)
}
