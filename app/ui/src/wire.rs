//! How screens and server functions talk to each other: Postcard, a binary form without field names.
//!
//! REST speaks JSON, for everybody. Between our own two halves, which are always built together, JSON would only cost:
//! what reads it back by field names, once for every type, was an eighth of the whole first download. So what travels
//! here is positional, and a type must not skip fields, rename itself by content or hold a `serde_json::Value`;
//! [`crate::Failure`] shows what to do about one that does.

use leptos::{
    prelude::{FromEncodedStr, IntoEncodedString, Resource, codee},
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// The encoding itself; see the module.
pub struct Packed;

/// For `#[server(input = Wire, output = Wire)]`.
pub type Wire = Post<Packed>;

/// A resource whose first value travels inside the page.
pub type Fetched<T> = Resource<T, Packed>;

/// Asks the server now and whenever `source` changes. A page is rendered whole, so that its first answer is part of it.
pub fn fetched<S, T, Fut>(source: impl Fn() -> S + Send + Sync + 'static, fetcher: impl Fn(S) -> Fut + Send + Sync + 'static) -> Fetched<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, false)
}

/// As [`fetched`], for what decides the page's status or its first sight: should pages ever be sent in pieces, not even
/// the first piece leaves before this answer is there.
pub fn fetched_first<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Fetched<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, true)
}

impl ContentType for Packed {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for Packed {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for Packed {
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        postcard::to_allocvec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Packed {
    type Error = postcard::Error;

    fn decode(packed: Bytes) -> Result<T, Self::Error> {
        postcard::from_bytes(&packed)
    }
}

impl<T: Serialize> codee::Encoder<T> for Packed {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &T) -> Result<Vec<u8>, Self::Error> {
        postcard::to_allocvec(value)
    }
}

impl<T: DeserializeOwned> codee::Decoder<T> for Packed {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(packed: &[u8]) -> Result<T, Self::Error> {
        postcard::from_bytes(packed)
    }
}

/// A value as text, for what can carry nothing else: live updates, the tab's storage.
pub fn to_text<T: Serialize>(value: &T) -> Option<String> {
    postcard::to_allocvec(value).ok().map(IntoEncodedString::into_encoded_string)
}

/// What [`to_text`] has written; none if it is anything else.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    postcard::from_bytes(&<[u8]>::from_encoded_str(text).ok()?).ok()
}

/// The answer of a server function that was refused before it was reached.
#[cfg(feature = "ssr")]
pub fn refusal(error: platform::Error) -> axum::response::Response {
    use axum::response::IntoResponse;
    use leptos::server_fn::error::FromServerFnError;

    let failure = crate::Failure::from(error);
    let status = http::StatusCode::from_u16(failure.0.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let named = [(http::header::CONTENT_TYPE, Packed::CONTENT_TYPE)];
    (status, named, failure.ser()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;
    use platform::error::{FieldError, Problem};

    #[test]
    fn a_problem_arrives_as_it_was_sent_but_for_what_only_rest_tells() {
        let mut problem = Problem::new(422, "invalid", "Not accepted", "A name is needed.");
        problem.errors.push(FieldError { field: "name".into(), code: "required".into(), message: "A name is needed.".into() });
        problem.retry_after = Some(7);
        let sent = <Packed as Encodes<Failure>>::encode(&problem.clone().into()).unwrap();
        let arrived: Failure = <Packed as Decodes<Failure>>::decode(sent).unwrap();
        assert_eq!(*arrived.0, problem);

        problem.current = Some(serde_json::json!({ "version": 3 }));
        let sent = <Packed as Encodes<Failure>>::encode(&problem.into()).unwrap();
        let arrived: Failure = <Packed as Decodes<Failure>>::decode(sent).unwrap();
        assert_eq!(arrived.0.current, None);
    }
}
