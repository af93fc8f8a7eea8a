//! What browsers keep for the hours without a network: `/dashboard/calendar/days.json`, asked for by the service worker.

use app_services::calendar::offline;
use axum::{
    Json,
    extract::{Query, Request, State as Extract},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::{Owner, provide_context};
use platform::{Result, State, Tx, id::LocationId, rest::auth::SignedIn, sessions, tx::Door};
use serde::Deserialize;

/// Of which location; the first if none is named, or none that is one.
#[derive(Deserialize)]
pub struct Where {
    #[serde(default)]
    location: String,
}

/// Today and tomorrow as the reader may see them, with the page's texts. Only the service worker keeps it, and only for
/// the one who asked.
pub async fn days(
    Extract(state): Extract<State>,
    SignedIn(identity): SignedIn,
    Query(asked): Query<Where>,
    request: Request,
) -> Result<Response> {
    let (parts, _) = request.into_parts();
    let lang = Owner::new().with(|| {
        provide_context(parts);
        app_platform::preferences::current().lang
    });
    let me = sessions::me(&state, &identity).await?;
    let mut tx = Tx::begin(&state, &identity, Door::Screen).await?;
    let location: Option<LocationId> = asked.location.parse().ok();
    let kept = offline::days(&mut tx, lang, &me, location).await?;
    tx.commit().await?;
    let mut response = Json(kept).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
