//! `/records/{id}`, its timeline, how it was, and undoing.

use axum::response::Response;
use chrono::{DateTime, Utc};
use platform::{
    Error, Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    subjects::{self, Subject},
    timeline::{self, EntryKind, RecordAsOf, TimelineEntry, UndoAction},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(get_one)).routes(routes!(find)).routes(routes!(list)).routes(routes!(as_of)).routes(routes!(undo))
}

/// A record of any type: what it is called and where it is shown.
#[utoipa::path(get, path = "/records/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The record.", body = Subject), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Subject>> {
    let subject = subjects::see(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(subject))
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Looked {
    /// Part of a name, at least two letters.
    q: Option<String>,
    /// Only of these types, by commas.
    types: Option<String>,
}

/// Records of any type by their names, to link them.
#[utoipa::path(get, path = "/records", tag = "records", params(Looked), security(("bearer" = [])),
    responses((status = 200, description = "At most 20, the likest first.", body = Page<Subject>), Problems))]
async fn find(RestTx(mut tx): RestTx, Query(looked): Query<Looked>) -> Result<Json<Page<Subject>>> {
    let types: Vec<String> = words(looked.types.as_deref()).map(str::to_owned).collect();
    let items = subjects::find(&mut tx, looked.q.as_deref().unwrap_or_default(), &types).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only of these kinds, by commas: `record`, `notes`, `tasks`, `documents`, `links`, `tags`.
    kinds: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// What has happened to a record, the latest first, with what was changed.
#[utoipa::path(get, path = "/records/{id}/timeline", tag = "records", params(("id" = EntityId, Path), Asked), security(("bearer" = [])),
    responses((status = 200, description = "Entries.", body = Page<TimelineEntry>), Problems))]
async fn list(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<Asked>) -> Result<Json<Page<TimelineEntry>>> {
    let kinds: Option<Vec<EntryKind>> = words(asked.kinds.as_deref()).map(EntryKind::parse).collect();
    let kinds = kinds.ok_or_else(|| Error::invalid("kinds", "choice", "One of record, notes, tasks, documents, links, tags is needed."))?;
    let page = PageQuery { cursor: asked.cursor, limit: asked.limit };
    let page = timeline::list(&mut tx, id, &kinds, &page).await?;
    tx.commit().await?;
    Ok(Json(page))
}

fn words(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// When.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Then {
    at: DateTime<Utc>,
}

/// A record as it was at an instant, rebuilt from its log.
#[utoipa::path(get, path = "/records/{id}/as-of", tag = "records", params(("id" = EntityId, Path), Then), security(("bearer" = [])),
    responses((status = 200, description = "Its fields and tags as far as the log tells of them.", body = RecordAsOf), Problems))]
async fn as_of(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(then): Query<Then>) -> Result<Json<RecordAsOf>> {
    let was = timeline::as_of(&mut tx, id, then.at).await?;
    tx.commit().await?;
    Ok(Json(was))
}

/// Undo an action on a note, a task, a tag or a link of a record, or a change of its fields, as long as nothing came after it.
#[utoipa::path(post, path = "/records/{id}/undo", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = UndoAction,
    security(("bearer" = [])), responses((status = 200, description = "Undone; the undoing stands in the timeline too."), Problems))]
async fn undo(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(asked): Json<UndoAction>) -> Result<Response> {
    changed(tx, &format!("POST /records/{id}/undo"), key, &asked, async |tx, asked| timeline::undo(tx, id, asked.action).await).await
}
