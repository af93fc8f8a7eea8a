//! One box over everything: records of all products, the pages and what can be begun. Ctrl K opens it anywhere.

mod doors;
mod entries;
mod recent;

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use std::time::Duration;
use ui::{Dialog, Icon, Lang, Modules, Toasts, use_lang, use_modules, use_toasts};

use crate::{persons::alert_marks, words};
use entries::{Entry, Group, fixed, matching};

/// How long after the last key the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

ui::lazy_part!(search: fn search_part(open: RwSignal<bool>) {
    palette(open)
});

/// The search over everything, for the frame: it is loaded when it is first opened, and shown while `open` is set.
pub fn over_everything(open: RwSignal<bool>) -> AnyView {
    let used = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || open.get());
    view! { {move || used.get().then(|| view! { <Suspense>{Suspend::new(search_part(open))}</Suspense> })} }.into_any()
}

/// What is typed and what was found.
#[derive(Clone, Copy)]
struct Search {
    lang: Lang,
    open: RwSignal<bool>,
    typed: RwSignal<String>,
    found: RwSignal<Vec<Entry>>,
    /// For what `found` was found.
    answered: RwSignal<String>,
    active: RwSignal<usize>,
    shown: Memo<Vec<Entry>>,
    pause: StoredValue<Option<TimeoutHandle>>,
    /// Under which name the last records are kept.
    kept: StoredValue<String>,
    modules: Modules,
    toasts: Toasts,
    go: Callback<String>,
}

impl Search {
    fn new(open: RwSignal<bool>) -> Self {
        let lang = use_lang();
        let pages = StoredValue::new(fixed(lang));
        let (typed, found, answered) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()), RwSignal::new(String::new()));
        let kept = StoredValue::new(recent::key());
        let opened = Memo::new(move |_| if open.get() { kept.with_value(|key| recent::read(key)) } else { Vec::new() });
        let navigate = use_navigate();
        let go = Callback::new(move |path: String| navigate(&path, leptos_router::NavigateOptions::default()));
        let shown = Memo::new(move |_| {
            let needle = typed.get();
            if needle.trim().is_empty() {
                let pages = pages.with_value(Clone::clone);
                return opened.get().into_iter().chain(pages).collect();
            }
            // What is called just so comes first; then records, and what merely has the letters in it.
            let (named, pages): (Vec<Entry>, Vec<Entry>) =
                pages.with_value(|pages| matching(pages, &needle)).into_iter().partition(|entry| entry.is_called(&needle));
            named.into_iter().chain(found.get()).chain(pages).collect::<Vec<Entry>>()
        });
        let (active, pause) = (RwSignal::new(0), StoredValue::new(None));
        let (modules, toasts) = (use_modules(), use_toasts());
        Self { lang, open, typed, found, answered, active, shown, pause, kept, modules, toasts, go }
    }

    /// Asks the server a moment after the last key.
    fn ask(self) {
        self.active.set(0);
        let asked = self.typed.get_untracked().trim().to_owned();
        if let Some(earlier) = self.pause.try_update_value(Option::take).flatten() {
            earlier.clear();
        }
        if asked.is_empty() {
            self.found.set(Vec::new());
            self.answered.set(asked);
            return;
        }
        let ask = move || {
            spawn_local(async move {
                let answer = doors::search_everything(asked.clone()).await;
                // Somebody has typed on meanwhile.
                if self.typed.try_with_untracked(|typed| typed.trim() == asked) != Some(true) {
                    return;
                }
                match answer {
                    Ok(hits) => {
                        self.found.set(hits.into_iter().map(|hit| Entry::record(self.modules, self.lang, hit)).collect());
                        self.answered.set(asked);
                    }
                    Err(failure) => self.toasts.fail(&failure),
                }
            });
        };
        self.pause.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    }

    /// Opens what was chosen.
    fn take(self, at: usize) {
        let Some(entry) = self.shown.with_untracked(|shown| shown.get(at).cloned()) else { return };
        if entry.group == Group::Records || entry.group == Group::Recent {
            self.kept.with_value(|key| recent::keep(key, &entry));
        }
        self.open.set(false);
        self.typed.set(String::new());
        self.found.set(Vec::new());
        self.go.run(entry.path);
    }

    fn key(self, event: &KeyboardEvent) {
        let last = self.shown.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => self.active.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => self.active.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
            "Home" if event.ctrl_key() => self.active.set(0),
            "End" if event.ctrl_key() => self.active.set(last),
            "Enter" => self.take(self.active.get_untracked()),
            // A browser would clear the field first, and close only at the second press.
            "Escape" => self.open.set(false),
            _ => return,
        }
        event.prevent_default();
        // The list keeps what is marked in sight.
        request_animation_frame(move || {
            if let Some(node) = document().get_element_by_id(&id(self.active.get_untracked())) {
                let calm = web_sys::ScrollIntoViewOptions::new();
                calm.set_block(web_sys::ScrollLogicalPosition::Nearest);
                node.scroll_into_view_with_scroll_into_view_options(&calm);
            }
        });
    }
}

