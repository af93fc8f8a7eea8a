//! A list as a board by its group, as cards, and by days.

use leptos::prelude::*;
use services::{
    records::{Kind, Value},
    views::{Group, Row},
};
use ui::{Button, Empty, FailureAlert, Tone, when};

use super::{
    doors::read_rows,
    model::{List, of_group},
    texts,
};
use crate::words;

/// The first field by which a board can stand: a choice.
pub(super) fn first_group(list: List) -> Option<String> {
    list.columns.with_value(|columns| columns.iter().find(|column| matches!(column.kind, Kind::Choice(_))).map(|column| column.key.clone()))
}

/// A column for each value of the group.
pub(super) fn board(list: List) -> AnyView {
    let lang = list.lang;
    let columns = move || {
        // Asked anew whenever the list was.
        list.loaded.track();
        let group = list.definition.with_untracked(|definition| definition.group.clone());
        let Some(column) = group.and_then(|key| list.column(&key)) else {
            return view! { <Empty icon="box" title=words::list_no_board(lang) text=words::list_no_board_text(lang)/> }.into_any();
        };
        let counted = list.summary.with_untracked(|summary| summary.groups.clone());
        let empty = |key: &str| Group { key: Some(key.to_owned()), ..Group::default() };
        // A choice's words stand in their own order, also those that no record has.
        let mut groups: Vec<Group> = match column.kind.choices() {
            [] => counted.iter().filter(|group| group.key.is_some()).cloned().collect(),
            choices => {
                let of = |key: &str| counted.iter().find(|group| group.key.as_deref() == Some(key)).cloned().unwrap_or_else(|| empty(key));
                choices.iter().map(|choice| of(&choice.key)).collect()
            }
        };
        groups.extend(counted.into_iter().filter(|group| group.key.is_none()));
        groups
            .into_iter()
            .map(|group| {
                let label = match (&group.key, &column.kind) {
                    (None, _) => words::list_without(lang).to_owned(),
                    (Some(key), Kind::Choice(_)) => texts::word(list, &column, key),
                    (Some(key), Kind::Boolean) => texts::truth(lang, key == "true").to_owned(),
                    (Some(_), _) => group.label.clone(),
                };
                stack(list, group.count, label, of_group(&column, group.key.as_deref()))
            })
            .collect_view()
            .into_any()
    };
    view! { <div class="list-board">{columns}</div> }.into_any()
}

fn stack(list: List, count: i64, label: String, condition: services::filter::Filter) -> AnyView {
    let lang = list.lang;
    let rows = RwSignal::new(Vec::<Row>::new());
    let next = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None);
    let read = Action::new_local(move |cursor: &Option<String>| {
        let (kind, query) = (list.key(), services::views::Query { limit: Some(50), ..list.query(Some(condition.clone()), cursor.clone()) });
        async move {
            match read_rows(kind, query).await {
                Ok(found) => {
                    rows.update(|rows| rows.extend(found.items));
                    next.set(found.next_cursor);
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    // The world outside: a column fills itself once it is there.
    Effect::new(move |_| {
        if count > 0 {
            read.dispatch_local(None);
        }
    });
    let name = label.clone();
    view! {
        <section class="list-stack" aria-label=name>
            <h2>{label}<small>{count}</small></h2>
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <For each=move || rows.get() key=|row| row.id children=move |row| card(list, row)/>
            <Show when=move || next.with(Option::is_some)>
                <Button tone=Tone::Quiet busy=read.pending() on_press=move || { read.dispatch_local(next.get_untracked()); }>{words::list_more(lang)}</Button>
            </Show>
        </section>
    }
    .into_any()
}

/// A record as a card: its title and what else is told of it.
fn card(list: List, row: Row) -> AnyView {
    let href = list.href(row.id);
    let shown = list.shown.get_untracked();
    let (id, title) = (row.id, row.title.clone());
    let name = if title.is_empty() { words::list_untitled(list.lang).to_owned() } else { title.clone() };
    let lines = row
        .cells
        .iter()
        .zip(&shown)
        .filter(|(_, key)| key.as_str() != "title")
        .map(|(cell, key)| (texts::named(list, key), texts::cell(list, list.column(key).as_ref(), cell)))
        .filter(|(_, text)| !text.is_empty() && !title.contains(text.as_str()))
        .take(4)
        .map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> })
        .collect_view();
    view! {
        <article class="list-card" on:dblclick=move |_| list.why.set(Some((id, title.clone())))>
            <h3><a href=href>{name}</a></h3>
            <dl>{lines}</dl>
        </article>
    }
    .into_any()
}

/// All records as cards.
pub(super) fn gallery(list: List) -> AnyView {
    view! {
        <h2 class="visually-hidden">{move || texts::title(list)}</h2>
        <div class="list-gallery">
            <For each=move || list.rows.get() key=move |row| (row.id, list.loaded.get_untracked()) children=move |row| card(list, row)/>
        </div>
        {on(list)}
    }
    .into_any()
}

/// Records under the day of the first date among the columns, the days in the list's order.
pub(super) fn days(list: List) -> AnyView {
    let lang = list.lang;
    let dates = move || {
        let shown = list.shown.get();
        let place = shown.iter().position(|key| list.column(key).is_some_and(|column| matches!(column.kind, Kind::Date | Kind::DateTime)));
        let Some(place) = place else {
            return view! { <Empty icon="calendar" title=words::list_no_days(lang) text=words::list_no_days_text(lang)/> }.into_any();
        };
        let mut days: Vec<(String, Vec<Row>)> = Vec::new();
        for row in list.rows.get() {
            let day = match row.cells.get(place) {
                Some(cell) if matches!(cell.value, Some(Value::Date(_) | Value::Instant(_))) => cell.text.chars().take(10).collect(),
                _ => String::new(),
            };
            match days.iter_mut().find(|(own, _)| *own == day) {
                Some((_, rows)) => rows.push(row),
                None => days.push((day, vec![row])),
            }
        }
        let named = |day: &str| day.parse().map_or_else(|_| words::list_without(lang).to_owned(), |day| when::day(lang, day));
        days.into_iter()
            .map(|(day, rows)| {
                view! {
                    <section class="list-day">
                        <h2>{named(&day)}<small>{rows.len()}</small></h2>
                        <div class="list-gallery">{rows.into_iter().map(|row| card(list, row)).collect_view()}</div>
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    view! { {dates} {on(list)} }.into_any()
}

/// Reads on.
fn on(list: List) -> AnyView {
    let lang = list.lang;
    view! {
        <Show when=move || list.goes_on()>
            <Button busy=list.busy on_press=move || list.more()>{words::list_more(lang)}</Button>
        </Show>
    }
    .into_any()
}
