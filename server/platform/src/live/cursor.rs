//! Where a reader is in a feed.

use crate::error::Result;
use sqlx::PgConnection;

/// What has been passed on: everything that was committed in this snapshot of the database. The next reading takes
/// what is committed by then and was not yet, so that a late commit is never skipped, and one transaction that takes
/// long holds nobody else's changes up.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    pub(super) snapshot: String,
}

impl Cursor {
    /// Behind all that is committed by now.
    pub(super) async fn now(connection: &mut PgConnection) -> Result<Cursor> {
        let snapshot = sqlx::query_scalar("select pg_current_snapshot()::text").fetch_one(connection).await?;
        Ok(Cursor { snapshot })
    }
}
