//! Waits for the whole body before a handler starts, so that a slow sender never holds a transaction.

use super::correlation;
use crate::error::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::time::timeout;

/// The largest body that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The same below [`SCENARIOS`]: a clinic's bookings told one by one.
pub const LARGEST_SCENARIO: usize = 8 * LARGEST;

/// Where scenarios are told.
const SCENARIOS: &str = "/api/v1/scheduling/";

/// How long a body may take to arrive. The deadline of the work begins only then.
const PATIENCE: Duration = Duration::from_secs(30);

/// Middleware: reads the body whole, and refuses a larger one than [`LARGEST`] and one that comes drop by drop.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let largest = if parts.uri.path().starts_with(SCENARIOS) { LARGEST_SCENARIO } else { LARGEST };
    match timeout(PATIENCE, to_bytes(body, largest)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => too_large(largest),
        Err(_) => refused(Problem::new(408, "too_slow", "Too slow", "The body did not arrive within 30 seconds.")),
    }
}

/// That a body could not be read, or not in the memory it may take.
pub(super) fn too_large(largest: usize) -> Response {
    let told = format!("The body could not be read or is larger than {} MiB.", largest / LARGEST);
    refused(Problem::new(413, "too_large", "Too large", told))
}

fn refused(problem: Problem) -> Response {
    Problem { correlation_id: Some(correlation::current()), ..problem }.into_response()
}
