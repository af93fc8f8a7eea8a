//! The panel of a visit beside the calendar: who comes, what must not be overlooked, how far it has come and what the
//! next step is; then the particulars and what has happened.

mod actions;
mod facts;
mod history;
mod memory;
mod notes;
mod seats;
mod series;
mod steps;

use app_services::calendar::{Desk, use_desk};
use gabinet::{
    appointments::{Transition, VisitDetails},
    patients::Patient,
};
use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::event::{Event, Status};
use ui::{Details, Failure, FailureAlert, Lang, Skeleton, Toasts, use_lang, use_toasts, when};

use crate::{
    doors,
    people::{name, warnings},
    words,
};

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Panel {
    /// The reader's language.
    pub lang: Lang,
    /// The visit as it is shown: a step is shown before the server has answered.
    pub shown: RwSignal<VisitDetails>,
    /// Turns instants into the location's wall clock.
    pub zone: StoredValue<ZoneWindow>,
    /// Whether a step is under way.
    pub busy: RwSignal<bool>,
    /// Why the last step was not done.
    pub failure: RwSignal<Option<Failure>>,
    changed: Callback<()>,
    toasts: Toasts,
    // The calendar, and the visit as it stands on it: what is done here is undone there.
    desk: Option<Desk>,
    event: StoredValue<Event>,
}

