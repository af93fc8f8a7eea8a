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
    // A number is never given twice: an old toast's time would take a new one away.
    next: StoredValue<u32>,
    region: NodeRef<html::Div>,
    lang: Lang,
}

/// One toast, to be taken away before its time: [`Toasts::dismiss`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice(u32);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    failed: bool,
    offer: Option<(String, Callback<()>)>,
}

impl Toasts {
    /// An empty list; the frame makes one and provides it.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Toasts {
        Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0), region: NodeRef::new(), lang: use_lang() }
    }

    /// Says what was done.
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Says what was done and offers to undo it. `undo` runs at most once.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) -> Notice {
        self.push(text.into(), false, Some((words::undo(self.lang).to_owned(), undo)))
    }

    /// Says what was done and offers something else to do, by its name.
    pub fn offering(self, text: impl Into<String>, name: impl Into<String>, act: Callback<()>) -> Notice {
        self.push(text.into(), false, Some((name.into(), act)))
    }

    /// Says what went wrong; no substitute for an error beside the field it is about.
    pub fn fail(self, failure: &Failure) {
        self.push(failure.text(self.lang), true, None);
    }

    /// Says what went wrong, in one's own words.
    pub fn fail_text(self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    fn push(self, text: String, failed: bool, offer: Option<(String, Callback<()>)>) -> Notice {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            // Three are as many as anybody reads.
            if list.len() == 3 {
                list.remove(0);
            }
            list.push(Toast { id, text, failed, offer });
        });
        self.leave(id, STAY);
        Notice(id)
    }

    fn leave(self, id: u32, after: Duration) {
        set_timeout(
            move || {
                let Some(region) = self.region.try_get_untracked().flatten() else { return };
                let held = region.matches(":hover, :focus-within").unwrap_or_default();
                if held {
                    self.leave(id, LINGER);
                } else {
                    self.dismiss(Notice(id));
                }
            },
            after,
        );
    }

    /// Takes one away; what it offers may have been done elsewhere.
    pub fn dismiss(self, Notice(id): Notice) {
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
        let offer = toast.offer.map(|(name, act)| {
            let press = move |_| {
                toasts.dismiss(Notice(id));
                act.run(());
            };
            view! { <button type="button" class="undo" on:click=press>{name}</button> }
        });
        view! {
            <div class="toast" class:failed=toast.failed>
                {toast.failed.then(|| view! { <Icon name="warning"/> })}
                <span>{toast.text}</span>
                {offer}
                <button type="button" class="away" aria-label=words::close(lang) on:click=move |_| toasts.dismiss(Notice(id))>
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
