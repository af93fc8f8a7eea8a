//! A change of a series: this visit, this and the following, or all; looked at visit by visit, and done whole or not at all.

use gabinet::series::{Pick, Scope, Series, SeriesChange, SeriesPreview};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    error::{FieldError, Problem},
    id::EntityId,
};
use ui::{Button, Checkbox, Choice, Failure, FailureAlert, Field, Input, Lang, Select, Skeleton, Toasts, Tone, use_lang, use_toasts, when};

use super::{doors, occurrence::row};
use crate::{pages::plain, words};

/// What is asked for.
#[derive(Clone, Copy)]
struct Panel {
    lang: Lang,
    toasts: Toasts,
    series: EntityId,
    nth: i32,
    scope: RwSignal<String>,
    date: RwSignal<String>,
    time: RwSignal<String>,
    staff: RwSignal<String>,
    cancels: RwSignal<bool>,
    reason: RwSignal<String>,
    picks: RwSignal<Vec<Pick>>,
    told: RwSignal<Option<SeriesPreview>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    /// The series as it was read last.
    read: StoredValue<Option<Series>>,
    done: Callback<bool>,
}

/// The form and what it would come to; `done` tells whether the series was changed.
pub fn panel(series: EntityId, nth: i32, done: Callback<bool>) -> AnyView {
    let panel = Panel {
        lang: use_lang(),
        toasts: use_toasts(),
        series,
        nth,
        scope: RwSignal::new("this".to_owned()),
        date: RwSignal::new(String::new()),
        time: RwSignal::new(String::new()),
        staff: RwSignal::new(String::new()),
        cancels: RwSignal::new(false),
        reason: RwSignal::new(String::new()),
        picks: RwSignal::new(Vec::new()),
        told: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        read: StoredValue::new(None),
        done,
    };
    let known = RwSignal::new(None::<Vec<(EntityId, String)>>);
    // The world outside: the server.
    plain::outside(move || {
        spawn_local(async move {
            match doors::read(series).await {
                Ok((found, staff)) => {
                    panel.begin(found);
                    known.try_set(Some(staff));
                }
                Err(failure) => {
                    panel.failure.try_set(Some(failure));
                }
            }
        });
    });
    let lost = plain::live(move || match panel.failure.get() {
        Some(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
        None => ().into_any(),
    });
    let form = plain::live(move || match known.get() {
        Some(staff) => panel.form(staff),
        None if panel.failure.with(Option::is_some) => ().into_any(),
        None => view! { <Skeleton lines=4/> }.into_any(),
    });
    view! { {form}{lost} }.into_any()
}

impl Panel {
    /// Begins where the named visit is.
    fn begin(self, series: Series) {
        let visit = series.visits.iter().find(|visit| visit.nth == self.nth);
        if let Some(wall) = visit.map(|visit| visit.start.map_or(visit.planned, |start| series.zone.wall(start))) {
            self.date.try_set(when::iso(wall.date()));
            self.time.try_set(when::clock(wall));
        }
        self.read.try_set_value(Some(series));
    }

    fn asked(self) -> Result<SeriesChange, Failure> {
        let lang = self.lang;
        let wrong = |text: &str| Failure::from(Problem::new(422, "invalid", text, text));
        let series = self.read.get_value().ok_or_else(|| wrong(""))?;
        let visit = series.visits.iter().find(|visit| visit.nth == self.nth).ok_or_else(|| wrong(""))?;
        let scope = match self.scope.get_untracked().as_str() {
            "following" => Scope::Following,
            "all" => Scope::All,
            _ => Scope::This,
        };
        if self.cancels.get_untracked() {
            let reason = self.reason.get_untracked().trim().to_owned();
            if reason.is_empty() {
                let message = words::reason_missing(lang).to_owned();
                return Err(Failure::of_fields(vec![FieldError { field: "cancel_reason".into(), code: "required".into(), message }]));
            }
            let picks = Vec::new();
            let cancel_reason = Some(reason);
            return Ok(SeriesChange {
                version: series.version,
                scope,
                nth: self.nth,
                shift_minutes: 0,
                employee: None,
                cancel_reason,
                picks,
            });
        }
        let date = when::from_iso(&self.date.get_untracked()).ok_or_else(|| wrong(words::no_date(lang)))?;
        let time = when::parse_time(&self.time.get_untracked()).ok_or_else(|| wrong(words::no_time(lang)))?;
        // One that was moved by hand is moved from where it is, everything else from where the series means it.
        let base = visit.start.filter(|_| visit.exception).map_or(visit.planned, |start| series.zone.wall(start));
        let shift = (date.and_time(time) - base).num_minutes();
        Ok(SeriesChange {
            version: series.version,
            scope,
            nth: self.nth,
            shift_minutes: i32::try_from(shift).unwrap_or(i32::MAX),
            employee: self.staff.get_untracked().parse().ok(),
            cancel_reason: None,
            picks: self.picks.get_untracked(),
        })
    }

    /// Asks what it would come to; nothing is changed.
    fn look(self) {
        match self.asked() {
            Err(failure) => self.failure.set(Some(failure)),
            Ok(change) => {
                self.failure.set(None);
                self.busy.set(true);
                spawn_local(async move {
                    let answer = doors::preview_change(self.series, change).await;
                    self.busy.try_set(false);
                    match answer {
                        Ok(preview) => self.told.try_set(Some(preview)).map(drop),
                        Err(failure) => self.failure.try_set(Some(failure)).map(drop),
                    };
                });
            }
        }
    }

    fn change(self) {
        match self.asked() {
            Err(failure) => self.failure.set(Some(failure)),
            Ok(change) => {
                self.failure.set(None);
                self.busy.set(true);
                spawn_local(async move {
                    let answer = doors::change(self.series, change).await;
                    self.busy.try_set(false);
                    match answer {
                        Ok(_) => {
                            self.toasts.say(words::series_changed(self.lang));
                            self.done.try_run(true);
                        }
                        Err(failure) => {
                            let taken = failure.code() == "unavailable";
                            self.failure.try_set(Some(failure));
                            // Somebody was quicker: this is how it looks now.
                            if taken {
                                self.look();
                            }
                        }
                    }
                });
            }
        }
    }

    /// Puts one of the visits elsewhere, or leaves it as it is.
    fn pick(self, nth: i32, pick: Option<Pick>) {
        self.picks.update(|picks| {
            picks.retain(|known| known.nth != nth);
            picks.extend(pick);
        });
        self.look();
    }

    fn form(self, staff: Vec<(EntityId, String)>) -> AnyView {
        let lang = self.lang;
        let scopes = vec![
            Choice::new("this", words::series_this(lang)),
            Choice::new("following", words::series_following(lang)),
            Choice::new("all", words::series_all(lang)),
        ];
        let mut people = vec![Choice::new("", words::series_same_staff(lang))];
        people.extend(staff.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)));
        let (scope, staff) = (self.scope, self.staff);
        // What was looked at is told of what was asked then.
        Effect::new(move |before: Option<()>| {
            scope.track();
            staff.track();
            self.date.track();
            self.time.track();
            self.cancels.track();
            if before.is_some() {
                self.told.set(None);
                self.picks.set(Vec::new());
            }
        });
        let fields = plain::live(move || {
            if self.cancels.get() {
                return view! {
                    <Field name="cancel_reason" label=words::reason(lang) required=true failure=self.failure><Input value=self.reason autocomplete="off"/></Field>
                }
                .into_any();
            }
            let people = people.clone();
            view! {
                <div class="fields">
                    <Field name="series-date" label=words::date(lang)><Input kind="date" value=self.date/></Field>
                    <Field name="series-time" label=words::time(lang)><Input value=self.time autocomplete="off"/></Field>
                </div>
                <Field name="series-staff" label=words::with(lang)>
                    <Select choices=people value=staff on_change=move |id: String| staff.set(id)/>
                </Field>
            }
            .into_any()
        });
        let told = plain::live(move || match self.told.get() {
            Some(preview) => self.list(preview),
            None => ().into_any(),
        });
        let main = plain::live(move || {
            let cancels = self.cancels.get();
            let text = if cancels { words::series_cancel(lang) } else { words::repeat_check(lang) };
            let press = move || if cancels { self.change() } else { self.look() };
            view! { <Button tone=Tone::Primary busy=self.busy on_press=press>{text}</Button> }.into_any()
        });
        view! {
            <div class="form">
                <Field name="series-scope" label=words::series_scope(lang)>
                    <Select choices=scopes value=scope on_change=move |text: String| scope.set(text)/>
                </Field>
                <Checkbox label=words::series_cancels(lang) checked=self.cancels on_change=move |on: bool| self.cancels.set(on)/>
                {fields}
                <footer>
                    <Button on_press=move || self.done.run(false)>{words::keep(lang)}</Button>
                    {main}
                </footer>
                <div role="status">{told}</div>
            </div>
        }
        .into_any()
    }

    /// The visits as they would be.
    fn list(self, preview: SeriesPreview) -> AnyView {
        let lang = self.lang;
        let count = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
        let taking = preview.occurrences.iter().filter(|one| !one.left_out).count();
        let conflicts = preview.conflicts;
        let summary = match conflicts {
            0 => words::repeat_all_free(lang, count(taking)),
            _ => words::repeat_conflicts(lang, i64::from(conflicts)),
        };
        let kept = (!preview.kept.is_empty()).then(|| {
            let kept = preview.kept.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            view! { <p class="booking-hint">{words::series_kept(lang, &kept)}</p> }
        });
        let zone = StoredValue::new(preview.zone);
        let picked = Callback::new(move |(nth, pick)| self.pick(nth, pick));
        let rows: Vec<AnyView> = preview.occurrences.into_iter().map(|one| row(lang, picked, zone, one)).collect();
        let button = (conflicts == 0 && taking > 0).then(|| {
            view! { <Button tone=Tone::Primary busy=self.busy on_press=move || self.change()>{words::series_apply(lang)}</Button> }
        });
        view! {
            <p><b>{summary}</b></p>
            {kept}
            <ol class="series-list tnum">{rows}</ol>
            {button}
        }
        .into_any()
    }
}
