//! Changes of activities. Each keeps the entity's title and status in step and leaves the log to its caller, who
//! knows what the change means.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, Result, Tx, entities, error::ResultExt, id::EntityId, input::Input, locations, time, time::Interval};
use sqlx::{Postgres, postgres::PgArguments, query::Query, types::Json};

use super::{Activity, LONGEST_BUFFER, NewActivity, NewBooking, check_time, parts, read};
use crate::{
    calendar::Status,
    hooks::{self, Freed},
};

/// Time that is taken already, refused by the database itself.
pub(super) fn taken() -> Error {
    Error::conflict("double_booking", "That time was just taken.")
}

/// A resource that is not there, as the foreign key tells.
pub(super) fn unknown_resource() -> Error {
    Error::NotFound
}

/// Bookings in the order of resource ids, one a resource.
pub(super) fn sorted(bookings: &[NewBooking]) -> Result<Vec<NewBooking>> {
    let fits = |length: i32| (TimeDelta::zero()..=LONGEST_BUFFER).contains(&TimeDelta::minutes(i64::from(length)));
    if !bookings.iter().all(|booking| fits(booking.before) && fits(booking.after)) {
        return Err(Error::invalid("buffers", "range", "A buffer takes at most a day."));
    }
    let mut sorted = bookings.to_vec();
    sorted.sort_by_key(|booking| booking.resource);
    sorted.dedup_by_key(|booking| booking.resource);
    Ok(sorted)
}

/// One statement for all bookings, in the order of resource ids, and for what is to go in together with them.
///
/// It takes its turn itself (see [`take_turns`]): where many want one time, the database refuses the losers one after
/// the other without waiting for any of them to answer. Of a resource that is not there the row goes in all the same,
/// for the foreign key to refuse. Holds that have run out give their time back before the first row goes in (R10).
macro_rules! booking {
    ($together:literal) => {
        concat!(
            "with ",
            $together,
            " turn as materialized (
                 select id from resources where organization_id = $1 and id = any ($3) order by id for no key update
             ), lapsed as (
                 update resource_bookings set occupies = false
                 where organization_id = $1 and resource_id = any ($3) and occupies and held_until <= $11 and exists (select from turn)
                 returning 1
             )
             insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at,
                 occupies, overbooked, part)
             select $1, $2, coalesce(turn.id, b.resource_id), b.starts_at, b.ends_at, b.core_starts_at, b.core_ends_at, $8, $9, b.part
             from (select count(*) from lapsed) as given_back
             cross join unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $10::smallint[])
                 with ordinality as b (resource_id, starts_at, ends_at, core_starts_at, core_ends_at, part, place)
             left join turn on turn.id = b.resource_id
             order by b.place"
        )
    };
}
/// Makes an activity with all its bookings, or nothing.
///
/// # Errors
/// `Invalid` (see [`super::LONGEST`]), `NotFound` (the location or a resource), `Conflict` of code `double_booking`, or
/// of code `duplicate` where the id is taken by another record.
pub async fn insert(tx: &mut Tx, new: &NewActivity) -> Result<()> {
    let mut input = Input::new();
    check_time(&mut input, new.start, new.end);
    input.finish()?;
    let location = locations::get(tx, new.location).await?;
    let zone = time::zone(&location.zone)?;
    let wall = new.start.with_timezone(&zone).naive_local();
    let (sorted, organization, now) = (sorted(&new.bookings)?, tx.organization(), tx.now());
    let rows = Rows::of(&sorted, (new.start, new.end));
    let drawn = rows.drawn();
    let statement = booking!(
        "entity as (
             insert into entities (organization_id, id, entity_type, title, owner_id, status, created_at, updated_at)
             values ($1, $2, 'activity', $13, $19, $18, $11, $11)
         ), activity as (
             insert into scheduled_activities (organization_id, id, activity_type, title, description, location_id, starts_at, ends_at,
                 zone, wall_start, status, owner_id, subject_id, module_entity_id, face, created_at, updated_at,
                 resources, buffer_before, buffer_after, overbooked)
             values ($1, $2, $12, $13, $14, $15, $22, $23, $16, $17, $18, $19, $20, $21, $24, $11, $11, $25, $26, $27, $9)
         ),"
    );
    rows.bind(sqlx::query(statement).bind(organization).bind(new.id), new.status.occupies(), new.overbook, now)
        .bind(&new.activity_type)
        .bind(&new.title)
        .bind(&new.description)
        .bind(new.location)
        .bind(&location.zone)
        .bind(wall)
        .bind(new.status.as_str())
        .bind(new.owner)
        .bind(new.subject)
        .bind(new.record)
        .bind(new.start)
        .bind(new.end)
        .bind(Json(&new.face))
        .bind(drawn.resources)
        .bind(drawn.before)
        .bind(drawn.after)
        .execute(tx.conn())
        .await
        .on_constraint("entities_pkey", || Error::conflict("duplicate", "There is a record of that id already."))
        .on_constraint("no_double_booking", taken)
        .on_constraint("resource_bookings_organization_id_resource_id_fkey", unknown_resource)?;
    Ok(())
}

