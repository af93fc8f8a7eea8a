//! Patients for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Result, Tx, id::EntityId};
use services::records::{Given, RecordSource, Saving, Values};

use super::{PatientInput, create, get, update};

/// How patients are read and written.
pub const SOURCE: RecordSource = RecordSource {
    entity_type: "gabinet:patient",
    from: "gabinet_patients r join persons p on p.organization_id = r.organization_id and p.id = r.id",
    columns: &[
        ("given_name", "p.given_name"),
        ("family_name", "p.family_name"),
        ("birth_date", "p.birth_date"),
        ("phone", "p.phone"),
        ("email", "p.email"),
        ("allergies", "r.allergies"),
        ("alerts", "r.alerts"),
        ("notes", "r.notes"),
    ],
    version: "r.version",
    save: Some(save),
    computed: &[],
    unique: &[],
    parts: &[],
    release: None,
};

fn save<'a>(tx: &'a mut Tx, saving: Saving, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match saving {
            Saving::Known(id, version) => {
                let patient = get(tx, id).await?;
                PatientInput {
                    id: None,
                    given_name: patient.given_name,
                    family_name: patient.family_name,
                    birth_date: patient.birth_date,
                    email: patient.email,
                    phone: patient.phone,
                    allergies: patient.allergies,
                    alerts: patient.alerts,
                    notes: patient.notes,
                    version,
                }
            }
            Saving::New(id) => PatientInput { id, ..PatientInput::default() },
        };
        for given in Given::all(values, emptied) {
            put(&mut input, given)?;
        }
        let patient = match saving {
            Saving::Known(id, _) => update(tx, id, &input).await?,
            Saving::New(_) => create(tx, &input).await?,
        };
        Ok(patient.id)
    })
}

fn put(input: &mut PatientInput, given: Given<'_>) -> Result<()> {
    match given.key {
        "given_name" => input.given_name = given.words()?,
        "family_name" => input.family_name = given.words()?,
        "email" => input.email = given.text()?,
        "phone" => input.phone = given.text()?,
        "allergies" => input.allergies = given.words()?,
        "alerts" => input.alerts = given.words()?,
        "notes" => input.notes = given.words()?,
        "birth_date" => input.birth_date = given.date()?,
        _ => return Err(given.unknown()),
    }
    Ok(())
}
