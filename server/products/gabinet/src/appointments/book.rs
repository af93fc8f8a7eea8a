//! Booking a visit: the visit and its scheduled activity with all its resources, in one transaction or not at all.

mod write;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, Result, Tx, id::EntityId, input::Input, time::Interval};
use services::calendar::{
    ResourceKind,
    activities::{self, NewBooking},
    slots::{self, Guest, Why},
};

pub(super) use self::write::number_prefix;
use self::write::{Booking, write};
use super::{
    Appointment, Book, Channel, Question, holds,
    plan::{self, Asked},
    read, seats,
    steps::{self, Planned},
};
use crate::{
    APPOINTMENT, APPOINTMENTS_OVERBOOK, APPOINTMENTS_WRITE, PRODUCT,
    patients::{self, Patient},
};

/// Days around the wanted one in which alternatives are looked for (R15).
pub(super) const AROUND: chrono::Days = chrono::Days::new(3);

/// Books a visit. With the id of an existing one it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, and `Conflict` of code `unavailable` with all reasons and the nearest
/// alternatives, or `double_booking` where somebody was quicker and the database itself refused.
pub async fn book(tx: &mut Tx, new: &Book) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let overbook = check(tx, &new.notes, new.overbook_reason.as_deref())?;
    check_years(new.start, None)?;
    if overbook && new.channel == Channel::Online {
        return Err(Error::invalid("overbook_reason", "desk_only", "Only the desk books over what stands against a time."));
    }
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match read::get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let date = plan::date_of(tx, new.location, new.start).await?;
    let hold = match new.hold {
        Some(hold) => holds::own_in_turn(tx, hold).await?,
        None => None,
    };
    let asked = Asked {
        treatment: new.treatment,
        employee: Some(new.employee),
        patient: Some(new.patient),
        elsewhere: true,
        location: new.location,
        from: date.checked_sub_days(AROUND).unwrap_or(date),
        to: date.checked_add_days(AROUND).unwrap_or(date),
        moving: hold,
        beside: None,
        minutes: None,
        named: new.resources.iter().flatten().copied().chain([new.employee]).collect(),
        channel: new.channel,
        only_named: false,
    };
    let further = steps::wanted(Some(new.employee), &new.further)?;
    // Most times are free with what was chosen: the days around it, in which there might be another time, and other rooms
    // and devices are read when it is not.
    let that_day = Asked { from: date, to: date, only_named: new.resources.is_some(), elsewhere: false, ..asked.clone() };
    let (mut question, planned) = steps::question(tx, &that_day, &further).await?;
    offered(&planned)?;
    let treatment = &planned[0].treatment;
    let end = new.start + TimeDelta::minutes(i64::from(question.wish.minutes));
    let at = (new.start, end);
    // Whoever joins a session is where the session is.
    let session = match treatment.rules.seats > 1 {
        true => seats::session(tx, treatment.id, new.employee, new.location, at).await?,
        false => None,
    };
    let chosen = match &session {
        Some(session) => session.resources.clone(),
        None => choose(&question, new.employee, new.resources.as_deref(), new.start),
    };
    let patient = patients::get_held(tx, new.patient).await?;
    let diary = diary(tx, patient.id, (new.start, end), None).await?;
    // Of the patient's own time no more is needed than this; all of it is read where other times are to be told.
    question.wish.guest = Some(Guest { id: patient.id, elsewhere: diary.elsewhere });
    if !passes(&slots::verdict(&question.wish, &question.times, new.start, &chosen), overbook) {
        question = steps::question(tx, &asked, &further).await?.0;
        judge(tx, &question, new.start, &chosen, overbook).await?;
    }
    let booking = Booking {
        id,
        new,
        date,
        end,
        question: &question,
        planned: &planned,
        patient: &patient,
        first: diary.first,
        chosen: &chosen,
        session: session.map(|session| session.activity),
    };
    tx.mark().await?;
    if let Some(hold) = hold {
        holds::spend(tx, hold, &chosen).await?;
    }
    match write(tx, &booking).await {
        Err(error) if error.code() == "double_booking" => {
            // Somebody was quicker between the look at the time and the booking, and the database itself refused. At
            // the second look their visit is there: it can be told what stands against the time, and what else there is.
            tx.back().await?;
            let (question, _) = steps::question(tx, &asked, &further).await?;
            judge(tx, &question, new.start, &chosen, overbook).await?;
            if treatment.rules.seats > 1
                && let Some(session) = seats::session(tx, treatment.id, new.employee, new.location, at).await?
            {
                // Both were the first; the second joins.
                return write(tx, &Booking { chosen: &session.resources, session: Some(session.activity), ..booking }).await;
            }
            Err(error)
        }
        result => result,
    }
}

/// Whether all that is asked for is still on offer.
pub(crate) fn offered(planned: &[Planned]) -> Result<()> {
    let mut input = Input::new();
    for (n, one) in planned.iter().enumerate() {
        let field = if n == 0 { "treatment".to_owned() } else { format!("further[{}].treatment", n - 1) };
        input.check(one.treatment.active, &field, "inactive", "This treatment is no longer offered.");
    }
    input.finish()
}

/// Whether it overbooks; that needs a right of its own (R12).
pub(super) fn check(tx: &Tx, notes: &str, overbook_reason: Option<&str>) -> Result<bool> {
    let mut input = Input::new();
    input.text("notes", notes, 0, 10_000);
    if let Some(reason) = overbook_reason {
        input.text("overbook_reason", reason.trim(), 1, 1_000);
        input.finish()?;
        tx.require(APPOINTMENTS_OVERBOOK)?;
        return Ok(true);
    }
    input.finish()?;
    Ok(false)
}

