//! The two questions.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use platform::{
    Result,
    id::EntityId,
    time::{WallTime, ZoneWindow},
};

use super::answer::{Checked, Obstacle, Refused, Simulated, obstacles, offer, written};
use super::faults::Faults;
use super::plan::Plan;
use super::resolved::{Resolved, id, resolve};
use super::scenario::{Check, Propose, Scenario};
use super::{Deadline, too_long};
use crate::calendar::slots::{Bench, Rule, Wish, cells, nearest, slots, verdict};

/// How many alternatives are offered.
const ALTERNATIVES: usize = 3;

/// How many reasons are listed at most.
const REASONS: usize = 500_000;

/// The free times of a scenario, and why others are not free if it asks for that.
///
/// # Errors
/// `Invalid`, for a scenario that cannot be understood and for one that takes too long.
pub fn simulate(told: &Scenario, deadline: Deadline) -> Result<Simulated> {
    let plan = Plan::read(told)?;
    deadline.hold()?;
    let Resolved { zone, times, wish, range } = resolve(&plan, plan.from, plan.end());
    deadline.hold()?;
    if range.start >= range.end {
        // The zone skipped these dates.
        return Ok(Simulated { slots: Vec::new(), refused: Vec::new() });
    }
    let free = slots(&wish, &times, &zone, range);
    deadline.hold()?;
    let mut refused = Vec::new();
    if plan.explain {
        let first: Vec<EntityId> = plan.needs.iter().filter_map(|need| need.any_of.first()).map(|place| id(*place)).collect();
        let bench = Bench::new(&wish, &times, &first);
        let mut offered = free.iter().peekable();
        let mut listed = 0;
        for start in cells(&wish, &times, &zone, range) {
            // What is offered may lie off the grid.
            while offered.next_if(|slot| slot.start < start).is_some() {}
            if offered.peek().is_some_and(|slot| slot.start == start) {
                continue;
            }
            let reasons = obstacles(&plan, &zone, &bench.verdict(start));
            listed += reasons.len().max(1);
            if listed > REASONS {
                return Err(too_long());
            }
            deadline.hold()?;
            refused.push(Refused { start: written(&zone, start), reasons });
        }
    }
    Ok(Simulated { slots: free.iter().map(|slot| offer(&plan, &zone, slot)).collect(), refused })
}

/// Whether a time is free, all reasons if it is not, and the nearest times that are (R15).
///
/// # Errors
/// `Invalid`, for a scenario that cannot be understood and for one that takes too long.
pub fn check(told: Check, deadline: Deadline) -> Result<Checked> {
    let (scenario, propose) = told.parts();
    let plan = Plan::read(&scenario)?;
    let proposal = Proposal::read(&plan, &propose)?;
    deadline.hold()?;
    let Resolved { zone, times, wish, range } = resolve(&plan, plan.from, plan.end());
    deadline.hold()?;
    let alternatives = |start: DateTime<Utc>| -> Vec<_> {
        let found = if range.start < range.end { nearest(&wish, &times, &zone, range, start, ALTERNATIVES) } else { Vec::new() };
        found.iter().map(|slot| offer(&plan, &zone, slot)).collect()
    };
    let start = match proposal.when {
        When::At(start) => start,
        When::Never { before, after, shifted } => {
            let gap = Obstacle { rule: Rule::Gap, resource: None, from: Some(local(before)), to: Some(local(after)) };
            return Ok(Checked { ok: false, start: None, end: None, reasons: vec![gap], alternatives: alternatives(shifted) });
        }
    };
    // It is judged by its own dates, which need not be those of the alternatives.
    let date = start.with_timezone(&plan.tz).date_naive();
    let there = resolve(&plan, date, date.succ_opt().unwrap_or(date));
    let chosen = proposal.chosen(&there, start);
    let why = verdict(&there.wish, &there.times, start, &chosen);
    deadline.hold()?;
    let end = start + TimeDelta::minutes(i64::from(plan.minutes));
    Ok(Checked {
        ok: why.is_empty(),
        start: Some(written(&there.zone, start)),
        end: Some(written(&there.zone, end)),
        reasons: obstacles(&plan, &there.zone, &why),
        alternatives: if why.is_empty() { Vec::new() } else { alternatives(start) },
    })
}

/// When, as it was told.
enum When {
    At(DateTime<Utc>),
    /// The clock jumps over it.
    Never {
        before: NaiveDateTime,
        after: NaiveDateTime,
        shifted: DateTime<Utc>,
    },
}

/// What is proposed, read.
struct Proposal {
    when: When,
    /// For each need the resource that was named.
    named: Vec<Option<usize>>,
}

impl Proposal {
    fn read(plan: &Plan, told: &Propose) -> Result<Proposal> {
        let mut faults = Faults::default();
        let when = match (&told.start, &told.start_local) {
            (Some(start), None) => When::At(faults.instant(&|| "propose.start".into(), start)),
            (None, Some(local)) => wall(plan, faults.local(&|| "propose.start_local".into(), local)),
            (None, None) => {
                faults.refuse("propose.start", "required", "A start is needed.");
                When::At(DateTime::UNIX_EPOCH)
            }
            (Some(_), Some(_)) => {
                faults.refuse("propose.start_local", "choice", "Either `start` or `start_local` can be given.");
                When::At(DateTime::UNIX_EPOCH)
            }
        };
        let mut named = vec![None; plan.needs.len()];
        for (role, name) in told.resources.iter().flatten() {
            let field = || format!("propose.resources.{role}");
            let Some(need) = plan.needs.iter().position(|need| need.role == *role) else {
                faults.refuse(field(), "unknown", "Nothing of this role is needed.");
                continue;
            };
            named[need] = plan.needs[need].any_of.iter().copied().find(|place| plan.resources[*place].id == *name);
            if named[need].is_none() {
                faults.refuse(field(), "unknown", "This is none of those that will do.");
            }
        }
        for (need, _) in plan.needs.iter().zip(&named).filter(|(need, named)| named.is_none() && need.any_of.is_empty()) {
            faults.refuse(format!("propose.resources.{}", need.role), "required", "There is nobody of this role.");
        }
        faults.finish()?;
        Ok(Proposal { when, named })
    }

    /// One resource for each need: the one named, or else the first that is free then, or else the first.
    fn chosen(&self, there: &Resolved, start: DateTime<Utc>) -> Vec<EntityId> {
        let one = |(need, named): (&crate::calendar::slots::Need, &Option<usize>)| {
            named.map(id).or_else(|| {
                let alone = Wish { needs: vec![need.clone()], ..there.wish.clone() };
                let free = need.any_of.iter().find(|one| verdict(&alone, &there.times, start, &[**one]).is_empty());
                free.or(need.any_of.first()).copied()
            })
        };
        there.wish.needs.iter().zip(&self.named).filter_map(one).collect()
    }
}

/// What a clock's reading means for one booking (R3, R4).
fn wall(plan: &Plan, reading: NaiveDateTime) -> When {
    let zone = ZoneWindow::of(plan.tz, reading.date(), reading.date());
    match zone.instant(reading) {
        WallTime::One(start) | WallTime::Twice { first: start, .. } => When::At(start),
        WallTime::Gap { before, after, shifted } => When::Never { before, after, shifted },
    }
}

/// A clock's reading as it is told, the seconds only where there are some.
fn local(reading: NaiveDateTime) -> String {
    let text = reading.format("%Y-%m-%dT%H:%M:%S").to_string();
    text.strip_suffix(":00").map(str::to_owned).unwrap_or(text)
}
