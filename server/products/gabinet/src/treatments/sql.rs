//! The treatment catalogue in the database.

mod write;

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::ResultExt,
    id::{EntityId, EntityRef, OrganizationId},
};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{Agreed, Rules, Terms, Treatment, TreatmentInput, TreatmentNeed};
use crate::{PRODUCT, TREATMENTS_READ, TREATMENTS_WRITE, version::changed_meanwhile};
use services::calendar::slots::{Align, Segment};

/// Of `gabinet_patient_terms p` those of the patient `$3`; of a record that was merged those of the one that has taken it in.
macro_rules! of_patient {
    () => {
        "p.patient_id = coalesce((select e.merged_into from entities e where e.organization_id = $1 and e.id = $3), $3)"
    };
}

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
    agreed: Option<Json<Agreed>>,
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

/// One treatment, and what was agreed about it with the patient for whom it is asked: in one round trip, as every booking
/// asks it.
///
/// # Errors
/// As [`get`].
pub(crate) async fn get_for(tx: &mut Tx, id: EntityId, patient: Option<EntityId>) -> Result<(Treatment, Agreed)> {
    may_read(tx)?;
    let organization = tx.organization();
    let row = rows(tx.conn(), organization, Some(id), patient).await?.pop().ok_or(Error::NotFound)?;
    let agreed = row.agreed.as_ref().map(|agreed| agreed.0).unwrap_or_default();
    Ok((row.into(), agreed))
}

async fn read(tx: &mut Tx, id: Option<EntityId>) -> Result<Vec<Treatment>> {
    may_read(tx)?;
    let organization = tx.organization();
    Ok(rows(tx.conn(), organization, id, None).await?.into_iter().map(Treatment::from).collect())
}

/// What was agreed about a treatment with a patient, for whoever knows the treatment already.
///
/// # Errors
/// `Unavailable`.
pub(crate) async fn agreed(tx: &mut Tx, treatment: EntityId, patient: EntityId) -> Result<Agreed> {
    let organization = tx.organization();
    let row: Option<(Option<i32>, Option<i64>)> = sqlx::query_as(concat!(
        "select p.duration, p.price from gabinet_patient_terms p where p.organization_id = $1 and p.treatment_id = $2 and ",
        of_patient!()
    ))
    .bind(organization)
    .bind(treatment)
    .bind(patient)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|(duration, price)| Agreed { duration, price }).unwrap_or_default())
}

/// Whether the actor may know the catalogue.
pub(crate) fn may_read(tx: &Tx) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(TREATMENTS_READ)
}

/// Asks about nothing, so that the connection knows how ([`platform::database::Warm`]).
pub(crate) async fn warm(connection: &mut PgConnection) -> sqlx::Result<()> {
    rows(connection, OrganizationId(Uuid::nil()), Some(EntityId(Uuid::nil())), None).await?;
    Ok(())
}

async fn rows(
    connection: &mut PgConnection,
    organization: OrganizationId,
    id: Option<EntityId>,
    patient: Option<EntityId>,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(concat!(
        "select id, category, name, duration, buffer_before, buffer_after, price, currency, hue, active, version,
                notice_minutes, horizon_days, per_day, per_week, per_month, step, align, online, needs_approval, buffers_inside_hours, seats,
                staff_segments,
                (select coalesce(json_agg(json_build_object('kind', n.kind, 'sort_of', n.sort_of, 'segments', n.segments)
                                          order by n.kind desc, n.sort_of), '[]')
                 from gabinet_treatment_needs n where n.organization_id = t.organization_id and n.treatment_id = t.id) as needs,
                (select coalesce(json_agg(json_build_object('employee', q.employee_id, 'duration', q.duration, 'price', q.price)
                                          order by q.employee_id), '[]')
                 from gabinet_qualifications q where q.organization_id = t.organization_id and q.treatment_id = t.id
                      and (q.duration is not null or q.price is not null)) as terms,
                (select json_build_object('duration', p.duration, 'price', p.price) from gabinet_patient_terms p
                 where p.organization_id = t.organization_id and p.treatment_id = t.id and ",
        of_patient!(),
        ") as agreed
         from gabinet_treatments t where organization_id = $1 and ($2::uuid is null or id = $2)
         order by active desc, category, name limit 2000"
    ))
    .bind(organization)
    .bind(id)
    .bind(patient)
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
    write::needs(tx, id, &input.needs).await?;
    write::rules(tx, id, &input.rules).await?;
    write::terms(tx, id, &input.terms).await?;
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
    write::needs(tx, id, &input.needs).await?;
    write::rules(tx, id, &input.rules).await?;
    write::terms(tx, id, &input.terms).await?;
    entities::update(tx, id, input.name.trim(), input.category.trim(), None).await?;
    let after = get(tx, id).await?;
    actions::record(tx, EntityRef::new("gabinet:treatment", id), "updated", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}
