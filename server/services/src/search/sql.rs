//! The search in the registry of records.

use platform::{Result, Tx, id::EntityId, input::Input};

use super::Hit;
use crate::{
    persons,
    records::reach::Sought,
    subjects::{self, RECORDS_READ},
};

/// As many as a glance takes in.
const AT_MOST: i32 = 20;

/// Records whose name or keywords hold or resemble `query`, the best first, of all types the actor may read. Typing
/// errors, missing diacritics, the order of names and the grouping of telephone numbers are forgiven. What takes place
/// on the calendar is found there, and not here.
///
/// # Errors
/// `Denied`, `Invalid`.
pub async fn everything(tx: &mut Tx, query: &str) -> Result<Vec<Hit>> {
    let modules = tx.state().modules;
    among(tx, query, |key| key != "activity" && modules.iter().all(|module| module.activity_type(key).is_none())).await
}

/// As [`everything`], of those types that `wanted` lets pass.
///
/// # Errors
/// `Denied`, `Invalid`.
pub(crate) async fn among(tx: &mut Tx, query: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Hit>> {
    tx.require(RECORDS_READ)?;
    let mut input = Input::new();
    input.text("q", query, 0, 200);
    input.finish()?;
    let types: Vec<String> = subjects::readable_types(tx).await?.into_iter().filter(|key| wanted(key)).collect();
    let sought = Sought::of(tx, types);
    // What is called just so comes first, then what has the needle as words of its own; `Nowak` before `Nowakowski`.
    let found: Vec<(EntityId, String)> = sqlx::query_as(
        "select s.id, s.keywords
         from search_entities($1, $2, 50, $4, $5) with ordinality as s (id, entity_type, title, keywords, score, place)
         cross join (select btrim(normalised($2)) as text) needle
         order by normalised(s.title) = needle.text desc,
             position(' ' || needle.text || ' ' in ' ' || normalised(s.title || ' ' || s.keywords) || ' ') > 0 desc, s.place
         limit $3",
    )
    .bind(sought.types)
    .bind(query)
    .bind(AT_MOST)
    .bind(sought.narrowed)
    .bind(sought.owned)
    .fetch_all(tx.conn())
    .await?;
    let ids: Vec<EntityId> = found.iter().map(|(id, _)| *id).collect();
    let mut named = subjects::named(tx, &ids).await?;
    let mut alerts = persons::alerts(tx, &ids).await?;
    let hit = |(id, detail)| Some(Hit { record: named.remove(&id)?, detail, alerts: alerts.remove(&id).unwrap_or_default() });
    Ok(found.into_iter().filter_map(hit).collect())
}
