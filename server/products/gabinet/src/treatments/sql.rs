//! The treatment catalogue in the database.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::ResultExt,
    id::{EntityId, EntityRef},
};
use serde_json::json;
use sqlx::types::Json;

use super::{Treatment, TreatmentInput, TreatmentNeed};
use crate::{PRODUCT, TREATMENTS_READ, TREATMENTS_WRITE, version::changed_meanwhile};

type Row = (EntityId, String, String, i32, i32, i32, i64, String, i16, bool, i32, Json<Vec<TreatmentNeed>>);

fn duplicate() -> Error {
    Error::conflict("duplicate", "There is a treatment of this name already.")
}

/// The whole catalogue by category and name; those no longer offered last.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Treatment>> {
    read(tx, None).await
}

/// One treatment.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Treatment> {
    read(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn read(tx: &mut Tx, id: Option<EntityId>) -> Result<Vec<Treatment>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(TREATMENTS_READ)?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, category, name, duration, buffer_before, buffer_after, price, currency, hue, active, version,
                (select coalesce(json_agg(json_build_object('kind', n.kind, 'sort_of', n.sort_of) order by n.kind desc, n.sort_of), '[]')
                 from gabinet_treatment_needs n where n.organization_id = t.organization_id and n.treatment_id = t.id) as needs
         from gabinet_treatments t where organization_id = $1 and ($2::uuid is null or id = $2)
         order by active desc, category, name limit 2000",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, category, name, duration, buffer_before, buffer_after, price, currency, hue, active, version, needs)| Treatment {
            id,
            category,
            name,
            duration,
            buffer_before,
            buffer_after,
            price,
            currency,
            hue,
            active,
            needs: needs.0,
            version,
        })
        .collect())
}

/// Adds a treatment to the catalogue. With the id of an existing one it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`, `Conflict` of code `duplicate`.
pub async fn create(tx: &mut Tx, input: &TreatmentInput) -> Result<Treatment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(TREATMENTS_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let title = input.name.trim();
    let entity = NewEntity { id, entity_type: "gabinet:treatment", title, keywords: input.category.trim(), owner: None, status: None };
    entities::insert(tx, &entity).await?;
    let organization = tx.organization();
    sqlx::query(
        "insert into gabinet_treatments (organization_id, id, category, name, duration, buffer_before, buffer_after, price, currency, hue, active)
         select $1, $2, $3, $4, $5, $6, $7, $8, o.currency, $9, $10 from organizations o where o.organization_id = $1",
    )
    .bind(organization)
    .bind(id)
    .bind(input.category.trim())
    .bind(title)
    .bind(input.duration)
    .bind(input.buffer_before)
    .bind(input.buffer_after)
    .bind(input.price)
    .bind(input.hue)
    .bind(input.active)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_treatments_name_key", duplicate)?;
    write_needs(tx, id, &input.needs).await?;
    actions::record(tx, EntityRef::new("gabinet:treatment", id), "created", None, Some(json!({ "name": title }))).await?;
    get(tx, id).await
}

/// Changes a treatment; visits already booked keep their length and price. The version must be the present one (R18).
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `duplicate`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &TreatmentInput) -> Result<Treatment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(TREATMENTS_WRITE)?;
    input.check()?;
    let before = get(tx, id).await?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update gabinet_treatments set category = $4, name = $5, duration = $6, buffer_before = $7, buffer_after = $8, price = $9,
             hue = $10, active = $11, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.category.trim())
    .bind(input.name.trim())
    .bind(input.duration)
    .bind(input.buffer_before)
    .bind(input.buffer_after)
    .bind(input.price)
    .bind(input.hue)
    .bind(input.active)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_treatments_name_key", duplicate)?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        return Err(changed_meanwhile(tx, id, "treatment", &now, "Somebody else has changed this treatment in the meantime.").await?);
    }
    write_needs(tx, id, &input.needs).await?;
    entities::update(tx, id, input.name.trim(), input.category.trim(), None).await?;
    let after = get(tx, id).await?;
    actions::record(tx, EntityRef::new("gabinet:treatment", id), "updated", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}

async fn write_needs(tx: &mut Tx, treatment: EntityId, needs: &[TreatmentNeed]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("delete from gabinet_treatment_needs where organization_id = $1 and treatment_id = $2")
        .bind(organization)
        .bind(treatment)
        .execute(tx.conn())
        .await?;
    let kinds: Vec<&str> = needs.iter().map(|need| need.kind.as_str()).collect();
    let sorts: Vec<&str> = needs.iter().map(|need| need.sort_of.trim()).collect();
    sqlx::query(
        "insert into gabinet_treatment_needs (organization_id, treatment_id, kind, sort_of)
         select $1, $2, n.kind, n.sort_of from unnest($3::text[], $4::text[]) as n (kind, sort_of) on conflict do nothing",
    )
    .bind(organization)
    .bind(treatment)
    .bind(kinds)
    .bind(sorts)
    .execute(tx.conn())
    .await?;
    Ok(())
}
