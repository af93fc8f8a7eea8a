//! Two visits change places: each gets the other's start and practitioner and keeps its own length and, where they are
//! free then, its own room and device. Both or neither; to undo it they are swapped again.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::{Reason, Refusal, ResultExt},
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;
use services::calendar::{
    activities::{self, Activity},
    explain,
    slots::{self, Busy, Rule, Why},
};
use sqlx::types::Json;

use super::{
    Appointment, Question, SwapVisits, Swapped, book, holds,
    plan::{self, Asked},
    read,
};
use crate::{APPOINTMENT, APPOINTMENTS_WRITE, PRODUCT, patients};

/// Where one of the two is to go, and what stands against it.
struct Place {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    employee: EntityId,
    question: Question,
    chosen: Vec<EntityId>,
    why: Vec<Why>,
}

/// Swaps two visits of one location.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` (R18), `transition` (what is over stays),
/// `unavailable` with all reasons that stand against either, or `double_booking`.
pub async fn swap(tx: &mut Tx, asked: &SwapVisits) -> Result<Swapped> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let overbook = book::check(tx, "", asked.overbook_reason.as_deref())?;
    let (first, second) = (read::get(tx, asked.first).await?, read::get(tx, asked.second).await?);
    let mut input = Input::new();
    input.check(first.activity != second.activity, "second", "same", "A visit is not swapped with itself.");
    for (field, visit) in [("first", &first), ("second", &second)] {
        input.check(visit.steps.is_empty(), field, "several", "A visit of several treatments does not change places.");
    }
    input.check(first.location == second.location, "second", "location", "Both visits must be at one location.");
    input.finish()?;
    lock(tx, [(&first, asked.first_version), (&second, asked.second_version)]).await?;

    let mut one = place(tx, &first, &second, None).await?;
    let mut other = place(tx, &second, &first, Some(&one)).await?;
    judge(tx, [(&first, &mut one), (&second, &mut other)], overbook).await?;

    // All that either takes or will take in one turn, so that the order of resources holds over both.
    let touched: Vec<EntityId> = [&first.resources, &second.resources, &one.chosen, &other.chosen].into_iter().flatten().copied().collect();
    activities::take_turns(tx, &touched).await?;
    sqlx::query("set constraints no_double_booking deferred").execute(tx.conn()).await?;
    write(tx, &first, asked.first_version, &one, asked).await?;
    write(tx, &second, asked.second_version, &other, asked).await?;
    // Only now is looked whether the two are in anybody's way; each was in the other's in between.
    sqlx::query("set constraints no_double_booking immediate")
        .execute(tx.conn())
        .await
        .on_constraint("no_double_booking", || Error::conflict("double_booking", "That time was just taken."))?;
    Ok(Swapped { first: read::get(tx, first.id).await?, second: read::get(tx, second.id).await? })
}

/// Holds both, in the order of their ids, as they were seen.
async fn lock(tx: &mut Tx, mut both: [(&Appointment, i32); 2]) -> Result<()> {
    both.sort_by_key(|(visit, _)| visit.activity);
    for (visit, version) in both {
        let activity: Activity = activities::lock(tx, visit.activity).await?;
        if activity.version != version {
            // `reschedule` makes the refusal, with what is stored and who stored it.
            activities::reschedule(tx, activity.id, version, (activity.start, activity.end), Some(Vec::new()), false).await?;
        }
        if activity.status.is_terminal() {
            return Err(Error::conflict("transition", "What is over is not moved."));
        }
    }
    let mut patients = both.map(|(visit, _)| visit.patient);
    patients.sort_unstable();
    for patient in patients {
        patients::get_held(tx, patient).await?;
    }
    Ok(())
}

/// What a visit would be in the other's place, both having left theirs; `after` is where the other goes.
async fn place(tx: &mut Tx, visit: &Appointment, other: &Appointment, after: Option<&Place>) -> Result<Place> {
    let (start, employee) = (other.start, other.employee);
    let end = start + (visit.end - visit.start);
    let minutes = i32::try_from((visit.end - visit.start).num_minutes()).ok();
    let date = plan::date_of(tx, visit.location, start).await?;
    let asked = Asked {
        treatment: visit.treatment,
        employee: Some(employee),
        location: visit.location,
        from: date,
        to: date,
        moving: Some(visit.activity),
        beside: Some(other.activity),
        minutes,
        named: visit.resources.iter().chain(&other.resources).copied().collect(),
        channel: Default::default(),
        only_named: false,
    };
    let (mut question, _) = plan::question(tx, &asked).await?;
    if let Some(after) = after {
        occupy(&mut question, other, after);
    }
    // Neither begins anew where it only changes hands.
    if start == visit.start {
        question.wish.now = None;
    }
    let without = |visit: &Appointment| visit.resources.iter().copied().filter(|id| *id != visit.employee).collect::<Vec<_>>();
    let ways = [Some(without(visit)), Some(without(other)), None];
    let mut best: Option<(Vec<EntityId>, Vec<Why>)> = None;
    for way in ways {
        let chosen = book::choose(&question, employee, way.as_deref(), start);
        let why = slots::verdict(&question.wish, &question.times, start, &chosen);
        if best.as_ref().is_none_or(|(_, known)| why.len() < known.len()) {
            best = Some((chosen, why));
        }
    }
    let (chosen, why) = best.unwrap_or_default();
    Ok(Place { start, end, employee, question, chosen, why })
}

