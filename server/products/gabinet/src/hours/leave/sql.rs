//! Leave in the database.

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx, actions,
    error::Refusal,
    id::{EntityId, EntityRef, UserId},
};
use serde_json::json;

use super::{Decision, Leave, LeaveInput, LeaveStatus};
use crate::{EMPLOYEES_READ, LEAVE_REQUEST, LEAVE_WRITE, PRODUCT, employees};

/// Whether somebody plans leave, or is the practitioner whose leave it is.
pub(super) async fn is_ones_own(tx: &mut Tx, employee: EntityId) -> Result<bool> {
    let (organization, user) = (tx.organization(), tx.user());
    Ok(sqlx::query_scalar("select exists (select 1 from resources where organization_id = $1 and id = $2 and user_id = $3)")
        .bind(organization)
        .bind(employee)
        .bind(user)
        .fetch_one(tx.conn())
        .await?)
}

/// Leave of one practitioner, or of all, that has not ended before `from`, whatever was decided about it; what was taken
/// back is left out. Who neither plans leave nor takes it does not learn of whose sickness it tells.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn leave(tx: &mut Tx, employee: Option<EntityId>, from: NaiveDate) -> Result<Vec<Leave>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(EMPLOYEES_READ)?;
    let organization = tx.organization();
    let found: Vec<Leave> = sqlx::query_as(
        "select id, employee_id as employee, kind, status, from_date, to_date, starts, ends, reason, note from gabinet_leave
         where organization_id = $1 and ($2::uuid is null or employee_id = $2) and to_date >= $3 and status <> 'cancelled'
         order by from_date, id limit 1000",
    )
    .bind(organization)
    .bind(employee)
    .bind(from)
    .fetch_all(tx.conn())
    .await?;
    if tx.can(LEAVE_WRITE) {
        return Ok(found);
    }
    let user = tx.user();
    let own: Vec<EntityId> = sqlx::query_scalar("select id from resources where organization_id = $1 and user_id = $2")
        .bind(organization)
        .bind::<UserId>(user)
        .fetch_all(tx.conn())
        .await?;
    Ok(found.into_iter().map(|leave| if own.contains(&leave.employee) { leave } else { leave.veiled() }).collect())
}

/// Books leave that needs nobody's approval any more. Visits already booked stay where they are; the calendar shows them.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`.
pub async fn add_leave(tx: &mut Tx, employee: EntityId, new: &LeaveInput) -> Result<Leave> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    new.check()?;
    employees::get(tx, employee).await?;
    let leave = insert(tx, &Leave::of(EntityId::new(), employee, LeaveStatus::Approved, new)).await?;
    actions::record(tx, EntityRef::new("resource", employee), "leave_added", None, Some(json!(leave))).await?;
    Ok(leave)
}

/// Asks for leave: of one's own, or of anybody for who plans it.
///
/// # Errors
/// `NotSubscribed`, `Denied` (somebody else's), `NotFound`, `Invalid`, `Conflict` of code `duplicate` where some of the
/// dates are asked for or approved already.
pub async fn request_leave(tx: &mut Tx, employee: EntityId, new: &LeaveInput) -> Result<Leave> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_REQUEST)?;
    new.check()?;
    employees::get(tx, employee).await?;
    if !tx.can(LEAVE_WRITE) && !is_ones_own(tx, employee).await? {
        return Err(Error::Denied(LEAVE_WRITE));
    }
    let organization = tx.organization();
    // Two requests at once for the same dates take turns at the practitioner's row.
    sqlx::query("select 1 from gabinet_employees where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(employee)
        .execute(tx.conn())
        .await?;
    let known: bool = sqlx::query_scalar(
        "select exists (select 1 from gabinet_leave
                        where organization_id = $1 and employee_id = $2 and from_date <= $4 and to_date >= $3
                          and status in ('requested', 'approved')
                          and ($5::smallint is null or starts is null or (starts < $6 and ends > $5)))",
    )
    .bind(organization)
    .bind(employee)
    .bind(new.from_date)
    .bind(new.to_date)
    .bind(new.starts)
    .bind(new.ends)
    .fetch_one(tx.conn())
    .await?;
    if known {
        return Err(Error::conflict("duplicate", "There is leave on some of these dates already."));
    }
    let leave = insert(tx, &Leave::of(EntityId::new(), employee, LeaveStatus::Requested, new)).await?;
    actions::record(tx, EntityRef::new("resource", employee), "leave_requested", None, Some(json!(leave))).await?;
    Ok(leave)
}

