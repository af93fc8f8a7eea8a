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

/// The lazy part.
pub(crate) const MERGING: Part = merging_screen::PART;

ui::lazy_screens! { persons_merging:
    /// `/dashboard/people/merge/{winner}/{loser}`
    MergingRoute = fn merging_screen() {
        merging()
    }
}

/// What the address says below `/dashboard/people`.
fn below() -> Memo<Vec<String>> {
    let path = use_location().pathname;
    Memo::new(move |_| {
        let path = path.get();
        let below = path.strip_prefix("/dashboard/people").unwrap_or_default();
        below.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    })
}

fn merging() -> AnyView {
    let parts = below();
    (move || match parts.get().as_slice() {
        [_, winner, loser] => merge::page(winner.parse().ok(), loser.parse().ok()),
        _ => merge::page(None, None),
    })
    .into_any()
}

/// One route for all the rest: which part is shown, the address says.
fn screen() -> AnyView {
    let parts = below();
    (move || match parts.get().as_slice() {
        [] => list::page(),
        [one] if one == "new" => form::page(),
        [one] if one == "duplicates" => duplicates::page(),
        [id, ..] => card::page(id.parse().ok()),
    })
    .into_any()
}
