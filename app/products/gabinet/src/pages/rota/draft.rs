//! The draft as it is being made: every change is saved at once, and answered with what it would do.

use chrono::NaiveDate;
use gabinet::{
    hours::WorkingHours,
    rota::{Draft, DraftInput, Effects, Publish, edit},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use platform::id::{EntityId, LocationId};
use ui::{Button, Choice, Confirm, Failure, FailureAlert, Lang, Meaning, Segmented, Tag, Tone, use_lang, use_toasts, when};

use super::{href, plain};
use crate::{
    pages::{may, shown::Shown, staff_member::spans::Span},
    rota_doors::{RotaPage, discard_draft, publish_draft, save_draft},
    words,
};

/// What the page holds.
#[derive(Clone, Copy)]
pub struct Planning {
    pub lang: Lang,
    pub page: Shown<RotaPage>,
    /// As it is typed.
    pub draft: RwSignal<Option<Draft>>,
    pub effects: RwSignal<Option<Effects>>,
    /// `week` where a change holds every week, `date` where it holds on its date.
    scope: RwSignal<String>,
    saving: RwSignal<bool>,
    /// Changed since what is being saved.
    changed: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    pub writes: bool,
}

impl Planning {
    /// Of what was read.
    pub fn new(page: Shown<RotaPage>) -> Planning {
        let (draft, effects) = page.value.with_untracked(|page| (page.draft.clone(), page.effects.clone()));
        let planning = Planning {
            lang: use_lang(),
            page,
            draft: RwSignal::new(draft),
            effects: RwSignal::new(effects),
            scope: RwSignal::new(String::from("date")),
            saving: RwSignal::new(false),
            changed: RwSignal::new(false),
            failure: RwSignal::new(None),
            writes: may(gabinet::HOURS_WRITE),
        };
        // The record outside: what others change is taken over while nothing is being saved.
        plain::outside(move || {
            let (draft, effects) = page.value.with(|page| (page.draft.clone(), page.effects.clone()));
            if !planning.is_busy() {
                planning.draft.set(draft);
                planning.effects.set(effects);
            }
        });
        planning
    }

    /// Whether something typed is not saved yet.
    pub fn is_busy(self) -> bool {
        self.saving.get_untracked() || self.changed.get_untracked()
    }

    /// The first date that can be changed, and whether one of that practitioner's can.
    pub fn plans(self, employee: EntityId) -> Option<NaiveDate> {
        self.draft.with(|draft| {
            let draft = draft.as_ref().filter(|_| self.writes)?;
            draft.hours.iter().any(|planned| planned.employee == employee).then_some(draft.from_date)
        })
    }

    /// Reads somebody's planned hours at this place.
    pub fn hours<T>(self, employee: EntityId, read: impl FnOnce(&WorkingHours) -> T) -> Option<T> {
        let place = self.place();
        self.draft.with(|draft| {
            let planned = draft.as_ref()?.hours.iter().find(|planned| planned.employee == employee)?;
            Some(read(&planned.hours.at(place)))
        })
    }

    fn place(self) -> LocationId {
        self.page.value.with_untracked(|page| page.location)
    }

    /// These windows on a date, or on its weekday.
    pub fn set(self, employee: EntityId, date: NaiveDate, windows: &[Span]) {
        let (place, week_start) = (self.place(), self.week_start());
        let every = self.scope.with_untracked(|scope| scope == "week");
        self.change(|draft| {
            if let Some(planned) = draft.hours.iter_mut().find(|planned| planned.employee == employee) {
                match every {
                    true => edit::every_week(&mut planned.hours, place, date, windows, week_start),
                    false => edit::on_date(&mut planned.hours, place, date, windows, week_start),
                }
            }
        });
    }

    pub fn week_start(self) -> i16 {
        self.page.value.with_untracked(|page| page.rota.week_start)
    }

    fn copy_week(self) {
        let (first, place) = self.page.value.with_untracked(|page| (page.rota.from, page.location));
        let week_start = self.week_start();
        self.change(|draft| {
            for planned in &mut draft.hours {
                edit::copy_week(&mut planned.hours, place, first, draft.from_date, week_start);
            }
        });
    }

    fn change(self, change: impl FnOnce(&mut Draft)) {
        let before = self.draft.get_untracked();
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                change(draft);
            }
        });
        if self.draft.with_untracked(|draft| *draft != before) {
            self.changed.set(true);
            self.save();
        }
    }

    /// Saves what is typed, and again what is typed meanwhile: one request at a time, so that each names the version that the
    /// one before has made.
    fn save(self) {
        if self.saving.get_untracked() {
            return;
        }
        self.saving.set(true);
        spawn_local(async move {
            while self.changed.get_untracked() {
                self.changed.set(false);
                let Some(draft) = self.draft.get_untracked() else { break };
                let Draft { id, name, from_date, version, hours, .. } = draft;
                match save_draft(id, DraftInput { name, from_date, version, hours }).await {
                    Ok((saved, effects)) => {
                        self.failure.set(None);
                        self.effects.set(Some(effects));
                        self.draft.update(|draft| {
                            if let Some(draft) = draft {
                                draft.version = saved.version;
                            }
                        });
                    }
                    Err(why) => {
                        self.failure.set(Some(why));
                        break;
                    }
                }
            }
            self.saving.set(false);
        });
    }
}

