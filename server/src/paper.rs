//! What is put on paper: the calendar (`/dashboard/calendar/print`) and quotes (`/dashboard/crm/quotes/{id}/print`), pages of
//! their own beside the application.

use app_services::calendar::print::{self, Asked};
use axum::{
    Extension,
    extract::{
        Path, Query, Request, State as Extract,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::prelude::{Owner, provide_context};
use platform::{Error, State, Tx, id::EntityId, session::Me, sessions, tx::Door};
use ui::{Failure, Lang};

use crate::pages::Pages;

/// It runs one script of this site and shows one style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Day sheets or a week's rota, as the address asks. A stranger is sent to the sign-in, and back afterwards.
pub async fn print(
    Extract(state): Extract<State>,
    Extension(pages): Extension<Pages>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).map_err(|_| Error::NotFound);
    let package = pages.options.site_pkg_dir.to_string();
    answer(&state, request, async |tx, lang, me| print::document(tx, lang, me, &package, &asked?).await).await
}

/// A quote. A stranger is sent to the sign-in, and back afterwards.
pub async fn quote(
    Extract(state): Extract<State>,
    Extension(pages): Extension<Pages>,
    id: Result<Path<EntityId>, PathRejection>,
    request: Request,
) -> Response {
    let package = pages.options.site_pkg_dir.to_string();
    answer(&state, request, async |tx, lang, _| {
        let Path(id) = id.map_err(|_| Error::NotFound)?;
        platform::rest::in_product(tx, crm::PRODUCT)?;
        app_crm::quote_paper::document(tx, lang, &package, id).await
    })
    .await
}

/// The document that `write` makes for whoever asks.
async fn answer(state: &State, request: Request, write: impl AsyncFnOnce(&mut Tx, Lang, &Me) -> platform::Result<String>) -> Response {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let (parts, _) = request.into_parts();
    let headers = parts.headers.clone();
    let lang = Owner::new().with(|| {
        provide_context(parts);
        app_platform::preferences::current().lang
    });
    let written = async {
        let identity = sessions::identify(state, &headers).await?.ok_or(Error::Unauthenticated)?;
        let me = sessions::me(state, &identity).await?;
        let mut tx = Tx::begin(state, &identity, Door::Screen).await?;
        let document = write(&mut tx, lang, &me).await?;
        tx.commit().await?;
        Ok(document)
    };
    let mut response = match written.await {
        Ok(document) => Html(document).into_response(),
        Err(Error::Unauthenticated) => {
            return Redirect::to(&format!("/sign-in?next={}", app_platform::address::encoded(&wanted))).into_response();
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
