//! A visit repeated by a plan: the plan is put together, looked at occurrence by occurrence, and booked whole.

use app_services::calendar::when::times as span;
use chrono::{DateTime, Utc};
use gabinet::series::{Candidate, NewSeries, Pick, SeriesAsked, SeriesPreview};
use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use ui::{Button, Failure, FailureAlert, Icon, Lang, Toasts, Tone, rule_text, use_lang, use_toasts, when};

use super::{
    Seed,
    doors::{self, Done},
    plan::{self, MOST, Step},
};
use crate::words;

/// What the panel holds.
#[derive(Clone, Copy)]
struct Panel {
    lang: Lang,
    toasts: Toasts,
    seed: Signal<Option<Seed>>,
    hold: EntityId,
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
pub fn panel(seed: Signal<Option<Seed>>, hold: EntityId, saved: Callback<EntityId>) -> AnyView {
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
        })
    }

    /// Asks what the plan would come to.
    fn look(self) {
        let Some(asked) = self.asked() else { return };
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = doors::preview(asked, self.hold).await;
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
        };
        self.busy.set(true);
        spawn_local(async move {
            let answer = doors::book(new, self.hold).await;
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
    let rows: Vec<AnyView> = preview.occurrences.into_iter().map(|one| row(panel, zone, one)).collect();
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

/// `Mon 30 Nov 10:00 – 11:00`.
fn moment(lang: Lang, zone: &ZoneWindow, start: DateTime<Utc>, end: DateTime<Utc>) -> String {
    [when::day_short(lang, zone.date(start)), span(zone, start, end)].join(" ")
}

fn row(panel: Panel, zone: StoredValue<ZoneWindow>, one: Candidate) -> AnyView {
    let lang = panel.lang;
    let nth = one.nth;
    let (free, left_out) = (one.reasons.is_empty() && !one.left_out, one.left_out);
    let time = zone.with_value(|zone| moment(lang, zone, one.start, one.end));
    let mut said: Vec<String> = Vec::new();
    for reason in &one.reasons {
        let line = match &reason.resource_name {
            Some(name) => [name.as_str(), rule_text(lang, &reason.rule)].join(": "),
            None => rule_text(lang, &reason.rule).to_owned(),
        };
        if !said.contains(&line) {
            said.push(line);
        }
    }
    let ways: Vec<AnyView> = one
        .alternatives
        .iter()
        .map(|way| {
            let (start, text) = (way.start, zone.with_value(|zone| moment(lang, zone, way.start, way.end)));
            let take = move || panel.pick(nth, Some(Pick { nth, start: Some(start) }));
            view! { <Button on_press=take>{text}</Button> }.into_any()
        })
        .collect();
    let back = one.picked || left_out;
    let other = if back {
        view! { <Button icon="undo" on_press=move || panel.pick(nth, None)>{words::repeat_put_back(lang)}</Button> }.into_any()
    } else {
        let leave = move || panel.pick(nth, Some(Pick { nth, start: None }));
        view! { <Button icon="close" on_press=leave>{words::repeat_leave_out(lang)}</Button> }.into_any()
    };
    let icon = if free {
        "check"
    } else if left_out {
        "close"
    } else {
        "warning"
    };
    let reasons = (!said.is_empty()).then(|| view! { <small>{said.join("; ")}</small> });
    let marks = left_out.then(|| view! { <small class="quiet">{words::repeat_left_out(lang)}</small> });
    view! {
        <li class="series-row" class:is-free=free class:is-taken=!free && !left_out class:left-out=left_out>
            <Icon name=icon/>
            <span><b>{time}</b> {marks} {reasons}</span>
            {other}
            {(!ways.is_empty()).then(|| view! { <div class="booking-row">{ways}</div> })}
        </li>
    }
    .into_any()
}
