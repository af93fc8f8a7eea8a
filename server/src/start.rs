//! Starting and stopping: settings, database, migrations, demo data, listening, and an orderly end.

use std::{path::Path, sync::Arc, time::Duration};

use axum::middleware::from_fn_with_state;
use leptos::config::LeptosOptions;
use platform::{
    State,
    config::{Config, Mode},
    database, jobs, live,
    sealing::Sealer,
    state::Clock,
    tokens::Keys,
};
use services::calendar::sync::{Outside, Settings};
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    accept::{self, Terms},
    demo, embedded,
    limits::{self, Places},
    live::Viewers,
    modules::{HOOKS, MODULES},
    pages::Pages,
    proxy, router,
};

/// How long running requests may take to finish once the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs the server until it is told to stop (SIGINT or SIGTERM).
///
/// # Errors
/// A sentence for the operator: which setting is wrong, or what could not be had.
pub async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    // One TLS provider for the whole process; only a remote database uses it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = Config::from_env()?;
    let places = limits::raise_open_files();
    let own = match &config.database_url {
        Some(_) => None,
        None => {
            eprintln!("atrium: starting the private database in {}", config.data.display());
            Some(embedded::start(&config.data, true).await?)
        }
    };
    let url = own.as_ref().map_or_else(|| config.database_url.clone().unwrap_or_default(), |own| own.url().to_owned());
    let outcome = serve(&config, &url, places).await;
    if let Some(own) = own {
        own.stop().await;
    }
    outcome
}

async fn serve(config: &Config, url: &str, places: Places) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let listener = TcpListener::bind(config.addr).await.map_err(|error| format!("cannot listen on {}: {error}", config.addr))?;
    let owner: PgConnectOptions = url.parse()?;
    if config.demo {
        demo::clear_unfinished(&owner).await?;
    }
    let pool = database::connect(url, config.mode, services::hooks::warm(HOOKS)).await?;
    let clock = config.clock.map_or_else(Clock::system, Clock::starting_at);
    let keys = Keys::load(&pool).await?;
    let mut extensions = http::Extensions::new();
    extensions.insert(HOOKS);
    extensions.insert(services::hooks::kinds(HOOKS));
    extensions.insert(outside(config)?);
    let state = State::new(pool, clock, config.mode, &MODULES, keys, extensions);
    let viewers = Viewers::new(places.viewers);

    if config.demo {
        demo::write_once(&state, &owner).await?;
    }
    let follower = tokio::spawn(live::follow(state.clone()));
    let worker = tokio::spawn(jobs::work(state.clone()));
    let forward = tokio::spawn(services::calendar::sync::follow(state.clone()));
    let maintenance = tokio::spawn(database::maintain(owner, state.clock));
    let pages = Pages { options: site(Path::new(&config.site))? };
    let mut app = router::router(state.clone(), pages, viewers.clone());
    if !config.proxies.is_empty() {
        app = app.layer(from_fn_with_state(Arc::from(config.proxies.as_slice()), proxy::believed));
    }

    println!("Atrium is ready at http://{}", listener.local_addr()?);
    if config.demo && config.mode == Mode::Development {
        println!("Demo sign-ins (password {}): {}", demo::PASSWORD, demo::SIGN_INS.join("  "));
    }
    let closing = CancellationToken::new();
    let mut server = std::pin::pin!(accept::serve(listener, app, Terms::new(places.connections), closing.clone()));
    tokio::select! {
        () = &mut server => {}
        () = told_to_stop() => {
            eprintln!("atrium: stopping");
            closing.cancel();
            // Live streams would hold the end up for their whole lifetime.
            viewers.close();
            let _ = tokio::time::timeout(DRAIN, &mut server).await;
        }
    }
    follower.abort();
    maintenance.abort();
    worker.abort();
    forward.abort();
    state.pool.close().await;
    Ok(())
}

/// Calendars elsewhere: where they are, and the key by which what they let us in with is kept.
fn outside(config: &Config) -> Result<Outside, Box<dyn std::error::Error + Send + Sync>> {
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let sealer = Sealer::load(given("ATRIUM_SECRET_KEY").as_deref(), &config.data)?;
    let settings = Settings::from_lookup(given, &config.addr.to_string())?;
    Ok(Outside::new(settings, sealer)?)
}

/// The folder with the browser's files, as the bundler left it: its manifest names the package folder.
fn site(root: &Path) -> Result<LeptosOptions, String> {
    let manifest = root.join("manifest.json");
    let text = std::fs::read_to_string(&manifest)
        .map_err(|error| format!("{}: {error}; build the browser's files first (make run does)", manifest.display()))?;
    let manifest: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let package = manifest["pkg"].as_str().ok_or("the bundler's manifest names no package folder")?;
    Ok(LeptosOptions::builder()
        .output_name("atrium")
        .site_root(root.to_string_lossy().into_owned())
        .site_pkg_dir(package.to_owned())
        .build())
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} },
        Err(_) => drop(interrupt.await),
    }
}
