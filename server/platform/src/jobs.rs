//! Work that is done outside of requests, and lost by no crash: asked for in the transaction that needs it, taken by one
//! server at a time, tried again with growing pauses, and laid aside (`dead`) where people see it when that is no use.
//!
//! Whoever takes a job holds it by a lease and by a number (`fence`) that is raised each time it is taken. What it writes it
//! writes behind [`Job::hold`], which refuses one who has lost the job meanwhile. So a job may be begun twice, by a crash
//! or by a pause that took too long, and its programs are written for that; but only its present holder has effects here.

mod queue;
mod seen;
mod work;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::Error;
use crate::id::{EntityId, OrganizationId};
use crate::state::State;

pub use queue::{hurry, want};
pub use seen::{list, run_now};
pub use work::{run_due, work};

/// A job is given up by its holder, and may be taken by another, after so long without a sign of life.
pub const LEASE: Duration = Duration::from_secs(120);

/// One kind of work.
pub struct Kind {
    /// The word kept with its jobs.
    pub key: &'static str,
    /// How often it is tried before it is laid aside.
    pub attempts: i32,
    /// Does it.
    pub run: fn(State, Job) -> BoxFuture<'static, Result<Next, Failed>>,
}

/// All kinds that this server does; kept in the state's extensions.
#[derive(Clone)]
pub struct Kinds(pub Arc<[&'static Kind]>);

/// A job that was taken.
#[derive(Clone, Debug)]
pub struct Job {
    pub organization: OrganizationId,
    pub id: EntityId,
    pub kind: String,
    /// What it is about.
    pub key: String,
    pub payload: Value,
    /// Which try this is, from 1.
    pub attempt: i32,
    fence: i64,
}

/// What follows on success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Done,
    /// The same again after so long.
    Again(Duration),
}

/// Why it was not done, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// A word that is kept and shown; nothing that others have said.
    pub problem: String,
    /// When to try again, where the other side has said so.
    pub wait: Option<Duration>,
    /// Trying again is no use until a person has done something.
    pub fatal: bool,
    /// Nothing was tried: it does not count.
    pub put_off: bool,
}

impl Failed {
    /// To be tried again in a while.
    pub fn again(problem: &str) -> Failed {
        Failed { problem: problem.into(), wait: None, fatal: false, put_off: false }
    }

    /// Laid aside at once.
    pub fn fatal(problem: &str) -> Failed {
        Failed { fatal: true, ..Failed::again(problem) }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        if let Error::Internal(fault) = &error {
            tracing::error!(%fault, "a job met a fault of ours");
        }
        Failed::again(error.code())
    }
}

/// A job as people see it who look after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobRow {
    pub id: EntityId,
    /// `calendar_sync`.
    pub kind: String,
    /// What it is about.
    pub key: String,
    /// `waiting`, `running`, `dead`.
    pub state: String,
    /// How often it was tried since it last succeeded.
    pub attempts: i32,
    /// Seconds until it is done next; negative if it is late.
    pub due_in_seconds: i64,
    /// Why it failed the last time; empty if it did not.
    pub problem: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
