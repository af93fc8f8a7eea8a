//! Records of whichever type, first of all of the organization's own: list, board, form and page.

mod board;
pub(crate) mod doors;
mod form;
mod list;
mod record;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::lazy::Part;

use crate::fields::doors as field_doors;

/// The lazy part.
pub(crate) const OBJECTS: Part = objects_screen::PART;

ui::lazy_screens! { objects:
    /// `/dashboard/objects` and everything below it.
    ObjectsRoute = fn objects_screen() {
        screen()
    }
}

/// One route for all of it: which part is shown, the address says.
fn screen() -> AnyView {
    let path = use_location().pathname;
    let parts = Memo::new(move |_| {
        let path = path.get();
        let below = path.strip_prefix("/dashboard/objects").unwrap_or_default();
        let decoded = |part: &str| part.replace("%3A", ":").replace("%3a", ":");
        below.split('/').filter(|part| !part.is_empty()).map(decoded).collect::<Vec<String>>()
    });
    (move || match parts.get().as_slice() {
        [] => list::index(),
        [of] => list::page(entity_type(of)),
        [of, new] if new == "new" => form::page(entity_type(of)),
        [of, id, ..] => record::page(entity_type(of), id.parse().ok()),
    })
    .into_any()
}

/// The type that an address means: what has a module's mark or is a type of core is meant as it stands.
fn entity_type(part: &str) -> String {
    if part.contains(':') || matches!(part, "person" | "company") { part.to_owned() } else { ["object:", part].concat() }
}

/// Where records of a type are listed.
fn list_address(entity_type: &str) -> String {
    ["/dashboard/objects/", entity_type.strip_prefix("object:").unwrap_or(entity_type)].concat()
}
