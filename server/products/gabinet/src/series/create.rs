//! A plan looked at, and booked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx, actions,
    error::Refusal,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;
use services::calendar::activities;

use super::{
    Candidate, Ground, NewSeries, PATIENT, Series, SeriesAsked, SeriesPreview, Wanted,
    ground::{self, About},
    judge, read,
};
use crate::{
    APPOINTMENTS_READ, APPOINTMENTS_WRITE, PRODUCT,
    appointments::{self, Book},
    patients::{self, Patient},
};

/// What a plan would come to, occurrence by occurrence. Books nothing.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (the plan, by field).
pub async fn preview(tx: &mut Tx, asked: &SeriesAsked) -> Result<SeriesPreview> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let patient = patients::get(tx, asked.patient).await?;
    let read = Read::of(tx, asked).await?;
    Ok(read.preview(tx.now(), &patient))
}

/// A plan, and what decides about it.
struct Read {
    zone: Tz,
    /// The start is the one picked, or the plan's.
    occurrences: Vec<Candidate>,
    ground: Ground,
}

impl Read {
    async fn of(tx: &mut Tx, asked: &SeriesAsked) -> Result<Read> {
        let (zone, plan) = ground::expand(tx, asked).await?;
        let occurrences: Vec<Candidate> = (1..)
            .zip(plan)
            .map(|(nth, (original, start))| {
                let pick = asked.picks.iter().find(|pick| pick.nth == nth);
                let picked = pick.and_then(|pick| pick.start);
                Candidate {
                    nth,
                    original,
                    start: picked.unwrap_or(start),
                    end: picked.unwrap_or(start),
                    picked: picked.is_some_and(|picked| picked != start),
                    left_out: pick.is_some_and(|pick| pick.start.is_none()),
                    reasons: Vec::new(),
                    alternatives: Vec::new(),
                    resources: Vec::new(),
                    visit: None,
                    before: None,
                }
            })
            .collect();
        let (patient, treatment, employee, location) = (asked.patient, asked.treatment, asked.employee, asked.location);
        let further = appointments::wanted_steps(Some(employee), &asked.further)?;
        let about = About { patient, treatment, employee, minutes: None, further, location, leaving: Vec::new() };
        let starts: Vec<DateTime<Utc>> = occurrences.iter().map(|one| one.start).collect();
        let ground = ground::ground(tx, &about, zone, &starts).await?;
        Ok(Read { zone, occurrences, ground })
    }

    fn preview(mut self, now: DateTime<Utc>, patient: &Patient) -> SeriesPreview {
        let name = [patient.given_name.as_str(), patient.family_name.as_str()].join(" ");
        let taking: Vec<&Candidate> = self.occurrences.iter().filter(|one| !one.left_out).collect();
        let wanted: Vec<Wanted> =
            taking.iter().map(|one| Wanted { start: one.start, minutes: None, keep: Vec::new(), stays: false }).collect();
        let mut judged = judge(&mut self.ground, &wanted).into_iter();
        let ground = &self.ground;
        let told = |one: Candidate| match judged.next() {
            Some(found) => ground::told(ground, one, &found, &name),
            None => one,
        };
        let (left_out, taking): (Vec<Candidate>, Vec<Candidate>) = self.occurrences.into_iter().partition(|one| one.left_out);
        let mut occurrences: Vec<Candidate> = taking.into_iter().map(told).chain(left_out).collect();
        occurrences.sort_by_key(|one| one.nth);
        let starts: Vec<DateTime<Utc>> = occurrences.iter().map(|one| one.start).collect();
        let conflicts = u32::try_from(occurrences.iter().filter(|one| !one.reasons.is_empty()).count()).unwrap_or(u32::MAX);
        SeriesPreview { occurrences, conflicts, kept: Vec::new(), zone: ground::window(self.zone, &starts, now) }
    }
}

