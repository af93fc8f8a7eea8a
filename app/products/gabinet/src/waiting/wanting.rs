//! Who waits for such a time: told before a visit is cancelled.

use gabinet::waiting::Waiting;
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::use_lang;

use super::doors;
use crate::words;

/// How many are told by name.
const NAMED: usize = 3;

/// One line; nothing where nobody waits.
pub fn panel(visit: EntityId) -> AnyView {
    let lang = use_lang();
    let found = RwSignal::new(Vec::<Waiting>::new());
    // The world outside: the server. That nobody is known to wait stops nobody from cancelling.
    Effect::new(move |_| {
        spawn_local(async move {
            if let Ok(waiting) = doors::wanting(visit).await {
                found.try_set(waiting);
            }
        });
    });
    let told = move || {
        found.with(|found| {
            (!found.is_empty()).then(|| {
                let names: Vec<&str> = found.iter().take(NAMED).map(|one| one.patient.name.as_str()).collect();
                let many = words::waiting_want(lang, i64::try_from(found.len()).unwrap_or(i64::MAX));
                view! { <p class="waiting-want"><b>{many}</b> <span>{names.join(", ")}</span></p> }
            })
        })
    };
    view! { <div role="status">{told}</div> }.into_any()
}
