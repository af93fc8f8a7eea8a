//! The rota of a week: who works when, and who is away. Nobody's visits are on it, so that it can hang on a wall.

use super::{Printed, frame, sheet::why};
use crate::{calendar::when::times, words};
use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use platform::time::Interval;
use services::calendar::{
    event::{Closed, Hours, Resource, ResourceKind},
    slots::Rule,
};
use ui::when;

/// Staff by days.
pub fn rota(printed: &Printed<'_>) -> AnyView {
    let (lang, view) = (printed.lang, printed.view);
    let dates: Vec<NaiveDate> = view.from.iter_days().take_while(|date| *date < view.to).collect();
    let heads: Vec<_> = dates.iter().map(|date| view! { <th scope="col">{when::day_short(lang, *date)}</th> }).collect();
    let staff = view.resources.iter().filter(|resource| resource.kind == ResourceKind::Staff);
    let rows: Vec<_> = staff.map(|person| row(printed, person, &dates)).collect();
    let last = view.to - Days::new(1);
    view! {
        <section class="sheet">
            {frame::head(printed, words::print_week_rota(lang).to_owned(), when::span(lang, view.from, last), String::new())}
            <table class="rota">
                <thead>
                    <tr>
                        <th scope="col" class="person">{words::print_person(lang)}</th>
                        {heads}
                        <th scope="col" class="sum">{words::print_hours(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(printed: &Printed<'_>, person: &Resource, dates: &[NaiveDate]) -> AnyView {
    let hours = printed.view.hours.iter().find(|hours| hours.resource == person.id);
    let minutes: i64 = hours.map(|hours| dates.iter().map(|date| minutes(printed, hours, *date)).sum()).unwrap_or_default();
    let cells: Vec<_> =
        dates.iter().map(|date| hours.map_or_else(|| view! { <td></td> }.into_any(), |hours| cell(printed, hours, *date))).collect();
    view! {
        <tr>
            <th scope="row" class="person">{person.name.clone()}</th>
            {cells}
            <td class="sum">{(minutes > 0).then(|| format!("{}:{:02}", minutes / 60, minutes % 60))}</td>
        </tr>
    }
    .into_any()
}

/// The windows that begin on a date: a night shift belongs to the evening it begins on.
fn windows(printed: &Printed<'_>, hours: &Hours, date: NaiveDate, away: &[Rule]) -> Vec<Interval> {
    let away: Vec<Interval> = hours.closed.iter().filter(|closed| away.contains(&closed.rule)).map(|closed| closed.during).collect();
    let own = hours.windows.iter().filter(|window| printed.view.zone.date(window.start) == date);
    own.flat_map(|window| window.subtract(&away)).collect()
}

/// Real minutes, so that the nights on which the clock changes count what they last.
fn minutes(printed: &Printed<'_>, hours: &Hours, date: NaiveDate) -> i64 {
    windows(printed, hours, date, &[Rule::Break, Rule::Leave, Rule::Closure]).iter().map(Interval::minutes).sum()
}

fn cell(printed: &Printed<'_>, hours: &Hours, date: NaiveDate) -> AnyView {
    let zone = &printed.view.zone;
    let worked: Vec<_> = windows(printed, hours, date, &[Rule::Leave, Rule::Closure])
        .iter()
        .map(|window| view! { <p>{times(zone, window.start, window.end)}</p> })
        .collect();
    let day = zone.day(date);
    let away = hours.closed.iter().filter(|closed| closed.rule != Rule::Break && closed.during.overlaps(&day));
    // Why a colleague is away is nobody's business on a wall; why the house is closed is everybody's.
    let reason =
        |closed: &Closed| if closed.rule == Rule::Leave { words::print_leave(printed.lang).to_owned() } else { why(printed, closed) };
    let mut reasons: Vec<String> = away.map(reason).collect();
    reasons.sort();
    reasons.dedup();
    let reasons: Vec<_> = reasons.into_iter().map(|reason| view! { <p class="why">{reason}</p> }).collect();
    view! { <td>{worked}{reasons}</td> }.into_any()
}
