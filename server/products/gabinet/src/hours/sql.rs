//! Hours, leave and closures in the database.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef, LocationId},
    input::Input,
};
use serde_json::json;
use sqlx::types::Json;

use super::{Closure, ClosureInput, DateHours, Leave, LeaveInput, Weekly, WeeklyKind, WorkingHours};
use crate::{EMPLOYEES_READ, HOURS_WRITE, LEAVE_WRITE, PRODUCT, employees};

fn require(tx: &Tx, permission: platform::permission::Permission) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(permission)
}

/// The dates that PostgreSQL and everybody else can keep.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date");
const LAST: NaiveDate = NaiveDate::from_ymd_opt(2999, 12, 31).expect("a date");

/// What decides about the time of some resources over some dates.
pub struct Known {
    /// Hours and leave of those among them who are practitioners.
    pub employees: Vec<(EntityId, (WorkingHours, Vec<Leave>))>,
    pub closures: Vec<Closure>,
}

type WeeklyRow = (EntityId, i16, String, i16, i16, Option<NaiveDate>, Option<NaiveDate>);
type DateRow = (EntityId, NaiveDate, Option<i16>, Option<i16>);

/// All that decides, as one row.
#[derive(sqlx::FromRow)]
struct Sets {
    employees: Vec<EntityId>,
    weekly: Json<Vec<WeeklyRow>>,
    dates: Json<Vec<DateRow>>,
    leave: Json<Vec<Leave>>,
    closures: Json<Vec<Closure>>,
}

/// Reads it in one round trip, however many resources there are: every view of the calendar, every search and every
/// booking waits for it. The day before the first date is read too, for its night shift may reach into it.
///
/// # Errors
/// `Unavailable`.
pub async fn load(tx: &mut Tx, resources: &[EntityId], location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Known> {
    let organization = tx.organization();
    let first = from.pred_opt().unwrap_or(from);
    let read: Sets = sqlx::query_as(
        "select
             array(select id from gabinet_employees where organization_id = $1 and id = any ($2)) as employees,
             (select coalesce(json_agg(json_build_array(employee_id, weekday, kind, starts, ends, valid_from, valid_to)
                                       order by employee_id, weekday, starts), '[]')
              from gabinet_working_hours where organization_id = $1 and employee_id = any ($2)) as weekly,
             (select coalesce(json_agg(json_build_array(employee_id, on_date, starts, ends) order by employee_id, on_date, starts), '[]')
              from gabinet_date_hours
              where organization_id = $1 and employee_id = any ($2) and on_date >= $3 and on_date < $4) as dates,
             (select coalesce(json_agg(json_build_object('id', id, 'employee', employee_id, 'from_date', from_date,
                                                         'to_date', to_date, 'reason', reason) order by from_date), '[]')
              from gabinet_leave
              where organization_id = $1 and employee_id = any ($2) and from_date < $4 and to_date >= $3) as leave,
             (select coalesce(json_agg(json_build_object('id', id, 'location', location_id, 'on_date', on_date, 'name', name)), '[]')
              from gabinet_closures
              where organization_id = $1 and (location_id is null or location_id = $5) and on_date >= $3 and on_date < $4) as closures",
    )
    .bind(organization)
    .bind(resources)
    .bind(first)
    .bind(to)
    .bind(location)
    .fetch_one(tx.conn())
    .await?;
    let mut sets: BTreeMap<EntityId, (WorkingHours, Vec<Leave>)> =
        read.employees.into_iter().map(|id| (id, (WorkingHours::default(), Vec::new()))).collect();
    for (employee, weekday, kind, starts, ends, valid_from, valid_to) in read.weekly.0 {
        let kind = if kind == "break" { WeeklyKind::Break } else { WeeklyKind::Window };
        if let Some((set, _)) = sets.get_mut(&employee) {
            set.weekly.push(Weekly { weekday, kind, starts, ends, valid_from, valid_to });
        }
    }
    for (employee, date, starts, ends) in read.dates.0 {
        let Some((set, _)) = sets.get_mut(&employee) else { continue };
        if set.dates.last().is_none_or(|last| last.date != date) {
            set.dates.push(DateHours { date, windows: Vec::new() });
        }
        if let (Some(window), Some(last)) = (starts.zip(ends), set.dates.last_mut()) {
            last.windows.push(window);
        }
    }
    for leave in read.leave.0 {
        if let Some((_, list)) = sets.get_mut(&leave.employee) {
            list.push(leave);
        }
    }
    Ok(Known { employees: sets.into_iter().collect(), closures: read.closures.0 })
}

/// A practitioner's hours as they are set, all dated overrides included.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, employee: EntityId) -> Result<WorkingHours> {
    let known = employees::get(tx, employee).await?;
    let location = known.location.unwrap_or(LocationId(uuid::Uuid::nil()));
    let all = load(tx, &[employee], location, FIRST, LAST).await;
    let found: HashMap<EntityId, (WorkingHours, Vec<Leave>)> = all?.employees.into_iter().collect();
    found.into_iter().next().map(|(_, (set, _))| set).ok_or(Error::NotFound)
}

