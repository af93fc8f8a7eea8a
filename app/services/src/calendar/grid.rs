//! The board of a day or a week: hours at the side, columns, bands in which nothing can be booked, events, now.
//!
//! A column is one node for as long as there is one at its place, whoever's day it shows: a step to another day changes what
//! is different about it. An event that changes touches its own node alone.

mod outline;

use self::outline::{draft, refused};
use super::{
    axis::push_number,
    day,
    desk::Desk,
    drag::Drag,
    event::{self, Cards},
    keyboard::Cursor,
    place::{Place, Span},
    scene::{Band, Column, Rest},
    week,
};
use crate::words;
use chrono::NaiveDate;
use leptos::{html::Div, prelude::*};
use platform::id::EntityId;
use std::sync::Arc;
use ui::Empty;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Everything that decides how the columns are drawn, so that they are drawn anew only when it changes.
#[derive(Clone, PartialEq)]
struct Frame {
    span: Span,
    columns: Vec<Arc<Column>>,
}

/// The board.
#[component]
pub fn Board(
    /// The calendar.
    desk: Desk,
    /// Dragging on it.
    drag: Drag,
    /// The cell that keys walk over.
    cursor: Cursor,
) -> impl IntoView {
    let unfolded: day::Unfolded = RwSignal::new(Vec::new());
    let scroller = NodeRef::<Div>::new();
    let frame = Memo::new(move |_| Frame {
        span: desk.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.span).unwrap_or_default()),
        columns: desk.scene.with(|scene| scene.as_ref().map(|scene| scene.columns.clone()).unwrap_or_default()),
    });
    let folded = Memo::new(move |_| desk.wishes.with(|wishes| wishes.folded.clone()));
    let style = Memo::new(move |_| board_style(desk, &frame.read(), &unfolded.read(), &folded.read()));
    event::mark(desk, drag.board, "is-open", |desk| desk.place.with(|place| place.open.into_iter().collect()));
    event::mark(desk, drag.board, "is-chosen", |desk| desk.chosen.get());
    begin_at_now(desk, scroller);
    desk.sight.keep(desk, scroller);
    let count = Memo::new(move |_| frame.with(|frame| frame.columns.len()));

    let label = move || {
        desk.loaded.get().map(|loaded| {
            let view = &loaded.calendar;
            super::when::title(desk.lang, loaded.span, loaded.date, view.from, view.to)
        })
    };
    view! {
        <div class="calendar-scroll" node_ref=scroller on:scroll=move |_| desk.sight.look(desk, scroller)>
            <div
                class="calendar-board"
                role="group"
                aria-label=label
                style=move || style.get()
                data-zoom=move || desk.place.with(|place| place.zoom.minutes())
                node_ref=drag.board
                on:pointerdown=move |pointer| {
                    cursor.forget();
                    drag.down(&pointer);
                }
                on:pointermove=move |pointer| drag.moved(&pointer)
                on:pointerup=move |pointer| drag.up(&pointer)
                on:pointercancel=move |_| drag.lost()
                on:wheel=move |wheel| drag.wheel(&wheel)
                on:touchmove=move |touch| drag.touch_moved(&touch)
                on:click=move |click| drag.clicked(&click)
                on:focusin=move |focus| {
                    cursor.follow(&focus);
                    desk.sight.follow(&focus);
                }
            >
                <div class="calendar-corner"></div>
                {move || (0..count.get()).map(|index| head(desk, index, frame, unfolded, folded)).collect::<Vec<_>>()}
                <div class="calendar-axis" aria-hidden="true">{move || lines(desk)}</div>
                {move || {
                    let count = count.get();
                    (0..count).map(|index| column_view(desk, index, count, frame, unfolded, folded)).collect::<Vec<_>>()
                }}
                {move || now_line(desk)}
                {move || draft(desk)}
                {move || refused(desk)}
                {rests(desk)}
                {move || begin(desk)}
                {cursor.view(desk)}
                <div class="calendar-ghost" hidden aria-hidden="true" node_ref=drag.ghost>
                    <b></b>
                    <output></output>
                </div>
            </div>
            {move || {
                frame.with(|frame| frame.columns.is_empty()).then(|| {
                    view! { <Empty icon="people" title=words::empty_columns_title(desk.lang) text=words::empty_columns(desk.lang)/> }
                })
            }}
        </div>
    }
}

