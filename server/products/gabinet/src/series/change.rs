//! A change of many visits of a series at once: looked at, and done whole or not at all.

mod write;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use platform::{
    Error, Result, Tx,
    error::Refusal,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;
use services::calendar::{
    Status,
    activities::{self, Activity},
    recurrence::resolve,
};

use super::{
    Candidate, Ground, Judged, PATIENT, Row, Scope, Series, SeriesChange, SeriesPreview, SeriesVisit, Wanted, affected, create,
    ground::{self, About},
    is_exception, judge,
    plan::shifted,
    read::{self, Stored},
};
use crate::{
    APPOINTMENTS_READ, APPOINTMENTS_WRITE, PRODUCT,
    appointments::{self, Placed, Transition, WantedStep},
    patients,
};

/// The furthest that visits are moved at once: a year.
const FURTHEST: i32 = 366 * 1440;

/// What a change would come to. Changes nothing.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn preview_change(tx: &mut Tx, id: EntityId, change: &SeriesChange) -> Result<SeriesPreview> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    check(change)?;
    let stored = read::stored(tx, id).await?;
    Ok(Meant::of(tx, stored, change).await?.preview(change))
}

/// Moves, gives away or cancels the visits that are meant, all of them or none.
///
/// # Errors
/// As [`preview_change`]; `Conflict` of code `version` (R18), `transition` where nothing is left to change, `unavailable`
/// with all reasons and the preview as it is by now as `current`, or `double_booking`.
pub async fn change(tx: &mut Tx, id: EntityId, change: &SeriesChange) -> Result<Series> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    check(change)?;
    read::lock(tx, id).await?;
    let stored = read::stored(tx, id).await?;
    if stored.series.version != change.version {
        let refusal = Refusal {
            current: Some(json!({ "series": stored.series })),
            ..Refusal::new("version", "Somebody else has changed this in the meantime.")
        };
        return Err(refusal.into());
    }
    if let Some(reason) = &change.cancel_reason {
        let nths = meant(&stored, change, tx.now());
        for visit in stored.series.visits.iter().filter(|visit| nths.contains(&visit.nth)) {
            cancel(tx, visit, reason).await?;
        }
        let exceptions: Vec<i32> =
            stored.rows.iter().filter(|row| is_exception(row)).map(|row| row.nth).chain(nths.iter().copied()).collect();
        write::raise(tx, id, &exceptions, &[]).await?;
        return done(tx, id, "series_cancelled", change, nths.len()).await;
    }
    let first = Meant::of(tx, stored, change).await?;
    if first.moves.is_empty() {
        return Err(Error::conflict("transition", "None of these visits is left to be changed."));
    }
    // Visits, patient and resources in the order in which every move takes them.
    let mut ids: Vec<EntityId> = first.moves.iter().map(|one| one.activity.id).collect();
    ids.sort_unstable();
    for activity in ids {
        activities::lock(tx, activity).await?;
    }
    patients::get_held(tx, first.stored.series.patient).await?;
    let present = first.moves.iter().flat_map(|one| one.activity.bookings.iter().map(|booking| booking.resource));
    let touched: Vec<EntityId> = first.grounds.iter().flat_map(create::resources).chain(present).collect();
    activities::take_turns(tx, &touched).await?;
    // From here on nobody else changes what is looked at.
    let stored = read::stored(tx, id).await?;
    let seen = Meant::of(tx, stored, change).await?;
    let preview = seen.clone().preview(change);
    if preview.conflicts > 0 {
        return Err(create::refused(&preview));
    }
    let many = seen.moves.len();
    write::write(tx, id, seen, change).await?;
    done(tx, id, "series_moved", change, many).await
}

fn check(change: &SeriesChange) -> Result<()> {
    let mut input = Input::new();
    input.check((-FURTHEST..=FURTHEST).contains(&change.shift_minutes), "shift_minutes", "range", "At most a year.");
    input.check(change.picks.len() <= super::MOST, "picks", "too_long", "At most 100 visits.");
    for start in change.picks.iter().filter_map(|pick| pick.start.as_ref()) {
        input.year("picks", start);
    }
    let moves = change.shift_minutes != 0 || change.employee.is_some() || !change.picks.is_empty();
    match &change.cancel_reason {
        Some(reason) => {
            input.text("cancel_reason", reason.trim(), 1, 1_000);
            input.check(!moves, "cancel_reason", "choice", "What is cancelled is not changed besides.");
        }
        None => {
            input.check(moves, "shift_minutes", "required", "Something has to change.");
            // What was put somewhere by hand stays there (R19).
            input.check(change.scope != Scope::Whole, "scope", "choice", "Exceptions are only cancelled with the others.");
        }
    }
    input.finish()
}

