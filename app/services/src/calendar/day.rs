//! The heads of a day: whose column it is, when they work, how full it is. Who is away is folded, with the reason.

use super::{desk::Desk, scene::Column};
use leptos::prelude::*;
use platform::id::EntityId;
use ui::Avatar;

/// The columns of those who are away that are open all the same.
pub type Unfolded = RwSignal<Vec<EntityId>>;

/// Whether a column is folded to a narrow strip: who is away unless opened, who is there if the reader wishes so.
pub fn is_folded(column: &Column, unfolded: &[EntityId], folded: &[EntityId]) -> bool {
    match column.resource {
        None => column.absent.is_some(),
        Some(id) if column.absent.is_some() => !unfolded.contains(&id),
        Some(id) => folded.contains(&id),
    }
}

/// The head of one column.
pub fn head(desk: Desk, index: usize, column: &Column, unfolded: Unfolded, folded: bool) -> AnyView {
    let load =
        Memo::new(move |_| desk.scene.with(|scene| scene.as_ref().and_then(|scene| scene.loads.get(index).copied()).unwrap_or_default()));
    let style = move || {
        let mut style = String::from("--load:");
        super::axis::push_number(&mut style, load.get());
        style
    };
    let sub = column.absent.clone().unwrap_or_else(|| column.hours.clone());
    let name = column.name.clone();
    let face = column.resource.map(|_| view! { <Avatar name=column.name.clone() hue=column.hue/> });
    let away = column.absent.is_some();
    if let Some(id) = column.resource.filter(|_| away || folded) {
        let toggle = move |_| {
            if !away {
                desk.wishes.update(|wishes| wishes.fold(id));
                return;
            }
            unfolded.update(|list| match list.iter().position(|other| *other == id) {
                Some(at) => drop(list.remove(at)),
                None => list.push(id),
            });
        };
        return view! {
            <div class="calendar-head" class:is-absent=away class:is-folded=folded>
                <button type="button" class="calendar-fold" aria-expanded=if folded { "false" } else { "true" } title=column.spoken.clone() on:click=toggle>
                    {face}
                    <span class:visually-hidden=folded>
                        <strong>{name}</strong>
                        <small>{sub}</small>
                    </span>
                </button>
            </div>
        }
        .into_any();
    }
    let bar = column.resource.map(|_| view! { <i class="calendar-load" style=style></i> });
    view! {
        <div class="calendar-head">
            {face}
            <div>
                <strong title=column.name.clone()>{name}</strong>
                <small>{sub}</small>
                {bar}
            </div>
        </div>
    }
    .into_any()
}
