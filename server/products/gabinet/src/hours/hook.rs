//! What the calendar asks of Gabinet: when are these resources there?

use std::collections::HashMap;

use futures::future::BoxFuture;
use platform::{Result, Tx, id::EntityId, time::ZoneWindow};
use services::{calendar::Hours, hooks::HoursQuestion};

use super::{load, resolve};

/// Hours of the practitioners among them; on a closed day of rooms and devices too.
pub fn hook<'a>(tx: &'a mut Tx, question: &'a HoursQuestion) -> BoxFuture<'a, Result<Vec<Hours>>> {
    Box::pin(async move {
        let zone = ZoneWindow::of(question.zone, question.from, question.to);
        let known = load(tx, &question.resources, question.location, question.from, question.to).await?;
        let mut sets: HashMap<EntityId, _> = known.employees.into_iter().collect();
        let hours = question
            .resources
            .iter()
            .map(|id| match sets.remove(id) {
                Some((set, leave)) => resolve(*id, &set, &leave, &known.closures, question.from, question.to, &zone, known.week_start),
                None => {
                    let nothing = super::WorkingHours::default();
                    let closed = resolve(*id, &nothing, &[], &known.closures, question.from, question.to, &zone, known.week_start).closed;
                    Hours { resource: *id, windows: Vec::new(), always: true, closed }
                }
            })
            .collect();
        Ok(hours)
    })
}
