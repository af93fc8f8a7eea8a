//! Accepting an invitation: a plain form, like signing in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use platform::{error::Problem, id::OrganizationId, invitations::Preview};
use ui::{Alert, Button, ButtonLink, Failure, FailureAlert, Icon, Meaning, Skeleton, Tone, place::param, use_lang};

use crate::{address, frame::Language, settings::role_name, sign_in::known_or_general, words};

#[cfg(feature = "ssr")]
use crate::session;

/// An invitation as its link's holder sees it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Waiting {
    preview: Preview,
    /// The address one is signed in with, if one is.
    signed_in: Option<String>,
}

/// What awaits behind a link. Not found if it is unknown, used, revoked or expired.
#[server(prefix = "/fn", endpoint = "platform/invite", input = ui::Wire, output = ui::Wire)]
pub async fn read_invite(organization: OrganizationId, token: String) -> Result<Waiting, Failure> {
    let state = session::state()?;
    let preview = platform::invitations::preview(&state, organization, &token).await?;
    let signed_in = match use_context::<http::request::Parts>() {
        Some(parts) => platform::sessions::identify(&state, &parts.headers).await?.map(|identity| identity.email),
        None => None,
    };
    Ok(Waiting { preview, signed_in })
}

/// `/invite/{organization}/{token}`: `?error=` says why the last attempt failed, `?name=` holds the name typed.
#[component]
pub fn Invite() -> AnyView {
    let lang = use_lang();
    let (organization, token) = (param("organization"), param("token"));
    let invite = ui::fetched_first(
        move || (organization.clone(), token.clone()),
        |(organization, token)| async move {
            match organization.parse() {
                Ok(organization) => read_invite(organization, token).await,
                Err(_) => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    view! {
        <Title text=words::invitation(lang)/>
        <main class="alone" id="main">
            <div class="alone-brand"><span class="mark"><Icon name="atrium"/></span>"Atrium"</div>
            <Suspense fallback=|| view! { <Skeleton lines=4/> }>
                {move || Suspend::new(async move {
                    match invite.await {
                        Ok(invite) => view! { <Accept invite=invite/> }.into_any(),
                        Err(failure) if failure.code() == "not_found" => view! {
                            <h1>{words::invitation(lang)}</h1>
                            <Alert meaning=Meaning::Attention>{words::invitation_gone(lang)}</Alert>
                        }.into_any(),
                        Err(failure) => view! { <h1>{words::invitation(lang)}</h1><FailureAlert failure=failure/> }.into_any(),
                    }
                })}
            </Suspense>
            <Language/>
        </main>
    }
    .into_any()
}

/// The form: name and password for somebody new, one button for somebody with an account.
#[component]
fn Accept(invite: Waiting) -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let path = use_location().pathname;
    let Waiting { preview, signed_in } = invite;
    let get = move |key: &str| query.with_untracked(|query| query.get(key)).unwrap_or_default();
    let error = get("error");
    let wrong = (!error.is_empty()).then(|| {
        let text = match error.as_str() {
            "invalid" => words::invite_invalid(lang).into(),
            code => known_or_general(lang, &Problem::new(0, code, "", "")),
        };
        view! { <div role="alert"><Alert meaning=Meaning::Critical>{text}</Alert></div> }
    });
    let role = role_name(lang, &preview.role, Some(&preview.role_name));
    let action = path.get_untracked();
    let form = match (preview.has_account, signed_in) {
        (false, None) => view! {
            <form method="post" action=action class="form">
                <div class="field">
                    <label for="email">{words::email(lang)}</label>
                    <input class="input" id="email" type="email" autocomplete="username" value=preview.email.clone() readonly=true/>
                </div>
                <div class="field">
                    <label for="name">{words::your_name(lang)}</label>
                    <input class="input" id="name" name="name" autocomplete="name" required=true maxlength="200" value=get("name") autofocus=true/>
                </div>
                <div class="field">
                    <label for="password">{words::new_password(lang)}</label>
                    <input class="input" id="password" name="password" type="password" autocomplete="new-password" required=true minlength="10" maxlength="200" aria-describedby="password-help"/>
                    <p class="help" id="password-help">{words::password_help(lang)}</p>
                </div>
                <Button tone=Tone::Primary submit=true class="wide">{words::accept(lang)}</Button>
            </form>
        }
        .into_any(),
        (true, None) => {
            let href = address::with_parameter(&address::with_parameter("/sign-in", "", "next", Some(&action)), "", "email", Some(&preview.email));
            view! {
                <p>{words::invite_sign_in(lang, &preview.email)}</p>
                <ButtonLink href=href tone=Tone::Primary class="wide">{words::sign_in(lang)}</ButtonLink>
            }
            .into_any()
        }
        (_, Some(email)) if email == preview.email => view! {
            <form method="post" action=action class="form">
                <Button tone=Tone::Primary submit=true class="wide">{words::accept(lang)}</Button>
            </form>
        }
        .into_any(),
        (_, Some(email)) => view! {
            <p>{words::invite_other(lang, &email, &preview.email)}</p>
            <form method="post" action="/sign-out" class="form"><Button submit=true class="wide">{words::sign_out(lang)}</Button></form>
        }
        .into_any(),
    };
    view! {
        <h1>{words::join(lang, &preview.organization)}</h1>
        <p>{words::invited_by(lang, &preview.invited_by, &role)}</p>
        {wrong}
        {form}
    }
    .into_any()
}
