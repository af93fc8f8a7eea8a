//! The shelf: entries that wait for a new place while one turns pages. Nothing about them changes until they are put
//! down; until then they stay booked where they are. It survives a reload and ends with the tab.

use super::{
    desk::Desk,
    drag::judge::swapped,
    moving::{self, Move},
};
use crate::words;
use leptos::prelude::*;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use services::calendar::event::Event;
use ui::Icon;

/// Under which it is kept.
const KEY: &str = "atrium.shelf";

/// An entry on the shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parked {
    /// The entry.
    pub id: EntityId,
    /// What it is called.
    pub title: String,
    /// How long it is.
    pub minutes: i32,
    /// Its colour, 0–359.
    pub hue: u16,
    /// Whether a copy is put down, and the entry stays.
    pub copy: bool,
}

/// What lies on the shelf.
#[derive(Clone, Copy)]
pub struct Shelf(RwSignal<Vec<Parked>>);

impl Shelf {
    /// Empty.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Whether anything lies there.
    pub fn is_shown(self) -> bool {
        self.0.with(|parked| !parked.is_empty())
    }

    /// The same without listening.
    pub fn is_used(self) -> bool {
        self.0.with_untracked(|parked| !parked.is_empty())
    }

    /// Whether an entry lies there to be copied.
    pub fn is_copy(self, id: EntityId) -> bool {
        self.0.with_untracked(|parked| parked.iter().any(|parked| parked.id == id && parked.copy))
    }

    /// What was put there last.
    pub fn last(self) -> Option<Parked> {
        self.0.with_untracked(|parked| parked.last().cloned())
    }

    /// Puts entries there, to be moved or copied.
    pub fn park(self, desk: Desk, events: impl Iterator<Item = Event>, copy: bool) {
        let mut said = String::new();
        for event in events {
            let title = desk.shown_name(&event);
            said = if copy { words::copied_to_shelf(desk.lang, &title) } else { words::parked(desk.lang, &title) };
            let minutes = (event.end - event.start).num_minutes() as i32;
            let parked = Parked { id: event.id, title, minutes, hue: event.face.hue.unwrap_or(event.hue), copy };
            self.0.update(|shelf| {
                shelf.retain(|other| other.id != parked.id);
                shelf.push(parked);
            });
        }
        if !said.is_empty() {
            desk.say(said);
        }
        desk.chosen.set(Vec::new());
    }

    /// Takes an entry off, unless it is there to be copied again.
    pub fn leave(self, id: EntityId, even_copies: bool) {
        self.0.update(|shelf| shelf.retain(|parked| parked.id != id || (parked.copy && !even_copies)));
    }

    /// Listens to what lies there.
    pub fn track(self) {
        self.0.track();
    }

    /// Reads what the tab has kept.
    pub fn restore(self) {
        let storage = window().session_storage().ok().flatten();
        if let Some(kept) = storage.and_then(|storage| storage.get_item(KEY).ok().flatten()).and_then(|text| ui::wire::from_text(&text)) {
            self.0.set(kept);
        }
    }

    /// Keeps in the tab what lies there.
    pub fn save(self) {
        if let (Some(storage), Some(text)) =
            (window().session_storage().ok().flatten(), self.0.try_with_untracked(ui::wire::to_text).flatten())
        {
            let _ = storage.set_item(KEY, &text);
        }
    }
}

/// Puts down at a place of the grid what was put on the shelf last.
pub fn paste(desk: Desk, drag: super::drag::Drag, column: usize, minute: i32) {
    let Some(parked) = desk.shelf.last() else { return };
    let place = desk.scene.with_untracked(|scene| {
        let scene = scene.as_ref()?;
        let loaded = desk.loaded.get_untracked()?;
        let column = scene.columns.get(column)?;
        Some((scene.axis.instant(&loaded.calendar.zone, column.date, minute), column.resource))
    });
    let Some((start, resource)) = place else { return };
    leptos::task::spawn_local(async move {
        let event = match desk.event(parked.id) {
            Some(event) => event,
            None => match super::data::calendar_event(parked.id).await {
                Ok(event) => event,
                Err(failure) => {
                    desk.shelf.leave(parked.id, true);
                    desk.toasts.fail(&failure);
                    return;
                }
            },
        };
        let end = start + (event.end - event.start);
        // Who or what of the same kind it has now is replaced by whose column it is put into.
        let from = resource.and_then(|to| same_kind(desk, &event, to));
        let (from, to) = if from == resource { (None, None) } else { (from, resource) };
        desk.shelf.leave(parked.id, false);
        if parked.copy {
            drag.copy(event, (start, end), (from, to));
        } else if (start, end) != (event.start, event.end) || swapped(&event.resources, from, to) != event.resources {
            moving::send(desk, Move { event, start, end, from, to, reason: None });
        }
    });
}

/// The resource of an event that is of the same kind as another one.
pub fn same_kind(desk: Desk, event: &Event, other: EntityId) -> Option<EntityId> {
    let loaded = desk.loaded.get_untracked()?;
    let kind = |id: EntityId| loaded.calendar.resources.iter().find(|resource| resource.id == id).map(|resource| resource.kind);
    if event.resources.contains(&other) {
        return Some(other);
    }
    event.resources.iter().copied().find(|id| kind(*id) == kind(other))
}

/// The shelf below the grid.
pub fn view(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let chip = move |parked: Parked| {
        let id = parked.id;
        let mut style = String::from("--hue:");
        super::axis::push_number(&mut style, i32::from(parked.hue));
        let length = words::minutes(lang, i64::from(parked.minutes));
        let put = if parked.copy { words::put_copy(lang, &parked.title) } else { words::put_down(lang, &parked.title) };
        let away = words::off_the_shelf(lang, &parked.title);
        view! {
            <li style=style class:is-copy=parked.copy>
                <button type="button" class="calendar-parked" aria-label=put on:click=move |_| desk.lift(id)>
                    <b>{parked.title}</b>
                    " "
                    <small>{length}</small>
                </button>
                <button type="button" class="calendar-link" aria-label=away on:click=move |_| desk.shelf.leave(id, true)>
                    <Icon name="close"/>
                </button>
            </li>
        }
        .into_any()
    };
    let list = move || desk.shelf.0.get().into_iter().map(chip).collect::<Vec<_>>();
    let hint = move || desk.shelf.0.with(Vec::is_empty).then(|| view! { <small>{words::shelf_hint(lang)}</small> });
    view! {
        <section class="calendar-shelf" hidden=move || !(desk.held.get() || desk.shelf.is_shown()) aria-label=words::shelf(lang)>
            <h2>{words::shelf(lang)}</h2>
            {hint}
            <ul>{list}</ul>
        </section>
    }
    .into_any()
}
