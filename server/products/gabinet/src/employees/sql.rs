//! Practitioners and equipment in the database.

use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef, LocationId, UserId},
    input::Input,
};
use serde_json::json;
use services::{
    calendar::ResourceKind,
    resources::{self, ResourceInput},
};

use super::{Employee, EmployeeInput, Equipment, EquipmentInput};
use crate::{EMPLOYEES_READ, EMPLOYEES_WRITE, PRODUCT, version::changed_meanwhile};

fn require(tx: &Tx, permission: platform::permission::Permission) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(permission)
}

/// All practitioners, those no longer working last.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Employee>> {
    require(tx, EMPLOYEES_READ)?;
    read(tx, None).await
}

/// One practitioner.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Employee> {
    require(tx, EMPLOYEES_READ)?;
    read(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

type Row = (EntityId, String, String, i16, Option<LocationId>, Option<UserId>, i32, bool, Vec<EntityId>, Option<i32>, i32);

/// All, or one.
async fn read(tx: &mut Tx, only: Option<EntityId>) -> Result<Vec<Employee>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select e.id, r.name, e.position, r.hue, r.location_id, r.user_id, r.sort, r.active,
             array(select q.treatment_id from gabinet_qualifications q
                   where q.organization_id = $1 and q.employee_id = e.id order by q.treatment_id),
             e.contract_minutes, e.version
         from gabinet_employees e
         join resources r on r.organization_id = e.organization_id and r.id = e.id
         where e.organization_id = $1 and ($2::uuid is null or e.id = $2)
         order by r.active desc, r.sort, r.name, e.id limit 1000",
    )
    .bind(organization)
    .bind(only)
    .fetch_all(tx.conn())
    .await?;
    let told = |(id, name, position, hue, location, user, sort, active, treatments, contract_minutes, version): Row| Employee {
        id,
        name,
        position,
        hue,
        location,
        user,
        sort,
        active,
        treatments,
        contract_minutes,
        version,
    };
    Ok(rows.into_iter().map(told).collect())
}

fn resource_of(input: &EmployeeInput, id: EntityId) -> ResourceInput {
    ResourceInput {
        id: Some(id),
        kind: ResourceKind::Staff,
        name: input.name.clone(),
        hue: input.hue,
        location: input.location,
        user: input.user,
        sort: input.sort,
        active: input.active,
        // The practitioner's own version is what counts.
        version: 0,
    }
}

/// Makes a practitioner. With the id of an existing one it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn create(tx: &mut Tx, input: &EmployeeInput) -> Result<Employee> {
    require(tx, EMPLOYEES_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    resources::insert_unchecked(tx, &resource_of(input, id)).await?;
    let organization = tx.organization();
    sqlx::query("insert into gabinet_employees (organization_id, id, position, contract_minutes) values ($1, $2, $3, $4)")
        .bind(organization)
        .bind(id)
        .bind(input.position.trim())
        .bind(input.contract_minutes)
        .execute(tx.conn())
        .await?;
    qualify(tx, id, &input.treatments).await?;
    get(tx, id).await
}

/// Changes a practitioner; the version must be the present one (R18). One with visits to come can't be retired.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `in_use`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &EmployeeInput) -> Result<Employee> {
    require(tx, EMPLOYEES_WRITE)?;
    input.check()?;
    get(tx, id).await?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update gabinet_employees set position = $4, contract_minutes = $5, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.position.trim())
    .bind(input.contract_minutes)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        return Err(changed_meanwhile(tx, id, "practitioner", &now, "Somebody else has changed this practitioner in the meantime.").await?);
    }
    resources::update_unchecked(tx, id, &resource_of(input, id)).await?;
    qualify(tx, id, &input.treatments).await?;
    get(tx, id).await
}

async fn qualify(tx: &mut Tx, employee: EntityId, treatments: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    // Those that stay keep the practitioner's own length and price of the treatment.
    sqlx::query("delete from gabinet_qualifications where organization_id = $1 and employee_id = $2 and treatment_id <> all ($3)")
        .bind(organization)
        .bind(employee)
        .bind(treatments)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "insert into gabinet_qualifications (organization_id, employee_id, treatment_id)
         select $1, $2, unnest($3::uuid[]) on conflict do nothing",
    )
    .bind(organization)
    .bind(employee)
    .bind(treatments)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_qualifications_organization_id_treatment_id_fkey", || {
        Error::invalid("treatments", "unknown", "There is no such treatment.")
    })?;
    Ok(())
}

/// Rooms and devices with their sorts.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn equipment(tx: &mut Tx) -> Result<Vec<Equipment>> {
    require(tx, EMPLOYEES_READ)?;
    let organization = tx.organization();
    let rows: Vec<(EntityId, String, String, bool, Vec<String>, i32)> = sqlx::query_as(
        "select r.id, r.kind, r.name, r.active,
                array(select e.sort_of from gabinet_equipment e
                      where e.organization_id = r.organization_id and e.resource_id = r.id order by e.sort_of),
                coalesce((select v.version from gabinet_equipment_versions v
                          where v.organization_id = r.organization_id and v.resource_id = r.id), 1)
         from resources r where r.organization_id = $1 and r.kind in ('room', 'device')
         order by r.active desc, r.kind desc, r.sort, r.name limit 1000",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|(id, kind, name, active, sorts, version)| {
            let kind = ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?;
            Ok(Equipment { id, kind, name, active, sorts, version })
        })
        .collect()
}

/// Says of which sorts a room or device is, replacing what was said before; the version must be the present one (R18).
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (also for a person), `Invalid`, `Conflict` of code `version`.
pub async fn set_equipment(tx: &mut Tx, id: EntityId, input: &EquipmentInput) -> Result<Equipment> {
    require(tx, EMPLOYEES_WRITE)?;
    let mut faults = Input::new();
    faults.check(input.sorts.len() <= 20, "sorts", "too_long", "At most 20 sorts.");
    for sort in &input.sorts {
        faults.text("sorts", sort.trim(), 1, 100);
    }
    faults.finish()?;
    let find = |all: Vec<Equipment>| all.into_iter().find(|thing| thing.id == id).ok_or(Error::NotFound);
    let organization = tx.organization();
    // Locked, so that the version that is compared is the one that is replaced.
    sqlx::query("select 1 from resources where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    let before = find(equipment(tx).await?)?;
    if before.version != input.version {
        return Err(changed_meanwhile(tx, id, "equipment", &before, "Somebody else has changed this in the meantime.").await?);
    }
    sqlx::query(
        "insert into gabinet_equipment_versions (organization_id, resource_id, version) values ($1, $2, 2)
         on conflict (organization_id, resource_id) do update set version = gabinet_equipment_versions.version + 1",
    )
    .bind(organization)
    .bind(id)
    .execute(tx.conn())
    .await?;
    sqlx::query("delete from gabinet_equipment where organization_id = $1 and resource_id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    let sorts: Vec<&str> = input.sorts.iter().map(|sort| sort.trim()).collect();
    sqlx::query(
        "insert into gabinet_equipment (organization_id, resource_id, sort_of) select $1, $2, unnest($3::text[]) on conflict do nothing",
    )
    .bind(organization)
    .bind(id)
    .bind(sorts)
    .execute(tx.conn())
    .await?;
    let after = find(equipment(tx).await?)?;
    actions::record(tx, EntityRef::new("resource", id), "updated", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}
