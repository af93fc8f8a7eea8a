//! How many statements something takes, so that a question does not cost one more for each record it is about.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Metadata, Subscriber, span};

/// Counts the statements that this thread sends to the database, as long as it lives. A test of tokio's runs on one thread
/// unless it asks for more.
pub struct Statements {
    count: Arc<AtomicU32>,
    _counting: DefaultGuard,
}

impl Statements {
    /// Counts from now on.
    #[must_use]
    pub fn counted() -> Self {
        let count = Arc::new(AtomicU32::new(0));
        let counting = set_default(Counter(count.clone()));
        Self { count, _counting: counting }
    }

    /// How many there were since this was last asked.
    pub fn taken(&self) -> u32 {
        self.count.swap(0, Ordering::Relaxed)
    }
}

/// Listens to what the driver tells of each statement, and to nothing else.
struct Counter(Arc<AtomicU32>);

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
