//! Two visits change places: each gets the other's start and practitioner and keeps its own length and, where they are
//! free then, its own room and device. Both or neither; to undo it they are swapped again.
//!
//! Of a visit of several treatments the first one's practitioner is exchanged, in all that they give of it; the others
//! stay. Nobody takes over beside what they give of the visit already: then it keeps all its practitioners.

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

use super::{
    Appointment, Question, SwapVisits, Swapped, book, holds, move_to,
    plan::{self, Asked},
    read, steps,
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
    let start = other.start;
    let serves = visit.steps.iter().any(|step| step.employee == other.employee);
    let employee = if serves { visit.employee } else { other.employee };
    let end = start + (visit.end - visit.start);
    let minutes = match visit.steps.first() {
        Some(step) => Some(step.minutes),
        None => i32::try_from((visit.end - visit.start).num_minutes()).ok(),
    };
    let date = plan::date_of(tx, visit.location, start).await?;
    let asked = Asked {
        treatment: visit.treatment,
        employee: Some(employee),
        patient: None,
        elsewhere: false,
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
    let further = steps::kept(visit.steps.iter().map(Into::into), |who| if who == visit.employee { employee } else { who });
    let (mut question, _) = steps::question(tx, &asked, &further).await?;
    if let Some(after) = after {
        occupy(&mut question, other, after);
    }
    // Neither begins anew where it only changes hands.
    if start == visit.start {
        question.wish.now = None;
    }
    let ways = [Some(steps::places(visit)), Some(steps::places(other)), None];
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
    let whole = [slots::Segment { from: 0, to: after.question.wish.minutes }];
    for booking in book::bookings(&after.question, &after.chosen) {
        let Some(time) = question.times.iter_mut().find(|time| time.resource == booking.resource) else { continue };
        let segments = if booking.segments.is_empty() { whole.as_slice() } else { &booking.segments };
        for segment in segments {
            let at = |minutes: i32| after.start + chrono::TimeDelta::minutes(i64::from(minutes));
            time.busy.push(Busy {
                activity: other.activity,
                start: at(segment.from),
                end: at(segment.to),
                before: if segment.from == 0 { booking.before } else { 0 },
                after: if segment.to == after.question.wish.minutes { booking.after } else { 0 },
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
    move_to::place(tx, moved, &place.question, &place.chosen, place.employee, asked.overbook_reason.as_deref()).await?;
    if place.employee != visit.employee {
        steps::hand_over(tx, visit.id, visit.employee, place.employee).await?;
    }
    let old = json!({ "start": visit.start, "end": visit.end, "employee": visit.employee_name });
    let new = json!({ "start": place.start, "end": place.end, "overbook_reason": asked.overbook_reason });
    actions::record(tx, EntityRef::new(APPOINTMENT, visit.id), "swapped", Some(old), Some(new)).await
}
