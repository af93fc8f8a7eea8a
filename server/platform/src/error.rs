//! What can go wrong, once for all doors: service functions return [`Error`], the wire carries a [`Problem`].

pub mod codes;
#[cfg(feature = "ssr")]
mod http;
mod problem;
#[cfg(feature = "ssr")]
mod sql;

pub use problem::Problem;
#[cfg(feature = "ssr")]
pub use sql::ResultExt;

use crate::id::EntityId;
use crate::permission::Permission;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What every service function returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    #[error("not signed in")]
    Unauthenticated,
    /// Absent or not to be seen: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// The record may be seen, but this may not be done.
    #[error("permission {} is missing", .0.0)]
    Denied(Permission),
    /// The organization does not subscribe to the product.
    #[error("product {0} is not subscribed")]
    NotSubscribed(&'static str),
    /// What was sent cannot be accepted; names every field at fault.
    #[error("invalid: {}", fields(.0))]
    Invalid(Vec<FieldError>),
    /// What was sent is right in itself but not with what is stored.
    #[error("conflict {}: {}", .0.code, .0.message)]
    Conflict(Box<Refusal>),
    /// Too many attempts; `retry_after` is in seconds.
    #[error("throttled for {retry_after} s")]
    Throttled {
        /// Seconds to wait before the next attempt.
        retry_after: u32,
    },
    /// A deadlock or a serialization failure: nothing was done and the whole transaction may be tried again,
    /// which [`crate::tx::retry`] does. To callers it is the same as [`Error::Unavailable`].
    #[error("contended")]
    Contended,
    /// The database is away or a deadline has passed; nothing was done.
    #[error("unavailable")]
    Unavailable,
    /// A fault of ours. It is logged with its correlation id and never shown.
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One field at fault. `code` is stable and what screens translate; `message` is English.
    pub fn invalid(field: &str, code: &str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldError { field: field.into(), code: code.into(), message: message.into() }])
    }

    /// A refusal without particulars; fill in a [`Refusal`] where there are some (R15).
    pub fn conflict(code: &str, message: impl Into<String>) -> Error {
        Error::Conflict(Box::new(Refusal::new(code, message)))
    }

    /// Wraps a fault that callers can do nothing about.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(error.into())
    }

    /// The HTTP status that says so.
    pub fn status(&self) -> u16 {
        match self {
            Error::Unauthenticated => 401,
            Error::NotFound => 404,
            Error::Denied(_) | Error::NotSubscribed(_) => 403,
            Error::Invalid(_) => 422,
            Error::Conflict(refusal) if refusal.code == "idempotency_key_reused" => 422,
            Error::Conflict(_) => 409,
            Error::Throttled { .. } => 429,
            Error::Contended | Error::Unavailable => 503,
            Error::Internal(_) => 500,
        }
    }

    /// The stable word for it; a conflict is called by its refusal's own code.
    pub fn code(&self) -> &str {
        match self {
            Error::Unauthenticated => "unauthenticated",
            Error::NotFound => "not_found",
            Error::Denied(_) => "denied",
            Error::NotSubscribed(_) => "not_subscribed",
            Error::Invalid(_) => "invalid",
            Error::Conflict(refusal) => &refusal.code,
            Error::Throttled { .. } => "throttled",
            Error::Contended | Error::Unavailable => "busy",
            Error::Internal(_) => "internal",
        }
    }

    /// Whether the same transaction may succeed when it is tried again at once.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Error::Contended)
    }
}

fn fields(errors: &[FieldError]) -> String {
    errors.iter().map(|e| format!("{}: {}", e.field, e.code)).collect::<Vec<_>>().join(", ")
}

/// One field that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Path of the field in what was sent: `start`, `needs.0.kind`.
    pub field: String,
    /// Stable: `required`, `too_short`, `too_long`, `length`, `too_large`, `character`, `type`, `range`, `order`, `choice`,
    /// `unknown`, `date`, `time`, `email`, `phone`, `zone`, `country`, `currency`, `cursor`, `kind`, `fixed`, `inactive` …
    pub code: String,
    /// English; screens translate by code.
    pub message: String,
}

/// Why something was refused: all reasons and the nearest alternatives (R15).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// One of those listed in [`codes`].
    pub code: String,
    /// English; screens translate by code.
    pub message: String,
    /// Every rule that stands against it.
    pub reasons: Vec<Reason>,
    /// The nearest times at which it would be accepted.
    pub alternatives: Vec<Alternative>,
    /// What is stored now, when somebody else was first (R18).
    pub current: Option<serde_json::Value>,
}

impl Refusal {
    /// A refusal without particulars.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), reasons: Vec::new(), alternatives: Vec::new(), current: None }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Conflict(Box::new(refusal))
    }
}

/// One rule that stands against what was asked, for whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// `hours break leave closure busy buffer notice past horizon limit capacity gap qualification kind`.
    pub rule: String,
    /// The resource that stands in the way, if it is one.
    pub resource: Option<EntityId>,
    /// Its name as people know it.
    pub resource_name: Option<String>,
    /// Start of the stretch that is in the way; UTC.
    pub from: Option<DateTime<Utc>>,
    /// End of that stretch, exclusive; UTC.
    pub to: Option<DateTime<Utc>>,
}

/// A time at which it would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alternative {
    /// UTC.
    pub start: DateTime<Utc>,
    /// Exclusive; UTC.
    pub end: DateTime<Utc>,
    /// The resources that are free then, one for each need.
    pub resources: Vec<EntityId>,
}
