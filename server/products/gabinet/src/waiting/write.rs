//! Who comes onto the list, what they wait for, and who goes from it.

use chrono::TimeDelta;
use platform::{
    Error, Result, Tx, actions,
    error::{Refusal, ResultExt},
    id::{EntityId, EntityRef},
    input::Input,
    locations,
};
use serde_json::json;
use sqlx::types::Json;

use super::{DeclineRequest, Waiting, WaitingInput, WaitingKind, job, offer, read};
use crate::{APPOINTMENTS_WRITE, PRODUCT, patients};

/// What has become free and is not offered yet is looked at for whoever has come onto the list, or waits for something else.
const SOON: TimeDelta = TimeDelta::seconds(1);

fn check(new: &WaitingInput) -> Result<()> {
    let mut input = Input::new();
    input.check((1..=20).contains(&new.treatments.len()), "treatments", "required", "Between 1 and 20 treatments.");
    input.check(new.staff.len() <= 50, "staff", "too_long", "At most 50 practitioners.");
    input.check(
        new.weekdays.len() <= 7 && new.weekdays.iter().all(|day| (1..=7).contains(day)),
        "weekdays",
        "range",
        "1 is Monday, 7 Sunday.",
    );
    let fit = |window: &super::DayWindow| 0 <= window.from && window.from < window.to && window.to <= 1440;
    input.check(new.windows.len() <= 10 && new.windows.iter().all(fit), "windows", "order", "The end must come after the start.");
    input.year("from_date", &new.from_date);
    input.year("to_date", &new.to_date);
    input.check(new.from_date <= new.to_date, "to_date", "order", "The end must come after the start.");
    input.check((0..=2).contains(&new.priority), "priority", "range", "Between 0 and 2.");
    input.text("note", &new.note, 0, 1_000);
    input.finish()
}

fn require(tx: &Tx) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)
}

/// Puts somebody on the list. With the id of one who is on it already it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (patient, location, treatment or practitioner), `Invalid`, `Conflict` of code
/// `duplicate` where the id is another record's.
pub async fn add(tx: &mut Tx, new: &WaitingInput) -> Result<Waiting> {
    require(tx)?;
    check(new)?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match read::get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let patient = patients::get(tx, new.patient).await?;
    locations::get(tx, new.location).await?;
    possible(tx, new, &[]).await?;
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    sqlx::query(
        "insert into gabinet_waiting (organization_id, id, patient_id, location_id, weekdays, windows, from_date, to_date, priority, note, user_id,
             created_at, updated_at, kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)",
    )
    .bind(organization)
    .bind(id)
    .bind(patient.id)
    .bind(new.location)
    .bind(&new.weekdays)
    .bind(Json(&new.windows))
    .bind(new.from_date)
    .bind(new.to_date)
    .bind(new.priority)
    .bind(&new.note)
    .bind(user)
    .bind(now)
    .bind(new.kind.as_str())
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_waiting_pkey", || Error::conflict("duplicate", "There is one of this id already."))?;
    write_choices(tx, id, new).await?;
    let told = json!({ "waiting": id, "from_date": new.from_date, "to_date": new.to_date, "priority": new.priority });
    let verb = if new.kind == WaitingKind::Request { "time_requested" } else { "waiting_added" };
    actions::record(tx, EntityRef::new("gabinet:patient", patient.id), verb, None, Some(told)).await?;
    job::look_later(tx, id, SOON).await?;
    read::get(tx, id).await
}

/// Refuses what could never be offered: a treatment that is no longer given, a group's, or only with those who do not give
/// it. What is known of an entry that is changed may stay on it, as long as something is left that can be offered.
async fn possible(tx: &mut Tx, new: &WaitingInput, known: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    let rows: Vec<(EntityId, bool, bool, bool)> = sqlx::query_as(
        "select t.id, t.active, t.seats > 1,
                cardinality($3::uuid[]) = 0 or exists (select from gabinet_qualifications q
                                                       where q.organization_id = $1 and q.treatment_id = t.id and q.employee_id = any ($3))
         from gabinet_treatments t where t.organization_id = $1 and t.id = any ($2)",
    )
    .bind(organization)
    .bind(&new.treatments)
    .bind(&new.staff)
    .fetch_all(tx.conn())
    .await?;
    // One that is not there is not found when it is written.
    if rows.is_empty() {
        return Ok(());
    }
    let none_left = !rows.iter().any(|(_, active, group, _)| *active && !*group);
    let refused = |id: &EntityId| none_left || !known.contains(id);
    let mut input = Input::new();
    let inactive = rows.iter().any(|(id, active, ..)| !*active && refused(id));
    input.check(!inactive, "treatments", "inactive", "This treatment is no longer offered.");
    let group = rows.iter().any(|(id, _, group, _)| *group && refused(id));
    input.check(!group, "treatments", "group", "A seat of a group is not held, so that it cannot be waited for.");
    let given = rows.iter().any(|(.., given)| *given);
    input.check(given, "staff", "unqualified", "None of them gives any of these treatments.");
    input.finish()
}

