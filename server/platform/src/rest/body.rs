//! Waits for the whole body before a handler starts, so that a slow sender never holds a transaction.

use super::correlation;
use crate::error::{FieldError, Problem};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::time::timeout;

/// The largest body that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The same where scenarios are told: a clinic's bookings one by one.
pub const LARGEST_SCENARIO: usize = 8 * LARGEST;

/// The same where files come in: 20 MiB, as text three letters become four, and what is told beside them.
pub const LARGEST_FILE: usize = 28 * LARGEST;

/// Where more than [`LARGEST`] is read, by how the path begins and ends, and how much.
const LARGER: [(&str, &str, usize); 5] = [
    ("/api/v1/scheduling/", "", LARGEST_SCENARIO),
    ("/api/v1/imports", "", LARGEST_FILE),
    ("/fn/imports/begin", "", LARGEST_FILE),
    ("/api/v1/records/", "/documents", LARGEST_FILE),
    ("/api/v1/documents/", "/versions", LARGEST_FILE),
];

/// How long a body may take to arrive. The deadline of the work begins only then.
const PATIENCE: Duration = Duration::from_secs(30);

/// Middleware: reads the body whole, and refuses a larger one than [`LARGEST`] and one that comes drop by drop.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let larger = LARGER.iter().find(|(from, to, _)| path.starts_with(from) && path.ends_with(to));
    let largest = larger.map_or(LARGEST, |(_, _, largest)| *largest);
    match timeout(PATIENCE, to_bytes(body, largest)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => too_large(largest),
        Err(_) => refused(Problem::new(408, "too_slow", "Too slow", "The body did not arrive within 30 seconds.")),
    }
}

/// That a body could not be read, or not in the memory it may take. Of a file the field is named, as of any other fault in it.
pub(super) fn too_large(largest: usize) -> Response {
    let told = format!("The body could not be read or is larger than {} MiB.", largest / LARGEST);
    let mut problem = Problem::new(413, "too_large", "Too large", told.clone());
    if largest == LARGEST_FILE {
        problem.errors.push(FieldError { field: "file".into(), code: "too_large".into(), message: told });
    }
    refused(problem)
}

fn refused(problem: Problem) -> Response {
    Problem { correlation_id: Some(correlation::current()), ..problem }.into_response()
}
