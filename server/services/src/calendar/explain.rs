//! Refusals that tell everything: all reasons with names, and the nearest times that are free (R15).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{
    Result, Tx,
    error::{Alternative, Reason, Refusal},
    id::EntityId,
    time::{Interval, ZoneWindow},
};

use super::slots::{ResourceTime, Why, Wish, nearest};

/// How many alternatives are offered.
const ALTERNATIVES: usize = 3;

/// Turns reasons into a refusal with names and alternatives. `range` is where alternatives are looked for: what
/// `times` covers.
///
/// # Errors
/// `Unavailable`.
#[expect(clippy::too_many_arguments, reason = "a question of the slot search in its parts, and what became of it")]
pub async fn refusal(
    tx: &mut Tx,
    code: &str,
    why: &[Why],
    wish: &Wish,
    times: &[ResourceTime],
    zone: &ZoneWindow,
    range: Interval,
    start: DateTime<Utc>,
) -> Result<Refusal> {
    let reasons = reasons(tx, why).await?;
    let alternatives = nearest(wish, times, zone, range, start, ALTERNATIVES)
        .into_iter()
        .map(|slot| Alternative { start: slot.start, end: slot.end, resources: slot.resources })
        .collect();
    Ok(Refusal { reasons, alternatives, ..Refusal::new(code, "That time is not free.") })
}

/// Reasons with the names of the resources they are about.
///
/// # Errors
/// `Unavailable`.
pub async fn reasons(tx: &mut Tx, why: &[Why]) -> Result<Vec<Reason>> {
    let organization = tx.organization();
    let ids: Vec<EntityId> = why.iter().filter_map(|why| why.resource).collect();
    let names: HashMap<EntityId, String> =
        sqlx::query_as::<_, (EntityId, String)>("select id, name from resources where organization_id = $1 and id = any ($2)")
            .bind(organization)
            .bind(ids)
            .fetch_all(tx.conn())
            .await?
            .into_iter()
            .collect();
    Ok(why
        .iter()
        .map(|why| Reason {
            rule: why.rule.as_str().into(),
            resource: why.resource,
            resource_name: why.resource.and_then(|id| names.get(&id).cloned()),
            from: why.during.map(|during| during.start),
            to: why.during.map(|during| during.end),
        })
        .collect())
}
