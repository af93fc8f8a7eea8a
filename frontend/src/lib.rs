//! Where the browser's half begins: the server-rendered page comes alive, and the shell is kept for when there is no
//! network.
//!
//! Hydration is synchronous. What Leptos has for waiting in its middle, one more function for every view, was a tenth
//! of the download; so the lazy parts that the page was made of are loaded before, and the bundler takes the waiting
//! functions out (`frontend/bundle/src/strip.rs`).

#![recursion_limit = "256"]

use app::{App, modules::MODULES};
use leptos::{mount::hydrate_body, prelude::*};
use ui::lazy::Part;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

/// Called by the page's script once the wasm has been loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        for chunk in chunks_of_page() {
            for part in parts().filter(|part| part.chunk == chunk) {
                (part.load)().await;
            }
        }
        hydrate_body(App);
        // From here on the page listens; whoever drives it, such as a test, may wait for this.
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-alive", "");
        }
        keep_the_shell();
    });
}

/// The lazy parts of all modules.
fn parts() -> impl Iterator<Item = &'static Part> {
    MODULES.0.iter().flat_map(|module| module.screens.iter().map(|screens| &screens.part).chain(module.parts))
}

/// The chunks that the server has used for this page: it asks for them to be loaded early, each by a link in the head.
fn chunks_of_page() -> Vec<String> {
    let Ok(links) = document().query_selector_all("link[rel=preload][as=fetch]") else { return Vec::new() };
    let named = (0..links.length()).filter_map(|at| {
        let href = links.item(at)?.dyn_into::<Element>().ok()?.get_attribute("href")?;
        let (_, chunk) = href.strip_suffix(".wasm")?.rsplit_once("/split_")?;
        Some(chunk.to_owned())
    });
    named.collect()
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
