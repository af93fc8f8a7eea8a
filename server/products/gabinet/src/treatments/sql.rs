//! The treatment catalogue in the database.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::ResultExt,
    id::{EntityId, EntityRef, OrganizationId},
};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{Rules, Terms, Treatment, TreatmentInput, TreatmentNeed};
use crate::{PRODUCT, TREATMENTS_READ, TREATMENTS_WRITE, version::changed_meanwhile};
use services::calendar::slots::{Align, Segment};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    category: String,
    name: String,
    duration: i32,
    buffer_before: i32,
    buffer_after: i32,
    price: i64,
    currency: String,
    hue: i16,
    active: bool,
    version: i32,
    notice_minutes: i32,
    horizon_days: Option<i32>,
    per_day: Option<i32>,
    per_week: Option<i32>,
    per_month: Option<i32>,
    step: i32,
    align: String,
    online: bool,
    needs_approval: bool,
    buffers_inside_hours: bool,
    seats: i32,
    staff_segments: Json<Vec<Segment>>,
    needs: Json<Vec<TreatmentNeed>>,
    terms: Json<Vec<Terms>>,
}

impl From<Row> for Treatment {
    fn from(row: Row) -> Self {
        Treatment {
            id: row.id,
            category: row.category,
            name: row.name,
            duration: row.duration,
            buffer_before: row.buffer_before,
            buffer_after: row.buffer_after,
            price: row.price,
            currency: row.currency,
            hue: row.hue,
            active: row.active,
            needs: row.needs.0,
            rules: Rules {
                notice_minutes: row.notice_minutes,
                horizon_days: row.horizon_days,
                per_day: row.per_day,
                per_week: row.per_week,
                per_month: row.per_month,
                step: row.step,
                align: if row.align == "clock" { Align::Clock } else { Align::Window },
                online: row.online,
                needs_approval: row.needs_approval,
                buffers_inside_hours: row.buffers_inside_hours,
                seats: row.seats,
                staff_segments: row.staff_segments.0,
            },
            terms: row.terms.0,
            version: row.version,
        }
    }
}

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
    may_read(tx)?;
    let organization = tx.organization();
    Ok(rows(tx.conn(), organization, id).await?.into_iter().map(Treatment::from).collect())
}

/// Whether the actor may know the catalogue.
pub(crate) fn may_read(tx: &Tx) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(TREATMENTS_READ)
}

/// Asks about nothing, so that the connection knows how ([`platform::database::Warm`]).
pub(crate) async fn warm(connection: &mut PgConnection) -> sqlx::Result<()> {
    rows(connection, OrganizationId(Uuid::nil()), Some(EntityId(Uuid::nil()))).await?;
    Ok(())
}

async fn rows(connection: &mut PgConnection, organization: OrganizationId, id: Option<EntityId>) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "select id, category, name, duration, buffer_before, buffer_after, price, currency, hue, active, version,
                notice_minutes, horizon_days, per_day, per_week, per_month, step, align, online, needs_approval, buffers_inside_hours, seats,
                staff_segments,
                (select coalesce(json_agg(json_build_object('kind', n.kind, 'sort_of', n.sort_of, 'segments', n.segments)
                                          order by n.kind desc, n.sort_of), '[]')
                 from gabinet_treatment_needs n where n.organization_id = t.organization_id and n.treatment_id = t.id) as needs,
                (select coalesce(json_agg(json_build_object('employee', q.employee_id, 'duration', q.duration, 'price', q.price)
                                          order by q.employee_id), '[]')
                 from gabinet_qualifications q where q.organization_id = t.organization_id and q.treatment_id = t.id
                      and (q.duration is not null or q.price is not null)) as terms
         from gabinet_treatments t where organization_id = $1 and ($2::uuid is null or id = $2)
         order by active desc, category, name limit 2000",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(connection)
    .await
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
    write_rules(tx, id, &input.rules).await?;
    write_terms(tx, id, &input.terms).await?;
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
    write_rules(tx, id, &input.rules).await?;
    write_terms(tx, id, &input.terms).await?;
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
    let segments: Vec<Json<&[Segment]>> = needs.iter().map(|need| Json(need.segments.as_slice())).collect();
    sqlx::query(
        "insert into gabinet_treatment_needs (organization_id, treatment_id, kind, sort_of, segments)
         select $1, $2, n.kind, n.sort_of, n.segments from unnest($3::text[], $4::text[], $5::jsonb[]) as n (kind, sort_of, segments)
         on conflict do nothing",
    )
    .bind(organization)
    .bind(treatment)
    .bind(kinds)
    .bind(sorts)
    .bind(segments)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn write_rules(tx: &mut Tx, treatment: EntityId, rules: &Rules) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update gabinet_treatments set notice_minutes = $3, horizon_days = $4, per_day = $5, per_week = $6, per_month = $7, step = $8,
             align = $9, online = $10, needs_approval = $11, buffers_inside_hours = $12, seats = $13, staff_segments = $14
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(treatment)
    .bind(rules.notice_minutes)
    .bind(rules.horizon_days)
    .bind(rules.per_day)
    .bind(rules.per_week)
    .bind(rules.per_month)
    .bind(rules.step)
    .bind(if rules.align == Align::Clock { "clock" } else { "window" })
    .bind(rules.online)
    .bind(rules.needs_approval)
    .bind(rules.buffers_inside_hours)
    .bind(rules.seats)
    .bind(Json(&rules.staff_segments))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who is qualified is said of the practitioner; here is only what is different with those who are.
async fn write_terms(tx: &mut Tx, treatment: EntityId, terms: &[Terms]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update gabinet_qualifications set duration = null, price = null
         where organization_id = $1 and treatment_id = $2 and (duration is not null or price is not null)",
    )
    .bind(organization)
    .bind(treatment)
    .execute(tx.conn())
    .await?;
    let own: Vec<&Terms> = terms.iter().filter(|own| own.duration.is_some() || own.price.is_some()).collect();
    if own.is_empty() {
        return Ok(());
    }
    let written = sqlx::query(
        "update gabinet_qualifications q set duration = o.duration, price = o.price
         from unnest($3::uuid[], $4::integer[], $5::bigint[]) as o (employee_id, duration, price)
         where q.organization_id = $1 and q.treatment_id = $2 and q.employee_id = o.employee_id",
    )
    .bind(organization)
    .bind(treatment)
    .bind(own.iter().map(|own| own.employee).collect::<Vec<_>>())
    .bind(own.iter().map(|own| own.duration).collect::<Vec<_>>())
    .bind(own.iter().map(|own| own.price).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    if written.rows_affected() < own.len() as u64 {
        return Err(Error::invalid("terms", "unqualified", "Only who is qualified for the treatment can have terms of their own."));
    }
    Ok(())
}
