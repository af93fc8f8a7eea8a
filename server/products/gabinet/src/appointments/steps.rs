//! Visits of several treatments: what each of them asks for, joined to one question, and the rows in which they are kept.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, Result, Tx, id::EntityId, input::Input};
use serde::Deserialize;
use services::calendar::activities::LONGEST;

use super::{
    Appointment, AvailabilityQuestion, Further, Question, Step, availability, elsewhere,
    plan::{self, Asked},
    several::{self, Part},
};
use crate::treatments::Treatment;

/// As many treatments as one visit has at most.
const MOST: usize = 10;

/// Who is to give a further treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Named(EntityId),
    /// Whoever gives that earlier one, by its place in the visit.
    Like(usize),
    /// Anybody qualified.
    Anyone,
}

/// A further treatment that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub treatment: EntityId,
    pub who: Who,
    /// After the one before it if none.
    pub offset: Option<i32>,
    /// Where it has another length than its treatment.
    pub minutes: Option<i32>,
}

/// A treatment at its place in the visit.
pub(crate) struct Planned {
    pub treatment: Treatment,
    pub employee: Option<EntityId>,
    pub offset: i32,
    pub minutes: i32,
}

/// What was asked for, told apart by practitioners.
///
/// # Errors
/// `Invalid`.
pub(crate) fn wanted(first: Option<EntityId>, further: &[Further]) -> Result<Vec<Wanted>> {
    let mut input = Input::new();
    input.check(further.len() < MOST, "further", "too_long", "At most 10 treatments.");
    for (n, one) in further.iter().enumerate() {
        input.check((0..1440).contains(&one.offset.unwrap_or(0)), &field(n, "offset"), "range", "Between 0 and 1439 minutes.");
    }
    input.finish()?;
    let whose: Vec<Option<EntityId>> = std::iter::once(first).chain(further.iter().map(|one| one.employee.or(first))).collect();
    let wanted = further.iter().enumerate().map(|(n, one)| {
        let place = n + 1;
        let who = match (whose.iter().take(place).position(|earlier| *earlier == whose[place]), whose[place]) {
            (Some(earlier), _) => Who::Like(earlier),
            (None, Some(employee)) => Who::Named(employee),
            (None, None) => Who::Like(0),
        };
        Wanted { treatment: one.treatment, who, offset: one.offset, minutes: None }
    });
    Ok(wanted.collect())
}

/// One of the several treatments of a visit that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, sqlx::FromRow)]
pub(crate) struct Placed {
    pub treatment: EntityId,
    pub employee: EntityId,
    /// Minutes after the visit's start.
    pub offset: i32,
    pub minutes: i32,
}

impl From<&Step> for Placed {
    fn from(step: &Step) -> Placed {
        Placed { treatment: step.treatment, employee: step.employee, offset: step.offset, minutes: step.minutes }
    }
}

/// What of a visit is asked about when it moves: its treatments as they are, with whoever `give` gives them.
pub(crate) fn kept(steps: impl Iterator<Item = Placed>, give: impl Fn(EntityId) -> EntityId) -> Vec<Wanted> {
    let mut whose: Vec<EntityId> = Vec::new();
    let wanted = steps.map(|step| {
        let employee = give(step.employee);
        let who = match whose.iter().position(|earlier| *earlier == employee) {
            Some(earlier) => Who::Like(earlier),
            None => Who::Named(employee),
        };
        whose.push(employee);
        Wanted { treatment: step.treatment, who, offset: Some(step.offset), minutes: Some(step.minutes) }
    });
    // The first treatment is what is asked; these are the further ones.
    wanted.skip(1).collect()
}

/// The question of all the treatments together, for whoever asks about many visits at once: `minutes` is the first
/// treatment's length where it is not its usual one; with `elsewhere` it is read what the patient has besides.
///
/// # Errors
/// As [`question`], `NotSubscribed`, `Denied`, `NotFound`.
pub(crate) async fn together(
    tx: &mut Tx,
    wanted: &AvailabilityQuestion,
    (minutes, elsewhere): (Option<i32>, bool),
    further: &[Wanted],
) -> Result<(Question, Vec<Planned>)> {
    let asked = availability::allowed(tx, wanted).await?;
    question(tx, &Asked { minutes: minutes.or(asked.minutes), elsewhere: elsewhere && asked.elsewhere, ..asked }, further).await
}

