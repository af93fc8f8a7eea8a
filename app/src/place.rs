//! The screen of the address.

use app_platform::{NotFound, address, session::use_me};
use futures::FutureExt;
use leptos::prelude::*;
use leptos_router::{
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};
use ui::{
    ModuleUi,
    lazy::{ChunkLost, part_or_lost},
    place::{Params, Screens},
};

use crate::modules::MODULES;

/// One screen of one module, at one address.
#[derive(Clone)]
struct Found {
    module: &'static ModuleUi,
    screens: &'static Screens,
    address: &'static str,
    params: Params,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.address == other.address && self.params == other.params
    }
}

/// The first screen that fits.
fn find(path: &str) -> Option<Found> {
    MODULES.0.iter().find_map(|module| {
        module.screens.iter().find_map(|screens| {
            screens.addresses.iter().find_map(|address| {
                let params = Params::of(address, path)?;
                Some(Found { module, screens, address, params })
            })
        })
    })
}

/// Shows the screen of the address. While another one's part is on its way, what was there stays, and the browser keeps
/// the old address.
#[component]
pub(crate) fn Place() -> AnyView {
    let path = use_location().pathname;
    let shown = RwSignal::new(path.with_untracked(|path| find(path)));
    // None on the server, where nobody goes anywhere.
    let browser = StoredValue::new_local(use_context::<BrowserUrl>());
    let arrive = move |found: Option<Found>| {
        if shown.try_with_untracked(|shown| *shown != found) == Some(true) {
            shown.set(found);
        }
        browser.try_with_value(|browser| browser.as_ref().map(LocationProvider::ready_to_complete));
    };
    Effect::new(move |_| {
        let found = path.with(|path| find(path));
        let Some(screens) = found.as_ref().map(|found| found.screens) else { return arrive(None) };
        if shown.with_untracked(|shown| *shown == found) {
            return arrive(found);
        }
        leptos::task::spawn_local(async move {
            (screens.part.load)().await;
            // Meanwhile one may have gone on, or left.
            if path.try_with_untracked(|path| find(path)).is_some_and(|now| now == found) {
                arrive(found);
            }
        });
    });
    (move || match shown.get() {
        Some(found) => screen(found),
        // What stands alone has no frame that would name its main part.
        None if path.with_untracked(|path| path.starts_with("/dashboard/")) => view! { <NotFound/> }.into_any(),
        None => view! { <main id="main"><NotFound/></main> }.into_any(),
    })
    .into_any()
}

/// The screen itself, or the way to subscribe to its product. The server functions behind it check for themselves.
fn screen(found: Found) -> AnyView {
    let module = found.module.module;
    if module.product.is_some_and(|product| !use_me().with_untracked(|me| me.has(product))) {
        return address::go_to(&["/dashboard/upgrade/", module.id].concat());
    }
    provide_context(found.params);
    // It has been loaded, or cannot be.
    (found.screens.view)(found.address).now_or_never().unwrap_or_else(|| part_or_lost(Err(ChunkLost)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_is_found_at_its_own_address() {
        for module in MODULES.0 {
            for address in module.screens.iter().flat_map(|screens| screens.addresses) {
                assert_eq!(find(address).map(|found| found.address), Some(*address), "another screen stands before {address}");
            }
        }
    }

    #[test]
    fn only_the_platform_has_screens_outside_of_the_frame() {
        for module in MODULES.0.iter().filter(|module| module.module.product.is_some()) {
            for address in module.screens.iter().flat_map(|screens| screens.addresses) {
                assert!(address.starts_with("/dashboard/"), "{address}");
            }
        }
    }
}
