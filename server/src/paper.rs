//! The calendar on paper: `/dashboard/calendar/print`, a page of its own beside the application.

use app_services::calendar::print::{self, Asked};
use axum::{
    Extension,
    extract::{Query, Request, State as Extract, rejection::QueryRejection},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::prelude::{Owner, provide_context};
use platform::{Error, State, Tx, sessions, tx::Door};
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
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let (parts, _) = request.into_parts();
    let headers = parts.headers.clone();
    let lang = Owner::new().with(|| {
        provide_context(parts);
        app_platform::preferences::current().lang
    });
    let asked = asked.map(|Query(asked)| asked).map_err(|_| Error::NotFound);
    let written = async {
        let identity = sessions::identify(&state, &headers).await?.ok_or(Error::Unauthenticated)?;
        let me = sessions::me(&state, &identity).await?;
        let mut tx = Tx::begin(&state, &identity, Door::Screen).await?;
        let document = print::document(&mut tx, lang, &me, &pages.options.site_pkg_dir, &asked?).await?;
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