/// The panel.
pub fn view(details: Details) -> AnyView {
    let activity = details.event.id;
    // What was shown a moment ago stays while it is fetched again, so that nothing flickers after a step.
    if let Some(known) = memory::recall(activity) {
        let panel = Panel::new(details.clone(), as_of(known, &details.event));
        Effect::new(move |_| panel.fetch(activity));
        return panel.view();
    }
    let visit = ui::fetched(move || activity, doors::visit);
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=8/> }>
            {move || {
                let details = details.clone();
                Suspend::new(async move {
                    match visit.await {
                        Ok(found) => {
                            memory::keep(&found);
                            Panel::new(details, found).view()
                        }
                        Err(failure) => view! { <FailureAlert failure=failure on_retry=move || visit.refetch()/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// What is remembered, with what the calendar knows better.
fn as_of(mut known: VisitDetails, event: &Event) -> VisitDetails {
    if event.version > known.visit.version {
        known.visit.status = event.status;
        known.visit.start = event.start;
        known.visit.end = event.end;
        // Or the next step would be refused as if somebody else had been quicker.
        known.visit.version = event.version;
    }
    known
}

impl Panel {
    /// Takes the like of it up, if there is a calendar around it to put it down on.
    pub fn copies(self) -> Option<Callback<()>> {
        let desk = self.desk?;
        Some(Callback::new(move |()| desk.copy(self.event.get_value())))
    }

    fn new(details: Details, visit: VisitDetails) -> Self {
        Self {
            lang: use_lang(),
            shown: RwSignal::new(visit),
            zone: StoredValue::new(details.zone),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            changed: details.changed,
            toasts: use_toasts(),
            desk: use_desk(),
            event: StoredValue::new(details.event),
        }
    }

    /// The visit's status, tracked.
    pub fn status(self) -> Status {
        self.shown.with(|shown| shown.visit.status)
    }

    /// Fetches the visit again.
    fn fetch(self, activity: EntityId) {
        spawn_local(async move {
            if let Ok(found) = doors::visit(activity).await {
                memory::keep(&found);
                // A step under way knows better.
                if self.busy.try_get_untracked() == Some(false) {
                    self.shown.try_set(found);
                }
            }
        });
    }

    /// Something beside this visit's status was changed: it is fetched again, and the calendar with it.
    fn renew(self) {
        if let Some(activity) = self.shown.try_with_untracked(|shown| shown.visit.activity) {
            self.fetch(activity);
        }
        self.changed.try_run(());
    }

    /// Takes the visit a step further: shown at once, taken back if the server refuses.
    pub fn step(self, to: Status, reason: String) {
        if self.busy.get_untracked() {
            return;
        }
        let before = self.shown.get_untracked();
        self.failure.set(None);
        self.busy.set(true);
        self.shown.update(|shown| shown.visit.status = to);
        let Panel { lang, toasts, changed, desk, .. } = self;
        let event = Event { status: before.visit.status, ..self.event.get_value() };
        spawn_local(async move {
            let change = Transition { version: before.visit.version, to, reason };
            match doors::step(before.visit.id, change).await {
                Ok(after) => {
                    memory::keep(&after);
                    let mut key = String::from("told.");
                    key.push_str(after.visit.status.as_str());
                    let text = words::by_key(lang, &key).unwrap_or_default();
                    // In a session each has come as far as they have: what is undone on the board is the session.
                    match desk.filter(|_| after.visit.seats.is_none()) {
                        Some(desk) => desk.stepped(&event, after.visit.status, text),
                        None => toasts.say(text),
                    }
                    self.busy.try_set(false);
                    self.shown.try_set(after);
                    changed.try_run(());
                }
                Err(failure) => {
                    let activity = before.visit.activity;
                    self.busy.try_set(false);
                    if failure.code() == "version" {
                        // Somebody else was first (R18): what is there now is shown.
                        toasts.fail_text(words::changed_meanwhile(lang));
                        changed.try_run(());
                        self.fetch(activity);
                    }
                    self.shown.try_set(before);
                    self.failure.try_set(Some(failure));
                }
            }
        });
    }

    fn view(self) -> AnyView {
        memory::keep_focus();
        view! {
            <div class="visit">
                {move || self.shown.with(|shown| head(self.lang, shown, self.zone))}
                {steps::view(self)}
                {move || self.failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
                {actions::view(self)}
                {facts::view(self)}
                {notes::view(self)}
                {series::view(self)}
                {seats::view(self)}
                {history::view(self)}
            </div>
        }
        .into_any()
    }
}

/// Number, name, age, telephone, how often they have come; and what must not be overlooked.
fn head(lang: Lang, shown: &VisitDetails, zone: StoredValue<ZoneWindow>) -> AnyView {
    let patient = &shown.patient;
    let mut href = String::from("/dashboard/people/");
    href.push_str(&patient.id.to_string());
    let on = zone.with_value(|zone| zone.date(shown.visit.start));
    view! {
        <header>
            <p class="visit-number tnum">{shown.visit.number.clone()}</p>
            <h2>
                <a href=href>{name(patient)}</a>
            </h2>
            <p class="sub">{about(lang, patient, shown.nth, on)}</p>
            {warnings(lang, patient)}
        </header>
    }
    .into_any()
}

/// `34 y · +48 601 224 118 · 7th visit`.
fn about(lang: Lang, patient: &Patient, nth: i64, on: chrono::NaiveDate) -> String {
    let age = patient.birth_date.and_then(|birth| when::age(birth, on)).map(|age| words::age(lang, age.into()));
    let visit = match nth {
        ..1 => None,
        1 => Some(words::first_visit(lang).to_owned()),
        _ => Some(words::nth_visit(lang, &ordinal(lang, nth))),
    };
    let parts = [age, patient.phone.as_deref().map(ui::phone), visit];
    let mut text = String::new();
    for part in parts.into_iter().flatten() {
        if !text.is_empty() {
            text.push_str(" · ");
        }
        text.push_str(&part);
    }
    text
}

/// `7th`, `7.`
fn ordinal(lang: Lang, n: i64) -> String {
    let mut text = n.to_string();
    text.push_str(match (lang, n % 100, n % 10) {
        (Lang::Pl, ..) => ".",
        (_, 11..=13, _) => "th",
        (_, _, 1) => "st",
        (_, _, 2) => "nd",
        (_, _, 3) => "rd",
        _ => "th",
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_counted_as_each_language_counts() {
        assert_eq!([2, 3, 7, 11, 21, 112].map(|n| ordinal(Lang::En, n)), ["2nd", "3rd", "7th", "11th", "21st", "112th"]);
        assert_eq!(ordinal(Lang::Pl, 7), "7.");
    }
}
