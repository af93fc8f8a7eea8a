//! Booking a visit: the visit and its scheduled activity with all its resources, in one transaction or not at all.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use platform::{
    Error, Result, Tx, actions, counters,
    entities::{self, NewEntity},
    error::{Reason, Refusal},
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;
use services::calendar::{
    Face, ResourceKind, Status,
    activities::{self, NewActivity, NewBooking},
    explain,
    slots::{self, Slot, Why},
};

use super::{
    Appointment, Book, Question,
    plan::{self, Asked},
    read,
};
use crate::{
    APPOINTMENT, APPOINTMENTS_OVERBOOK, APPOINTMENTS_WRITE, PRODUCT,
    patients::{self, Patient},
};

/// Days around the wanted one in which alternatives are looked for (R15).
const AROUND: u64 = 3;

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
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match read::get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let date = plan::date_of(tx, new.location, new.start).await?;
    let asked = Asked {
        treatment: new.treatment,
        employee: Some(new.employee),
        location: new.location,
        from: date.checked_sub_days(chrono::Days::new(AROUND)).unwrap_or(date),
        to: date.checked_add_days(chrono::Days::new(AROUND)).unwrap_or(date),
        moving: None,
        minutes: None,
        named: new.resources.iter().flatten().copied().chain([new.employee]).collect(),
    };
    let (question, treatment) = plan::question(tx, &asked).await?;
    if !treatment.active {
        return Err(Error::invalid("treatment", "inactive", "This treatment is no longer offered."));
    }
    let end = new.start + TimeDelta::minutes(i64::from(treatment.duration));
    let chosen = choose(&question, new.employee, new.resources.as_deref(), new.start);
    let patient = patients::get_held(tx, new.patient).await?;
    judge(tx, &question, &patient, (new.start, end), &chosen, None, overbook).await?;

    let first: bool = first_visit(tx, patient.id).await?;
    let title = format!("{} {}", patient.given_name, patient.family_name);
    entities::insert(
        tx,
        &NewEntity {
            id,
            entity_type: APPOINTMENT,
            title: &title,
            keywords: "",
            owner: Some(tx.user()),
            status: Some(Status::Scheduled.as_str()),
        },
    )
    .await?;
    let activity = EntityId::new();
    activities::insert(
        tx,
        &NewActivity {
            id: activity,
            activity_type: APPOINTMENT.to_owned(),
            title: title.clone(),
            description: String::new(),
            location: new.location,
            start: new.start,
            end,
            status: Status::Scheduled,
            owner: Some(tx.user()),
            subject: Some(patient.id),
            record: Some(id),
            face: Face {
                line: treatment.name.clone(),
                place: place(&question, &chosen),
                flags: flags(&patient, first),
                hue: u16::try_from(treatment.hue).ok(),
            },
            bookings: bookings(&chosen, treatment.buffer_before, treatment.buffer_after),
            overbook,
        },
    )
    .await?;
    // All visits of the month wait for the number: it is drawn once the time is had, so that the losers of a race for
    // one time hold nobody else up.
    let number = number(tx, date).await?;
    entities::update(tx, id, &title, &number, None).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into gabinet_appointments (organization_id, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency,
             notes, overbook_reason, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
    )
    .bind(organization)
    .bind(id)
    .bind(&number)
    .bind(activity)
    .bind(patient.id)
    .bind(treatment.id)
    .bind(new.employee)
    .bind(treatment.price)
    .bind(&treatment.currency)
    .bind(&new.notes)
    .bind(&new.overbook_reason)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let booked = json!({ "number": number, "start": new.start, "treatment": treatment.name, "overbook_reason": new.overbook_reason });
    actions::record(tx, EntityRef::new(APPOINTMENT, id), "booked", None, Some(booked)).await?;
    read::get(tx, id).await
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

/// The practitioner with the rooms and devices asked for, or with the first that are free; where none is free, the first
/// of each sort, so that the reasons can be told.
pub(super) fn choose(question: &Question, employee: EntityId, resources: Option<&[EntityId]>, start: DateTime<Utc>) -> Vec<EntityId> {
    if let Some(resources) = resources {
        let mut chosen = vec![employee];
        for id in resources {
            if !chosen.contains(id) {
                chosen.push(*id);
            }
        }
        return chosen;
    }
    assign(question, start)
        .filter(|slot| slot.resources.first() == Some(&employee))
        .map_or_else(|| fallback(question, employee), |slot| slot.resources)
}

/// Who is free at exactly this start, whether or not it lies on the grid of offered starts.
fn assign(question: &Question, start: DateTime<Utc>) -> Option<Slot> {
    let mut wish = question.wish.clone();
    let mut chosen = Vec::new();
    for need in &mut wish.needs {
        // One need at a time: with one candidate each, the verdict tells whether it is free.
        let free = need.any_of.iter().copied().find(|id| {
            !chosen.contains(id) && {
                let alone = slots::Wish { needs: vec![slots::Need { any_of: vec![*id], ..need.clone() }], ..question.wish.clone() };
                slots::verdict(&alone, &question.times, start, &[*id]).is_empty()
            }
        })?;
        chosen.push(free);
    }
    let end = start + TimeDelta::minutes(i64::from(question.wish.minutes));
    Some(Slot { start, end, resources: chosen })
}

