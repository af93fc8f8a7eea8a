//! The calendar page: the URL, what is loaded for it, and the parts that show it.

use super::{
    agenda,
    ahead::Ahead,
    data::{Shared, calendar_range, elapsed},
    desk::{Desk, Keys},
    drag::Drag,
    grid::Board,
    hands::{self, Ask},
    keyboard::{self, Cursor, Hands},
    live,
    month::Month,
    panel::Side,
    place::{Place, Span},
    proposal::ProposalCard,
    shelf, team,
    toolbar::Toolbar,
    wishes,
};
use crate::words;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::time::Duration;
use ui::{Failure, FailureAlert, Fetched};

/// The shared calendar at `/dashboard/calendar`.
///
/// All of its state stands in the query: `view`, `date`, `by`, `of`, `location`, `open`, `new`, `zoom`, `cancelled`,
/// and the filter: `only`, `state`, `line`.
/// The first answer of the server is part of the page itself.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let query = use_query_map();
    let place = Memo::new(move |_| query.with(|query| Place::read(|name| query.get(name))));
    let asked = Memo::new(move |_| place.with(|place| (place.location, place.span, place.date)));
    let tick = RwSignal::new(0_u32);
    let held = RwSignal::new(false);
    let ahead = Ahead::new();
    let data = ui::fetched_first(
        move || (asked.get(), tick.get()),
        move |(asked, tick)| {
            let known = ahead.take(asked, tick);
            async move {
                match known {
                    Some(known) => Ok(known),
                    None => calendar_range(asked.0, asked.1, asked.2).await.map(Shared::new),
                }
            }
        },
    );
    let pending = RwSignal::new(false);
    let keys = Keys { place, tick, held, ahead };
    view! {
        <Title text=words::calendar_title(ui::use_lang())/>
        <Transition fallback=skeleton set_pending=pending>
            <Calendar keys=keys data=data pending=pending/>
        </Transition>
    }
}

/// The calendar once there is something to show.
#[component]
fn Calendar(
    /// The URL and what makes the calendar fetch again.
    keys: Keys,
    /// What the server sends.
    data: Fetched<Result<Shared, Failure>>,
    /// Whether an answer is awaited.
    pending: RwSignal<bool>,
) -> impl IntoView {
    let desk = Desk::new(keys, data);
    provide_context(desk);
    let failure = Memo::new(move |_| data.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned())));
    let ready = Memo::new(move |_| desk.loaded.with(Option::is_some));
    live::listen(desk);
    view! {
        <section class="calendar" aria-label=words::calendar_title(desk.lang)>
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure on_retry=move || desk.refetch()/> })}
            {move || ready.get().then(|| parts(desk, pending))}
        </section>
    }
}

fn parts(desk: Desk, pending: RwSignal<bool>) -> AnyView {
    let drag = Drag::new(desk);
    let cursor = Cursor::new();
    let ask = RwSignal::new(None::<Ask>);
    // Who needs a hand keeps it.
    let used = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default() || ask.with(Option::is_some) || desk.held.get() || desk.shelf.is_shown()
    });
    let typed = RwSignal::new(String::new());
    let hands = Hands { desk, drag, cursor, ask, typed };
    keyboard::listen(hands);
    wishes::keep(desk);
    count_on(desk);
    desk.look_ahead();
    // What is to be carried may be said by a panel that is about to close; the board takes it up.
    Effect::new(move |_| {
        if let Some(event) = desk.carried.get()
            && !drag.is_carrying(event)
        {
            request_animation_frame(move || drag.carry(event, desk.shelf.is_copy(event)));
        }
    });
    // Days and weeks of any number are one board; the others are drawings of their own.
    let drawing = Memo::new(move |_| {
        let span = desk.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.span).unwrap_or_default());
        if span.is_grid() { Span::Day } else { span }
    });
    // What was asked for differs from what is shown only while it loads; a quiet refetch changes nothing to the eye.
    let turning = Memo::new(move |_| {
        let (span, date) = desk.place.with(|place| (place.span, place.date));
        pending.get()
            && desk
                .loaded
                .with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.span != span || date.is_some_and(|date| date != loaded.date)))
    });
    // The panel asks for more than the page brings along, so it appears when the page has come to life. (A resource
    // made below a view that waits is made more than once on the server.)
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    // What hands need is there before they want it, and after the first sight.
    Effect::new(move |_| {
        set_timeout(move || drag.get_ready(), Duration::from_millis(900));
    });
    view! {
        <Toolbar desk=desk open=Callback::new(move |which| hands.ask(which))/>
        <div class="calendar-main" data-books=words::they_book(desk.lang, "%") aria-busy=move || turning.get().then_some("true")>
            {move || {
                match drawing.get() {
                    Span::Day => view! { <Board desk=desk drag=drag cursor=cursor/> }.into_any(),
                    other => view! { <Suspense fallback=skeleton>{Suspend::new(drawing_part(desk, other))}</Suspense> }.into_any(),
                }
            }}
            {move || used.get().then(|| view! { <Suspense>{Suspend::new(hands_part(desk, hands))}</Suspense> })}
            <ProposalCard desk=desk/>
        </div>
        {super::mini::mini_month(desk)}
        {move || alive.get().then(|| view! { <Side desk=desk/> })}
        <p class="visually-hidden" role="status" aria-live="assertive">{move || desk.said.get()}</p>
    }
    .into_any()
}

// A month, a list and a week of many are other drawings than days are.
ui::lazy_part!(calendar_month: fn drawing_part(desk: Desk, span: Span) {
    match span {
        Span::Agenda => agenda::view(desk),
        Span::Team => team::view(desk),
        _ => view! { <Month desk=desk/> }.into_any(),
    }
});

// Dialogs and the shelf are nothing that the first sight needs.
ui::lazy_part!(calendar_hands: fn hands_part(desk: Desk, hands: Hands) {
    view! {
        {shelf::view(desk)}
        {hands::dialog(desk, hands.ask, hands.typed)}
    }
    .into_any()
});

/// Counts the server's clock on by the browser's, which may be wrong but runs evenly.
fn count_on(desk: Desk) {
    // The world outside: time.
    Effect::new(move |_| {
        let Some(loaded) = desk.loaded.get() else { return };
        let (told, at) = (loaded.calendar.now, loaded.at);
        let tick = move || {
            let passed = chrono::Duration::milliseconds((elapsed() - at) as i64);
            let _ = desk.now.try_set(Some(told + passed));
        };
        // What was fetched ahead may be a while old; what the page brought along must look as the server drew it.
        if elapsed() - at > 5_000.0 {
            tick();
        } else {
            desk.now.set(None);
        }
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(20)) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// The shape of the grid while the first answer is awaited.
fn skeleton() -> AnyView {
    let boxes: Vec<_> = (0..18).map(|_| view! { <i></i> }).collect();
    view! {
        <div class="calendar" role="status" aria-label=ui::words::loading(ui::use_lang())>
            <div class="calendar-bar"></div>
            <div class="calendar-main"><div class="calendar-skeleton">{boxes}</div></div>
        </div>
    }
    .into_any()
}
