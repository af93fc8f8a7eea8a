//! How far the visit has come: five steps, when the last was taken, and how long that has been.

use chrono::{DateTime, NaiveDate, Utc};
use gabinet::appointments::VisitDetails;
use leptos::prelude::*;
use platform::time::ZoneWindow;
use services::calendar::event::Status;
use std::sync::Arc;
use ui::{Lang, when};

use super::Panel;
use crate::words;

/// The steps of a visit that goes as planned.
const STEPS: [Status; 5] = [Status::Scheduled, Status::Confirmed, Status::CheckedIn, Status::InProgress, Status::Completed];

/// The bar and the line below it.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    let desk = app_services::calendar::use_desk();
    // The calendar's clock outlives the panel, and so may what listens to it: nothing here may count on the panel.
    let now = move || {
        let desk = desk?;
        desk.now.get().or_else(|| desk.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.calendar.now)))
    };
    let zone = Arc::new(panel.zone.get_value());
    let today = {
        let zone = zone.clone();
        Memo::new(move |_| now().map(|now| zone.date(now)))
    };
    let bar = {
        let zone = zone.clone();
        move || {
            let today = today.try_get()?;
            panel.shown.try_with(|shown| marks(lang, shown, &zone, today))
        }
    };
    let line = move || {
        let (now, today) = (now(), today.try_get()?);
        panel.shown.try_with(|shown| {
            let status = shown.visit.status;
            let since = taken(shown, status).map(|at| moment(lang, &zone, at, today));
            let (waits, late) = now.and_then(|now| waiting(lang, shown, now)).unwrap_or_default();
            view! {
                <span>
                    <b>{status_text(lang, status)}</b>
                    " "
                    {since}
                </span>
                <span class:is-late=late>{waits}</span>
            }
        })
    };
    view! {
        <div class="visit-progress">
            <ol class="steps" aria-label=words::progress(lang)>
                {bar}
            </ol>
            <p class="tnum" class:is-off=move || STEPS.iter().all(|step| *step != panel.status())>
                {line}
            </p>
        </div>
    }
    .into_any()
}

/// One mark for each step, filled as far as the visit has come.
fn marks(lang: Lang, shown: &VisitDetails, zone: &ZoneWindow, today: Option<NaiveDate>) -> Vec<AnyView> {
    let reached = STEPS.iter().position(|step| *step == shown.visit.status);
    let mark = |(at, step): (usize, &Status)| {
        let on = reached.is_some_and(|reached| at <= reached);
        let mut text = String::from(status_text(lang, *step));
        let taken = taken(shown, *step).filter(|_| on);
        // A visit may come without having been confirmed.
        let done = on && (taken.is_some() || reached == Some(at));
        if let Some(taken) = taken {
            text.push_str(", ");
            text.push_str(&moment(lang, zone, taken, today));
        }
        let title = text.clone();
        view! {
            <li class:on=on aria-current=(reached == Some(at)).then_some("step") title=title>
                <span class="visually-hidden">{text} {done.then(|| words::step_done(lang))}</span>
            </li>
        }
        .into_any()
    };
    STEPS.iter().enumerate().map(mark).collect()
}

/// The name of a status of a visit.
pub fn status_text(lang: Lang, status: Status) -> &'static str {
    let mut key = String::from("status.");
    key.push_str(status.as_str());
    words::by_key(lang, &key).unwrap_or_default()
}

/// `10:21`, or the date if it was another day.
fn moment(lang: Lang, zone: &ZoneWindow, at: DateTime<Utc>, today: Option<NaiveDate>) -> String {
    let wall = zone.wall(at);
    if today == Some(wall.date()) { when::clock(wall) } else { when::day_month(lang, wall.date()) }
}

/// When it came to that status.
fn taken(shown: &VisitDetails, status: Status) -> Option<DateTime<Utc>> {
    match status {
        Status::Confirmed => shown.confirmed_at,
        Status::CheckedIn => shown.checked_in_at,
        Status::InProgress => shown.started_at,
        Status::Completed => shown.completed_at,
        _ => shown.history.iter().find(|entry| did(status).contains(&entry.verb.as_str())).map(|entry| entry.at),
    }
}

fn did(status: Status) -> &'static [&'static str] {
    match status {
        Status::Scheduled => &["approved", "booked", "reopened", "created"],
        Status::Cancelled => &["cancelled"],
        Status::NoShow => &["no_show"],
        _ => &[],
    }
}

/// `waiting 9 min`, `in 2 h`, `5 min late`; and whether that is bad news.
fn waiting(lang: Lang, shown: &VisitDetails, now: DateTime<Utc>) -> Option<(String, bool)> {
    let since = |at: DateTime<Utc>| (now - at).num_minutes();
    let length = |minutes: i64| when::length(lang, minutes);
    match shown.visit.status {
        Status::CheckedIn => Some((words::waiting(lang, &length(since(shown.checked_in_at?).max(0))), false)),
        Status::InProgress => Some((words::under_way(lang, &length(since(shown.started_at?).max(0))), false)),
        Status::Scheduled | Status::Confirmed => match since(shown.visit.start) {
            late @ 1..720 => Some((words::late(lang, &length(late)), true)),
            early @ -720..=-1 => Some((words::begins_in(lang, &length(-early)), false)),
            _ => None,
        },
        _ => None,
    }
}