/// Asks for any time within a stretch: one who waits, and is answered.
///
/// # Errors
/// As [`add`].
pub async fn request(tx: &mut Tx, new: &WaitingInput) -> Result<Waiting> {
    add(tx, &WaitingInput { kind: WaitingKind::Request, ..new.clone() }).await
}

/// Changes what somebody waits for. Who it is, where and why stays.
///
/// # Errors
/// As [`add`]; `Conflict` of code `version` (R18).
pub async fn edit(tx: &mut Tx, id: EntityId, new: &WaitingInput) -> Result<Waiting> {
    require(tx)?;
    check(new)?;
    read::lock(tx, id).await?;
    let before = read::get(tx, id).await?;
    if before.version != new.version {
        let refusal =
            Refusal { current: Some(json!(before)), ..Refusal::new("version", "Somebody else has changed this in the meantime.") };
        return Err(refusal.into());
    }
    let known: Vec<EntityId> = before.treatments.iter().map(|one| one.id).collect();
    possible(tx, new, &known).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_waiting set weekdays = $3, windows = $4, from_date = $5, to_date = $6, priority = $7, note = $8, version = version + 1,
             updated_at = $9
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(&new.weekdays)
    .bind(Json(&new.windows))
    .bind(new.from_date)
    .bind(new.to_date)
    .bind(new.priority)
    .bind(&new.note)
    .bind(now)
    .execute(tx.conn())
    .await?;
    for table in [
        "delete from gabinet_waiting_treatments where organization_id = $1 and waiting_id = $2",
        "delete from gabinet_waiting_staff where organization_id = $1 and waiting_id = $2",
    ] {
        sqlx::query(table).bind(organization).bind(id).execute(tx.conn()).await?;
    }
    write_choices(tx, id, new).await?;
    let after = read::get(tx, id).await?;
    let (old, new) = (json!(before), json!(after));
    actions::record(tx, EntityRef::new("gabinet:patient", before.patient.id), "waiting_changed", Some(old), Some(new)).await?;
    job::look_later(tx, id, SOON).await?;
    Ok(after)
}

async fn write_choices(tx: &mut Tx, id: EntityId, new: &WaitingInput) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into gabinet_waiting_treatments (organization_id, waiting_id, treatment_id, place)
         select $1, $2, t.id, min(t.place) from unnest($3::uuid[]) with ordinality as t (id, place) group by t.id",
    )
    .bind(organization)
    .bind(id)
    .bind(&new.treatments)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_waiting_treatments_organization_id_treatment_id_fkey", || Error::NotFound)?;
    sqlx::query(
        "insert into gabinet_waiting_staff (organization_id, waiting_id, employee_id)
         select distinct $1::uuid, $2::uuid, s.id from unnest($3::uuid[]) as s (id)",
    )
    .bind(organization)
    .bind(id)
    .bind(&new.staff)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_waiting_staff_organization_id_employee_id_fkey", || Error::NotFound)?;
    Ok(())
}

/// Takes somebody from the list. A time that was offered to them is offered to the next.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn remove(tx: &mut Tx, id: EntityId) -> Result<()> {
    require(tx)?;
    read::lock(tx, id).await?;
    let before = read::get(tx, id).await?;
    close(tx, &before, "removed", "").await?;
    let told = json!({ "waiting": id });
    actions::record(tx, EntityRef::new("gabinet:patient", before.patient.id), "waiting_removed", Some(told), None).await
}

/// Answers a request by a refusal. A time that was offered meanwhile is offered to the next.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (also who only waits), `Invalid` (no reason).
pub async fn decline_request(tx: &mut Tx, id: EntityId, declined: &DeclineRequest) -> Result<()> {
    require(tx)?;
    let mut input = Input::new();
    input.text("reason", declined.reason.trim(), 1, 1_000);
    input.finish()?;
    read::lock(tx, id).await?;
    let before = read::get(tx, id).await?;
    if before.kind != WaitingKind::Request {
        return Err(Error::NotFound);
    }
    close(tx, &before, "declined", declined.reason.trim()).await?;
    let told = json!({ "waiting": id, "reason": declined.reason.trim() });
    actions::record(tx, EntityRef::new("gabinet:patient", before.patient.id), "request_declined", None, Some(told)).await
}

/// They wait no longer, and nothing is held for them.
async fn close(tx: &mut Tx, before: &Waiting, status: &str, reason: &str) -> Result<()> {
    if let Some(open) = &before.offer {
        offer::decline(tx, open.id).await?;
    }
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_waiting set status = $3, reason = $4, version = version + 1, updated_at = $5 where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(status)
    .bind(reason)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
