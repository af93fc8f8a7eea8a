//! A visit's steps. Which may follow which is `Status::can_become`; here is what each needs and leaves behind.

use platform::{Error, Result, Tx, actions, id::EntityId, id::EntityRef, input::Input};
use serde_json::json;
use services::calendar::{Status, activities};

use super::{Appointment, Transition, read, seats};
use crate::{APPOINTMENT, APPOINTMENTS_APPROVE, APPOINTMENTS_REOPEN, APPOINTMENTS_WRITE, PRODUCT};

/// Takes a visit a step further. Cancelled, its time is free at once (R10). A finished one goes back to scheduled only
/// with a reason and the right to reopen.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (a reason is missing), `Conflict` of code `transition`, `version`, or
/// `double_booking` where a reopened visit's time is taken by now.
pub async fn transition(tx: &mut Tx, id: EntityId, step: &Transition) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let before = read::get(tx, id).await?;
    let approves = before.status == Status::Pending && matches!(step.to, Status::Scheduled | Status::Confirmed);
    let reopens = step.to == Status::Scheduled && !approves;
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
    let possible = if reopens { status.can_reopen() } else { status.can_become(step.to) };
    if activity.version == step.version && !possible {
        return Err(Error::conflict("transition", format!("A visit that is {status} cannot become {}.", step.to)));
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
    platform::entities::update(tx, before.id, &before.patient_name, &before.number, Some(step.to.as_str())).await?;
    let verb = if reopens {
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