/// Sets a practitioner's hours, replacing what was set before. Visits already booked stay where they are.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn set(tx: &mut Tx, employee: EntityId, hours: &WorkingHours) -> Result<WorkingHours> {
    require(tx, HOURS_WRITE)?;
    hours.check()?;
    let before = get(tx, employee).await?;
    let organization = tx.organization();
    sqlx::query("delete from gabinet_working_hours where organization_id = $1 and employee_id = $2")
        .bind(organization)
        .bind(employee)
        .execute(tx.conn())
        .await?;
    sqlx::query("delete from gabinet_date_hours where organization_id = $1 and employee_id = $2")
        .bind(organization)
        .bind(employee)
        .execute(tx.conn())
        .await?;
    let ids: Vec<EntityId> = hours.weekly.iter().map(|_| EntityId::new()).collect();
    sqlx::query(
        "insert into gabinet_working_hours (organization_id, id, employee_id, weekday, kind, starts, ends, valid_from, valid_to)
         select $1, w.id, $2, w.weekday, w.kind, w.starts, w.ends, w.valid_from, w.valid_to
         from unnest($3::uuid[], $4::smallint[], $5::text[], $6::smallint[], $7::smallint[], $8::date[], $9::date[])
             as w (id, weekday, kind, starts, ends, valid_from, valid_to)",
    )
    .bind(organization)
    .bind(employee)
    .bind(ids)
    .bind(hours.weekly.iter().map(|w| w.weekday).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.kind.as_str()).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.starts).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.ends).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.valid_from).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.valid_to).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    for date in &hours.dates {
        insert_date(tx, employee, date).await?;
    }
    let after = get(tx, employee).await?;
    actions::record(tx, EntityRef::new("resource", employee), "hours_set", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}

/// Sets the hours of one date, replacing those it had.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn set_date(tx: &mut Tx, employee: EntityId, date: &DateHours) -> Result<()> {
    require(tx, HOURS_WRITE)?;
    WorkingHours { weekly: Vec::new(), dates: vec![date.clone()] }.check()?;
    employees::get(tx, employee).await?;
    let organization = tx.organization();
    sqlx::query("delete from gabinet_date_hours where organization_id = $1 and employee_id = $2 and on_date = $3")
        .bind(organization)
        .bind(employee)
        .bind(date.date)
        .execute(tx.conn())
        .await?;
    insert_date(tx, employee, date).await?;
    actions::record(tx, EntityRef::new("resource", employee), "hours_set", None, Some(json!(date))).await
}

