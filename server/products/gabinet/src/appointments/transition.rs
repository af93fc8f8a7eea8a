//! A visit's steps. Which may follow which is `Status::can_become`; here is what each needs and leaves behind.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef, UserId},
    input::Input,
};
use serde_json::json;
use services::calendar::{Status, activities, status::TAKES_BACK};

use super::{Appointment, Transition, read, seats};
use crate::{APPOINTMENT, APPOINTMENTS_APPROVE, APPOINTMENTS_REOPEN, APPOINTMENTS_WRITE, PRODUCT};

/// Takes a visit a step further. Cancelled, its time is free at once (R10). A finished one goes back to scheduled only
/// with a reason and the right to reopen; a step that was a mere slip is taken back by whoever took it (`Status::can_take_back`).
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (a reason is missing), `Conflict` of code `transition`, `version`, or
/// `double_booking` where a reopened visit's time is taken by now.
pub async fn transition(tx: &mut Tx, id: EntityId, step: &Transition) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let before = read::get(tx, id).await?;
    let approves = before.status == Status::Pending && matches!(step.to, Status::Scheduled | Status::Confirmed);
    let takes_back = before.status.can_take_back(step.to);
    let reopens = step.to == Status::Scheduled && !approves && !takes_back;
    let mut input = Input::new();
    let shortest = usize::from(reopens || step.to == Status::Cancelled);
    input.text("reason", step.reason.trim(), shortest, 1_000);
    input.finish()?;
    let activity = activities::lock(tx, before.activity).await?;
    if before.status == step.to && activity.status == step.to && activity.version == step.version {
        return Ok(before);
    }
    // In a session each has come as far as they have.
    let status = if before.seats.is_some() { before.status } else { activity.status };
    let possible = match (takes_back, reopens) {
        (true, _) => status.can_take_back(step.to),
        (_, true) => status.can_reopen(),
        _ => status.can_become(step.to),
    };
    if activity.version == step.version && !possible {
        return Err(Error::conflict("transition", format!("A visit that is {status} cannot become {}.", step.to)));
    }
    if takes_back && activity.version == step.version {
        own_last_step(tx, &before, step.to).await?;
    }
    if reopens {
        tx.require(APPOINTMENTS_REOPEN)?;
    }
    if approves {
        tx.require(APPOINTMENTS_APPROVE)?;
    }
    if before.seats.is_some() && activity.version == step.version {
        seats::step(tx, &before, &activity, step).await?;
    } else {
        activities::set_status(tx, activity.id, step.version, step.to).await?;
    }
    if takes_back {
        forget(tx, &before).await?;
    } else {
        note(tx, &before, step).await?;
    }
    platform::entities::update(tx, before.id, &before.patient_name, &before.number, Some(step.to.as_str())).await?;
    let verb = if takes_back {
        TAKEN_BACK
    } else if reopens {
        "reopened"
    } else if approves && step.to == Status::Scheduled {
        "approved"
    } else {
        step.to.as_str()
    };
    let (old, new) = (json!({ "status": before.status }), json!({ "status": step.to, "reason": step.reason.trim() }));
    actions::record(tx, EntityRef::new(APPOINTMENT, before.id), verb, Some(old), Some(new)).await?;
    read::get(tx, before.id).await
}

/// How a step that is taken back is told in the log.
const TAKEN_BACK: &str = "taken_back";

/// Refuses to take a step back unless it was the asker's own, a moment ago, and the last thing that happened to the visit.
async fn own_last_step(tx: &mut Tx, visit: &Appointment, to: Status) -> Result<()> {
    /// Who, when, which verb, and what the status was before.
    type Step = (Option<UserId>, DateTime<Utc>, String, Option<String>);
    let organization = tx.organization();
    let last: Option<Step> = sqlx::query_as(
        "select user_id, at, action, old ->> 'status' from actions where organization_id = $1 and entity_id = $2
         order by at desc, id desc limit 1",
    )
    .bind(organization)
    .bind(visit.id)
    .fetch_optional(tx.conn())
    .await?;
    let own = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    let (taken, from) = (visit.status.as_str(), to.as_str());
    let is_own =
        last.is_some_and(|(who, at, verb, was)| who == own && verb == taken && was.as_deref() == Some(from) && tx.now() - at <= TAKES_BACK);
    if is_own {
        return Ok(());
    }
    Err(Error::conflict("transition", "A step is taken back by whoever took it, within ten minutes and before anything else happens."))
}

/// When it took which step.
async fn note(tx: &mut Tx, before: &Appointment, step: &Transition) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_appointments set
             confirmed_at = case $3 when 'confirmed' then $4 when 'scheduled' then null else confirmed_at end,
             checked_in_at = case $3 when 'checked_in' then $4 when 'scheduled' then null else checked_in_at end,
             started_at = case $3 when 'in_progress' then $4 when 'scheduled' then null else started_at end,
             completed_at = case $3 when 'completed' then $4 when 'scheduled' then null else completed_at end,
             cancelled_at = case $3 when 'cancelled' then $4 when 'scheduled' then null else cancelled_at end,
             reason = case when $5 <> '' then $5 else reason end, version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(step.to.as_str())
    .bind(now)
    .bind(step.reason.trim())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The step that it took last was none.
async fn forget(tx: &mut Tx, before: &Appointment) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_appointments set
             confirmed_at = case $3 when 'confirmed' then null else confirmed_at end,
             checked_in_at = case $3 when 'checked_in' then null else checked_in_at end,
             started_at = case $3 when 'in_progress' then null else started_at end,
             version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(before.status.as_str())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
