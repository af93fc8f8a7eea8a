//! The calendar's own door for what all activities have in common: being moved, resized, and taken a step further.
//! The module that registered an activity's type does it by its rules; core's own types are done here.

pub mod back;
mod together;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::Alternative,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{
    Status,
    activities::{self, Activity, NewBooking},
    generic::{self, EditGeneric, Place},
    slots::Carried,
};
use crate::{
    core::{ACTIVITIES_OVERBOOK, ACTIVITIES_WRITE, GENERIC_TYPES},
    hooks::{self, Bounds, MoveTo, Note, StatusChange, Swap},
};

pub use together::together;

/// By what a drag of an activity is judged where it happens, on any place between two local dates: as [`move_to`] would
/// judge it. None of an activity whose module moves it by rules that it does not tell.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (an empty range, or one of more than six weeks).
pub async fn carried(tx: &mut Tx, id: EntityId, bounds: &Bounds) -> Result<Option<Carried>> {
    super::range::may_ask(tx, bounds.from, bounds.to)?;
    let activity = activities::get(tx, id).await?;
    match module(tx, &activity)?.map(|hooks| (hooks.carried, hooks.move_to)) {
        Some((Some(carried), _)) => carried(tx, &activity, bounds).await.map(Some),
        Some((None, Some(_))) => Ok(None),
        Some((None, None)) | None => generic::carried(tx, &activity, bounds).await.map(Some),
    }
}

