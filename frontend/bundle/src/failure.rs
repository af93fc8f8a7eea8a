//! The one error of this tool: a sentence for whoever runs it.

use std::fmt::{Debug, Display};

/// What went wrong, as shown on the terminal.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure(message.into())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what was being done when something failed.
pub trait Context<T> {
    /// `what` stands before the cause.
    ///
    /// # Errors
    /// The cause, if there was one.
    fn with(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T, E: Display> Context<T> for Result<T, E> {
    fn with(self, what: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|cause| Failure(format!("{}: {cause:#}", what())))
    }
}
