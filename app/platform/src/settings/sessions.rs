//! One's own sessions, each of which can be ended, and one's password.

use leptos::prelude::*;
use platform::{id::SessionId, session::SessionRow, time::ZoneWindow};
use serde::{Deserialize, Serialize};
use ui::Wire;
use ui::{Button, ErrorSummary, Failure, Field, Icon, Input, Lang, Meaning, Page, Skeleton, Table, Tag, Tone, use_lang, use_toasts, when};

use crate::{lost::ErrorPage, session::use_me, words};

#[cfg(feature = "ssr")]
use crate::session::{begin, identity};

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Signed {
    sessions: Vec<SessionRow>,
    zone: ZoneWindow,
    now: chrono::DateTime<chrono::Utc>,
}

/// One's own living sessions.
#[server(prefix = "/fn", endpoint = "platform/sessions", input = Wire, output = Wire)]
pub async fn read_sessions() -> Result<Signed, Failure> {
    let (state, identity) = identity().await?;
    let mut sessions = platform::sessions::list(&state, &identity).await?;
    // The one that asks comes first, then as they were used.
    sessions.sort_by_key(|session| !session.current);
    let mut tx = begin().await?;
    let signed = Signed { sessions, zone: super::zone(&mut tx).await?, now: tx.now() };
    tx.commit().await?;
    Ok(signed)
}

/// Ends one of one's own sessions.
#[server(prefix = "/fn", endpoint = "platform/sessions/revoke", input = Wire, output = Wire)]
pub async fn revoke_session(id: SessionId) -> Result<(), Failure> {
    let (state, identity) = identity().await?;
    Ok(platform::sessions::revoke(&state, &identity, id).await?)
}

/// Sets a new password; all other sessions end and this one gets a new cookie.
#[server(prefix = "/fn", endpoint = "platform/password", input = Wire, output = Wire)]
pub async fn change_password(current: String, password: String) -> Result<(), Failure> {
    let (state, identity) = identity().await?;
    let token = platform::sessions::change_password(&state, &identity, &current, &password).await?;
    let cookie = http::HeaderValue::from_str(&platform::sessions::set_cookie(&state, &token)).map_err(platform::Error::internal)?;
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
    Ok(())
}

/// The page.
#[component]
pub fn Sessions() -> AnyView {
    let signed = ui::fetched(|| (), |()| read_sessions());
    let again = Callback::new(move |()| signed.refetch());
    let lang = use_lang();
    view! {
        <Page title=words::sessions(lang) lead=words::sessions_lead(lang)>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=3/> }>
                {move || Suspend::new(async move {
                    match signed.await {
                        Ok(signed) => view! { <List signed=signed again=again/> }.into_any(),
                        Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
            <section class="password">
                <h2>{words::change_password(lang)}</h2>
                <PasswordForm again=again/>
            </section>
        </Page>
    }
    .into_any()
}

#[component]
fn List(signed: Signed, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let revoke = Action::new_local(move |id: &SessionId| {
        let id = *id;
        async move {
            match revoke_session(id).await {
                Ok(()) => toasts.say(words::session_ended(lang)),
                Err(failure) => toasts.fail(&failure),
            }
            again.run(());
        }
    });
    let today = signed.zone.date(signed.now);
    let rows = signed
        .sessions
        .into_iter()
        .map(|session| {
            let id = session.id;
            let name = device(lang, &session);
            let seen = when::moment(lang, signed.zone.wall(session.seen_at), today);
            let began = when::moment(lang, signed.zone.wall(session.created_at), today);
            let action = match session.current {
                true => view! { <Tag meaning=Meaning::Positive text=words::this_session(lang)/> }.into_any(),
                false => view! {
                    <Button tone=Tone::Quiet on_press=move || { revoke.dispatch_local(id); }>{words::end_session(lang)}</Button>
                }
                .into_any(),
            };
            view! {
                <tr>
                    <th scope="row" title=session.agent><Icon name="monitor"/>" "{name}</th>
                    <td>{seen}</td>
                    <td>{began}</td>
                    <td class="end">{action}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=words::sessions(lang) heads=vec![words::device(lang), words::last_used(lang), words::signed_in(lang), ""]>
            {rows}
        </Table>
    }
    .into_any()
}

/// `Chrome, Windows` out of what a client calls itself, as far as it can be told.
fn device(lang: Lang, session: &SessionRow) -> String {
    if session.kind == "api" {
        return words::api_client(lang).into();
    }
    let agent = session.agent.as_str();
    // In this order, for each browser claims to be those after it.
    let browser = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")];
    let system =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];
    let find = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&browser), find(&system)) {
        (Some(browser), Some(system)) => [browser, ", ", system].concat(),
        (Some(one), None) | (None, Some(one)) => one.into(),
        _ => words::unknown_device(lang).into(),
    }
}

#[component]
fn PasswordForm(again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let current = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| async move {
        match change_password(current.get_untracked(), password.get_untracked()).await {
            Ok(()) => {
                current.set(String::new());
                password.set(String::new());
                failure.set(None);
                toasts.say(words::password_changed(lang));
                again.run(());
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    view! {
        <form
            class="form"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch_local(());
            }
        >
            <ErrorSummary failure=failure fields=vec![("current", words::current_password(lang)), ("password", words::new_password(lang))]/>
            // For the browser's own store of passwords.
            <input hidden type="text" name="username" autocomplete="username" value=use_me().with_untracked(|me| me.email.clone())/>
            <Field name="current" label=words::current_password(lang) required=true failure=failure>
                <Input kind="password" value=current autocomplete="current-password"/>
            </Field>
            <Field name="password" label=words::new_password(lang) help=words::password_help(lang) required=true failure=failure>
                <Input kind="password" value=password autocomplete="new-password"/>
            </Field>
            <Button tone=Tone::Primary submit=true busy=save.pending()>{words::change_password(lang)}</Button>
        </form>
    }
    .into_any()
}
