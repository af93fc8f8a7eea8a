//! Taking back a change of a record's own fields: through the function by which its module changes them, or, where the
//! organization has added them, through the operations of all types.

use platform::{Error, Result, Tx, id::EntityId};
use serde_json::Value as Json;

use super::{
    changes,
    sql::{Row, beside},
};
use crate::{
    objects::{self, RecordInput},
    records::{self, Kind, OBJECTS, SaveHook, Saving, Value, Values},
    subjects::Subject,
};

/// What takes a change back.
pub(super) struct Back {
    /// The module's own function, where the change was of nothing that the organization has added.
    save: Option<SaveHook>,
    values: Values,
    emptied: Vec<String>,
}

impl Back {
    /// Whether the actor may take it back at all. What only its module's function writes only that knows, and says so.
    pub(super) async fn is_open(&self, tx: &mut Tx, subject: &Subject) -> Result<bool> {
        if self.save.is_some() {
            return Ok(true);
        }
        match records::may_write(tx, &subject.entity_type).await {
            Ok(_) => Ok(true),
            Err(Error::Denied(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes it back; whoever keeps the fields checks rights and rules.
    pub(super) async fn apply(self, tx: &mut Tx, subject: &Subject) -> Result<()> {
        let (state, of) = (tx.state().clone(), subject.entity_type.as_str());
        let source = records::source(&state, of)?;
        let (version, own) = records::turn_of(tx, source, of, subject.id).await?;
        let Some(save) = self.save else {
            let input = RecordInput { id: None, version, values: self.values, emptied: self.emptied };
            return objects::update(tx, of, subject.id, &input).await.map(drop);
        };
        save(tx, Saving::Known(subject.id, own), &self.values, &self.emptied).await.map(drop)
    }
}

/// What takes a change back; none if its module has no way to, or it changed more than what forms change.
///
/// # Errors
/// `Conflict` of code `version` if the record was changed since.
pub(super) async fn back(tx: &mut Tx, subject: &Subject, row: &Row) -> Result<Option<Back>> {
    let state = tx.state().clone();
    let Ok(source) = records::source(&state, &subject.entity_type) else { return Ok(None) };
    let flexible = subject.entity_type.starts_with(OBJECTS.entity_type);
    if row.verb != "updated" || source.save.is_none() && !flexible {
        return Ok(None);
    }
    let fields = match records::fields_of(tx, &state, &subject.entity_type).await {
        Ok(fields) => fields,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (mut save, mut values, mut emptied) = (source.save, Values::new(), Vec::new());
    for change in changes(row.old.as_ref(), row.new.as_ref()) {
        // It follows from the others, and comes back with them.
        if flexible && source.computed.contains(&change.field.as_str()) {
            continue;
        }
        let Some(field) = fields.iter().find(|field| field.key == change.field && field.editable) else { return Ok(None) };
        if field.custom.is_some() {
            save = None;
        }
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
