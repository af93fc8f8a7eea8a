//! The form of a meeting, a task or blocked time: for a new one and for changes.

use super::{data, desk::Desk};
use crate::words;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    id::EntityId,
    time::{WallTime, ZoneWindow},
};
use services::calendar::{
    event::Resource,
    generic::{EditGeneric, NewGeneric},
};
use ui::{Button, Checkbox, Details, Failure, FailureAlert, Field, Form, Input, Lang, TextArea, Tone};

/// What the fields hold.
#[derive(Clone, Copy)]
struct Fields {
    title: RwSignal<String>,
    note: RwSignal<String>,
    date: RwSignal<String>,
    start: RwSignal<String>,
    length: RwSignal<String>,
    resources: RwSignal<Vec<EntityId>>,
    /// Why it is booked although something stands against it (R12).
    overbook: RwSignal<String>,
    failure: RwSignal<Option<Failure>>,
    /// What is wrong with date, time and length.
    wrong: RwSignal<[Option<String>; 3]>,
    busy: RwSignal<bool>,
}

impl Fields {
    fn new(lang: Lang, zone: &ZoneWindow, start: DateTime<Utc>, minutes: i64) -> Self {
        let wall = zone.wall(start);
        Self {
            title: RwSignal::new(String::new()),
            note: RwSignal::new(String::new()),
            date: RwSignal::new(ui::when::date_short(lang, wall.date())),
            start: RwSignal::new(ui::when::clock(wall)),
            length: RwSignal::new(minutes.to_string()),
            resources: RwSignal::new(Vec::new()),
            overbook: RwSignal::new(String::new()),
            failure: RwSignal::new(None),
            wrong: RwSignal::new([const { None }; 3]),
            busy: RwSignal::new(false),
        }
    }

    /// The start and end entered, or nothing and the faults beside their fields. A time that the clock skips is refused with
    /// the jump named (R3); of one it shows twice the first is meant (R4).
    fn times(self, desk: Desk, zone: &ZoneWindow) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let lang = desk.lang;
        let today = desk.loaded.get_untracked().map(|loaded| loaded.calendar.today).unwrap_or_default();
        let date = ui::when::parse_date(&self.date.get_untracked(), today);
        let time: Option<NaiveTime> = ui::when::parse_time(&self.start.get_untracked());
        let minutes = self.length.get_untracked().trim().parse::<i64>().ok().filter(|minutes| (1..=24 * 60).contains(minutes));
        let mut wrong = [
            date.is_none().then(|| words::wrong_time(lang).to_owned()),
            time.is_none().then(|| words::wrong_time(lang).to_owned()),
            minutes.is_none().then(|| words::wrong_length(lang).to_owned()),
        ];
        let start = date.zip(time).and_then(|(date, time)| match zone.instant(date.and_time(time)) {
            WallTime::One(instant) | WallTime::Twice { first: instant, .. } => Some(instant),
            WallTime::Gap { before, after, .. } => {
                wrong[1] = Some(words::time_missing(lang, &ui::when::clock(before), &ui::when::clock(after)));
                None
            }
        });
        self.wrong.set(wrong);
        let (start, minutes) = start.zip(minutes)?;
        Some((start, start + Duration::minutes(minutes)))
    }

    /// The start and end that stand in the fields now, tracked; nothing while one of them cannot be read.
    fn meant(self, today: NaiveDate, zone: &ZoneWindow) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let date = self.date.with(|date| ui::when::parse_date(date, today));
        let time = self.start.with(|start| ui::when::parse_time(start));
        let minutes = self.length.with(|length| length.trim().parse::<i64>()).ok().filter(|minutes| (1..=24 * 60).contains(minutes));
        let start = match zone.instant(date?.and_time(time?)) {
            WallTime::One(instant) | WallTime::Twice { first: instant, .. } => instant,
            WallTime::Gap { .. } => return None,
        };
        Some((start, start + Duration::minutes(minutes?)))
    }

    fn fault(self, index: usize) -> Signal<Option<String>> {
        Signal::derive(move || self.wrong.with(|wrong| wrong[index].clone()))
    }
}

/// A new one.
pub fn make(desk: Desk, form: Form) -> AnyView {
    let usual = if form.activity_type == "task" { 30 } else { 60 };
    let minutes = form.end.map_or(usual, |end| (end - form.start).num_minutes());
    let fields = Fields::new(desk.lang, &form.zone, form.start, minutes);
    fields.resources.set(form.resource.into_iter().collect());
    let (booked, cancel) = (form.booked, form.cancel);
    let kind = form.activity_type.clone();
    sketch(desk, fields, form.zone.clone());
    let submit = move || {
        let Some((start, end)) = fields.times(desk, &form.zone) else { return };
        let new = NewGeneric {
            id: None,
            activity_type: form.activity_type.clone(),
            title: fields.title.get_untracked().trim().to_owned(),
            description: fields.note.get_untracked(),
            location: form.location,
            start,
            end,
            resources: fields.resources.get_untracked(),
            overbook_reason: Some(fields.overbook.get_untracked().trim().to_owned()).filter(|reason| !reason.is_empty()),
        };
        fields.busy.set(true);
        spawn_local(async move {
            let made = data::create_activity(new).await;
            // Before the form goes: its button would be drawn once more when there is nothing to read any more.
            fields.busy.try_set(false);
            match made {
                Ok(id) => booked.run((id, words::saved(desk.lang).to_owned())),
                Err(failure) => drop(fields.failure.try_set(Some(failure))),
            }
        });
    };
    body(desk, kind, fields, true, submit, cancel)
}