/// What is being planned, what it would do in a word, and what can be done with it.
pub fn banner(planning: Planning) -> AnyView {
    let there =
        Memo::new(move |_| planning.draft.with(|draft| draft.as_ref().map(|draft| (draft.id, draft.name.clone(), draft.from_date))));
    plain::live(move || match there.get() {
        Some((id, name, from)) => shown(planning, id, &name, from),
        None => ().into_any(),
    })
}

fn shown(planning: Planning, id: EntityId, name: &str, from: NaiveDate) -> AnyView {
    let lang = planning.lang;
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (place, week) = planning.page.value.with_untracked(|page| (page.location, page.rota.from));
    let leave = move || navigate(&href(place, week, None), Default::default());
    let leave_too = leave.clone();
    let publish = Action::new_local(move |(): &()| {
        let version = planning.draft.with_untracked(|draft| draft.as_ref().map_or(0, |draft| draft.version));
        let affected = planning.effects.with_untracked(|effects| effects.as_ref().and_then(|all| i64::try_from(all.visits.len()).ok()));
        let leave = leave.clone();
        async move {
            match publish_draft(id, Publish { version, affected }).await {
                Ok(()) => {
                    toasts.say(words::rota_published(lang));
                    leave();
                }
                Err(why) => {
                    if why.code() == "version" {
                        planning.page.refresh();
                    }
                    planning.failure.set(Some(why));
                }
            }
        }
    });
    let discard = Action::new_local(move |(): &()| {
        let leave = leave_too.clone();
        async move {
            match discard_draft(id).await {
                Ok(()) => {
                    toasts.say(words::draft_discarded(lang));
                    leave();
                }
                Err(why) => planning.failure.set(Some(why)),
            }
        }
    });
    let asking = RwSignal::new(false);
    let told = plain::live(move || {
        planning.effects.with(|effects| match effects {
            Some(all) if !all.outdated.is_empty() => {
                view! { <Tag meaning=Meaning::Critical icon="warning" text=words::draft_outdated(lang)/> }.into_any()
            }
            Some(all) if !all.visits.is_empty() => {
                let many = i64::try_from(all.visits.len()).unwrap_or(i64::MAX);
                view! { <Tag meaning=Meaning::Attention icon="warning" text=words::visits_outside(lang, many)/> }.into_any()
            }
            Some(_) => view! { <Tag meaning=Meaning::Positive icon="check" text=words::no_visits_outside(lang)/> }.into_any(),
            None => ().into_any(),
        })
    });
    let failure = plain::live(move || match planning.failure.get() {
        Some(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
        None => ().into_any(),
    });
    let writes = planning.writes.then(|| {
        let choices = vec![Choice::new("date", words::only_that_day(lang)), Choice::new("week", words::every_week(lang))];
        view! {
            <div class="rota-tools">
                <Segmented
                    label=words::changes_hold(lang)
                    choices=choices
                    value=planning.scope
                    on_pick=move |value: String| planning.scope.set(value)
                />
                <Button on_press=move || planning.copy_week()>{words::copy_week(lang)}</Button>
                <span class="grow"></span>
                <Button icon="trash" on_press=move || asking.set(true)>{words::discard_draft(lang)}</Button>
                <Button
                    tone=Tone::Primary
                    busy=publish.pending()
                    disabled=Signal::derive(move || planning.saving.get())
                    on_press=move || { publish.dispatch_local(()); }
                >
                    {words::publish(lang)}
                </Button>
            </div>
        }
    });
    let title = words::draft_of(lang, name, &when::day_month(lang, from));
    view! {
        <section class="rota-banner" aria-label=words::draft(lang)>
            <header>
                <h2>{title}</h2>
                <span role="status">{told}</span>
            </header>
            <p class="quiet">{words::draft_help(lang)}</p>
            {failure}
            {writes}
            <Confirm
                open=asking
                title=words::discard_draft(lang)
                text=words::discard_text(lang)
                action=words::discard_draft(lang)
                on_confirm=move || { discard.dispatch_local(()); }
            />
        </section>
    }
    .into_any()
}
