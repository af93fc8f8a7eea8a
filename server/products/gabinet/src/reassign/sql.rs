//! Giving visits to another, all of them or none.

use platform::{
    Error, Result, Tx, actions,
    error::{Reason, Refusal},
    id::{EntityId, EntityRef},
};
use serde_json::json;
use services::{calendar::ResourceKind, resources};

use super::{Reassign, VisitToCome};
use crate::{
    APPOINTMENTS_READ, APPOINTMENTS_WRITE, PRODUCT,
    appointments::{self, Appointment, MoveVisit},
};

/// Visits that a practitioner, room or device still has before it, by start.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn visits(tx: &mut Tx, resource: EntityId) -> Result<Vec<VisitToCome>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    resources::get(tx, resource).await?;
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_as(
        // Whoever is taken for several stretches of a visit has it once.
        "select distinct v.id as visit, a.starts_at as start, a.ends_at as \"end\", p.given_name || ' ' || p.family_name as patient_name,
                t.name as treatment_name
         from resource_bookings b
         join scheduled_activities a on a.organization_id = b.organization_id and a.id = b.activity_id
         join gabinet_appointments v on v.organization_id = b.organization_id and v.activity_id = b.activity_id
         join persons p on p.organization_id = v.organization_id and p.id = v.patient_id
         join gabinet_treatments t on t.organization_id = v.organization_id and t.id = v.treatment_id
         where b.organization_id = $1 and b.resource_id = $2 and b.occupies and b.ends_at > $3
           and a.status in ('pending', 'scheduled', 'confirmed', 'checked_in', 'in_progress')
         order by start, visit limit 1000",
    )
    .bind(organization)
    .bind(resource)
    .bind(now)
    .fetch_all(tx.conn())
    .await?)
}

/// Gives the visits of one to another at the same times. If one of them can't be, none is, and the refusal lists the
/// reasons of each.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `unavailable` or `double_booking`.
pub async fn reassign(tx: &mut Tx, id: EntityId, asked: &Reassign) -> Result<Vec<Appointment>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let from = resources::get(tx, id).await?;
    let to = resources::get(tx, asked.to).await?;
    if id == asked.to || from.kind != to.kind {
        return Err(Error::invalid("to", "kind", "Another of the same kind is needed."));
    }
    if !to.active {
        return Err(Error::invalid("to", "inactive", "It is no longer in use."));
    }
    let mut moved = Vec::new();
    let mut reasons: Vec<Reason> = Vec::new();
    let mut stuck = Vec::new();
    for to_come in visits(tx, id).await? {
        if asked.visits.as_ref().is_some_and(|named| !named.contains(&to_come.visit)) {
            continue;
        }
        let visit = appointments::get(tx, to_come.visit).await?;
        let is_staff = from.kind == ResourceKind::Staff;
        let others = visit.resources.iter().filter(|id| **id != visit.employee);
        let exchanged = others.map(|other| if *other == id { asked.to } else { *other });
        let there = MoveVisit {
            version: visit.version,
            start: visit.start,
            end: Some(visit.end),
            employee: is_staff.then_some(asked.to),
            resources: Some(exchanged.collect()),
            overbook_reason: None,
        };
        match appointments::move_from(tx, visit.id, &there, is_staff.then_some(id)).await {
            Ok(visit) => moved.push(visit),
            // The rules refuse before anything is written, so that the next one can still be judged.
            Err(Error::Conflict(refusal)) if refusal.code == "unavailable" => {
                reasons.extend(refusal.reasons);
                stuck.push(json!({ "visit": visit.id, "patient_name": visit.patient_name, "start": visit.start, "end": visit.end }));
            }
            Err(error) => return Err(error),
        }
    }
    if !stuck.is_empty() {
        let refusal = Refusal::new("unavailable", "Not all of these visits can be given to them.");
        return Err(Refusal { reasons, current: Some(json!({ "visits": stuck })), ..refusal }.into());
    }
    let told = json!({ "to": to.name, "visits": moved.len() });
    actions::record(tx, EntityRef::new("resource", id), "reassigned", None, Some(told)).await?;
    Ok(moved)
}
