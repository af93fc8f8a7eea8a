//! Humans: the list, the page where every product tells what it knows, duplicates, and merging.

mod alerts;
mod card;
mod consents;
pub mod doors;
mod duplicates;
mod form;
mod list;
mod merge;
mod merged;
mod names;
mod parts;

pub use alerts::{alert_marks, alert_text};

use ui::place::param;

ui::lazy_screens!(persons_people: PEOPLE = fn people_screens {
    "/dashboard/people" => list::page(),
    "/dashboard/people/new" => form::page(),
    "/dashboard/people/duplicates" => duplicates::page(),
    "/dashboard/people/:id" => card::page(param("id").parse().ok()),
});

ui::lazy_screens!(persons_merging: MERGING = fn merging_screens {
    "/dashboard/people/merge/:winner/:loser" => merge::page(param("winner").parse().ok(), param("loser").parse().ok()),
});
