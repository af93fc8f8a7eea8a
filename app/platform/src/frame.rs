//! The frame around every screen behind the sign-in: rail, top bar, toasts, and the contexts that screens rely on.

mod person;
mod places;
mod rail;
mod top;

pub use person::Language;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use platform::session::Me;
use ui::{ButtonLink, Empty, Failure, FailureAlert, Live, Modules, ToastRegion, Toasts, Tone, use_lang};

use crate::{live, session, words};

/// The frame around every screen below `/dashboard`. Provides to the screens inside: [`Modules`], [`Toasts`], [`Live`] and
/// the `Signal<Me>` of [`crate::session::use_me`]. The language comes from the app.
#[component]
pub fn Frame(
    /// All modules of the browser, in the order of the navigation.
    modules: Modules,
    /// The search over everything, shown while its signal is set: `Ctrl K` or the button at the top.
    search: fn(RwSignal<bool>) -> AnyView,
    /// The screen; made once it is known who asks.
    children: Children,
) -> AnyView {
    let toasts = Toasts::new();
    let line = Live::new();
    provide_context(modules);
    provide_context(toasts);
    provide_context(line);
    live::connect(line);
    let me = ui::fetched_first(|| (), |()| session::me());
    view! {
        // No `Suspense` around it: what lies below one that waits is built more than once on the server, and with it
        // all that the screen asks for. There the answer is known from the door, so nothing waits.
        {Suspend::new(async move {
            match me.await {
                Ok(me) => view! { <Room me=me line=line search=search>{children()}</Room> }.into_any(),
                Err(failure) => view! { <NoEntry failure=failure/> }.into_any(),
            }
        })}
        <ToastRegion toasts=toasts/>
    }
    .into_any()
}

/// Rail, top bar and the screen.
#[component]
fn Room(me: Me, line: Live, search: fn(RwSignal<bool>) -> AnyView, children: Children) -> AnyView {
    let lang = use_lang();
    let searching = RwSignal::new(false);
    let keys = window_event_listener(leptos::ev::keydown, move |key| {
        if (key.ctrl_key() || key.meta_key()) && !key.alt_key() && matches!(key.key().as_str(), "k" | "K") {
            key.prevent_default();
            searching.update(|open| *open = !*open);
        }
    });
    on_cleanup(move || keys.remove());
    let open = RwSignal::new(false);
    let path = use_location().pathname;
    // A way taken on a phone closes the rail that lay over the page.
    Effect::new(move |_| {
        path.track();
        open.set(false);
    });
    let belongs = me.organization.is_some();
    let me = Signal::from(me);
    provide_context(me);
    view! {
        <div class="frame" class:rail-open=move || open.get()>
            // The router would take the way itself, and leave the focus where it is.
            <a class="skip" href="#main" rel="external">{words::skip(lang)}</a>
            <rail::Rail me=me open=open/>
            <top::Top me=me open=open line=line searching=searching/>
            <main id="main" tabindex="-1">
                {if belongs { children() } else { view! { <Nowhere/> }.into_any() }}
            </main>
            {belongs.then(|| search(searching))}
        </div>
    }
    .into_any()
}

/// For somebody who belongs to no organization, or no longer.
#[component]
fn Nowhere() -> AnyView {
    let lang = use_lang();
    view! { <Empty icon="building" title=words::nowhere(lang) text=words::nowhere_text(lang)/> }.into_any()
}

/// The session has ended, or the server cannot say who is asking.
#[component]
fn NoEntry(failure: Failure) -> AnyView {
    let lang = use_lang();
    let location = use_location();
    let sign_in = (failure.code() == "unauthenticated").then(|| {
        let href = Signal::derive(move || {
            let mut wanted = location.pathname.get();
            let search = location.search.get();
            if !search.is_empty() {
                wanted.push('?');
                wanted.push_str(&search);
            }
            let mut href = String::from("/sign-in?next=");
            href.push_str(&crate::address::encoded(&wanted));
            href
        });
        view! { <ButtonLink href=href tone=Tone::Primary>{words::sign_in(lang)}</ButtonLink> }
    });
    view! {
        <main id="main" class="alone">
            <h1>"Atrium"</h1>
            <FailureAlert failure=failure/>
            {sign_in}
        </main>
    }
    .into_any()
}
