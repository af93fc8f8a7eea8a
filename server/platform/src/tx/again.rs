//! Trying a whole transaction again where another was in the way: by whoever runs it, and at the doors for all of them.

use crate::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a transaction is tried.
pub const ATTEMPTS: u32 = 3;

/// Runs a whole transaction again after a deadlock or a serialization failure, at most three times in all, with a
/// random pause so that two contenders do not meet again.
pub async fn retry<T, F, Fut>(mut f: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let mut attempt = 1;
    loop {
        match f().await {
            Err(error) if error.is_retryable() && attempt < ATTEMPTS => {
                pause(attempt).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// Waits before the attempt after this one, longer each time and never as long as somebody else.
pub async fn pause(attempt: u32) {
    let jitter = rand::random_range(0..20 * u64::from(attempt));
    tokio::time::sleep(Duration::from_millis(5 + jitter)).await;
}

tokio::task_local! {
    static CURRENT: Arc<Attempt>;
}

/// What became of the transactions of one attempt to answer a request.
#[derive(Debug, Default)]
pub struct Attempt {
    begun: AtomicBool,
    kept: AtomicBool,
    contended: AtomicBool,
}

impl Attempt {
    /// Whether the request may be answered by doing all of it again: its answer would have been that a transaction met
    /// another, and none of its transactions was committed.
    pub fn may_be_repeated(&self) -> bool {
        let is = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        is(&self.begun) && is(&self.contended) && !is(&self.kept)
    }
}

/// Runs an attempt to answer a request, and tells what became of its transactions.
pub async fn attempted<F: Future>(future: F) -> (F::Output, Arc<Attempt>) {
    let attempt = Arc::new(Attempt::default());
    let output = CURRENT.scope(attempt.clone(), future).await;
    (output, attempt)
}

fn mark(flag: fn(&Attempt) -> &AtomicBool) {
    // Outside of requests nobody asks.
    let _ = CURRENT.try_with(|attempt| flag(attempt).store(true, Ordering::Relaxed));
}

/// A transaction has begun.
pub(super) fn begun() {
    mark(|attempt| &attempt.begun);
}

/// A transaction was committed: what it did is done.
pub(super) fn kept() {
    mark(|attempt| &attempt.kept);
}

/// An error is about to be the answer.
pub(crate) fn answered(error: &Error) {
    if error.is_retryable() {
        mark(|attempt| &attempt.contended);
    }
}
