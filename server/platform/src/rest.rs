//! The REST door: what handlers are made of. A handler reads its parameters, calls a service function with its [`Tx`],
//! commits and answers; every way to fail is an RFC 9457 problem.

pub mod again;
pub mod auth;
pub mod body;
pub mod correlation;
pub mod cursor;
mod door;
mod extract;
mod idempotency_key;
mod jobs;
mod organization;
mod page;
mod people;
mod problems;
#[cfg(all(test, feature = "testing"))]
mod tests;

pub use door::{RestTx, in_product, same_origin};
pub use extract::{Json, Path, Query};
pub use idempotency_key::{IdempotencyKey, changed, created, replay};
pub use page::{Page, PageQuery};
pub use problems::Problems;

use crate::error::Problem;
use crate::state::State;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The schema that every route's answers refer to.
#[derive(OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Common;

/// The platform's own routes, below `/api/v1`: signing in, the organization, its people and its subscriptions.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Common::openapi())
        .merge(auth::routes())
        .merge(organization::routes())
        .merge(people::routes())
        .merge(jobs::routes())
        .layer(axum::middleware::from_fn(body::whole))
}