async fn insert_date(tx: &mut Tx, employee: EntityId, date: &DateHours) -> Result<()> {
    let organization = tx.organization();
    // A closed date is one row without times.
    let rows: Vec<(Option<i16>, Option<i16>)> =
        if date.windows.is_empty() { vec![(None, None)] } else { date.windows.iter().map(|(a, b)| (Some(*a), Some(*b))).collect() };
    for (starts, ends) in rows {
        sqlx::query(
            "insert into gabinet_date_hours (organization_id, id, employee_id, on_date, starts, ends) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(organization)
        .bind(EntityId::new())
        .bind(employee)
        .bind(date.date)
        .bind(starts)
        .bind(ends)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Leave of one practitioner, or of all, that has not ended before `from`.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn leave(tx: &mut Tx, employee: Option<EntityId>, from: NaiveDate) -> Result<Vec<Leave>> {
    require(tx, EMPLOYEES_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, employee_id as employee, from_date, to_date, reason from gabinet_leave
         where organization_id = $1 and ($2::uuid is null or employee_id = $2) and to_date >= $3 order by from_date, id limit 1000",
    )
    .bind(organization)
    .bind(employee)
    .bind(from)
    .fetch_all(tx.conn())
    .await?)
}

/// Books leave. Visits already booked stay where they are; the calendar shows them.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn add_leave(tx: &mut Tx, employee: EntityId, new: &LeaveInput) -> Result<Leave> {
    require(tx, LEAVE_WRITE)?;
    let mut input = Input::new();
    input.year("from_date", &new.from_date);
    input.year("to_date", &new.to_date);
    input.check(new.from_date <= new.to_date, "to_date", "order", "The end must come after the start.");
    input.check((new.to_date - new.from_date).num_days() <= 400, "to_date", "range", "At most 400 days.");
    input.text("reason", new.reason.trim(), 0, 200);
    input.finish()?;
    employees::get(tx, employee).await?;
    let (organization, id) = (tx.organization(), EntityId::new());
    sqlx::query("insert into gabinet_leave (organization_id, id, employee_id, from_date, to_date, reason) values ($1, $2, $3, $4, $5, $6)")
        .bind(organization)
        .bind(id)
        .bind(employee)
        .bind(new.from_date)
        .bind(new.to_date)
        .bind(new.reason.trim())
        .execute(tx.conn())
        .await?;
    let leave = Leave { id, employee, from_date: new.from_date, to_date: new.to_date, reason: new.reason.trim().to_owned() };
    actions::record(tx, EntityRef::new("resource", employee), "leave_added", None, Some(json!(leave))).await?;
    Ok(leave)
}

/// Takes a leave back.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn delete_leave(tx: &mut Tx, id: EntityId) -> Result<()> {
    require(tx, LEAVE_WRITE)?;
    let organization = tx.organization();
    let gone: Option<Leave> = sqlx::query_as(
        "delete from gabinet_leave where organization_id = $1 and id = $2 returning id, employee_id as employee, from_date, to_date, reason",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let gone = gone.ok_or(Error::NotFound)?;
    actions::record(tx, EntityRef::new("resource", gone.employee), "leave_deleted", Some(json!(gone)), None).await
}

/// Closures from `from` on.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn closures(tx: &mut Tx, from: NaiveDate) -> Result<Vec<Closure>> {
    require(tx, EMPLOYEES_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, location_id as location, on_date, name from gabinet_closures
         where organization_id = $1 and on_date >= $2 order by on_date, id limit 1000",
    )
    .bind(organization)
    .bind(from)
    .fetch_all(tx.conn())
    .await?)
}

/// Closes a location, or all of them, for a day.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn add_closure(tx: &mut Tx, new: &ClosureInput) -> Result<Closure> {
    require(tx, LEAVE_WRITE)?;
    let mut input = Input::new();
    input.year("on_date", &new.on_date);
    input.text("name", new.name.trim(), 0, 200);
    input.finish()?;
    let (organization, id) = (tx.organization(), EntityId::new());
    sqlx::query("insert into gabinet_closures (organization_id, id, location_id, on_date, name) values ($1, $2, $3, $4, $5)")
        .bind(organization)
        .bind(id)
        .bind(new.location)
        .bind(new.on_date)
        .bind(new.name.trim())
        .execute(tx.conn())
        .await
        .on_constraint("gabinet_closures_organization_id_location_id_fkey", || {
            Error::invalid("location", "unknown", "There is no such location.")
        })?;
    let closure = Closure { id, location: new.location, on_date: new.on_date, name: new.name.trim().to_owned() };
    actions::record(tx, EntityRef::new("organization", EntityId(organization.0)), "closure_added", None, Some(json!(closure))).await?;
    Ok(closure)
}

/// Takes a closure back.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn delete_closure(tx: &mut Tx, id: EntityId) -> Result<()> {
    require(tx, LEAVE_WRITE)?;
    let organization = tx.organization();
    let gone = sqlx::query("delete from gabinet_closures where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    if gone.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    actions::record(tx, EntityRef::new("organization", EntityId(organization.0)), "closure_deleted", Some(json!({ "id": id })), None).await
}
