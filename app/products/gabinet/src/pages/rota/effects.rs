//! What a draft would do: the visits that would fall outside hours, each with its reason, and the minutes gained and lost.

use gabinet::rota::{AffectedVisit, Difference, Effects};
use leptos::prelude::*;
use ui::{Lang, Table, rule_text, when};

use super::{draft::Planning, plain};
use crate::words;

/// The lists; nothing where there is no draft.
pub fn view(planning: Planning) -> AnyView {
    let lang = planning.lang;
    plain::live(move || {
        let there = planning.draft.with(Option::is_some);
        planning.effects.with(|effects| match effects.as_ref().filter(|_| there) {
            Some(effects) => lists(lang, effects),
            None => ().into_any(),
        })
    })
}

fn lists(lang: Lang, effects: &Effects) -> AnyView {
    let visits = (!effects.visits.is_empty()).then(|| {
        let rows = effects.visits.iter().map(|visit| row(lang, visit)).collect_view();
        let heads = vec![words::date(lang), words::patient(lang), words::treatment(lang), words::with(lang), words::why(lang)];
        view! {
            <section class="part">
                <h2>{words::affected_visits(lang)}</h2>
                <Table caption=words::affected_visits(lang) heads=heads>{rows}</Table>
            </section>
        }
    });
    let changed: Vec<_> = effects.minutes.iter().filter(|difference| difference.gained != 0 || difference.lost != 0).collect();
    let minutes = (!changed.is_empty()).then(|| {
        let rows = changed.iter().map(|difference| hours(lang, difference)).collect_view();
        let heads = vec![words::name(lang), words::gained(lang), words::lost(lang)];
        view! {
            <section class="part">
                <h2>{words::four_weeks(lang)}</h2>
                <Table caption=words::four_weeks(lang) heads=heads>{rows}</Table>
            </section>
        }
    });
    view! { {visits}{minutes} }.into_any()
}

fn row(lang: Lang, visit: &AffectedVisit) -> AnyView {
    let mut at = when::day_short(lang, visit.wall.date());
    at.push(' ');
    at.push_str(&when::clock(visit.wall));
    let mut href = String::from("/dashboard/calendar?on=");
    href.push_str(&when::iso(visit.wall.date()));
    href.push_str("&open=");
    href.push_str(&visit.activity.to_string());
    let why: Vec<&str> = visit.rules.iter().map(|rule| rule_text(lang, rule.as_str())).collect();
    plain::row(
        view! { <a href=href>{at}</a> }.into_any(),
        vec![
            plain::text(visit.patient_name.clone().unwrap_or_default()),
            plain::text(&visit.treatment_name),
            plain::text(&visit.employee_name),
            plain::text(why.join(", ")),
        ],
    )
}

fn hours(lang: Lang, difference: &Difference) -> AnyView {
    let length = |minutes: i64| if minutes == 0 { String::new() } else { when::length(lang, minutes) };
    plain::row(plain::text(&difference.name), vec![plain::text(length(difference.gained)), plain::text(length(difference.lost))])
}
