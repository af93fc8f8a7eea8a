//! What a visit needs and who could serve it: the one question that booking, moving, free times and the drag ask.

pub(super) mod catalogue;
pub(super) mod own;
mod seats;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    input::Input,
    locations, time,
    time::{Interval, ZoneWindow},
};
use services::{
    calendar::{
        self, Hours, ResourceKind, activities,
        slots::{Need, ResourceTime, Wish},
    },
    hooks::HoursQuestion,
};

use super::{Channel, Pricing, Question};
use crate::treatments::{Agreed, Treatment, fitted};
use catalogue::{Candidates, Catalogue};

/// Which treatment, by whom, when, and whether in place of a visit that is there already.
#[derive(Clone)]
pub(super) struct Asked {
    pub treatment: EntityId,
    pub employee: Option<EntityId>,
    /// For whom: what was agreed with them counts, and what they have besides where that is read too.
    pub patient: Option<EntityId>,
    /// Whether what the patient has besides is read too.
    pub elsewhere: bool,
    pub location: LocationId,
    pub from: NaiveDate,
    /// Inclusive.
    pub to: NaiveDate,
    pub moving: Option<EntityId>,
    /// Another visit that leaves its place at the same time.
    pub beside: Option<EntityId>,
    /// Minutes, where a visit has another length than its treatment.
    pub minutes: Option<i32>,
    /// The door by which it is asked.
    pub channel: Channel,
    /// Resources that somebody names. Of those that will not do their time is read too, so that it can be told why, and
    /// whether they can be overbooked.
    pub named: Vec<EntityId>,
    /// Whether no other rooms and devices than the named come into question.
    pub only_named: bool,
}

/// The longest search, in days.
pub(super) const LONGEST: i64 = 93;

/// Reads everything that decides, once.
pub(super) async fn question(tx: &mut Tx, asked: &Asked) -> Result<(Question, Treatment)> {
    let (mut question, treatment) = ground(tx, asked).await?;
    let margin = TimeDelta::days(1);
    let around = Interval { start: question.range.start - margin, end: question.range.end + margin };
    let ids: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    let mut busy = activities::busy(tx, &ids, around, asked.moving).await?;
    for time in &mut question.times {
        time.busy = busy.remove(&time.resource).unwrap_or_default();
        time.busy.retain(|busy| Some(busy.activity) != asked.beside);
    }
    seats::open(tx, &treatment, &mut question.times, around).await?;
    Ok((question, treatment))
}

/// As [`question`], but for what is taken: it is most of what there is to read.
pub(super) async fn ground(tx: &mut Tx, asked: &Asked) -> Result<(Question, Treatment)> {
    check(asked)?;
    let (known, agreed) = Catalogue::read(tx, asked).await?;
    let mut question = outline(tx, asked, &known, agreed).await?;
    let ids: Vec<EntityId> = question.times.iter().map(|time| time.resource).collect();
    // A night shift and a long treatment reach over the last midnight.
    let end = after(asked.to)?;
    let asked_hours =
        HoursQuestion { resources: ids, location: asked.location, from: asked.from, to: end.succ_opt().unwrap_or(end), zone: known.zone };
    let hours = calendar::hours(tx, &asked_hours).await?;
    for (time, hours) in question.times.iter_mut().zip(hours) {
        time.hours = hours;
    }
    Ok((question, known.treatment))
}

/// What can be told without the database.
pub(super) fn check(asked: &Asked) -> Result<()> {
    let mut input = Input::new();
    input.year("start_date", &asked.from);
    input.year("end_date", &asked.to);
    input.finish()?;
    if asked.to < asked.from {
        return Err(Error::invalid("end_date", "order", "The end must come after the start."));
    }
    if (asked.to - asked.from).num_days() > LONGEST {
        return Err(Error::invalid("end_date", "range", "At most 93 days are searched at once."));
    }
    Ok(())
}

