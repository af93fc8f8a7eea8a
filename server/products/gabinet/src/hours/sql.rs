//! Hours in the database, with what leave and closures take of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef, LocationId, OrganizationId},
};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{Closure, DateHours, Leave, VersionedHours, Weekly, WeeklyKind, WorkingHours};
use crate::{HOURS_WRITE, PRODUCT, employees, version::changed_meanwhile};

fn require(tx: &Tx, permission: platform::permission::Permission) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(permission)
}

/// The first of the dates that PostgreSQL and everybody else can keep.
pub(crate) const FIRST: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date");
/// The last of them.
pub(crate) const LAST: NaiveDate = NaiveDate::from_ymd_opt(2999, 12, 31).expect("a date");

/// What decides about the time of some resources over some dates.
pub struct Known {
    /// Hours and approved leave of those among them who are practitioners.
    pub employees: Vec<(EntityId, (WorkingHours, Vec<Leave>))>,
    pub closures: Vec<Closure>,
    /// ISO weekday on which the location's weeks begin.
    pub week_start: i16,
}

type WeeklyRow = (EntityId, i16, WeeklyKind, i16, i16, Option<NaiveDate>, Option<NaiveDate>, i16, Option<NaiveDate>, Option<LocationId>);
type DateRow = (EntityId, NaiveDate, Option<i16>, Option<i16>, Option<LocationId>);

/// Which hours are meant.
#[derive(Clone, Copy)]
enum At {
    /// Those at a place: what holds elsewhere only is left out.
    Place(LocationId),
    /// Those at all places; closures are those of the place, if there is one.
    Everywhere(Option<LocationId>),
}

/// All that decides, as one row.
#[derive(sqlx::FromRow)]
struct Sets {
    employees: Vec<EntityId>,
    weekly: Json<Vec<WeeklyRow>>,
    dates: Json<Vec<DateRow>>,
    leave: Json<Vec<Leave>>,
    closures: Json<Vec<Closure>>,
    week_start: i16,
}

