//! The settings: who belongs here, what they may do, where one works, what is subscribed to, who is signed in.

pub mod billing;
pub mod locations;
pub mod members;
pub mod roles;
pub mod sessions;
pub mod teams;

use leptos::prelude::*;
use leptos_meta::Title;
use platform::permission::Permission;
use ui::{Icon, Lang, use_lang};

use crate::{session::use_me, words};

/// A settings page under the tabs that lead to the others.
#[component]
pub fn Settings(
    /// Key of the page in the navigation; its title.
    page: &'static str,
    /// The page.
    children: Children,
) -> AnyView {
    let lang = use_lang();
    let me = use_me();
    let tabs = move || {
        let pages = platform::MODULE.navigation.iter().filter(|entry| me.with(|me| me.can(entry.permission)));
        pages
            .map(|entry| {
                view! {
                    <a href=entry.path aria-current=(entry.key == page).then_some("page")>
                        <Icon name=entry.icon/>
                        {label(lang, entry.key).unwrap_or(entry.key)}
                    </a>
                }
            })
            .collect_view()
    };
    view! {
        <Title text=label(lang, page).unwrap_or(page)/>
        <div class="settings">
            <nav class="settings-tabs" aria-label=words::settings(lang)>{tabs}</nav>
            {children()}
        </div>
    }
    .into_any()
}

/// The name of what the platform itself registers: pages, rights, its own id.
pub fn label(lang: Lang, key: &str) -> Option<&'static str> {
    words::by_key(lang, key)
}

/// The name of a role: built-in ones in the reader's language, others as the organization has named them.
pub fn role_name(lang: Lang, id: &str, stored: Option<&str>) -> String {
    let mut key = String::from("role.");
    key.push_str(id);
    words::by_key(lang, &key).or(stored).unwrap_or(id).into()
}

/// Whether one has this right where one works now.
fn may(permission: Permission) -> bool {
    use_me().with_untracked(|me| me.can(permission))
}

/// The offsets of the organization's zone from some years ago to next year: lists show its wall clock.
#[cfg(feature = "ssr")]
pub(crate) async fn zone(tx: &mut platform::Tx) -> Result<platform::time::ZoneWindow, ui::Failure> {
    use chrono::Days;
    let organization = platform::organizations::get(tx).await?;
    let today = tx.now().date_naive();
    let from = today.checked_sub_days(Days::new(3660)).unwrap_or(today);
    let to = today.checked_add_days(Days::new(3660)).unwrap_or(today);
    Ok(platform::time::ZoneWindow::of(platform::time::zone(&organization.zone)?, from, to))
}
