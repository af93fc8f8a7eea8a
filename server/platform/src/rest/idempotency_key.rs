//! The `Idempotency-Key` header, and answers that are given again.

use super::extract::Json;
use crate::error::{Error, Result};
use crate::idempotency::{self, LONGEST_KEY};
use crate::tx::Tx;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// What the caller calls this request, if it may be sent again; see [`crate::idempotency`].
#[derive(Clone, Debug, Default)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self(Some(key.to_owned())))
            }
            _ => Err(Error::invalid("idempotency-key", "length", "An idempotency key has 1 to 200 plain characters.")),
        }
    }
}

/// For the description of every route that takes the header: `params(IdempotencyKey)`.
impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema =
            ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(LONGEST_KEY)).pattern(Some("^[!-~]+$"));
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "Made by the caller, so that the request can be sent again: for 7 days the same key gives the first answer again, \
                 with the header `Idempotency-Replayed: true`. The same key with another body is refused (`idempotency_key_reused`).",
            ))
            .schema(Some(schema.build()));
        vec![parameter.build()]
    }
}

/// Makes something once: with a key that was used before, the first answer is given again; otherwise `make` is done,
/// its result kept for the key, the transaction committed, and the answer is 201.
pub async fn created<R: Serialize, T: Serialize>(
    mut tx: Tx,
    route: &str,
    key: IdempotencyKey,
    request: &R,
    make: impl AsyncFnOnce(&mut Tx, &R) -> Result<T>,
) -> Result<Response> {
    let key = key.0.as_deref();
    if let Some((status, body)) = idempotency::idempotent(&mut tx, route, key, request).await? {
        return Ok(replay(status, body));
    }
    let made = make(&mut tx, request).await?;
    idempotency::store(&mut tx, route, key, StatusCode::CREATED.as_u16(), &made).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// As [`created`] for what is changed and not made: the answer is 200.
pub async fn changed<R: Serialize, T: Serialize>(
    mut tx: Tx,
    route: &str,
    key: IdempotencyKey,
    request: &R,
    change: impl AsyncFnOnce(&mut Tx, &R) -> Result<T>,
) -> Result<Response> {
    let key = key.0.as_deref();
    if let Some((status, body)) = idempotency::idempotent(&mut tx, route, key, request).await? {
        return Ok(replay(status, body));
    }
    let changed = change(&mut tx, request).await?;
    idempotency::store(&mut tx, route, key, StatusCode::OK.as_u16(), &changed).await?;
    tx.commit().await?;
    Ok(Json(changed).into_response())
}

/// The answer that was given the first time, marked as such.
pub fn replay(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = match body {
        Value::Null => status.into_response(),
        body => (status, Json(body)).into_response(),
    };
    mark_replayed(&mut response);
    response
}

/// Says that an answer was given before.
pub fn mark_replayed(response: &mut Response) {
    response.headers_mut().insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
}