/// Changes what a generic activity says and, if another time is given, when it is.
///
/// # Errors
/// Those of [`generic::edit`] and [`move_to`].
pub async fn edit(tx: &mut Tx, id: EntityId, edit: &EditGeneric, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Result<Activity> {
    let activity = generic::edit(tx, id, edit).await?;
    if (activity.start, activity.end) == (start, end) {
        return Ok(activity);
    }
    let to = MoveTo { version: activity.version, start, end, resource_from: None, resource_to: None, overbook_reason: None, back: false };
    move_to(tx, id, &to).await
}

/// Moves or resizes an activity. The same time and resources again change nothing (R11). Whoever takes their own last move
/// back is refused only where somebody else has taken the place meanwhile ([`back`]).
///
/// # Errors
/// `Denied`, `NotFound`, `NotSubscribed`, `Invalid`, `Conflict` of code `version` (with what is stored and who stored it,
/// R18), `unavailable` (with all reasons and the nearest alternatives, R15), `double_booking` or `transition`.
pub async fn move_to(tx: &mut Tx, id: EntityId, to: &MoveTo) -> Result<Activity> {
    let activity = activities::lock(tx, id).await?;
    if let Some(hooks) = module(tx, &activity)? {
        require_write(tx, hooks, &activity)?;
        if let Some(move_to) = hooks.move_to {
            return move_to(tx, &activity, to).await;
        }
    } else {
        tx.require(ACTIVITIES_WRITE)?;
        native(&activity)?;
    }
    if to.back {
        let was = back::last(tx, id, &activity, to).await?;
        let moved = back::put(tx, &activity, &was).await?;
        record_move(tx, &activity, &moved, None).await?;
        return Ok(moved);
    }
    let overbook = overbooks(tx, to.overbook_reason.as_deref())?;
    let bookings = rebooked(&activity, to);
    // What somebody else has changed meanwhile, or what would change nothing, `reschedule` tells from what is stored.
    if activity.version == to.version && !stays(&activity, to, &bookings) {
        if activity.status.is_terminal() {
            return Err(Error::conflict("transition", "What is over is not moved."));
        }
        let mut input = Input::new();
        activities::check_time(&mut input, to.start, to.end);
        input.finish()?;
        let place = Place { location: activity.location, start: to.start, end: to.end, bookings: &bookings, moving: Some(id) };
        generic::judge(tx, &place, overbook).await.map_err(|error| elsewhere(error, &activity))?;
    }
    tx.mark().await?;
    let moved = match activities::reschedule(tx, id, to.version, (to.start, to.end), Some(bookings.clone()), overbook).await {
        Err(error) if error.code() == "double_booking" => {
            // At the second look those who were quicker are there, and it can be told who stands in the way.
            tx.back().await?;
            let place = Place { location: activity.location, start: to.start, end: to.end, bookings: &bookings, moving: Some(id) };
            generic::judge(tx, &place, overbook).await.map_err(|error| elsewhere(error, &activity))?;
            return Err(error);
        }
        moved => moved?,
    };
    if moved.version != activity.version {
        record_move(tx, &activity, &moved, to.overbook_reason.as_deref()).await?;
    }
    Ok(moved)
}

async fn record_move(tx: &mut Tx, before: &Activity, moved: &Activity, overbook_reason: Option<&str>) -> Result<()> {
    let resources = |activity: &Activity| activity.bookings.iter().map(|booking| booking.resource).collect::<Vec<_>>();
    let was = back::Was::of(before, serde_json::Value::Null).told()?;
    let old = json!({ "start": before.start, "end": before.end, "resources": resources(before), back::WAS: was });
    let new = json!({ "start": moved.start, "end": moved.end, "resources": resources(moved), "overbook_reason": overbook_reason });
    record(tx, moved, "moved", Some(old), Some(new)).await
}

/// Lets two activities of one kind change places, both or neither; their module does it by its rules. Undone by asking
/// again with the new versions.
///
/// # Errors
/// `Denied`, `NotFound`, `NotSubscribed`, `Invalid` (of two kinds, or of one whose module swaps nothing), `Conflict` of code
/// `version`, `transition`, `unavailable` or `double_booking`.
pub async fn swap(tx: &mut Tx, asked: &Swap) -> Result<(Activity, Activity)> {
    let first = activities::get(tx, asked.first).await?;
    let second = activities::get(tx, asked.second).await?;
    let hooks = module(tx, &first)?;
    if let Some(hooks) = hooks {
        require_write(tx, hooks, &first)?;
    } else {
        tx.require(ACTIVITIES_WRITE)?;
    }
    match hooks.and_then(|hooks| hooks.swap).filter(|_| first.activity_type == second.activity_type) {
        Some(swap) => swap(tx, asked).await,
        None => Err(Error::conflict("transition", "These two cannot change places.")),
    }
}

/// What came from another calendar is changed there, until it is made an entry of our own.
pub(in crate::calendar) fn native(activity: &Activity) -> Result<()> {
    let foreign = activity.face.flags.iter().any(|flag| flag == super::sync::FOREIGN);
    if foreign { Err(Error::conflict("foreign", "It comes from another calendar and is changed there.")) } else { Ok(()) }
}

/// Whether it goes over what is there already; that needs a reason and a right of its own (R12).
pub(in crate::calendar) fn overbooks(tx: &Tx, reason: Option<&str>) -> Result<bool> {
    let Some(reason) = reason else { return Ok(false) };
    let mut input = Input::new();
    input.text("overbook_reason", reason.trim(), 1, 1_000);
    input.finish()?;
    tx.require(ACTIVITIES_OVERBOOK)?;
    Ok(true)
}

/// Where it stands already is no alternative to where it was to go.
fn elsewhere(error: Error, activity: &Activity) -> Error {
    let Error::Conflict(mut refusal) = error else { return error };
    let here = |way: &Alternative| {
        way.start == activity.start && way.resources.iter().all(|id| activity.bookings.iter().any(|booking| booking.resource == *id))
    };
    refusal.alternatives.retain(|way| !here(way));
    Error::Conflict(refusal)
}

fn stays(activity: &Activity, to: &MoveTo, bookings: &[NewBooking]) -> bool {
    let same = |resource| bookings.iter().any(|booking| booking.resource == resource);
    activity.start == to.start
        && activity.end == to.end
        && activity.bookings.len() == bookings.len()
        && activity.bookings.iter().all(|booking| same(booking.resource))
}

/// Takes an activity a step further, cancelling included.
///
/// # Errors
/// `Denied`, `NotFound`, `NotSubscribed`, `Conflict` of code `version` or `transition`.
pub async fn set_status(tx: &mut Tx, id: EntityId, change: &StatusChange) -> Result<Activity> {
    let mut input = Input::new();
    input.text("reason", &change.reason, 0, 1_000);
    input.finish()?;
    let activity = activities::lock(tx, id).await?;
    if let Some(hooks) = module(tx, &activity)? {
        require_write(tx, hooks, &activity)?;
        if let Some(set_status) = hooks.set_status {
            return set_status(tx, &activity, change).await;
        }
    } else {
        tx.require(ACTIVITIES_WRITE)?;
        native(&activity)?;
    }
    // A meeting has no desk to check in at: it takes place or it does not.
    let possible = !activity.status.is_terminal() && matches!(change.to, Status::Completed | Status::Cancelled)
        || activity.status.can_reopen() && change.to == Status::Scheduled;
    if activity.version == change.version && activity.status != change.to && !possible {
        return Err(Error::conflict("transition", "This step is not possible from the present state."));
    }
    let changed = activities::set_status(tx, id, change.version, change.to).await?;
    if changed.version != activity.version {
        let new = json!({ "status": changed.status, "reason": change.reason });
        record(tx, &changed, changed.status.as_str(), Some(json!({ "status": activity.status })), Some(new)).await?;
    }
    Ok(changed)
}

/// Adds a note below what is written about an activity. It replaces nothing and names no version, so that nobody's note is
/// lost because somebody else was quicker.
///
/// # Errors
/// `Denied`, `NotFound`, `NotSubscribed`, `Invalid` (an empty note, too much of them, or of a module that keeps none).
pub async fn note(tx: &mut Tx, id: EntityId, note: &Note) -> Result<Activity> {
    let mut input = Input::new();
    input.text("text", note.text.trim(), 1, 2_000);
    input.finish()?;
    let activity = activities::lock(tx, id).await?;
    if let Some(hooks) = module(tx, &activity)? {
        require_write(tx, hooks, &activity)?;
        let Some(add) = hooks.note else { return Err(Error::invalid("text", "kind", "Nothing is written down about these.")) };
        add(tx, &activity, note).await?;
        return activities::get(tx, id).await;
    }
    let description = [activity.description.as_str(), note.text.trim()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let edit = EditGeneric { version: activity.version, title: activity.title.clone(), description: description.join("\n") };
    generic::edit(tx, id, &edit).await
}

/// The module an activity belongs to; none for core's own types. A type that nobody has registered (any more) can be
/// seen but not changed.
fn module(tx: &Tx, activity: &Activity) -> Result<Option<&'static hooks::ModuleHooks>> {
    if GENERIC_TYPES.contains(&activity.activity_type.as_str()) {
        return Ok(None);
    }
    hooks::of_activity_type(tx.state(), &activity.activity_type).map(Some).ok_or(Error::NotFound)
}

fn require_write(tx: &Tx, hooks: &hooks::ModuleHooks, activity: &Activity) -> Result<()> {
    if let Some(product) = hooks.module.product {
        tx.verify_product_access(product)?;
    }
    // What only its module makes has no door here.
    let kind = hooks.module.activity_type(&activity.activity_type);
    tx.require(kind.and_then(|kind| kind.write).ok_or(Error::NotFound)?)
}

/// The bookings after a move from one column to another.
pub fn rebooked(activity: &Activity, to: &MoveTo) -> Vec<NewBooking> {
    let mut seen = BTreeSet::new();
    let mut bookings: Vec<NewBooking> = activity
        .bookings
        .iter()
        .map(|booking| {
            let moves = to.resource_from == Some(booking.resource);
            let resource = to.resource_to.filter(|_| moves).unwrap_or(booking.resource);
            NewBooking { resource, ..NewBooking::from(booking) }
        })
        .filter(|booking| seen.insert(booking.resource))
        .collect();
    // Dropped into a column from nowhere: it takes that resource's time from now on.
    if let (None, Some(resource)) = (to.resource_from, to.resource_to)
        && seen.insert(resource)
    {
        bookings.push(NewBooking::throughout(resource, 0, 0));
    }
    bookings
}

async fn record(
    tx: &mut Tx,
    activity: &Activity,
    verb: &str,
    old: Option<serde_json::Value>,
    new: Option<serde_json::Value>,
) -> Result<()> {
    actions::record(tx, EntityRef::new("activity", activity.id), verb, old, new).await
}
