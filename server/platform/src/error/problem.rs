//! The wire form of an error: RFC 9457 problem details, the same for REST, server functions and the browser.

use super::{Alternative, Error, FieldError, Reason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// RFC 9457 problem details. `code` is stable; `title` and `detail` are English.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What sort of problem it is, in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable: what programs and translations go by. All of them are listed in the description of this document.
    pub code: String,
    /// What happened this time, in English.
    pub detail: String,
    /// The fields at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The rules that stand against it (R15).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The nearest times at which it would be accepted (R15).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// What is stored now, when somebody else was first (R18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
    /// By which support finds it in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Uuid>,
    /// Seconds to wait before the next attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem without particulars.
    pub fn new(status: u16, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            title: title.into(),
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            reasons: Vec::new(),
            alternatives: Vec::new(),
            current: None,
            correlation_id: None,
            retry_after: None,
        }
    }
}

/// Inside stays inside: of an internal error nothing but its being one is told.
impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        let (title, detail) = match error {
            Error::Unauthenticated => ("Not signed in", "Sign in and try again.".into()),
            Error::NotFound => ("Not found", "There is no such thing here.".into()),
            Error::Denied(permission) => ("Not allowed", format!("The permission {} is needed.", permission.0)),
            Error::NotSubscribed(product) => ("Not subscribed", format!("The organization does not subscribe to {product}.")),
            Error::Invalid(errors) => ("Not accepted", errors.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join(" ")),
            Error::Conflict(refusal) => ("Refused", refusal.message.clone()),
            Error::Throttled { retry_after } => ("Too many attempts", format!("Try again in {retry_after} seconds.")),
            Error::Contended | Error::Unavailable => ("Busy", "Nothing was changed. Try again in a moment.".into()),
            Error::Internal(_) => ("Fault", "Something went wrong on our side.".into()),
        };
        let mut problem = Problem::new(error.status(), error.code(), title, detail);
        match error {
            Error::Invalid(errors) => problem.errors = errors.clone(),
            Error::Conflict(refusal) => {
                problem.reasons = refusal.reasons.clone();
                problem.alternatives = refusal.alternatives.clone();
                problem.current = refusal.current.clone();
            }
            Error::Throttled { retry_after } => problem.retry_after = Some(*retry_after),
            Error::Contended | Error::Unavailable => problem.retry_after = Some(1),
            _ => {}
        }
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_tells_nothing_of_the_inside() {
        let problem = Problem::from(&Error::internal("password of the database is hunter2"));
        let json = serde_json::to_string(&problem).unwrap();
        assert!(!json.contains("hunter2"));
        assert_eq!((problem.status, problem.code.as_str()), (500, "internal"));
    }

    #[test]
    fn a_problem_survives_the_wire() {
        let problem = Problem::from(&Error::invalid("name", "required", "A name is needed."));
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["type"], "/problems/invalid");
        assert_eq!(json["errors"][0]["field"], "name");
        assert!(json.get("reasons").is_none());
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }

    #[test]
    fn a_reused_idempotency_key_is_not_processable_but_other_refusals_are_conflicts() {
        assert_eq!(Error::conflict("idempotency_key_reused", "").status(), 422);
        assert_eq!(Error::conflict("double_booking", "").status(), 409);
    }
}
