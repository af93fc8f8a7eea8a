//! The beginning of a page, sent while the rest is still being read and rendered: style sheet and program are on their
//! way to the browser before the database has told the first visit.
//!
//! With the first byte the status is told too. So only the calendar begins early, the page that people look at all day,
//! and only where everything that could make it another status than 200 has been looked at before.

use app::beginning;
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Method, header, request::Parts, response::Parts as Head},
    response::{IntoResponse, Response},
};
use chrono::{Datelike, NaiveDate};
use futures::stream;
use leptos::{config::LeptosOptions, nonce::Nonce};
use platform::{id::LocationId, session::Me};
use services::core::CALENDAR_READ;

use crate::security::page_policy;

/// The page that begins early.
const CALENDAR: &str = "/dashboard/calendar";

/// Whether the page that was asked for is there for this reader, whatever it will hold.
pub fn is_certain(parts: &Parts, me: &Me) -> bool {
    let Some(place) = &me.organization else { return false };
    let open = |location: &LocationId| place.locations.iter().any(|known| known.id == *location);
    let fits = |pair: &str| match pair.split_once('=') {
        // It is remembered by a cookie, which only the rendered page knows.
        Some(("lang", _)) => false,
        Some(("location", id)) => id.parse().is_ok_and(|id| open(&id)),
        // The days around it must lie within the years of the calendar too.
        Some(("date", date)) => date.parse().is_ok_and(|date: NaiveDate| (1971..2200).contains(&date.year())),
        _ => true,
    };
    parts.method == Method::GET
        && parts.uri.path() == CALENDAR
        && me.can(CALENDAR_READ)
        && !place.locations.is_empty()
        && parts.uri.query().unwrap_or_default().split('&').all(fits)
}

/// What a page is answered with that began early: its beginning now, the rest of it when `whole` is there.
pub fn answer(
    options: LeptosOptions,
    parts: Parts,
    nonce: Nonce,
    whole: impl Future<Output = Result<(Head, Bytes), Response>> + Send + 'static,
) -> Response {
    let policy = HeaderValue::from_str(&page_policy(&nonce)).ok();
    let sent = beginning(options, parts, nonce);
    let begun = Bytes::from(sent.clone());
    let rest = async move {
        match whole.await {
            Ok((_, page)) if page.starts_with(sent.as_bytes()) => Ok(page.slice(sent.len()..)),
            Ok(_) => Err(std::io::Error::other("a page does not begin as it began")),
            // There is a head already, and the words have none.
            Err(words) => axum::body::to_bytes(words.into_body(), usize::MAX).await.map_err(std::io::Error::other),
        }
        .inspect_err(|error| tracing::error!(%error, "a page broke off"))
    };
    let pieces = stream::once(std::future::ready(Ok(begun)));
    let body = Body::from_stream(futures::StreamExt::chain(pieces, stream::once(rest)));
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, super::KEPT_BY_NOBODY);
    if let Some(policy) = policy {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
