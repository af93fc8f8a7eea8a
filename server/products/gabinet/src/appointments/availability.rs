//! Free times of a treatment.

use std::sync::Arc;

use platform::{Error, Result, Tx, id::EntityId};

use super::{
    Availability, AvailabilityQuestion, AvailableSlot, Question, holds,
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
    let known = Catalogue::kept(tx, &asked).await?;
    Ok((plan::outline(tx, &asked, &known).await?, known))
}

/// What is asked, if the actor may ask.
pub(super) async fn allowed(tx: &mut Tx, wanted: &AvailabilityQuestion) -> Result<Asked> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let moving = match wanted.moving {
        Some(id) => match read::get(tx, id).await {
            // A form's own hold is in nobody's way but others'.
            Err(Error::NotFound) => Some(holds::own(tx, id).await?.ok_or(Error::NotFound)?),
            visit => Some(visit?.activity),
        },
        None => None,
    };
    Ok(Asked {
        treatment: wanted.treatment,
        employee: wanted.employee,
        location: wanted.location,
        from: wanted.from,
        to: wanted.to,
        moving,
        beside: None,
        minutes: None,
        // Of whoever does not give it that can be told too.
        named: wanted.employee.into_iter().collect(),
        channel: wanted.channel,
        only_named: false,
    })
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
    let question = question(tx, asked).await?;
    Ok(Availability { available_slots: question.free().into_iter().map(AvailableSlot::from).collect() })
}

/// The earliest free time of the range, over everybody who is qualified unless somebody was asked for.
///
/// # Errors
/// As [`question`].
pub async fn earliest(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<Option<AvailableSlot>> {
    crate::answers::earliest(tx, asked).await
}
