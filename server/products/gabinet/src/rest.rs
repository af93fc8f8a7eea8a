//! Gabinet's REST routes: thin doors to the same functions that serve the screens.

mod answers;
mod appointments;
mod holds;
mod leave;
mod patients;
mod rota;
mod series;
mod staff;
mod treatments;
mod waiting;

use platform::State;
use utoipa_axum::router::OpenApiRouter;

/// All routes of Gabinet, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(patients::routes())
        .merge(treatments::routes())
        .merge(staff::routes())
        .merge(leave::routes())
        .merge(rota::routes())
        .merge(appointments::routes())
        .merge(holds::routes())
        .merge(series::routes())
        .merge(waiting::routes())
        .merge(answers::routes())
}
