//! The shared services' REST routes: the calendar over all products, core's own activities, and resources.

mod activities;
mod calendar;
mod expand;
mod feeds;
mod resources;
mod scheduling;

pub use feeds::public;
use platform::State;
use utoipa_axum::router::OpenApiRouter;

/// All routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(calendar::routes())
        .merge(activities::routes())
        .merge(resources::routes())
        .merge(expand::routes())
        .merge(feeds::routes())
        .merge(scheduling::routes())
}
