//! Where a visit could go that does not fit where it was wanted (R15).

use chrono::{DateTime, Utc};
use platform::{Error, Result, Tx, error::Alternative, id::EntityId};
use services::calendar::slots::{self, Slot};

use super::super::{
    Appointment, Question,
    plan::{self, Asked},
};

/// How many times are told of whom the visit was to be with.
const NEAREST: usize = 3;
/// How many colleagues are told who are free at the very time.
const COLLEAGUES: usize = 2;

/// The refusal of a move with other alternatives than a booking has: never where the visit stands already, and besides the
/// nearest times with the same practitioner also the colleagues who could give it at the time that was wanted.
///
/// # Errors
/// As `plan::question`.
pub(super) async fn told(
    tx: &mut Tx,
    error: Error,
    (visit, asked, question): (&Appointment, &Asked, &Question),
    (start, end): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Error> {
    let Error::Conflict(mut refusal) = error else { return Ok(error) };
    if refusal.code != "unavailable" {
        return Ok(Error::Conflict(refusal));
    }
    let is_here = |slot: &Slot| slot.start == visit.start && slot.resources.contains(&visit.employee);
    let mut ways = slots::nearest(&question.wish, &question.times, &question.zone, question.range, start, NEAREST + 1);
    ways.retain(|slot| !is_here(slot));
    if ways.len() > NEAREST {
        let away = |slot: &Slot| (slot.start - start).abs();
        // They are listed by instant, so the farthest is the first or the last.
        let last = ways.len() - 1;
        ways.remove(if away(&ways[0]) > away(&ways[last]) { 0 } else { last });
    }
    let is_patient_free = !question.elsewhere.iter().any(|other| other.during.start < end && start < other.during.end);
    if is_patient_free && visit.steps.is_empty() && visit.seats.is_none() {
        ways.extend(colleagues(tx, asked, question, start).await?.into_iter().filter(|slot| !is_here(slot)));
    }
    refusal.alternatives =
        ways.into_iter().map(|slot| Alternative { start: slot.start, end: slot.end, resources: slot.resources }).collect();
    Ok(Error::Conflict(refusal))
}

/// Whoever else gives the treatment and is free then, with a room and a device that are.
async fn colleagues(tx: &mut Tx, asked: &Asked, question: &Question, start: DateTime<Utc>) -> Result<Vec<Slot>> {
    let date = plan::date_of(tx, asked.location, start).await?;
    let anyone = Asked { employee: None, from: date, to: date, named: Vec::new(), ..asked.clone() };
    let (mut anyone, _) = plan::question(tx, &anyone).await?;
    anyone.wish.now = question.wish.now;
    let staff: Vec<EntityId> = anyone.wish.needs.first().map(|need| need.any_of.clone()).unwrap_or_default();
    let others = staff.into_iter().filter(|id| Some(*id) != asked.employee);
    Ok(others.filter_map(|id| slots::free_at(&anyone.with(id), &anyone.times, start)).take(COLLEAGUES).collect())
}