fn after(date: NaiveDate) -> Result<NaiveDate> {
    date.succ_opt().ok_or_else(|| Error::invalid("end_date", "date", "This is not a date."))
}

/// What is asked of whom, without when they are there and without what is taken.
pub(super) async fn outline(tx: &mut Tx, asked: &Asked, known: &Catalogue, agreed: Agreed) -> Result<Question> {
    let Catalogue { treatment, week_start, zone: tz, candidates: Candidates { staff, equipment, named }, .. } = known;
    let end = after(asked.to)?;
    let zone = ZoneWindow::of(*tz, asked.from, end);
    let range = Interval::new(zone.day_start(asked.from), zone.day_start(end))
        .ok_or_else(|| Error::invalid("end_date", "order", "The end must come after the start."))?;

    let mut names: Vec<(EntityId, String)> = Vec::new();
    let mut needs = Vec::with_capacity(1 + treatment.needs.len());
    names.extend(staff.iter().cloned());
    let staff: Vec<EntityId> = staff.iter().map(|(id, _)| *id).collect();
    let (rules, minutes) = (&treatment.rules, asked.minutes.unwrap_or_else(|| treatment.minutes_for(agreed)));
    let own = own::own(tx, (treatment, agreed), &staff, asked, (*tz, *week_start, range)).await?;
    let segments = fitted(&rules.staff_segments, treatment.duration, minutes);
    needs.push(Need { role: ResourceKind::Staff, sort_of: None, any_of: staff, segments, within: None });
    for need in &treatment.needs {
        let fitting = equipment.iter().filter(|(kind, sort_of, ..)| kind == need.kind.as_str() && *sort_of == need.sort_of);
        let fitting: Vec<(EntityId, String)> = fitting.map(|(_, _, id, name)| (*id, name.clone())).collect();
        names.extend(fitting.iter().cloned());
        let any_of = fitting.into_iter().map(|(id, _)| id).collect();
        let segments = fitted(&need.segments, treatment.duration, minutes);
        needs.push(Need { role: need.kind, sort_of: Some(need.sort_of.clone()), any_of, segments, within: None });
    }

    let mut resources: Vec<(EntityId, ResourceKind)> =
        needs.iter().flat_map(|need| need.any_of.iter().map(|id| (*id, need.role))).collect();
    for (id, name, kind) in named {
        if !resources.iter().any(|(known, _)| known == id) {
            names.push((*id, name.clone()));
            resources.push((*id, *kind));
        }
    }
    resources.sort_unstable();
    resources.dedup();
    let unknown = |resource| Hours { resource, windows: Vec::new(), always: false, closed: Vec::new() };
    let times = resources.into_iter().map(|(resource, role)| ResourceTime {
        resource,
        role,
        capacity: 1,
        hours: unknown(resource),
        busy: Vec::new(),
    });
    let wish = Wish {
        minutes,
        before: treatment.buffer_before,
        after: treatment.buffer_after,
        buffers_inside_hours: rules.buffers_inside_hours,
        step: rules.step,
        align: rules.align,
        needs,
        moving: asked.moving,
        now: Some(tx.now()),
        notice_minutes: rules.notice_minutes,
        latest: own::latest(rules, *tz, tx.now()),
        ..Wish::default()
    };
    let pricing = Pricing::of(treatment, agreed);
    let times = times.collect();
    let mut question = Question { wish, times, zone, range, names, own, held: Vec::new(), elsewhere: Vec::new(), pricing };
    if let Some(employee) = asked.employee {
        // With one practitioner there is but one wish, and it is theirs.
        question.wish = question.with(employee);
        question.own.clear();
    }
    Ok(question)
}

/// The location's date of an instant.
pub(super) async fn date_of(tx: &mut Tx, location: LocationId, at: DateTime<Utc>) -> Result<NaiveDate> {
    let location = locations::get(tx, location).await?;
    Ok(at.with_timezone(&time::zone(&location.zone)?).date_naive())
}
