//! A proposal, and its application: all moves in one transaction, or none.

use platform::{
    Error, Result, Tx, actions,
    actions::Done,
    error::Refusal,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use services::calendar::activities::{self, Activity, NewBooking};
use sqlx::types::Json;

use super::{Move, Proposal, ReseatApply, ReseatAsked, Reseated, ground::Read};
use crate::{
    APPOINTMENT, APPOINTMENTS_WRITE, PRODUCT,
    hours::{self, LeaveInput, LeaveKind},
};

/// One visit as it was before and as it was left, kept for undoing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub visit: EntityId,
    pub activity: EntityId,
    pub patients: Vec<EntityId>,
    pub before: Activity,
    pub employee: EntityId,
    pub employee_name: String,
    pub overbook_reason: Option<String>,
    /// Who gave each of several treatments, in their order.
    #[serde(default)]
    pub steps: Vec<EntityId>,
    /// Of the activity, as the move left it.
    pub version: i32,
}

/// Where all visits of a practitioner's days would go. Changes nothing.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the practitioner), `Invalid` (the dates).
pub async fn proposal(tx: &mut Tx, asked: &ReseatAsked) -> Result<Proposal> {
    require(tx)?;
    Read::of(tx, asked).await?.proposal()
}

/// Moves all visits as proposed, and books leave if asked to.
///
/// # Errors
/// As [`proposal`]; `Conflict` of code `version` where what was proposed would be proposed differently now, with the new
/// proposal; what [`hours::add_leave`] refuses.
pub async fn apply(tx: &mut Tx, seen: &ReseatApply) -> Result<Reseated> {
    require(tx)?;
    let mut input = Input::new();
    input.text("token", &seen.token, 1, 100);
    if let Some(reason) = &seen.leave_reason {
        input.text("leave_reason", reason, 0, 200);
    }
    input.finish()?;
    let asked = seen.asked();
    let first = Read::of(tx, &asked).await?;
    hold(tx, &first).await?;
    // Nobody books with any of them from here on.
    let read = Read::of(tx, &asked).await?;
    let proposal = read.proposal()?;
    if proposal.token != seen.token {
        let refusal = Refusal {
            current: Some(json!(proposal)),
            ..Refusal::new("version", "Somebody has booked or changed something in the meantime; this is the proposal by now.")
        };
        return Err(refusal.into());
    }
    later(tx).await?;
    let was = visits(tx, &proposal.moves.iter().map(|found| found.before.visit).collect::<Vec<_>>()).await?;
    let (mut kept, mut log) = (Vec::with_capacity(proposal.moves.len()), Vec::new());
    let mut seats: Vec<Seated> = Vec::with_capacity(proposal.moves.len());
    let mut handed: Vec<(EntityId, EntityId)> = Vec::new();
    for found in &proposal.moves {
        let Some((_, employee, _, overbook_reason, steps)) = was.iter().find(|visit| visit.0 == found.before.visit) else { continue };
        let before = activities::get(tx, found.before.activity).await?;
        let bookings = bookings(&read, found);
        let time = (found.start, found.end);
        let after = activities::reschedule(tx, before.id, before.version, time, Some(bookings), false).await?;
        log.push(told(tx, found.before.visit, (&before, &proposal.employee_name), (&after, &found.employee_name)));
        // Of several treatments the first may be another's, who stays.
        let first = if steps.is_empty() || *employee == seen.employee_id { found.employee } else { *employee };
        seats.push((first, None, before.id, found.place.clone()));
        if !steps.is_empty() {
            handed.push((found.before.visit, found.employee));
        }
        kept.push(Kept {
            visit: found.before.visit,
            activity: before.id,
            patients: read.patients(before.id),
            version: after.version,
            employee: *employee,
            employee_name: proposal.employee_name.clone(),
            overbook_reason: overbook_reason.clone(),
            steps: steps.clone(),
            before,
        });
    }
    now(tx).await?;
    seat(tx, &seats).await?;
    hand_over(tx, seen.employee_id, &handed).await?;
    let leave = match &seen.leave_reason {
        Some(reason) => {
            let leave = LeaveInput {
                kind: LeaveKind::Sick,
                from_date: seen.from_date,
                to_date: seen.to_date,
                reason: reason.clone(),
                ..LeaveInput::default()
            };
            Some(hours::add_leave(tx, seen.employee_id, &leave).await?.id)
        }
        None => None,
    };
    let id = EntityId::new();
    keep(tx, id, seen, &kept, leave).await?;
    actions::record_all(tx, &log).await?;
    let moved = u32::try_from(kept.len()).unwrap_or(u32::MAX);
    let group = json!({ "reseat": id, "from_date": seen.from_date, "to_date": seen.to_date, "moved": moved });
    actions::record(tx, EntityRef::new("resource", seen.employee_id), "reseated", None, Some(group)).await?;
    Ok(Reseated { id, moved, leave: leave.is_some() })
}