/// Lets those who book any of these resources take turns, in the order of resource ids, until the transaction ends.
///
/// The exclusion constraint alone would do for the truth, but not for the peace: two transactions that have both put
/// their row in before either looks for the other's wait for each other, and one that gives up a resource while it
/// takes another may meet its mirror image.
pub async fn take_turns(tx: &mut Tx, resources: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select id from resources where organization_id = $1 and id = any ($2) order by id for no key update")
        .bind(organization)
        .bind(resources)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Holds of these resources that have run out give their time back (R10). The caller has its turn.
pub(super) async fn lapse(tx: &mut Tx, resources: &[EntityId]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update resource_bookings set occupies = false where organization_id = $1 and resource_id = any ($2) and occupies and held_until <= $3")
        .bind(organization)
        .bind(resources)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Makes an activity a hold: from that instant on its time is free for anybody, whether or not anyone has noticed (R10).
///
/// # Errors
/// `Conflict` of code `double_booking` where it had run out and somebody has its time by now.
pub async fn hold_until(tx: &mut Tx, id: EntityId, until: DateTime<Utc>) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update resource_bookings set held_until = $3, occupies = true where organization_id = $1 and activity_id = $2")
        .bind(organization)
        .bind(id)
        .bind(until)
        .execute(tx.conn())
        .await
        .on_constraint("no_double_booking", taken)?;
    sqlx::query("update scheduled_activities set expires_at = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(until)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Lets an activity that lies over others have its time for itself, if nobody else has it any more.
///
/// # Errors
/// `Conflict` of code `double_booking` while somebody has.
pub(crate) async fn settle(tx: &mut Tx, id: EntityId) -> Result<()> {
    let resources: Vec<EntityId> = read::lock(tx, id).await?.bookings.iter().map(|booking| booking.resource).collect();
    take_turns(tx, &resources).await?;
    let organization = tx.organization();
    sqlx::query("update resource_bookings set overbooked = false where organization_id = $1 and activity_id = $2 and overbooked")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await
        .on_constraint("no_double_booking", taken)?;
    draw(tx, &[id]).await
}

/// Keeps what the calendar draws of these activities' bookings in step with them.
pub(super) async fn draw(tx: &mut Tx, activities: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select draw_bookings($1, $2)").bind(organization).bind(activities).execute(tx.conn()).await?;
    Ok(())
}

/// Tells that an activity gives back what it takes.
async fn gives_back(tx: &mut Tx, activity: &Activity) -> Result<()> {
    let taken = activity.bookings.iter().flat_map(|booking| parts(&booking.into(), (activity.start, activity.end)));
    let parts = taken.filter_map(|part| Some((part.resource, Interval::new(part.occupied.0, part.occupied.1)?))).collect();
    hooks::freed(tx, &Freed { location: activity.location, parts }).await
}

/// Takes activities away altogether, with what they took: holds, of which nothing has come. What was done to them stays
/// in the log.
///
/// # Errors
/// `Unavailable`.
pub async fn remove(tx: &mut Tx, ids: &[EntityId]) -> Result<()> {
    for activity in read::get_all(tx, ids).await? {
        gives_back(tx, &activity).await?;
    }
    spend(tx, ids).await
}

/// As [`remove`], where this very transaction takes the time for something else: nobody is told that it was given back.
///
/// # Errors
/// `Unavailable`.
pub async fn spend(tx: &mut Tx, ids: &[EntityId]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "with gone as (delete from scheduled_activities where organization_id = $1 and id = any ($2) returning id)
         update entities e set deleted_at = $3, version = version + 1, updated_at = $3
         from gone where e.organization_id = $1 and e.id = gone.id and e.deleted_at is null",
    )
    .bind(organization)
    .bind(ids)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The rows of an activity's bookings, column by column.
#[derive(Default)]
struct Rows {
    resources: Vec<EntityId>,
    occupied: (Vec<DateTime<Utc>>, Vec<DateTime<Utc>>),
    core: (Vec<DateTime<Utc>>, Vec<DateTime<Utc>>),
    parts: Vec<i16>,
}

/// What the calendar draws of them: each resource once, in the order of their ids, and the longest buffers in minutes.
struct Drawn {
    resources: Vec<EntityId>,
    before: i32,
    after: i32,
}

type Statement = Query<'static, Postgres, PgArguments>;

impl Rows {
    fn of(sorted: &[NewBooking], time: (DateTime<Utc>, DateTime<Utc>)) -> Rows {
        let mut rows = Rows::default();
        for part in sorted.iter().flat_map(|booking| parts(booking, time)) {
            rows.resources.push(part.resource);
            rows.occupied.0.push(part.occupied.0);
            rows.occupied.1.push(part.occupied.1);
            rows.core.0.push(part.core.0);
            rows.core.1.push(part.core.1);
            rows.parts.push(part.part);
        }
        rows
    }

    fn drawn(&self) -> Drawn {
        let longest = |later: &[DateTime<Utc>], earlier: &[DateTime<Utc>]| {
            let minutes = later.iter().zip(earlier).map(|(later, earlier)| (*later - *earlier).num_minutes());
            i32::try_from(minutes.max().unwrap_or(0)).unwrap_or(i32::MAX)
        };
        let mut resources = self.resources.clone();
        resources.sort_unstable();
        resources.dedup();
        Drawn { resources, before: longest(&self.core.0, &self.occupied.0), after: longest(&self.occupied.1, &self.core.1) }
    }

    /// From the third parameter of [`booking`] to the eleventh.
    fn bind(self, statement: Statement, occupies: bool, overbooked: bool, now: DateTime<Utc>) -> Statement {
        statement
            .bind(self.resources)
            .bind(self.occupied.0)
            .bind(self.occupied.1)
            .bind(self.core.0)
            .bind(self.core.1)
            .bind(occupies)
            .bind(overbooked)
            .bind(self.parts)
            .bind(now)
    }
}

async fn insert_bookings(
    tx: &mut Tx,
    activity: EntityId,
    time: (DateTime<Utc>, DateTime<Utc>),
    bookings: &[NewBooking],
    occupies: bool,
    overbooked: bool,
) -> Result<()> {
    let sorted = sorted(bookings)?;
    if sorted.is_empty() {
        return Ok(());
    }
    let (organization, now) = (tx.organization(), tx.now());
    Rows::of(&sorted, time)
        .bind(sqlx::query(booking!("")).bind(organization).bind(activity), occupies, overbooked, now)
        .execute(tx.conn())
        .await
        .on_constraint("no_double_booking", taken)
        .on_constraint("resource_bookings_organization_id_resource_id_fkey", unknown_resource)?;
    Ok(())
}

/// Gives an activity another time, and other resources if `bookings` names them. The present time and resources again
/// are a no-op: no new version, nothing changed (R11).
///
/// # Errors
/// `NotFound`, `Invalid`, `Conflict` of code `version` (with what is stored and who stored it, R18) or `double_booking`.
pub async fn reschedule(
    tx: &mut Tx,
    id: EntityId,
    version: i32,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    bookings: Option<Vec<NewBooking>>,
    overbook: bool,
) -> Result<Activity> {
    let mut input = Input::new();
    check_time(&mut input, start, end);
    input.finish()?;
    let before = read::lock(tx, id).await?;
    let present: Vec<NewBooking> = before.bookings.iter().map(NewBooking::from).collect();
    let mut wanted = bookings.unwrap_or_else(|| present.clone());
    wanted.sort_by_key(|booking| booking.resource);
    wanted.dedup_by_key(|booking| booking.resource);
    if before.start == start && before.end == end && wanted == present {
        return Ok(before);
    }
    expect_version(tx, &before, version).await?;
    // Those it leaves and those it goes to at once, so that the order holds over both.
    let touched: Vec<EntityId> = present.iter().chain(&wanted).map(|booking| booking.resource).collect();
    take_turns(tx, &touched).await?;
    let organization = tx.organization();
    sqlx::query("delete from resource_bookings where organization_id = $1 and activity_id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    insert_bookings(tx, id, (start, end), &wanted, before.status.occupies(), overbook).await?;
    let location = locations::get(tx, before.location).await?;
    let wall = start.with_timezone(&time::zone(&location.zone)?).naive_local();
    let now = tx.now();
    sqlx::query(
        "update scheduled_activities set starts_at = $3, ends_at = $4, zone = $5, wall_start = $6, version = version + 1, updated_at = $7
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(start)
    .bind(end)
    .bind(&location.zone)
    .bind(wall)
    .bind(now)
    .execute(tx.conn())
    .await?;
    draw(tx, &[id]).await?;
    if before.status.occupies() {
        gives_back(tx, &before).await?;
    }
    read::get(tx, id).await
}

/// Takes an activity to another status; its time is free at once if that one takes none (R10). Which steps are
/// possible is for the caller to say.
///
/// # Errors
/// `NotFound`, `Conflict` of code `version`, or `double_booking` where time that had been given back is taken by now.
pub async fn set_status(tx: &mut Tx, id: EntityId, version: i32, to: Status) -> Result<Activity> {
    let before = read::lock(tx, id).await?;
    // The same step seen from an older version is somebody else's: their reason and their time stay (R18).
    expect_version(tx, &before, version).await?;
    if before.status == to {
        return Ok(before);
    }
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update scheduled_activities set status = $3, version = version + 1, updated_at = $4 where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(to.as_str())
    .bind(now)
    .execute(tx.conn())
    .await?;
    if before.status.occupies() != to.occupies() {
        if to.occupies() {
            let resources: Vec<EntityId> = before.bookings.iter().map(|booking| booking.resource).collect();
            take_turns(tx, &resources).await?;
            lapse(tx, &resources).await?;
        }
        // Whoever takes time back has their turn at all of its resources.
        sqlx::query("update resource_bookings set occupies = $3 where organization_id = $1 and activity_id = $2")
            .bind(organization)
            .bind(id)
            .bind(to.occupies())
            .execute(tx.conn())
            .await
            .on_constraint("no_double_booking", taken)?;
        if !to.occupies() {
            gives_back(tx, &before).await?;
        }
    }
    entities::update(tx, id, &before.title, "", Some(to.as_str())).await?;
    read::get(tx, id).await
}

/// R18: the second of two changes gets what the first one made of it, and whose it was.
pub(crate) async fn expect_version(tx: &mut Tx, activity: &Activity, version: i32) -> Result<()> {
    if activity.version == version {
        return Ok(());
    }
    let record = activity.record.unwrap_or(activity.id);
    Err(platform::actions::changed_meanwhile(tx, record, "activity", activity, "Somebody else has changed this in the meantime.").await?)
}
