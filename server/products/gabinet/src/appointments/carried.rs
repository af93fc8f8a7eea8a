//! What the drag of a visit is judged by: the move's own question, put to all who come into question at once.

use platform::{Error, Result, Tx, id::EntityId, time::Interval};
use services::{
    calendar::{
        activities::Activity,
        slots::{Carried, Terms, Way},
    },
    hooks::Bounds,
};

use super::{
    Appointment, book,
    plan::Asked,
    read,
    several::{self, Part},
    steps,
};

/// Everything by which the visit's places between two dates are judged as `move_to` judges them, and those of its copy as
/// booking does.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `transition` (a practitioner gives two of its treatments at once).
pub(super) async fn question(tx: &mut Tx, activity: &Activity, bounds: &Bounds) -> Result<Carried> {
    let visit = read::get(tx, activity.id).await?;
    let moving = (!bounds.copy).then_some(activity.id);
    let several = !visit.steps.is_empty();
    let asked = Asked {
        treatment: visit.treatment,
        employee: None,
        // A copy is booked anew, as was agreed with the patient; what is moved keeps its length. What the patient has besides is
        // told by itself, for the drag of a copy too.
        patient: bounds.copy.then_some(visit.patient),
        elsewhere: false,
        location: visit.location,
        // A night shift reaches into the first day and out of the last.
        from: bounds.from.pred_opt().unwrap_or(bounds.from),
        to: bounds.to,
        moving,
        beside: None,
        // The length that the segments are written for: the visit's own may be another by now.
        minutes: visit.steps.first().map(|step| step.minutes),
        named: visit.resources.clone(),
        channel: Default::default(),
        only_named: false,
    };
    let mut further = steps::kept(visit.steps.iter().map(Into::into), |employee| employee);
    for one in &mut further {
        if let steps::Who::Named(_) = one.who {
            one.who = steps::Who::Anyone;
        }
    }
    let people = people(&visit);
    let (mut parts, _) = steps::parts(tx, &asked, &further).await?;
    let terms = terms(&visit, &people, &mut parts);
    let question = match (several, parts.len()) {
        (true, _) => {
            several::joined(parts).map_err(|_| Error::conflict("transition", "They give another treatment of this visit then."))?
        }
        (false, _) => parts.pop().map(|part| part.question).ok_or(Error::NotFound)?,
    };
    let range = Interval { start: question.zone.day_start(bounds.from), end: question.zone.day_start(bounds.to) };
    let diary = book::diary(tx, visit.patient, (range.start, question.range.end), moving).await?;
    Ok(Carried {
        start: visit.start,
        end: visit.end,
        wish: question.wish,
        times: question.times,
        range,
        terms,
        people,
        things: steps::places(&visit),
        way: if several { Way::Whole } else { Way::Assigned },
        subject: Some(visit.patient),
        elsewhere: diary.elsewhere,
    })
}

/// Its practitioners, each once, in the order in which they are needed.
fn people(visit: &Appointment) -> Vec<EntityId> {
    let mut people: Vec<EntityId> = Vec::new();
    for (employee, _) in steps::given(visit) {
        if !people.contains(&employee) {
            people.push(employee);
        }
    }
    people
}

/// Takes out of each treatment's question what is not the same with everybody who gives it. Joined with the others' it would
/// say who is free of limits on all days; here it is asked of one day and one practitioner.
fn terms(visit: &Appointment, people: &[EntityId], parts: &mut [Part]) -> Vec<Terms> {
    let total = parts.iter().map(|part| part.offset + part.question.wish.minutes).max().unwrap_or(0);
    let several = parts.len() > 1;
    let mut terms: Vec<Terms> = Vec::new();
    for (place, part) in parts.iter_mut().enumerate() {
        let giver = visit.steps.get(place).map_or(visit.employee, |step| step.employee);
        let need = people.iter().position(|id| *id == giver).unwrap_or(0);
        for own in std::mem::take(&mut part.question.own) {
            let full = several::shifted(&own.full, part.offset);
            match terms.iter_mut().find(|known| known.need == need && known.resource == own.employee) {
                Some(known) => known.full.extend(full),
                None => terms.push(Terms {
                    need,
                    resource: own.employee,
                    minutes: if several { total } else { own.minutes },
                    full: full.collect(),
                }),
            }
        }
    }
    terms
}
