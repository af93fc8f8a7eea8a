//! Signing in and out for programs, and one's own sessions.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts, State as Extract};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{IdempotencyKey, Json, Page, Path, Problems, same_origin};
use crate::error::{Error, Result};
use crate::id::{OrganizationId, SessionId};
use crate::session::{Me, SessionRow};
use crate::sessions::{self, Identity, Kind, Tokens};
use crate::state::State;

/// Signing in, refreshing, signing out, and what belongs to the signed-in user alone.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(me))
        .routes(routes!(change_password))
        .routes(routes!(switch_organization))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

/// Whoever is signed in, also where no organization is chosen yet.
pub struct SignedIn(pub Identity);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    State: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        // As with `RestTx`: a cookie that another site's page had sent along is as good as none.
        if !parts.headers.contains_key(header::AUTHORIZATION) && !same_origin(&parts.method, &parts.headers) {
            return Err(Error::Unauthenticated);
        }
        let state = State::from_ref(state);
        sessions::identify(&state, &parts.headers).await?.map(SignedIn).ok_or(Error::Unauthenticated)
    }
}

/// From where a request comes: what failed sign-ins are counted by, and what the list of sessions shows.
pub struct Caller {
    /// The address at the other end of the connection; of an IPv6 address the network, as one host has many.
    pub client: String,
    /// What the client calls itself.
    pub agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        let client = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| network(peer.0.ip()));
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Caller { client: client.unwrap_or_default(), agent: agent.unwrap_or_default().to_owned() })
    }
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
struct Login {
    #[schema(min_length = 1, max_length = 254)]
    email: String,
    #[schema(min_length = 1, max_length = 200)]
    password: String,
}

/// Sign in.
///
/// The access token is good for an hour and as long as its session; the refresh token, once, for 7 days. Wrong
/// password and unknown address are told alike. Sent again with the same `Idempotency-Key`, it gives the same session
/// instead of another one, until the session goes on. Too many failures are answered by 429 with `Retry-After`.
#[utoipa::path(post, path = "/auth/staff/login", tag = "auth", params(IdempotencyKey), request_body = Login, security(()),
    responses((status = 200, description = "Signed in.", body = Tokens), Problems))]
async fn login(Extract(state): Extract<State>, caller: Caller, key: IdempotencyKey, Json(body): Json<Login>) -> Result<Response> {
    let from = (caller.agent.as_str(), caller.client.as_str());
    let tokens = sessions::sign_in_once(&state, &body.email, &body.password, from, key.0.as_deref()).await?;
    Ok(secret(tokens))
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
struct Refresh {
    #[schema(min_length = 1, max_length = 200)]
    refresh_token: String,
}

/// Exchange a refresh token for the next pair.
///
/// Each is used once: one that comes a second time ends the whole session, as one of the two was a thief. Only with the
/// same `Idempotency-Key` it gives the same pair again, for a program whose answer was lost.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", params(IdempotencyKey), request_body = Refresh, security(()),
    responses((status = 200, description = "The next pair.", body = Tokens), Problems))]
async fn refresh(Extract(state): Extract<State>, key: IdempotencyKey, Json(body): Json<Refresh>) -> Result<Response> {
    Ok(secret(sessions::refresh_once(&state, &body.refresh_token, key.0.as_deref()).await?))
}

/// Sign out.
///
/// The session ends at once, and with it its access and refresh tokens.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", security(("bearer" = [])),
    responses((status = 204, description = "Signed out."), Problems))]
async fn logout(Extract(state): Extract<State>, SignedIn(identity): SignedIn) -> Result<Response> {
    sessions::sign_out(&state, &identity).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if identity.kind == Kind::Browser {
        set_cookie(&mut response, &sessions::clear_cookie(&state));
    }
    Ok(response)
}

/// Who is signed in, and what they may do where they work now.
#[utoipa::path(get, path = "/me", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "Oneself.", body = Me), Problems))]
async fn me(Extract(state): Extract<State>, SignedIn(identity): SignedIn) -> Result<Json<Me>> {
    Ok(Json(sessions::me(&state, &identity).await?))
}

/// The current password and the one to be.
#[derive(Deserialize, ToSchema)]
struct PasswordChange {
    #[schema(min_length = 1, max_length = 200)]
    current: String,
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Change one's password.
///
/// All other sessions end at once.
#[utoipa::path(put, path = "/me/password", tag = "auth", request_body = PasswordChange, security(("bearer" = [])),
    responses((status = 204, description = "Changed."), Problems))]
async fn change_password(
    Extract(state): Extract<State>,
    SignedIn(identity): SignedIn,
    Json(body): Json<PasswordChange>,
) -> Result<Response> {
    let token = sessions::change_password(&state, &identity, &body.current, &body.password).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if identity.kind == Kind::Browser {
        set_cookie(&mut response, &sessions::set_cookie(&state, &token));
    }
    Ok(response)
}

/// Another organization of one's own.
#[derive(Deserialize, ToSchema)]
struct Switch {
    organization: OrganizationId,
}

/// Work in another of one's organizations.
///
/// Access tokens keep the organization they were issued for: refresh to get one for the new organization.
#[utoipa::path(put, path = "/me/organization", tag = "auth", request_body = Switch, security(("bearer" = [])),
    responses((status = 204, description = "Switched."), Problems))]
async fn switch_organization(Extract(state): Extract<State>, SignedIn(identity): SignedIn, Json(body): Json<Switch>) -> Result<StatusCode> {
    sessions::switch_organization(&state, &identity, body.organization).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own sessions: browsers and programs.
#[utoipa::path(get, path = "/sessions", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "The last used first.", body = Page<SessionRow>), Problems))]
async fn list_sessions(Extract(state): Extract<State>, SignedIn(identity): SignedIn) -> Result<Json<Page<SessionRow>>> {
    Ok(Json(Page { items: sessions::list(&state, &identity).await?, next_cursor: None }))
}

/// End one of one's own sessions.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "auth", params(("id" = SessionId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "Ended."), Problems))]
async fn revoke_session(Extract(state): Extract<State>, SignedIn(identity): SignedIn, Path(id): Path<SessionId>) -> Result<StatusCode> {
    sessions::revoke(&state, &identity, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tokens are kept by nobody on the way.
fn secret(tokens: Tokens) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response()
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_ipv6_client_is_counted_by_its_network() {
        assert_eq!(network("192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6".parse().unwrap()), "2001:db8:1:2::/64");
    }
}
