//! Signing in: a plain form that works before the wasm has loaded, and without it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use platform::error::Problem;
use ui::{Alert, Button, Icon, Lang, Meaning, Tone, failure_text, use_lang};

use crate::{frame::Language, words};

/// `/sign-in`: `?error=` says what was wrong with the last attempt, `?email=` holds the address typed, `?next=` is where
/// to go afterwards, `?welcome=1` follows an accepted invitation.
#[component]
pub fn SignIn() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let get = move |key: &str| query.with_untracked(|query| query.get(key)).unwrap_or_default();
    let email = get("email");
    let known = !email.is_empty();
    let error = get("error");
    let welcome = (!get("welcome").is_empty()).then(|| view! { <Alert meaning=Meaning::Positive>{words::welcome(lang)}</Alert> });
    let wrong = (!error.is_empty()).then(|| {
        let text = refused(lang, &error, get("after").parse().ok());
        view! { <div role="alert" id="sign-in-error"><Alert meaning=Meaning::Critical>{text}</Alert></div> }
    });
    view! {
        <Title text=words::sign_in(lang)/>
        <main class="alone" id="main">
            <div class="alone-brand"><span class="mark"><Icon name="atrium"/></span>"Atrium"</div>
            <h1>{words::sign_in(lang)}</h1>
            {welcome}
            {wrong}
            <form method="post" action="/sign-in" class="form">
                <input type="hidden" name="next" value=get("next")/>
                <div class="field">
                    <label for="email">{words::email(lang)}</label>
                    <input class="input" id="email" name="email" type="email" autocomplete="username" required=true value=email autofocus=!known aria-describedby=(!error.is_empty()).then_some("sign-in-error")/>
                </div>
                <div class="field">
                    <label for="password">{words::password(lang)}</label>
                    <input class="input" id="password" name="password" type="password" autocomplete="current-password" required=true autofocus=known/>
                </div>
                <Button tone=Tone::Primary submit=true class="wide">{words::sign_in(lang)}</Button>
            </form>
            <Language/>
        </main>
    }
    .into_any()
}

/// Why one was not let in. Whether the address is unknown or the password wrong is never told.
fn refused(lang: Lang, code: &str, after: Option<u32>) -> String {
    match code {
        "unauthenticated" | "invalid" => words::sign_in_refused(lang).into(),
        _ => {
            let mut problem = Problem::new(0, code, "", "");
            problem.retry_after = after;
            known_or_general(lang, &problem)
        }
    }
}

/// The text for a code from an address, which anybody can write: an unknown one says nothing of its own.
pub fn known_or_general(lang: Lang, problem: &Problem) -> String {
    let text = failure_text(lang, problem);
    if text.is_empty() { words::failed(lang).into() } else { text }
}
