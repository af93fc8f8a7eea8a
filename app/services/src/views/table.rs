//! A list as a table. Only the rows in sight are in the document, however many were read; the next are read before they
//! come into sight.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use services::views::{Row, Sort};
use ui::{Empty, Icon};
use wasm_bindgen::JsCast;

use super::{model::List, texts};
use crate::words;

/// The height of a row in pixels, as the style sheet has it: one line, and two on a phone.
const ROW: f64 = 37.0;
/// See [`ROW`].
const TALL: f64 = 58.0;
/// What the style sheet takes for a phone.
const PHONE: &str = "(width < 40rem)";
/// How many rows are kept above and below those in sight.
const AROUND: usize = 15;

#[component]
pub(super) fn TableOf(list: List) -> AnyView {
    let lang = list.lang;
    let node = NodeRef::<html::Div>::new();
    let (top, height) = (RwSignal::new(0.0_f64), RwSignal::new(720.0_f64));
    let at = RwSignal::new(0_usize);
    // The world outside: the width of the page. One that is turned is drawn anew when its list is.
    let row_height = RwSignal::new(ROW);
    Effect::new(move |_| {
        if window().match_media(PHONE).ok().flatten().is_some_and(|asked| asked.matches()) {
            row_height.set(TALL);
        }
    });
    let count = Memo::new(move |_| list.rows.with(Vec::len));
    let range = Memo::new(move |_| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (first, visible) = ((top.get() / row_height.get()) as usize, (height.get() / row_height.get()) as usize + 1);
        let from = first.saturating_sub(AROUND).min(count.get());
        (from, (first + visible + AROUND).min(count.get()))
    });
    // The world outside: what comes into sight soon is asked for.
    Effect::new(move |_| {
        let (_, to) = range.get();
        if to + 60 >= count.get() {
            list.more();
        }
    });
    // The world outside: another list begins at its top.
    Effect::new(move |earlier: Option<u32>| {
        let loaded = list.loaded.get();
        if earlier.is_some_and(|earlier| earlier != loaded) {
            at.set(0);
            top.set(0.0);
            if let Some(node) = node.get_untracked() {
                node.set_scroll_top(0);
            }
        }
        loaded
    });
    let scrolled = move |_| {
        if let Some(node) = node.get_untracked() {
            top.set(f64::from(node.scroll_top()));
            height.set(f64::from(node.client_height()));
        }
    };
    let go = move |to: usize| {
        let to = to.min(count.get_untracked().saturating_sub(1));
        at.set(to);
        let Some(node) = node.get_untracked() else { return };
        #[allow(clippy::cast_precision_loss)]
        let (above, below) = (to as f64 * row_height.get_untracked(), (to as f64 + 2.0) * row_height.get_untracked());
        let (seen, high) = (f64::from(node.scroll_top()), f64::from(node.client_height()));
        #[allow(clippy::cast_possible_truncation)]
        if above < seen {
            node.set_scroll_top(above as i32);
        } else if below > seen + high {
            node.set_scroll_top((below - high) as i32);
        }
        // The row may only now come into the document.
        request_animation_frame(move || focus_row(to));
    };
    let keys = move |event: KeyboardEvent| {
        let now = at.get_untracked();
        let to = match event.key().as_str() {
            "ArrowDown" | "j" => now + 1,
            "ArrowUp" | "k" => now.saturating_sub(1),
            "PageDown" => now + 15,
            "PageUp" => now.saturating_sub(15),
            "Home" => 0,
            "End" => usize::MAX,
            "?" | "w" => {
                event.prevent_default();
                ask_why(list, now);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        go(to);
    };
    view! {
        <Show when=move || count.get() != 0 fallback=move || view! { <Empty icon="filter" title=words::list_empty(lang) text=words::list_empty_text(lang)/> }>
            <div class="table list-table" role="region" aria-label=words::list_table(lang) tabindex="-1" node_ref=node on:scroll=scrolled on:keydown=keys>
                <table aria-rowcount=move || list.summary.with(|summary| summary.count + 1).to_string()>
                    <thead>
                        <tr>
                            {move || list.shown.get().into_iter().map(|key| head(list, key)).collect_view()}
                            <td></td>
                        </tr>
                    </thead>
                    <tbody>
                        <tr class="list-space" aria-hidden="true" style=move || space(range.get().0, row_height.get())></tr>
                        <For
                            each=move || {
                                let (from, to) = range.get();
                                list.rows.with(|rows| rows.get(from..to.min(rows.len())).unwrap_or_default().iter().cloned().enumerate().map(|(n, row)| (from + n, row)).collect::<Vec<_>>())
                            }
                            key=move |(place, row)| (row.id, *place, list.loaded.get_untracked())
                            children=move |(place, found)| row(list, place, found, at)
                        />
                        <tr class="list-space" aria-hidden="true" style=move || space(count.get().saturating_sub(range.get().1), row_height.get())></tr>
                    </tbody>
                    <tfoot>{move || feet(list)}</tfoot>
                </table>
            </div>
        </Show>
    }
    .into_any()
}

fn space(rows: usize, high: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let high = high as usize;
    ["block-size:", &(rows * high).to_string(), "px"].concat()
}

fn focus_row(place: usize) {
    let row = document().query_selector(&["[data-place=\"", &place.to_string(), "\"] a"].concat()).ok().flatten();
    if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = row.focus();
    }
}