/// The question of all the treatments together; of one alone it is that one's own.
///
/// # Errors
/// As [`parts`], and `Invalid` where one practitioner would give two at the same time.
pub(super) async fn question(tx: &mut Tx, asked: &Asked, further: &[Wanted]) -> Result<(Question, Vec<Planned>)> {
    let (mut parts, planned) = parts(tx, asked, further).await?;
    let alone = if further.is_empty() { parts.pop() } else { None };
    let mut question = match alone {
        Some(alone) => alone.question,
        None => several::joined(parts).map_err(|place| match place {
            0 => Error::internal("a visit without a treatment was asked about"),
            place => Error::invalid(&field(place - 1, "employee"), "overlap", "They give another treatment of this visit then."),
        })?,
    };
    put_patient(tx, asked, &mut question).await?;
    Ok((question, planned))
}

/// Each treatment's own question, at its place in the visit.
///
/// # Errors
/// As `plan::question`, with the further treatment's field in front, and `Invalid` where the visit would be longer than a day.
pub(super) async fn parts(tx: &mut Tx, asked: &Asked, further: &[Wanted]) -> Result<(Vec<Part>, Vec<Planned>)> {
    let (first, treatment) = plan::question(tx, asked).await?;
    let minutes = first.wish.minutes;
    let mut planned = vec![Planned { treatment, employee: asked.employee, offset: 0, minutes }];
    if further.is_empty() {
        return Ok((vec![Part { question: first, offset: 0, like: None }], planned));
    }
    let mut questions = vec![(first, None)];
    for (n, one) in further.iter().enumerate() {
        let (employee, like) = match one.who {
            Who::Named(employee) => (Some(employee), None),
            Who::Like(place) => (planned.get(place).and_then(|known| known.employee), Some(place)),
            Who::Anyone => (None, None),
        };
        let named = asked.named.iter().copied().chain(employee).collect();
        let alone = Asked { treatment: one.treatment, employee, minutes: one.minutes, named, ..asked.clone() };
        let (question, treatment) = plan::question(tx, &alone).await.map_err(|error| within(n, error))?;
        if treatment.rules.seats > 1 {
            return Err(Error::invalid(&field(n, "treatment"), "group", "A group's treatment is booked by itself."));
        }
        planned.push(Planned { treatment, employee, offset: 0, minutes: question.wish.minutes });
        questions.push((question, like));
    }
    if planned[0].treatment.rules.seats > 1 {
        return Err(Error::invalid("treatment", "group", "A group's treatment is booked by itself."));
    }
    let wished = std::iter::once(Some(0)).chain(further.iter().map(|one| one.offset));
    let offsets = several::offsets(wished.zip(planned.iter().map(|one| one.minutes)));
    for (one, offset) in planned.iter_mut().zip(&offsets) {
        one.offset = *offset;
    }
    let total = planned.iter().map(|one| one.offset.saturating_add(one.minutes)).max().unwrap_or(0);
    if i64::from(total) > LONGEST.num_minutes().min(1440) {
        return Err(Error::invalid("further", "range", "A visit takes at most a day."));
    }
    let parts = questions.into_iter().zip(offsets).map(|((question, like), offset)| Part { question, offset, like });
    Ok((parts.collect(), planned))
}

/// Puts what the patient has besides into a question about the whole visit, if it is asked for.
///
/// # Errors
/// `NotFound` (the patient).
pub(super) async fn put_patient(tx: &mut Tx, asked: &Asked, question: &mut Question) -> Result<()> {
    let Some(patient) = asked.patient.filter(|_| asked.elsewhere) else { return Ok(()) };
    let leaving: Vec<EntityId> = asked.moving.into_iter().chain(asked.beside).collect();
    elsewhere::put(tx, question, patient, &leaving).await
}

fn field(further: usize, name: &str) -> String {
    format!("further[{further}].{name}")
}

/// A fault of a further treatment is told at its field.
fn within(n: usize, error: Error) -> Error {
    match error {
        Error::Invalid(mut faults) => {
            for fault in &mut faults {
                if fault.field == "treatment" {
                    fault.field = field(n, "treatment");
                }
            }
            Error::Invalid(faults)
        }
        other => other,
    }
}

