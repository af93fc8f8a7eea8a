//! `/health/live` and `/health/ready`: the truth for whoever restarts or routes.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State as Extract,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use platform::State;
use sqlx::{Connection, PgConnection};
use tokio::{sync::Mutex, time::timeout};

/// How long the database may take to say anything.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The connection that asks whether the database is there. It is of its own, so that a server whose connections are all at
/// work is not taken for one whose database is away.
#[derive(Clone, Default)]
pub struct Probe(Arc<Mutex<Option<PgConnection>>>);

impl Probe {
    async fn answers(&self, state: &State) -> bool {
        let mut kept = self.0.lock().await;
        // Out of its place while it is asked: one that is given up in the middle is not asked again.
        if let Some(mut open) = kept.take()
            && asked(&mut open).await
        {
            *kept = Some(open);
            return true;
        }
        let Ok(mut open) = PgConnection::connect_with(&state.pool.connect_options()).await else { return false };
        let answers = asked(&mut open).await;
        *kept = answers.then_some(open);
        answers
    }
}

async fn asked(connection: &mut PgConnection) -> bool {
    sqlx::query_scalar::<_, i32>("select 1").fetch_one(connection).await.is_ok()
}

/// The process answers. Nothing else is asked, so that a database that is away does not get the server restarted.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database answers. Recovers by itself: each request asks anew.
pub async fn ready(Extract(state): Extract<State>, Extension(probe): Extension<Probe>) -> Response {
    match timeout(PATIENCE, probe.answers(&state)).await {
        Ok(true) => "ready\n".into_response(),
        Ok(false) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "the database is away\n").into_response(),
    }
}