/// Reads it in one round trip, however many resources there are: every view of the calendar, every search and every
/// booking waits for it. The day before the first date is read too, for its night shift may reach into it.
///
/// # Errors
/// `Unavailable`.
pub async fn load(tx: &mut Tx, resources: &[EntityId], location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Known> {
    read(tx, resources, At::Place(location), from, to).await
}

/// As [`load`], for hours at all places, with the closures of one of them.
///
/// # Errors
/// `Unavailable`.
pub(crate) async fn all(
    tx: &mut Tx,
    resources: &[EntityId],
    closures_of: Option<LocationId>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Known> {
    read(tx, resources, At::Everywhere(closures_of), from, to).await
}

async fn read(tx: &mut Tx, resources: &[EntityId], at: At, from: NaiveDate, to: NaiveDate) -> Result<Known> {
    let (everywhere, location) = match at {
        At::Place(location) => (false, Some(location)),
        At::Everywhere(location) => (true, location),
    };
    let organization = tx.organization();
    let first = from.pred_opt().unwrap_or(from);
    let found = sets(tx.conn(), organization, resources, (first, to), location, everywhere).await?;
    let mut sets: BTreeMap<EntityId, (WorkingHours, Vec<Leave>)> =
        found.employees.into_iter().map(|id| (id, (WorkingHours::default(), Vec::new()))).collect();
    for (employee, weekday, kind, starts, ends, valid_from, valid_to, every_weeks, anchor, location) in found.weekly.0 {
        if let Some((set, _)) = sets.get_mut(&employee) {
            set.weekly.push(Weekly { weekday, kind, starts, ends, valid_from, valid_to, every_weeks, anchor, location });
        }
    }
    for (employee, date, starts, ends, place) in found.dates.0 {
        let Some((set, _)) = sets.get_mut(&employee) else { continue };
        if set.dates.last().is_none_or(|last| (last.date, last.location) != (date, place)) {
            set.dates.push(DateHours { date, windows: Vec::new(), location: place });
        }
        // Somebody who is elsewhere on that date is not here.
        let here = everywhere || place.is_none() || place == location;
        if let (Some(window), Some(last), true) = (starts.zip(ends), set.dates.last_mut(), here) {
            last.windows.push(window);
        }
    }
    for leave in found.leave.0 {
        if let Some((_, list)) = sets.get_mut(&leave.employee) {
            list.push(leave);
        }
    }
    Ok(Known { employees: sets.into_iter().collect(), closures: found.closures.0, week_start: found.week_start })
}

/// As one row what holds on dates until before the second.
async fn sets(
    connection: &mut PgConnection,
    organization: OrganizationId,
    resources: &[EntityId],
    (first, to): (NaiveDate, NaiveDate),
    location: Option<LocationId>,
    everywhere: bool,
) -> sqlx::Result<Sets> {
    sqlx::query_as(
        "select
             array(select id from gabinet_employees where organization_id = $1 and id = any ($2)) as employees,
             (select coalesce(json_agg(json_build_array(employee_id, weekday, kind, starts, ends, valid_from, valid_to,
                                                        every_weeks, anchor, location_id)
                                       order by employee_id, weekday, starts, id), '[]')
              from gabinet_working_hours
              where organization_id = $1 and employee_id = any ($2) and ($6 or location_id is null or location_id = $5)) as weekly,
             (select coalesce(json_agg(json_build_array(employee_id, on_date, starts, ends, location_id)
                                       order by employee_id, on_date, location_id, starts), '[]')
              from gabinet_date_hours
              where organization_id = $1 and employee_id = any ($2) and on_date >= $3 and on_date < $4) as dates,
             (select coalesce(json_agg(json_build_object('id', id, 'employee', employee_id, 'kind', kind, 'status', status,
                                                         'from_date', from_date, 'to_date', to_date, 'starts', starts, 'ends', ends,
                                                         'reason', reason, 'note', '') order by from_date, id), '[]')
              from gabinet_leave
              where organization_id = $1 and employee_id = any ($2) and from_date < $4 and to_date >= $3
                and status = 'approved') as leave,
             (select coalesce(json_agg(json_build_object('id', id, 'location', location_id, 'on_date', on_date, 'name', name)), '[]')
              from gabinet_closures
              where organization_id = $1 and (location_id is null or location_id = $5) and on_date >= $3 and on_date < $4) as closures,
             coalesce((select week_start from locations where organization_id = $1 and id = $5), 1::smallint) as week_start",
    )
    .bind(organization)
    .bind(resources)
    .bind(first)
    .bind(to)
    .bind(location)
    .bind(everywhere)
    .fetch_one(connection)
    .await
}

/// Asks about nobody, so that the connection knows how ([`platform::database::Warm`]).
pub(crate) async fn warm(connection: &mut PgConnection) -> sqlx::Result<()> {
    let today = NaiveDate::default();
    sets(connection, OrganizationId(Uuid::nil()), &[], (today, today), Some(LocationId(Uuid::nil())), false).await?;
    Ok(())
}

/// A practitioner's hours as they are set, all dated overrides included.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, employee: EntityId) -> Result<WorkingHours> {
    employees::get(tx, employee).await?;
    let known = all(tx, &[employee], None, FIRST, LAST).await?;
    known.employees.into_iter().next().map(|(_, (set, _))| set).ok_or(Error::NotFound)
}

/// As [`get`], with the version that a change must name.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn versioned(tx: &mut Tx, employee: EntityId) -> Result<VersionedHours> {
    // The version first: hours that are newer than it only make a change be refused.
    let version = version(tx, employee, false).await;
    let hours = get(tx, employee).await?;
    Ok(hours.versioned(version?))
}

async fn version(tx: &mut Tx, employee: EntityId, lock: bool) -> Result<i32> {
    let organization = tx.organization();
    let query = match lock {
        true => "select hours_version from gabinet_employees where organization_id = $1 and id = $2 for update",
        false => "select hours_version from gabinet_employees where organization_id = $1 and id = $2",
    };
    let version: Option<i32> = sqlx::query_scalar(query).bind(organization).bind(employee).fetch_optional(tx.conn()).await?;
    version.ok_or(Error::NotFound)
}

/// As [`set`] for hours that were read before; the version must be the present one (R18).
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn change(tx: &mut Tx, employee: EntityId, input: &VersionedHours) -> Result<VersionedHours> {
    require(tx, HOURS_WRITE)?;
    employees::get(tx, employee).await?;
    let hours = input.clone().hours();
    // What can be told without the hours that stand is told first.
    hours.check()?;
    let present = version(tx, employee, true).await?;
    if present != input.version {
        let now = get(tx, employee).await?.versioned(present);
        return Err(changed_meanwhile(tx, employee, "hours", &now, "Somebody else has changed these hours in the meantime.").await?);
    }
    set(tx, employee, &hours).await?;
    versioned(tx, employee).await
}

