//! The rules, asked without a database: a scenario is told in full, and the same functions judge it that the screens and the
//! booking transaction use ([`super::rota`], [`super::slots`], [`super::layout`]). Nothing is read and nothing is kept.
//!
//! `scenario` is what is told, `faults` and `plan` find what is wrong with it and read it, `resolved` puts it to the engine.

mod answer;
mod boxes;
mod faults;
mod plan;
mod read;
mod resolved;
mod run;
mod scenario;

#[cfg(test)]
mod tests;

pub use answer::{Checked, Obstacle, Offer, Refused, Simulated};
pub use boxes::{Boxes, Drawn, Picture, Place, boxes};
pub use run::{check, simulate};
pub use scenario::{Check, Scenario};

use std::time::{Duration, Instant};

use platform::{Error, Result};

/// How long one rehearsal may take.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// When a rehearsal has to be done.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// Some time from now.
    pub fn after(patience: Duration) -> Deadline {
        Deadline(Instant::now() + patience)
    }

    /// # Errors
    /// `Invalid` once it has passed.
    pub(super) fn hold(self) -> Result<()> {
        if Instant::now() < self.0 { Ok(()) } else { Err(too_long()) }
    }
}

/// What is told of a scenario that takes longer than [`PATIENCE`].
pub fn too_long() -> Error {
    Error::invalid("to", "too_large", "This takes longer than 2 seconds. Ask for fewer days, or tell less.")
}
