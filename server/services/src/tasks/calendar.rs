//! Time set aside for a task: an entry of the shared calendar, by the calendar's own rules.

use chrono::TimeDelta;
use platform::{
    Result, Tx,
    id::{EntityId, LocationId, UserId},
    input::Input,
};
use serde_json::json;

use super::{
    RecordTask, TASK, TaskTime,
    sql::{self, Row},
};
use crate::{
    calendar::{
        Status,
        activities::{self, Change},
        generic::{self, EditGeneric, NewGeneric},
        moves,
    },
    core::ACTIVITIES_WRITE,
    hooks::{MoveTo, StatusChange},
    subjects::TASKS_WRITE,
};

/// Sets time aside for a task, of whoever is to do it, or moves what was set aside.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `unavailable` (with all reasons and the nearest alternatives) or
/// `double_booking`.
pub async fn set_aside(tx: &mut Tx, id: EntityId, time: &TaskTime) -> Result<RecordTask> {
    tx.require(TASKS_WRITE)?;
    tx.require(ACTIVITIES_WRITE)?;
    let (row, _) = sql::open_locked(tx, id).await?;
    let mut input = Input::new();
    input.check((5..=1_440).contains(&time.minutes), "minutes", "range", "Between 5 minutes and a day.");
    input.year("start", &time.start);
    input.finish()?;
    let end = time.start + TimeDelta::minutes(time.minutes.into());
    if let Some(activity) = row.activity_id {
        let version = activities::get(tx, activity).await?.version;
        let to = MoveTo {
            version,
            start: time.start,
            end,
            resource_from: None,
            resource_to: None,
            overbook_reason: time.overbook_reason.clone(),
            back: false,
        };
        moves::move_to(tx, activity, &to).await?;
    } else {
        let resources = match row.assignee_id {
            Some(user) => resource_of(tx, user, time.location).await?.into_iter().collect(),
            None => Vec::new(),
        };
        let new = NewGeneric {
            id: None,
            activity_type: TASK.into(),
            title: row.title.clone(),
            description: row.body.clone(),
            location: time.location,
            start: time.start,
            end,
            resources,
            overbook_reason: time.overbook_reason.clone(),
        };
        let made = generic::book(tx, &new).await?;
        activities::change(tx, made.id, &Change { subject: row.entity_id, ..Change::default() }).await?;
        let organization = tx.organization();
        sqlx::query("update record_tasks set activity_id = $3, version = version + 1 where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(id)
            .bind(made.id)
            .execute(tx.conn())
            .await?;
    }
    let new = json!({ "task": id, "title": row.title, "due_at": time.start });
    let old = json!({ "task": id, "title": row.title, "due_at": row.due_at });
    sql::record(tx, &row, "task_changed", Some(old), Some(new)).await?;
    super::get(tx, id).await
}

/// What is known of the task's assignee as one whose time can be booked.
async fn resource_of(tx: &mut Tx, user: UserId, location: LocationId) -> Result<Option<EntityId>> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select id from resources where organization_id = $1 and user_id = $2 and active and (location_id is null or location_id = $3)
         order by sort, id limit 1",
    )
    .bind(organization)
    .bind(user)
    .bind(location)
    .fetch_optional(tx.conn())
    .await?)
}

/// Completes the task's entry or opens it again. Whoever may not change the calendar leaves it as it is.
pub(super) async fn tick(tx: &mut Tx, row: &Row, done: bool) -> Result<()> {
    let Some(activity) = row.activity_id.filter(|_| tx.can(ACTIVITIES_WRITE) || row.of_calendar) else { return Ok(()) };
    let entry = activities::get(tx, activity).await?;
    if (entry.status == Status::Completed) == done {
        return Ok(());
    }
    let to = if done { Status::Completed } else { Status::Scheduled };
    moves::set_status(tx, activity, &StatusChange { version: entry.version, to, reason: String::new() }).await?;
    Ok(())
}

/// Gives the time back that was set aside.
pub(super) async fn free(tx: &mut Tx, row: &Row) -> Result<()> {
    let Some(activity) = row.activity_id.filter(|_| tx.can(ACTIVITIES_WRITE)) else { return Ok(()) };
    let entry = activities::get(tx, activity).await?;
    if !entry.status.is_terminal() {
        let change = StatusChange { version: entry.version, to: Status::Cancelled, reason: String::new() };
        moves::set_status(tx, activity, &change).await?;
    }
    Ok(())
}

/// The entry says what the task says.
pub(super) async fn rename(tx: &mut Tx, row: &Row, title: &str, text: &str) -> Result<()> {
    let Some(activity) = row.activity_id.filter(|_| tx.can(ACTIVITIES_WRITE)) else { return Ok(()) };
    let version = activities::get(tx, activity).await?.version;
    generic::edit(tx, activity, &EditGeneric { version, title: title.to_owned(), description: text.to_owned() }).await?;
    Ok(())
}