/// The tracks of the columns and the stretch of the scale that is shown.
fn board_style(desk: Desk, frame: &Frame, unfolded: &[EntityId], folded: &[EntityId]) -> String {
    let (from, to) = desk.scene.with(|scene| scene.as_ref().map_or((480, 1080), |scene| (scene.axis.from, scene.axis.to)));
    let mut style = String::with_capacity(64 + frame.columns.len() * 18);
    style.push_str("--from:");
    push_number(&mut style, from);
    style.push_str(";--to:");
    push_number(&mut style, to);
    style.push_str(";--tracks:");
    for column in &frame.columns {
        style.push_str(match (day::is_folded(column, unfolded, folded), frame.span, column.resource) {
            (true, ..) => "44px ",
            // Two entries side by side, and the number of those that there is no room for.
            (_, Span::Week, None) => "minmax(168px,1fr) ",
            _ => "minmax(120px,1fr) ",
        });
    }
    if frame.columns.is_empty() {
        style.push_str("1fr");
    }
    style
}

fn lines(desk: Desk) -> AnyView {
    let Some(loaded) = desk.loaded.get() else { return ().into_any() };
    let zone = &loaded.calendar.zone;
    desk.scene
        .with(|scene| {
            let scene = scene.as_ref()?;
            let dates: Vec<NaiveDate> = scene.columns.iter().map(|column| column.date).collect();
            Some(scene.axis.lines(zone, &dates))
        })
        .unwrap_or_default()
        .into_iter()
        .map(|line| view! { <span style=property("--top:", line.minute)>{line.text}</span> })
        .collect::<Vec<_>>()
        .into_any()
}

/// The head of one column, drawn anew when something on it changes.
fn head(desk: Desk, index: usize, frame: Memo<Frame>, unfolded: day::Unfolded, wished: Memo<Vec<EntityId>>) -> AnyView {
    let shown = Memo::new_with_compare(
        move |_| {
            let (span, column) = frame.with(|frame| Some((frame.span, frame.columns.get(index)?.clone())))?;
            let folded = span == Span::Day && unfolded.with(|unfolded| wished.with(|wished| day::is_folded(&column, unfolded, wished)));
            Some((span, column, folded))
        },
        |before, next| match (before, next) {
            (Some(Some((span, column, folded))), Some(Some((next_span, next, next_folded)))) => {
                (span, folded) != (next_span, next_folded) || !column.has_head_of(next, *span == Span::Day)
            }
            (before, next) => before.map(Option::is_some) != next.map(Option::is_some),
        },
    );
    (move || {
        shown.get().map(|(span, column, folded)| match span {
            Span::Day => day::head(desk, index, &column, unfolded, folded),
            _ => week::head(&desk.place.with_untracked(Place::shut), &column),
        })
    })
    .into_any()
}

/// One column: what is closed in it, and its events if it is in sight.
fn column_view(
    desk: Desk,
    index: usize,
    count: usize,
    frame: Memo<Frame>,
    unfolded: day::Unfolded,
    wished: Memo<Vec<EntityId>>,
) -> AnyView {
    let column = Memo::new(move |_| frame.with(|frame| frame.columns.get(index).cloned()));
    let crowded = move || desk.scene.with(|scene| scene.as_ref().is_some_and(|scene| scene.rests.iter().any(|rest| rest.column == index)));
    let told = move |what: fn(&Column) -> bool| column.with(|column| column.as_deref().is_some_and(what));
    let bands = move || column.with(|column| column.iter().flat_map(|column| &column.bands).map(band).collect::<Vec<_>>());
    let label = move || column.with(|column| column.as_ref().map(|column| column.spoken.clone()));
    let in_sight = Memo::new(move |_| desk.sight.shows(index, count));
    let cards = move || {
        let shown = in_sight.get();
        desk.scene.with(|scene| scene.as_ref().filter(|_| shown).and_then(|scene| scene.cards.get(index).cloned()).unwrap_or_default())
    };
    let folded = move || {
        let folded = |column: &Column| unfolded.with(|unfolded| wished.with(|wished| day::is_folded(column, unfolded, wished)));
        column.with(|column| column.as_deref().is_some_and(folded))
    };
    view! {
        <div
            class="calendar-column"
            class:is-folded=folded
            class:is-crowded=crowded
            class:is-today=move || told(|column| column.today)
            role="group"
            aria-label=label
            style=property("--column:", index as i32)
        >
            {bands}
            {move || Cards(cards())}
        </div>
    }
    .into_any()
}

