//! What decides about the time, read once.

use chrono::Days;
use platform::{Result, Tx, input::Input, locations, time};

use super::{WhyNot, WhyNotAsked, answer};
use crate::{
    APPOINTMENTS_OVERBOOK, APPOINTMENTS_READ, PRODUCT,
    appointments::{self, AvailabilityQuestion},
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
    let question = AvailabilityQuestion {
        location: asked.location,
        treatment: asked.treatment,
        employee: None,
        from: date,
        to: date.checked_add_days(AHEAD).unwrap_or(date),
        moving: asked.moving,
        further: Vec::new(),
        channel: Default::default(),
    };
    let mut question = appointments::question(tx, &question).await?;
    if let Some(employee) = asked.employee.filter(|id| !question.names.iter().any(|(known, _)| known == id)) {
        // Not qualified: all that is told of them is their name.
        let organization = tx.organization();
        let name: Option<String> =
            sqlx::query_scalar("select name from resources where organization_id = $1 and id = $2 and kind = 'staff'")
                .bind(organization)
                .bind(employee)
                .fetch_optional(tx.conn())
                .await?;
        question.names.push((employee, name.ok_or(platform::Error::NotFound)?));
    }
    Ok(answer(&question, asked.employee, asked.start, tx.can(APPOINTMENTS_OVERBOOK)))
}
