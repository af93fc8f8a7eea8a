//! One occurrence of a plan, or of a change of a series, as it is told: when, what stands against it, what else there is.

use app_services::calendar::when::times as span;
use chrono::{DateTime, Utc};
use gabinet::series::{Candidate, Pick};
use leptos::prelude::*;
use platform::time::ZoneWindow;
use ui::{Button, Icon, Lang, rule_text, when};

use crate::words;

/// `Mon 30 Nov 10:00 – 11:00`.
pub fn moment(lang: Lang, zone: &ZoneWindow, start: DateTime<Utc>, end: DateTime<Utc>) -> String {
    [when::day_short(lang, zone.date(start)), span(zone, start, end)].join(" ")
}

/// What to do with an occurrence: its place, and where it goes; back to where the plan has it if that is none.
pub type Picked = Callback<(i32, Option<Pick>)>;

/// An occurrence with its verdict, and what can be done about it.
pub fn row(lang: Lang, picked: Picked, zone: StoredValue<ZoneWindow>, one: Candidate) -> AnyView {
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
            let take = move || picked.run((nth, Some(Pick { nth, start: Some(start) })));
            view! { <Button on_press=take>{text}</Button> }.into_any()
        })
        .collect();
    let back = one.picked || left_out;
    let other = if back {
        view! { <Button icon="undo" on_press=move || picked.run((nth, None))>{words::repeat_put_back(lang)}</Button> }.into_any()
    } else {
        let leave = move || picked.run((nth, Some(Pick { nth, start: None })));
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
