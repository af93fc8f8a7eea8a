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

use super::{Waiting, WaitingInput, job, offer, read};
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
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    sqlx::query(
        "insert into gabinet_waiting (organization_id, id, patient_id, location_id, weekdays, windows, from_date, to_date, priority, note, user_id,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
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
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_waiting_pkey", || Error::conflict("duplicate", "There is one of this id already."))?;
    write_choices(tx, id, new).await?;
    let told = json!({ "waiting": id, "from_date": new.from_date, "to_date": new.to_date, "priority": new.priority });
    actions::record(tx, EntityRef::new("gabinet:patient", patient.id), "waiting_added", None, Some(told)).await?;
    job::look_later(tx, id, SOON).await?;
    read::get(tx, id).await
}

/// Changes what somebody waits for. Who it is and where stays.
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
    if let Some(open) = &before.offer {
        offer::decline(tx, open.id).await?;
    }
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_waiting set status = 'removed', version = version + 1, updated_at = $3 where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let told = json!({ "waiting": id });
    actions::record(tx, EntityRef::new("gabinet:patient", before.patient.id), "waiting_removed", Some(told), None).await
}
