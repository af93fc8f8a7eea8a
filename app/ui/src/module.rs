//! The contract of a module, browser half: how what it puts on the calendar is shown and made.
//!
//! Plain `fn` pointers in a `const`; their bodies may load a lazy chunk, so that a product's screens cost nothing
//! until they are opened.

#[cfg(feature = "ssr")]
use crate::paper::Paper;
use crate::{Failure, lazy::Part, place::Screens, text::Lang};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use platform::{
    id::{EntityId, LocationId},
    module::Module,
    permission::Permission,
    time::ZoneWindow,
};
use services::calendar::event::{CalendarView, Event};
use std::pin::Pin;

/// What the browser needs of a module.
pub struct ModuleUi {
    /// Its pure half: types, navigation, permissions.
    pub module: &'static Module,
    /// Names in the reader's language: navigation keys, entity and activity type keys, permissions, the module's
    /// own id. None for what it has no name for.
    pub label: fn(Lang, &str) -> Option<&'static str>,
    /// How its activities are shown and made.
    pub activities: &'static [ActivityUi],
    /// Its screens. All are closed to who does not have its product.
    pub screens: &'static [Screens],
    /// What it shows on the page of a human of whom it holds something.
    pub person: Option<PersonUi>,
    /// What else of it is loaded when it is first shown: a page that shows one on arrival is hydrated once it is there.
    pub parts: &'static [Part],
    /// What it puts on paper.
    #[cfg(feature = "ssr")]
    pub papers: &'static [Paper],
}

/// How activities of one type are shown and made.
pub struct ActivityUi {
    /// The activity type: `gabinet:appointment`.
    pub key: &'static str,
    /// The panel beside the calendar.
    pub details: fn(Details) -> AnyView,
    /// The form that books one.
    pub form: fn(Form) -> AnyView,
    /// Books the like of one at another place; without it a copy is begun in the form.
    pub again: Option<AgainHook>,
    /// Takes back at once all that booking one has made with it: the whole series.
    pub unmake: Option<UnmakeHook>,
    /// What is good to know before one is cancelled: who waits for such a time.
    pub before_end: Option<fn(EntityId) -> AnyView>,
    /// Whether the second line of its entries names their kind, so that the calendar may be filtered by it: the treatment.
    pub by_line: bool,
}

/// What a module adds to the page of a human. It stands there for whoever may know of the role.
pub struct PersonUi {
    /// The role whose holders it is about: `patient`.
    pub role: &'static str,
    /// The part, from whose id on it asks for itself. The callback is to be run when what stands elsewhere on the page has changed.
    pub part: fn(EntityId, Callback<()>) -> AnyView,
    /// What can be begun with them, offered at the top of the page.
    pub begin: Option<PersonWay>,
}

/// A way from the page of a human into a module.
#[derive(Clone, Copy)]
pub struct PersonWay {
    /// The key of its name among the module's texts.
    pub key: &'static str,
    pub icon: &'static str,
    /// Whoever lacks it is not offered the way.
    pub permission: Permission,
    /// The address; the person's id is put behind it.
    pub href: &'static str,
}

/// See [`ActivityUi::again`]. Gives the new activity.
pub type AgainHook = fn(Again) -> Pin<Box<dyn Future<Output = Result<EntityId, Failure>>>>;

/// See [`ActivityUi::unmake`]: of which activity, and why. Says whether it was anything more than that one; if it was not,
/// nothing is done.
pub type UnmakeHook = fn(EntityId, String) -> Pin<Box<dyn Future<Output = Result<bool, Failure>>>>;

/// The like of an activity, elsewhere.
#[derive(Clone, Debug)]
pub struct Again {
    /// What is copied.
    pub event: Event,
    /// When the copy begins.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// Whose time it takes.
    pub resources: Vec<EntityId>,
    /// Where it takes place.
    pub location: LocationId,
}

/// What an activity's detail panel is given.
#[derive(Clone)]
pub struct Details {
    /// The event as the calendar drew it; the view fetches the rest itself.
    pub event: Event,
    /// Turns instants into the location's wall clock.
    pub zone: ZoneWindow,
    /// Call it after a change, so that the calendar fetches again.
    pub changed: Callback<()>,
    /// Closes the panel.
    pub close: Callback<()>,
}

/// What an activity's form is given.
#[derive(Clone)]
pub struct Form {
    /// Which type is to be made; a form may serve several.
    pub activity_type: String,
    /// Where on the calendar it was begun.
    pub start: DateTime<Utc>,
    /// How far it was drawn; none for a plain click, then the type's usual length holds.
    pub end: Option<DateTime<Utc>>,
    /// Whether `start` is nobody's wish: the earliest free time is asked for.
    pub earliest: bool,
    /// In whose column.
    pub resource: Option<EntityId>,
    /// Where it takes place.
    pub location: LocationId,
    /// Turns instants into the location's wall clock and back.
    pub zone: ZoneWindow,
    /// What the calendar shows now, kept live: resources, their hours and events. None while it loads.
    pub view: Signal<Option<CalendarView>>,
    /// Call it with the new activity's id when it was saved; the calendar fetches again and opens it.
    pub saved: Callback<EntityId>,
    /// The same, with what is to be said of it: the calendar adds when it is, and a way there if that is out of sight.
    pub booked: Callback<(EntityId, String)>,
    /// Closes the form without saving.
    pub cancel: Callback<()>,
}

/// All modules of the browser, as `app` lists them; provided as context by the frame.
#[derive(Clone, Copy)]
pub struct Modules(pub &'static [&'static ModuleUi]);

/// The list of modules from the context; empty without one.
pub fn use_modules() -> Modules {
    use_context::<Modules>().unwrap_or(Modules(&[]))
}

impl Modules {
    /// Who shows activities of that type; none for an unknown one, which gets the generic panel.
    pub fn activity(self, activity_type: &str) -> Option<&'static ActivityUi> {
        self.0.iter().flat_map(|module| module.activities).find(|activity| activity.key == activity_type)
    }

    /// The name of something a module has registered (a type, a navigation key, a permission), by its key.
    pub fn label(self, lang: Lang, key: &str) -> Option<&'static str> {
        self.0.iter().find_map(|module| (module.label)(lang, key))
    }
}
