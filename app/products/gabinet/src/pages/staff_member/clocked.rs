//! Time that was clocked: entered by hand, on the organization's clock, and taken back.

use chrono::{NaiveDate, TimeDelta};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Failure, Field, Input, Table, Tone, use_lang, use_toasts, when};

use crate::{
    pages::plain,
    rota_doors::{Clocked, clock, clocked, unclock},
    words,
};

/// The stretches of a month with a form for another; `changed` once the month's minutes are others.
pub fn view(employee: EntityId, month: NaiveDate, today: NaiveDate, changed: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let found = RwSignal::new(Vec::<Clocked>::new());
    // The world outside: the server.
    plain::outside(move || {
        spawn_local(async move {
            match clocked(employee, month).await {
                Ok(list) => _ = found.try_set(list),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let date = RwSignal::new(when::iso(today));
    let (from, to, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let wrong = RwSignal::new(None::<String>);
    let send = Callback::new(move |()| {
        let day = when::from_iso(&date.get_untracked());
        let times = when::parse_time(&from.get_untracked()).zip(when::parse_time(&to.get_untracked()));
        let Some((day, (first, last))) = day.zip(times) else {
            wrong.set(Some(words::no_time(lang).to_owned()));
            return;
        };
        wrong.set(None);
        let start = day.and_time(first);
        // Who clocks out before they clocked in worked past midnight.
        let end = if last > first { day.and_time(last) } else { day.and_time(last) + TimeDelta::days(1) };
        let said = note.get_untracked();
        spawn_local(async move {
            match clock(employee, start, end, said).await {
                Ok(()) => changed.run(()),
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    });
    let away = Callback::new(move |id: EntityId| {
        spawn_local(async move {
            match unclock(id).await {
                Ok(()) => changed.run(()),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let rows = plain::live(move || {
        found.with(|found| {
            if found.is_empty() {
                return ().into_any();
            }
            let row = |one: &Clocked| {
                let id = one.id;
                let span = [when::clock(one.start), when::clock(one.end)].join("–");
                let name = words::clocked_remove(lang);
                let button = view! { <Button icon="trash" tone=Tone::Plain name=name on_press=move || away.run(id)/> }.into_any();
                plain::row(plain::text(when::day_short(lang, one.start.date())), vec![plain::text(span), plain::text(&one.note), button])
            };
            let heads = vec![words::date(lang), words::time(lang), words::notes(lang), ""];
            let rows = found.iter().map(row).collect_view();
            view! { <Table caption=words::clocked(lang) heads=heads>{rows}</Table> }.into_any()
        })
    });
    let form = view! {
        <div class="fields">
            <Field name="clocked-date" label=words::date(lang)><Input kind="date" value=date/></Field>
            <Field name="start" label=words::from_time(lang) failure=failure error=wrong><Input kind="time" value=from/></Field>
            <Field name="end" label=words::to_time(lang) failure=failure><Input kind="time" value=to/></Field>
            <Field name="clocked-note" label=words::notes(lang) failure=failure><Input value=note autocomplete="off"/></Field>
        </div>
        <footer><Button submit=true>{words::clocked_add(lang)}</Button></footer>
    };
    view! { <details><summary>{words::clocked_add(lang)}</summary>{rows}{plain::form(send, form.into_any())}</details> }.into_any()
}