/// What is written for a visit's several treatments; nothing for one alone.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn write(tx: &mut Tx, visit: EntityId, planned: &[Planned], prices: &[i64]) -> Result<()> {
    if planned.len() < 2 {
        return Ok(());
    }
    let organization = tx.organization();
    sqlx::query(
        "insert into gabinet_visit_steps (organization_id, visit_id, nth, treatment_id, employee_id, offset_minutes, minutes, price)
         select $1, $2, s.nth::smallint, s.treatment, s.employee, s.at, s.minutes, s.price
         from unnest($3::uuid[], $4::uuid[], $5::int[], $6::int[], $7::bigint[])
             with ordinality as s (treatment, employee, at, minutes, price, nth)",
    )
    .bind(organization)
    .bind(visit)
    .bind(planned.iter().map(|one| one.treatment.id).collect::<Vec<_>>())
    .bind(planned.iter().map(|one| one.employee).collect::<Vec<_>>())
    .bind(planned.iter().map(|one| one.offset).collect::<Vec<_>>())
    .bind(planned.iter().map(|one| one.minutes).collect::<Vec<_>>())
    .bind(prices)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What is written of a hold's further treatments, in place of those it had before.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn write_held(tx: &mut Tx, hold: EntityId, planned: &[Planned]) -> Result<()> {
    let organization = tx.organization();
    let further = || planned.iter().skip(1);
    sqlx::query("delete from gabinet_hold_steps where organization_id = $1 and hold_id = $2")
        .bind(organization)
        .bind(hold)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "insert into gabinet_hold_steps (organization_id, hold_id, nth, treatment_id, employee_id, offset_minutes)
         select $1, $2, (s.nth + 1)::smallint, s.treatment, s.employee, s.at
         from unnest($3::uuid[], $4::uuid[], $5::int[]) with ordinality as s (treatment, employee, at, nth)",
    )
    .bind(organization)
    .bind(hold)
    .bind(further().map(|one| one.treatment.id).collect::<Vec<_>>())
    .bind(further().map(|one| one.employee).collect::<Vec<_>>())
    .bind(further().map(|one| one.offset).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Another practitioner gives what one of them gave.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn hand_over(tx: &mut Tx, visit: EntityId, from: EntityId, to: EntityId) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update gabinet_visit_steps set employee_id = $4 where organization_id = $1 and visit_id = $2 and employee_id = $3")
        .bind(organization)
        .bind(visit)
        .bind(from)
        .bind(to)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A step as the statements of visits read it.
#[derive(Deserialize)]
pub(super) struct Stored {
    treatment: EntityId,
    treatment_name: String,
    employee: EntityId,
    employee_name: String,
    at: i32,
    minutes: i32,
    price: i64,
    places: Option<Vec<String>>,
}

impl From<Stored> for Step {
    fn from(stored: Stored) -> Step {
        Step {
            treatment: stored.treatment,
            treatment_name: stored.treatment_name,
            employee: stored.employee,
            employee_name: stored.employee_name,
            offset: stored.at,
            minutes: stored.minutes,
            price: stored.price,
            places: stored.places.unwrap_or_default(),
        }
    }
}

/// A practitioner and the time they give.
pub(super) type Given = (EntityId, (DateTime<Utc>, DateTime<Utc>));

/// What each practitioner of a visit is taken for by it: of one treatment all of it, of several their own stretch.
pub(super) fn given(visit: &Appointment) -> Vec<Given> {
    if visit.steps.is_empty() {
        return vec![(visit.employee, (visit.start, visit.end))];
    }
    let minutes = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
    let stretch = |step: &Step| (visit.start + minutes(step.offset), visit.start + minutes(step.offset + step.minutes));
    visit.steps.iter().map(|step| (step.employee, stretch(step))).collect()
}

/// Who serves the needs of the staff, in their order: whoever gives a treatment that nobody before them gives.
pub(crate) fn serving(first: EntityId, further: &[Wanted]) -> Vec<EntityId> {
    let named = further.iter().filter_map(|one| match one.who {
        Who::Named(employee) => Some(employee),
        Who::Like(_) | Who::Anyone => None,
    });
    std::iter::once(first).chain(named).collect()
}

/// Its rooms and devices.
pub(super) fn places(visit: &Appointment) -> Vec<EntityId> {
    let staff: Vec<EntityId> = given(visit).into_iter().map(|(id, _)| id).collect();
    visit.resources.iter().copied().filter(|id| !staff.contains(id)).collect()
}
