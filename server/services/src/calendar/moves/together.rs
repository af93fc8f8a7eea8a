//! Several activities moved at once, of whichever module: all of them or none.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx,
    error::{Reason, Refusal},
    id::EntityId,
    input::Input,
};

use super::{activities::Activity, module, move_to, require_write};
use crate::{
    calendar::activities,
    hooks::{self, MoveOne, MoveTo, MoveTogether},
};

/// How many are moved at once.
const MANY: usize = 50;
/// The rule of the reason that names whose reasons follow.
const OF: &str = "moved";

/// Moves several activities, all of them or none, and gives them as they are then, in the order asked for. Each is judged
/// where those that could go have gone; two that change places are swapped instead. Undone by asking again with the new
/// versions and the old times.
///
/// # Errors
/// `Denied`, `NotFound`, `NotSubscribed`, `Invalid` (none, too many, or one twice), and of any of them `Conflict` of code
/// `version` (R18) or `transition`; of code `unavailable` it lists for each that cannot go a reason of rule `moved`, which
/// names it and where it was to go, and after that all that stands against it (R15).
pub async fn together(tx: &mut Tx, asked: &MoveTogether) -> Result<Vec<Activity>> {
    let mut ids: Vec<EntityId> = asked.moves.iter().map(|one| one.activity).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut input = Input::new();
    input.check((1..=MANY).contains(&asked.moves.len()), "moves", "range", "Between 1 and 50 are moved at once.");
    input.check(ids.len() == asked.moves.len(), "moves", "same", "Each is moved once.");
    input.finish()?;
    let known = hold(tx, &ids, asked).await?;

    let mut left: Vec<&MoveOne> = asked.moves.iter().collect();
    // Of those that go later the last goes first, of those that go earlier the first: mostly nobody is in the way then.
    left.sort_by_key(|one| {
        let from = known.get(&one.activity).map_or(one.start, |(_, start)| *start);
        if one.start > from { (false, -from.timestamp()) } else { (true, from.timestamp()) }
    });
    let mut moved: HashMap<EntityId, Activity> = HashMap::new();
    while !left.is_empty() {
        let mut refused: Vec<(&MoveOne, Refusal)> = Vec::new();
        for one in &left {
            let to = MoveTo {
                version: one.version,
                start: one.start,
                end: one.end,
                resource_from: one.resource_from,
                resource_to: one.resource_to,
                overbook_reason: asked.overbook_reason.clone(),
                back: one.back,
            };
            match move_to(tx, one.activity, &to).await {
                Ok(activity) => drop(moved.insert(one.activity, activity)),
                // Perhaps one of the others is in the way that has yet to leave. Of what is refused so nothing is written.
                Err(Error::Conflict(refusal)) if matches!(refusal.code.as_str(), "unavailable" | "double_booking") => {
                    refused.push((one, *refusal));
                }
                Err(error) => return Err(error),
            }
        }
        if refused.len() == left.len() {
            return Err(refusal(&known, refused));
        }
        left = refused.into_iter().map(|(one, _)| one).collect();
    }
    Ok(asked.moves.iter().filter_map(|one| moved.remove(&one.activity)).collect())
}

/// Title and start of each.
type Known = HashMap<EntityId, (String, DateTime<Utc>)>;

/// Holds all that moving them holds, in one order: the activities, what their modules hold besides, the resources. Rooms
/// and devices may be exchanged on the way for others, so it is every one of them.
async fn hold(tx: &mut Tx, ids: &[EntityId], asked: &MoveTogether) -> Result<Known> {
    let mut by_hook: Vec<(&'static hooks::ModuleHooks, Vec<EntityId>)> = Vec::new();
    let (mut known, mut resources) = (Known::new(), Vec::new());
    for activity in activities::lock_all(tx, ids).await? {
        if let Some(hooks) = module(tx, &activity)? {
            require_write(tx, hooks, &activity)?;
            match by_hook.iter_mut().find(|(other, _)| std::ptr::eq(*other, hooks)) {
                Some((_, of)) => of.push(activity.id),
                None => by_hook.push((hooks, vec![activity.id])),
            }
        }
        resources.extend(activity.bookings.iter().map(|booking| booking.resource));
        known.insert(activity.id, (activity.title, activity.start));
    }
    if known.len() != ids.len() {
        return Err(Error::NotFound);
    }
    for (hooks, of) in &by_hook {
        if let Some(hold) = hooks.hold {
            hold(tx, of).await?;
        }
    }
    resources.extend(asked.moves.iter().filter_map(|one| one.resource_to));
    let organization = tx.organization();
    let others: Vec<EntityId> = match by_hook.is_empty() {
        true => Vec::new(),
        false => {
            sqlx::query_scalar("select id from resources where organization_id = $1 and kind in ('room', 'device') and active")
                .bind(organization)
                .fetch_all(tx.conn())
                .await?
        }
    };
    resources.extend(others);
    activities::take_turns(tx, &resources).await?;
    Ok(known)
}

/// Of each that cannot go its name and where it was to go, and all that stands against it.
fn refusal(known: &Known, refused: Vec<(&MoveOne, Refusal)>) -> Error {
    let mut reasons: Vec<Reason> = Vec::new();
    for (one, refusal) in refused {
        let title = known.get(&one.activity).map(|(title, _)| title.clone());
        reasons.push(Reason {
            rule: OF.into(),
            resource: Some(one.activity),
            resource_name: title,
            from: Some(one.start),
            to: Some(one.end),
        });
        reasons.extend(refusal.reasons);
    }
    Refusal { reasons, ..Refusal::new("unavailable", "Not all of them can be moved there.") }.into()
}