/// Sets a practitioner's hours, replacing what was set before. Visits already booked stay where they are.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn set(tx: &mut Tx, employee: EntityId, hours: &WorkingHours) -> Result<WorkingHours> {
    require(tx, HOURS_WRITE)?;
    hours.check()?;
    let before = get(tx, employee).await?;
    put(tx, employee, hours).await?;
    let after = get(tx, employee).await?;
    actions::record(tx, EntityRef::new("resource", employee), "hours_set", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}

/// Writes hours in place of what was there, for a caller who has checked and records it.
///
/// # Errors
/// `Invalid`: a place that does not exist, or another than the one place of this practitioner.
pub(crate) async fn put(tx: &mut Tx, employee: EntityId, hours: &WorkingHours) -> Result<()> {
    let own = employees::get(tx, employee).await?.location;
    let places = hours.weekly.iter().map(|weekly| weekly.location).chain(hours.dates.iter().map(|date| date.location));
    if let Some(own) = own
        && places.flatten().any(|place| place != own)
    {
        let message = "Somebody who works in several places has no place of their own: leave it open first.";
        return Err(Error::invalid("weekly", "location", message));
    }
    let organization = tx.organization();
    sqlx::query("update gabinet_employees set hours_version = hours_version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(employee)
        .execute(tx.conn())
        .await?;
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
        "insert into gabinet_working_hours (organization_id, id, employee_id, weekday, kind, starts, ends, valid_from, valid_to,
             every_weeks, anchor, location_id)
         select $1, w.id, $2, w.weekday, w.kind, w.starts, w.ends, w.valid_from, w.valid_to, w.every_weeks, w.anchor, w.location_id
         from unnest($3::uuid[], $4::smallint[], $5::text[], $6::smallint[], $7::smallint[], $8::date[], $9::date[], $10::smallint[],
             $11::date[], $12::uuid[])
             as w (id, weekday, kind, starts, ends, valid_from, valid_to, every_weeks, anchor, location_id)",
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
    .bind(hours.weekly.iter().map(|w| w.every_weeks).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.anchor).collect::<Vec<_>>())
    .bind(hours.weekly.iter().map(|w| w.location).collect::<Vec<_>>())
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_working_hours_location_fkey", || unknown_place("weekly"))?;
    insert_dates(tx, employee, &hours.dates).await?;
    let today = tx.now().date_naive();
    crate::waiting::freed_by_hours(tx, &[employee], today).await
}

fn unknown_place(field: &str) -> Error {
    Error::invalid(field, "unknown", "There is no such location.")
}

/// Sets the hours of one date, replacing all it had, wherever.
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
    insert_dates(tx, employee, std::slice::from_ref(date)).await?;
    sqlx::query("update gabinet_employees set hours_version = hours_version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(employee)
        .execute(tx.conn())
        .await?;
    crate::waiting::freed_dates(tx, &[employee], (date.date, date.date)).await?;
    actions::record(tx, EntityRef::new("resource", employee), "hours_set", None, Some(json!(date))).await
}

async fn insert_dates(tx: &mut Tx, employee: EntityId, dates: &[DateHours]) -> Result<()> {
    type Row = (NaiveDate, Option<(i16, i16)>, Option<LocationId>);
    let organization = tx.organization();
    // A closed date is one row without times.
    let rows: Vec<Row> = dates
        .iter()
        .flat_map(|date| {
            let windows: Vec<Option<(i16, i16)>> =
                if date.windows.is_empty() { vec![None] } else { date.windows.iter().copied().map(Some).collect() };
            windows.into_iter().map(|window| (date.date, window, date.location))
        })
        .collect();
    sqlx::query(
        "insert into gabinet_date_hours (organization_id, id, employee_id, on_date, starts, ends, location_id)
         select $1, d.id, $2, d.on_date, d.starts, d.ends, d.location_id
         from unnest($3::uuid[], $4::date[], $5::smallint[], $6::smallint[], $7::uuid[]) as d (id, on_date, starts, ends, location_id)",
    )
    .bind(organization)
    .bind(employee)
    .bind(rows.iter().map(|_| EntityId::new()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(date, ..)| *date).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, window, _)| window.map(|(starts, _)| starts)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, window, _)| window.map(|(_, ends)| ends)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., place)| *place).collect::<Vec<_>>())
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_date_hours_location_fkey", || unknown_place("dates"))?;
    Ok(())
}
