//! Persons for what knows no product: lists, filters, import and the doors of all types. Those whom a product extends are
//! read by its own type.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};

use super::{PersonDetails, create, edit, read};
use crate::records::{RecordSource, Value, Values};

/// How persons are read and written who are nothing else.
pub const SOURCE: RecordSource = RecordSource {
    entity_type: "person",
    from: "persons r",
    columns: &[
        ("given_name", "r.given_name"),
        ("family_name", "r.family_name"),
        ("birth_date", "r.birth_date"),
        ("email", "r.email"),
        ("phone", "r.phone"),
        ("language", "r.language"),
    ],
    version: "e.version",
    save: Some(save),
};

fn save<'a>(tx: &'a mut Tx, known: Option<(EntityId, i32)>, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut details = match known {
            Some((id, version)) => PersonDetails { version, ..read::details(tx, id).await? },
            None => PersonDetails::default(),
        };
        for key in emptied {
            put(&mut details, key, None)?;
        }
        for (key, value) in values {
            put(&mut details, key, Some(value))?;
        }
        let saved = match known {
            Some((id, _)) => edit(tx, id, &details).await?,
            None => create(tx, &details).await?,
        };
        Ok(saved.id)
    })
}

fn put(details: &mut PersonDetails, key: &str, value: Option<&Value>) -> Result<()> {
    let wrong = || Error::invalid(key, "type", "This is no value for this field.");
    let text = || match value {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong()),
    };
    match key {
        "given_name" => details.given_name = text()?.unwrap_or_default(),
        "family_name" => details.family_name = text()?.unwrap_or_default(),
        "email" => details.email = text()?,
        "phone" => details.phone = text()?,
        "language" => details.language = text()?,
        "birth_date" => {
            details.birth_date = match value {
                None => None,
                Some(Value::Date(date)) => Some(*date),
                Some(_) => return Err(wrong()),
            }
        }
        _ => return Err(Error::invalid(key, "unknown", "There is no such field.")),
    }
    Ok(())
}
