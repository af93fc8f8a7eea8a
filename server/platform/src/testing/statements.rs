//! How many statements something takes, so that a question does not cost one more for each record it is about.

use std::cell::Cell;
use std::sync::Once;
use tracing::{Event, Metadata, Subscriber, span, subscriber};

thread_local! {
    static SENT: Cell<u32> = const { Cell::new(0) };
}

/// Heard by all threads, as what one thread alone listens to may be taken for unheard by the others.
static LISTENING: Once = Once::new();

/// Counts the statements that this thread sends to the database. A test of tokio's runs on one thread unless it asks for
/// more.
pub struct Statements {
    since: u32,
}

impl Statements {
    /// Counts from now on.
    #[must_use]
    pub fn counted() -> Self {
        LISTENING.call_once(|| subscriber::set_global_default(Counter).expect("nobody else listens in tests"));
        Self { since: SENT.get() }
    }

    /// How many there were since then.
    #[must_use]
    pub fn taken(self) -> u32 {
        SENT.get().wrapping_sub(self.since)
    }
}

/// Listens to what the driver tells of each statement, and to nothing else.
struct Counter;

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
        SENT.set(SENT.get().wrapping_add(1));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
