//! What the parts of the calendar share: where one is, what was loaded, what it looks like.

use super::{
    ahead::Ahead,
    amend::{Amend, Amends},
    data::Shared,
    moving::Proposal,
    place::{Place, Span},
    scene::{Look, Patches, Scene, Source},
    shelf::Shelf,
    sight::Sight,
    status,
    undo::{self, Done, Named, Stepped},
    wishes::Wishes,
};
use crate::words;
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use platform::id::EntityId;
use services::calendar::event::{Event, Status};
use std::sync::Arc;
use ui::{Failure, Fetched, Lang, Modules, Toasts};

/// The calendar as its parts see it. A product's panel gets it by [`use_desk`] to begin a move.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The reader's language.
    pub lang: Lang,
    /// All modules.
    pub modules: Modules,
    /// Where the frame says what has happened; held here, for what answers later has no context.
    pub toasts: Toasts,
    /// The URL.
    pub place: Memo<Place>,
    /// What the server sent last; kept while something is being dragged.
    pub loaded: Memo<Option<Shared>>,
    /// What a day or a week of it looks like.
    pub scene: Memo<Option<Arc<Scene>>>,
    /// Moves that the server has not yet confirmed.
    pub patches: RwSignal<Patches>,
    /// A move that was refused and waits for a decision.
    pub proposal: RwSignal<Option<Proposal>>,
    /// The event that is to be moved by keyboard or by tapping its new place.
    pub carried: RwSignal<Option<EntityId>>,
    /// Whether something is in the air; nothing under it changes then.
    pub held: RwSignal<bool>,
    /// The present; none until the browser counts it on.
    pub now: RwSignal<Option<DateTime<Utc>>>,
    /// What a screen reader says next.
    pub said: RwSignal<String>,
    /// The reader's own wishes.
    pub wishes: RwSignal<Wishes>,
    /// What was done, to be undone.
    pub done: Done,
    /// Entries that are moved together.
    pub chosen: RwSignal<Vec<EntityId>>,
    /// Entries that wait for a new place, from one week to another.
    pub shelf: Shelf,
    /// Which columns have their entries in the document.
    pub sight: Sight,
    /// When what is being made would be, as its form stands; none if the form says no more than the address.
    pub sketch: RwSignal<Option<(DateTime<Utc>, DateTime<Utc>)>>,
    look: Memo<Look>,
    amends: RwSignal<Amends>,
    /// Counted up to fetch again.
    pub tick: RwSignal<u32>,
    ahead: Ahead,
    navigate: StoredValue<Navigate>,
}

type Navigate = Box<dyn Fn(&str, bool) + Send + Sync>;

/// The calendar around this view, if there is one.
pub fn use_desk() -> Option<Desk> {
    use_context::<Desk>()
}

/// The signals that exist before anything is loaded.
#[derive(Clone, Copy)]
pub struct Keys {
    /// The URL.
    pub place: Memo<Place>,
    /// Counted up to fetch again.
    pub tick: RwSignal<u32>,
    /// Whether something is in the air.
    pub held: RwSignal<bool>,
    /// What was fetched before it was asked for.
    pub ahead: Ahead,
}

