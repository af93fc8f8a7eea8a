//! Waits for the whole body before a handler starts, so that a slow sender never holds a transaction.

use super::correlation;
use crate::error::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The largest body that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// Middleware: reads the body whole, and refuses a larger one than [`LARGEST`].
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, LARGEST).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => {
            let mut problem = Problem::new(413, "too_large", "Too large", "The body could not be read or is larger than 1 MiB.");
            problem.correlation_id = Some(correlation::current());
            problem.into_response()
        }
    }
}
