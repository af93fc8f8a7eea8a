//! What Gabinet shows on the page of a human who is a patient: their visits, what the clinic has written down, and what was
//! agreed with them.

mod card;
mod terms;
mod visits;

use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Heard, use_live};

use super::shown::part_of;
use crate::page_doors::read_patient;

/// The part. It keeps itself up to date; `changed` is run when the head of the page says something else from now on.
pub fn part(id: EntityId, changed: Callback<()>) -> AnyView {
    part_of(
        move || read_patient(id),
        move |record| {
            // Whatever a colleague changes of this patient, and any visit, may change what is shown.
            use_live().listen(move |heard| match heard {
                Heard::Changed(event) if event.entity_id != id && event.entity_type != "gabinet:appointment" => {}
                _ => record.refresh(),
            });
            view! {
                {visits::view(record)}
                {card::view(record, changed)}
                {terms::view(record)}
            }
            .into_any()
        },
    )
}
