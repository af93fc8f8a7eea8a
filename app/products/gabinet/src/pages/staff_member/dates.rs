//! Single dates with hours of their own.

use chrono::NaiveDate;
use leptos::prelude::*;
use ui::{Button, Table};

use super::{grid, hours::Editor, spans, week::Dated};
use crate::{pages::plain, words};

/// The dates from today on, and a button for one more.
pub fn view(editor: Editor, today: NaiveDate) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let keys = Memo::new(move |_| plan.with(|plan| plan.dates.iter().map(|dated| dated.key).collect::<Vec<u32>>()));
    let add = editor.writes.then(|| {
        view! {
            <Button icon="plus" on_press=move || plan.update(|plan| plan.add_date(today))>{words::add_date(lang)}</Button>
        }
    });
    let table = plain::live(move || {
        let rows: Vec<AnyView> = keys.get().into_iter().map(|key| row(editor, key)).collect();
        if rows.is_empty() {
            return ().into_any();
        }
        view! { <Table caption=words::date_hours(lang) heads=vec![words::date(lang), words::works(lang), ""]>{rows}</Table> }.into_any()
    });
    view! {
        <div class="hours-dates">
            <h3>{words::date_hours(lang)}</h3>
            <p class="quiet">{words::date_hours_help(lang)}</p>
            {table}
            {add}
        </div>
    }
    .into_any()
}

fn row(editor: Editor, key: u32) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let held = move |read: fn(&Dated) -> &String| {
        Signal::derive(move || {
            plan.with(|plan| plan.dates.iter().find(|dated| dated.key == key).map(|dated| read(dated).clone()).unwrap_or_default())
        })
    };
    let put = move |text: String, write: fn(&mut Dated, String)| {
        plan.update(|plan| {
            if let Some(dated) = plan.dates.iter_mut().find(|dated| dated.key == key) {
                write(dated, text);
            }
        });
    };
    let (date, windows, place) = (held(|dated| &dated.date), held(|dated| &dated.windows), held(|dated| &dated.place));
    let finished = RwSignal::new(true);
    let wrong = Memo::new(move |_| finished.get() && spans::read(&windows.get()).is_none());
    let twice = Memo::new(move |_| {
        let (own, place) = (date.get(), place.get());
        plan.with(|plan| plan.dates.iter().filter(|dated| (&dated.date, &dated.place) == (&own, &place)).count() > 1)
    });
    let fault = plain::live(move || match (wrong.get(), twice.get()) {
        (true, _) => grid::fault(words::hours_unreadable(lang)),
        (false, true) => grid::fault(words::date_twice(lang)),
        (false, false) => ().into_any(),
    });
    let date_field = plain::Bare {
        invalid: twice.into(),
        ..plain::Bare::new("date", words::date(lang), date, Callback::new(move |text| put(text, |dated, text| dated.date = text)))
    };
    let hours_field = plain::Bare {
        class: "input hours",
        placeholder: words::off(lang),
        invalid: wrong.into(),
        on_change: Callback::new(move |typed: String| {
            finished.set(true);
            put(spans::read(&typed).map_or(typed, |stretches| spans::write(&stretches)), |dated, text| dated.windows = text);
        }),
        ..plain::Bare::new(
            "text",
            words::works(lang),
            windows,
            Callback::new(move |typed| {
                finished.set(false);
                put(typed, |dated, text| dated.windows = text);
            }),
        )
    };
    let elsewhere = (editor.places.with_value(Vec::len) > 1).then(|| {
        let pick = Callback::new(move |id: String| put(id, |dated, id| dated.place = id));
        grid::place_select(editor, place, pick)
    });
    let remove = view! { <Button icon="trash" name=words::remove_date(lang) on_press=move || plan.update(|plan| plan.remove(key))/> };
    plain::row(date_field.view(), vec![view! { {hours_field.view()}{elsewhere}{fault} }.into_any(), remove.into_any()])
}