fn ask_why(list: List, place: usize) {
    if let Some((id, title)) = list.rows.with_untracked(|rows| rows.get(place).map(|row| (row.id, row.title.clone()))) {
        list.why.set(Some((id, title)));
    }
}

/// A head that orders the list: up, down, not at all.
fn head(list: List, key: String) -> AnyView {
    let column = list.column(&key);
    let name = texts::named(list, &key);
    let sorts = column.as_ref().is_some_and(|column| column.sorts);
    let own = key.clone();
    let sorted = Memo::new(move |_| {
        list.definition.with(|definition| definition.sorts.iter().find(|sort| sort.field == own).map(|sort| sort.descending))
    });
    let aria = move || match sorted.get() {
        Some(false) => "ascending",
        Some(true) => "descending",
        None => "none",
    };
    if !sorts {
        return view! { <th scope="col">{name}</th> }.into_any();
    }
    let press = move |_| {
        let key = key.clone();
        list.change(move |definition| {
            let now = definition.sorts.iter().position(|sort| sort.field == key);
            match now.map(|place| (place, definition.sorts[place].descending)) {
                None => definition.sorts = vec![Sort { field: key, descending: false }],
                Some((place, false)) => definition.sorts[place].descending = true,
                Some((place, true)) => {
                    definition.sorts.remove(place);
                }
            }
        });
    };
    view! {
        <th scope="col" aria-sort=aria>
            <button type="button" class="list-sort" on:click=press>
                {name}
                {move || sorted.get().map(|descending| view! { <Icon name=if descending { "down" } else { "up" }/> })}
            </button>
        </th>
    }
    .into_any()
}

fn row(list: List, place: usize, row: Row, at: RwSignal<usize>) -> AnyView {
    let lang = list.lang;
    let href = list.href(row.id);
    let shown = list.shown.get_untracked();
    let (id, title) = (row.id, row.title.clone());
    let cells = row
        .cells
        .iter()
        .zip(&shown)
        .enumerate()
        .map(|(place, (cell, key))| {
            let text = texts::cell(list, list.column(key).as_ref(), cell);
            match place {
                0 => {
                    let text = if text.is_empty() { row.title.clone() } else { text };
                    view! { <th scope="row"><a href=href.clone()>{text}</a></th> }.into_any()
                }
                _ => view! { <td>{text}</td> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <tr
            data-place=place.to_string()
            aria-rowindex=(place + 2).to_string()
            aria-selected=move || if at.get() == place { "true" } else { "false" }
            on:focusin=move |_| at.set(place)
        >
            {cells}
            <td class="end">
                <button type="button" class="button plain bare" title=words::list_why(lang) aria-label=words::list_why_of(lang, &title) on:click=move |_| list.why.set(Some((id, title.clone())))>
                    <Icon name="info"/>
                </button>
            </td>
        </tr>
    }
    .into_any()
}

/// What is measured, below the columns it is measured of.
fn feet(list: List) -> Option<AnyView> {
    let definition = list.definition.get();
    if definition.aggregates.is_empty() {
        return None;
    }
    let measures = list.summary.with(|summary| summary.measures.clone());
    let cells = list
        .shown
        .get()
        .into_iter()
        .map(|key| {
            let own = definition.aggregates.iter().zip(&measures).filter(|(aggregate, _)| aggregate.field == key);
            let told = own
                .map(|(aggregate, values)| [texts::measure(list.lang, aggregate.measure), " ", &values.join(" · ")].concat())
                .collect::<Vec<_>>();
            view! { <td>{told.join("; ")}</td> }
        })
        .collect_view();
    Some(view! { <tr>{cells}<td></td></tr> }.into_any())
}