/// The places in the plan that are meant. A session is others' too, and is not moved with one of its patients.
fn meant(stored: &Stored, change: &SeriesChange, now: DateTime<Utc>) -> Vec<i32> {
    let mut nths = affected(&stored.rows, change.scope, change.nth, now);
    if change.cancel_reason.is_none() {
        nths.retain(|nth| !stored.shared.contains(nth));
    }
    nths
}

async fn cancel(tx: &mut Tx, visit: &SeriesVisit, reason: &str) -> Result<()> {
    let Some(id) = visit.visit else { return Ok(()) };
    let version = appointments::get(tx, id).await?.version;
    let step = Transition { version, to: Status::Cancelled, reason: reason.trim().to_owned() };
    appointments::transition(tx, id, &step).await?;
    Ok(())
}

async fn done(tx: &mut Tx, id: EntityId, verb: &str, change: &SeriesChange, many: usize) -> Result<Series> {
    let series = read::get(tx, id).await?;
    let told = json!({ "series": id, "scope": change.scope, "nth": change.nth, "shift_minutes": change.shift_minutes, "employee": change.employee,
        "reason": change.cancel_reason, "visits": many });
    platform::actions::record(tx, EntityRef::new(PATIENT, series.patient), verb, None, Some(told)).await?;
    Ok(series)
}

/// One visit and where it is to be.
#[derive(Clone, Debug)]
struct Moved {
    nth: i32,
    original: NaiveDateTime,
    visit: EntityId,
    activity: Activity,
    employee: EntityId,
    employee_before: EntityId,
    /// Theirs who has it now.
    employee_name: String,
    /// Its treatments where there are several.
    steps: Vec<Placed>,
    /// Which ground decides about it.
    ground: usize,
    /// The reading that the series means from now on; unchanged where only this visit is meant.
    planned: NaiveDateTime,
    wanted: Wanted,
    picked: bool,
}

/// What a change means, and what decides about it.
#[derive(Clone)]
struct Meant {
    stored: Stored,
    moves: Vec<Moved>,
    /// Those in the change's scope that are left alone.
    kept: Vec<i32>,
    /// One for all visits of the same practitioners.
    grounds: Vec<Ground>,
}

