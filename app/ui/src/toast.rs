//! What has just happened, for ten seconds, with Undo where there is one.

use crate::{Failure, Icon, Lang, use_lang, words};
use leptos::{html, prelude::*};
use std::time::Duration;

/// How long a toast stays.
const STAY: Duration = Duration::from_secs(10);
/// How long it stays on while somebody is reading or about to press.
const LINGER: Duration = Duration::from_secs(2);

/// Where toasts are announced from anywhere below the frame: [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    region: NodeRef<html::Div>,
    lang: Lang,
}

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    failed: bool,
    undo: Option<Callback<()>>,
}

impl Toasts {
    /// An empty list; the frame makes one and provides it.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Toasts {
        Toasts { list: RwSignal::new(Vec::new()), region: NodeRef::new(), lang: use_lang() }
    }

    /// Says what was done.
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Says what was done and offers to undo it. `undo` runs at most once.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) {
        self.push(text.into(), false, Some(undo));
    }

    /// Says what went wrong; no substitute for an error beside the field it is about.
    pub fn fail(self, failure: &Failure) {
        self.push(failure.text(self.lang), true, None);
    }

    /// Says what went wrong, in one's own words.
    pub fn fail_text(self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    fn push(self, text: String, failed: bool, undo: Option<Callback<()>>) {
        let id = self.list.with_untracked(|list| list.last().map_or(0, |last| last.id + 1));
        self.list.update(|list| {
            // Three are as many as anybody reads.
            if list.len() == 3 {
                list.remove(0);
            }
            list.push(Toast { id, text, failed, undo });
        });
        self.leave(id, STAY);
    }

    fn leave(self, id: u32, after: Duration) {
        set_timeout(
            move || {
                let Some(region) = self.region.try_get_untracked().flatten() else { return };
                let held = region.matches(":hover, :focus-within").unwrap_or_default();
                if held {
                    self.leave(id, LINGER);
                } else {
                    self.dismiss(id);
                }
            },
            after,
        );
    }

    fn dismiss(self, id: u32) {
        if self.list.with_untracked(|list| list.iter().any(|toast| toast.id == id)) {
            self.list.update(|list| list.retain(|toast| toast.id != id));
        }
    }
}

/// The toasts of the frame.
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(Toasts::new)
}

/// Where toasts appear; once, in the frame. A live region, so that they are read out.
#[component]
pub fn ToastRegion(
    /// What to show.
    toasts: Toasts,
) -> AnyView {
    let lang = use_lang();
    let item = move |toast: Toast| {
        let id = toast.id;
        let undo = toast.undo.map(|undo| {
            let press = move |_| {
                toasts.dismiss(id);
                undo.run(());
            };
            view! { <button type="button" class="undo" on:click=press>{words::undo(lang)}</button> }
        });
        view! {
            <div class="toast" class:failed=toast.failed>
                {toast.failed.then(|| view! { <Icon name="warning"/> })}
                <span>{toast.text}</span>
                {undo}
                <button type="button" class="away" aria-label=words::close(lang) on:click=move |_| toasts.dismiss(id)>
                    <Icon name="close"/>
                </button>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-label=words::notices(lang) node_ref=toasts.region>
            <For each=move || toasts.list.get() key=|toast| toast.id children=item/>
        </div>
    }
    .into_any()
}