/// Before anything is added to a time: at the ends of the calendar there is nothing beyond.
pub(super) fn check_years(start: DateTime<Utc>, end: Option<DateTime<Utc>>) -> Result<()> {
    let mut input = Input::new();
    input.year("start", &start);
    if let Some(end) = end {
        input.year("end", &end);
    }
    input.finish()
}

/// The practitioner with the rooms and devices asked for, or with the first that are free.
pub(super) fn choose(question: &Question, employee: EntityId, resources: Option<&[EntityId]>, start: DateTime<Utc>) -> Vec<EntityId> {
    slots::choose(&question.wish, &question.times, employee, resources, start)
}

/// What the patient has besides the visit in question.
pub(super) struct Diary {
    /// Start and end of what they have at that time.
    pub(super) elsewhere: Vec<Interval>,
    /// Whether none of their visits took or will take place.
    first: bool,
}

/// Reads it. The caller holds the patient, so that their bookings take turns.
pub(super) async fn diary(
    tx: &mut Tx,
    patient: EntityId,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    moving: Option<EntityId>,
) -> Result<Diary> {
    let organization = tx.organization();
    let (starts, ends, first): (Vec<DateTime<Utc>>, Vec<DateTime<Utc>>, bool) = sqlx::query_as(
        "with seated as (
             select a.starts_at, a.ends_at, a.activity_type from gabinet_appointments v
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             where v.organization_id = $1 and v.patient_id = $2 and v.seat_status not in ('cancelled', 'no_show')
               and a.status not in ('cancelled', 'no_show', 'moved', 'expired') and ($5::uuid is null or a.id <> $5)
         ), meanwhile as (
             select starts_at, ends_at from scheduled_activities
             where organization_id = $1 and subject_id = $2 and status not in ('cancelled', 'no_show', 'moved', 'expired')
               and ($5::uuid is null or id <> $5) and starts_at < $4 and ends_at > $3 and starts_at > $7
             union all
             select starts_at, ends_at from seated where starts_at < $4 and ends_at > $3
         )
         select array(select starts_at from meanwhile order by starts_at, ends_at),
                array(select ends_at from meanwhile order by starts_at, ends_at),
                not exists (
                    select from scheduled_activities
                    where organization_id = $1 and subject_id = $2 and status not in ('cancelled', 'no_show', 'moved', 'expired')
                      and ($5::uuid is null or id <> $5) and activity_type = $6
                ) and not exists (select from seated where activity_type = $6)",
    )
    .bind(organization)
    .bind(patient)
    .bind(start)
    .bind(end)
    .bind(moving)
    .bind(APPOINTMENT)
    .bind(start - activities::LONGEST)
    .fetch_one(tx.conn())
    .await?;
    Ok(Diary { elsewhere: starts.into_iter().zip(ends).filter_map(|(start, end)| Interval::new(start, end)).collect(), first })
}

/// Whoever overbooks must still name real resources of the right kinds.
fn passes(why: &[Why], overbook: bool) -> bool {
    let impossible = why.iter().any(|why| why.rule == slots::Rule::Kind);
    why.is_empty() || overbook && !impossible
}

/// Refuses a time with all reasons, unless it is overbooked. A patient can't be in two places at once either; no
/// constraint of the database keeps them from it, only that their bookings take turns.
pub(super) async fn judge(tx: &mut Tx, question: &Question, start: DateTime<Utc>, chosen: &[EntityId], overbook: bool) -> Result<()> {
    let why: Vec<Why> = slots::verdict(&question.wish, &question.times, start, chosen);
    if passes(&why, overbook) {
        return Ok(());
    }
    Err(holds::refusal(tx, question, &why, start).await?)
}

/// What a visit takes of whom it takes: each in the segments of the need that it serves (R7).
pub(super) fn bookings(question: &Question, chosen: &[EntityId]) -> Vec<NewBooking> {
    let wish = &question.wish;
    let mut open: Vec<&slots::Need> = wish.needs.iter().collect();
    let mut booking = |id: &EntityId| {
        // Two devices of one sort serve two needs: each its own.
        let served = open.iter().position(|need| need.any_of.contains(id)).map(|place| open.remove(place));
        let segments = served.map(|need| need.segments.clone()).unwrap_or_default();
        NewBooking { resource: *id, before: wish.before, after: wish.after, segments }
    };
    chosen.iter().map(&mut booking).collect()
}

/// Room and device by name: `Gabinet 2 · Laser A`. Practitioners are not told.
pub(crate) fn place(question: &Question, chosen: &[EntityId]) -> String {
    let thing = |id: &&EntityId| question.times.iter().any(|time| time.resource == **id && time.role != ResourceKind::Staff);
    let name = |id: &EntityId| question.names.iter().find(|(known, _)| known == id).map(|(_, name)| name.as_str());
    chosen.iter().filter(thing).filter_map(name).collect::<Vec<_>>().join(" · ")
}

/// Something the patient must not be given.
pub(crate) const ALLERGY: &str = "allergy";
/// Something else to be warned of.
pub(crate) const ALERT: &str = "alert";

/// The gravest first: where there is room for one sign, it is that one.
pub(super) fn flags(patient: &Patient, first: bool) -> Vec<String> {
    let mut flags = Vec::new();
    if !patient.allergies.is_empty() {
        flags.push(ALLERGY.to_owned());
    }
    if !patient.alerts.is_empty() {
        flags.push(ALERT.to_owned());
    }
    if first {
        flags.push("first_visit".to_owned());
    }
    flags
}