async fn insert(tx: &mut Tx, leave: &Leave) -> Result<Leave> {
    let organization = tx.organization();
    sqlx::query(
        "insert into gabinet_leave (organization_id, id, employee_id, kind, status, from_date, to_date, starts, ends, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(organization)
    .bind(leave.id)
    .bind(leave.employee)
    .bind(leave.kind.as_str())
    .bind(leave.status.as_str())
    .bind(leave.from_date)
    .bind(leave.to_date)
    .bind(leave.starts)
    .bind(leave.ends)
    .bind(&leave.reason)
    .execute(tx.conn())
    .await?;
    Ok(leave.clone())
}

/// Answers a request. It is answered once.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `transition` where it has been answered.
pub async fn decide(tx: &mut Tx, id: EntityId, decision: &Decision) -> Result<Leave> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    let mut input = platform::input::Input::new();
    input.text("note", decision.note.trim(), 0, 200);
    input.finish()?;
    let (to, verb) = if decision.approve { (LeaveStatus::Approved, "leave_approved") } else { (LeaveStatus::Declined, "leave_declined") };
    let before = locked(tx, id).await?;
    if before.status != LeaveStatus::Requested {
        return Err(decided(&before));
    }
    turn(tx, before, to, Some(decision.note.trim()), verb).await
}

/// Takes a request of one's own back before it is answered; who plans leave takes any back, at any time.
///
/// # Errors
/// `NotSubscribed`, `Denied` (somebody else's), `NotFound`, `Conflict` of code `transition` where it has been answered.
pub async fn cancel(tx: &mut Tx, id: EntityId) -> Result<Leave> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_REQUEST)?;
    let before = locked(tx, id).await?;
    if !tx.can(LEAVE_WRITE) {
        if !is_ones_own(tx, before.employee).await? {
            return Err(Error::Denied(LEAVE_WRITE));
        }
        if before.status != LeaveStatus::Requested {
            return Err(decided(&before));
        }
    }
    turn(tx, before, LeaveStatus::Cancelled, None, "leave_cancelled").await
}

/// Takes a leave back. The log keeps it, and so does its row.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn delete_leave(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    let before = locked(tx, id).await?;
    turn(tx, before, LeaveStatus::Cancelled, None, "leave_deleted").await?;
    Ok(())
}

/// A leave that is to change; one that was taken back is no longer there.
async fn locked(tx: &mut Tx, id: EntityId) -> Result<Leave> {
    let organization = tx.organization();
    sqlx::query_as(
        "select id, employee_id as employee, kind, status, from_date, to_date, starts, ends, reason, note from gabinet_leave
         where organization_id = $1 and id = $2 and status <> 'cancelled' for update",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)
}

fn decided(now: &Leave) -> Error {
    Refusal { current: Some(json!(now)), ..Refusal::new("transition", "This request has been answered.") }.into()
}

async fn turn(tx: &mut Tx, before: Leave, to: LeaveStatus, note: Option<&str>, verb: &str) -> Result<Leave> {
    let organization = tx.organization();
    let after = Leave { status: to, note: note.unwrap_or(&before.note).to_owned(), ..before.clone() };
    sqlx::query("update gabinet_leave set status = $3, note = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(after.id)
        .bind(after.status.as_str())
        .bind(&after.note)
        .execute(tx.conn())
        .await?;
    actions::record(tx, EntityRef::new("resource", after.employee), verb, Some(json!(before)), Some(json!(after))).await?;
    if before.status == LeaveStatus::Approved && after.status == LeaveStatus::Cancelled {
        crate::waiting::freed_dates(tx, &[after.employee], (after.from_date, after.to_date)).await?;
    }
    Ok(after)
}
