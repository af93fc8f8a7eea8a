//! Activities as they are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId, UserId},
    time::Interval,
};
use sqlx::types::Json;

use super::{Activity, Booking, booking};
use crate::calendar::{Face, Status, slots::Busy};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: EntityId,
    activity_type: String,
    title: String,
    description: String,
    location_id: LocationId,
    pub(super) starts_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    status: String,
    owner_id: Option<UserId>,
    subject_id: Option<EntityId>,
    module_entity_id: Option<EntityId>,
    face: Json<Face>,
    version: i32,
}

/// The status as stored; a word that no version of this program has written is a fault of ours.
pub(crate) fn status(word: &str) -> Result<Status> {
    word.parse().map_err(|_| Error::internal("an activity has an unknown status"))
}

/// One activity with its bookings. Whoever calls has checked that it may be seen.
///
/// # Errors
/// `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Activity> {
    read(tx, id, false).await
}

/// As [`get`], holding the row until the transaction ends, so that nobody changes it in between.
///
/// # Errors
/// `NotFound`.
pub async fn lock(tx: &mut Tx, id: EntityId) -> Result<Activity> {
    read(tx, id, true).await
}

/// Those of the activities that are there, by id, held as by [`lock`]. Whoever calls checks that they may be seen.
///
/// # Errors
/// `Unavailable`.
pub async fn lock_all(tx: &mut Tx, ids: &[EntityId]) -> Result<Vec<Activity>> {
    read_all(tx, ids, true).await
}

/// As [`lock_all`], without holding them.
///
/// # Errors
/// `Unavailable`.
pub async fn get_all(tx: &mut Tx, ids: &[EntityId]) -> Result<Vec<Activity>> {
    read_all(tx, ids, false).await
}

async fn read_all(tx: &mut Tx, ids: &[EntityId], lock: bool) -> Result<Vec<Activity>> {
    const PLAIN: &str = "select id, activity_type, title, description, location_id, starts_at, ends_at, status, owner_id, subject_id,
            module_entity_id, face, version
         from scheduled_activities where organization_id = $1 and id = any ($2) order by id";
    const LOCKED: &str = "select id, activity_type, title, description, location_id, starts_at, ends_at, status, owner_id, subject_id,
            module_entity_id, face, version
         from scheduled_activities where organization_id = $1 and id = any ($2) order by id for update";
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(if lock { LOCKED } else { PLAIN }).bind(organization).bind(ids).fetch_all(tx.conn()).await?;
    let bookings: Vec<Stored> = sqlx::query_as(
        "select activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at, overbooked
         from resource_bookings where organization_id = $1 and activity_id = any ($2) order by activity_id, resource_id, part",
    )
    .bind(organization)
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    let of = |row: &Row| {
        let own = bookings.partition_point(|booking| booking.0 < row.id)..bookings.partition_point(|booking| booking.0 <= row.id);
        gathered(&bookings[own], (row.starts_at, row.ends_at))
    };
    let activity = |row: Row| {
        let bookings = of(&row);
        row.activity(bookings)
    };
    rows.into_iter().map(activity).collect()
}

async fn read(tx: &mut Tx, id: EntityId, lock: bool) -> Result<Activity> {
    const PLAIN: &str = "select id, activity_type, title, description, location_id, starts_at, ends_at, status, owner_id, subject_id,
            module_entity_id, face, version
         from scheduled_activities where organization_id = $1 and id = $2";
    const LOCKED: &str = "select id, activity_type, title, description, location_id, starts_at, ends_at, status, owner_id, subject_id,
            module_entity_id, face, version
         from scheduled_activities where organization_id = $1 and id = $2 for update";
    let organization = tx.organization();
    let row: Row = sqlx::query_as(if lock { LOCKED } else { PLAIN })
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?
        .ok_or(Error::NotFound)?;
    let bookings: Vec<Stored> = sqlx::query_as(
        "select activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at, overbooked
         from resource_bookings where organization_id = $1 and activity_id = $2 order by resource_id, part",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let bookings = gathered(&bookings, (row.starts_at, row.ends_at));
    row.activity(bookings)
}

/// Activity and resource; what is occupied from and to; what the activity itself takes from and to; whether over another.
pub(super) type Stored = (EntityId, EntityId, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, bool);

/// The bookings of one activity, out of its rows by resource and part.
pub(super) fn gathered(rows: &[Stored], during: (DateTime<Utc>, DateTime<Utc>)) -> Vec<Booking> {
    let of_one = |rows: &[Stored]| {
        let resource = rows.first().map(|row| row.1)?;
        let times: Vec<_> = rows.iter().map(|row| (row.2, row.3, row.4, row.5, row.6)).collect();
        Some(booking(resource, &times, during))
    };
    rows.chunk_by(|one, next| one.1 == next.1).filter_map(of_one).collect()
}

impl Row {
    pub(super) fn activity(self, bookings: Vec<Booking>) -> Result<Activity> {
        Ok(Activity {
            id: self.id,
            activity_type: self.activity_type,
            title: self.title,
            description: self.description,
            location: self.location_id,
            start: self.starts_at,
            end: self.ends_at,
            status: status(&self.status)?,
            owner: self.owner_id,
            subject: self.subject_id,
            record: self.module_entity_id,
            face: self.face.0,
            version: self.version,
            bookings,
        })
    }
}

/// Resource and activity; what is occupied from and to; what the activity itself takes from and to.
type Taken = (EntityId, EntityId, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>);

/// What already takes these resources' time anywhere in the range, of whichever product; `moving` does not count (R11),
/// nor does a hold that has run out (R10).
///
/// # Errors
/// `Unavailable`.
pub async fn busy(tx: &mut Tx, resources: &[EntityId], range: Interval, moving: Option<EntityId>) -> Result<HashMap<EntityId, Vec<Busy>>> {
    let (organization, now) = (tx.organization(), tx.now());
    // Plain comparisons, for `&&` could not use its index under row-level security. What is long is looked for by itself;
    // of the rest what began longer ago than it lasts is over, and the index is not read from there on.
    let rows: Vec<Taken> = sqlx::query_as(
        "select resource_id, activity_id, starts_at, ends_at, core_starts_at, core_ends_at from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and occupies
           and starts_at > $3 - interval '6 hours' and ends_at - starts_at <= interval '6 hours'
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $6)
         union all
         select resource_id, activity_id, starts_at, ends_at, core_starts_at, core_ends_at from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and occupies
           and ends_at - starts_at > interval '6 hours'
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $6)
         order by resource_id, starts_at",
    )
    .bind(organization)
    .bind(resources)
    .bind(range.start)
    .bind(range.end)
    .bind(moving)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let mut busy: HashMap<EntityId, Vec<Busy>> = resources.iter().map(|id| (*id, Vec::new())).collect();
    for (resource, activity, from, to, start, end) in rows {
        let minutes = |length: chrono::TimeDelta| i32::try_from(length.num_minutes()).unwrap_or(i32::MAX);
        busy.entry(resource).or_default().push(Busy {
            activity,
            start,
            end,
            before: minutes(start - from),
            after: minutes(to - end),
            seats: 1,
            session: None,
        });
    }
    Ok(busy)
}
