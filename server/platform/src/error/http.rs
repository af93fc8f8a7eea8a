//! Errors at the doors: an internal one is logged once, with its correlation id and without what people typed.

use super::{Error, Problem};
use crate::rest::correlation;
use crate::tx;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

impl Problem {
    /// What is sent for an error. An internal one leaves one line in the log, under the same correlation id.
    pub fn report(error: &Error, correlation: Uuid) -> Problem {
        tx::answered(error);
        if let Error::Internal(inside) = error {
            tracing::error!(%correlation, fault = %describe(inside.as_ref()), "internal error");
        }
        Problem { correlation_id: Some(correlation), ..Problem::from(error) }
    }
}

/// What the log may know. A database's own message may quote what was typed, so that only the names in it are kept.
fn describe(fault: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    match fault.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(database)) => format!(
            "database: code {} table {} constraint {}",
            database.code().as_deref().unwrap_or("-"),
            database.table().unwrap_or("-"),
            database.constraint().unwrap_or("-"),
        ),
        _ => fault.to_string(),
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Problem::report(&self, correlation::current()).into_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
