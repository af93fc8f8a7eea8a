//! The REST door: every module's routes under `/api/v1`, described by one OpenAPI document.

use axum::{Router, response::IntoResponse, routing::get};
use platform::{
    Error, State,
    error::{Problem, codes},
    rest::correlation,
};
use services::hooks::ModuleHooks;
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
        version = "1"
    ),
    modifiers(&Bearer, &Words)
)]
struct Described;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
        document.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// What holds for all routes.
struct Words;

impl Modify for Words {
    fn modify(&self, document: &mut Document) {
        document.info.description = Some(format!(
            "Everything the screens do, for programs. Sign in with `POST /api/v1/auth/staff/login`; the organization comes from the token. \
             Instants are RFC 3339 in UTC; dates and wall-clock times are the location's.\n\n\
             An `Idempotency-Key` on a POST makes a retry return the first answer. A POST that does not name it among its parameters \
             only asks, does no harm when it is sent again, or answers with a secret that is kept nowhere.\n\n\
             Errors are RFC 9457 problem details with a stable `code`:\n\n{}",
            codes::table()
        ));
    }
}

/// All REST routes with their document. The tests read both from here.
pub fn routes() -> (Router<State>, Document) {
    routes_of(HOOKS.0)
}

/// Core's REST routes and those of these modules.
pub fn routes_of(modules: &[&ModuleHooks]) -> (Router<State>, Document) {
    let mut v1 = OpenApiRouter::new().merge(platform::rest::routes()).merge(services::rest::routes());
    for hooks in modules {
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
    routes.method_not_allowed_fallback(not_allowed).merge(browser).route("/api/{*rest}", get(absent).fallback(absent))
}

async fn not_allowed() -> impl IntoResponse {
    let problem = Problem::new(405, "method_not_allowed", "Not allowed", "This is not done here.");
    Problem { correlation_id: Some(correlation::current()), ..problem }
}

async fn absent() -> impl IntoResponse {
    Error::NotFound
}
