//! The application: its document, its modules, and where their screens are shown.

// Views of many screens are one deep type.
#![recursion_limit = "256"]

mod document;
pub mod modules;
mod place;

#[cfg(feature = "ssr")]
pub use document::{beginning, shell};

use app_platform::Frame;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{components::Router, hooks::use_location};
use place::Place;

/// Everything inside `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    document::titles_are_text();
    provide_context(modules::MODULES);
    provide_context(app_platform::preferences::current().lang);
    view! { <Router><Inside/></Router> }
}

/// What stands in the frame, and what stands alone. The router tells the address and takes the way when a link is followed;
/// it has no routes, as the modules say which screen an address is of.
#[component]
fn Inside() -> AnyView {
    let path = use_location().pathname;
    let framed = Memo::new(move |_| path.with(|path| path.starts_with("/dashboard/")));
    (move || {
        if framed.get() {
            view! { <Frame modules=modules::MODULES search=app_services::search::over_everything><Place/></Frame> }.into_any()
        } else {
            view! { <Place/> }.into_any()
        }
    })
    .into_any()
}
