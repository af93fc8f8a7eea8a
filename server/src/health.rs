//! `/health/live` and `/health/ready`: the truth for whoever restarts or routes.

use axum::{
    extract::State as Extract,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use platform::State;

/// The process answers. Nothing else is asked, so that a database that is away does not get the server restarted.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database answers, under the role the server works as. Recovers by itself: each request asks anew.
pub async fn ready(Extract(state): Extract<State>) -> Response {
    let answer =
        tokio::time::timeout(std::time::Duration::from_millis(1_500), sqlx::query_scalar::<_, i32>("select 1").fetch_one(&state.pool))
            .await;
    match answer {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "the database is away\n").into_response(),
    }
}
