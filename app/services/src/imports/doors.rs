//! What the screens of an import ask the server.

use leptos::prelude::*;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use services::{
    imports::{ImportLine, ImportStep, LineOutcome, NewRecordImport, RecordImport, RecordImportChange},
    records::{FieldInfo, TypeInfo},
};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use {app_platform::session::begin, platform::rest::PageQuery};

/// A type with the files that were taken over into it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportsOfType {
    pub kind: TypeInfo,
    pub imports: Vec<RecordImport>,
}

/// An import with what its page needs to show it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportPage {
    pub kind: TypeInfo,
    pub import: RecordImport,
    /// What its columns may become.
    pub fields: Vec<FieldInfo>,
}

/// The imports into a type.
#[server(prefix = "/fn", endpoint = "imports/list", input = Wire, output = Wire)]
pub async fn list_imports(kind: String) -> Result<ImportsOfType, Failure> {
    let mut tx = begin().await?;
    let imports = services::imports::list(&mut tx, Some(&kind)).await?;
    let kind = services::records::may_list(&mut tx, &kind).await?;
    tx.commit().await?;
    Ok(ImportsOfType { kind, imports })
}

/// Takes a file in.
#[server(prefix = "/fn", endpoint = "imports/begin", input = Wire, output = Wire)]
pub async fn begin_import(new: NewRecordImport) -> Result<RecordImport, Failure> {
    let mut tx = begin().await?;
    let import = services::imports::begin(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(import)
}

/// An import with the fields of its type.
#[server(prefix = "/fn", endpoint = "imports/page", input = Wire, output = Wire)]
pub async fn open_import(id: EntityId) -> Result<ImportPage, Failure> {
    let mut tx = begin().await?;
    let import = services::imports::get(&mut tx, id).await?;
    let kind = services::records::may_read(&mut tx, &import.entity_type).await?;
    let state = tx.state().clone();
    let mut fields = services::records::fields_of(&mut tx, &state, &import.entity_type).await?;
    fields.retain(|field| field.editable && !field.computed);
    tx.commit().await?;
    Ok(ImportPage { kind, import, fields })
}

/// How far an import is.
#[server(prefix = "/fn", endpoint = "imports/look", input = Wire, output = Wire)]
pub async fn look_at_import(id: EntityId) -> Result<RecordImport, Failure> {
    let mut tx = begin().await?;
    let import = services::imports::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(import)
}

/// Says what the columns are.
#[server(prefix = "/fn", endpoint = "imports/change", input = Wire, output = Wire)]
pub async fn change_import(id: EntityId, change: RecordImportChange) -> Result<RecordImport, Failure> {
    let mut tx = begin().await?;
    let import = services::imports::change(&mut tx, id, &change).await?;
    tx.commit().await?;
    Ok(import)
}

/// Tries an import, runs it, takes it back.
#[server(prefix = "/fn", endpoint = "imports/step", input = Wire, output = Wire)]
pub async fn step_import(id: EntityId, version: i32, step: ImportStep) -> Result<RecordImport, Failure> {
    let mut tx = begin().await?;
    let import = services::imports::step(&mut tx, id, version, step).await?;
    tx.commit().await?;
    Ok(import)
}

/// A page of lines, and where the next begins.
pub type LinesPage = (Vec<ImportLine>, Option<String>);

/// Lines of which one thing became.
#[server(prefix = "/fn", endpoint = "imports/lines", input = Wire, output = Wire)]
pub async fn read_lines(id: EntityId, outcome: LineOutcome, cursor: Option<String>) -> Result<LinesPage, Failure> {
    let mut tx = begin().await?;
    let lines = services::imports::rows(&mut tx, id, Some(outcome), &PageQuery { cursor, limit: Some(50) }).await?;
    tx.commit().await?;
    Ok((lines.items, lines.next_cursor))
}

/// The same as a file, with these heads and with what codes mean.
#[server(prefix = "/fn", endpoint = "imports/refusals", input = Wire, output = Wire)]
pub async fn save_lines(id: EntityId, outcome: LineOutcome, heads: Vec<String>, reasons: Vec<(String, String)>) -> Result<String, Failure> {
    let mut tx = begin().await?;
    let csv = services::imports::refusals(&mut tx, id, outcome, &heads, &reasons.into_iter().collect()).await?;
    tx.commit().await?;
    Ok(csv)
}
