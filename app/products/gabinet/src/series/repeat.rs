//! A visit repeated by a plan: the plan is put together, looked at occurrence by occurrence, and booked whole.

use gabinet::series::{NewSeries, Pick, SeriesAsked, SeriesPreview};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Failure, FailureAlert, Icon, Lang, Toasts, Tone, use_lang, use_toasts};

use super::{
    Seed,
    doors::{self, Done},
    occurrence::row,
    plan::{self, MOST, Step},
};
use crate::words;

/// What the panel holds.
#[derive(Clone, Copy)]
struct Panel {
    lang: Lang,
    toasts: Toasts,
    seed: Signal<Option<Seed>>,
    hold: Signal<EntityId>,
    steps: RwSignal<Vec<Step>>,
    picks: RwSignal<Vec<Pick>>,
    told: RwSignal<Option<SeriesPreview>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    /// Somebody has booked since it was looked at.
    changed: RwSignal<bool>,
    /// A retry books no second series.
    id: StoredValue<EntityId>,
}

/// The panel; `saved` is told the first visit's activity.
pub fn panel(seed: Signal<Option<Seed>>, hold: Signal<EntityId>, saved: Callback<EntityId>) -> AnyView {
    let panel = Panel {
        lang: use_lang(),
        toasts: use_toasts(),
        seed,
        hold,
        steps: RwSignal::new(vec![Step::new()]),
        picks: RwSignal::new(Vec::new()),
        told: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        changed: RwSignal::new(false),
        id: StoredValue::new(EntityId::new()),
    };
    // Another plan makes what was told of the last one void. While the form reads its times anew there is no visit to
    // begin with; that is not another one.
    let rules = Memo::new(move |_| panel.rules());
    Effect::new(move |before: Option<(Vec<String>, Option<Seed>)>| {
        let last = before.as_ref().and_then(|(_, seed)| seed.clone());
        let now = (rules.get(), seed.get().or(last));
        if before.is_some_and(|before| before != now) {
            panel.told.set(None);
            panel.picks.set(Vec::new());
        }
        now
    });
    let lang = panel.lang;
    let steps = move || {
        let steps = panel.steps.get();
        steps.into_iter().enumerate().map(|(place, step)| plan::step(lang, place, step, panel.steps, seed)).collect_view()
    };
    let more = move || {
        (panel.steps.with(Vec::len) < MOST).then(|| {
            let add = move || panel.steps.update(|steps| steps.push(Step::new()));
            view! { <Button icon="plus" on_press=add>{words::repeat_add(lang)}</Button> }
        })
    };
    let told = move || panel.told.get().map(|preview| list(panel, preview, saved));
    view! {
        <section class="series" aria-label=words::repeat_title(lang)>
            <h3>{words::repeat_title(lang)}</h3>
            {steps}
            <div class="booking-row">
                {more}
                <Button tone=Tone::Plain busy=panel.busy on_press=move || panel.look()>{words::repeat_check(lang)}</Button>
            </div>
            {move || panel.failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <div role="status">
                {move || seed.with(Option::is_none).then(|| view! { <p class="booking-hint">{words::repeat_needs(lang)}</p> })}
                {told}
            </div>
        </section>
    }
    .into_any()
}

impl Panel {
    fn rules(self) -> Vec<String> {
        self.steps.with(|steps| steps.iter().map(|step| step.rule()).collect())
    }

    fn asked(self) -> Option<SeriesAsked> {
        let seed = self.seed.get_untracked()?;
        Some(SeriesAsked {
            patient: seed.patient,
            treatment: seed.treatment,
            employee: seed.employee,
            location: seed.location,
            start: seed.start,
            rules: untrack(|| self.rules()),
            picks: self.picks.get_untracked(),
            further: seed.further,
        })
    }

    /// Asks what the plan would come to.
    fn look(self) {
        let Some(asked) = self.asked() else { return };
        self.busy.set(true);
        self.failure.set(None);
        let hold = self.hold.get_untracked();
        spawn_local(async move {
            let answer = doors::preview(asked, hold).await;
            self.busy.try_set(false);
            match answer {
                Ok(preview) => {
                    self.changed.try_set(false);
                    self.told.try_set(Some(preview));
                }
                Err(failure) => {
                    self.failure.try_set(Some(failure));
                }
            }
        });
    }

    /// Puts an occurrence elsewhere, leaves it out, or puts it back where the plan has it.
    fn pick(self, nth: i32, pick: Option<Pick>) {
        self.picks.update(|picks| {
            picks.retain(|known| known.nth != nth);
            picks.extend(pick);
        });
        self.look();
    }

    fn book(self, saved: Callback<EntityId>) {
        let (Some(asked), Some(seed)) = (self.asked(), self.seed.get_untracked()) else { return };
        let new = NewSeries {
            id: Some(self.id.get_value()),
            patient: asked.patient,
            treatment: asked.treatment,
            employee: asked.employee,
            location: asked.location,
            start: asked.start,
            rules: asked.rules,
            picks: asked.picks,
            notes: seed.notes,
            further: asked.further,
        };
        self.busy.set(true);
        let hold = self.hold.get_untracked();
        spawn_local(async move {
            let answer = doors::book(new, hold).await;
            self.busy.try_set(false);
            match answer {
                Ok(Done::Done(activity)) => {
                    self.toasts.say(words::repeat_booked(self.lang));
                    saved.run(activity);
                }
                Ok(Done::Changed(preview)) => {
                    self.changed.try_set(true);
                    self.told.try_set(Some(preview));
                }
                Err(failure) => {
                    self.failure.try_set(Some(failure));
                }
            }
        });
    }
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

fn list(panel: Panel, preview: SeriesPreview, saved: Callback<EntityId>) -> AnyView {
    let lang = panel.lang;
    let taking = preview.occurrences.iter().filter(|one| !one.left_out).count();
    let conflicts = preview.conflicts;
    let summary =
        if conflicts == 0 { words::repeat_all_free(lang, count(taking)) } else { words::repeat_conflicts(lang, i64::from(conflicts)) };
    let zone = StoredValue::new(preview.zone);
    let picked = Callback::new(move |(nth, pick)| panel.pick(nth, pick));
    let rows: Vec<AnyView> = preview.occurrences.into_iter().map(|one| row(lang, picked, zone, one)).collect();
    let changed = panel.changed.get().then(|| view! { <p class="booking-hint"><Icon name="warning"/> {words::repeat_changed(lang)}</p> });
    let button = (conflicts == 0 && taking > 0).then(|| {
        view! {
            <Button tone=Tone::Primary busy=panel.busy on_press=move || panel.book(saved)>{words::repeat_book(lang, count(taking))}</Button>
        }
    });
    view! {
        {changed}
        <p><b>{summary}</b></p>
        <ol class="series-list tnum">{rows}</ol>
        {button}
    }
    .into_any()
}
