//! The door to a product's screens.

use app_platform::session::use_me;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use ui::ModuleUi;

/// Lets only organizations in that subscribe to the module's product; others are shown what it would be. The server
/// functions behind the screens check for themselves.
#[component]
pub fn Gate(
    /// Whose screens lie behind.
    module: &'static ModuleUi,
) -> AnyView {
    let me = use_me();
    let open = module.module.product.is_none_or(|product| me.with_untracked(|me| me.has(product)));
    if open {
        return view! { <Outlet/> }.into_any();
    }
    let path = format!("/dashboard/upgrade/{}", module.module.id);
    view! { <Redirect path=path/> }.into_any()
}
