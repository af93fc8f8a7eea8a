//! Generic activities in the database.

use platform::{
    Error, Result, Tx, actions, entities,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{EditGeneric, GenericDetails, NewGeneric, Place, Step, judge};
use crate::{
    calendar::{
        Face, Status,
        activities::{self, Activity, Change, NewActivity, NewBooking, Sight},
        moves,
    },
    core::{ACTIVITIES_WRITE, GENERIC_TYPES},
};

/// Puts a meeting, task or block on the calendar. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`, `NotFound` (location or resource), `Conflict` of code `unavailable` with all reasons and the
/// nearest alternatives, `double_booking` where somebody was quicker and the database itself refused, or `duplicate`
/// where the id is another record's.
pub async fn book(tx: &mut Tx, new: &NewGeneric) -> Result<Activity> {
    tx.require(ACTIVITIES_WRITE)?;
    let mut input = Input::new();
    input.one_of("activity_type", &new.activity_type, &GENERIC_TYPES);
    input.text("title", new.title.trim(), 1, 300);
    input.text("description", &new.description, 0, 10_000);
    activities::check_time(&mut input, new.start, new.end);
    input.check(new.resources.len() <= 100, "resources", "too_long", "At most 100 resources.");
    input.finish()?;
    let overbook = moves::overbooks(tx, new.overbook_reason.as_deref())?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match activities::get(tx, id).await {
            Err(Error::NotFound) => {}
            Ok(found) if GENERIC_TYPES.contains(&found.activity_type.as_str()) => return Ok(found),
            Ok(_) => return Err(Error::conflict("duplicate", "There is a record of that id already.")),
            Err(error) => return Err(error),
        }
    }
    let bookings: Vec<NewBooking> = new.resources.iter().map(|resource| NewBooking::throughout(*resource, 0, 0)).collect();
    let place = Place { location: new.location, start: new.start, end: new.end, bookings: &bookings, moving: None };
    judge(tx, &place, overbook).await?;
    let activity = NewActivity {
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
        bookings: bookings.clone(),
        overbook,
    };
    tx.mark().await?;
    match activities::insert(tx, &activity).await {
        Err(error) if error.code() == "double_booking" => {
            // At the second look those who were quicker are there, and it can be told who stands in the way.
            tx.back().await?;
            judge(tx, &place, overbook).await?;
            return Err(error);
        }
        made => made?,
    }
    actions::record(
        tx,
        EntityRef::new("activity", id),
        "created",
        None,
        Some(json!({ "title": new.title, "start": new.start, "end": new.end, "overbook_reason": new.overbook_reason })),
    )
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
    moves::native(&before)?;
    activities::expect_version(tx, &before, edit.version).await?;
    if before.title == edit.title.trim() && before.description == edit.description {
        return Ok(before);
    }
    let change = Change { title: Some(edit.title.trim()), description: Some(&edit.description), raises: true, ..Change::default() };
    activities::change(tx, id, &change).await?;
    entities::update(tx, id, edit.title.trim(), "", None).await?;
    actions::record(
        tx,
        EntityRef::new("activity", id),
        "updated",
        Some(json!({ "title": before.title })),
        Some(json!({ "title": edit.title })),
    )
    .await?;
    activities::get(tx, id).await
}

/// What the panel of any activity without one of its own shows.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn details(tx: &mut Tx, id: EntityId) -> Result<GenericDetails> {
    let activity = activities::see(tx, id).await?;
    let organization = tx.organization();
    let ids: Vec<EntityId> = activity.bookings.iter().map(|booking| booking.resource).collect();
    let resources: Vec<String> =
        sqlx::query_scalar("select name from resources where organization_id = $1 and id = any ($2) order by kind, sort, name")
            .bind(organization)
            .bind(ids)
            .fetch_all(tx.conn())
            .await?;
    // Who did what to it, only those are told who may know what it is.
    let history = if Sight::of(tx).tells(&activity.activity_type) { actions::timeline(tx, id, 50).await? } else { Vec::new() };
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
