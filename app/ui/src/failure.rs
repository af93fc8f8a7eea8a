//! What a server function returns when it could not do what it was asked.

use crate::{text::Lang, wire::Packed, words};
use platform::error::{Alternative, FieldError, Problem, Reason};
use serde::{Deserialize, Serialize};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use std::fmt;
use uuid::Uuid;

/// A problem on its way to the screen. On the server `?` makes one of every [`platform::error::Error`] and sets the
/// answer's HTTP status; screens show it by [`Failure::text`] or [`crate::alert::FailureAlert`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Sent", into = "Sent")]
pub struct Failure(pub Box<Problem>);

/// What travels of a problem: all fields, always, and none whose type only its content tells ([`crate::wire`]).
#[derive(Serialize, Deserialize)]
struct Sent {
    status: u16,
    code: String,
    title: String,
    detail: String,
    errors: Vec<FieldError>,
    reasons: Vec<Reason>,
    alternatives: Vec<Alternative>,
    correlation_id: Option<Uuid>,
    retry_after: Option<u32>,
}

impl From<Failure> for Sent {
    fn from(Failure(problem): Failure) -> Sent {
        let Problem { kind: _, title, status, code, detail, errors, reasons, alternatives, current: _, correlation_id, retry_after } =
            *problem;
        Sent { status, code, title, detail, errors, reasons, alternatives, correlation_id, retry_after }
    }
}

impl From<Sent> for Failure {
    fn from(sent: Sent) -> Failure {
        let Sent { status, code, title, detail, errors, reasons, alternatives, correlation_id, retry_after } = sent;
        let problem = Problem::new(status, &code, &title, detail);
        Failure::from(Problem { errors, reasons, alternatives, correlation_id, retry_after, ..problem })
    }
}

impl Failure {
    /// The stable word for it: `not_found`, `double_booking`, `offline` …
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// One sentence in the reader's language: what happened, what was kept, what to do.
    pub fn text(&self, lang: Lang) -> String {
        failure_text(lang, &self.0)
    }

    /// What is wrong with one field, in the reader's language; none if nothing is.
    pub fn field(&self, lang: Lang, field: &str) -> Option<String> {
        self.0.errors.iter().find(|error| error.field == field).map(|error| field_text(lang, &error.code, &error.message))
    }

    /// Fields at fault, found before anything was sent.
    pub fn of_fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Problem::new(422, "invalid", "", "");
        problem.errors = errors;
        Failure::from(problem)
    }

    /// Whether trying the same again later may help, so that nothing typed should be thrown away.
    pub fn is_passing(&self) -> bool {
        matches!(self.code(), "offline" | "busy" | "throttled")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl std::error::Error for Failure {}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure(Box::new(problem))
    }
}

/// What goes wrong between browser and server: no network, an answer that is none of ours.
impl FromServerFnError for Failure {
    type Encoder = Packed;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (status, code, title) = match error {
            ServerFnErrorErr::Request(_) => (0, "offline", "No connection"),
            // The server reads what it was asked, the browser what it was answered.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => (400, "malformed", "Malformed request"),
            ServerFnErrorErr::Deserialization(_) | ServerFnErrorErr::Response(_) | ServerFnErrorErr::MiddlewareError(_) => {
                (503, "busy", "Busy")
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                (400, "malformed", "Malformed request")
            }
            _ => (500, "internal", "Fault"),
        };
        #[cfg(feature = "ssr")]
        set_status(status);
        Failure::from(Problem::new(status, code, title, title))
    }
}

/// Sets the HTTP status of the answer being made, and leaves one line in the log for an error of ours.
#[cfg(feature = "ssr")]
impl From<platform::error::Error> for Failure {
    fn from(error: platform::error::Error) -> Self {
        let correlation = platform::rest::correlation::current();
        let problem = Problem::report(&error, correlation);
        set_status(problem.status);
        Failure::from(problem)
    }
}

/// A server function that fails must not answer 200, and a page whose record is absent must not either.
#[cfg(feature = "ssr")]
fn set_status(status: u16) {
    let Ok(status) = http::StatusCode::from_u16(status) else { return };
    if let Some(options) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(status);
    }
}

/// One sentence about a problem in the reader's language; English from the server where the code is unknown.
pub fn failure_text(lang: Lang, problem: &Problem) -> String {
    if problem.code == "throttled" {
        let seconds = i64::from(problem.retry_after.unwrap_or(60));
        return words::failure_throttled(lang, (seconds + 59) / 60);
    }
    if problem.code == "invalid"
        && let [error] = problem.errors.as_slice()
    {
        return field_text(lang, &error.code, &error.message);
    }
    let mut key = String::from("failure.");
    key.push_str(&problem.code);
    match words::by_key(lang, &key) {
        Some(text) => text.into(),
        None if problem.detail.is_empty() => problem.title.clone(),
        None => problem.detail.clone(),
    }
}

/// What is wrong with a field, by its stable code; English from the server where the code is unknown.
pub fn field_text(lang: Lang, code: &str, message: &str) -> String {
    let mut key = String::from("field.");
    key.push_str(code);
    words::by_key(lang, &key).unwrap_or(message).into()
}

/// The name of a rule that stands against a booking (`hours`, `busy` …); the word itself where it is unknown.
pub fn rule_text(lang: Lang, rule: &str) -> &str {
    let mut key = String::from("rule.");
    key.push_str(rule);
    words::by_key(lang, &key).unwrap_or(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_is_told_in_the_readers_language_and_an_unknown_one_in_the_servers_words() {
        let known = Problem::new(404, "not_found", "Not found", "There is no such thing here.");
        assert!(failure_text(Lang::Pl, &known).starts_with("Nie znaleziono"));
        let unknown = Problem::new(409, "never_heard_of", "Refused", "The moon is full.");
        assert_eq!(failure_text(Lang::Pl, &unknown), "The moon is full.");
    }

    #[test]
    fn one_wrong_field_is_the_whole_story() {
        let mut problem = Problem::new(422, "invalid", "Not accepted", "A name is needed.");
        problem.errors.push(FieldError { field: "name".into(), code: "required".into(), message: "A name is needed.".into() });
        assert_eq!(failure_text(Lang::Pl, &problem), "To pole jest wymagane.");
        assert_eq!(Failure::from(problem).field(Lang::En, "name").unwrap(), "This is needed.");
    }
}
