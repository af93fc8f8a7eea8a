//! Patients for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};
use services::records::{RecordSource, Value, Values};

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
};

fn save<'a>(tx: &'a mut Tx, known: Option<(EntityId, i32)>, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match known {
            Some((id, version)) => {
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
            None => PatientInput::default(),
        };
        for key in emptied {
            put(&mut input, key, None)?;
        }
        for (key, value) in values {
            put(&mut input, key, Some(value))?;
        }
        let patient = match known {
            Some((id, _)) => update(tx, id, &input).await?,
            None => create(tx, &input).await?,
        };
        Ok(patient.id)
    })
}

fn put(input: &mut PatientInput, key: &str, value: Option<&Value>) -> Result<()> {
    let wrong = || Error::invalid(key, "type", "This is no value for this field.");
    let text = || match value {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong()),
    };
    match key {
        "given_name" => input.given_name = text()?.unwrap_or_default(),
        "family_name" => input.family_name = text()?.unwrap_or_default(),
        "email" => input.email = text()?,
        "phone" => input.phone = text()?,
        "allergies" => input.allergies = text()?.unwrap_or_default(),
        "alerts" => input.alerts = text()?.unwrap_or_default(),
        "notes" => input.notes = text()?.unwrap_or_default(),
        "birth_date" => {
            input.birth_date = match value {
                None => None,
                Some(Value::Date(date)) => Some(*date),
                Some(_) => return Err(wrong()),
            }
        }
        _ => return Err(Error::invalid(key, "unknown", "There is no such field.")),
    }
    Ok(())
}
