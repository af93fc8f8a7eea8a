//! The search in the registry of records.

use platform::{Result, Tx, id::EntityId, input::Input};

use super::Hit;
use crate::subjects::{self, RECORDS_READ};

/// As many as a glance takes in.
const AT_MOST: i32 = 20;

/// Records whose name or keywords hold or resemble `query`, the best first, of all types the actor may read. Typing
/// errors, missing diacritics, the order of names and the grouping of telephone numbers are forgiven. What takes place
/// on the calendar is found there, and not here.
///
/// # Errors
/// `Denied`, `Invalid`.
pub async fn everything(tx: &mut Tx, query: &str) -> Result<Vec<Hit>> {
    tx.require(RECORDS_READ)?;
    let mut input = Input::new();
    input.text("q", query, 0, 200);
    input.finish()?;
    let types = types(tx).await?;
    let found: Vec<(EntityId, String)> = sqlx::query_as("select id, keywords from search_entities($1, $2, $3)")
        .bind(types)
        .bind(query)
        .bind(AT_MOST)
        .fetch_all(tx.conn())
        .await?;
    let ids: Vec<EntityId> = found.iter().map(|(id, _)| *id).collect();
    let mut named = subjects::named(tx, &ids).await?;
    Ok(found.into_iter().filter_map(|(id, detail)| Some(Hit { record: named.remove(&id)?, detail })).collect())
}

/// The readable types whose records are not entries of the calendar.
async fn types(tx: &mut Tx) -> Result<Vec<String>> {
    let readable = subjects::readable_types(tx).await?;
    let modules = &tx.state().modules;
    let on_calendar = |key: &str| key == "activity" || modules.iter().any(|module| module.activity_type(key).is_some());
    Ok(readable.into_iter().filter(|key| !on_calendar(key)).collect())
}
