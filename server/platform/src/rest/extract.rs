//! axum's extractors, with problems for what cannot be read.

use super::correlation;
use crate::error::{Error, Problem};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A JSON body, asked or answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let rejection = match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => return Ok(Json(value)),
            Err(rejection) => rejection,
        };
        let text = rejection.body_text();
        Err(correlated(match rejection {
            JsonRejection::JsonDataError(_) => unreadable("body", &text),
            JsonRejection::JsonSyntaxError(_) => Problem::new(400, "malformed", "Malformed", "The body is not JSON."),
            JsonRejection::MissingJsonContentType(_) => {
                Problem::new(415, "media_type", "Unsupported media type", "The body must be application/json.")
            }
            other if other.status().as_u16() == 413 => Problem::new(413, "too_large", "Too large", "The body is too large."),
            _ => Problem::new(400, "malformed", "Malformed", "The body could not be read."),
        }))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Parameters in the path. One that cannot be read names nothing that exists, so that it is `NotFound`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// Parameters in the query.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(rejection) => Err(correlated(unreadable("query", &rejection.body_text()))),
        }
    }
}

fn correlated(problem: Problem) -> Problem {
    Problem { correlation_id: Some(correlation::current()), ..problem }
}

/// axum says `Failed to deserialize …: path.to.field: what is wrong`; the path is left out at the root.
fn unreadable(whole: &str, text: &str) -> Problem {
    let said = text.split_once(": ").map_or(text, |(_, said)| said);
    let (field, message) = match said.split_once(": ") {
        Some((path, message)) if !path.contains(' ') => (path, message),
        _ => (whole, said),
    };
    // A missing field is told at its parent; the form wants to mark the field itself.
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(name) if field == whole => Problem::from(&Error::invalid(name, "required", message)),
        Some(name) => Problem::from(&Error::invalid(&format!("{field}.{name}"), "required", message)),
        None => Problem::from(&Error::invalid(field, "type", message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[allow(dead_code)]
        minutes: i32,
    }

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[allow(dead_code)]
        needs: Vec<Inner>,
    }

    async fn refused(body: &'static str, content_type: &str) -> Problem {
        let request = Request::post("/").header("content-type", content_type).body(Body::from(body)).unwrap();
        Json::<Outer>::from_request(request, &()).await.unwrap_err()
    }

    #[tokio::test]
    async fn the_field_at_fault_is_named() {
        let json = "application/json";
        let problem = refused(r#"{"needs": [{"minutes": 5}, {"minutes": "x"}]}"#, json).await;
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "needs[1].minutes"));
        let problem = refused(r#"{"needs": [{}]}"#, json).await;
        assert_eq!((problem.errors[0].field.as_str(), problem.errors[0].code.as_str()), ("needs[0].minutes", "required"));
        let problem = refused("{}", json).await;
        assert_eq!(problem.errors[0].field, "needs");
        assert!(problem.correlation_id.is_some());
    }

    #[tokio::test]
    async fn what_is_no_json_is_malformed() {
        assert_eq!(refused("{", "application/json").await.status, 400);
        assert_eq!(refused("{}", "text/plain").await.status, 415);
    }

    #[tokio::test]
    async fn a_query_that_cannot_be_read_names_its_parameter() {
        let (mut parts, ()) = Request::get("/?minutes=x").body(()).unwrap().into_parts();
        let problem = Query::<Inner>::from_request_parts(&mut parts, &()).await.unwrap_err();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "minutes"));
    }
}
