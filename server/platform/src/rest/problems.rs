//! How every route may fail, for its description: `responses((status = 200, body = …), Problems)`.

use crate::error::{Problem, codes::CODES};
use std::collections::BTreeMap;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

/// The answers that are common to all routes, each a [`Problem`].
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [
            ("400", "The request could not be read"),
            ("401", "Not signed in, or the session has ended"),
            ("403", "The permission or the subscription is missing"),
            ("404", "There is no such thing, or it may not be seen"),
            ("409", "Refused, with all reasons and the nearest alternatives; or changed by somebody else"),
            ("413", "The body is too large"),
            ("415", "The body is not `application/json`"),
            ("422", "Not accepted; names every field at fault"),
            ("429", "Too many attempts"),
            ("503", "Away for a moment; nothing was changed"),
        ]
        .into_iter()
        .map(|(status, meaning)| {
            let codes = CODES.iter().filter(|code| code.status.to_string() == status).map(|code| format!("`{}`", code.code));
            (status, format!("{meaning}: {}.", codes.collect::<Vec<_>>().join(", ")))
        })
        .map(|(status, description)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
            let response = ResponseBuilder::new().description(description).content("application/problem+json", content);
            (status.to_owned(), RefOr::T(response.build()))
        })
        .collect()
    }
}
