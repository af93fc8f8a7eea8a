//! What decides about the time, read once.

use chrono::Days;
use platform::{Error, Result, Tx, id::EntityId, input::Input, locations, time};

use super::{WhyNot, WhyNotAsked, answer};
use crate::{
    APPOINTMENTS_OVERBOOK, APPOINTMENTS_READ, PRODUCT,
    appointments::{self, AvailabilityQuestion, Question, Who},
};

/// Days after the asked one in which another time is looked for.
const AHEAD: Days = Days::new(6);

/// Everything that is in the way of a time, each with what would help.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (treatment, location or the visit that is moved), `Invalid` (the start).
pub async fn why_not(tx: &mut Tx, asked: &WhyNotAsked) -> Result<WhyNot> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let mut input = Input::new();
    input.year("start", &asked.start);
    input.finish()?;
    let location = locations::get(tx, asked.location).await?;
    let date = asked.start.with_timezone(&time::zone(&location.zone)?).date_naive();
    let wanted = AvailabilityQuestion {
        location: asked.location,
        treatment: asked.treatment,
        employee: None,
        patient: asked.patient,
        from: date,
        to: date.checked_add_days(AHEAD).unwrap_or(date),
        moving: asked.moving,
        further: Vec::new(),
        channel: Default::default(),
    };
    let named = appointments::wanted_steps(asked.employee, &asked.further)?;
    let mut serving = vec![asked.employee];
    let mut anyone = named.clone();
    for one in &mut anyone {
        if let Who::Named(employee) = one.who {
            serving.push(Some(employee));
            one.who = Who::Anyone;
        }
    }
    let (mut question, _) = appointments::together(tx, &wanted, (None, true), &anyone).await?;
    let known = |question: &Question| {
        let needs = question.wish.needs.iter();
        serving.iter().zip(needs).all(|(employee, need)| employee.is_none_or(|employee| need.any_of.contains(&employee)))
    };
    if !asked.further.is_empty() && !known(&question) {
        // With one of them a treatment takes another time than usual: then it is asked with them alone.
        question = appointments::together(tx, &AvailabilityQuestion { employee: asked.employee, ..wanted }, (None, true), &named).await?.0;
    }
    let nameless: Vec<EntityId> =
        serving.iter().flatten().copied().filter(|id| !question.names.iter().any(|(known, _)| known == id)).collect();
    if !nameless.is_empty() {
        // Not qualified: all that is told of them is their name.
        let organization = tx.organization();
        let names: Vec<(EntityId, String)> =
            sqlx::query_as("select id, name from resources where organization_id = $1 and id = any ($2) and kind = 'staff'")
                .bind(organization)
                .bind(&nameless)
                .fetch_all(tx.conn())
                .await?;
        if names.len() < nameless.len() {
            return Err(Error::NotFound);
        }
        question.names.extend(names);
    }
    Ok(answer(&question, &serving, asked.start, tx.can(APPOINTMENTS_OVERBOOK)))
}