impl Desk {
    /// Must be called under the `Transition` that waits for `data`.
    pub fn new(keys: Keys, data: Fetched<Result<Shared, Failure>>) -> Self {
        let Keys { place, tick, held, ahead } = keys;
        let lang = ui::use_lang();
        let modules = ui::use_modules();
        let patches = RwSignal::new(Patches::new());
        let now = RwSignal::new(None);
        let amends = RwSignal::new(Amends::default());
        let loaded = Memo::new_with_compare(
            move |before: Option<&Option<Shared>>| {
                let before = before.cloned().flatten();
                let next = data.get();
                // What lies under a drag stays, unless the drag itself has turned the page, and so does what was there
                // when a fetch fails.
                let page = |shared: &Shared| (shared.span, shared.date);
                if held.get() && before.as_ref().is_some_and(|before| !matches!(&next, Some(Ok(next)) if page(next) != page(before))) {
                    return before;
                }
                match next {
                    Some(Ok(loaded)) => Some(amends.with(|amends| amends.over(loaded))),
                    _ => before,
                }
            },
            |before, next| before.and_then(Option::as_ref) != next.and_then(Option::as_ref),
        );
        let wishes = RwSignal::new(Wishes::default());
        let reader = app_platform::session::use_me().with_untracked(|me| me.name.clone());
        let look =
            Memo::new(move |_| place.with(|place| wishes.with(|wishes| Look { reader: reader.clone(), ..Look::new(place, wishes) })));
        let scene = Memo::new_with_compare(
            move |_| {
                let loaded = loaded.get()?;
                let look = look.get();
                let now = now.get().unwrap_or(loaded.calendar.now);
                let label = |key: &str| modules.label(lang, key);
                let scene = patches.with(|patches| Source { loaded: &loaded, look, patches, now, lang, label: &label }.scene());
                Some(Arc::new(scene))
            },
            |_, _| true,
        );
        let go = leptos_router::hooks::use_navigate();
        let navigate: Navigate = Box::new(move |url, replace| {
            go(url, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        });
        Self {
            lang,
            modules,
            toasts: ui::use_toasts(),
            place,
            loaded,
            scene,
            patches,
            proposal: RwSignal::new(None),
            carried: RwSignal::new(None),
            held,
            now,
            said: RwSignal::new(String::new()),
            wishes,
            done: Done::new(),
            chosen: RwSignal::new(Vec::new()),
            shelf: Shelf::new(),
            sight: Sight::new(),
            sketch: RwSignal::new(None),
            look,
            amends,
            tick,
            ahead,
            navigate: StoredValue::new(navigate),
        }
    }

    /// Goes to another place of the calendar.
    pub fn go(self, place: &Place) {
        self.navigate.with_value(|navigate| navigate(&place.href(), false));
    }

    /// Changes the place without leaving a step behind to go back to.
    pub fn replace(self, place: &Place) {
        self.navigate.with_value(|navigate| navigate(&place.href(), true));
    }

    /// Opens an event's details.
    pub fn open(self, event: EntityId) {
        let place = self.place.get_untracked();
        // From one open panel to the next, back leads out of the panel.
        if place.open.is_some() || place.new.is_some() {
            self.replace(&place.opening(event));
        } else {
            self.go(&place.opening(event));
        }
    }

    /// Closes the panel.
    pub fn shut(self) {
        let place = self.place.get_untracked();
        if place.open.is_some() || place.new.is_some() {
            self.go(&place.shut());
        }
    }

    /// Fetches again.
    pub fn refetch(self) {
        self.tick.update(|tick| *tick = tick.wrapping_add(1));
    }

    /// Lays over what was loaded what has changed since.
    pub fn amend(self, changes: Vec<Amend>) {
        // Behind what is shown now; a page that is shown later has come later, or knows of it by these.
        let fetched = self.loaded.with_untracked(|loaded| loaded.as_ref().map_or(0.0, |loaded| loaded.at));
        // What leaves a page may go to one that was fetched before it did.
        if changes.iter().any(|change| change.event.is_none()) {
            self.ahead.forget();
        }
        let many = self.amends.try_update(|amends| {
            amends.settle(fetched);
            changes.into_iter().fold(false, |_, change| amends.note(change))
        });
        if many == Some(true) {
            self.refetch();
        }
    }

    /// Fetches the neighbours of what is shown, so that a step to them shows at once.
    pub fn look_ahead(self) {
        // The world outside: the network, when there is nothing else to do. What a colleague changes is no reason.
        Effect::new(move |before: Option<Option<(Span, NaiveDate)>>| {
            let loaded = self.loaded.get()?;
            let shown = (loaded.span, loaded.date);
            if before.flatten() == Some(shown) {
                return Some(shown);
            }
            let location = self.place.with_untracked(|place| place.location);
            let tick = self.tick.get_untracked();
            for forward in [true, false] {
                let date = loaded.span.step(loaded.date, forward);
                self.ahead.fetch((location, loaded.span, Some(date)), tick);
            }
            Some(shown)
        });
    }

    /// How what was loaded is shown.
    pub fn look(self) -> Look {
        self.look.get()
    }

    /// Says something to a screen reader.
    pub fn say(self, text: impl Into<String>) {
        self.said.set(text.into());
    }

    /// The event as it is shown, without listening to changes.
    pub fn event(self, id: EntityId) -> Option<Event> {
        let loaded = self.loaded.get_untracked()?;
        let mut event = loaded.calendar.events.iter().find(|event| event.id == id)?.clone();
        self.patches.with_untracked(|patches| {
            if let Some(patch) = patches.get(&id)
                && patch.version.is_none_or(|version| event.version < version)
            {
                event.start = patch.start;
                event.end = patch.end;
                event.resources.clone_from(&patch.resources);
                event.version = patch.version.unwrap_or(event.version);
            }
        });
        Some(event)
    }

    /// A resource's name, without listening to changes.
    pub fn resource_name(self, id: EntityId) -> Option<String> {
        let loaded = self.loaded.get_untracked()?;
        loaded.calendar.resources.iter().find(|resource| resource.id == id).map(|resource| resource.name.clone())
    }

    /// Whether the reader may plan again what is over, of an activity type.
    pub fn reopens(self, kind: &str) -> bool {
        self.loaded.with_untracked(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.reopenable.iter().any(|other| other == kind)))
    }

