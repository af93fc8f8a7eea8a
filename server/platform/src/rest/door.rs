//! Who knocks: a bearer token, or the session's cookie from our own pages.

use crate::error::{Error, Result};
use crate::sessions;
use crate::state::State;
use crate::tx::{Door, Tx};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use http::{HeaderMap, Method, header};

/// A handler's transaction: signed in, member, under row-level security.
///
/// Layer the routes with [`super::body::whole`], so that the body is there before the transaction begins.
pub struct RestTx(pub Tx);

impl<S: Send + Sync> FromRequestParts<S> for RestTx
where
    State: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let state = State::from_ref(state);
        // A cookie is sent along by any page; what our own page did not ask for is as good as not signed in.
        if !parts.headers.contains_key(header::AUTHORIZATION) && !same_origin(&parts.method, &parts.headers) {
            return Err(Error::Unauthenticated);
        }
        let identity = sessions::identify(&state, &parts.headers).await?.ok_or(Error::Unauthenticated)?;
        Tx::begin(&state, &identity, Door::Rest).await.map(RestTx)
    }
}

/// `NotSubscribed` unless the organization subscribes to the product.
pub fn in_product(tx: &Tx, product: &'static str) -> Result<()> {
    tx.verify_product_access(product)
}

/// Whether a request comes from one of our own pages or changes nothing. Browsers tell by `Sec-Fetch-Site`, older ones
/// by `Origin`; a request that changes something and tells neither does not come from a page of ours.
pub fn same_origin(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST)
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_changes_something_must_come_from_our_own_page() {
        let post = |pairs: &[(&'static str, &'static str)]| same_origin(&Method::POST, &headers(pairs));
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(!post(&[("sec-fetch-site", "same-site"), ("origin", "https://a.example"), ("host", "a.example")]));
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(post(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(!post(&[("origin", "https://evil.example"), ("host", "a.example")]));
        assert!(!post(&[("origin", "null"), ("host", "a.example")]));
        assert!(!post(&[]));
        assert!(same_origin(&Method::GET, &headers(&[])));
    }
}
