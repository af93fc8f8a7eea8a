//! What every answer carries and every request must pass: security headers on each status, and the refusal of
//! requests that another site makes a browser send.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use platform::error::Problem;

/// Headers that stand on every answer, whatever its status.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
];

/// The content security policy of a page whose inline scripts and styles carry `nonce`.
///
/// Computed positions of calendar events are style *attributes*, which no nonce can cover; they alone are allowed
/// inline. Style *elements* and all scripts need the nonce.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The policy of whatever is no page: nothing may run or load from it.
const INERT_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The API browser is a vendored page of plain files: scripts from this site only, no inline ones. Of style elements it has
/// one, known by its content; that of a later version may be another, which a test in the browser tells.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src-elem 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
                           style-src-attr 'unsafe-inline'; img-src 'self' data:; \
                           connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The service worker fetches what it keeps, and runs what it shares with the offline pages, under the policy of its own
/// file; the offline pages show their style and mark, and one of them keeps what is noted on it.
const SHELL_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; \
                            img-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Adds the security headers; a page has set its own policy, with its nonce, by then.
pub async fn headers(request: Request, next: Next) -> Response {
    let docs = request.uri().path().starts_with("/api/docs");
    let shell = matches!(request.uri().path(), "/sw.js" | "/offline.html" | "/offline-calendar.html");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = match (docs, shell) {
            (true, _) => DOCS_POLICY,
            (_, true) => SHELL_POLICY,
            _ => INERT_POLICY,
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}

/// Tells browsers to come back by TLS only. Sent in production, where a proxy ends TLS in front of the server.
pub async fn strict_transport(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    response
}

/// Refuses what another site makes a signed-in browser send. A request that changes something must come from this
/// origin, unless it carries a bearer token, which no browser adds by itself. Programs are told as of any other refusal.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !bears_token(request.headers()) && is_foreign(request.headers()) {
        let told = "This request came from another site.";
        return match request.uri().path().starts_with("/api/") {
            true => Problem::new(403, "cross_site", "Cross-site request", told).into_response(),
            false => (StatusCode::FORBIDDEN, told).into_response(),
        };
    }
    next.run(request).await
}

/// Whether it is signed in by a token. Names and passwords a browser adds by itself, as to a proxy in front.
fn bears_token(headers: &HeaderMap) -> bool {
    let scheme = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().split_at_checked(7));
    scheme.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "))
}

/// Whether the browser says that another site is behind the request. `Sec-Fetch-Site` cannot be set by scripts;
/// older browsers are judged by `Origin`. Programs that send neither carry no ambient cookie worth stealing.
fn is_foreign(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let origin = origin.to_str().unwrap_or_default();
    host.is_empty() || origin.split_once("://").map(|(_, rest)| rest) != Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.parse::<HeaderName>().unwrap(), HeaderValue::from_str(v).unwrap())).collect()
    }

    #[test]
    fn a_request_from_another_site_is_foreign() {
        assert!(is_foreign(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_foreign(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(is_foreign(&headers(&[("origin", "https://evil.example"), ("host", "atrium.example")])));
        assert!(is_foreign(&headers(&[("origin", "null"), ("host", "atrium.example")])));
    }

    #[test]
    fn only_a_token_and_no_password_tells_that_no_browser_added_it() {
        assert!(bears_token(&headers(&[("authorization", "Bearer abc")])));
        assert!(!bears_token(&headers(&[("authorization", "Basic eDp5")])) && !bears_token(&headers(&[("authorization", "Bearer")])));
        assert!(!bears_token(&headers(&[])));
    }

    #[test]
    fn a_request_from_this_site_or_from_a_program_is_not() {
        assert!(!is_foreign(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_foreign(&headers(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")])));
        assert!(!is_foreign(&headers(&[])));
    }
}