fn fallback(question: &Question, employee: EntityId) -> Vec<EntityId> {
    let mut chosen = vec![employee];
    for need in question.wish.needs.iter().filter(|need| need.role != ResourceKind::Staff) {
        chosen.extend(need.any_of.iter().copied().find(|id| !chosen.contains(id)));
    }
    chosen
}

/// Refuses a time with all reasons, unless it is overbooked. A patient can't be in two places at once either; no
/// constraint of the database keeps them from it, so the caller holds the patient, and their bookings take turns.
pub(super) async fn judge(
    tx: &mut Tx,
    question: &Question,
    patient: &Patient,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    chosen: &[EntityId],
    moving: Option<EntityId>,
    overbook: bool,
) -> Result<()> {
    let why: Vec<Why> = slots::verdict(&question.wish, &question.times, start, chosen);
    let elsewhere = patients_other_visits(tx, patient.id, (start, end), moving).await?;
    // Whoever overbooks must still name real resources of the right kinds.
    let impossible = why.iter().any(|why| why.rule == slots::Rule::Kind);
    if overbook && !impossible || why.is_empty() && elsewhere.is_empty() {
        return Ok(());
    }
    let mut refusal: Refusal =
        explain::refusal(tx, "unavailable", &why, &question.wish, &question.times, &question.zone, question.range, start).await?;
    refusal.reasons.extend(elsewhere.into_iter().map(|(from, to)| Reason {
        rule: "busy".into(),
        resource: None,
        resource_name: Some([patient.given_name.as_str(), patient.family_name.as_str()].join(" ")),
        from: Some(from),
        to: Some(to),
    }));
    Err(refusal.into())
}

async fn patients_other_visits(
    tx: &mut Tx,
    patient: EntityId,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    moving: Option<EntityId>,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select starts_at, ends_at from scheduled_activities
         where organization_id = $1 and subject_id = $2 and starts_at < $4 and ends_at > $3
           and status not in ('cancelled', 'no_show', 'moved', 'expired') and ($5::uuid is null or id <> $5)
         order by starts_at",
    )
    .bind(organization)
    .bind(patient)
    .bind(start)
    .bind(end)
    .bind(moving)
    .fetch_all(tx.conn())
    .await?)
}

pub(super) fn bookings(chosen: &[EntityId], before: i32, after: i32) -> Vec<NewBooking> {
    chosen.iter().map(|resource| NewBooking { resource: *resource, before, after }).collect()
}

/// Room and device by name: `Gabinet 2 · Laser A`. The practitioner comes first and is not told.
pub(super) fn place(question: &Question, chosen: &[EntityId]) -> String {
    let name = |id: &EntityId| question.names.iter().find(|(known, _)| known == id).map(|(_, name)| name.as_str());
    chosen.iter().skip(1).filter_map(name).collect::<Vec<_>>().join(" · ")
}

pub(super) fn flags(patient: &Patient, first: bool) -> Vec<String> {
    let mut flags = Vec::new();
    if first {
        flags.push("first_visit".to_owned());
    }
    if !patient.allergies.is_empty() {
        flags.push("allergy".to_owned());
    }
    if !patient.alerts.is_empty() {
        flags.push("alert".to_owned());
    }
    flags
}

/// Whether none of the patient's visits took or will take place before this one is booked.
async fn first_visit(tx: &mut Tx, patient: EntityId) -> Result<bool> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select not exists (
             select from gabinet_appointments v
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             where v.organization_id = $1 and v.patient_id = $2 and a.status not in ('cancelled', 'no_show', 'moved', 'expired'))",
    )
    .bind(organization)
    .bind(patient)
    .fetch_one(tx.conn())
    .await?)
}

/// KLI-2611-0412: the clinic, year and month of the visit, and a gapless number drawn in this transaction.
async fn number(tx: &mut Tx, date: chrono::NaiveDate) -> Result<String> {
    let prefix = number_prefix(tx).await?;
    let month = format!("{:02}{:02}", date.year().rem_euclid(100), date.month());
    let drawn = counters::next(tx, &format!("gabinet:appointment:{month}")).await?;
    Ok(format!("{prefix}-{month}-{drawn:04}"))
}

/// The clinic's part of its visits' numbers: the first letters of its name in addresses.
pub(super) async fn number_prefix(tx: &mut Tx) -> Result<String> {
    let organization = tx.organization();
    let slug: String =
        sqlx::query_scalar("select slug from organizations where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    Ok(slug.chars().filter(char::is_ascii_alphabetic).take(3).collect::<String>().to_uppercase())
}
