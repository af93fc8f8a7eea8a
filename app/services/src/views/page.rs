//! The page of a list.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use services::views::Layout;
use ui::{Choice, FailureAlert, Page, Segmented, Skeleton, place::param, use_lang};

use super::{board, doors::open_list, filter::FilterBar, model::List, more::MoreMenu, table::TableOf, tabs::Tabs, texts, why::Why};
use crate::words;

// Two files side by side instead of one long one.
ui::lazy_part!(records_filter: fn tabs_part(list: List) { view! { <Tabs list=list/> }.into_any() });
ui::lazy_part!(records_filter: fn filter_part(list: List) { view! { <FilterBar list=list/> }.into_any() });
ui::lazy_part!(records_filter: fn more_part(list: List) { view! { <MoreMenu list=list/> }.into_any() });

/// Lazy parts.
pub(super) const TABS: ui::lazy::Part = tabs_part::PART;
/// See [`TABS`].
pub(super) const FILTER: ui::lazy::Part = filter_part::PART;
/// See [`TABS`].
pub(super) const MORE: ui::lazy::Part = more_part::PART;

/// The page, by the type and the view in its address.
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let (kind, query) = (param("type"), use_query_map());
    let asked = move || (kind.clone(), query.with(|query| query.get("view").unwrap_or_default()));
    let opened = ui::fetched(asked, |(kind, view)| open_list(kind, view));
    view! {
        <Transition fallback=|| view! { <Skeleton class="rows" lines=10/> }>
            {move || Suspend::new(async move {
                match opened.await {
                    Ok(opened) => {
                        let list = List::new(lang, opened);
                        view! { <Shown list=list/> }.into_any()
                    }
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Shown(list: List) -> AnyView {
    let lang = list.lang;
    let title = texts::title(list);
    let layouts = [(Layout::Table, "table"), (Layout::Board, "board"), (Layout::Calendar, "days"), (Layout::Gallery, "gallery")];
    let named = move |layout: Layout| layouts.iter().find(|(own, _)| *own == layout).map_or("table", |(_, name)| name).to_owned();
    let choices: Vec<Choice> = layouts.iter().map(|(layout, name)| Choice::new(*name, texts::layout(lang, *layout))).collect();
    let layout = Memo::new(move |_| list.definition.with(|definition| definition.layout));
    let pick = move |name: String| {
        let Some((picked, _)) = layouts.iter().find(|(_, own)| *own == name) else { return };
        list.change(|definition| {
            definition.layout = *picked;
            // A board needs something to stand by: the first choice there is.
            if *picked == Layout::Board && definition.group.is_none() {
                definition.group = board::first_group(list);
            }
        });
    };
    view! {
        <Title text=title.clone()/>
        <div class="list-page">
            <Page title=title actions=move || view! { <Suspense>{Suspend::new(more_part(list))}</Suspense> }>
                <Suspense>{Suspend::new(tabs_part(list))}</Suspense>
                <div class="list-bar">
                    <Suspense>{Suspend::new(filter_part(list))}</Suspense>
                    <Segmented label=words::list_layout(lang) choices=choices value=Signal::derive(move || named(layout.get())) on_pick=pick/>
                </div>
                {move || list.failure.get().map(|failure| view! { <FailureAlert failure=failure on_retry=move || list.reload()/> })}
                <p class="list-count" role="status" aria-busy=move || if list.busy.get() { "true" } else { "false" }>
                    {move || words::list_records(lang, list.summary.with(|summary| summary.count))}
                </p>
                {move || match layout.get() {
                    Layout::Table => view! { <TableOf list=list/> }.into_any(),
                    Layout::Board => board::board(list),
                    Layout::Calendar => board::days(list),
                    Layout::Gallery => board::gallery(list),
                }}
            </Page>
            <Why list=list/>
        </div>
    }
    .into_any()
}
