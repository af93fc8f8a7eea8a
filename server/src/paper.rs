//! What modules put on paper: pages of their own beside the application, each at the address that its module names.

use app::modules::MODULES;
use axum::{
    Extension, Router,
    extract::{Request, State as Extract},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::prelude::{Owner, provide_context};
use platform::{Error, State, Tx, sessions, tx::Door};
use ui::{
    Failure, Lang, ModuleUi,
    paper::{Paper, Wanted},
    place::Params,
};

use crate::pages::Pages;

/// It runs one script of this site and shows one style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// A route for each paper of each module.
pub fn router() -> Router<State> {
    let papers = MODULES.0.iter().flat_map(|module| module.papers.iter().map(move |paper| (*module, paper)));
    papers.fold(Router::new(), |router, (module, paper)| {
        let handle = move |state, pages, request| answer(module, paper, state, pages, request);
        router.route(&route(paper.address), get(handle))
    })
}

/// An address as the router writes it.
fn route(address: &str) -> String {
    let segments = address.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The document for whoever asks. A stranger is sent to the sign-in, and back afterwards.
async fn answer(
    module: &'static ModuleUi,
    paper: &'static Paper,
    Extract(state): Extract<State>,
    Extension(pages): Extension<Pages>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let (headers, uri) = (parts.headers.clone(), parts.uri.clone());
    let lang = Owner::new().with(|| {
        provide_context(parts);
        app_platform::preferences::current().lang
    });
    let package = pages.options.site_pkg_dir.to_string();
    let written = async {
        let identity = sessions::identify(&state, &headers).await?.ok_or(Error::Unauthenticated)?;
        let me = sessions::me(&state, &identity).await?;
        let mut tx = Tx::begin(&state, &identity, Door::Screen).await?;
        if let Some(product) = module.module.product {
            platform::rest::in_product(&tx, product)?;
        }
        let params = Params::of(paper.address, uri.path()).ok_or(Error::NotFound)?;
        let document = (paper.write)(&mut tx, &Wanted { lang, me: &me, package: &package, uri: &uri, params }).await?;
        tx.commit().await?;
        Ok(document)
    };
    let mut response = match written.await {
        Ok(document) => Html(document).into_response(),
        Err(Error::Unauthenticated) => {
            let wanted = uri.path_and_query().map_or("/", |path| path.as_str());
            return Redirect::to(&format!("/sign-in?next={}", app_platform::address::encoded(wanted))).into_response();
        }
        Err(error) => refused(error, lang),
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // It holds what its reader may see: never kept by a shared cache, never shown after sign-out.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// A sentence instead of sheets; it names nothing that was asked, so there is nothing in it to escape.
fn refused(error: Error, lang: Lang) -> Response {
    let status = axum::http::StatusCode::from_u16(error.status()).unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    let text = Failure::from(error).text(lang).replace('&', "&amp;").replace('<', "&lt;");
    let page = format!("<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>Atrium</title><h1>{text}</h1></html>", lang.code());
    (status, Html(page)).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_named_segment_is_a_routes_parameter() {
        assert_eq!(super::route("/dashboard/crm/quotes/:id/print"), "/dashboard/crm/quotes/{id}/print");
    }
}
