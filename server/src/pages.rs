//! The pages: server-rendered by Leptos, with a content security policy of their own nonce.

mod early;

use app::shell;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State as Extract},
    http::{HeaderValue, Method, StatusCode, header, response::Parts as Head},
    response::{IntoResponse, Redirect, Response},
};
use leptos::{config::LeptosOptions, context::provide_context, nonce::Nonce, prelude::expect_context};
use leptos_axum::ResponseOptions;
use platform::{State, sessions};
use std::sync::LazyLock;
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::task::LocalPoolHandle;

use crate::{router::DEADLINE, security::page_policy};

/// What the page handlers need beside the platform's state: where the browser's files are.
#[derive(Clone)]
pub struct Pages {
    pub options: LeptosOptions,
}

/// Renders the page at the request's path. What lies behind the sign-in sends a stranger there, and back afterwards.
pub async fn render(Extract(state): Extract<State>, axum::Extension(pages): axum::Extension<Pages>, mut request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path();
    if path == "/" {
        return Redirect::to("/dashboard/calendar").into_response();
    }
    let mut entered = None;
    if path == "/dashboard" || path.starts_with("/dashboard/") {
        match sessions::identify(&state, request.headers()).await {
            Ok(Some(found)) => match sessions::me(&state, &found).await {
                Ok(me) => entered = Some((found, me)),
                Err(error) => return unavailable(&error),
            },
            Ok(None) => {
                let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
                return Redirect::to(&format!("/sign-in?next={}", app_platform::address::encoded(wanted))).into_response();
            }
            Err(error) => return unavailable(&error),
        }
        if path == "/dashboard" {
            return Redirect::to("/dashboard/calendar").into_response();
        }
    }
    let nonce = Nonce::new();
    let early = match &entered {
        Some((_, me)) => {
            let (parts, body) = request.into_parts();
            let early = early::is_certain(&parts, me).then(|| parts.clone());
            request = Request::from_parts(parts, body);
            early
        }
        None => None,
    };
    let (options, name) = (pages.options.clone(), nonce.clone());
    // Whole, not as a stream: only when all has been rendered is it known which lazy parts the page is made of, and its
    // head must name them all. What comes before that in the head may be sent before.
    let handler = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(state.clone());
            if let Some((identity, me)) = entered.clone() {
                provide_context(identity);
                provide_context(me);
            }
            // In place of Leptos' own: the head may have been sent with it.
            provide_context(name.clone());
            let response = expect_context::<ResponseOptions>();
            if let Ok(policy) = HeaderValue::from_str(&page_policy(&name)) {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
            response.insert_header(header::CACHE_CONTROL, KEPT_BY_NOBODY);
        },
        move || shell(options.clone()),
    );
    match early {
        Some(parts) => early::answer(pages.options, parts, nonce, rendered(move || handler(request))),
        None => match rendered(move || handler(request)).await {
            Ok((head, page)) => Response::from_parts(head, Body::from(page)),
            Err(words) => words,
        },
    }
}

/// A page holds what its viewer may see: never kept by a shared cache, never shown after sign-out.
const KEPT_BY_NOBODY: HeaderValue = HeaderValue::from_static("private, no-store");

/// How many pages are rendered at the same time: half of that time they wait for the database, and more at once would
/// only keep each other, and whoever waits for a first byte, from the processors.
static RENDERERS: LazyLock<usize> = LazyLock::new(|| 2 * std::thread::available_parallelism().map_or(2, usize::from));

/// The threads on which pages are rendered, each with a runtime of its own, and as many permits: the pool gives a page to
/// the thread with the least to do, so that no thread has two. Leptos looks for a page's contexts in what the thread has
/// touched last; of two pages that take turns, one would get the other's links in its head.
static POOL: LazyLock<(LocalPoolHandle, Semaphore)> = LazyLock::new(|| (LocalPoolHandle::new(*RENDERERS), Semaphore::new(*RENDERERS)));

/// Renders on one thread from the first view to the last owner, with all tasks that views spawn: what a view keeps for
/// the browser's one thread, such as an action, panics when it is dropped on another than it was made on, and then the
/// page breaks off in its middle. Gives the page, or the words for when there is none.
async fn rendered<F: Future<Output = Response> + 'static>(render: impl FnOnce() -> F + Send + 'static) -> Result<(Head, Bytes), Response> {
    let (pool, permits) = &*POOL;
    let Ok(Ok(permit)) = timeout(DEADLINE, permits.acquire()).await else { return Err(unavailable(&platform::Error::Unavailable)) };
    let rendering = tokio::spawn(async move {
        let rendered = pool.spawn_pinned(move || async move {
            let (head, body) = render().await.into_parts();
            // The reactive owner is dropped at the end of the body.
            to_bytes(body, usize::MAX).await.map(|page| (head, page))
        });
        let rendered = rendered.await;
        // Only now has the thread nothing to do, whether or not somebody still waits for the page.
        drop(permit);
        rendered
    });
    let Ok(rendered) = timeout(DEADLINE, rendering).await else { return Err(unavailable(&platform::Error::Unavailable)) };
    match rendered.and_then(|rendered| rendered) {
        Ok(Ok(page)) => Ok(page),
        Ok(Err(error)) => {
            tracing::error!(%error, "a page broke off");
            Err(broken())
        }
        Err(error) => {
            tracing::error!(%error, "a page was not rendered");
            Err(broken())
        }
    }
}

/// A plain page for when one could not be drawn: the fault is ours, and its number finds it in the log.
fn broken() -> Response {
    let number = platform::rest::correlation::current();
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Atrium</title>\
        <h1>This page could not be shown</h1><p>The fault is ours, and it has been written down. Number: {number}</p>\
        <h1 lang=\"pl\">Nie udało się pokazać tej strony</h1><p lang=\"pl\">To nasz błąd i został zapisany. Numer: {number}</p></html>"
    );
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], Body::from(page)).into_response()
}

/// A plain page for when the database is away: it says so, keeps nothing, and asks to try again.
fn unavailable(error: &platform::Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Atrium</title>\
        <h1>Temporarily unavailable</h1><p>Atrium cannot reach its database just now. Nothing was lost. Try again in a moment.</p>\
        <h1 lang=\"pl\">Chwilowo niedostępne</h1><p lang=\"pl\">Atrium nie ma teraz połączenia z bazą danych. Nic nie zginęło. Spróbuj za chwilę.</p></html>";
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::RETRY_AFTER, "2")], Body::from(page)).into_response()
}
