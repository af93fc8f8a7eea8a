//! Gabinet's REST routes: thin doors to the same functions that serve the screens.

mod appointments;
mod patients;
mod staff;
mod treatments;

use platform::State;
use utoipa_axum::router::OpenApiRouter;

/// All routes of Gabinet, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().merge(patients::routes()).merge(treatments::routes()).merge(staff::routes()).merge(appointments::routes())
}
