//! The REST door: every module's routes under `/api/v1`, described by one OpenAPI document.

use axum::{Router, response::IntoResponse, routing::get};
use platform::{Error, State};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::modules::HOOKS;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Atrium",
        version = "1",
        description = "Everything the screens do, for programs. The organization comes from the token. Errors are RFC 9457 problem details \
                       with a stable `code`. Instants are RFC 3339 in UTC; dates and wall-clock times are the location's. `Idempotency-Key` on \
                       a POST makes a retry return the first answer."
    ),
    modifiers(&Bearer)
)]
struct Described;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
        document.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// All REST routes with their document. The tests read both from here.
pub fn routes() -> (Router<State>, Document) {
    let mut v1 = OpenApiRouter::new().merge(platform::rest::routes()).merge(services::rest::routes());
    for hooks in HOOKS.0 {
        if let Some(rest) = hooks.rest {
            v1 = v1.merge(rest());
        }
    }
    OpenApiRouter::with_openapi(Described::openapi()).nest("/api/v1", v1).split_for_parts()
}

/// The REST door with its document and the page to browse it. Unknown paths below `/api` are problem details too.
pub fn router() -> Router<State> {
    let (routes, document) = routes();
    let browser = SwaggerUi::new("/api/docs").url("/api/v1/openapi.json", document);
    routes.merge(browser).route("/api/{*rest}", get(absent).fallback(absent))
}

async fn absent() -> impl IntoResponse {
    Error::NotFound
}
