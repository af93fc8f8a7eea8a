//! Where it is not worth looking for time: what resources have given away, in bits of five minutes.
//!
//! Triggers keep the bits in the transaction of every change of `resource_bookings`. A bit stands for a cell that one
//! booking takes as a whole; what takes less of a cell, and holds, have none. So a time that the bits refuse is taken,
//! and one that they leave may be: whoever finds something here asks [`taken`] about that very time.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use platform::{
    Result, Tx,
    id::{EntityId, OrganizationId},
    time::Interval,
};
use sqlx::{PgConnection, Row, postgres::PgRow};

use super::cells::{Cells, PAGE};

/// Stretches in which something is taken, each half open (R1).
pub type Stretches = Vec<(DateTime<Utc>, DateTime<Utc>)>;

/// Of each resource the cells of these pages (the second inclusive) that are taken for certain: not all of them, and of
/// `moving` none (R11). Of whom nothing is known, nothing is told.
///
/// # Errors
/// `Unavailable`.
pub async fn masked(tx: &mut Tx, resources: &[EntityId], pages: (i64, i64), moving: Option<EntityId>) -> Result<HashMap<EntityId, Cells>> {
    let organization = tx.organization();
    let rows = rows(tx.conn(), organization, resources, pages, moving).await?;
    let mut masked: HashMap<EntityId, Cells> = HashMap::new();
    let mut unknown: Vec<(EntityId, i64, i64)> = Vec::new();
    for row in &rows {
        let (resource, page): (EntityId, Option<i32>) = (row.try_get(0)?, row.try_get(1)?);
        match (page, row.try_get::<Option<&[u8]>, _>(2)?) {
            (Some(page), Some(bits)) => {
                // Their number comes before the bits.
                masked.entry(resource).or_insert_with(|| Cells::none(pages)).put(i64::from(page), bits.get(4..).unwrap_or_default());
            }
            _ => {
                let (from, to): (i32, i32) = (row.try_get(3)?, row.try_get(4)?);
                let first = page.map_or(0, |page| i64::from(page) * PAGE);
                unknown.push((resource, first + i64::from(from), first + i64::from(to)));
            }
        }
    }
    for (resource, from, to) in unknown {
        if let Some(cells) = masked.get_mut(&resource) {
            cells.clear(from, to);
        }
    }
    Ok(masked)
}

/// Resource and page; the page's cells, or else a stretch of cells that says nothing: within the page, or of all of them.
async fn rows(
    connection: &mut PgConnection,
    organization: OrganizationId,
    resources: &[EntityId],
    pages: (i64, i64),
    moving: Option<EntityId>,
) -> sqlx::Result<Vec<PgRow>> {
    // One statement, so that bits and what was given back of them are those of one moment.
    sqlx::query(
        "select resource_id, page, bit_send(cells) as cells, 0 as from_cell, 0 as to_cell from resource_masks
         where organization_id = $1 and resource_id = any ($2) and page >= $3 and page <= $4
         union all
         select resource_id, page, null, from_cell, to_cell from resource_freed
         where organization_id = $1 and resource_id = any ($2) and page >= $3 and page <= $4
         union all
         select resource_id, null, null, floor(extract(epoch from starts_at) / 300)::integer, ceil(extract(epoch from ends_at) / 300)::integer
         from resource_bookings where organization_id = $1 and activity_id = $5",
    )
    .bind(organization)
    .bind(resources)
    .bind(i32::try_from(pages.0).unwrap_or(i32::MAX))
    .bind(i32::try_from(pages.1).unwrap_or(i32::MAX))
    .bind(moving)
    .fetch_all(connection)
    .await
}

/// What is taken of each in the range, of whichever product, buffers included, in any order; `moving` does not count
/// (R11), nor does a hold that has run out (R10).
///
/// # Errors
/// `Unavailable`.
pub async fn taken(tx: &mut Tx, resources: &[EntityId], range: Interval, moving: Option<EntityId>) -> Result<HashMap<EntityId, Stretches>> {
    let (organization, now) = (tx.organization(), tx.now());
    let mut taken: HashMap<EntityId, Stretches> = HashMap::new();
    for (resource, start, end) in bookings(tx.conn(), organization, resources, range, moving, now).await? {
        taken.entry(resource).or_default().push((start, end));
    }
    Ok(taken)
}

async fn bookings(
    connection: &mut PgConnection,
    organization: OrganizationId,
    resources: &[EntityId],
    range: Interval,
    moving: Option<EntityId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(EntityId, DateTime<Utc>, DateTime<Utc>)>> {
    // What is long is looked for by itself, see `activities::busy`; nothing is read but the indexes.
    sqlx::query_as(
        "select resource_id, starts_at, ends_at from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and occupies
           and starts_at > $3 - interval '6 hours' and ends_at - starts_at <= interval '6 hours'
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $6)
         union all
         select resource_id, starts_at, ends_at from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and occupies
           and ends_at - starts_at > interval '6 hours'
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $6)",
    )
    .bind(organization)
    .bind(resources)
    .bind(range.start)
    .bind(range.end)
    .bind(moving)
    .bind(now)
    .fetch_all(connection)
    .await
}

/// Rehearses both on a new connection ([`platform::database::Warm`]).
pub fn warm(connection: &mut PgConnection) -> BoxFuture<'_, sqlx::Result<()>> {
    Box::pin(async move {
        let nobody = OrganizationId(uuid::Uuid::nil());
        let now = DateTime::UNIX_EPOCH;
        rows(connection, nobody, &[], (0, 0), None).await?;
        bookings(connection, nobody, &[], Interval { start: now, end: now }, None, now).await?;
        Ok(())
    })
}
