//! Makes a task or changes one; sets time aside for it.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use leptos::{prelude::*, task::spawn_local};
use platform::id::{EntityId, LocationId};
use services::tasks::{Priority, RecordTask, TaskInput, TaskTime};
use ui::{Button, Checkbox, Choice, ErrorSummary, Failure, Field, Input, Select, TextArea, Tone, when};

use super::{doors::save_task, tasks::Rows};
use crate::words;

/// How long before it is due a task is remembered: none, or minutes.
const REMINDERS: [&str; 5] = ["", "0", "60", "1440", "10080"];
/// How long a task can take.
const LENGTHS: [&str; 6] = ["15", "30", "45", "60", "90", "120"];

/// The form, inside of its dialog. What it changes is in `rows.editing`; none makes a new one.
pub fn view(rows: Rows, about: Option<EntityId>) -> AnyView {
    let lang = rows.lang;
    let around = rows.around.get_untracked();
    let task = rows.editing.get_untracked();
    let wall = task.as_ref().and_then(|task| task.due_at).map(|at| around.zone.wall(at));
    let day = task.as_ref().and_then(|task| task.due_date).or(wall.map(|wall| wall.date()));
    let title = RwSignal::new(task.as_ref().map(|task| task.title.clone()).unwrap_or_default());
    let text = RwSignal::new(task.as_ref().map(|task| task.text.clone()).unwrap_or_default());
    let date = RwSignal::new(day.map(when::iso).unwrap_or_default());
    let time = RwSignal::new(wall.map(when::clock).unwrap_or_default());
    let assignee = RwSignal::new(match &task {
        Some(task) => task.assignee.map(|user| user.to_string()).unwrap_or_default(),
        None => around.me.to_string(),
    });
    let priority = RwSignal::new(task.as_ref().map_or(Priority::Usual, |task| task.priority).as_str().to_owned());
    let remind = RwSignal::new(task.as_ref().map(|task| reminder(task, &around)).unwrap_or_default());
    let aside = RwSignal::new(task.as_ref().is_some_and(|task| task.activity.is_some()));
    let minutes = RwSignal::new("30".to_owned());
    let place = RwSignal::new(around.locations.first().map(|(id, _)| id.to_string()).unwrap_or_default());
    let failure = RwSignal::new(None::<Failure>);
    let wrong_time = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let fresh = EntityId::new();
    let may_calendar = around.may.calendar;
    let before = StoredValue::new(task.clone());
    let shown = StoredValue::new(around.clone());
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let day = date.with_untracked(|date| when::from_iso(date));
        let typed = time.get_untracked();
        let clock = when::parse_time(&typed);
        if !typed.trim().is_empty() && (clock.is_none() || day.is_none()) {
            wrong_time.set(Some(words::side_time_needs_day(lang).to_owned()));
            return;
        }
        wrong_time.set(None);
        let instant = |wall: NaiveDateTime| shown.with_value(|around| around.zone.instant(wall).rule_boundary());
        let due_at = day.zip(clock).map(|(day, clock)| instant(day.and_time(clock)));
        // A day is told by its beginning.
        let remembered = day.and_then(|day| due_at.or_else(|| day.and_hms_opt(9, 0, 0).map(instant)));
        let before_due = remind.with_untracked(|minutes| minutes.parse::<i64>().ok());
        let input = TaskInput {
            id: before.with_value(Option::is_none).then_some(fresh),
            about,
            title: title.get_untracked(),
            text: text.get_untracked(),
            due_date: day.filter(|_| due_at.is_none()),
            due_at,
            remind_at: remembered.zip(before_due).map(|(at, minutes)| at - TimeDelta::minutes(minutes)),
            assignee: assignee.with_untracked(|user| user.parse().ok()),
            priority: priority.with_untracked(|word| Priority::parse(word)).unwrap_or_default(),
            version: before.with_value(|task| task.as_ref().map_or(0, |task| task.version)),
        };
        let id = before.with_value(|task| task.as_ref().map(|task| task.id));
        let located = place.with_untracked(|id| id.parse::<LocationId>().ok());
        // What is set aside already moves only where its time was changed.
        let same = before.with_value(|task| task.as_ref().is_some_and(|task| task.activity.is_some() && task.due_at == due_at));
        let set = aside.get_untracked() && may_calendar && !same;
        let wanted = due_at.zip(located).filter(|_| set).map(|(start, location)| TaskTime {
            location,
            start,
            minutes: minutes.with_untracked(|minutes| minutes.parse().unwrap_or(30)),
            overbook_reason: None,
        });
        if set && wanted.is_none() {
            wrong_time.set(Some(words::side_time_needed(lang).to_owned()));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let done = save_task(id, input, wanted).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    rows.open.try_set(false);
                    rows.again.run(());
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let members: Vec<Choice> = around.members.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let priorities: Vec<Choice> = Priority::ALL.iter().map(|one| Choice::new(one.as_str(), priority_name(lang, *one))).collect();
    let reminders: Vec<Choice> = REMINDERS.iter().map(|minutes| Choice::new(*minutes, reminder_name(lang, minutes))).collect();
    let places: Vec<Choice> = around.locations.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let several = places.len() > 1;
    let time_aside = may_calendar.then(|| {
        let places = StoredValue::new(places);
        let lengths: Vec<Choice> =
            LENGTHS.iter().map(|minutes| Choice::new(*minutes, when::length(lang, minutes.parse().unwrap_or(30)))).collect();
        let lengths = StoredValue::new(lengths);
        view! {
            <Checkbox checked=aside on_change=move |(on,)| aside.set(on) label=words::side_set_aside(lang)/>
            <Show when=move || aside.get()>
                <p class="quiet">{words::side_set_aside_help(lang)}</p>
                <Field name="minutes" label=words::side_length(lang) failure=failure>
                    <Select choices=lengths.get_value() value=minutes/>
                </Field>
                <Show when=move || several>
                    <Field name="location" label=words::location(lang) failure=failure>
                        <Select choices=places.get_value() value=place/>
                    </Field>
                </Show>
            </Show>
        }
    });
    let fields = vec![
        ("title", words::field_title(lang)),
        ("text", words::field_text(lang)),
        ("due_date", words::field_due(lang)),
        ("due_at", words::side_time(lang)),
        ("assignee", words::field_assignee(lang)),
    ];
    view! {
        <form
            class="form"
            method="post"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Field name="title" label=words::field_title(lang) required=true failure=failure>
                <Input value=title autocomplete="off" autofocus=true/>
            </Field>
            <Field name="text" label=words::field_text(lang) failure=failure>
                <TextArea value=text/>
            </Field>
            <div class="beside-pair">
                <Field name="due_date" label=words::field_due(lang) failure=failure>
                    <Input kind="date" value=date/>
                </Field>
                <Field name="due_at" label=words::side_time(lang) failure=failure error=wrong_time>
                    <Input value=time autocomplete="off" placeholder="14:30"/>
                </Field>
            </div>
            <div class="beside-pair">
                <Field name="assignee" label=words::field_assignee(lang) failure=failure>
                    <Select choices=members value=assignee placeholder=words::nobody(lang)/>
                </Field>
                <Field name="priority" label=words::field_priority(lang) failure=failure>
                    <Select choices=priorities value=priority/>
                </Field>
            </div>
            <Field name="remind_at" label=words::side_remind(lang) help=words::side_remind_help(lang) failure=failure>
                <Select choices=reminders value=remind/>
            </Field>
            {time_aside}
            <footer>
                <Button on_press=move || rows.open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::side_save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// Which of the reminders offered a task has.
fn reminder(task: &RecordTask, around: &super::doors::Around) -> String {
    let nine = |day: NaiveDate| day.and_hms_opt(9, 0, 0).map(|wall| around.zone.instant(wall).rule_boundary());
    let due = task.due_at.or_else(|| task.due_date.and_then(nine));
    let minutes = due.zip(task.remind_at).map(|(due, at)| (due - at).num_minutes());
    minutes.map(|minutes| minutes.to_string()).filter(|minutes| REMINDERS.contains(&minutes.as_str())).unwrap_or_default()
}

fn reminder_name(lang: ui::Lang, minutes: &str) -> &'static str {
    match minutes {
        "0" => words::remind_then(lang),
        "60" => words::remind_hour(lang),
        "1440" => words::remind_day(lang),
        "10080" => words::remind_week(lang),
        _ => words::remind_never(lang),
    }
}

fn priority_name(lang: ui::Lang, priority: Priority) -> &'static str {
    match priority {
        Priority::Low => words::priority_low(lang),
        Priority::Usual => words::priority_usual(lang),
        Priority::High => words::priority_high(lang),
    }
}
