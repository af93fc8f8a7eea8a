//! Humans: the list, the page where every product tells what it knows, duplicates, and merging.

mod card;
mod consents;
pub(crate) mod doors;
mod duplicates;
mod form;
mod list;
mod merge;
mod merged;
mod names;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::lazy::Part;

/// The lazy part.
pub(crate) const PEOPLE: Part = people_screen::PART;

ui::lazy_screens! { persons_people:
    /// `/dashboard/people` and everything below it.
    PeopleRoute = fn people_screen() {
        screen()
    }
}

/// One route for all of it: which part is shown, the address says.
fn screen() -> AnyView {
    let path = use_location().pathname;
    let parts = Memo::new(move |_| {
        let path = path.get();
        let below = path.strip_prefix("/dashboard/people").unwrap_or_default();
        below.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<String>>()
    });
    (move || match parts.get().as_slice() {
        [] => list::page(),
        [one] if one == "new" => form::page(),
        [one] if one == "duplicates" => duplicates::page(),
        [one, winner, loser] if one == "merge" => merge::page(winner.parse().ok(), loser.parse().ok()),
        [id, ..] => card::page(id.parse().ok()),
    })
    .into_any()
}
