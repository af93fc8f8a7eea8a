//! One id for one request: in the log, in the action log, in a header of the answer and in every problem.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use uuid::Uuid;

/// The header of the answer.
pub const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The request's id, in the extensions of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correlation(pub Uuid);

/// The id of the request that this task answers; a new one outside of requests.
pub fn current() -> Uuid {
    CURRENT.try_with(|id| *id).unwrap_or_else(|_| Uuid::now_v7())
}

/// Runs a future under an id, for work that has left the request's task, and for jobs.
pub async fn within<F: Future>(id: Uuid, future: F) -> F::Output {
    CURRENT.scope(id, future).await
}

/// Middleware: gives each request an id and the answer its header. The caller's own is not taken: a log must not be
/// at the mercy of strangers.
pub async fn correlate(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    request.extensions_mut().insert(Correlation(id));
    let mut response = within(id, next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
