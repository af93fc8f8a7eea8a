//! Time worked in the database.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc, Weekday};
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    input::Input,
    locations, organizations,
    time::{self, Interval, ZoneWindow},
};
use serde_json::json;

use super::{Times, Worked, WorkedInput, WorkingTime, day, minutes_within, open, open_but_for_leave, union, without};
use crate::{
    EMPLOYEES_READ, HOURS_WRITE, PRODUCT, employees,
    hours::{self, Leave, LeaveKind, resolve},
};

async fn may_see(tx: &mut Tx, employee: EntityId) -> Result<employees::Employee> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(EMPLOYEES_READ)?;
    let known = employees::get(tx, employee).await?;
    if known.user != Some(tx.user()) && !tx.can(HOURS_WRITE) {
        return Err(Error::Denied(HOURS_WRITE));
    }
    Ok(known)
}

/// A month of a practitioner's time: one's own, or anybody's for who sets hours. `month` is any date of it.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn month(tx: &mut Tx, employee: EntityId, month: NaiveDate) -> Result<WorkingTime> {
    let known = may_see(tx, employee).await?;
    let mut input = Input::new();
    input.year("month", &month);
    input.finish()?;
    let first = month.with_day(1).unwrap_or(month);
    let next = first.checked_add_months(Months::new(1)).ok_or_else(|| Error::internal("a month without a next"))?;
    let (zone_name, week_start) = match known.location {
        Some(location) => locations::get(tx, location).await.map(|place| (place.zone, place.week_start))?,
        None => (organizations::get(tx).await?.zone, 1),
    };
    let zone = ZoneWindow::of(time::zone(&zone_name)?, first, next);
    let all = hours::all(tx, &[employee], known.location, first, next).await?;
    let (set, leave) = all.employees.into_iter().next().map(|(_, known)| known).ok_or(Error::NotFound)?;
    let resolved = |leave: &[Leave]| resolve(employee, &set, leave, &all.closures, first, next, &zone, week_start);
    let hours = resolved(&leave);
    let paid: Vec<Leave> = leave.iter().filter(|leave| leave.kind != LeaveKind::Unpaid).cloned().collect();
    let during = Interval { start: zone.day_start(first), end: zone.day_start(next) };
    let now = tx.now();
    let planned = open(&hours);
    let times = Times {
        leave: without(&open_but_for_leave(&hours), &planned),
        clocked: stretches(tx, CLOCKED, employee, during, now).await?,
        visits: stretches(tx, VISITS, employee, during, now).await?,
        planned,
    };
    let days: Vec<_> = first.iter_days().take_while(|date| *date < next).map(|date| day(date, zone.day(date), &times, now)).collect();
    let closed: Vec<NaiveDate> = all.closures.iter().map(|closure| closure.on_date).collect();
    let weekdays = days.iter().map(|day| day.date).filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun));
    let due = i64::try_from(weekdays.filter(|date| !closed.contains(date)).count()).unwrap_or(0);
    let contract = known.contract_minutes.map(|weekly| i64::from(weekly) * due / 5);
    let with_paid = resolved(&paid);
    let paid_leave = minutes_within(&without(&open_but_for_leave(&with_paid), &open(&with_paid)), during);
    let sum = |of: fn(&super::WorkedDay) -> i64| days.iter().map(of).sum::<i64>();
    let planned = sum(|day| day.planned);
    Ok(WorkingTime {
        employee,
        month: first,
        planned,
        planned_so_far: sum(|day| day.worked - day.over),
        worked: sum(|day| day.worked),
        leave: sum(|day| day.leave),
        over: sum(|day| day.over),
        contract,
        over_contract: contract.map(|contract| planned + paid_leave - contract),
        days,
    })
}

/// What was clocked.
const CLOCKED: &str = "select starts_at, ends_at from gabinet_worked
     where organization_id = $1 and employee_id = $2 and starts_at < $4 and ends_at > $3 and $5::timestamptz is not null";

/// When visits really began and ended; one that is still under way lasts until now, and none longer than a day.
const VISITS: &str = "select v.started_at, least(coalesce(v.completed_at, $5), v.started_at + interval '24 hours')
     from gabinet_appointments v
     join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
     where v.organization_id = $1 and v.employee_id = $2 and a.status in ('in_progress', 'completed')
       and v.started_at < $4 and v.started_at > $3 - interval '24 hours'";

async fn stretches(tx: &mut Tx, question: &'static str, employee: EntityId, during: Interval, now: DateTime<Utc>) -> Result<Vec<Interval>> {
    let organization = tx.organization();
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(question)
        .bind(organization)
        .bind(employee)
        .bind(during.start)
        .bind(during.end)
        .bind(now)
        .fetch_all(tx.conn())
        .await?;
    Ok(union(rows.into_iter().filter_map(|(start, end)| Interval::new(start, end)).collect()))
}

/// What was clocked between two dates of UTC, the second exclusive.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn worked(tx: &mut Tx, employee: EntityId, from: NaiveDate, to: NaiveDate) -> Result<Vec<Worked>> {
    may_see(tx, employee).await?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, employee_id as employee, starts_at as start, ends_at as \"end\", note from gabinet_worked
         where organization_id = $1 and employee_id = $2 and ends_at > $3::date and starts_at < $4::date order by starts_at limit 1000",
    )
    .bind(organization)
    .bind(employee)
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

/// Writes down when somebody was there.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `duplicate` where some of it is written down.
pub async fn add_worked(tx: &mut Tx, employee: EntityId, new: &WorkedInput) -> Result<Worked> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(HOURS_WRITE)?;
    new.check()?;
    employees::get(tx, employee).await?;
    let worked = Worked { id: EntityId::new(), employee, start: new.start, end: new.end, note: new.note.trim().to_owned() };
    let organization = tx.organization();
    sqlx::query("insert into gabinet_worked (organization_id, id, employee_id, starts_at, ends_at, note) values ($1, $2, $3, $4, $5, $6)")
        .bind(organization)
        .bind(worked.id)
        .bind(employee)
        .bind(worked.start)
        .bind(worked.end)
        .bind(&worked.note)
        .execute(tx.conn())
        .await
        .on_constraint("gabinet_worked_once", || Error::conflict("duplicate", "Some of this time is written down already."))?;
    actions::record(tx, EntityRef::new("resource", employee), "worked_added", None, Some(json!(worked))).await?;
    Ok(worked)
}

/// Takes it back.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn delete_worked(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(HOURS_WRITE)?;
    let organization = tx.organization();
    let gone: Option<Worked> = sqlx::query_as(
        "delete from gabinet_worked where organization_id = $1 and id = $2
         returning id, employee_id as employee, starts_at as start, ends_at as \"end\", note",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let gone = gone.ok_or(Error::NotFound)?;
    actions::record(tx, EntityRef::new("resource", gone.employee), "worked_deleted", Some(json!(gone)), None).await
}