/// Books all occurrences that are not left out, or none. With the id of an existing series it returns that one.
///
/// # Errors
/// As [`preview`]; `Conflict` of code `unavailable` with the reasons of all, and the preview as it is now as `current`;
/// `duplicate` where the id is another record's.
pub async fn create(tx: &mut Tx, new: &NewSeries) -> Result<Series> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let mut input = Input::new();
    input.text("notes", &new.notes, 0, 10_000);
    input.finish()?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match read::get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let asked = new.asked();
    let first = Read::of(tx, &asked).await?;
    // Patient and resources in the order in which every booking takes them; from here on what is looked at stays so.
    let patient = patients::get_held(tx, new.patient).await?;
    activities::take_turns(tx, &resources(&first.ground)).await?;
    let read = Read::of(tx, &asked).await?;
    let preview = read.preview(tx.now(), &patient);
    if preview.conflicts > 0 {
        return Err(refused(&preview));
    }
    if preview.occurrences.iter().all(|one| one.left_out) {
        return Err(Error::invalid("picks", "required", "At least one occurrence takes place."));
    }
    write(tx, id, new).await?;
    let mut ordered: Vec<&Candidate> = preview.occurrences.iter().collect();
    // By time: whoever draws numbers of two months draws them in one order.
    ordered.sort_by_key(|one| one.start);
    let mut visits = Vec::with_capacity(ordered.len());
    for one in ordered {
        let visit = match one.left_out {
            true => None,
            false => Some(appointments::book(tx, &book(new, one)).await?.id),
        };
        visits.push((one, visit));
    }
    place(tx, id, new.employee, &visits).await?;
    let many = visits.iter().filter(|(_, visit)| visit.is_some()).count();
    let told = json!({ "series": id, "start": new.start, "rules": new.rules, "visits": many });
    actions::record(tx, EntityRef::new(PATIENT, new.patient), "series_booked", None, Some(told)).await?;
    read::get(tx, id).await
}

fn book(new: &NewSeries, one: &Candidate) -> Book {
    Book {
        id: None,
        patient: new.patient,
        treatment: new.treatment,
        employee: new.employee,
        resources: Some(one.resources.clone()),
        location: new.location,
        start: one.start,
        notes: new.notes.clone(),
        overbook_reason: None,
        hold: None,
        further: new.further.clone(),
        channel: Default::default(),
    }
}

/// All whose time is asked about.
pub(super) fn resources(ground: &Ground) -> Vec<EntityId> {
    let mut all: Vec<EntityId> = ground.questions.iter().flat_map(|question| question.times.iter().map(|time| time.resource)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Not all of it can be had: every reason, and the preview as it is by now.
pub(super) fn refused(preview: &SeriesPreview) -> Error {
    let reasons = preview.occurrences.iter().flat_map(|one| one.reasons.iter().cloned()).collect();
    let refusal = Refusal {
        reasons,
        current: Some(json!(preview)),
        ..Refusal::new("unavailable", "Not all of these times are free. Nothing was done.")
    };
    refusal.into()
}

async fn write(tx: &mut Tx, id: EntityId, new: &NewSeries) -> Result<()> {
    use platform::error::ResultExt;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    sqlx::query(
        "insert into gabinet_series (organization_id, id, patient_id, treatment_id, employee_id, location_id, starts, rules, notes, user_id,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
    )
    .bind(organization)
    .bind(id)
    .bind(new.patient)
    .bind(new.treatment)
    .bind(new.employee)
    .bind(new.location)
    .bind(new.start)
    .bind(&new.rules)
    .bind(&new.notes)
    .bind(user)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_series_pkey", || Error::conflict("duplicate", "There is a series of this id already."))?;
    Ok(())
}

async fn place(tx: &mut Tx, id: EntityId, employee: EntityId, visits: &[(&Candidate, Option<EntityId>)]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into gabinet_series_visits (organization_id, series_id, nth, original, planned, employee_id, exception, visit_id)
         select $1, $2, v.nth, v.original, v.original, $3, v.exception, v.visit
         from unnest($4::integer[], $5::timestamp[], $6::bool[], $7::uuid[]) as v (nth, original, exception, visit)",
    )
    .bind(organization)
    .bind(id)
    .bind(employee)
    .bind(visits.iter().map(|(one, _)| one.nth).collect::<Vec<_>>())
    .bind(visits.iter().map(|(one, _)| one.original).collect::<Vec<_>>())
    .bind(visits.iter().map(|(one, _)| one.picked || one.left_out).collect::<Vec<_>>())
    .bind(visits.iter().map(|(_, visit)| *visit).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}
