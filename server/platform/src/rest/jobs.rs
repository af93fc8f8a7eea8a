//! `/jobs`: work that is done outside of requests, and what was laid aside of it.

use axum::response::Response;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{IdempotencyKey, Json, Page, Path, Problems, RestTx, changed};
use crate::error::Result;
use crate::id::EntityId;
use crate::jobs::{self, JobRow};
use crate::state::State;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(run))
}

/// Work that is not done yet.
///
/// What was laid aside (`dead`) after too many tries comes first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", security(("bearer" = [])),
    responses((status = 200, description = "At most 200; there is no second page.", body = Page<JobRow>), Problems))]
async fn list(RestTx(mut tx): RestTx) -> Result<Json<Page<JobRow>>> {
    let items = jobs::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Have a job done now, whether it waits or was laid aside.
#[utoipa::path(post, path = "/jobs/{id}/run", tag = "jobs", params(("id" = EntityId, Path), IdempotencyKey), security(("bearer" = [])),
    responses((status = 200, description = "As it waits now.", body = JobRow), Problems))]
async fn run(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /jobs/{id}/run"), key, &(), async |tx, ()| jobs::run_now(tx, id).await).await
}
