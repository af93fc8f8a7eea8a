//! Visits taken over with their history, many at once: demonstration data, and what a clinic brings from elsewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    actions::{self, Done},
    counters,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef, LocationId},
    locations, time,
};
use serde_json::json;
use services::calendar::{
    Face, Status,
    activities::{self, NewActivity, NewBooking},
};

use super::book::{flags, number_prefix};
use crate::{APPOINTMENT, APPOINTMENTS_WRITE, PRODUCT, patients::Patient, treatments::Treatment};

/// A visit as it was elsewhere.
pub(crate) struct PastVisit<'a> {
    pub patient: &'a Patient,
    /// Whether it is the patient's first.
    pub first: bool,
    pub treatment: &'a Treatment,
    /// Practitioner first, then room and device.
    pub resources: Vec<EntityId>,
    /// Room and device by name.
    pub place: String,
    pub start: DateTime<Utc>,
    pub booked_at: DateTime<Utc>,
    /// What came of it, in order; each must be a step that is possible from the one before.
    pub steps: Vec<(Status, DateTime<Utc>)>,
    /// Why it was cancelled.
    pub reason: String,
}

impl PastVisit<'_> {
    fn status(&self) -> Result<Status> {
        self.steps.iter().try_fold(Status::Scheduled, |from, (to, _)| {
            if from.can_become(*to) { Ok(*to) } else { Err(Error::internal(format!("a visit that is {from} cannot become {to}"))) }
        })
    }

    /// Practitioner, room and device, taken throughout: what is past is nobody's to share.
    fn bookings(&self) -> Vec<NewBooking> {
        let (before, after) = (self.treatment.buffer_before, self.treatment.buffer_after);
        self.resources.iter().map(|resource| NewBooking::throughout(*resource, before, after)).collect()
    }

    fn at(&self, status: Status) -> Option<DateTime<Utc>> {
        self.steps.iter().find(|(to, _)| *to == status).map(|(_, at)| *at)
    }
}

/// Writes visits of one location with numbers, bookings and log entries: all of them or, where two would take one
/// resource at one time, none.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `double_booking`.
pub(crate) async fn take_over(tx: &mut Tx, location: LocationId, visits: &[PastVisit<'_>]) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let numbers = numbers(tx, location, visits).await?;
    let statuses = visits.iter().map(PastVisit::status).collect::<Result<Vec<_>>>()?;
    let ids: Vec<EntityId> = visits.iter().map(|_| EntityId::new()).collect();
    let titles: Vec<String> =
        visits.iter().map(|visit| [visit.patient.given_name.as_str(), visit.patient.family_name.as_str()].join(" ")).collect();
    let owner = Some(tx.user());
    let registered: Vec<NewEntity<'_>> = (0..visits.len())
        .map(|n| NewEntity {
            id: ids[n],
            entity_type: APPOINTMENT,
            title: &titles[n],
            keywords: &numbers[n],
            owner,
            status: Some(statuses[n].as_str()),
        })
        .collect();
    entities::insert_all(tx, &registered).await?;
    let activities: Vec<NewActivity> = visits
        .iter()
        .enumerate()
        .map(|(n, visit)| NewActivity {
            id: EntityId::new(),
            activity_type: APPOINTMENT.to_owned(),
            title: titles[n].clone(),
            description: String::new(),
            location,
            start: visit.start,
            end: visit.start + TimeDelta::minutes(i64::from(visit.treatment.duration)),
            status: statuses[n],
            owner,
            subject: Some(visit.patient.id),
            record: Some(ids[n]),
            face: Face {
                line: visit.treatment.name.clone(),
                place: visit.place.clone(),
                flags: flags(visit.patient, visit.first),
                hue: u16::try_from(visit.treatment.hue).ok(),
            },
            bookings: visit.bookings(),
            overbook: false,
        })
        .collect();
    activities::insert_all(tx, &activities).await?;
    insert(tx, visits, &ids, &numbers, &activities).await?;
    let log: Vec<Done> = (0..visits.len()).flat_map(|n| history(&visits[n], ids[n], &numbers[n])).collect();
    actions::record_all(tx, &log).await
}

async fn insert(tx: &mut Tx, visits: &[PastVisit<'_>], ids: &[EntityId], numbers: &[String], activities: &[NewActivity]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into gabinet_appointments (organization_id, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency,
             reason, confirmed_at, checked_in_at, started_at, completed_at, cancelled_at, created_at, updated_at)
         select $1, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency,
             reason, confirmed_at, checked_in_at, started_at, completed_at, cancelled_at, created_at, $2
         from unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::bigint[], $10::text[], $11::text[],
             $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[])
             as v (id, number, activity_id, patient_id, treatment_id, employee_id, price, currency, reason, confirmed_at, checked_in_at,
             started_at, completed_at, cancelled_at, created_at)",
    )
    .bind(organization)
    .bind(now)
    .bind(ids)
    .bind(numbers)
    .bind(activities.iter().map(|activity| activity.id).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.patient.id).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.treatment.id).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.resources.first().copied()).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.treatment.price).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.treatment.currency.as_str()).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.reason.as_str()).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.at(Status::Confirmed)).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.at(Status::CheckedIn)).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.at(Status::InProgress)).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.at(Status::Completed)).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.at(Status::Cancelled)).collect::<Vec<_>>())
    .bind(visits.iter().map(|visit| visit.booked_at).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What the log would hold had it happened here.
fn history(visit: &PastVisit<'_>, id: EntityId, number: &str) -> Vec<Done> {
    let entry = |verb: &str, at, old, new| Done { entity: EntityRef::new(APPOINTMENT, id), verb: verb.to_owned(), at, old, new };
    let booked = json!({ "number": number, "start": visit.start, "treatment": visit.treatment.name });
    let mut log = vec![entry("booked", visit.booked_at, None, Some(booked))];
    let mut before = Status::Scheduled;
    for (to, at) in &visit.steps {
        let reason = if *to == Status::Cancelled { visit.reason.as_str() } else { "" };
        log.push(entry(to.as_str(), *at, Some(json!({ "status": before })), Some(json!({ "status": to, "reason": reason }))));
        before = *to;
    }
    log
}

/// A number each, drawn in the order given, from the series of the month in which the visit is.
async fn numbers(tx: &mut Tx, location: LocationId, visits: &[PastVisit<'_>]) -> Result<Vec<String>> {
    let zone = time::zone(&locations::get(tx, location).await?.zone)?;
    let months: Vec<String> = visits
        .iter()
        .map(|visit| {
            let date = visit.start.with_timezone(&zone).date_naive();
            format!("{:02}{:02}", date.year().rem_euclid(100), date.month())
        })
        .collect();
    let mut many: BTreeMap<&str, i64> = BTreeMap::new();
    for month in &months {
        *many.entry(month).or_default() += 1;
    }
    let mut next: BTreeMap<&str, i64> = BTreeMap::new();
    for (month, many) in many {
        next.insert(month, counters::next_of(tx, &format!("gabinet:appointment:{month}"), many).await?);
    }
    let prefix = number_prefix(tx);
    Ok(months
        .iter()
        .map(|month| {
            let drawn = next.entry(month).or_insert(1);
            *drawn += 1;
            format!("{prefix}-{month}-{:04}", *drawn - 1)
        })
        .collect())
}
