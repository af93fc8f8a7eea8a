//! A visit's steps. Which may follow which is `Status::can_become`; here is what each needs and leaves behind.

use platform::{Error, Result, Tx, actions, id::EntityId, id::EntityRef, input::Input};
use serde_json::json;
use services::calendar::{Status, activities};

use super::{Appointment, Transition, read};
use crate::{APPOINTMENT, APPOINTMENTS_REOPEN, APPOINTMENTS_WRITE, PRODUCT};

/// Takes a visit a step further. Cancelled, its time is free at once (R10). A finished one goes back to scheduled only
/// with a reason and the right to reopen.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (a reason is missing), `Conflict` of code `transition`, `version`, or
/// `double_booking` where a reopened visit's time is taken by now.
pub async fn transition(tx: &mut Tx, id: EntityId, step: &Transition) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let reopens = step.to == Status::Scheduled;
    let mut input = Input::new();
    let shortest = usize::from(reopens || step.to == Status::Cancelled);
    input.text("reason", step.reason.trim(), shortest, 1_000);
    input.finish()?;
    let before = read::get(tx, id).await?;
    let activity = activities::lock(tx, before.activity).await?;
    if activity.status == step.to && activity.version == step.version {
        return Ok(before);
    }
    let possible = if reopens { activity.status.can_reopen() } else { activity.status.can_become(step.to) };
    if activity.version == step.version && !possible {
        return Err(Error::conflict("transition", format!("A visit that is {} cannot become {}.", activity.status, step.to)));
    }
    if reopens {
        tx.require(APPOINTMENTS_REOPEN)?;
    }
    activities::set_status(tx, activity.id, step.version, step.to).await?;
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
    let verb = if reopens { "reopened" } else { step.to.as_str() };
    let (old, new) = (json!({ "status": before.status }), json!({ "status": step.to, "reason": step.reason.trim() }));
    actions::record(tx, EntityRef::new(APPOINTMENT, before.id), verb, Some(old), Some(new)).await?;
    read::get(tx, before.id).await
}
