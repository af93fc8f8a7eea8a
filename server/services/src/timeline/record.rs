//! Taking back a change of a record's own fields, through the function by which its module changes them.

use platform::{Error, Result, Tx, id::EntityId};
use serde_json::Value as Json;

use super::{
    changes,
    sql::{Row, beside},
};
use crate::{
    records::{self, Kind, SaveHook, Saving, Value, Values},
    subjects::Subject,
};

/// What takes a change back.
pub(super) struct Back {
    save: SaveHook,
    values: Values,
    emptied: Vec<String>,
}

impl Back {
    /// Takes it back; the module checks rights and rules.
    pub(super) async fn apply(self, tx: &mut Tx, subject: &Subject) -> Result<()> {
        let state = tx.state().clone();
        let source = records::source(&state, &subject.entity_type)?;
        let (_, own) = records::turn_of(tx, source, &subject.entity_type, subject.id).await?;
        (self.save)(tx, Saving::Known(subject.id, own), &self.values, &self.emptied).await.map(drop)
    }
}

/// What takes a change back; none if its module has no way to, or it changed more than what forms change.
///
/// # Errors
/// `Conflict` of code `version` if the record was changed since.
pub(super) async fn back(tx: &mut Tx, subject: &Subject, row: &Row) -> Result<Option<Back>> {
    let state = tx.state().clone();
    let save = records::source(&state, &subject.entity_type).ok().and_then(|source| source.save);
    let Some(save) = save.filter(|_| row.verb == "updated") else { return Ok(None) };
    let fields = match records::fields_of(tx, &state, &subject.entity_type).await {
        Ok(fields) => fields,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (mut values, mut emptied) = (Values::new(), Vec::new());
    for change in changes(row.old.as_ref(), row.new.as_ref()) {
        let Some(field) = fields.iter().find(|field| field.key == change.field && field.custom.is_none() && field.editable) else {
            return Ok(None);
        };
        match was(&field.kind, row.old.as_ref(), &field.key) {
            Some(Some(value)) => drop(values.insert(field.key.clone(), value)),
            Some(None) => emptied.push(field.key.clone()),
            None => return Ok(None),
        }
    }
    if latest(tx, subject.id).await? != Some(row.id) {
        return Err(Error::conflict("version", "Something has been done to it since."));
    }
    Ok(Some(Back { save, values, emptied }))
}

/// A field as the log has it; nothing at all if it cannot be read.
fn was(kind: &Kind, old: Option<&Json>, key: &str) -> Option<Option<Value>> {
    let json = old.and_then(|old| old.get(key)).unwrap_or(&Json::Null);
    match (kind, json) {
        // The log counts money in its smallest coin, beside its currency.
        (Kind::Money, Json::Number(minor)) => {
            let currency = old?.get("currency")?.as_str()?.to_owned();
            Some(Some(Value::Money { minor: minor.as_i64()?, currency }))
        }
        _ => Value::from_json(kind, json, "").ok(),
    }
}

/// The latest that was done to the record itself.
async fn latest(tx: &mut Tx, record: EntityId) -> Result<Option<EntityId>> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select id from actions where organization_id = $1 and entity_id = $2 and not action = any ($3) order by at desc, id desc limit 1",
    )
    .bind(organization)
    .bind(record)
    .bind(beside())
    .fetch_optional(tx.conn())
    .await?)
}
