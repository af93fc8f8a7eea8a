//! Files that are taken over into records of any type: chosen, mapped, tried, run and taken back.

mod doors;
mod lines;
mod mapping;
mod page;
mod texts;
mod upload;

use ui::place::param;
pub(crate) use upload::base64;

ui::lazy_screens!(records_import: IMPORTS = fn import_screens {
    "/dashboard/import/:type" => upload::page(param("type")),
    "/dashboard/import/:type/:id" => page::page(param("id").parse().ok()),
});

/// Where a file is taken over into records of a type.
pub(crate) fn address(entity_type: &str) -> String {
    ["/dashboard/import/", entity_type].concat()
}
