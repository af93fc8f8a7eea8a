//! Where the browser's half begins: the server-rendered page comes alive, and the shell is kept for when there is no
//! network.

#![recursion_limit = "256"]

use app::App;
use leptos::{mount::hydrate_from_async, prelude::*};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Called by the page's script once the wasm has been loaded. Routes are lazy, so hydration waits for the chunk of the
/// page at hand.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(body) = document().body() else { return };
    spawn_local(async {
        hydrate_from_async(body, App).await.forget();
        // From here on the page listens; whoever drives it, such as a test, may wait for this.
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-alive", "");
        }
        keep_the_shell();
    });
}

/// Registers the service worker. A browser that has none, or forbids it, simply has no offline page: what is promised
/// without is not less.
fn keep_the_shell() {
    let window = window();
    // Elsewhere the property does not even exist.
    if !window.is_secure_context() {
        return;
    }
    let registered = window.navigator().service_worker().register("/sw.js");
    spawn_local(async move {
        let _ = JsFuture::from(registered).await;
    });
}
