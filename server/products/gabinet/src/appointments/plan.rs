//! What a visit needs and who could serve it: the one question that booking, moving, free times and the drag ask.

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
        self, ResourceKind, activities,
        slots::{Need, ResourceTime, Wish},
    },
    hooks::HoursQuestion,
};

use super::{Channel, Question};
use crate::treatments::{self, Treatment, fitted};

/// Which treatment, by whom, when, and whether in place of a visit that is there already.
#[derive(Clone)]
pub(super) struct Asked {
    pub treatment: EntityId,
    pub employee: Option<EntityId>,
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
    let treatment = treatments::get(tx, asked.treatment).await?;
    if asked.channel == Channel::Online && !treatment.rules.online {
        return Err(Error::invalid("treatment", "desk_only", "This treatment is booked at the desk only."));
    }
    let location = locations::get(tx, asked.location).await?;
    let tz = time::zone(&location.zone)?;
    let week_start = u8::try_from(location.week_start).unwrap_or(1);
    let end = asked.to.succ_opt().ok_or_else(|| Error::invalid("end_date", "date", "This is not a date."))?;
    let zone = ZoneWindow::of(tz, asked.from, end);
    let range = Interval::new(zone.day_start(asked.from), zone.day_start(end))
        .ok_or_else(|| Error::invalid("end_date", "order", "The end must come after the start."))?;

    let mut names: Vec<(EntityId, String)> = Vec::new();
    let mut needs = Vec::with_capacity(1 + treatment.needs.len());
    let Candidates { staff, equipment, named } = candidates(tx, &treatment, asked).await?;
    names.extend(staff.iter().cloned());
    let staff: Vec<EntityId> = staff.into_iter().map(|(id, _)| id).collect();
    let (rules, minutes) = (&treatment.rules, asked.minutes.unwrap_or(treatment.duration));
    let own = own::own(tx, &treatment, &staff, asked, (tz, week_start, range)).await?;
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
        if !resources.iter().any(|(known, _)| *known == id) {
            names.push((id, name));
            resources.push((id, kind));
        }
    }
    resources.sort_unstable();
    resources.dedup();
    let ids: Vec<EntityId> = resources.iter().map(|(id, _)| *id).collect();
    // A night shift and a long treatment reach over the last midnight.
    let asked_hours =
        HoursQuestion { resources: ids.clone(), location: asked.location, from: asked.from, to: end.succ_opt().unwrap_or(end), zone: tz };
    let hours = calendar::hours(tx, &asked_hours).await?;
    let times: Vec<ResourceTime> = resources
        .into_iter()
        .zip(hours)
        .map(|((resource, role), hours)| ResourceTime { resource, role, capacity: 1, hours, busy: Vec::new() })
        .collect();
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
        latest: own::latest(rules, tz, tx.now()),
        ..Wish::default()
    };
    let mut question = Question { wish, times, zone, range, names, own, held: Vec::new() };
    if let Some(employee) = asked.employee {
        // With one practitioner there is but one wish, and it is theirs.
        question.wish = question.with(employee);
        question.own.clear();
    }
    Ok((question, treatment))
}

/// Who and what comes into question.
#[derive(Default)]
struct Candidates {
    /// Practitioners who may do it here: the one asked for, or all.
    staff: Vec<(EntityId, String)>,
    /// Rooms and devices of the sorts that are needed: kind, sort, id and name.
    equipment: Vec<(String, String, EntityId, String)>,
    /// Those of the named that are here and in use, whether or not they will do.
    named: Vec<(EntityId, String, ResourceKind)>,
}

/// Reads them in one round trip.
async fn candidates(tx: &mut Tx, treatment: &Treatment, asked: &Asked) -> Result<Candidates> {
    let organization = tx.organization();
    let rows: Vec<(i32, String, String, EntityId, String)> = sqlx::query_as(
        "select part, kind, sort_of, id, name from (
             select 1 as part, r.kind, '' as sort_of, r.id, r.name, r.sort from gabinet_qualifications q
             join resources r on r.organization_id = q.organization_id and r.id = q.employee_id
             where q.organization_id = $1 and q.treatment_id = $2 and r.active and (r.location_id is null or r.location_id = $3)
               and ($4::uuid is null or r.id = $4)
             union all
             select 2, r.kind, e.sort_of, r.id, r.name, r.sort from gabinet_equipment e
             join resources r on r.organization_id = e.organization_id and r.id = e.resource_id
             where e.organization_id = $1 and e.sort_of = any ($5) and r.active and (r.location_id is null or r.location_id = $3)
               and (not $7 or e.resource_id = any ($6))
             union all
             select 3, r.kind, '', r.id, r.name, 0 from resources r
             where r.organization_id = $1 and r.id = any ($6) and r.active and (r.location_id is null or r.location_id = $3)
               and (r.kind <> 'staff' or exists (
                   select from gabinet_employees e where e.organization_id = r.organization_id and e.id = r.id))
         ) as candidates
         order by part, sort, name, id",
    )
    .bind(organization)
    .bind(treatment.id)
    .bind(asked.location)
    .bind(asked.employee)
    .bind(treatment.needs.iter().map(|need| need.sort_of.as_str()).collect::<Vec<_>>())
    .bind(&asked.named)
    .bind(asked.only_named)
    .fetch_all(tx.conn())
    .await?;
    let mut candidates = Candidates::default();
    for (part, kind, sort_of, id, name) in rows {
        match part {
            1 => candidates.staff.push((id, name)),
            2 => candidates.equipment.push((kind, sort_of, id, name)),
            _ => {
                let kind = ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?;
                candidates.named.push((id, name, kind));
            }
        }
    }
    Ok(candidates)
}

/// The location's date of an instant.
pub(super) async fn date_of(tx: &mut Tx, location: LocationId, at: DateTime<Utc>) -> Result<NaiveDate> {
    let location = locations::get(tx, location).await?;
    Ok(at.with_timezone(&time::zone(&location.zone)?).date_naive())
}
