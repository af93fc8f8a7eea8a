//! The whole server as one router: pages, server functions, REST, live updates, files.

use std::{path::PathBuf, time::Duration};

use axum::{
    Extension, Router,
    body::Body,
    extract::{Request, State as Extract},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use leptos::context::provide_context;
use platform::{State, sessions};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    services::{ServeDir, ServeFile},
    timeout::TimeoutLayer,
};

use crate::{
    api, forms, health,
    live::{self, Viewers},
    offline,
    pages::{self, Pages},
    paper,
    presence::{self, Speakers},
    security,
};

/// Requests end after this long; live streams set their own lifetime.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// Files at the root of the site.
const REVALIDATED: [&str; 7] =
    ["sw.js", "manifest.webmanifest", "offline.html", "offline-calendar.html", "print.js", "favicon.ico", "favicon.svg"];

/// Puts the doors together. `pages` tells where the browser's files are.
pub fn router(state: State, pages: Pages, viewers: Viewers) -> Router {
    // The runtime on which pages are rendered. An error says only that it has been told before, by another router.
    let _ = any_spawner::Executor::init_tokio();
    let site = PathBuf::from(&*pages.options.site_root);
    let package = pages.options.site_pkg_dir.to_string();
    let production = state.mode == platform::config::Mode::Production;

    let mut router = Router::new()
        .merge(api::router())
        .merge(services::rest::public())
        .merge(paper::router())
        .route("/dashboard/calendar/days.json", get(offline::days))
        .route("/fn/{*name}", any(server_function))
        // Whoever met another at the database is answered by another attempt; those below change sessions beside a `Tx`.
        .layer(from_fn(platform::rest::again::again))
        .route("/sign-in", post(forms::sign_in).get(pages::render))
        .route("/sign-out", post(forms::sign_out))
        .route("/switch", post(forms::switch))
        .route("/invite/{organization}/{token}", post(forms::accept).get(pages::render))
        .route("/live/here", post(presence::here))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, DEADLINE))
        // A slow sender holds no transaction: bodies are read whole, up to their limit, before a handler starts.
        .layer(from_fn(platform::rest::body::whole))
        .route("/live", get(live::stream))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .nest_service(&format!("/{package}"), ServeDir::new(site.join(&package)).precompressed_br().precompressed_gzip());
    for file in REVALIDATED {
        router = router.route_service(&format!("/{file}"), ServeFile::new(site.join(file)));
    }
    router = router
        .nest_service("/icons", ServeDir::new(site.join("icons")))
        .nest_service("/offline", ServeDir::new(site.join("offline")))
        .nest_service("/beside", ServeDir::new(site.join("beside")))
        .fallback(pages::render);
    if production {
        router = router.layer(from_fn(security::strict_transport));
    }
    router
        .layer(Extension(pages))
        .layer(Extension(viewers))
        .layer(Extension(Speakers::default()))
        .layer(Extension(health::Probe::default()))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(platform::rest::correlation::correlate))
                .layer(from_fn(security::headers))
                .layer(CatchPanicLayer::custom(panicked))
                .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
                .layer(from_fn(busy_is_said))
                .layer(from_fn(keeping))
                .layer(from_fn(security::same_origin)),
        )
        .with_state(state)
}

/// Server functions: thin doors to the same services as REST. Nobody reaches one without being signed in, whatever it
/// asks for itself; it finds the platform's state and who is asking in its context.
async fn server_function(Extract(state): Extract<State>, request: Request) -> Response {
    let identity = match sessions::identify(&state, request.headers()).await {
        Ok(Some(identity)) => identity,
        Ok(None) => return ui::wire::refusal(platform::Error::Unauthenticated),
        Err(error) => return ui::wire::refusal(error),
    };
    let context = move || {
        provide_context(state.clone());
        provide_context(identity.clone());
    };
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Files whose folder is named by their content never change; the others are asked for anew each time. What REST tells
/// of people stays on no disk.
async fn keeping(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let keep = if path.starts_with("/pkg-") {
        Some("public, max-age=31536000, immutable")
    } else {
        (REVALIDATED.contains(&path.trim_start_matches('/')) || path.starts_with("/offline/") || path.starts_with("/beside/"))
            .then_some("no-cache")
    };
    let data = path.starts_with("/api/v1/");
    let mut response = next.run(request).await;
    if let Some(keep) = keep.filter(|_| response.status().is_success()) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    } else if data && !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

/// Answers 503 carry `Retry-After`, so that programs and browsers come back instead of giving up. One without words of
/// its own, as the deadline gives it, gets those of the problem.
async fn busy_is_said(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && !response.headers().contains_key(header::CONTENT_TYPE) {
        response = platform::Error::Unavailable.into_response();
    }
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && !response.headers().contains_key(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// A panic is a fault of ours: the answer says so without telling what it was; the log line is the panic's own.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response<Body> {
    platform::Error::Internal("a handler panicked".into()).into_response()
}
