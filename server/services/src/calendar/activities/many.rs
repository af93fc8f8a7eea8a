//! Many activities at once: for data taken over and for demonstration, where one statement each would take minutes.

use chrono::NaiveDateTime;
use platform::{
    Result, Tx,
    entities::{self, NewEntity},
    error::ResultExt,
    id::EntityId,
    input::Input,
    locations, time,
};
use sqlx::types::Json;

use super::{
    NewActivity, NewBooking, Part, check_time, parts,
    write::{draw, lapse, sorted, take_turns, taken, unknown_resource},
};

/// One booking of one of them.
struct Row {
    activity: EntityId,
    taken: Part,
    occupies: bool,
    overbooked: bool,
}

/// As [`super::insert`] for many activities: all of them or none, under the same constraints.
///
/// # Errors
/// As [`super::insert`].
pub async fn insert_all(tx: &mut Tx, all: &[NewActivity]) -> Result<()> {
    let mut input = Input::new();
    for new in all {
        check_time(&mut input, new.start, new.end);
    }
    input.finish()?;
    let (mut zones, mut walls): (Vec<String>, Vec<NaiveDateTime>) = (Vec::new(), Vec::new());
    let mut last = None;
    for new in all {
        let location = match last.take().filter(|(id, _)| *id == new.location) {
            Some((_, location)) => location,
            None => locations::get(tx, new.location).await?,
        };
        walls.push(new.start.with_timezone(&time::zone(&location.zone)?).naive_local());
        zones.push(location.zone.clone());
        last = Some((new.location, location));
    }
    let registered: Vec<NewEntity<'_>> = all
        .iter()
        .map(|new| NewEntity {
            id: new.id,
            entity_type: "activity",
            title: &new.title,
            keywords: "",
            owner: new.owner,
            status: Some(new.status.as_str()),
        })
        .collect();
    entities::insert_all(tx, &registered).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into scheduled_activities (organization_id, id, activity_type, title, description, location_id, starts_at, ends_at,
             zone, wall_start, status, owner_id, subject_id, module_entity_id, face, created_at, updated_at)
         select $1, id, activity_type, title, description, location_id, starts_at, ends_at, zone, wall_start, status, owner_id, subject_id,
             module_entity_id, face, $2, $2
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::timestamptz[], $9::timestamptz[], $10::text[],
             $11::timestamp[], $12::text[], $13::uuid[], $14::uuid[], $15::uuid[], $16::jsonb[])
             as a (id, activity_type, title, description, location_id, starts_at, ends_at, zone, wall_start, status, owner_id, subject_id,
             module_entity_id, face)",
    )
    .bind(organization)
    .bind(now)
    .bind(all.iter().map(|new| new.id).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.activity_type.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.title.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.description.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.location).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.start).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.end).collect::<Vec<_>>())
    .bind(zones)
    .bind(walls)
    .bind(all.iter().map(|new| new.status.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.owner).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.subject).collect::<Vec<_>>())
    .bind(all.iter().map(|new| new.record).collect::<Vec<_>>())
    .bind(all.iter().map(|new| Json(&new.face)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let mut rows = Vec::new();
    for new in all {
        rows.extend(sorted(&new.bookings)?.iter().flat_map(|booking| rows_of(new, booking)));
    }
    // Resources first, as everywhere: whoever books the same ones meets this in the same order.
    rows.sort_by_key(|row| (row.taken.resource, row.taken.occupied.0));
    insert_rows(tx, &rows).await?;
    draw(tx, &all.iter().map(|new| new.id).collect::<Vec<_>>()).await
}

fn rows_of(new: &NewActivity, booking: &NewBooking) -> Vec<Row> {
    parts(booking, (new.start, new.end))
        .into_iter()
        .map(|taken| Row { activity: new.id, taken, occupies: new.status.occupies(), overbooked: new.overbook })
        .collect()
}

async fn insert_rows(tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let resources: Vec<EntityId> = rows.iter().map(|row| row.taken.resource).collect();
    take_turns(tx, &resources).await?;
    lapse(tx, &resources).await?;
    let organization = tx.organization();
    sqlx::query(
        "insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at, occupies, overbooked, part)
         select $1, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at, occupies, overbooked, part
         from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::bool[], $9::bool[],
                     $10::smallint[])
             with ordinality as b (activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at, occupies, overbooked, part, place)
         order by place",
    )
    .bind(organization)
    .bind(rows.iter().map(|row| row.activity).collect::<Vec<_>>())
    .bind(resources)
    .bind(rows.iter().map(|row| row.taken.occupied.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.taken.occupied.1).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.taken.core.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.taken.core.1).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.occupies).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.overbooked).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.taken.part).collect::<Vec<_>>())
    .execute(tx.conn())
    .await
    .on_constraint("no_double_booking", taken)
    .on_constraint("resource_bookings_organization_id_resource_id_fkey", unknown_resource)?;
    Ok(())
}
