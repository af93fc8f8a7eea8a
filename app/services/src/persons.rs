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

use services::persons::{PersonQuery, PersonRow};
use ui::{Choice, Found, place::param};

/// Finds people by what is typed.
pub fn find_person() -> Found {
    Found::new(|typed| async move {
        let (people, _) = doors::list_people(PersonQuery { q: typed, role: String::new() }, None).await?;
        let choice = |person: PersonRow| {
            let name = [person.given_name.as_str(), " ", &person.family_name].concat();
            Choice::new(person.id.to_string(), name).with_note(person.email.or(person.phone).unwrap_or_default())
        };
        Ok(people.into_iter().map(choice).collect())
    })
}

ui::lazy_screens!(persons_people: PEOPLE = fn people_screens {
    "/dashboard/people" => list::page(),
    "/dashboard/people/new" => form::page(),
    "/dashboard/people/duplicates" => duplicates::page(),
    "/dashboard/people/:id" => card::page(param("id").parse().ok()),
});

ui::lazy_screens!(persons_merging: MERGING = fn merging_screens {
    "/dashboard/people/merge/:winner/:loser" => merge::page(param("winner").parse().ok(), param("loser").parse().ok()),
});
