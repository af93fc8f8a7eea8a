//! Records of whichever type, first of all of the organization's own: list, board, form and page.

mod board;
pub(crate) mod doors;
mod form;
mod list;
mod record;

use ui::place::param;

use crate::fields::doors as field_doors;

ui::lazy_screens!(objects: OBJECTS = fn objects_screens {
    "/dashboard/objects" => list::index(),
    "/dashboard/objects/:type" => list::page(type_in_address()),
    "/dashboard/objects/:type/new" => form::page(type_in_address()),
    "/dashboard/objects/:type/:id" => record::page(type_in_address(), param("id").parse().ok()),
});

fn type_in_address() -> String {
    entity_type(&param("type"))
}

/// The type that an address means: what has a module's mark or is a type of core is meant as it stands.
fn entity_type(part: &str) -> String {
    if part.contains(':') || matches!(part, "person" | "company") { part.to_owned() } else { ["object:", part].concat() }
}

/// Where records of a type are listed.
fn list_address(entity_type: &str) -> String {
    ["/dashboard/objects/", entity_type.strip_prefix("object:").unwrap_or(entity_type)].concat()
}
