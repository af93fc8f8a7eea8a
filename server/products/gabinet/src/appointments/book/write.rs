//! The rows of a visit that was found possible.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef},
};
use serde_json::json;
use services::calendar::{
    Face, Status,
    activities::{self, NewActivity},
};

use super::{bookings, flags, place};
use crate::{
    APPOINTMENT, APPOINTMENTS_APPROVE,
    appointments::{
        Appointment, Book, Channel, Question, Seats, read, seats,
        steps::{self, Planned},
    },
    patients::Patient,
};

/// A visit that was found possible, with what that was found from.
pub(super) struct Booking<'a> {
    pub id: EntityId,
    pub new: &'a Book,
    /// The location's date of the start.
    pub date: NaiveDate,
    pub end: DateTime<Utc>,
    pub question: &'a Question,
    /// Its treatments, the first one first.
    pub planned: &'a [Planned],
    pub patient: &'a Patient,
    /// Whether it is the patient's first.
    pub first: bool,
    /// The practitioner first.
    pub chosen: &'a [EntityId],
    /// The session's activity where it joins one.
    pub session: Option<EntityId>,
}

/// Writes them. The time is taken first and the number drawn last: all visits of the month wait for the number, and the
/// losers of a race for one time are to hold nobody else up.
///
/// # Errors
/// `Conflict` of code `double_booking` where somebody was quicker, or `duplicate` where the id is another record's.
pub(super) async fn write(tx: &mut Tx, booking: &Booking<'_>) -> Result<Appointment> {
    let Booking { id, new, date, end, question, planned, patient, first, chosen, session } = *booking;
    let treatment = &planned[0].treatment;
    // Whoever may approve requests makes none.
    let asks = planned.iter().any(|one| one.treatment.rules.needs_approval);
    let approves = new.channel == Channel::Desk && tx.can(APPOINTMENTS_APPROVE);
    let status = if asks && !approves { Status::Pending } else { Status::Scheduled };
    let costs = question.pricing.parts.iter().zip(planned);
    let prices: Vec<i64> = costs.map(|((_, cost), one)| cost.with(one.employee.unwrap_or(new.employee))).collect();
    let price = prices.iter().sum::<i64>();
    let names = planned.iter().map(|one| one.treatment.name.as_str()).collect::<Vec<_>>().join(" + ");
    let title = format!("{} {}", patient.given_name, patient.family_name);
    // A group's event is the treatment's and not one patient's.
    let group = treatment.rules.seats > 1;
    let taken = match session {
        Some(session) => seats::take(tx, session, treatment.rules.seats).await?,
        None => 1,
    };
    let activity = session.unwrap_or_else(EntityId::new);
    if session.is_none() {
        activities::insert(
            tx,
            &NewActivity {
                id: activity,
                activity_type: APPOINTMENT.to_owned(),
                title: if group { treatment.name.clone() } else { title.clone() },
                description: String::new(),
                location: new.location,
                start: new.start,
                end,
                status,
                owner: Some(tx.user()),
                subject: (!group).then_some(patient.id),
                record: Some(id),
                face: Face {
                    line: if group { seats::line(1, treatment.rules.seats) } else { names.clone() },
                    place: place(question, chosen),
                    flags: if group { Vec::new() } else { flags(patient, first) },
                    hue: u16::try_from(treatment.hue).ok(),
                },
                bookings: bookings(question, chosen),
                overbook: new.overbook_reason.is_some(),
            },
        )
        .await?;
    }
    let version = if session.is_some() { activities::get(tx, activity).await?.version } else { 1 };
    let registered =
        NewEntity { id, entity_type: APPOINTMENT, title: &title, keywords: "", owner: Some(tx.user()), status: Some(status.as_str()) };
    let number = register(tx, &registered, date).await?;
    let (organization, now) = (tx.organization(), tx.now());
    // The patient is held since before they were judged; who was waited for may have made two records one meanwhile.
    let made = sqlx::query(
        "insert into gabinet_appointments (organization_id, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency,
             notes, overbook_reason, created_at, updated_at, seat_status)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13
         where not exists (select from entities e where e.organization_id = $1 and e.id = $5 and e.merged_into is not null)",
    )
    .bind(organization)
    .bind(id)
    .bind(&number)
    .bind(activity)
    .bind(patient.id)
    .bind(treatment.id)
    .bind(new.employee)
    .bind(price)
    .bind(&treatment.currency)
    .bind(&new.notes)
    .bind(&new.overbook_reason)
    .bind(now)
    .bind(group.then_some(status.as_str()))
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 0 {
        return Err(Error::conflict("merged", "Two records of this patient have just been made one. Book again, and it is for that one."));
    }
    steps::write(tx, id, planned, &prices).await?;
    let booked = json!({ "number": number, "start": new.start, "treatment": names, "overbook_reason": new.overbook_reason });
    actions::record(tx, EntityRef::new(APPOINTMENT, id), "booked", None, Some(booked)).await?;
    if planned.len() > 1 {
        return read::get(tx, id).await;
    }
    let name_of = |id: EntityId| question.names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let mut resources = chosen.to_vec();
    resources.sort_unstable();
    Ok(Appointment {
        id,
        number,
        activity,
        patient: patient.id,
        patient_name: title,
        treatment: treatment.id,
        treatment_name: treatment.name.clone(),
        employee: new.employee,
        employee_name: name_of(new.employee).unwrap_or_default(),
        location: new.location,
        start: new.start,
        end,
        status,
        resources,
        price,
        currency: treatment.currency.clone(),
        notes: new.notes.clone(),
        reason: String::new(),
        overbook_reason: new.overbook_reason.clone(),
        seats: group.then(|| Seats { taken: i32::try_from(taken).unwrap_or(i32::MAX), of: treatment.rules.seats }),
        steps: Vec::new(),
        version,
    })
}

/// Registers it as KLI-2611-0412: the clinic, year and month of the visit, and a gapless number drawn in this transaction.
async fn register(tx: &mut Tx, visit: &NewEntity<'_>, date: NaiveDate) -> Result<String> {
    let month = format!("{:02}{:02}", date.year().rem_euclid(100), date.month());
    let prefix = format!("{}-{month}-", number_prefix(tx));
    entities::insert_numbered(tx, visit, &format!("gabinet:appointment:{month}"), &prefix).await
}

/// The clinic's part of its visits' numbers: the first letters of its name in addresses.
pub(in crate::appointments) fn number_prefix(tx: &Tx) -> String {
    tx.actor().slug.chars().filter(char::is_ascii_alphabetic).take(3).collect::<String>().to_uppercase()
}
