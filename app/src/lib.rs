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
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use place::Place;

/// Everything inside `<body>`. The router tells only what stands in the frame from what stands alone: which screen an
/// address is of, its module says.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    document::titles_are_text();
    provide_context(modules::MODULES);
    provide_context(app_platform::preferences::current().lang);
    view! {
        <Router>
            <Routes fallback=|| view! { <Place/> }>
                <Route path=path!("/dashboard/*screen") view=|| view! {
                    <Frame modules=modules::MODULES search=app_services::search::over_everything><Place/></Frame>
                }/>
            </Routes>
        </Router>
    }
}
