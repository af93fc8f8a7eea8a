//! What was agreed with patients, in the database.

use std::collections::HashMap;

use platform::{
    Error, Result, Tx, actions, entities,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;
use services::{fields, persons};

use super::{PatientTerm, PatientTermInput, PatientTerms, PatientTermsInput};
use crate::{
    PATIENTS_WRITE, PRODUCT, TREATMENTS_WRITE,
    patients::{self, Patient},
    treatments,
    version::changed_meanwhile,
};

/// What was agreed with a patient; of a record that was merged with the one that has taken it in.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, patient: EntityId) -> Result<PatientTerms> {
    treatments::may_read(tx)?;
    let patient = patients::get(tx, patient).await?;
    read(tx, &patient).await
}

/// Sets what is agreed with a patient, all of it; the version must be the patient's present one (R18). Visits already booked
/// keep their length and price. Whoever sets, changes or takes away a price must be allowed to set prices of treatments.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (patient or treatment), `Invalid`, `Conflict` of code `version`.
pub async fn set(tx: &mut Tx, patient: EntityId, input: &PatientTermsInput) -> Result<PatientTerms> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(PATIENTS_WRITE)?;
    treatments::may_read(tx)?;
    input.check()?;
    let id = patients::get(tx, patient).await?.id;
    persons::hold(tx, id).await?;
    let organization = tx.organization();
    let changed = sqlx::query("update gabinet_patients set version = version + 1 where organization_id = $1 and id = $2 and version = $3")
        .bind(organization)
        .bind(id)
        .bind(input.version)
        .execute(tx.conn())
        .await?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        return Err(changed_meanwhile(tx, id, "terms", &now, "Somebody else has changed this patient in the meantime.").await?);
    }
    let before = get(tx, id).await?;
    if prices_differ(&before.items, &input.items) {
        tx.require(TREATMENTS_WRITE)?;
    }
    possible(tx, &input.items).await?;
    write(tx, id, &input.items).await?;
    entities::raise(tx, id).await?;
    let after = get(tx, id).await?;
    let (old, new) = (json!({ "items": before.items }), json!({ "items": after.items }));
    actions::record(tx, EntityRef::new("gabinet:patient", id), "terms_changed", Some(old), Some(new)).await?;
    fields::touched(tx, "gabinet:patient", id).await?;
    Ok(after)
}

async fn read(tx: &mut Tx, patient: &Patient) -> Result<PatientTerms> {
    let organization = tx.organization();
    let items: Vec<PatientTerm> = sqlx::query_as(
        "select p.treatment_id as treatment, t.name as treatment_name, p.duration, p.price, p.note from gabinet_patient_terms p
         join gabinet_treatments t on t.organization_id = p.organization_id and t.id = p.treatment_id
         where p.organization_id = $1 and p.patient_id = $2 order by t.category, t.name",
    )
    .bind(organization)
    .bind(patient.id)
    .fetch_all(tx.conn())
    .await?;
    let currency: String =
        sqlx::query_scalar("select currency from organizations where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    Ok(PatientTerms { version: patient.version, currency, items })
}

/// Whether any price would be another than it is, or would no longer be there.
fn prices_differ(before: &[PatientTerm], after: &[PatientTermInput]) -> bool {
    let then: HashMap<EntityId, i64> = before.iter().filter_map(|one| Some((one.treatment, one.price?))).collect();
    let now: HashMap<EntityId, i64> = after.iter().filter_map(|one| Some((one.treatment, one.price?))).collect();
    then != now
}

/// Whether there are all these treatments, and none whose sessions would be of another length.
async fn possible(tx: &mut Tx, items: &[PatientTermInput]) -> Result<()> {
    let organization = tx.organization();
    let ids: Vec<EntityId> = items.iter().map(|one| one.treatment).collect();
    let found: Vec<(EntityId, i32)> =
        sqlx::query_as("select id, seats from gabinet_treatments where organization_id = $1 and id = any ($2)")
            .bind(organization)
            .bind(&ids)
            .fetch_all(tx.conn())
            .await?;
    let seats: HashMap<EntityId, i32> = found.into_iter().collect();
    let mut input = Input::new();
    for (place, one) in items.iter().enumerate() {
        let seats = *seats.get(&one.treatment).ok_or(Error::NotFound)?;
        let fits = one.duration.is_none() || seats <= 1;
        input.check(fits, &format!("items[{place}].duration"), "group", "A session is as long for all who share it.");
    }
    input.finish()
}

/// What was agreed before stays the row that it was: a merge that is taken back looks for it.
async fn write(tx: &mut Tx, patient: EntityId, items: &[PatientTermInput]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let treatments: Vec<EntityId> = items.iter().map(|one| one.treatment).collect();
    sqlx::query("delete from gabinet_patient_terms where organization_id = $1 and patient_id = $2 and not treatment_id = any ($3)")
        .bind(organization)
        .bind(patient)
        .bind(&treatments)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "insert into gabinet_patient_terms (organization_id, id, patient_id, treatment_id, duration, price, note, created_at)
         select $1, x.id, $2, x.treatment_id, x.duration, x.price, x.note, $8
         from unnest($3::uuid[], $4::uuid[], $5::integer[], $6::bigint[], $7::text[]) as x (id, treatment_id, duration, price, note)
         on conflict on constraint gabinet_patient_terms_once
             do update set duration = excluded.duration, price = excluded.price, note = excluded.note",
    )
    .bind(organization)
    .bind(patient)
    .bind(items.iter().map(|_| EntityId::new()).collect::<Vec<_>>())
    .bind(&treatments)
    .bind(items.iter().map(|one| one.duration).collect::<Vec<_>>())
    .bind(items.iter().map(|one| one.price).collect::<Vec<_>>())
    .bind(items.iter().map(|one| one.note.trim()).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
