//! Every code a problem can have, for the description of the REST door: programs and translations go by them, so that
//! one that was once published stays and keeps its meaning.

/// A code with its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The HTTP status it comes with.
    pub status: u16,
    /// The stable word.
    pub code: &'static str,
    /// What it means, in English.
    pub meaning: &'static str,
}

const fn code(status: u16, code: &'static str, meaning: &'static str) -> Code {
    Code { status, code, meaning }
}

/// All of them by status. A refusal's code (409) that is new in a module is added here; a test reads the sources and
/// finds the one that was forgotten.
pub const CODES: [Code; 31] = [
    code(400, "malformed", "The body is not JSON."),
    code(401, "unauthenticated", "Not signed in, or the session has ended; a wrong e-mail address or password."),
    code(403, "denied", "A permission is missing; `detail` names it."),
    code(403, "not_subscribed", "The organization does not subscribe to the product."),
    code(403, "cross_site", "Another site made the browser send this."),
    code(404, "not_found", "There is no such thing, or it may not be seen: the two are never told apart."),
    code(405, "method_not_allowed", "This is not done here; `Allow` says what is."),
    code(408, "too_slow", "The body did not arrive within half a minute."),
    code(409, "double_booking", "The time was taken by somebody else a moment ago."),
    code(409, "unavailable", "The time is not free; `reasons` holds every rule against it, `alternatives` the nearest times that are."),
    code(409, "version", "Changed by somebody else since it was read."),
    code(409, "transition", "This step is not possible from the present state."),
    code(409, "duplicate", "There is one of this name, address or id already."),
    code(409, "in_use", "Something else depends on it."),
    code(409, "foreign", "It comes from another calendar and is changed there."),
    code(409, "built_in", "What everybody has is not changed."),
    code(409, "last_owner", "An organization keeps at least one owner."),
    code(409, "veto", "Two records may not become one; `message` says why, and `reasons` by which rules."),
    code(
        409,
        "merged",
        "Two records of this patient have just been made one. Nothing was booked; asked again, it is for the one that stays.",
    ),
    code(409, "too_late", "The time in which it can be taken back is over."),
    code(409, "limit", "There are too many of them."),
    code(409, "storage", "The organization keeps as many bytes of documents as it may."),
    code(409, "account_exists", "There is an account with this address: sign in with it first."),
    code(409, "other_account", "The invitation is for another address than the one that is signed in."),
    code(413, "too_large", "The body is larger than 1 MiB."),
    code(415, "media_type", "The body is not `application/json`."),
    code(422, "invalid", "Not accepted; `errors` names every field at fault."),
    code(422, "idempotency_key_reused", "This idempotency key was used for a different request."),
    code(429, "throttled", "Too many attempts; `retry_after` says for how many seconds to wait."),
    code(500, "internal", "A fault of ours; `correlation_id` finds it in the log."),
    code(503, "busy", "Away for a moment; nothing was changed, and the same request may be sent again."),
];

/// The codes as a table in Markdown.
pub fn table() -> String {
    let mut table = String::from("| status | code | meaning |\n| --- | --- | --- |\n");
    for Code { status, code, meaning } in CODES {
        table.push_str(&format!("| {status} | `{code}` | {meaning} |\n"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::permission::Permission;

    #[test]
    fn every_error_has_a_code_that_is_described() {
        let errors = [
            Error::Unauthenticated,
            Error::NotFound,
            Error::Denied(Permission::MEMBERS_WRITE),
            Error::NotSubscribed("crm"),
            Error::Invalid(Vec::new()),
            Error::conflict("version", ""),
            Error::conflict("idempotency_key_reused", ""),
            Error::Throttled { retry_after: 1 },
            Error::Contended,
            Error::Unavailable,
            Error::internal("fault"),
        ];
        for error in errors {
            let described = CODES.iter().any(|code| code.status == error.status() && code.code == error.code());
            assert!(described, "{} {}", error.status(), error.code());
        }
    }

    #[test]
    fn codes_are_told_by_status_and_once() {
        assert!(CODES.is_sorted_by_key(|code| code.status));
        for (at, one) in CODES.iter().enumerate() {
            assert!(CODES[at + 1..].iter().all(|other| (other.status, other.code) != (one.status, one.code)), "{}", one.code);
        }
    }
}
