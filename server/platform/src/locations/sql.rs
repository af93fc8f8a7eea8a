//! Locations in the database.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Location, LocationDetails};
use crate::actions;
use crate::error::{Error, Result};
use crate::id::{LocationId, OrganizationId};
use crate::organizations;
use crate::permission::Permission;
use crate::time;
use crate::tx::Tx;

/// All locations by name; any member may know them. At most 500.
pub async fn list(tx: &mut Tx) -> Result<Vec<Location>> {
    let organization = tx.organization();
    let found: Vec<Location> = sqlx::query_as(
        "select id, name, address, zone, week_start, active, version from locations
         where organization_id = $1 order by name, id limit 500",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?;
    // Most who ask for all ask for one of them next.
    for location in &found {
        tx.keep_location(location.clone());
    }
    Ok(found)
}

/// One location; any member may know it.
pub async fn get(tx: &mut Tx, id: LocationId) -> Result<Location> {
    if let Some(known) = tx.location(id) {
        return Ok(known);
    }
    let organization = tx.organization();
    let found = row(tx.conn(), organization, id).await?.ok_or(Error::NotFound)?;
    tx.keep_location(found.clone());
    Ok(found)
}

async fn row(connection: &mut PgConnection, organization: OrganizationId, id: LocationId) -> sqlx::Result<Option<Location>> {
    sqlx::query_as("select id, name, address, zone, week_start, active, version from locations where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Asks about nothing, so that the connection knows how ([`crate::database::Warm`]).
pub(crate) async fn warm(connection: &mut PgConnection) -> sqlx::Result<()> {
    row(connection, OrganizationId(Uuid::nil()), LocationId(Uuid::nil())).await?;
    Ok(())
}

/// A new location.
pub async fn insert(tx: &mut Tx, details: &LocationDetails) -> Result<Location> {
    tx.require(Permission::ORGANIZATION_WRITE)?;
    check(details)?;
    let (organization, now, id) = (tx.organization(), tx.now(), LocationId::new());
    sqlx::query(
        "insert into locations (organization_id, id, name, address, zone, week_start, active, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(details.name.trim())
    .bind(details.address.trim())
    .bind(&details.zone)
    .bind(details.week_start)
    .bind(details.active)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let made = get(tx, id).await?;
    organizations::record(tx, "location_created", None, Some(json!(made))).await?;
    Ok(made)
}

/// Changes a location; the version must be the present one (R18). Bookings keep the zone they were made in.
pub async fn update(tx: &mut Tx, id: LocationId, details: &LocationDetails) -> Result<Location> {
    tx.require(Permission::ORGANIZATION_WRITE)?;
    check(details)?;
    let old = get(tx, id).await?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update locations set name = $3, address = $4, zone = $5, week_start = $6, active = $7, version = version + 1
         where organization_id = $1 and id = $2 and version = $8",
    )
    .bind(organization)
    .bind(id)
    .bind(details.name.trim())
    .bind(details.address.trim())
    .bind(&details.zone)
    .bind(details.week_start)
    .bind(details.active)
    .bind(details.version)
    .execute(tx.conn())
    .await?;
    tx.forget_location(id);
    let new = get(tx, id).await?;
    if changed.rows_affected() == 0 {
        return Err(actions::part_changed_meanwhile(tx, &id.to_string(), "location", "location_", &new).await?);
    }
    organizations::record(tx, "location_updated", Some(json!(old)), Some(json!(new))).await?;
    Ok(new)
}

fn check(details: &LocationDetails) -> Result<()> {
    details.check()?;
    match time::zone(&details.zone) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::invalid("zone", "zone", "This is not the name of a time zone.")),
    }
}
