//! Activities one after the other, for programs; screens ask for a range of the calendar.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    input::Input,
};

use super::{
    Activity, LONGEST, possible,
    read::{Row, Stored, gathered},
    seen::{Sight, veiled},
};
use crate::core::CALENDAR_READ;

/// Which activities.
#[derive(Clone, Debug)]
pub struct Asked {
    pub from: DateTime<Utc>,
    /// Exclusive.
    pub to: DateTime<Utc>,
    /// All locations if not given.
    pub location: Option<LocationId>,
    /// Only what takes this resource's time.
    pub resource: Option<EntityId>,
    /// Start and id of the last one had.
    pub after: Option<(DateTime<Utc>, EntityId)>,
    /// At most so many.
    pub limit: i64,
}

/// Activities of all products that lie at least partly between two instants, by start and id.
///
/// # Errors
/// `Denied`, `Invalid`.
pub async fn list(tx: &mut Tx, asked: &Asked) -> Result<Vec<Activity>> {
    tx.require(CALENDAR_READ)?;
    let mut input = Input::new();
    input.year("from", &asked.from);
    input.year("to", &asked.to);
    input.check(asked.from < asked.to, "to", "order", "The range must end after it starts.");
    input.check(asked.after.is_none_or(|(start, _)| possible(start)), "cursor", "cursor", "This cursor does not come from this list.");
    input.finish()?;
    let organization = tx.organization();
    let (after_start, after_id) = asked.after.unzip();
    let rows: Vec<Row> = sqlx::query_as(
        "select a.id, a.activity_type, a.title, a.description, a.location_id, a.starts_at, a.ends_at, a.status, a.owner_id, a.subject_id,
                a.module_entity_id, a.face, a.version
         from scheduled_activities a
         where a.organization_id = $1 and a.starts_at < $3 and a.ends_at > $2 and a.starts_at > $4
           and ($5::uuid is null or a.location_id = $5)
           and ($6::uuid is null or exists (
               select from resource_bookings b where b.organization_id = $1 and b.activity_id = a.id and b.resource_id = $6))
           and (a.starts_at, a.id) > (coalesce($7, '-infinity'::timestamptz), coalesce($8, '00000000-0000-0000-0000-000000000000'::uuid))
         order by a.starts_at, a.id limit $9",
    )
    .bind(organization)
    .bind(asked.from)
    .bind(asked.to)
    .bind(asked.from - LONGEST)
    .bind(asked.location)
    .bind(asked.resource)
    .bind(after_start)
    .bind(after_id)
    .bind(asked.limit)
    .fetch_all(tx.conn())
    .await?;
    let ids: Vec<EntityId> = rows.iter().map(|row| row.id).collect();
    let mut bookings = bookings(tx, &ids).await?;
    let sight = Sight::of(tx);
    rows.into_iter()
        .map(|row| {
            let bookings = bookings.remove(&row.id).unwrap_or_default();
            let bookings = gathered(&bookings, (row.starts_at, row.ends_at));
            Ok(veiled(&sight, row.activity(bookings)?))
        })
        .collect::<Result<_, Error>>()
}

async fn bookings(tx: &mut Tx, activities: &[EntityId]) -> Result<HashMap<EntityId, Vec<Stored>>> {
    let organization = tx.organization();
    let rows: Vec<Stored> = sqlx::query_as(
        "select activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at, overbooked
         from resource_bookings where organization_id = $1 and activity_id = any ($2) order by resource_id, part",
    )
    .bind(organization)
    .bind(activities)
    .fetch_all(tx.conn())
    .await?;
    let mut found: HashMap<EntityId, Vec<Stored>> = HashMap::new();
    for row in rows {
        found.entry(row.0).or_default().push(row);
    }
    Ok(found)
}
