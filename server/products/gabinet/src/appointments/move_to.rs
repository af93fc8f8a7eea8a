//! Moving a visit, or giving it another length, practitioner or room.

mod back;
mod ways;

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta};
use platform::{Error, Result, Tx, id::EntityId};
use services::calendar::{
    activities::{self, Activity},
    slots,
};

use super::{
    Appointment, MoveVisit, Question, book,
    plan::{self, Asked},
    read, steps,
};
use crate::{APPOINTMENTS_WRITE, PRODUCT, patients};

pub(super) use back::put_back;

/// Moves a visit. Its own occupation does not count against it, and the same time again changes nothing (R11).
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` (R18), `transition` (what is over stays),
/// `unavailable` with all reasons and alternatives, or `double_booking`.
pub async fn move_to(tx: &mut Tx, id: EntityId, to: &MoveVisit) -> Result<Appointment> {
    move_from(tx, id, to, None).await
}

/// As [`move_to`], where a new practitioner takes over from `from`; from the first treatment's if that is none.
pub(crate) async fn move_from(tx: &mut Tx, id: EntityId, to: &MoveVisit, from: Option<EntityId>) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let overbook = book::check(tx, "", to.overbook_reason.as_deref())?;
    book::check_years(to.start, to.end)?;
    let before = read::get(tx, id).await?;
    let activity = activities::lock(tx, before.activity).await?;
    if activity.status.is_terminal() {
        return Err(Error::conflict("transition", "What is over is not moved."));
    }
    let end = to.end.unwrap_or(to.start + (before.end - before.start));
    if end <= to.start {
        return Err(Error::invalid("end", "order", "The end must come after the start."));
    }
    // A minute that has begun is taken.
    let minutes =
        i32::try_from((end - to.start + TimeDelta::seconds(59)).num_minutes()).ok().filter(|minutes| (1..=1440).contains(minutes));
    let minutes = minutes.ok_or_else(|| Error::invalid("end", "range", "Between 1 and 1440 minutes."))?;
    let from = from.unwrap_or(before.employee);
    let into = to.employee.unwrap_or(from);
    let give = |employee: EntityId| if employee == from { into } else { employee };
    let employee = give(before.employee);
    several(&before, (from, into), end - to.start)?;
    let takes_the_same = to.resources.as_ref().is_none_or(|resources| {
        let wanted: BTreeSet<EntityId> =
            resources.iter().copied().chain(steps::given(&before).into_iter().map(|(id, _)| give(id))).collect();
        wanted == before.resources.iter().copied().collect()
    });
    if to.start == before.start && end == before.end && into == from && takes_the_same {
        return Ok(before);
    }
    if activity.version != to.version {
        // `reschedule` makes the refusal, with what is stored and who stored it.
        activities::reschedule(tx, activity.id, to.version, (to.start, end), Some(Vec::new()), false).await?;
    }
    let date = plan::date_of(tx, before.location, to.start).await?;
    let asked = Asked {
        treatment: before.treatment,
        employee: Some(employee),
        patient: Some(before.patient),
        elsewhere: true,
        location: before.location,
        from: date.checked_sub_days(Days::new(3)).unwrap_or(date),
        to: date.checked_add_days(Days::new(3)).unwrap_or(date),
        moving: Some(activity.id),
        beside: None,
        minutes: Some(before.steps.first().map_or(minutes, |step| step.minutes)),
        named: to.resources.as_ref().unwrap_or(&before.resources).iter().copied().chain([employee]).collect(),
        channel: Default::default(),
        only_named: false,
    };
    let further = steps::kept(before.steps.iter().map(Into::into), give);
    // Held before what they have besides is read: their bookings take turns.
    patients::get_held(tx, before.patient).await?;
    let (mut question, _) = steps::question(tx, &asked, &further).await?;
    // A visit that has begun may be made longer or moved to another room, although its start is past.
    if to.start == before.start {
        question.wish.now = None;
    }
    let chosen = match &to.resources {
        Some(resources) => book::choose(&question, employee, Some(resources), to.start),
        None => slots::keep_or_choose(&question.wish, &question.times, employee, &steps::places(&before), to.start),
    };
    if let Err(error) = book::judge(tx, &question, to.start, &chosen, overbook).await {
        return Err(ways::told(tx, error, (&before, &asked, &question), (to.start, end)).await?);
    }
    let bookings = book::bookings(&question, &chosen);
    tx.mark().await?;
    let moved = match activities::reschedule(tx, activity.id, to.version, (to.start, end), Some(bookings), overbook).await {
        Err(error) if error.code() == "double_booking" => {
            // As when it is booked: at the second look those who were quicker are there.
            tx.back().await?;
            let (question, _) = steps::question(tx, &asked, &further).await?;
            let judged = book::judge(tx, &question, to.start, &chosen, overbook).await;
            let error = judged.err().unwrap_or(error);
            return Err(ways::told(tx, error, (&before, &asked, &question), (to.start, end)).await?);
        }
        moved => moved?,
    };
    if moved.version == activity.version {
        return Ok(before);
    }
    place(tx, moved, &question, &chosen, employee, to.overbook_reason.as_deref()).await?;
    if into != from {
        steps::hand_over(tx, before.id, from, into).await?;
    }
    let after = read::get(tx, before.id).await?;
    back::record(tx, (&before, &activity), &after, (from, into), to.overbook_reason.as_deref()).await?;
    Ok(after)
}

/// What is known of a visit besides its time, where it is now: all who have a seat of its session have moved with it. The
/// reason why it was booked over something is the new one's or none; the old one is in the log.
pub(super) async fn place(
    tx: &mut Tx,
    moved: Activity,
    question: &Question,
    chosen: &[EntityId],
    employee: EntityId,
    overbook_reason: Option<&str>,
) -> Result<()> {
    activities::set_places(tx, &[(moved.id, &book::place(question, chosen))]).await?;
    seat(tx, moved.id, employee, overbook_reason).await
}

/// With whom an activity's visits are, and why they lie over something.
async fn seat(tx: &mut Tx, activity: EntityId, employee: EntityId, overbook_reason: Option<&str>) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_appointments set employee_id = $3, overbook_reason = $4, version = version + 1, updated_at = $5
         where organization_id = $1 and activity_id = $2",
    )
    .bind(organization)
    .bind(activity)
    .bind(employee)
    .bind(overbook_reason)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A visit of several treatments keeps its length, and nobody takes over beside what they give of it already.
fn several(before: &Appointment, (from, into): (EntityId, EntityId), length: TimeDelta) -> Result<()> {
    if before.steps.is_empty() {
        return Ok(());
    }
    if length != before.end - before.start {
        return Err(Error::invalid("end", "several", "A visit of several treatments keeps its length."));
    }
    if from != into && before.steps.iter().any(|step| step.employee == into) {
        return Err(Error::invalid("employee", "several", "They give another treatment of this visit already."));
    }
    Ok(())
}
