//! Single dates with hours of their own.

use chrono::NaiveDate;
use leptos::prelude::*;
use ui::{Button, Table};

use super::{hours::Editor, spans, week::Dated};
use crate::words;

/// The dates from today on, and a button for one more.
pub fn view(editor: Editor, today: NaiveDate) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let keys = move || plan.with(|plan| plan.dates.iter().map(|dated| dated.key).collect::<Vec<u32>>());
    let add = editor.writes.then(|| {
        view! {
            <Button icon="plus" on_press=move || plan.update(|plan| plan.add_date(today))>{words::add_date(lang)}</Button>
        }
    });
    let any = Memo::new(move |_| plan.with(|plan| !plan.dates.is_empty()));
    view! {
        <div class="hours-dates">
            <h3>{words::date_hours(lang)}</h3>
            <p class="quiet">{words::date_hours_help(lang)}</p>
            <Show when=move || any.get()>
                <Table caption=words::date_hours(lang) heads=vec![words::date(lang), words::works(lang), ""]>
                    <For each=keys key=|key| *key children=move |key| row(editor, key)/>
                </Table>
            </Show>
            {add}
        </div>
    }
    .into_any()
}

fn row(editor: Editor, key: u32) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let held = move |read: fn(&Dated) -> &String| {
        plan.with(|plan| plan.dates.iter().find(|dated| dated.key == key).map(|dated| read(dated).clone()).unwrap_or_default())
    };
    let put = move |change: Box<dyn FnOnce(&mut Dated)>| {
        plan.update(|plan| {
            if let Some(dated) = plan.dates.iter_mut().find(|dated| dated.key == key) {
                change(dated);
            }
        });
    };
    let finished = RwSignal::new(true);
    let wrong = Memo::new(move |_| finished.get() && spans::read(&held(|dated| &dated.windows)).is_none());
    let twice = Memo::new(move |_| {
        let own = held(|dated| &dated.date);
        plan.with(|plan| plan.dates.iter().filter(|dated| dated.date == own).count() > 1)
    });
    let fault = move || match (wrong.get(), twice.get()) {
        (true, _) => Some(words::hours_unreadable(lang)),
        (false, true) => Some(words::date_twice(lang)),
        (false, false) => None,
    };
    view! {
        <tr>
            <td>
                <input
                    class="input"
                    type="date"
                    aria-label=words::date(lang)
                    aria-invalid=move || twice.get().then_some("true")
                    prop:value=move || held(|dated| &dated.date)
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        put(Box::new(|dated| dated.date = text));
                    }
                />
            </td>
            <td>
                <input
                    class="input hours"
                    type="text"
                    autocomplete="off"
                    aria-label=words::works(lang)
                    placeholder=words::off(lang)
                    aria-invalid=move || wrong.get().then_some("true")
                    prop:value=move || held(|dated| &dated.windows)
                    on:input=move |event| {
                        finished.set(false);
                        let text = event_target_value(&event);
                        put(Box::new(|dated| dated.windows = text));
                    }
                    on:change=move |event| {
                        let typed = event_target_value(&event);
                        finished.set(true);
                        put(Box::new(|dated| dated.windows = spans::read(&typed).map_or(typed, |stretches| spans::write(&stretches))));
                    }
                />
                {move || fault().map(|fault| view! { <small class="wrong" role="alert">{fault}</small> })}
            </td>
            <td class="end">
                <Button icon="trash" name=words::remove_date(lang) on_press=move || plan.update(|plan| plan.remove(key))/>
            </td>
        </tr>
    }
    .into_any()
}
