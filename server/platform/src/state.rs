//! What every request of a server shares.

use crate::config::Mode;
use crate::live;
use crate::module::Module;
use crate::reference;
use crate::tokens;
use chrono::{DateTime, Timelike, Utc};
use sqlx::PgPool;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

/// What every request of a server shares; cheap to clone.
#[derive(Clone)]
pub struct State {
    /// Serves as `atrium_app`, which owns nothing. Only [`crate::tx::Tx`] and sign-in use it.
    pub pool: PgPool,
    /// What time it is.
    pub clock: Clock,
    /// All modules that the server knows; which of them an organization has, its subscriptions say.
    pub modules: &'static [&'static Module],
    /// Development or production.
    pub mode: Mode,
    /// What access tokens are signed with.
    pub keys: Arc<tokens::Keys>,
    /// Where changes are announced.
    pub live: live::Hub,
    /// How many passwords are hashed at once, so that a flood of sign-ins cannot starve the calendar.
    pub hashing: Arc<Semaphore>,
    /// What was read of reference data.
    pub kept: Arc<reference::Kept>,
    /// What upper floors put here: hooks of modules.
    pub extensions: Arc<http::Extensions>,
}

impl State {
    /// A state that hashes one password at a time for each two processors.
    pub fn new(
        pool: PgPool,
        clock: Clock,
        mode: Mode,
        modules: &'static [&'static Module],
        keys: tokens::Keys,
        extensions: http::Extensions,
    ) -> State {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        State {
            pool,
            clock,
            modules,
            mode,
            keys: Arc::new(keys),
            live: live::Hub::default(),
            hashing: Arc::new(Semaphore::new((processors / 2).max(1))),
            kept: Arc::default(),
            extensions: Arc::new(extensions),
        }
    }

    /// What an upper floor has put here.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }
}

/// Tells the time: the system's, or one that was started at an instant of choice and runs on from there.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<(DateTime<Utc>, Instant)>);

impl Clock {
    /// The real time.
    pub fn system() -> Clock {
        Clock(None)
    }

    /// Starts now at `instant`; for rehearsals and tests.
    pub fn starting_at(instant: DateTime<Utc>) -> Clock {
        Clock(Some((instant, Instant::now())))
    }

    /// The time to the microsecond, which is what the database keeps.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self.0 {
            None => Utc::now(),
            Some((instant, started)) => instant + started.elapsed(),
        };
        now.with_nanosecond(now.nanosecond() / 1000 * 1000).unwrap_or(now)
    }
}
