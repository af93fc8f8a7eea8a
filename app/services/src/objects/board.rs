//! Records in columns by the words of a choice; a card is carried to another column by pointer or chosen there by keyboard.

use leptos::{ev::DragEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use platform::id::EntityId;
use services::{
    objects::{Board, Column, RecordInput},
    records::{Choice, FieldInfo, Kind, Record, Value},
};
use ui::{Skeleton, use_lang, use_toasts};

use super::{
    doors::{read_board, save_record},
    field_doors::Habits,
    list::head,
    list_address,
};
use crate::{fields::shown, words};

pub(super) fn page(entity_type: String) -> AnyView {
    let query = use_query_map();
    let of = StoredValue::new(entity_type);
    let asked = move || query.with(|query| (query.get("by"), query.get("q").unwrap_or_default()));
    let board = ui::fetched(asked, move |(by, q)| read_board(of.get_value(), by, q));
    let again = Callback::new(move |()| board.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match board.await {
                    Ok((board, habits)) => view! { <Columns board=board habits=habits again=again/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Columns(board: Board, habits: Habits, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let query = use_query_map();
    let q = query.with_untracked(|query| query.get("q")).unwrap_or_default();
    let carried = RwSignal::new(None::<(EntityId, i32)>);
    let of = StoredValue::new(board.info.key.clone());
    let by = StoredValue::new(board.by.clone());
    let put = Callback::new(move |(id, version, word): (EntityId, i32, String)| {
        let (mut values, mut emptied) = (services::records::Values::new(), Vec::new());
        if word.is_empty() {
            emptied.push(by.get_value());
        } else {
            values.insert(by.get_value(), Value::choice(&word));
        }
        spawn_local(async move {
            let input = RecordInput { id: None, version, values, emptied };
            if let Err(failure) = save_record(of.get_value(), Some(id), input).await {
                toasts.fail(&failure);
            }
            again.run(());
        });
    });
    let words: Vec<Choice> = board.columns.iter().map(|column| column.choice.clone()).collect();
    let faces: Vec<FieldInfo> = board
        .fields
        .iter()
        .filter(|field| field.custom.is_some() && field.key != board.by && field.kind != Kind::LongText)
        .take(3)
        .cloned()
        .collect();
    let base = list_address(&board.info.key);
    let cards = |column: &Column| {
        column.records.iter().map(|record| card(record, &faces, &board, &habits, &base, &words, carried, put)).collect_view()
    };
    let columns = board
        .columns
        .iter()
        .map(|column| {
            let word = StoredValue::new(column.choice.key.clone());
            let name = if column.choice.key.is_empty() { words::object_without(lang).to_owned() } else { column.choice.label.clone() };
            let label = name.clone();
            let drop = move |event: DragEvent| {
                event.prevent_default();
                if let Some((id, version)) = carried.get_untracked() {
                    put.run((id, version, word.get_value()));
                }
                carried.set(None);
            };
            let hue = column.choice.hue.unwrap_or(250);
            view! {
                <section aria-label=label style=format!("--hue: {hue}") on:dragover=|event: DragEvent| event.prevent_default() on:drop=drop>
                    <h2><span>{name}</span><small>{column.count}</small></h2>
                    <ul>{cards(column)}</ul>
                </section>
            }
        })
        .collect_view();
    let content = view! { <div class="object-board">{columns}</div> }.into_any();
    head(&board.info, true, board.may_write, q, content)
}

#[allow(clippy::too_many_arguments)]
fn card(
    record: &Record,
    faces: &[FieldInfo],
    board: &Board,
    habits: &Habits,
    base: &str,
    words: &[Choice],
    carried: RwSignal<Option<(EntityId, i32)>>,
    put: Callback<(EntityId, i32, String)>,
) -> AnyView {
    let lang = use_lang();
    let (id, version) = (record.id, record.version);
    let lines = faces
        .iter()
        .filter(|field| record.values.contains_key(&field.key))
        .map(|field| view! { <div><dt>{field.label.clone()}</dt><dd>{shown(lang, field, record.values.get(&field.key), &board.titles, habits)}</dd></div> })
        .collect_view();
    let present = match record.values.get(&board.by) {
        Some(Value::Choices(keys)) => keys.first().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let choices = words
        .iter()
        .map(|word| view! { <option value=word.key.clone() selected=word.key == present>{word.label.clone()}</option> })
        .collect_view();
    let name = words::object_move(lang, &record.title);
    let select = board.may_write.then(|| {
        view! { <select class="input select" aria-label=name on:change=move |event| put.run((id, version, event_target_value(&event)))>{choices}</select> }
    });
    view! {
        <li draggable=board.may_write.to_string() on:dragstart=move |_| carried.set(Some((id, version)))>
            <a href=[base, "/", &id.to_string()].concat()>{record.title.clone()}</a>
            <dl>{lines}</dl>
            {select}
        </li>
    }
    .into_any()
}