    /// What a panel calls when its entry has taken a step: says so, and offers to take it back to whoever may.
    pub fn stepped(self, event: &Event, to: Status, text: impl Into<String>) {
        let step = Stepped { id: event.id, title: Named::of(self, event), kind: event.activity_type.clone(), from: event.status, to };
        undo::stepped(self, step, text);
    }

    /// The name of an activity type.
    pub fn type_name(self, key: &str) -> String {
        status::label(self.lang, key).or_else(|| self.modules.label(self.lang, key)).unwrap_or(key).to_owned()
    }

    /// What an event is called on the screen: its name, or as much of it as may be seen.
    pub fn shown_name(self, event: &Event) -> String {
        if event.status == Status::Held && !event.title.is_empty() {
            self.look.with_untracked(|look| super::scene::holder(self.lang, look, &event.title))
        } else if event.title.is_empty() {
            self.type_name(&event.activity_type)
        } else if self.wishes.with_untracked(|wishes| wishes.private) && event.subject.is_some() {
            super::scene::initials(&event.title)
        } else {
            event.title.clone()
        }
    }

    /// Adds an event to those that are moved together, or takes it out.
    pub fn choose(self, event: EntityId) {
        self.chosen.update(|chosen| match chosen.iter().position(|other| *other == event) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(event),
        });
        let count = self.chosen.with_untracked(Vec::len) as i64;
        self.say(words::chosen(self.lang, count));
    }

    /// Begins to move an event by keyboard or by tapping its new place.
    pub fn carry(self, event: EntityId) {
        self.carried.set(Some(event));
    }

    /// What a panel's “Move” does: shuts the panel and takes the event up, with a word on what to do next.
    pub fn lift(self, event: EntityId) {
        let place = self.place.get_untracked().shut();
        self.replace(&place);
        self.toasts.say(words::lifted_hint(self.lang));
        self.carry(event);
    }

    /// What a panel's “Copy” does: the entry lies on the shelf, and its like is put down by a tap, again and again.
    pub fn copy(self, event: Event) {
        let id = event.id;
        self.shelf.park(self, std::iter::once(event), true);
        self.lift(id);
    }

    /// Minutes between two starts in the grid (R17).
    pub fn snap(self) -> i32 {
        self.place.with_untracked(|place| place.zoom.snap())
    }
}
