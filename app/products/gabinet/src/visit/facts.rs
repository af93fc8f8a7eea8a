//! The visit's particulars: when, what, with whom, where, for how much.

use app_services::calendar::when::times;
use chrono::TimeDelta;
use gabinet::appointments::{Step, VisitDetails};
use leptos::prelude::*;
use platform::time::ZoneWindow;
use services::calendar::event::Status;
use ui::{Lang, Meaning, Tag, when};

use super::Panel;
use crate::{prices, words};

/// Names and values.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    let rows = move || panel.shown.with(|shown| panel.zone.with_value(|zone| rows(lang, shown, zone)));
    view! { <dl class="facts visit-facts">{rows}</dl> }.into_any()
}

fn rows(lang: Lang, shown: &VisitDetails, zone: &ZoneWindow) -> AnyView {
    let visit = &shown.visit;
    let mut when = when::day_short(lang, zone.date(visit.start));
    when.push_str(", ");
    when.push_str(&times(zone, visit.start, visit.end));
    let overbooked = visit.overbook_reason.clone().map(|reason| {
        view! {
            <dt>{words::overbooked(lang)}</dt>
            <dd>
                <Tag meaning=Meaning::Attention icon="overbooked" text=words::overbooked_tag(lang)/>
                " "
                {reason}
            </dd>
        }
    });
    view! {
        <dt>{words::when(lang)}</dt>
        <dd>{when} " " <em>{lengths(shown)}</em></dd>
        {what(lang, shown, zone)}
        {row(words::r#where(lang), if visit.steps.is_empty() { shown.places.join(" · ") } else { String::new() })}
        {row(words::price(lang), prices::shown(lang, visit.price, &visit.currency))}
        {overbooked}
        {row(words::reason(lang), if visit.status == Status::Cancelled { visit.reason.clone() } else { String::new() })}
        {row(words::notes(lang), visit.notes.clone())}
    }
    .into_any()
}

/// The treatment and whom it is with; of several each with its time.
fn what(lang: Lang, shown: &VisitDetails, zone: &ZoneWindow) -> AnyView {
    let visit = &shown.visit;
    if visit.steps.is_empty() {
        return view! {
            <dt>{words::treatment(lang)}</dt>
            <dd>{visit.treatment_name.clone()}</dd>
            <dt>{words::with(lang)}</dt>
            <dd>{visit.employee_name.clone()}</dd>
        }
        .into_any();
    }
    let step = |step: &Step| {
        let start = visit.start + TimeDelta::minutes(i64::from(step.offset));
        let end = start + TimeDelta::minutes(i64::from(step.minutes));
        let mut by = step.employee_name.clone();
        for place in &step.places {
            by.push_str(" · ");
            by.push_str(place);
        }
        view! {
            <li>
                <b>{step.treatment_name.clone()}</b>
                <br/>
                <span class="tnum">{times(zone, start, end)}</span>
                " "
                {by}
            </li>
        }
    };
    view! {
        <dt>{words::visit_treatments(lang)}</dt>
        <dd>
            <ol>{visit.steps.iter().map(step).collect_view()}</ol>
        </dd>
    }
    .into_any()
}

/// Nothing where there is nothing to say.
fn row(name: &'static str, value: String) -> Option<AnyView> {
    (!value.is_empty()).then(|| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
        .into_any()
    })
}

/// `45 + 10 min`: the treatment, and what its room and people need around it (R7).
fn lengths(shown: &VisitDetails) -> String {
    let mut text = (shown.visit.end - shown.visit.start).num_minutes().to_string();
    let around = shown.buffers.0 + shown.buffers.1;
    if around > 0 {
        text.push_str(" + ");
        text.push_str(&around.to_string());
    }
    text.push_str(" min");
    text
}
