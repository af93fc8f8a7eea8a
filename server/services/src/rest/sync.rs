//! `/calendar/connections`: calendars elsewhere that are kept in step, and where the other sides come to us, which stands
//! outside of `/api`.

use axum::{
    Router,
    body::Bytes,
    extract::{Path as Bell, Query as Asked, State as Extract},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode, header};
use platform::{
    Error, Result, State,
    id::EntityId,
    rest::{IdempotencyKey, Json, Page, Path, Problems, RestTx, changed},
    sessions,
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::calendar::{
    activities::Activity,
    sync::{self, Connection, ConnectionChange, MadeConnection, NewConnection, Ring, SyncEntry},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, connect))
        .routes(routes!(change, end))
        .routes(routes!(run))
        .routes(routes!(reconnect))
        .routes(routes!(entries))
        .routes(routes!(unlink))
}

/// Where Google sends people back to, and where both ring.
pub fn public() -> Router<State> {
    Router::new().route("/calendar/allowed", get(allowed)).route("/calendar/rung/{bell}", post(rung))
}

/// One's own connections with other calendars.
#[utoipa::path(get, path = "/calendar/connections", tag = "calendar", security(("bearer" = [])),
    responses((status = 200, description = "The newest first; there is no second page.", body = Page<Connection>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<Connection>>> {
    let items = sync::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Connect with another calendar.
///
/// Google's has to be allowed on the page `allow_at`, by the same person in the same browser, within ten minutes. Nobody
/// outside is asked before this is answered; how it went stands in the connection's `state` and `problem`.
#[utoipa::path(post, path = "/calendar/connections", tag = "calendar", request_body = NewConnection, security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = MadeConnection), Problems))]
async fn connect(RestTx(mut tx): RestTx, Json(new): Json<NewConnection>) -> Result<Response> {
    let made = sync::connect(&mut tx, &new).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// Change what a connection does.
#[utoipa::path(put, path = "/calendar/connections/{id}", tag = "calendar", params(("id" = EntityId, Path)), request_body = ConnectionChange,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = Connection), Problems))]
async fn change(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(body): Json<ConnectionChange>) -> Result<Json<Connection>> {
    let connection = sync::change(&mut tx, id, &body).await?;
    tx.commit().await?;
    Ok(Json(connection))
}

/// End a connection.
///
/// What came from there is gone at once; what was told there is taken back soon.
#[utoipa::path(delete, path = "/calendar/connections/{id}", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "It ends."), Problems))]
async fn end(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    sync::end(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Compare both sides now.
#[utoipa::path(post, path = "/calendar/connections/{id}/run", tag = "calendar", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "The connection.", body = Connection), Problems))]
async fn run(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /calendar/connections/{id}/run"), key, &(), async |tx, ()| sync::sync_now(tx, id).await).await
}

/// Have a connection allowed once more.
#[utoipa::path(post, path = "/calendar/connections/{id}/reconnect", tag = "calendar", params(("id" = EntityId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "Where it is allowed.", body = MadeConnection), Problems))]
async fn reconnect(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Response> {
    let made = sync::reconnect(&mut tx, id).await?;
    tx.commit().await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// What of a connection needs somebody's eye: what collides here, and what the other side does not take.
#[utoipa::path(get, path = "/calendar/connections/{id}/entries", tag = "calendar", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "By start; there is no second page.", body = Page<SyncEntry>), Problems))]
async fn entries(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<SyncEntry>>> {
    let items = sync::entries(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a block that came from another calendar an entry of this one's own.
///
/// It can be changed here from now on; what becomes of it there is not taken over any more.
#[utoipa::path(post, path = "/activities/{id}/unlink", tag = "calendar", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = Activity), Problems))]
async fn unlink(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /activities/{id}/unlink"), key, &(), async |tx, ()| sync::unlink(tx, id).await).await
}

/// What Google says to whom it sends back.
#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: Option<String>,
}

async fn allowed(Extract(state): Extract<State>, Asked(back): Asked<Back>, headers: HeaderMap) -> Result<Redirect> {
    let identity = sessions::identify(&state, &headers).await?.ok_or(Error::Unauthenticated)?;
    match sync::allowed(&state, &identity, &back.state, back.code.as_deref()).await {
        // The page says how it stands, also where this pass opened nothing.
        Ok(()) | Err(Error::NotFound) => Ok(Redirect::to("/dashboard/settings/feeds#connections")),
        Err(error) => Err(error),
    }
}

async fn rung(Extract(state): Extract<State>, Bell(bell): Bell<String>, headers: HeaderMap, body: Bytes) -> Result<StatusCode> {
    let word = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ring = Ring {
        signature: word("x-cal-signature-256"),
        body: &body,
        channel: word("x-goog-channel-id"),
        token: word("x-goog-channel-token"),
        happened: word("x-goog-resource-state"),
    };
    sync::rung(&state, &bell, ring).await?;
    Ok(StatusCode::NO_CONTENT)
}
