//! The calendar's dialogs: the list of keys, a date to go to, an entry to find, and how it all looks.

use super::{Ask, end, legend, look};
use crate::{
    calendar::{desk::Desk, keyboard::focus_event, when},
    words,
};
use leptos::prelude::*;
use services::calendar::event::Event;
use ui::{Button, Dialog, Field, Input, letters::lower};

/// How many entries are offered.
const FOUND: usize = 8;

/// The dialog that is asked for. What was typed since the key was pressed that opens it is in it.
pub fn dialog(desk: Desk, ask: RwSignal<Option<Ask>>, typed: RwSignal<String>) -> AnyView {
    let lang = desk.lang;
    let open = RwSignal::new(false);
    let which = RwSignal::new(Ask::Keys);
    // A dialog closes by itself; what was asked for is over then.
    Effect::new(move |_| {
        if let Some(asked) = ask.get() {
            which.set(asked);
            open.set(true);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            ask.set(None);
        }
        now
    });
    let title = Signal::derive(move || match which.get() {
        Ask::Step { id, to } => end::title(desk, id, to),
        Ask::Keys => words::keys(lang).to_owned(),
        Ask::Legend => legend::title(lang).to_owned(),
        Ask::Look => words::look(lang).to_owned(),
        Ask::Date => words::go_to_date(lang).to_owned(),
        Ask::Find => words::find(lang).to_owned(),
    });
    view! {
        <Dialog open=open title=title>
            {move || match which.get() {
                Ask::Keys => list(desk),
                Ask::Legend => legend::view(desk),
                Ask::Look => look::view(desk),
                Ask::Date => date(desk, open, typed),
                Ask::Find => find(desk, open, typed),
                Ask::Step { id, to } => end::view(desk, id, to, open),
            }}
        </Dialog>
    }
    .into_any()
}

/// A date as freely as it is typed.
fn date(desk: Desk, open: RwSignal<bool>, typed: RwSignal<String>) -> AnyView {
    let lang = desk.lang;
    let meant = move || {
        let today = desk.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.calendar.today))?;
        typed.with(|typed| ui::when::parse_date(typed.trim(), today))
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(date) = untrack(meant) else { return };
        open.set(false);
        desk.go(&desk.place.get_untracked().on(Some(date)));
    };
    let told = move || match meant() {
        Some(date) => when::long_date(lang, date),
        None => words::date_hint(lang).to_owned(),
    };
    view! {
        <form class="calendar-ask" on:submit=submit>
            <Field name="go_to" label=words::date(lang)>
                <Input value=typed autocomplete="off" autofocus=true/>
            </Field>
            <p role="status">{told}</p>
            <footer>
                <Button submit=true disabled=Signal::derive(move || meant().is_none())>{words::go_there(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// An entry of those loaded, by any of the words on it.
fn find(desk: Desk, open: RwSignal<bool>, typed: RwSignal<String>) -> AnyView {
    let lang = desk.lang;
    let found = Memo::new(move |_| {
        let wanted = lower(typed.get().trim());
        let Some(loaded) = desk.loaded.get().filter(|_| !wanted.is_empty()) else { return Vec::new() };
        let fits = |event: &&Event| {
            let mut text = lower(&event.title);
            text.push(' ');
            text.push_str(&lower(&event.face.line));
            wanted.split_whitespace().all(|word| text.contains(word))
        };
        loaded.calendar.events.iter().filter(fits).take(FOUND).cloned().collect::<Vec<_>>()
    });
    let go = move |event: &Event| {
        open.set(false);
        let id = event.id;
        let shown = desk.place.get_untracked();
        if shown.span.is_grid() {
            request_animation_frame(move || focus_event(desk, id));
        } else {
            desk.open(id);
        }
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(first) = found.with_untracked(|found| found.first().cloned()) {
            go(&first);
        }
    };
    let rows = move || {
        let Some(loaded) = desk.loaded.get() else { return Vec::new() };
        found
            .get()
            .into_iter()
            .map(|event| {
                let zone = &loaded.calendar.zone;
                let mut text = when::weekday_day(lang, zone.date(event.start));
                text.push(' ');
                text.push_str(&when::times(zone, event.start, event.end));
                text.push_str(" · ");
                text.push_str(&desk.shown_name(&event));
                view! { <li><button type="button" class="calendar-link" on:click=move |_| go(&event)>{text}</button></li> }
            })
            .collect::<Vec<_>>()
    };
    let none = move || {
        let asked = typed.with(|typed| !typed.trim().is_empty());
        (asked && found.with(Vec::is_empty)).then(|| words::found_none(lang))
    };
    view! {
        <form class="calendar-ask" on:submit=submit>
            <Field name="find" label=words::find_label(lang)>
                <Input value=typed autocomplete="off" autofocus=true/>
            </Field>
            <p role="status">{none}</p>
            <ol class="calendar-found">{rows}</ol>
        </form>
    }
    .into_any()
}

/// The list of keys.
fn list(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let letters = move || desk.wishes.with(|wishes| !wishes.no_letters);
    let switch = move |_| desk.wishes.update(|wishes| wishes.no_letters = !wishes.no_letters);
    let rows = [
        ("c", words::key_new(lang)),
        ("f", words::key_earliest(lang)),
        ("t", words::key_today(lang)),
        ("g", words::key_date(lang)),
        ("d w 2 m a", words::key_spans(lang)),
        ("s r v", words::key_kinds(lang)),
        ("j k", words::key_next(lang)),
        ("[ ]", words::key_weeks(lang)),
        ("+ −", words::key_zoom(lang)),
        ("o", words::key_look(lang)),
        ("p", words::key_private(lang)),
        ("/", words::key_find(lang)),
        ("← ↑ → ↓", words::key_walk(lang)),
        ("Enter e", words::key_open(lang)),
        ("1 – 7", words::key_states(lang)),
        ("Delete", words::key_delete(lang)),
        ("Shift M", words::key_lift(lang)),
        ("Shift X", words::key_swap(lang)),
        ("Ctrl X C V", words::key_shelf(lang)),
        ("Ctrl Z  z", words::key_undo(lang)),
        ("Ctrl Shift Z  Z", words::key_redo(lang)),
        ("Esc", words::key_escape(lang)),
        ("?", words::key_help(lang)),
    ];
    let mouse = [
        (words::mouse_alt(lang), words::mouse_copy(lang)),
        (words::mouse_ctrl(lang), words::mouse_swap(lang)),
        (words::mouse_shift(lang), words::mouse_minutes(lang)),
        (words::mouse_choose(lang), words::mouse_several(lang)),
        (words::mouse_edge(lang), words::mouse_turn(lang)),
    ];
    let row = |(keys, text)| view! { <dt><kbd>{keys}</kbd></dt><dd>{text}</dd> };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let mouse: Vec<_> = mouse.into_iter().map(row).collect();
    view! {
        <label class="calendar-letters">
            <input type="checkbox" prop:checked=letters on:change=switch aria-describedby="calendar-letters"/>
            {words::key_letters(lang)}
        </label>
        <p id="calendar-letters">{words::key_letters_hint(lang)}</p>
        <dl class="calendar-keys">{rows}</dl>
        <h3>{words::mouse(lang)}</h3>
        <dl class="calendar-keys">{mouse}</dl>
    }
    .into_any()
}
