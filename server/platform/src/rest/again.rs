//! Answers a request by doing it again where its transaction met another: the one place for all doors.

use super::{body, correlation};
use crate::tx;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Middleware: what would be answered with 503 because of a deadlock or a serialization failure is tried again, at most
/// three times in all, as long as nothing of it was committed. Layer it within [`super::body::whole`], which has the body
/// in memory and knows how large it may be where, and within the deadline, which all attempts share.
///
/// Not for handlers that change something beside their [`tx::Tx`] after it has begun and before it is committed.
pub async fn again(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut whole = match to_bytes(body, body::LARGEST_FILE).await {
        Ok(bytes) => bytes,
        Err(_) => return body::too_large(body::LARGEST_FILE),
    };
    let mut attempt = 1;
    loop {
        let last = attempt == tx::ATTEMPTS;
        let sent = if last { std::mem::take(&mut whole) } else { whole.clone() };
        let request = Request::from_parts(parts.clone(), Body::from(sent));
        let (response, became) = tx::attempted(next.clone().run(request)).await;
        if last || !became.may_be_repeated() {
            return response;
        }
        tracing::info!(correlation = %correlation::current(), attempt, "two transactions met; this one is tried again");
        tx::pause(attempt).await;
        attempt += 1;
    }
}
