//! The side itself: tags, and five tabs.

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{FailureAlert, Heard, Lang, Skeleton, Toasts, use_lang, use_live, use_toasts};
use wasm_bindgen::JsCast;

use super::{
    documents,
    doors::{Side, read_side},
    links, notes, tags, tasks, timeline,
};
use crate::words;

/// What all tabs of one side share.
#[derive(Clone, Copy)]
pub struct Shared {
    pub lang: Lang,
    pub toasts: Toasts,
    pub id: EntityId,
    pub side: RwSignal<Side>,
    /// Grows whenever something was done to the record, for what is read by itself.
    pub news: RwSignal<u32>,
}

impl Shared {
    /// Reads the side anew.
    pub fn refresh(self) {
        spawn_local(async move {
            match read_side(self.id).await {
                // The page may have been left meanwhile.
                Ok(Some(side)) => {
                    if self.side.try_with_untracked(|old| *old != side) == Some(true) {
                        self.side.set(side);
                    }
                    self.news.try_update(|news| *news += 1);
                }
                // Of what is gone nothing is told any more; its page stays as it was, for whoever brings it back.
                Ok(None) => {}
                Err(failure) => self.toasts.fail(&failure),
            }
        });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Notes,
    Tasks,
    Documents,
    Links,
    Timeline,
}

const TABS: [Tab; 5] = [Tab::Notes, Tab::Tasks, Tab::Documents, Tab::Links, Tab::Timeline];

impl Tab {
    fn key(self) -> &'static str {
        match self {
            Tab::Notes => "notes",
            Tab::Tasks => "tasks",
            Tab::Documents => "documents",
            Tab::Links => "links",
            Tab::Timeline => "timeline",
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Tab::Notes => words::side_notes(lang),
            Tab::Tasks => words::side_tasks(lang),
            Tab::Documents => words::side_documents(lang),
            Tab::Links => words::side_links(lang),
            Tab::Timeline => words::side_timeline(lang),
        }
    }

    fn count(self, side: &Side) -> usize {
        match self {
            Tab::Notes => side.notes.0.len(),
            Tab::Tasks => side.tasks.iter().filter(|task| task.done_at.is_none()).count(),
            Tab::Documents => side.documents.0.len(),
            Tab::Links => side.links.len(),
            Tab::Timeline => 0,
        }
    }
}

// The notes are what is seen first; the others come when they are asked for.
ui::lazy_part!(record_tasks: fn tasks_part(shared: Shared) { tasks::view(shared) });
ui::lazy_part!(record_documents: fn documents_part(shared: Shared) { documents::view(shared) });
ui::lazy_part!(record_links: fn links_part(shared: Shared) { links::view(shared) });
ui::lazy_part!(record_links: fn timeline_part(shared: Shared) { timeline::view(shared) });

/// A lazy part.
pub const TASKS: ui::lazy::Part = tasks_part::PART;
/// A lazy part.
pub const DOCUMENTS: ui::lazy::Part = documents_part::PART;
/// A lazy part.
pub const LINKS: ui::lazy::Part = links_part::PART;
/// A lazy part.
pub const TIMELINE: ui::lazy::Part = timeline_part::PART;

/// The side of a record.
pub fn view(id: EntityId) -> AnyView {
    let side = ui::fetched(move || id, read_side);
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=6/> }>
            {move || Suspend::new(async move {
                match side.await {
                    Ok(Some(side)) => shown(id, side),
                    Ok(None) => ().into_any(),
                    // Whoever may not see what is said about records sees the record without it.
                    Err(failure) if failure.0.status == 403 => ().into_any(),
                    Err(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn shown(id: EntityId, side: Side) -> AnyView {
    let lang = use_lang();
    let shared = Shared { lang, toasts: use_toasts(), id, side: RwSignal::new(side), news: RwSignal::new(0) };
    use_live().listen(move |heard| match heard {
        Heard::Changed(event) if event.entity_id != id => {}
        _ => shared.refresh(),
    });
    let tab = RwSignal::new(Tab::Notes);
    let go = move |to: Tab| {
        tab.set(to);
        let node = document().get_element_by_id(&tab_id(to)).and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(node) = node {
            let _ = node.focus();
        }
    };
    let keys = move |event: KeyboardEvent| {
        let at = TABS.iter().position(|one| *one == tab.get_untracked()).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % TABS.len(),
            "ArrowLeft" => (at + TABS.len() - 1) % TABS.len(),
            "Home" => 0,
            "End" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        go(TABS[to]);
    };
    let heads: Vec<AnyView> = TABS
        .into_iter()
        .map(|one| {
            let count = move || shared.side.with(|side| one.count(side));
            view! {
                <button
                    type="button"
                    role="tab"
                    id=tab_id(one)
                    aria-controls="record-side-panel"
                    aria-selected=move || if tab.get() == one { "true" } else { "false" }
                    tabindex=move || if tab.get() == one { "0" } else { "-1" }
                    on:click=move |_| tab.set(one)
                >
                    {one.name(lang)}
                    {move || (count() > 0).then(|| view! { <small>{count()}</small> })}
                </button>
            }
            .into_any()
        })
        .collect();
    let panel = move || match tab.get() {
        Tab::Notes => notes::view(shared),
        Tab::Tasks => view! { <Suspense>{Suspend::new(tasks_part(shared))}</Suspense> }.into_any(),
        Tab::Documents => view! { <Suspense>{Suspend::new(documents_part(shared))}</Suspense> }.into_any(),
        Tab::Links => view! { <Suspense>{Suspend::new(links_part(shared))}</Suspense> }.into_any(),
        Tab::Timeline => view! { <Suspense>{Suspend::new(timeline_part(shared))}</Suspense> }.into_any(),
    };
    view! {
        <section class="beside" aria-label=words::side_label(lang)>
            {tags::view(shared)}
            <div class="beside-tabs" role="tablist" aria-label=words::side_label(lang) on:keydown=keys>{heads}</div>
            <div id="record-side-panel" class="beside-panel" role="tabpanel" tabindex="-1" aria-labelledby=move || tab_id(tab.get())>
                {panel}
            </div>
        </section>
    }
    .into_any()
}

fn tab_id(tab: Tab) -> String {
    ["record-side-", tab.key()].concat()
}
