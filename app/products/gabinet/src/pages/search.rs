//! What is searched for in a list. It stands in the address, so that reload and share work.

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use std::time::Duration;
use ui::Input;

/// How long after the last key the search begins.
const PAUSE: Duration = Duration::from_millis(200);

/// The search of a list.
#[derive(Clone, Copy)]
pub struct Search {
    /// As typed so far.
    pub typed: RwSignal<String>,
    /// As it stands in the address: shortly after typing.
    pub wanted: Memo<String>,
}

impl Search {
    /// As the address has it.
    pub fn new() -> Search {
        let query = use_query_map();
        let wanted = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
        let typed = RwSignal::new(wanted.get_untracked());
        let pause = StoredValue::new(None::<TimeoutHandle>);
        let stop = move || {
            pause.try_update_value(|pause| {
                if let Some(earlier) = pause.take() {
                    earlier.clear();
                }
            });
        };
        let location = use_location();
        let go = use_navigate();
        let go = Callback::new(move |typed: String| {
            let search = location.search.get_untracked();
            let value = Some(typed.trim()).filter(|text| !text.is_empty());
            let address = app_platform::address::with_parameter(&location.pathname.get_untracked(), &search, "q", value);
            go(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        });
        // The world outside: the address follows what is typed, and the field follows a link or the way back.
        Effect::new(move |before: Option<String>| {
            let now = typed.get();
            if before.is_some_and(|before| before != now) && now.trim() != wanted.get_untracked() {
                stop();
                let sent = now.clone();
                let later = set_timeout_with_handle(
                    move || {
                        pause.try_set_value(None);
                        go.run(sent);
                    },
                    PAUSE,
                );
                pause.set_value(later.ok());
            }
            now
        });
        Effect::new(move |_| {
            let wanted = wanted.get();
            if pause.with_value(Option::is_none) && typed.with_untracked(|typed| typed.trim() != wanted) {
                typed.set(wanted);
            }
        });
        on_cleanup(stop);
        Search { typed, wanted }
    }

    /// The field.
    pub fn view(self, label: &'static str) -> AnyView {
        view! {
            <search class="filters">
                <Input name="q" kind="search" value=self.typed label=label placeholder=label autocomplete="off"/>
            </search>
        }
        .into_any()
    }
}
