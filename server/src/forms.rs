//! The forms that work without wasm: signing in and out, choosing an organization, accepting an invitation.

use axum::{
    extract::{Form, Path, State as Extract},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use platform::{Error, State, id::OrganizationId, invitations, rest::auth::Caller, sessions};
use serde::Deserialize;

/// What the sign-in form sends.
#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`. Wrong: back to the form, which says so and still holds the address.
pub async fn sign_in(Extract(state): Extract<State>, caller: Caller, headers: HeaderMap, Form(form): Form<SignIn>) -> Response {
    match sessions::sign_in(&state, &form.email, &form.password, &caller.agent, &caller.client, cookie(&state, &headers)).await {
        Ok((_, token)) => with_cookie(Redirect::to(local(&form.next)), &sessions::set_cookie(&state, &token)),
        Err(error) => {
            let mut back = format!("/sign-in?error={}&email={}", error.code(), app_platform::address::encoded(&form.email));
            if let Error::Throttled { retry_after } = error {
                back.push_str(&format!("&after={retry_after}"));
            }
            if !form.next.is_empty() {
                back.push_str(&format!("&next={}", app_platform::address::encoded(local(&form.next))));
            }
            Redirect::to(&back).into_response()
        }
    }
}

/// `POST /sign-out`: ends this session and forgets its cookie, and whatever the browser has kept.
pub async fn sign_out(Extract(state): Extract<State>, headers: HeaderMap) -> Response {
    if let Ok(Some(identity)) = sessions::identify(&state, &headers).await
        && let Err(error) = sessions::sign_out(&state, &identity).await
    {
        return error.into_response();
    }
    let mut response = with_cookie(Redirect::to("/sign-in"), &sessions::clear_cookie(&state));
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// To which organization.
#[derive(Deserialize)]
pub struct Switch {
    organization: OrganizationId,
}

/// `POST /switch`: works in another of the user's organizations from now on.
pub async fn switch(Extract(state): Extract<State>, headers: HeaderMap, Form(form): Form<Switch>) -> Response {
    let switched = match sessions::identify(&state, &headers).await {
        Ok(Some(identity)) => sessions::switch_organization(&state, &identity, form.organization).await,
        Ok(None) => return Redirect::to("/sign-in").into_response(),
        Err(error) => Err(error),
    };
    match switched {
        Ok(_) => Redirect::to("/dashboard/calendar").into_response(),
        Err(error) => error.into_response(),
    }
}

/// What the invitation's form sends; both are empty for one who is signed in.
#[derive(Deserialize)]
pub struct Accept {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

/// `POST /invite/{organization}/{token}`: a new colleague sets name and password; one with a login must be signed in.
pub async fn accept(
    Extract(state): Extract<State>,
    Path((organization, token)): Path<(OrganizationId, String)>,
    headers: HeaderMap,
    Form(form): Form<Accept>,
) -> Response {
    let identity = sessions::identify(&state, &headers).await.ok().flatten();
    match invitations::accept(&state, organization, &token, identity.as_ref(), &form.name, &form.password).await {
        Ok(email) => Redirect::to(&format!("/sign-in?welcome=1&email={}", app_platform::address::encoded(&email))).into_response(),
        Err(error) => {
            let back = format!(
                "/invite/{organization}/{}?error={}&name={}",
                app_platform::address::encoded(&token),
                error.code(),
                app_platform::address::encoded(&form.name)
            );
            Redirect::to(&back).into_response()
        }
    }
}

fn with_cookie(to: Redirect, cookie: &str) -> Response {
    let mut response = to.into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The session token the browser presents, so that signing in replaces it (no fixation).
fn cookie(state: &State, headers: &HeaderMap) -> Option<String> {
    sessions::presented_token(state, headers)
}

/// Redirects stay on the site: a path of one leading slash, or the calendar. Browsers leave some control characters out
/// of an address, and no header can hold the others.
fn local(next: &str) -> &str {
    let plain = next.starts_with('/') && !next.starts_with("//") && !next.contains(|letter: char| letter == '\\' || letter.is_control());
    if plain { next } else { "/dashboard/calendar" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn redirects_stay_on_the_site() {
        assert_eq!(local("/dashboard/crm/leads?q=1"), "/dashboard/crm/leads?q=1");
        for elsewhere in ["", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "/\0"]
        {
            assert_eq!(local(elsewhere), "/dashboard/calendar");
        }
    }
}
