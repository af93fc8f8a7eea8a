//! The pages: server-rendered by Leptos, with a content security policy of their own nonce.

use app::shell;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State as Extract},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::{config::LeptosOptions, context::provide_context, nonce::use_nonce, prelude::expect_context};
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
pub async fn render(Extract(state): Extract<State>, axum::Extension(pages): axum::Extension<Pages>, request: Request) -> Response {
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
                return Redirect::to(&format!("/sign-in?next={}", percent_encode(wanted))).into_response();
            }
            Err(error) => return unavailable(&error),
        }
        if path == "/dashboard" {
            return Redirect::to("/dashboard/calendar").into_response();
        }
    }
    let options = pages.options.clone();
    // Whole, not as a stream: only when all has been rendered is it known which lazy parts the page is made of, and its
    // head must name them all.
    let handler = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(state.clone());
            if let Some((identity, me)) = entered.clone() {
                provide_context(identity);
                provide_context(me);
            }
            let response = expect_context::<ResponseOptions>();
            if let Some(policy) = use_nonce().and_then(|nonce| HeaderValue::from_str(&page_policy(&nonce)).ok()) {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
            // A page holds what its viewer may see: never kept by a shared cache, never shown after sign-out.
            response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        },
        move || shell(options.clone()),
    );
    on_one_thread(move || handler(request)).await
}

/// How many pages are rendered at the same time; most of that time they wait for the database.
const RENDERERS: usize = 16;

/// The threads on which pages are rendered, each with a runtime of its own, and as many permits: the pool gives a page to
/// the thread with the least to do, so that no thread has two. Leptos looks for a page's contexts in what the thread has
/// touched last; of two pages that take turns, one would get the other's links in its head.
static POOL: LazyLock<(LocalPoolHandle, Semaphore)> = LazyLock::new(|| (LocalPoolHandle::new(RENDERERS), Semaphore::new(RENDERERS)));

/// Renders on one thread from the first view to the last owner, with all tasks that views spawn: what a view keeps for
/// the browser's one thread, such as an action, panics when it is dropped on another than it was made on, and then the
/// page breaks off in its middle.
async fn on_one_thread<F: Future<Output = Response> + 'static>(render: impl FnOnce() -> F + Send + 'static) -> Response {
    let (pool, permits) = &*POOL;
    let Ok(Ok(permit)) = timeout(DEADLINE, permits.acquire()).await else { return unavailable(&platform::Error::Unavailable) };
    let rendered = tokio::spawn(async move {
        let rendered = pool.spawn_pinned(move || async move {
            let (head, body) = render().await.into_parts();
            // The reactive owner is dropped at the end of the body.
            to_bytes(body, usize::MAX).await.map(|body| Response::from_parts(head, Body::from(body)))
        });
        let rendered = rendered.await;
        // Only now has the thread nothing to do, whether or not somebody still waits for the page.
        drop(permit);
        rendered
    });
    let Ok(rendered) = timeout(DEADLINE, rendered).await else { return unavailable(&platform::Error::Unavailable) };
    match rendered.and_then(|rendered| rendered) {
        Ok(Ok(page)) => page,
        Ok(Err(error)) => {
            tracing::error!(%error, "a page broke off");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page was not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A plain page for when the database is away: it says so, keeps nothing, and asks to try again.
fn unavailable(error: &platform::Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Atrium</title>\
        <h1>Temporarily unavailable</h1><p>Atrium cannot reach its database just now. Nothing was lost. Try again in a moment.</p>\
        <h1 lang=\"pl\">Chwilowo niedostępne</h1><p lang=\"pl\">Atrium nie ma teraz połączenia z bazą danych. Nic nie zginęło. Spróbuj za chwilę.</p></html>";
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::RETRY_AFTER, "2")], Body::from(page)).into_response()
}

/// Percent-encodes all but unreserved characters, for a value in a query string.
pub fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
