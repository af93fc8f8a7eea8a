//! Closures in the database.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{Closure, ClosureInput, ImportClosures};
use crate::{EMPLOYEES_READ, LEAVE_WRITE, PRODUCT};

/// Closures from `from` on.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn closures(tx: &mut Tx, from: NaiveDate) -> Result<Vec<Closure>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(EMPLOYEES_READ)?;
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
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    let mut input = Input::new();
    input.year("on_date", &new.on_date);
    input.text("name", new.name.trim(), 0, 200);
    input.finish()?;
    insert(tx, new).await
}

async fn insert(tx: &mut Tx, new: &ClosureInput) -> Result<Closure> {
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

/// Takes a list of holidays over; what is added. Dates on which the place is closed already are left as they are, so
/// that taking a year over twice adds nothing.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn import(tx: &mut Tx, list: &ImportClosures) -> Result<Vec<Closure>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    let mut input = Input::new();
    input.check((1..=400).contains(&list.holidays.len()), "holidays", "length", "Between 1 and 400 dates.");
    for (place, holiday) in list.holidays.iter().enumerate() {
        input.year(&format!("holidays.{place}.date"), &holiday.date);
        input.text(&format!("holidays.{place}.name"), holiday.name.trim(), 0, 200);
    }
    input.finish()?;
    let organization = tx.organization();
    let mut closed: BTreeSet<NaiveDate> = sqlx::query_scalar(
        "select on_date from gabinet_closures
         where organization_id = $1 and (location_id is null or location_id = $2) and on_date = any ($3)",
    )
    .bind(organization)
    .bind(list.location)
    .bind(list.holidays.iter().map(|holiday| holiday.date).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .collect();
    let mut added = Vec::new();
    for holiday in &list.holidays {
        if closed.insert(holiday.date) {
            let new = ClosureInput { location: list.location, on_date: holiday.date, name: holiday.name.clone() };
            added.push(insert(tx, &new).await?);
        }
    }
    Ok(added)
}

/// Takes a closure back.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn delete_closure(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LEAVE_WRITE)?;
    let organization = tx.organization();
    let gone: Option<NaiveDate> =
        sqlx::query_scalar("delete from gabinet_closures where organization_id = $1 and id = $2 returning on_date")
            .bind(organization)
            .bind(id)
            .fetch_optional(tx.conn())
            .await?;
    let date = gone.ok_or(Error::NotFound)?;
    crate::waiting::freed_by_opening(tx, date).await?;
    actions::record(tx, EntityRef::new("organization", EntityId(organization.0)), "closure_deleted", Some(json!({ "id": id })), None).await
}
