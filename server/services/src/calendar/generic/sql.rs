//! Generic activities in the database.

use platform::{
    Error, Result, Tx, actions, entities,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{EditGeneric, GenericDetails, NewGeneric, Step};
use crate::{
    calendar::{
        Face, Status,
        activities::{self, Activity, NewActivity, NewBooking},
        range::LONGEST_ACTIVITY,
        slots::{Align, Need, Wish},
    },
    core::{ACTIVITIES_WRITE, CALENDAR_READ, GENERIC_TYPES},
};

/// Puts a meeting, task or block on the calendar. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`, `NotFound` (location or resource), `Conflict` of code `double_booking`.
pub async fn book(tx: &mut Tx, new: &NewGeneric) -> Result<Activity> {
    tx.require(ACTIVITIES_WRITE)?;
    let mut input = Input::new();
    input.one_of("activity_type", &new.activity_type, &GENERIC_TYPES);
    input.text("title", new.title.trim(), 1, 300);
    input.text("description", &new.description, 0, 10_000);
    input.check(new.start < new.end, "end", "order", "The end must come after the start.");
    input.check(new.start.checked_add_days(LONGEST_ACTIVITY).is_some_and(|latest| new.end <= latest), "end", "too_large", "At most 31 days.");
    input.check(new.resources.len() <= 100, "resources", "too_long", "At most 100 resources.");
    input.finish()?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match activities::get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    activities::insert(
        tx,
        &NewActivity {
            id,
            activity_type: new.activity_type.clone(),
            title: new.title.trim().to_owned(),
            description: new.description.clone(),
            location: new.location,
            start: new.start,
            end: new.end,
            status: Status::Scheduled,
            owner: Some(tx.user()),
            subject: None,
            record: None,
            face: Face::default(),
            bookings: new.resources.iter().map(|resource| NewBooking { resource: *resource, before: 0, after: 0 }).collect(),
            overbook: false,
        },
    )
    .await?;
    actions::record(tx, EntityRef::new("activity", id), "created", None, Some(json!({ "title": new.title, "start": new.start, "end": new.end })))
        .await?;
    activities::get(tx, id).await
}

/// Changes what a generic activity says.
///
/// # Errors
/// `Denied`, `Invalid`, `NotFound` (also for a module's activity), `Conflict` of code `version`.
pub async fn edit(tx: &mut Tx, id: EntityId, edit: &EditGeneric) -> Result<Activity> {
    tx.require(ACTIVITIES_WRITE)?;
    let mut input = Input::new();
    input.text("title", edit.title.trim(), 1, 300);
    input.text("description", &edit.description, 0, 10_000);
    input.finish()?;
    let before = activities::lock(tx, id).await?;
    if !GENERIC_TYPES.contains(&before.activity_type.as_str()) {
        return Err(Error::NotFound);
    }
    if before.version != edit.version {
        return Err(Error::conflict("version", "Somebody else has changed this in the meantime."));
    }
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update scheduled_activities set title = $3, description = $4, version = version + 1, updated_at = $5
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(edit.title.trim())
    .bind(&edit.description)
    .bind(now)
    .execute(tx.conn())
    .await?;
    entities::update(tx, id, edit.title.trim(), "", None).await?;
    actions::record(tx, EntityRef::new("activity", id), "updated", Some(json!({ "title": before.title })), Some(json!({ "title": edit.title })))
        .await?;
    activities::get(tx, id).await
}

/// What the panel of any activity without one of its own shows.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn details(tx: &mut Tx, id: EntityId) -> Result<GenericDetails> {
    tx.require(CALENDAR_READ)?;
    let activity = activities::get(tx, id).await?;
    let organization = tx.organization();
    let ids: Vec<EntityId> = activity.bookings.iter().map(|booking| booking.resource).collect();
    let resources: Vec<String> =
        sqlx::query_scalar("select name from resources where organization_id = $1 and id = any ($2) order by kind, sort, name")
            .bind(organization)
            .bind(ids)
            .fetch_all(tx.conn())
            .await?;
    let history = actions::timeline(tx, id, 50).await?;
    Ok(GenericDetails {
        id,
        activity_type: activity.activity_type,
        title: activity.title,
        description: activity.description,
        start: activity.start,
        end: activity.end,
        status: activity.status,
        resources,
        version: activity.version,
        history: history.into_iter().map(|row| Step { at: row.at, who: row.user_name, verb: row.verb }).collect(),
    })
}

/// What a generic activity needs when it is moved: any resource of the kinds it takes. Hours are not asked of it; that
/// its resources are free is.
///
/// # Errors
/// `Unavailable`.
pub async fn wish(tx: &mut Tx, activity: &Activity) -> Result<Wish> {
    let organization = tx.organization();
    let mut needs = Vec::new();
    for booking in &activity.bookings {
        let rows: Vec<(String, EntityId)> = sqlx::query_as(
            "select r.kind, o.id from resources r
             join resources o on o.organization_id = r.organization_id and o.kind = r.kind and o.active
             where r.organization_id = $1 and r.id = $2 order by (o.id = r.id) desc, o.sort, o.id",
        )
        .bind(organization)
        .bind(booking.resource)
        .fetch_all(tx.conn())
        .await?;
        if let Some(role) = rows.first().and_then(|(kind, _)| crate::calendar::ResourceKind::parse(kind)) {
            needs.push(Need { role, sort_of: None, any_of: rows.into_iter().map(|(_, id)| id).collect() });
        }
    }
    Ok(Wish {
        minutes: i32::try_from((activity.end - activity.start).num_minutes()).unwrap_or(i32::MAX),
        before: 0,
        after: 0,
        step: 15,
        align: Align::Clock,
        needs,
        moving: Some(activity.id),
        now: None,
        notice_minutes: 0,
        latest: None,
    })
}