pub(super) fn require(tx: &Tx) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)
}

/// Holds the visits, their patients and everybody's time, in the order in which a booking does.
async fn hold(tx: &mut Tx, read: &Read) -> Result<()> {
    let activities: Vec<EntityId> = read.ground.visits.iter().map(|held| held.activity).collect();
    let patients: Vec<EntityId> = read.ground.visits.iter().flat_map(|held| held.patients.iter().copied()).collect();
    hold_all(tx, &activities, &patients, &read.resources()).await
}

pub(super) async fn hold_all(tx: &mut Tx, visits: &[EntityId], patients: &[EntityId], resources: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select id from scheduled_activities where organization_id = $1 and id = any ($2) order by id for update")
        .bind(organization)
        .bind(visits)
        .execute(tx.conn())
        .await?;
    sqlx::query("select id from gabinet_patients where organization_id = $1 and id = any ($2) order by id for no key update")
        .bind(organization)
        .bind(patients)
        .execute(tx.conn())
        .await?;
    activities::take_turns(tx, resources).await
}

/// While visits change places one may stand where another has yet to leave: that none overlap is asked at the end.
pub(super) async fn later(tx: &mut Tx) -> Result<()> {
    sqlx::query("set constraints no_double_booking deferred").execute(tx.conn()).await?;
    Ok(())
}

/// Asks now.
pub(super) async fn now(tx: &mut Tx) -> Result<()> {
    use platform::error::ResultExt;
    sqlx::query("set constraints no_double_booking immediate")
        .execute(tx.conn())
        .await
        .on_constraint("no_double_booking", || Error::conflict("double_booking", "That time was just taken."))?;
    Ok(())
}

fn bookings(read: &Read, found: &Move) -> Vec<NewBooking> {
    let Some(held) = read.ground.visits.iter().find(|held| held.activity == found.before.activity) else { return Vec::new() };
    let wish = &read.ground.questions[held.question].wish;
    let segments = |need: usize| wish.needs.get(need).map(|need| need.segments.as_slice()).unwrap_or_default();
    let booking = |(need, resource): (usize, &EntityId)| NewBooking {
        resource: *resource,
        before: wish.before,
        after: wish.after,
        segments: segments(need).to_vec(),
    };
    found.resources.iter().enumerate().map(booking).collect()
}

/// Visit, practitioner, their name, why it was booked over something, who gives each of several treatments.
type Was = (EntityId, EntityId, String, Option<String>, Vec<EntityId>);

pub(super) async fn visits(tx: &mut Tx, ids: &[EntityId]) -> Result<Vec<Was>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select v.id, v.employee_id, r.name, v.overbook_reason,
                array(select s.employee_id from gabinet_visit_steps s
                      where s.organization_id = v.organization_id and s.visit_id = v.id order by s.nth)
         from gabinet_appointments v
         join resources r on r.organization_id = v.organization_id and r.id = v.employee_id
         where v.organization_id = $1 and v.id = any ($2)",
    )
    .bind(organization)
    .bind(ids)
    .fetch_all(tx.conn())
    .await?)
}

