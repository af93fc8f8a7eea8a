//! All moves of one application taken back in one step.

use std::collections::HashMap;

use platform::{
    Error, Result, Tx, actions,
    error::Refusal,
    id::{EntityId, EntityRef},
    time::Interval,
};
use serde_json::json;
use services::calendar::{
    activities::{self, NewBooking},
    explain,
    moves::back,
    slots::{Rule, Why},
};
use sqlx::types::Json;

use super::{
    ReseatUndo, Reseated,
    write::{self, Kept},
};
use crate::hours;

/// Puts every visit back where it was, and takes the leave back that was booked with them. Once undone it stays so:
/// asking again changes nothing.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`; `Conflict` of code `version` where a visit was changed since, or `unavailable`
/// with all reasons where a former time is taken by now. Then nothing is undone.
pub async fn undo(tx: &mut Tx, asked: &ReseatUndo) -> Result<Reseated> {
    write::require(tx)?;
    let organization = tx.organization();
    type Row = (EntityId, Json<Vec<Kept>>, Option<EntityId>, Option<chrono::DateTime<chrono::Utc>>);
    let row: Option<Row> = sqlx::query_as(
        "select employee_id, moves, leave_id, undone_at from gabinet_reseats where organization_id = $1 and id = $2 for update",
    )
    .bind(organization)
    .bind(asked.reseat_id)
    .fetch_optional(tx.conn())
    .await?;
    let (employee, Json(kept), leave, undone_at) = row.ok_or(Error::NotFound)?;
    let done = Reseated { id: asked.reseat_id, moved: u32::try_from(kept.len()).unwrap_or(u32::MAX), leave: leave.is_some() };
    if undone_at.is_some() {
        return Ok(done);
    }
    let (mut resources, mut current) = (Vec::new(), Vec::with_capacity(kept.len()));
    let of = |activity: &activities::Activity| activity.bookings.iter().map(|booking| booking.resource).collect::<Vec<_>>();
    let visits: Vec<EntityId> = kept.iter().map(|one| one.activity).collect();
    resources.extend(activities::get_all(tx, &visits).await?.iter().flat_map(of));
    resources.extend(kept.iter().flat_map(|one| of(&one.before)));
    let patients: Vec<EntityId> = kept.iter().flat_map(|one| one.patients.iter().copied()).collect();
    resources.sort_unstable();
    resources.dedup();
    write::hold_all(tx, &visits, &patients, &resources).await?;
    let found: HashMap<EntityId, activities::Activity> =
        activities::get_all(tx, &visits).await?.into_iter().map(|activity| (activity.id, activity)).collect();
    for one in &kept {
        let now = found.get(&one.activity).cloned().ok_or(Error::NotFound)?;
        if now.version != one.version || now.status.is_terminal() {
            let refusal = Refusal {
                current: Some(json!({ "activity": now })),
                ..Refusal::new("version", "One of the visits was changed since, so that it can't be put back.")
            };
            return Err(refusal.into());
        }
        current.push(now);
    }
    let why = in_the_way(tx, &kept, &visits).await?;
    if !why.is_empty() {
        let reasons = explain::reasons(tx, &why).await?;
        return Err(Refusal { reasons, ..Refusal::new("unavailable", "A former time is taken by now.") }.into());
    }
    let were = write::visits(tx, &kept.iter().map(|one| one.visit).collect::<Vec<_>>()).await?;
    write::later(tx).await?;
    let (mut log, mut seats) = (Vec::with_capacity(kept.len()), Vec::with_capacity(kept.len()));
    for (one, now) in kept.iter().zip(&current) {
        let before = &one.before;
        let bookings = before.bookings.iter().map(NewBooking::from).collect();
        let overbooked = before.bookings.iter().any(|booking| booking.overbooked);
        let put = activities::reschedule(tx, now.id, now.version, (before.start, before.end), Some(bookings), overbooked).await?;
        let by = were.iter().find(|visit| visit.0 == one.visit).map_or("", |visit| visit.2.as_str());
        log.push(write::told(tx, one.visit, (now, by), (&put, &one.employee_name)));
        seats.push((one.employee, one.overbook_reason.clone(), one.activity, before.face.place.clone()));
    }
    write::now(tx).await?;
    write::seat(tx, &seats).await?;
    write::hand_back(tx, &kept).await?;
    if let Some(leave) = leave {
        match hours::delete_leave(tx, leave).await {
            // Somebody has taken it back already.
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let now = tx.now();
    sqlx::query("update gabinet_reseats set undone_at = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(asked.reseat_id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    actions::record_all(tx, &log).await?;
    let group = json!({ "reseat": asked.reseat_id, "moved": done.moved });
    actions::record(tx, EntityRef::new("resource", employee), "reseat_undone", None, Some(group)).await?;
    Ok(done)
}

/// What has taken the former times meanwhile, the patients' own included.
async fn in_the_way(tx: &mut Tx, kept: &[Kept], visits: &[EntityId]) -> Result<Vec<Why>> {
    let places: Vec<_> = kept.iter().map(|one| ((one.before.start, one.before.end), one.before.bookings.as_slice())).collect();
    let mut why = back::in_the_way(tx, &places, visits).await?;
    let organization = tx.organization();
    let former: Vec<(EntityId, &Kept)> = kept.iter().flat_map(|one| one.patients.iter().map(move |patient| (*patient, one))).collect();
    let patients: Vec<(chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>)> = sqlx::query_as(
        "select a.starts_at, a.ends_at from scheduled_activities a
         join unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as k (patient, starts, ends)
           on a.subject_id = k.patient and a.starts_at < k.ends and a.ends_at > k.starts
         where a.organization_id = $1 and not a.id = any ($5) and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         order by a.starts_at",
    )
    .bind(organization)
    .bind(former.iter().map(|(patient, _)| *patient).collect::<Vec<_>>())
    .bind(former.iter().map(|(_, one)| one.before.start).collect::<Vec<_>>())
    .bind(former.iter().map(|(_, one)| one.before.end).collect::<Vec<_>>())
    .bind(visits)
    .fetch_all(tx.conn())
    .await?;
    why.extend(patients.into_iter().map(|(from, to)| Why { rule: Rule::Busy, resource: None, during: Interval::new(from, to) }));
    Ok(why)
}