/// Puts the other visit where it goes, as far as this one is concerned.
fn occupy(question: &mut Question, other: &Appointment, after: &Place) {
    let wish = &after.question.wish;
    for time in &mut question.times {
        if !after.chosen.contains(&time.resource) {
            continue;
        }
        let need = wish.needs.iter().find(|need| need.any_of.contains(&time.resource));
        let segments = need.map(|need| need.segments.as_slice()).filter(|segments| !segments.is_empty());
        let whole = [slots::Segment { from: 0, to: wish.minutes }];
        for segment in segments.unwrap_or(&whole) {
            let at = |minutes: i32| after.start + chrono::TimeDelta::minutes(i64::from(minutes));
            time.busy.push(Busy {
                activity: other.activity,
                start: at(segment.from),
                end: at(segment.to),
                before: if segment.from == 0 { wish.before } else { 0 },
                after: if segment.to == wish.minutes { wish.after } else { 0 },
                seats: time.capacity,
                session: None,
            });
        }
    }
}

/// Refuses with everything that stands against either, unless it is overbooked (R12, R15).
async fn judge(tx: &mut Tx, both: [(&Appointment, &mut Place); 2], overbook: bool) -> Result<()> {
    let moving = [both[0].0.activity, both[1].0.activity];
    let mut reasons: Vec<Reason> = Vec::new();
    let mut impossible = false;
    for (visit, place) in both {
        impossible |= place.why.iter().any(|why| why.rule == Rule::Kind);
        let mut told = explain::reasons(tx, &place.why).await?;
        holds::name_holders(tx, &place.question, &place.why, &mut told).await?;
        reasons.append(&mut told);
        for (from, to) in elsewhere(tx, visit.patient, (place.start, place.end), &moving).await? {
            let (name, from, to) = (Some(visit.patient_name.clone()), Some(from), Some(to));
            reasons.push(Reason { rule: "busy".into(), resource: None, resource_name: name, from, to });
        }
    }
    if reasons.is_empty() || overbook && !impossible {
        return Ok(());
    }
    Err(Refusal { reasons, ..Refusal::new("unavailable", "The two cannot change places.") }.into())
}

/// What else the patient has at that time.
async fn elsewhere(
    tx: &mut Tx,
    patient: EntityId,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    moving: &[EntityId],
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select a.starts_at, a.ends_at from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.patient_id = $2 and a.starts_at < $4 and a.ends_at > $3 and a.id <> all ($5)
           and coalesce(v.seat_status, a.status) not in ('cancelled', 'no_show', 'moved', 'expired')
         order by a.starts_at",
    )
    .bind(organization)
    .bind(patient)
    .bind(start)
    .bind(end)
    .bind(moving)
    .fetch_all(tx.conn())
    .await?)
}

async fn write(tx: &mut Tx, visit: &Appointment, version: i32, place: &Place, asked: &SwapVisits) -> Result<()> {
    let overbook = asked.overbook_reason.is_some();
    let bookings = book::bookings(&place.question, &place.chosen);
    let moved = activities::reschedule(tx, visit.activity, version, (place.start, place.end), Some(bookings), overbook).await?;
    let mut face = moved.face;
    face.place = book::place(&place.question, &place.chosen);
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update scheduled_activities set face = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(visit.activity)
        .bind(Json(&face))
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update gabinet_appointments set employee_id = $3, overbook_reason = $4, version = version + 1, updated_at = $5
         where organization_id = $1 and activity_id = $2",
    )
    .bind(organization)
    .bind(visit.activity)
    .bind(place.employee)
    .bind(&asked.overbook_reason)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let old = json!({ "start": visit.start, "end": visit.end, "employee": visit.employee_name });
    let new = json!({ "start": place.start, "end": place.end, "overbook_reason": asked.overbook_reason });
    actions::record(tx, EntityRef::new(APPOINTMENT, visit.id), "swapped", Some(old), Some(new)).await
}
