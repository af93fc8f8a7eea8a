//! The session cookie: unreadable for scripts, not sent along from other sites, and in production bound
//! to this very host and to TLS by its `__Host-` name.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use http::HeaderMap;

use super::LONGEST_DAYS;
use crate::config::Mode;
use crate::state::State;

/// The cookie's name in this mode.
pub fn cookie_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Production => "__Host-atrium_session",
        Mode::Development => "atrium_session",
    }
}

/// The session token that a browser presents, good or not.
pub fn presented_token(state: &State, headers: &HeaderMap) -> Option<String> {
    token(state.mode, headers)
}

fn token(mode: Mode, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(cookie_name(mode)).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty())
}

/// The `set-cookie` value that hands a session's token to the browser.
pub fn set_cookie(state: &State, token: &str) -> String {
    header(state.mode, token, LONGEST_DAYS * 24 * 60 * 60)
}

/// The `set-cookie` value that takes it away again.
pub fn clear_cookie(state: &State) -> String {
    header(state.mode, "", 0)
}

fn header(mode: Mode, value: &str, seconds: i64) -> String {
    let mut cookie = Cookie::new(cookie_name(mode), value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(mode == Mode::Production);
    format!("{cookie}; Max-Age={seconds}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_cookie_is_bound_to_the_host_in_production() {
        let cookie = header(Mode::Production, "token", 60);
        assert!(cookie.starts_with("__Host-atrium_session=token;"), "{cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
    }

    #[test]
    fn the_cookies_token_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::COOKIE, HeaderValue::from_static("a=b; atrium_session=token; c=d"));
        assert_eq!(token(Mode::Development, &headers).as_deref(), Some("token"));
        assert_eq!(token(Mode::Production, &headers), None);
    }
}
