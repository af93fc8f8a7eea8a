//! The board of a day or a week: hours at the side, columns, bands in which nothing can be booked, events, now.
//!
//! Columns are drawn anew when the columns themselves change; an event that changes touches its own node alone.

use super::{
    axis::push_number,
    day,
    desk::Desk,
    drag::{Drag, judge::swapped},
    event::{self, Cards},
    keyboard::Cursor,
    place::Span,
    scene::{Band, Card, Column},
    week,
};
use crate::words;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use leptos::{html::Div, prelude::*};
use platform::id::EntityId;
use std::sync::Arc;
use ui::Empty;

/// Everything that decides how the columns are drawn, so that they are drawn anew only when it changes.
#[derive(Clone, PartialEq)]
struct Frame {
    span: Span,
    columns: Vec<Column>,
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

    let label = move || {
        desk.loaded.get().map(|loaded| {
            let view = &loaded.calendar;
            super::when::title(desk.lang, loaded.span, loaded.date, view.from, view.to)
        })
    };
    view! {
        <div class="calendar-scroll" node_ref=scroller>
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
                on:focusin=move |focus| cursor.follow(&focus)
            >
                <div class="calendar-corner"></div>
                {move || {
                    let frame = frame.get();
                    let (opened, folded) = (unfolded.get(), folded.get());
                    frame
                        .columns
                        .iter()
                        .enumerate()
                        .map(|(index, column)| match frame.span {
                            Span::Day => day::head(desk, index, column, unfolded, day::is_folded(column, &opened, &folded)),
                            _ => week::head(desk, column),
                        })
                        .collect::<Vec<_>>()
                }}
                <div class="calendar-axis" aria-hidden="true">{move || lines(desk)}</div>
                {move || {
                    let frame = frame.get();
                    frame.columns.into_iter().enumerate().map(|(index, column)| column_view(desk, index, column, unfolded, folded)).collect::<Vec<_>>()
                }}
                {move || now_line(desk)}
                {move || draft(desk)}
                {move || refused(desk)}
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
        style.push_str(if day::is_folded(column, unfolded, folded) { "44px " } else { "minmax(120px,1fr) " });
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

fn column_view(desk: Desk, index: usize, column: Column, unfolded: day::Unfolded, wished: Memo<Vec<EntityId>>) -> AnyView {
    let bands: Vec<_> = column.bands.iter().map(band).collect();
    let label = column.spoken.clone();
    let own = (column.date, column.resource);
    let cards = move || {
        desk.scene.with(|scene| -> Vec<Arc<Card>> {
            let Some(scene) = scene.as_ref() else { return Vec::new() };
            // After a step to another day the columns are drawn anew in a moment; nothing strange shows until then.
            match scene.columns.get(index) {
                Some(column) if (column.date, column.resource) == own => scene.cards.get(index).cloned().unwrap_or_default(),
                _ => Vec::new(),
            }
        })
    };
    let folded = {
        let column = column.clone();
        move || unfolded.with(|unfolded| wished.with(|wished| day::is_folded(&column, unfolded, wished)))
    };
    view! {
        <div class="calendar-column" class:is-folded=folded class:is-today=column.today role="group" aria-label=label style=property("--column:", index as i32)>
            {bands}
            {move || Cards(cards())}
        </div>
    }
    .into_any()
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

/// Where what is being made would be, as long as its form is open.
fn draft(desk: Desk) -> Option<AnyView> {
    let new = desk.place.with(|place| place.new.clone())?;
    let start = new.start?;
    let end = new.end.unwrap_or_else(|| {
        let usual = desk.modules.0.iter().find_map(|module| module.module.activity_type(&new.kind));
        start + Duration::minutes(usual.map_or(30, |kind| i64::from(kind.minutes)))
    });
    outline(desk, "calendar-draft", String::new(), start, end, |column| {
        new.resource.is_none() || column.resource.is_none() || column.resource == new.resource
    })
}

/// Where a refused move would have gone, as long as nobody has decided about it.
fn refused(desk: Desk) -> Option<AnyView> {
    let wanted = desk.proposal.get()?.wanted;
    let resources = swapped(&wanted.event.resources, wanted.from, wanted.to);
    let title = wanted.event.title.clone();
    outline(desk, "calendar-draft is-refused", title, wanted.start, wanted.end, |column| {
        column.resource.is_none_or(|resource| wanted.to == Some(resource) || (wanted.to.is_none() && resources.contains(&resource)))
    })
}

/// A dashed outline in the first column that fits.
fn outline(
    desk: Desk,
    class: &'static str,
    mut text: String,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    fits: impl Fn(&Column) -> bool,
) -> Option<AnyView> {
    let loaded = desk.loaded.get()?;
    let zone = &loaded.calendar.zone;
    let date = zone.date(start);
    let scene = desk.scene.get()?;
    let index = scene.columns.iter().position(|column| column.date == date && fits(column))?;
    let top = scene.axis.position(zone, date, start);
    let bottom = scene.axis.position(zone, date, end).min(scene.axis.to);
    if top < scene.axis.from || bottom <= top {
        return None;
    }
    let mut style = property("--column:", index as i32);
    style.push_str(&property(";--top:", top));
    style.push_str(&property(";--high:", bottom - top));
    if !text.is_empty() {
        text.push_str(", ");
    }
    text.push_str(&super::when::times(zone, start, end));
    Some(view! { <div class=class style=style>{text}</div> }.into_any())
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
