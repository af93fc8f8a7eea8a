//! `/calendar/feeds` and `/calendar/imports`, and the feeds themselves, which stand outside of `/api`.

use axum::{
    Router,
    extract::{Path as File, State as Extract},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use platform::{
    Result, State,
    id::EntityId,
    rest::{Json, Page, Path, Problems, RestTx},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::calendar::feeds::{self, Feed, Imported, MadeFeed, NewFeed, NewImport};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke)).routes(routes!(import))
}

/// `/feeds/{secret}.ics`: no session is asked for, as the programs that come for it have none.
pub fn public() -> Router<State> {
    Router::new().route("/feeds/{file}", get(feed))
}

/// One's own calendar feeds.
#[utoipa::path(get, path = "/calendar/feeds", tag = "calendar", security(("bearer" = [])),
    responses((status = 200, description = "The newest first; there is no second page.", body = Page<Feed>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<Feed>>> {
    let items = feeds::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a calendar feed.
///
/// Its address is told this once. Whoever has it reads the feed, until it is revoked.
#[utoipa::path(post, path = "/calendar/feeds", tag = "calendar", request_body = NewFeed, security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = MadeFeed), Problems))]
async fn create(RestTx(mut tx): RestTx, Json(new): Json<NewFeed>) -> Result<Response> {
    let made = feeds::create(&mut tx, &new).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// Revoke a calendar feed.
#[utoipa::path(delete, path = "/calendar/feeds/{id}", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "Its address leads nowhere from now on."), Problems))]
async fn revoke(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    feeds::revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an iCalendar file over, or see what would come of it.
///
/// The same file again changes what it made the first time. Sent twice it has one effect, so that no key is needed.
#[utoipa::path(post, path = "/calendar/imports", tag = "calendar", request_body = NewImport, security(("bearer" = [])),
    responses((status = 200, description = "What became of it, or would become if `apply` is false.", body = Imported), Problems))]
async fn import(RestTx(mut tx): RestTx, Json(new): Json<NewImport>) -> Result<Json<Imported>> {
    let done = feeds::import(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(Json(done))
}

async fn feed(Extract(state): Extract<State>, File(file): File<String>, headers: HeaderMap) -> Result<Response> {
    let published = feeds::published(&state, &file).await?;
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &published.tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], published.text).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&published.tag) {
        headers.insert(header::ETAG, tag);
    }
    // Asked for anew each time, and kept by nobody in between: it is revoked at once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// Whether a list of tags names this one, or any.
fn names(tags: &HeaderValue, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    tags.to_str().is_ok_and(|tags| tags.trim() == "*" || tags.split(',').any(|one| bare(one) == bare(tag)))
}