fn id(at: usize) -> String {
    let mut id = String::from("search-");
    id.push_str(&at.to_string());
    id
}

fn palette(open: RwSignal<bool>) -> AnyView {
    let search = Search::new(open);
    let lang = search.lang;
    view! {
        <Dialog open=open title=words::search(lang) class="search">
            {move || field(search)}
            {move || list(search)}
        </Dialog>
    }
    .into_any()
}

fn field(search: Search) -> AnyView {
    let lang = search.lang;
    let node = NodeRef::<html::Input>::new();
    // The world outside: the focus, and what stands in the field from the last time.
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let active = move || search.shown.with(|shown| !shown.is_empty()).then(|| id(search.active.get()));
    view! {
        <label class="search-field">
            <Icon name="search"/>
            <input
                node_ref=node
                type="search"
                role="combobox"
                aria-label=words::search(lang)
                aria-expanded="true"
                aria-controls="search-list"
                aria-activedescendant=active
                aria-autocomplete="list"
                autocomplete="off"
                spellcheck="false"
                maxlength="200"
                placeholder=words::search_placeholder(lang)
                prop:value=search.typed.get_untracked()
                on:input:target=move |event| {
                    search.typed.set(event.target().value());
                    search.ask();
                }
                on:keydown=move |event| search.key(&event)
            />
        </label>
    }
    .into_any()
}

fn list(search: Search) -> AnyView {
    let lang = search.lang;
    let rows = move || {
        let mut before = None;
        search.shown.with(|shown| {
            shown
                .iter()
                .enumerate()
                .map(|(at, entry)| {
                    // A heading where another kind of thing begins.
                    let heading = (before != Some(entry.group))
                        .then(|| view! { <li role="presentation" class="search-group">{entry.group.name(lang)}</li> });
                    before = Some(entry.group);
                    view! { {heading}{row(search, at, entry)} }
                })
                .collect_view()
        })
    };
    let nothing = move || {
        let answered = search.typed.with(|typed| search.answered.with(|answered| typed.trim() == answered && !answered.is_empty()));
        (answered && search.shown.with(Vec::is_empty)).then(|| view! { <p class="search-none">{words::search_none(lang)}</p> })
    };
    let spoken = move || {
        let many = search.shown.with(Vec::len);
        words::search_found(lang, i64::try_from(many).unwrap_or(i64::MAX))
    };
    view! {
        <ul id="search-list" role="listbox" aria-label=words::search_results(lang)>{rows}</ul>
        {nothing}
        <p role="status" class="visually-hidden">{spoken}</p>
        <p class="search-keys" aria-hidden="true"><kbd>"↑↓"</kbd>" "<kbd>"↵"</kbd>" "<kbd>"Esc"</kbd></p>
    }
    .into_any()
}

fn row(search: Search, at: usize, entry: &Entry) -> AnyView {
    let detail = (!entry.detail.is_empty()).then(|| view! { <small>{entry.detail.clone()}</small> });
    let icon = ["#icon-", &entry.icon].concat();
    view! {
        <li
            id=id(at)
            role="option"
            aria-selected=move || if search.active.get() == at { "true" } else { "false" }
            on:mousemove=move |_| {
                if search.active.get_untracked() != at {
                    search.active.set(at);
                }
            }
            on:click=move |_| search.take(at)
        >
            <svg class="icon" aria-hidden="true"><use href=icon></use></svg>
            <span>{entry.title.clone()}</span>
            {(!entry.alerts.is_empty()).then(|| view! { <span class="marks">{alert_marks(search.lang, &entry.alerts)}</span> })}
            {detail}
            <i>{entry.kind.clone()}</i>
        </li>
    }
    .into_any()
}
