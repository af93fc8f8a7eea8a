//! Pages for what is not there or went wrong.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, Failure, FailureAlert, Icon, Tone, use_lang};

use crate::words;

/// No page has this address: says so with the status 404. Foreign and absent records look the same.
#[component]
pub fn NotFound() -> AnyView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let lang = use_lang();
    view! {
        <Title text=words::not_found(lang)/>
        <div class="alone">
            <div class="alone-brand"><span class="mark"><Icon name="atrium"/></span>"Atrium"</div>
            <h1>{words::not_found(lang)}</h1>
            <p>{words::not_found_text(lang)}</p>
            <ButtonLink href="/dashboard/calendar" tone=Tone::Primary>{words::to_calendar(lang)}</ButtonLink>
        </div>
    }
    .into_any()
}

/// A page that could not be drawn: what happened, the reference to tell us, and the way on. A missing product leads to
/// its upgrade page, an ended session to the sign-in.
#[component]
pub fn ErrorPage(
    /// What went wrong.
    failure: Failure,
) -> AnyView {
    let lang = use_lang();
    if failure.code() == "not_found" {
        return view! { <NotFound/> }.into_any();
    }
    let reload = failure.is_passing() || failure.code() == "internal";
    view! {
        <Title text=words::failed(lang)/>
        <div class="alone">
            <h1>{words::failed(lang)}</h1>
            <FailureAlert failure=failure/>
            <div class="actions">
                // A plain link to this very page works without wasm.
                {reload.then(|| view! { <a class="button primary" href="" rel="external">{words::reload(lang)}</a> })}
                <ButtonLink href="/dashboard/calendar">{words::to_calendar(lang)}</ButtonLink>
            </div>
        </div>
    }
    .into_any()
}
