//! The types of record, and the records of one: as a list or as a board.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use services::{
    objects::{RecordList, RecordQuery},
    records::{FieldInfo, Kind, Record, TypeInfo},
};
use ui::{Button, ButtonLink, Empty, Icon, Page, Skeleton, Tone, use_lang, use_toasts};

use super::{
    board,
    doors::{read_list, read_types},
    field_doors::Habits,
    list_address,
};
use crate::{fields::shown, words};

/// How many columns a list shows.
const COLUMNS: usize = 7;

/// `/dashboard/objects`
pub(super) fn index() -> AnyView {
    let lang = use_lang();
    let types = ui::fetched(|| (), |()| read_types());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=4/></div> }>
            {move || Suspend::new(async move {
                let (types, makes) = match types.await {
                    Ok(found) => found,
                    Err(failure) => return view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                };
                let own: Vec<TypeInfo> = types.into_iter().filter(|of| of.flexible).collect();
                let action = move || makes.then(|| view! { <ButtonLink href="/dashboard/settings/fields" icon="settings">{words::type_manage(lang)}</ButtonLink> });
                let content = if own.is_empty() {
                    view! { <Empty icon="box" title=words::no_types(lang) text=words::no_types_text(lang)>{action()}</Empty> }.into_any()
                } else {
                    let cards = own.into_iter().map(|of| view! { <li><a href=list_address(&of.key)><Icon name="box"/>{of.plural}</a></li> });
                    view! { <ul class="object-types">{cards.collect_view()}</ul> }.into_any()
                };
                view! { <leptos_meta::Title text=words::objects(lang)/><Page title=words::objects(lang) lead=words::objects_lead(lang) actions=action>{content}</Page> }.into_any()
            })}
        </Transition>
    }
    .into_any()
}

/// `/dashboard/objects/{type}`
pub(super) fn page(entity_type: String) -> AnyView {
    let query = use_query_map();
    let board = Memo::new(move |_| query.with(|query| query.get("as")).is_some_and(|shape| shape == "board"));
    let of = StoredValue::new(entity_type);
    (move || if board.get() { board::page(of.get_value()) } else { rows(of.get_value()) }).into_any()
}

fn rows(entity_type: String) -> AnyView {
    let query = use_query_map();
    let of = StoredValue::new(entity_type);
    let asked = move || RecordQuery { q: query.with(|query| query.get("q")).unwrap_or_default(), by: None, word: None };
    let list = ui::fetched(asked, move |asked| read_list(of.get_value(), asked, None));
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match list.await {
                    Ok((list, habits)) => view! { <Rows list=list habits=habits/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// Title, search, and the way between list and board.
pub(super) fn head(of: &TypeInfo, board: bool, may_write: bool, q: String, content: AnyView) -> AnyView {
    let lang = use_lang();
    let base = list_address(&of.key);
    let (list_href, board_href) = (base.clone(), [&base, "?as=board"].concat());
    let new_href = [&base, "/new"].concat();
    let navigate = use_navigate();
    let to = StoredValue::new(base);
    let search = move |event: leptos::ev::Event| {
        let typed = js_sys::encode_uri_component(&event_target_value(&event));
        let board = if board { "&as=board" } else { "" };
        navigate(&format!("{}?q={}{board}", to.get_value(), String::from(typed)), leptos_router::NavigateOptions::default());
    };
    let plural = if of.flexible { of.plural.clone() } else { crate::fields::type_name(of) };
    let actions = move || {
        view! {
            <nav class="object-shapes" aria-label=words::object_shape(lang)>
                <a href=list_href aria-current=(!board).then_some("true")>{words::object_list(lang)}</a>
                <a href=board_href aria-current=board.then_some("true")>{words::object_board(lang)}</a>
            </nav>
            {may_write.then(|| view! { <ButtonLink href=new_href tone=Tone::Primary icon="plus">{words::object_new(lang)}</ButtonLink> })}
        }
    };
    view! {
        <leptos_meta::Title text=plural.clone()/>
        <Page title=plural actions=actions>
            <input class="input object-search" type="search" aria-label=words::object_search(lang) placeholder=words::object_search(lang) value=q on:change=search/>
            {content}
        </Page>
    }
    .into_any()
}

/// The fields that a list shows: what is short, the status first.
fn columns(fields: &[FieldInfo]) -> Vec<FieldInfo> {
    let short = |field: &&FieldInfo| field.kind != Kind::LongText && !matches!(field.key.as_str(), "title" | "created_at" | "updated_at");
    let mut chosen: Vec<FieldInfo> =
        fields.iter().filter(short).filter(|field| field.key != "status" || !field.kind.choices().is_empty()).cloned().collect();
    chosen.sort_by_key(|field| field.key != "status");
    chosen.truncate(COLUMNS);
    chosen
}

#[component]
fn Rows(list: RecordList, habits: Habits) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let query = use_query_map();
    let q = query.with_untracked(|query| query.get("q")).unwrap_or_default();
    let columns = StoredValue::new(columns(&list.fields));
    let habits = StoredValue::new(habits);
    let base = StoredValue::new(list_address(&list.info.key));
    let records = RwSignal::new(list.records);
    let titles = RwSignal::new(list.titles);
    let cursor = RwSignal::new(list.next_cursor);
    let busy = RwSignal::new(false);
    let of = StoredValue::new(list.info.key.clone());
    let typed = StoredValue::new(q.clone());
    let more = move || {
        busy.set(true);
        spawn_local(async move {
            let asked = RecordQuery { q: typed.get_value(), by: None, word: None };
            let answer = read_list(of.get_value(), asked, cursor.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Ok((next, _)) => {
                    titles.try_update(|titles| titles.extend(next.titles));
                    records.try_update(|records| records.extend(next.records));
                    cursor.try_set(next.next_cursor);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let row = move |record: Record| {
        let href = [&base.get_value(), "/", &record.id.to_string()].concat();
        let cells = titles.with_untracked(|titles| {
            let cell = |field: &FieldInfo| habits.with_value(|habits| shown(lang, field, record.values.get(&field.key), titles, habits));
            columns.with_value(|columns| {
                columns.iter().map(|field| view! { <td class:number=field.kind.column() == "v_num">{cell(field)}</td> }).collect_view()
            })
        });
        view! { <tr><th scope="row"><a href=href>{record.title.clone()}</a></th>{cells}</tr> }
    };
    let heads = columns.with_value(|columns| {
        columns
            .iter()
            .map(|field| view! { <th scope="col" class:number=field.kind.column() == "v_num">{crate::fields::label(lang, field)}</th> })
            .collect_view()
    });
    let key = |record: &Record| record.id;
    let content = if records.with_untracked(Vec::is_empty) {
        view! { <Empty icon="box" title=words::no_records(lang) text=words::no_records_text(lang)><span></span></Empty> }.into_any()
    } else {
        view! {
            <div class="table" role="region" aria-label=list.info.plural.clone() tabindex="0">
                <table>
                    <thead><tr><th scope="col">{words::object_title(lang)}</th>{heads}</tr></thead>
                    <tbody><For each=move || records.get() key=key children=row/></tbody>
                </table>
            </div>
            <Show when=move || cursor.with(Option::is_some)>
                <Button busy=busy on_press=more>{words::object_more(lang)}</Button>
            </Show>
        }
        .into_any()
    };
    head(&list.info, false, list.may_write, q, content)
}
