//! Lists of any type of record: as a table, a board, a gallery or by days; filtered, ordered, grouped, and kept.

mod board;
mod doors;
mod filter;
mod model;
mod more;
mod operands;
mod page;
mod table;
mod tabs;
mod texts;
mod why;

pub(crate) use more::save_file;

/// Lazy parts.
pub(crate) const TABS: ui::lazy::Part = page::TABS;
/// See [`TABS`].
pub(crate) const FILTER: ui::lazy::Part = page::FILTER;
/// See [`TABS`].
pub(crate) const MORE: ui::lazy::Part = page::MORE;

ui::lazy_screens!(records_list: LISTS = fn list_screens {
    "/dashboard/lists/:type" => page::page(),
});
