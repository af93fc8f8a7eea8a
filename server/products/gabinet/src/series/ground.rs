//! Everything that decides about a plan, read once.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx,
    error::Reason,
    id::{EntityId, LocationId},
    input::Input,
    locations, time,
    time::{Interval, ZoneWindow},
};
use services::calendar::{
    recurrence::{Ending, Plan, Rule, resolve},
    slots::Slot,
};

use super::{Candidate, Counted, Ground, Judged, LONGEST, MOST, MOST_RULES, SeriesAsked};
use crate::{
    answers,
    appointments::{self, AvailabilityQuestion, AvailableSlot, Planned, WantedStep},
};

/// A question covers at most 93 days; alternatives reach three days beyond the occurrences on each side.
const STRETCH: i64 = 80;
const BESIDE: Days = Days::new(4);
/// A week or a month in which starts are counted may reach out of the plan.
const COUNTED: Days = Days::new(32);

/// For whom and what.
pub(super) struct About {
    pub patient: EntityId,
    pub treatment: EntityId,
    pub employee: EntityId,
    /// The first treatment's length, where it is not the usual one of its treatment.
    pub minutes: Option<i32>,
    /// The visit's other treatments.
    pub further: Vec<WantedStep>,
    pub location: LocationId,
    /// Activities that leave their places at the same time.
    pub leaving: Vec<EntityId>,
}

/// A plan's readings with their instants, in order; all faults of the plan by field.
pub(super) async fn expand(tx: &mut Tx, asked: &SeriesAsked) -> Result<(Tz, Vec<(NaiveDateTime, DateTime<Utc>)>)> {
    let mut input = Input::new();
    input.year("start", &asked.start);
    let many = asked.rules.len();
    input.check((1..=MOST_RULES).contains(&many), "rules", if many == 0 { "required" } else { "too_long" }, "Between 1 and 10 rules.");
    input.check(asked.picks.len() <= MOST, "picks", "too_long", "At most 100 occurrences.");
    let mut rules = Vec::with_capacity(many);
    for (place, text) in asked.rules.iter().take(MOST_RULES).enumerate() {
        let field = format!("rules.{place}");
        match text.parse::<Rule>() {
            Ok(rule) => {
                input.check(rule.ending != Ending::Never, &field, "required", "A rule of a series ends by COUNT or UNTIL.");
                rules.push(rule);
            }
            Err(error) => input.check(false, &field, "type", error.to_string()),
        }
    }
    input.finish()?;
    let location = locations::get(tx, asked.location).await?;
    let zone = time::zone(&location.zone)?;
    let readings = Plan(rules).readings(asked.start, MOST + 1);
    let mut input = Input::new();
    input.check(!readings.is_empty(), "rules", "required", "This plan has no occurrence.");
    input.check(readings.len() <= MOST, "rules", "too_large", "At most 100 occurrences.");
    let long = readings.last().is_some_and(|last| (last.date() - asked.start.date()).num_days() > LONGEST);
    input.check(!long, "rules", "range", "At most a year.");
    for pick in &asked.picks {
        let known = usize::try_from(pick.nth).is_ok_and(|nth| (1..=readings.len()).contains(&nth));
        input.check(known, "picks", "unknown", "The plan has no such occurrence.");
        if let Some(start) = &pick.start {
            input.year("picks", start);
        }
    }
    input.finish()?;
    let mut occurrences: Vec<(NaiveDateTime, DateTime<Utc>)> = Vec::with_capacity(readings.len());
    for reading in readings {
        let start = resolve(zone, reading);
        // A zone that skipped a whole date moves it onto the next, which is then there already.
        if occurrences.last().is_none_or(|(_, last)| *last < start) {
            occurrences.push((reading, start));
        }
    }
    Ok((zone, occurrences))
}

