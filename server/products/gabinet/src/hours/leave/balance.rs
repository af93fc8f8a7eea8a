//! How much leave has been taken, is planned, and remains.

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
    input::Input,
    locations, organizations,
    time::{self, Interval, ZoneWindow},
};
use serde_json::json;

use super::{Balance, EntitlementInput, Leave, LeaveKind, LeaveStatus, halves, sql};
use crate::{
    EMPLOYEES_READ, LEAVE_WRITE, PRODUCT, employees,
    hours::{self, Closure, WorkingHours, resolve},
    working_time::{minutes_within, open},
};

/// The balance of every kind in a year: of one's own leave, or of anybody's for who plans it.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn balances(tx: &mut Tx, employee: EntityId, year: i16) -> Result<Vec<Balance>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(EMPLOYEES_READ)?;
    let known = employees::get(tx, employee).await?;
    if !tx.can(LEAVE_WRITE) && !sql::is_ones_own(tx, employee).await? {
        return Err(Error::Denied(LEAVE_WRITE));
    }
    let (first, next) = year_of(year)?;
    let (zone_name, week_start) = match known.location {
        Some(location) => locations::get(tx, location).await.map(|place| (place.zone, place.week_start))?,
        None => (organizations::get(tx).await?.zone, 1),
    };
    let zone = ZoneWindow::of(time::zone(&zone_name)?, first, next);
    let organization = tx.organization();
    let entitled: Vec<(String, i32)> = sqlx::query_as(
        "select kind, half_days from gabinet_leave_entitlements where organization_id = $1 and employee_id = $2 and year = $3",
    )
    .bind(organization)
    .bind(employee)
    .bind(year)
    .fetch_all(tx.conn())
    .await?;
    let leave: Vec<Leave> = sqlx::query_as(
        "select id, employee_id as employee, kind, status, from_date, to_date, starts, ends, reason, note from gabinet_leave
         where organization_id = $1 and employee_id = $2 and from_date < $4 and to_date >= $3 and status in ('requested', 'approved')",
    )
    .bind(organization)
    .bind(employee)
    .bind(first)
    .bind(next)
    .fetch_all(tx.conn())
    .await?;
    let all = hours::all(tx, &[employee], known.location, first, next).await?;
    let (set, _) = all.employees.into_iter().next().map(|(_, known)| known).ok_or(Error::NotFound)?;
    let year_of_work = Year { employee, set: &set, closures: &all.closures, first, next, zone: &zone, week_start };
    let today = zone.date(tx.now());
    Ok(LeaveKind::ALL
        .into_iter()
        .map(|kind| {
            let entitled = entitled.iter().find(|(word, _)| word == kind.as_str()).map(|(_, half_days)| *half_days);
            let counted = |status, before: bool| {
                let of_kind = leave.iter().filter(|leave| leave.kind == kind && leave.status == status);
                of_kind
                    .map(|leave| year_of_work.half_days(leave, |date| status == LeaveStatus::Requested || (date < today) == before))
                    .sum()
            };
            let (taken, planned) = (counted(LeaveStatus::Approved, true), counted(LeaveStatus::Approved, false));
            let requested = counted(LeaveStatus::Requested, false);
            Balance { kind, year, entitled, taken, planned, requested, left: entitled.map(|half_days| half_days - taken - planned) }
        })
        .collect())
}

/// A year's first date and the next one's.
fn year_of(year: i16) -> Result<(NaiveDate, NaiveDate)> {
    let mut input = Input::new();
    input.check((1970..=2200).contains(&year), "year", "range", "The year must lie between 1970 and 2200.");
    input.finish()?;
    let date = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(|| Error::internal("a year without a first day"));
    Ok((date(i32::from(year))?, date(i32::from(year) + 1)?))
}

/// What is worked in a year but for leave.
struct Year<'a> {
    employee: EntityId,
    set: &'a WorkingHours,
    closures: &'a [Closure],
    first: NaiveDate,
    next: NaiveDate,
    zone: &'a ZoneWindow,
    week_start: i16,
}

impl Year<'_> {
    /// Half days that a leave takes of those of its dates that are counted.
    fn half_days(&self, leave: &Leave, counts: impl Fn(NaiveDate) -> bool) -> i32 {
        let (first, last) = (leave.from_date.max(self.first), leave.to_date.min(self.next.pred_opt().unwrap_or(self.next)));
        if first > last {
            return 0;
        }
        let end = last.succ_opt().unwrap_or(last);
        let resolved = |leave: &[Leave]| resolve(self.employee, self.set, leave, self.closures, first, end, self.zone, self.week_start);
        let approved = Leave { status: LeaveStatus::Approved, ..leave.clone() };
        let (without, with) = (open(&resolved(&[])), open(&resolved(&[approved])));
        first
            .iter_days()
            .take_while(|date| *date <= last)
            .filter(|date| counts(*date))
            .map(|date| {
                let day: Interval = self.zone.day(date);
                let working = minutes_within(&without, day);
                halves(working, working - minutes_within(&with, day))
            })
            .sum()
    }
}

/// Says how much leave of a kind somebody has in a year.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn set_entitlement(tx: &mut Tx, employee: EntityId, input: &EntitlementInput) -> Result<Vec<Balance>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    year_of(input.year)?;
    let mut faults = Input::new();
    faults.check(input.half_days.is_none_or(|half_days| (0..=732).contains(&half_days)), "half_days", "range", "Between 0 and 732.");
    faults.finish()?;
    employees::get(tx, employee).await?;
    let organization = tx.organization();
    match input.half_days {
        Some(half_days) => {
            sqlx::query(
                "insert into gabinet_leave_entitlements (organization_id, employee_id, year, kind, half_days) values ($1, $2, $3, $4, $5)
                 on conflict (organization_id, employee_id, year, kind) do update set half_days = excluded.half_days",
            )
            .bind(organization)
            .bind(employee)
            .bind(input.year)
            .bind(input.kind.as_str())
            .bind(half_days)
            .execute(tx.conn())
            .await?;
        }
        None => {
            sqlx::query(
                "delete from gabinet_leave_entitlements where organization_id = $1 and employee_id = $2 and year = $3 and kind = $4",
            )
            .bind(organization)
            .bind(employee)
            .bind(input.year)
            .bind(input.kind.as_str())
            .execute(tx.conn())
            .await?;
        }
    }
    actions::record(tx, EntityRef::new("resource", employee), "leave_entitled", None, Some(json!(input))).await?;
    balances(tx, employee, input.year).await
}
