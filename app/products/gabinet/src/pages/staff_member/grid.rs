//! The fields for one week of hours, a row a day.

use leptos::prelude::*;
use ui::{Button, Table, Tone, when};

use super::{
    hours::Editor,
    spans,
    week::{Cell, Period, Plan},
};
use crate::{pages::plain, words};

/// One week of hours, with the dates between which it holds unless it holds always.
pub fn view(editor: Editor, key: u32) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let limited = plan.with_untracked(|plan| plan.period(key).is_some_and(|period| !period.is_usual()));
    let head = limited.then(|| limits(editor, key));
    let rows = (0..7).map(|day| row(editor, key, day)).collect_view();
    let total = Signal::derive(move || {
        let minutes: Option<i64> = plan.with(|plan| plan.period(key).and_then(|period| (0..7).map(|day| period.minutes(day)).sum()));
        minutes.map(|minutes| words::a_week(lang, &when::length(lang, minutes))).unwrap_or_default()
    });
    let spread = editor.writes.then(|| {
        let spread = move || plan.update(|plan| plan.change(key, Period::spread));
        view! { <Button tone=Tone::Plain on_press=spread>{words::copy_monday(lang)}</Button> }
    });
    view! {
        <div class="hours-period">
            {head}
            <Table
                caption=if limited { words::hours_for_a_time(lang) } else { words::weekly_hours(lang) }
                heads=vec![words::weekday(lang), words::works(lang), words::breaks(lang), words::day_drawn(lang), words::length_head(lang)]
            >
                {rows}
            </Table>
            <p class="hours-sum"><span class="quiet">{total}</span>{spread}</p>
        </div>
    }
    .into_any()
}

/// First and last date of a period.
fn limits(editor: Editor, key: u32) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let field = move |kind: &'static str, label: &'static str, read: fn(&Period) -> &String, write: fn(&mut Period, String)| {
        let held = Signal::derive(move || plan.with(|plan| plan.period(key).map(|period| read(period).clone()).unwrap_or_default()));
        let put = Callback::new(move |text: String| plan.update(|plan| plan.change(key, |period| write(period, text))));
        let field = plain::Bare::new(kind, label, held, put).view();
        view! { <label>{label}{field}</label> }.into_any()
    };
    let repeats = move || plan.with(|plan| plan.period(key).is_some_and(|period| !matches!(period.every.trim(), "" | "1")));
    let anchor = plain::shown_while(repeats, move || {
        field("date", words::anchor_week(lang), |period| &period.anchor, |period, text| period.anchor = text)
    });
    let place = (editor.places.with_value(Vec::len) > 1).then(|| {
        let chosen = Signal::derive(move || plan.with(|plan| plan.period(key).map(|period| period.place.clone()).unwrap_or_default()));
        let pick = Callback::new(move |id: String| plan.update(|plan| plan.change(key, |period| period.place = id)));
        view! { <label>{words::location(lang)}{place_select(editor, chosen, pick)}</label> }
    });
    view! {
        <div class="hours-limits">
            <h3>{words::hours_for_a_time(lang)}</h3>
            {field("date", words::first_day(lang), |period| &period.from, |period, text| period.from = text)}
            {field("date", words::last_day(lang), |period| &period.to, |period, text| period.to = text)}
            {field("number", words::every_weeks(lang), |period| &period.every, |period, text| period.every = text)}
            {anchor}
            {place}
            <Button icon="trash" name=words::remove_period(lang) on_press=move || plan.update(|plan| plan.remove(key))/>
            <p class="quiet">{words::period_help(lang)}</p>
        </div>
    }
    .into_any()
}

/// A weekday: its hours, its breaks, and both drawn.
fn row(editor: Editor, key: u32, day: usize) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let name = when::weekday_name(lang, day);
    let length = move || {
        let minutes = plan.with(|plan| plan.period(key).map(|period| period.minutes(day)));
        match minutes.flatten() {
            Some(0) | None => String::new(),
            Some(minutes) => when::length(lang, minutes),
        }
    };
    let cells = vec![
        cell(editor, key, day, Cell::Windows, words::hours_of(lang, name)),
        cell(editor, key, day, Cell::Breaks, words::breaks_of(lang, name)),
        plain::live(move || drawn(plan, key, day)),
        Signal::derive(length).into_any(),
    ];
    plain::row(plain::text(name), cells)
}

/// A field for stretches of time; what was typed is put into its usual form when it is left.
fn cell(editor: Editor, key: u32, day: usize, cell: Cell, label: String) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let held =
        Signal::derive(move || plan.with(|plan| plan.period(key).map(|period| period.cell(day, cell).to_owned()).unwrap_or_default()));
    let put = move |text: String| plan.update(|plan| plan.change(key, |period| period.set(day, cell, text)));
    let wrong = Memo::new(move |_| editor.typing.get() != Some((key, day, cell)) && spans::read(&held.get()).is_none());
    let field = plain::Bare {
        class: "input hours",
        placeholder: match cell {
            Cell::Windows => words::off(lang),
            Cell::Breaks => "–",
        },
        invalid: wrong.into(),
        on_change: Callback::new(move |typed: String| {
            editor.typing.set(None);
            put(spans::read(&typed).map_or(typed, |stretches| spans::write(&stretches)));
        }),
        ..plain::Bare::new(
            "text",
            label,
            held,
            Callback::new(move |typed: String| {
                editor.typing.set(Some((key, day, cell)));
                put(typed);
            }),
        )
    };
    let fault = plain::live(move || match wrong.get() {
        true => fault(words::hours_unreadable(lang)),
        false => ().into_any(),
    });
    view! { {field.view()}{fault} }.into_any()
}

/// What is wrong with a field, below it.
pub fn fault(text: &'static str) -> AnyView {
    view! { <small class="wrong" role="alert">{text}</small> }.into_any()
}

/// The day as a line from midnight to midnight, work and breaks upon it. The figures beside it say the same.
fn drawn(plan: RwSignal<Plan>, key: u32, day: usize) -> AnyView {
    let read = |cell| plan.with(|plan| plan.period(key).and_then(|period| spans::read(period.cell(day, cell)))).unwrap_or_default();
    let bars = |stretches: Vec<spans::Span>, class: &'static str| {
        stretches
            .into_iter()
            .map(|(starts, ends)| {
                let length = spans::length((starts, ends)).min(1440 - i64::from(starts));
                let style = format!("--from:{starts};--length:{length}");
                view! { <i class=class style=style></i> }
            })
            .collect_view()
    };
    view! {
        <span class="hours-line" aria-hidden="true">
            {bars(read(Cell::Windows), "work")}
            {bars(read(Cell::Breaks), "pause")}
        </span>
    }
    .into_any()
}

/// A choice among the places at which the practitioner may work.
pub fn place_select(editor: Editor, chosen: Signal<String>, pick: Callback<String>) -> AnyView {
    let options = editor
        .places
        .get_value()
        .into_iter()
        .map(|(id, name)| {
            let own = id.clone();
            view! { <option value=id selected=move || chosen.get() == own>{name}</option> }
        })
        .collect_view();
    let change = move |event| pick.run(event_target_value(&event));
    view! { <select class="input" aria-label=words::location(editor.lang) on:change=change>{options}</select> }.into_any()
}
