//! Free times of a treatment.

use std::sync::Arc;

use chrono::TimeDelta;
use platform::{Error, Result, Tx, id::EntityId};

use super::{
    Appointment, Availability, AvailabilityQuestion, AvailableSlot, Question, holds,
    plan::{self, Asked, catalogue::Catalogue},
    read, steps,
};
use crate::{APPOINTMENTS_READ, PRODUCT};

/// The question with everything needed to answer it, for the browser to judge by the same code.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (treatment or location), `Invalid` (the range).
pub async fn question(tx: &mut Tx, wanted: &AvailabilityQuestion) -> Result<Question> {
    let asked = allowed(tx, wanted).await?;
    let further = steps::wanted(asked.employee, &wanted.further)?;
    Ok(steps::question(tx, &asked, &further).await?.0)
}

/// What is asked about the first treatment alone, without when anybody is there and without what is taken; and the
/// reference data it was made of, from what is kept of that.
///
/// # Errors
/// As [`question`].
pub(crate) async fn outline(tx: &mut Tx, wanted: &AvailabilityQuestion) -> Result<(Question, Arc<Catalogue>)> {
    let asked = allowed(tx, wanted).await?;
    plan::check(&asked)?;
    let (known, agreed) = Catalogue::kept(tx, &asked).await?;
    let mut question = plan::outline(tx, &asked, &known, agreed).await?;
    steps::put_patient(tx, &asked, &mut question).await?;
    Ok((question, known))
}

/// What is asked, if the actor may ask.
pub(super) async fn allowed(tx: &mut Tx, wanted: &AvailabilityQuestion) -> Result<Asked> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let (moving, minutes) = match wanted.moving {
        Some(id) => match read::get(tx, id).await {
            // A form's own hold is in nobody's way but others'.
            Err(Error::NotFound) => (Some(holds::own(tx, id).await?.ok_or(Error::NotFound)?), None),
            visit => {
                let visit = visit?;
                (Some(visit.activity), length(&visit, wanted))
            }
        },
        None => (None, None),
    };
    Ok(Asked {
        treatment: wanted.treatment,
        employee: wanted.employee,
        patient: wanted.patient,
        elsewhere: wanted.patient.is_some(),
        location: wanted.location,
        from: wanted.from,
        to: wanted.to,
        moving,
        beside: None,
        minutes,
        // Of whoever does not give it that can be told too.
        named: wanted.employee.into_iter().collect(),
        channel: wanted.channel,
        only_named: false,
    })
}

/// What is moved keeps its length, whatever its treatment takes by now or with this patient. A visit of several treatments, or
/// one that is to be of another, is asked about as if it were new.
fn length(visit: &Appointment, wanted: &AvailabilityQuestion) -> Option<i32> {
    let same = visit.treatment == wanted.treatment && visit.steps.is_empty() && wanted.further.is_empty();
    // A minute that has begun is taken.
    let minutes = (visit.end - visit.start + TimeDelta::seconds(59)).num_minutes();
    i32::try_from(minutes).ok().filter(|minutes| same && (1..=1440).contains(minutes))
}

/// As [`question`], with the names of those who only hold what is taken.
///
/// # Errors
/// As [`question`].
pub async fn question_with_holds(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<Question> {
    let mut question = question(tx, asked).await?;
    let resources: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    question.held = holds::held(tx, &resources, question.range, question.wish.moving).await?;
    Ok(question)
}

/// All free times of the range, by instant; one per start, with the first practitioner, room and device that are free.
///
/// # Errors
/// As [`question`].
pub async fn availability(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<Availability> {
    availability_among(tx, asked, &[]).await
}

/// As [`availability`], with nobody and nothing but some of the practitioners, rooms and devices; of a kind of which none is
/// named any will do.
///
/// # Errors
/// As [`question`], and `NotFound` where one of them is not there.
pub async fn availability_among(tx: &mut Tx, asked: &AvailabilityQuestion, among: &[EntityId]) -> Result<Availability> {
    let question = question_among(tx, asked, among).await?;
    Ok(Availability { available_slots: question.free().into_iter().map(AvailableSlot::from).collect() })
}

/// As [`question`], with nobody and nothing but some of the practitioners, rooms and devices.
///
/// # Errors
/// As [`availability_among`].
pub(crate) async fn question_among(tx: &mut Tx, asked: &AvailabilityQuestion, among: &[EntityId]) -> Result<Question> {
    let among = Among::read(tx, among).await?;
    let mut question = question(tx, asked).await?;
    among.narrow(&mut question);
    Ok(question)
}

/// Practitioners, rooms and devices that alone come into question, each with its kind; all of them if there is none.
pub(crate) struct Among(Vec<(EntityId, String)>);

impl Among {
    /// Reads what kinds they are of.
    ///
    /// # Errors
    /// `NotSubscribed`, `Denied`, `NotFound` where one of them is not there.
    pub(crate) async fn read(tx: &mut Tx, among: &[EntityId]) -> Result<Among> {
        tx.verify_product_access(PRODUCT)?;
        tx.require(APPOINTMENTS_READ)?;
        if among.is_empty() {
            return Ok(Among(Vec::new()));
        }
        let organization = tx.organization();
        let found: Vec<(EntityId, String)> = sqlx::query_as("select id, kind from resources where organization_id = $1 and id = any ($2)")
            .bind(organization)
            .bind(among)
            .fetch_all(tx.conn())
            .await?;
        if !among.iter().all(|id| found.iter().any(|(known, _)| known == id)) {
            return Err(Error::NotFound);
        }
        Ok(Among(found))
    }

    /// Leaves nobody and nothing else; of a kind of which there is none here any will do.
    pub(crate) fn narrow(&self, question: &mut Question) {
        for need in &mut question.wish.needs {
            if self.0.iter().any(|(_, kind)| kind == need.role.as_str()) {
                need.any_of.retain(|id| self.0.iter().any(|(known, _)| known == id));
            }
        }
    }
}