/// Reads it for starts that lie on these dates.
pub(super) async fn ground(tx: &mut Tx, about: &About, zone: Tz, starts: &[DateTime<Utc>]) -> Result<Ground> {
    let mut dates: Vec<NaiveDate> = starts.iter().map(|start| start.with_timezone(&zone).date_naive()).collect();
    dates.sort_unstable();
    dates.dedup();
    let (Some(first), Some(last)) = (dates.first().copied(), dates.last().copied()) else {
        return Err(Error::invalid("rules", "required", "There is no time to look at."));
    };
    // What is there already keeps the length that it has; what the patient has besides is read at once, below.
    let patient = about.leaving.is_empty().then_some(about.patient);
    let (mut questions, mut planned) = (Vec::new(), Vec::new());
    let mut rest = dates.as_slice();
    while let Some(begin) = rest.first().copied() {
        let many = rest.iter().take_while(|date| (**date - begin).num_days() <= STRETCH).count();
        let end = rest[many - 1];
        let asked = AvailabilityQuestion {
            location: about.location,
            treatment: about.treatment,
            employee: Some(about.employee),
            patient,
            from: begin.checked_sub_days(BESIDE).unwrap_or(begin),
            to: end.checked_add_days(BESIDE).unwrap_or(end),
            moving: None,
            further: Vec::new(),
            channel: Default::default(),
        };
        let (mut question, treatments) = appointments::together(tx, &asked, (about.minutes, false), &about.further).await?;
        for time in &mut question.times {
            time.busy.retain(|busy| !about.leaving.contains(&busy.activity));
        }
        questions.push(question);
        planned = treatments;
        rest = &rest[many..];
    }
    if about.leaving.is_empty() {
        appointments::offered(&planned)?;
    }
    let (from, to) = (first.checked_sub_days(COUNTED).unwrap_or(first), last.checked_add_days(COUNTED).unwrap_or(last));
    let window = ZoneWindow::of(zone, from, to);
    let range = Interval { start: window.day_start(from), end: window.day_start(to) };
    let counted = counted(tx, about, &planned, range).await?;
    let diary = diary(tx, about, range).await?;
    let week_start = u8::try_from(locations::get(tx, about.location).await?.week_start).unwrap_or(1);
    let staff = appointments::serving(about.employee, &about.further);
    Ok(Ground { staff, questions, counted, week_start, zone: window, diary })
}

/// What of each treatment has begun with whom it is to be (R9); nothing is read of one without limits.
async fn counted(tx: &mut Tx, about: &About, planned: &[Planned], range: Interval) -> Result<Vec<Counted>> {
    let mut counted: Vec<Counted> = Vec::with_capacity(planned.len());
    for one in planned {
        let limits = appointments::limits(&one.treatment.rules);
        if limits.is_empty() {
            continue;
        }
        let (treatment, employee) = (one.treatment.id, one.employee.unwrap_or(about.employee));
        let mut starts = appointments::starts(tx, treatment, &[employee], range, &about.leaving).await?;
        let starts = starts.remove(&employee).unwrap_or_default();
        counted.push(Counted { treatment, employee, offset: one.offset, limits, starts });
    }
    Ok(counted)
}

/// When the patient has something else.
async fn diary(tx: &mut Tx, about: &About, range: Interval) -> Result<Vec<Interval>> {
    let organization = tx.organization();
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(
        "select starts_at, ends_at from scheduled_activities
         where organization_id = $1 and subject_id = $2 and starts_at < $4 and ends_at > $3 and not id = any ($5)
           and status not in ('cancelled', 'no_show', 'moved', 'expired')
         union all
         select a.starts_at, a.ends_at from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.patient_id = $2 and v.seat_status not in ('cancelled', 'no_show')
           and a.starts_at < $4 and a.ends_at > $3 and not a.id = any ($5)
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         order by starts_at",
    )
    .bind(organization)
    .bind(about.patient)
    .bind(range.start)
    .bind(range.end)
    .bind(&about.leaving)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|(start, end)| Interval::new(start, end)).collect())
}

/// What became of an occurrence, with names.
pub(super) fn told(ground: &Ground, candidate: Candidate, judged: &Judged, patient_name: &str) -> Candidate {
    let names = ground.questions.first().map(|question| question.names.as_slice()).unwrap_or_default();
    let mut reasons = answers::named(&judged.why, names);
    reasons.extend(judged.elsewhere.iter().map(|other| Reason {
        rule: "busy".into(),
        resource: None,
        resource_name: Some(patient_name.to_owned()),
        from: Some(other.start),
        to: Some(other.end),
    }));
    Candidate {
        end: judged.end,
        reasons,
        alternatives: judged.alternatives.iter().cloned().map(slot).collect(),
        resources: judged.resources.clone(),
        ..candidate
    }
}

fn slot(slot: Slot) -> AvailableSlot {
    let employee_id = slot.resources.first().copied().unwrap_or(EntityId(uuid::Uuid::nil()));
    AvailableSlot { start: slot.start, end: slot.end, employee_id, resources: slot.resources }
}

/// The zone's offsets over the occurrences, for whoever shows them.
pub(super) fn window(zone: Tz, starts: &[DateTime<Utc>], now: DateTime<Utc>) -> ZoneWindow {
    let first = starts.iter().min().copied().unwrap_or(now) - TimeDelta::days(5);
    let last = starts.iter().max().copied().unwrap_or(now) + TimeDelta::days(5);
    ZoneWindow::of(zone, first.with_timezone(&zone).date_naive(), last.with_timezone(&zone).date_naive())
}