/// The numbers of what a week of many has no room for; each leads to its day.
fn rests(desk: Desk) -> impl IntoView {
    let rests = Memo::new(move |_| desk.scene.with(|scene| scene.as_ref().map(|scene| scene.rests.clone()).unwrap_or_default()));
    let one = move |rest: Rest| {
        let place = Place { span: Span::Day, ..desk.place.get_untracked().on(Some(rest.date)) };
        let mut style = property("--top:", rest.minute);
        style.push_str(&property(";--column:", rest.column as i32));
        let text = property("+", rest.count);
        view! { <a class="calendar-rest" href=place.href() style=style aria-label=rest.spoken.clone() title=rest.spoken>{text}</a> }
    };
    move || rests.get().into_iter().map(one).collect::<Vec<_>>()
}

/// The nodes of the columns, in order.
pub fn column_nodes() -> Vec<HtmlElement> {
    let Ok(list) = document().query_selector_all(".calendar-column") else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)).map(JsCast::unchecked_into).collect()
}

fn band(band: &Band) -> impl IntoView + use<> {
    let mut style = property("--top:", band.start);
    style.push_str(";--high:");
    push_number(&mut style, band.end - band.start);
    let label = (!band.label.is_empty()).then(|| view! { <span>{band.label.clone()}</span> });
    view! { <div class="calendar-band" class:is-gap=band.gap class:is-seam=band.start == band.end style=style>{label}</div> }
}

fn now_line(desk: Desk) -> Option<AnyView> {
    let loaded = desk.loaded.get()?;
    desk.scene.with(|scene| {
        let scene = scene.as_ref()?;
        let minute = scene.now.filter(|minute| scene.axis.from <= *minute && *minute < scene.axis.to)?;
        let now = desk.now.get().unwrap_or(loaded.calendar.now);
        let text = super::axis::clock(&loaded.calendar.zone, now);
        let mut style = property("--top:", minute);
        Some(if loaded.span == Span::Day {
            view! {
                <div class="calendar-now" style=style>
                    <span>{text}</span>
                </div>
            }
            .into_any()
        } else {
            let today = scene.columns.iter().position(|column| column.today)?;
            style.push_str(&property(";--column:", today as i32));
            view! { <div class="calendar-now is-today" style=style></div> }.into_any()
        })
    })
}

/// The minute that is at the top when the board appears: a while before now, on other days before anybody works.
fn first_sight(desk: Desk) -> Option<i32> {
    desk.scene.with(|scene| {
        let scene = scene.as_ref()?;
        let now = scene.now.filter(|now| scene.axis.from <= *now && *now < scene.axis.to)?;
        Some((now - 90).max(scene.axis.from))
    })
}

/// Where the browser begins to look, as soon as it has laid the page out and long before anything has come to life.
fn begin(desk: Desk) -> Option<AnyView> {
    first_sight(desk).map(|minute| view! { <i class="calendar-begin" style=property("--top:", minute)></i> }.into_any())
}

/// The same for browsers that do not know `scroll-initial-target`. Later steps keep the scroll.
fn begin_at_now(desk: Desk, scroller: NodeRef<Div>) {
    // The world outside: the scroll position.
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        let Some(scroller) = scroller.get() else { return false };
        let part = untrack(|| {
            let first = first_sight(desk)?;
            desk.scene
                .with(|scene| scene.as_ref().map(|scene| f64::from(first - scene.axis.from) / f64::from(scene.axis.to - scene.axis.from)))
        });
        if let Some(part) = part.filter(|_| scroller.scroll_top() == 0) {
            scroller.set_scroll_top((f64::from(scroller.scroll_height()) * part) as i32);
        }
        true
    });
}

/// A custom property with a whole number.
pub fn property(name: &str, value: i32) -> String {
    let mut style = String::from(name);
    push_number(&mut style, value);
    style
}
