//! What a draft would do: to visits that are booked, and to the minutes worked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use platform::{
    Result, Tx,
    id::{EntityId, LocationId},
    locations, organizations,
    time::{self, Interval, ZoneWindow},
};
use services::calendar::{
    Hours, ResourceKind,
    slots::{ResourceTime, Rule, Wish, verdict},
};

use super::{AffectedVisit, Difference, Effects, sql};
use crate::{
    APPOINTMENTS_READ, HOURS_WRITE, PRODUCT,
    hours::{self, WorkingHours, resolve},
    working_time::{minutes_within, open, without},
};

/// Days over which minutes are compared.
const COMPARED: Days = Days::new(28);

#[derive(sqlx::FromRow)]
struct Booked {
    visit: EntityId,
    activity: EntityId,
    employee: EntityId,
    location: LocationId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    core_starts_at: DateTime<Utc>,
    core_ends_at: DateTime<Utc>,
    patient_name: String,
    treatment_name: String,
    employee_name: String,
}

/// What publishing a draft would do to visits to come and to the minutes worked.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn effects(tx: &mut Tx, id: EntityId) -> Result<Effects> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(HOURS_WRITE)?;
    let draft = sql::get(tx, id).await?;
    let plans = sql::plans(tx, &draft).await?;
    let employees: Vec<EntityId> = plans.iter().map(|(employee, ..)| *employee).collect();
    let booked = booked(tx, &employees, draft.from_date).await?;
    let mut places: BTreeMap<LocationId, Vec<&Booked>> = BTreeMap::new();
    for visit in &booked {
        places.entry(visit.location).or_default().push(visit);
    }
    let names = tx.can(APPOINTMENTS_READ);
    let mut visits = Vec::new();
    for (location, booked) in places {
        let at = At::read(tx, location, &employees, &booked, draft.from_date).await?;
        for (employee, now, then) in &plans {
            let of_employee: Vec<&&Booked> = booked.iter().filter(|visit| visit.employee == *employee).collect();
            if of_employee.is_empty() {
                continue;
            }
            let (before, after) = (at.hours(*employee, now), at.hours(*employee, then));
            for visit in of_employee {
                let stood: BTreeSet<Rule> = against(&before, visit);
                let rules: Vec<Rule> = against(&after, visit).difference(&stood).copied().collect();
                if !rules.is_empty() {
                    visits.push(affected(visit, at.zone.wall(visit.starts_at), rules, names));
                }
            }
        }
    }
    visits.sort_by_key(|visit| (visit.start, visit.visit));
    let minutes = differences(tx, &plans, draft.from_date).await?;
    let outdated = draft.hours.iter().filter(|hours| hours.outdated).map(|hours| hours.employee).collect();
    Ok(Effects { version: draft.version, visits, minutes, outdated })
}

fn affected(visit: &Booked, wall: chrono::NaiveDateTime, rules: Vec<Rule>, names: bool) -> AffectedVisit {
    AffectedVisit {
        visit: visit.visit,
        activity: visit.activity,
        start: visit.starts_at,
        end: visit.ends_at,
        wall,
        location: visit.location,
        employee: visit.employee,
        employee_name: visit.employee_name.clone(),
        patient_name: names.then(|| visit.patient_name.clone()),
        treatment_name: visit.treatment_name.clone(),
        rules,
    }
}

/// Hours at one place, over all the visits there.
struct At {
    from: NaiveDate,
    to: NaiveDate,
    zone: ZoneWindow,
    known: hours::Known,
    location: LocationId,
}

impl At {
    async fn read(tx: &mut Tx, location: LocationId, employees: &[EntityId], booked: &[&Booked], from: NaiveDate) -> Result<At> {
        let tz = time::zone(&locations::get(tx, location).await?.zone)?;
        let last = booked.iter().map(|visit| visit.ends_at.with_timezone(&tz).date_naive()).max().unwrap_or(from);
        let first = booked.iter().map(|visit| visit.starts_at.with_timezone(&tz).date_naive()).min().unwrap_or(from);
        let to = last.checked_add_days(Days::new(2)).unwrap_or(last);
        let known = hours::load(tx, employees, location, first, to).await?;
        Ok(At { from: first, to, zone: ZoneWindow::of(tz, first, to), known, location })
    }

