//! What the lists ask the server.

use leptos::prelude::*;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use services::{
    filter::{Explained, Filter},
    records::TypeInfo,
    views::{Column, Definition, Query, Rows, Summary, SummaryQuery, View, ViewInput},
};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use app_platform::session::begin;

/// All that a list shows at first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    pub kind: TypeInfo,
    pub columns: Vec<Column>,
    pub views: Vec<View>,
    /// The view that is shown; none for all records.
    pub view: Option<EntityId>,
    /// What is shown, with its columns named.
    pub definition: Definition,
    pub rows: Rows,
    pub summary: Summary,
    /// Whether who asks may keep views for others.
    pub shares: bool,
    /// Whether who asks may take files over into this type.
    pub writes: bool,
}

/// Opens a list of a type: by a kept view, by the role's first one (an empty text), or of all records (`all`).
#[server(prefix = "/fn", endpoint = "views/open", input = Wire, output = Wire)]
pub async fn open_list(kind: String, view: String) -> Result<Opened, Failure> {
    let mut tx = begin().await?;
    let views = services::views::list(&mut tx, &kind).await?;
    let info = services::records::may_read(&mut tx, &kind).await?;
    let columns = services::views::columns_of(&mut tx, &kind).await?;
    let wanted = match view.as_str() {
        "" => views.iter().find(|view| view.first),
        id => views.iter().find(|view| view.id.to_string() == id),
    };
    let mut definition = wanted.map(|view| view.definition.clone()).unwrap_or_default();
    if definition.columns.is_empty() {
        definition.columns = columns.iter().map(|column| column.key.clone()).take(7).collect();
    }
    let asked = |filter: Filter, definition: &Definition| Query {
        filter,
        columns: definition.columns.clone(),
        sorts: definition.sorts.clone(),
        cursor: None,
        limit: Some(100),
    };
    let first = asked(definition.filter.clone(), &definition);
    let counted = |definition: &Definition| SummaryQuery {
        filter: definition.filter.clone(),
        group: definition.group.clone(),
        aggregates: definition.aggregates.clone(),
    };
    // A view may name what is no longer there: then it is shown as far as it goes, and not at all refused.
    let (rows, summary) = match services::views::query(&mut tx, &kind, &first).await {
        Ok(rows) => (rows, services::views::summary(&mut tx, &kind, &counted(&definition)).await?),
        Err(platform::Error::Invalid(_)) => {
            definition = Definition { columns: columns.iter().map(|column| column.key.clone()).take(7).collect(), ..Definition::default() };
            let rows = services::views::query(&mut tx, &kind, &asked(Filter::default(), &definition)).await?;
            (rows, services::views::summary(&mut tx, &kind, &counted(&definition)).await?)
        }
        Err(error) => return Err(error.into()),
    };
    let shares = tx.can(services::core::VIEWS_SHARE);
    let writes = services::imports::possible(&mut tx, &kind).await?;
    let view = wanted.map(|view| view.id);
    tx.commit().await?;
    Ok(Opened { kind: info, columns, views, view, definition, rows, summary, shares, writes })
}

/// A page of a list.
#[server(prefix = "/fn", endpoint = "views/rows", input = Wire, output = Wire)]
pub async fn read_rows(kind: String, query: Query) -> Result<Rows, Failure> {
    let mut tx = begin().await?;
    let rows = services::views::query(&mut tx, &kind, &query).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Counts and measures of a list.
#[server(prefix = "/fn", endpoint = "views/summary", input = Wire, output = Wire)]
pub async fn read_summary(kind: String, query: SummaryQuery) -> Result<Summary, Failure> {
    let mut tx = begin().await?;
    let summary = services::views::summary(&mut tx, &kind, &query).await?;
    tx.commit().await?;
    Ok(summary)
}

/// Why a record stands in a list.
#[server(prefix = "/fn", endpoint = "views/explain", input = Wire, output = Wire)]
pub async fn explain_row(kind: String, filter: Filter, id: EntityId) -> Result<Explained, Failure> {
    let mut tx = begin().await?;
    let explained = services::views::explain(&mut tx, &kind, &filter, id).await?;
    tx.commit().await?;
    Ok(explained)
}

/// A list as CSV, with these heads.
#[server(prefix = "/fn", endpoint = "views/export", input = Wire, output = Wire)]
pub async fn export_list(kind: String, query: Query, heads: Vec<String>) -> Result<String, Failure> {
    let mut tx = begin().await?;
    let csv = services::views::export(&mut tx, &kind, &query, &heads).await?;
    tx.commit().await?;
    Ok(csv)
}

/// Keeps a view, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "views/save", input = Wire, output = Wire)]
pub async fn save_view(id: Option<EntityId>, input: ViewInput) -> Result<View, Failure> {
    let mut tx = begin().await?;
    let view = match id {
        Some(id) => services::views::update(&mut tx, id, &input).await?,
        None => services::views::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(view)
}

/// Takes a view away.
#[server(prefix = "/fn", endpoint = "views/delete", input = Wire, output = Wire)]
pub async fn delete_view(id: EntityId, version: i32) -> Result<(), Failure> {
    let mut tx = begin().await?;
    services::views::delete(&mut tx, id, version).await?;
    Ok(tx.commit().await?)
}

/// Brings back a view that was taken away.
#[server(prefix = "/fn", endpoint = "views/restore", input = Wire, output = Wire)]
pub async fn restore_view(id: EntityId) -> Result<View, Failure> {
    let mut tx = begin().await?;
    let view = services::views::restore(&mut tx, id).await?;
    tx.commit().await?;
    Ok(view)
}

/// Records of a type, or people who sign in, whose name resembles a text: for references in a filter.
#[server(prefix = "/fn", endpoint = "views/find", input = Wire, output = Wire)]
pub async fn find_referred(target: String, text: String) -> Result<Vec<(EntityId, String)>, Failure> {
    let mut tx = begin().await?;
    let found = services::views::referred(&mut tx, &target, &text).await?;
    tx.commit().await?;
    Ok(found)
}
