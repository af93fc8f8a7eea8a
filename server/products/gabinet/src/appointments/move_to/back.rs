//! A move that is taken back by whoever made it.

use platform::{
    Error, Result, Tx, actions,
    error::{Reason, Refusal},
    id::{EntityId, EntityRef},
    time::Interval,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use services::{
    calendar::{
        activities::{self, Activity},
        moves::back::{self, WAS, Was},
    },
    hooks::MoveTo,
};

use super::super::{Appointment, book, read, steps};
use crate::{APPOINTMENT, APPOINTMENTS_WRITE, PRODUCT, patients};

/// What a visit was besides its activity, and whose treatments went to whom.
#[derive(Serialize, Deserialize)]
struct Own {
    employee: EntityId,
    overbook_reason: Option<String>,
    gave: Option<(EntityId, EntityId)>,
}

/// What the log tells of a move: what was before it, so that it can be taken back, and what people read.
///
/// # Errors
/// `Internal`.
pub(super) async fn record(
    tx: &mut Tx,
    (before, activity): (&Appointment, &Activity),
    after: &Appointment,
    (from, into): (EntityId, EntityId),
    overbook_reason: Option<&str>,
) -> Result<()> {
    let own =
        Own { employee: before.employee, overbook_reason: before.overbook_reason.clone(), gave: (from != into).then_some((from, into)) };
    let was: Value = Was::of(activity, serde_json::to_value(own).map_err(Error::internal)?).told()?;
    let old = json!({ "start": before.start, "end": before.end, "employee": before.employee_name, WAS: was });
    let new = json!({ "start": after.start, "end": after.end, "employee": after.employee_name, "overbook_reason": overbook_reason });
    let verb = if before.start == after.start && into == from { "resized" } else { "moved" };
    actions::record(tx, EntityRef::new(APPOINTMENT, before.id), verb, Some(old), Some(new)).await
}

/// Puts a visit back to where its last move took it from, with whom and in which room it was.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `version` (R18), `transition` (what is over, or no move of the
/// asker's own), `unavailable` with all reasons where the place or the patient's time is taken by now, or `double_booking`.
pub(in crate::appointments) async fn put_back(tx: &mut Tx, activity: &Activity, to: &MoveTo) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let before = read::get(tx, activity.id).await?;
    let was = back::last(tx, before.id, activity, to).await?;
    let own: Own = serde_json::from_value(was.own.clone()).map_err(Error::internal)?;
    let patient = patients::get_held(tx, before.patient).await?;
    let diary = book::diary(tx, patient.id, (was.start, was.end), Some(activity.id)).await?;
    if let Some(Interval { start: from, end: to }) = diary.elsewhere.first().copied().filter(|_| !was.is_overbooked()) {
        let resource_name = Some(before.patient_name.clone());
        let reason = Reason { rule: "busy".into(), resource: None, resource_name, from: Some(from), to: Some(to) };
        return Err(Refusal { reasons: vec![reason], ..Refusal::new("unavailable", "The former time is taken by now.") }.into());
    }
    let moved = back::put(tx, activity, &was).await?;
    activities::set_places(tx, &[(moved.id, &was.place)]).await?;
    super::seat(tx, moved.id, own.employee, own.overbook_reason.as_deref()).await?;
    let (from, into) = own.gave.map_or((own.employee, own.employee), |(from, into)| (into, from));
    if from != into {
        steps::hand_over(tx, before.id, from, into).await?;
    }
    let after = read::get(tx, before.id).await?;
    record(tx, (&before, activity), &after, (from, into), own.overbook_reason.as_deref()).await?;
    Ok(())
}