    fn hours(&self, employee: EntityId, set: &WorkingHours) -> Hours {
        let leave = self.known.employees.iter().find(|(id, _)| *id == employee).map_or(&[][..], |(_, (_, leave))| leave);
        let here = set.at(self.location);
        resolve(employee, &here, leave, &self.known.closures, self.from, self.to, &self.zone, self.known.week_start)
    }
}

/// Which rules stand against a visit's own part of somebody's time.
fn against(hours: &Hours, visit: &Booked) -> BTreeSet<Rule> {
    let seconds = (visit.core_ends_at - visit.core_starts_at).num_seconds();
    let wish = Wish { minutes: i32::try_from((seconds + 59) / 60).unwrap_or(i32::MAX), step: 1, ..Wish::default() };
    let time = ResourceTime { resource: hours.resource, role: ResourceKind::Staff, hours: hours.clone(), busy: Vec::new(), capacity: 1 };
    verdict(&wish, &[time], visit.core_starts_at, &[hours.resource]).into_iter().map(|why| why.rule).collect()
}

async fn booked(tx: &mut Tx, employees: &[EntityId], from: NaiveDate) -> Result<Vec<Booked>> {
    let (organization, now) = (tx.organization(), tx.now());
    // A day early: which date it is depends on the place's zone.
    let first = (from.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::TimeDelta::days(1)).max(now);
    Ok(sqlx::query_as(
        "select v.id as visit, v.activity_id as activity, b.resource_id as employee, a.location_id as location, a.starts_at, a.ends_at,
                b.core_starts_at, b.core_ends_at, p.given_name || ' ' || p.family_name as patient_name, t.name as treatment_name,
                r.name as employee_name
         from resource_bookings b
         join scheduled_activities a on a.organization_id = b.organization_id and a.id = b.activity_id
         join gabinet_appointments v on v.organization_id = b.organization_id and v.activity_id = b.activity_id
         join persons p on p.organization_id = v.organization_id and p.id = v.patient_id
         join gabinet_treatments t on t.organization_id = v.organization_id and t.id = v.treatment_id
         join resources r on r.organization_id = b.organization_id and r.id = b.resource_id
         where b.organization_id = $1 and b.resource_id = any ($2) and b.starts_at >= $3 and b.occupies
         order by b.starts_at limit 5000",
    )
    .bind(organization)
    .bind(employees)
    .bind(first)
    .fetch_all(tx.conn())
    .await?)
}

/// Elapsed minutes gained and lost, wherever they are worked; leave and closures are left aside.
async fn differences(tx: &mut Tx, plans: &[(EntityId, WorkingHours, WorkingHours)], from: NaiveDate) -> Result<Vec<Difference>> {
    let organization = tx.organization();
    let to = from.checked_add_days(COMPARED).unwrap_or(from);
    let zone = ZoneWindow::of(time::zone(&organizations::get(tx).await?.zone)?, from, to);
    let whole = Interval { start: zone.day_start(from), end: zone.day_start(to) };
    let names: Vec<(EntityId, String)> = sqlx::query_as("select id, name from resources where organization_id = $1 and id = any ($2)")
        .bind(organization)
        .bind(plans.iter().map(|(employee, ..)| *employee).collect::<Vec<_>>())
        .fetch_all(tx.conn())
        .await?;
    let names: BTreeMap<EntityId, String> = names.into_iter().collect();
    Ok(plans
        .iter()
        .map(|(employee, now, then)| {
            let worked = |set| open(&resolve(*employee, set, &[], &[], from, to, &zone, 1));
            let (before, after) = (worked(now), worked(then));
            Difference {
                employee: *employee,
                name: names.get(employee).cloned().unwrap_or_default(),
                gained: minutes_within(&without(&after, &before), whole),
                lost: minutes_within(&without(&before, &after), whole),
            }
        })
        .collect())
}