impl Meant {
    async fn of(tx: &mut Tx, stored: Stored, change: &SeriesChange) -> Result<Meant> {
        if !stored.rows.iter().any(|row| row.nth == change.nth) {
            return Err(Error::invalid("nth", "unknown", "The series has no such visit."));
        }
        let nths = meant(&stored, change, tx.now());
        let stays = |nth: i32| change.picks.iter().any(|pick| pick.nth == nth && pick.start.is_none());
        let in_scope = |row: &&Row| match change.scope {
            Scope::This => row.nth == change.nth,
            Scope::Following => row.nth >= change.nth,
            Scope::All | Scope::Whole => true,
        };
        let kept = stored.rows.iter().filter(in_scope).map(|row| row.nth).filter(|nth| !nths.contains(nth) || stays(*nth)).collect();
        let mut moves: Vec<Moved> = Vec::new();
        // First practitioner, first length, further treatments.
        let mut kinds: Vec<(EntityId, Option<i32>, Vec<WantedStep>)> = Vec::new();
        for (row, visit) in stored.rows.iter().zip(&stored.series.visits).filter(|(row, _)| nths.contains(&row.nth) && !stays(row.nth)) {
            let (Some(id), Some(activity), Some(start)) = (visit.visit, visit.activity, visit.start) else { continue };
            let activity = activities::get(tx, activity).await?;
            // An exception that is meant by itself moves from where it is, everything else from where the series means it.
            let base = if is_exception(row) { start.with_timezone(&stored.zone).naive_local() } else { row.planned };
            let planned = shifted(base, change.shift_minutes).ok_or_else(|| Error::invalid("shift_minutes", "range", "At most a year."))?;
            let picked = change.picks.iter().find(|pick| pick.nth == row.nth).and_then(|pick| pick.start);
            let to = picked.unwrap_or_else(|| resolve(stored.zone, planned));
            let minutes = i32::try_from((activity.end - activity.start).num_minutes()).ok();
            let keep = activity.bookings.iter().map(|booking| booking.resource).filter(|id| *id != visit.employee).collect();
            let steps = stored.steps.get(&row.nth).cloned().unwrap_or_default();
            let employee = change.employee.unwrap_or(visit.employee);
            if employee != visit.employee && steps.iter().any(|step| step.employee == employee) {
                return Err(Error::invalid("employee", "several", "They give another treatment of these visits already."));
            }
            let give = |who: EntityId| if who == visit.employee { employee } else { who };
            let kind = (employee, steps.first().map(|step| step.minutes), appointments::kept_steps(steps.iter().copied(), give));
            let ground = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            });
            moves.push(Moved {
                nth: row.nth,
                original: row.original,
                visit: id,
                employee,
                employee_before: visit.employee,
                employee_name: visit.employee_name.clone(),
                planned,
                wanted: Wanted { start: to, minutes, keep, stays: to == activity.start },
                picked: picked.is_some(),
                activity,
                steps,
                ground,
            });
        }
        let leaving: Vec<EntityId> = moves.iter().map(|one| one.activity.id).collect();
        let mut grounds = Vec::with_capacity(kinds.len());
        for (ground, (employee, minutes, further)) in kinds.into_iter().enumerate() {
            let starts: Vec<DateTime<Utc>> = moves.iter().filter(|one| one.ground == ground).map(|one| one.wanted.start).collect();
            let Series { patient, treatment, location, .. } = stored.series;
            let about = About { patient, treatment, employee, minutes, further, location, leaving: leaving.clone() };
            grounds.push(ground::ground(tx, &about, stored.zone, &starts).await?);
        }
        Ok(Meant { stored, moves, kept, grounds })
    }

    /// Each of the moves with what became of it.
    fn judged(&mut self) -> Vec<Judged> {
        let mut found: BTreeMap<i32, Judged> = BTreeMap::new();
        let mut diary = Vec::new();
        for (place, ground) in self.grounds.iter_mut().enumerate() {
            let own: Vec<&Moved> = self.moves.iter().filter(|one| one.ground == place).collect();
            ground.diary.append(&mut diary);
            let wanted: Vec<Wanted> = own.iter().map(|one| one.wanted.clone()).collect();
            let judged = judge(ground, &wanted);
            // The patient is with one practitioner at a time.
            diary.clone_from(&ground.diary);
            found.extend(own.iter().map(|one| one.nth).zip(judged));
        }
        self.moves.iter().filter_map(|one| found.remove(&one.nth)).collect()
    }

    fn preview(mut self, change: &SeriesChange) -> SeriesPreview {
        let judged = if change.cancel_reason.is_some() { Vec::new() } else { self.judged() };
        let mut judged = judged.into_iter();
        let occurrences: Vec<Candidate> = self
            .moves
            .iter()
            .map(|one| {
                let start = if change.cancel_reason.is_some() { one.activity.start } else { one.wanted.start };
                let candidate = Candidate {
                    nth: one.nth,
                    original: one.original,
                    start,
                    end: start + (one.activity.end - one.activity.start),
                    picked: one.picked,
                    left_out: change.cancel_reason.is_some(),
                    reasons: Vec::new(),
                    alternatives: Vec::new(),
                    resources: Vec::new(),
                    visit: Some(one.visit),
                    before: Some(one.activity.start),
                };
                match (judged.next(), self.grounds.get(one.ground)) {
                    (Some(found), Some(ground)) => ground::told(ground, candidate, &found, &self.stored.series.patient_name),
                    _ => candidate,
                }
            })
            .collect();
        let conflicts = u32::try_from(occurrences.iter().filter(|one| !one.reasons.is_empty()).count()).unwrap_or(u32::MAX);
        let starts: Vec<DateTime<Utc>> = occurrences.iter().flat_map(|one| [Some(one.start), one.before]).flatten().collect();
        let now = starts.first().copied().unwrap_or(DateTime::UNIX_EPOCH);
        SeriesPreview { occurrences, conflicts, kept: self.kept, zone: ground::window(self.stored.zone, &starts, now) }
    }
}