/// The entry in a visit's log: as any move's.
pub(super) fn told(tx: &Tx, visit: EntityId, (before, by): (&Activity, &str), (after, now_by): (&Activity, &str)) -> Done {
    Done {
        entity: EntityRef::new(APPOINTMENT, visit),
        verb: "moved".into(),
        at: tx.now(),
        old: Some(json!({ "start": before.start, "end": before.end, "employee": by })),
        new: Some(json!({ "start": after.start, "end": after.end, "employee": now_by })),
    }
}

/// Practitioner, why it is booked over something, activity, and room and device by name.
pub(super) type Seated = (EntityId, Option<String>, EntityId, String);

/// Of visits of several treatments those that were theirs who is away are the other's.
async fn hand_over(tx: &mut Tx, away: EntityId, handed: &[(EntityId, EntityId)]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update gabinet_visit_steps s set employee_id = h.employee from unnest($3::uuid[], $4::uuid[]) as h (visit, employee)
         where s.organization_id = $1 and s.visit_id = h.visit and s.employee_id = $2",
    )
    .bind(organization)
    .bind(away)
    .bind(handed.iter().map(|one| one.0).collect::<Vec<_>>())
    .bind(handed.iter().map(|one| one.1).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Of visits of several treatments each is theirs again who gave it.
pub(super) async fn hand_back(tx: &mut Tx, kept: &[Kept]) -> Result<()> {
    let organization = tx.organization();
    let steps = || kept.iter().flat_map(|one| (1_i16..).zip(&one.steps).map(|(nth, employee)| (one.visit, nth, *employee)));
    sqlx::query(
        "update gabinet_visit_steps s set employee_id = k.employee
         from unnest($2::uuid[], $3::smallint[], $4::uuid[]) as k (visit, nth, employee)
         where s.organization_id = $1 and s.visit_id = k.visit and s.nth = k.nth",
    )
    .bind(organization)
    .bind(steps().map(|step| step.0).collect::<Vec<_>>())
    .bind(steps().map(|step| step.1).collect::<Vec<_>>())
    .bind(steps().map(|step| step.2).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What Gabinet knows of visits besides their time.
pub(super) async fn seat(tx: &mut Tx, seats: &[Seated]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_appointments v set employee_id = s.employee, overbook_reason = s.reason, version = version + 1, updated_at = $2
         from unnest($3::uuid[], $4::uuid[], $5::text[]) as s (activity, employee, reason)
         where v.organization_id = $1 and v.activity_id = s.activity",
    )
    .bind(organization)
    .bind(now)
    .bind(seats.iter().map(|seat| seat.2).collect::<Vec<_>>())
    .bind(seats.iter().map(|seat| seat.0).collect::<Vec<_>>())
    .bind(seats.iter().map(|seat| seat.1.clone()).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let places: Vec<_> = seats.iter().map(|seat| (seat.2, seat.3.as_str())).collect();
    activities::set_places(tx, &places).await
}

async fn keep(tx: &mut Tx, id: EntityId, seen: &ReseatApply, kept: &[Kept], leave: Option<EntityId>) -> Result<()> {
    let (organization, at, by) = (tx.organization(), tx.now(), tx.user());
    sqlx::query(
        "insert into gabinet_reseats (organization_id, id, employee_id, from_date, to_date, moves, leave_id, at, user_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(organization)
    .bind(id)
    .bind(seen.employee_id)
    .bind(seen.from_date)
    .bind(seen.to_date)
    .bind(Json(kept))
    .bind(leave)
    .bind(at)
    .bind(by)
    .execute(tx.conn())
    .await?;
    Ok(())
}