/// The outline on the board follows what stands in the form.
fn sketch(desk: Desk, fields: Fields, zone: ZoneWindow) {
    Effect::new(move |_| {
        let today = desk.loaded.with_untracked(|loaded| loaded.as_ref().map(|loaded| loaded.calendar.today)).unwrap_or_default();
        desk.sketch.set(fields.meant(today, &zone));
    });
    on_cleanup(move || {
        let _ = desk.sketch.try_set(None);
    });
}

/// Changes to one.
pub fn change(desk: Desk, details: &Details, description: String, editing: RwSignal<bool>) -> AnyView {
    let Details { event, zone, changed, .. } = details.clone();
    let fields = Fields::new(desk.lang, &zone, event.start, (event.end - event.start).num_minutes());
    fields.title.set(event.title.clone());
    fields.note.set(description);
    let toasts = desk.toasts;
    let lang = desk.lang;
    let kind = event.activity_type.clone();
    let submit = move || {
        let Some((start, end)) = fields.times(desk, &zone) else { return };
        let id = event.id;
        let to = EditGeneric {
            version: event.version,
            title: fields.title.get_untracked().trim().to_owned(),
            description: fields.note.get_untracked(),
        };
        fields.busy.set(true);
        spawn_local(async move {
            let changes = data::update_activity(id, to, start, end).await;
            fields.busy.try_set(false);
            match changes {
                Ok(_) => {
                    toasts.say(words::saved(lang));
                    editing.try_set(false);
                    changed.run(());
                }
                Err(failure) => drop(fields.failure.try_set(Some(failure))),
            }
        });
    };
    body(desk, kind, fields, false, submit, Callback::new(move |()| editing.set(false)))
}

fn body(desk: Desk, kind: String, fields: Fields, fresh: bool, submit: impl Fn() + Send + Sync + 'static, cancel: Callback<()>) -> AnyView {
    let lang = desk.lang;
    let failure: Signal<Option<Failure>> = fields.failure.into();
    let refused = move || {
        fields.failure.get().map(|failure| {
            let reasons = super::moving::reasons(desk, &failure.0);
            if failure.0.reasons.is_empty() {
                view! { <FailureAlert failure=failure/> }.into_any()
            } else {
                view! { <div class="calendar-refused" role="alert">{super::proposal::told(lang, reasons)}</div> }.into_any()
            }
        })
    };
    // The server says so: what cannot be overbooked has no such field.
    let over = move || {
        let stands = fresh && fields.failure.with(|failure| failure.as_ref().is_some_and(|failure| !failure.0.reasons.is_empty()));
        let may = stands && desk.loaded.with_untracked(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.overbookable.contains(&kind)));
        may.then(|| {
            view! {
                <Field name="overbook_reason" label=words::overbook_reason(lang) failure=failure>
                    <Input value=fields.overbook autocomplete="off"/>
                </Field>
            }
        })
    };
    // Those of an entry that stands are changed by moving it into another column.
    let chosen = fresh.then(|| resources(desk, fields.resources));
    let action = if fresh { words::book(lang) } else { words::save(lang) };
    view! {
        <form
            class="form calendar-form"
            class:is-new=fresh
            on:submit=move |event| {
                event.prevent_default();
                if !fields.busy.get_untracked() {
                    submit();
                }
            }
        >
            {refused}
            {over}
            <Field name="title" label=words::title(lang) required=true failure=failure>
                <Input value=fields.title autocomplete="off" autofocus=true/>
            </Field>
            <div class="calendar-pair">
                <Field name="date" label=words::date(lang) failure=failure error=fields.fault(0)>
                    <Input value=fields.date autocomplete="off"/>
                </Field>
                <Field name="start" label=words::start(lang) failure=failure error=fields.fault(1)>
                    <Input value=fields.start autocomplete="off"/>
                </Field>
            </div>
            <Field name="length" label=words::length(lang) failure=failure error=fields.fault(2)>
                <Input value=fields.length inputmode="numeric" autocomplete="off"/>
            </Field>
            {chosen}
            <Field name="description" label=words::note(lang) failure=failure>
                <TextArea value=fields.note rows=2/>
            </Field>
            <footer>
                <Button on_press=move || cancel.run(())>{ui::words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=fields.busy>{action}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// Whose time it takes.
fn resources(desk: Desk, chosen: RwSignal<Vec<EntityId>>) -> AnyView {
    let Some(loaded) = desk.loaded.get_untracked() else { return ().into_any() };
    // As the board has them; whose column was pressed comes first.
    let board: Vec<EntityId> =
        desk.scene.with_untracked(|scene| scene.iter().flat_map(|scene| &scene.columns).filter_map(|column| column.resource).collect());
    let first = chosen.get_untracked();
    let mut listed: Vec<&Resource> = loaded.calendar.resources.iter().collect();
    platform::order::by_rank(&mut listed, |resource| {
        let place = board.iter().position(|id| *id == resource.id).unwrap_or(board.len());
        if first.contains(&resource.id) { -1 } else { place as i128 }
    });
    let rows: Vec<_> = listed
        .into_iter()
        .map(|resource| {
            let id = resource.id;
            let checked = Signal::derive(move || chosen.with(|chosen| chosen.contains(&id)));
            let toggle = move |on: bool| {
                chosen.update(|chosen| {
                    chosen.retain(|other| *other != id);
                    if on {
                        chosen.push(id);
                    }
                });
            };
            view! { <Checkbox checked=checked on_change=move |on| toggle(on) label=resource.name.clone()/> }
        })
        .collect();
    view! {
        <fieldset class="calendar-checks">
            <legend>{words::resources(desk.lang)}</legend>
            {rows}
        </fieldset>
    }
    .into_any()
}
