//! What records hold of the organization's own fields: read for forms, checked and written.

use platform::{
    Error, Result, Tx, actions,
    error::{FieldError, Refusal, ResultExt},
    id::{EntityId, EntityRef},
};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

use super::{Field, FieldsInput, RecordFields, Shape, check, compute, sql};
use crate::{
    core::OBJECTS_READ,
    records::{self, Kind, Value, Values},
    subjects,
};

/// What is to be written.
pub(crate) struct Change<'a> {
    pub(crate) values: &'a Values,
    pub(crate) emptied: &'a [String],
    /// A new record: what is required must be there, and what has a default gets it.
    pub(crate) creating: bool,
}

/// What was written, as the log tells it.
pub(crate) struct Written {
    pub(crate) old: Map<String, Json>,
    pub(crate) new: Map<String, Json>,
}

/// The fields of a record that who asks may see, with its values.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn of_record(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<RecordFields> {
    tx.require(OBJECTS_READ)?;
    records::may_read(tx, entity_type).await?;
    records::reach::require_seen(tx, entity_type, id).await?;
    let version = version_of(tx, entity_type, id, false).await?;
    let role = tx.actor().role.clone();
    let mut fields = sql::of_type(tx, entity_type).await?;
    fields.retain(|field| field.visible_to(&role));
    let values = values_of(tx, &fields, id).await?;
    let may_write = match records::may_write(tx, entity_type).await {
        Ok(_) => true,
        Err(Error::Denied(_)) => false,
        Err(other) => return Err(other),
    };
    let editable: Vec<String> =
        fields.iter().filter(|field| may_write && field.editable_by(&role)).map(|field| field.key.clone()).collect();
    let referenced = values.values().filter_map(|value| if let Value::Reference(id) = value { Some(*id) } else { None }).collect();
    let titles = titles(tx, referenced).await?;
    Ok(RecordFields { fields, values, titles, version, may_write: !editable.is_empty(), editable })
}

/// The values that a record has of these fields.
pub(super) async fn values_of(tx: &mut Tx, fields: &[Field], id: EntityId) -> Result<Values> {
    let known: Vec<_> = fields.iter().map(|field| (field.id, field.key.as_str(), &field.result)).collect();
    Ok(sql::values_of(tx, &known, &[id]).await?.into_iter().map(|(_, key, value)| (key, value)).collect())
}

/// What records are called; of those that may be read.
pub(crate) async fn titles(tx: &mut Tx, ids: Vec<EntityId>) -> Result<Vec<(EntityId, String)>> {
    Ok(subjects::named(tx, &ids).await?.into_iter().map(|(id, record)| (id, record.title)).collect())
}

/// The version of a living record, which is held until the transaction ends.
pub(crate) async fn version(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<i32> {
    version_of(tx, entity_type, id, true).await
}

/// The version of a living record, held until the transaction ends if it is to be changed.
pub(super) async fn version_of(tx: &mut Tx, entity_type: &str, id: EntityId, hold: bool) -> Result<i32> {
    let organization = tx.organization();
    let query = if hold {
        "select version from entities where organization_id = $1 and id = $2 and entity_type = $3 and deleted_at is null for no key update"
    } else {
        "select version from entities where organization_id = $1 and id = $2 and entity_type = $3 and deleted_at is null"
    };
    sqlx::query_scalar(query).bind(organization).bind(id).bind(entity_type).fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)
}

/// Writes values of a record whose own fields its module writes.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid` at the fields' keys, `Conflict` of code `version`.
pub async fn save(tx: &mut Tx, entity_type: &str, id: EntityId, input: &FieldsInput) -> Result<RecordFields> {
    records::may_write(tx, entity_type).await?;
    records::turn(tx, id).await?;
    records::reach::require_changed(tx, entity_type, id).await?;
    let present = version_of(tx, entity_type, id, true).await?;
    if present != input.version {
        let current = of_record(tx, entity_type, id).await?;
        let author = actions::timeline(tx, id, 1).await?.into_iter().next().and_then(|row| row.user_name);
        let current = json!({ "version": current.version, "values": shown(&current.fields, &current.values), "author": author });
        let refusal = Refusal::new("version", "Somebody else has changed this record in the meantime.");
        return Err(Refusal { current: Some(current), ..refusal }.into());
    }
    let written = write(tx, entity_type, id, &Change { values: &input.values, emptied: &input.emptied, creating: false }).await?;
    if !written.new.is_empty() {
        let (organization, now) = (tx.organization(), tx.now());
        sqlx::query("update entities set version = version + 1, updated_at = $3 where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(id)
            .bind(now)
            .execute(tx.conn())
            .await?;
        let (old, new) = (Some(Json::Object(written.old)), Some(Json::Object(written.new)));
        actions::record(tx, EntityRef::new(entity_type, id), "updated", old, new).await?;
    }
    of_record(tx, entity_type, id).await
}

/// Values by their keys as plain JSON.
pub(crate) fn shown(fields: &[Field], values: &Values) -> Map<String, Json> {
    let kind = |key: &str| fields.iter().find(|field| field.key == key).map(|field| &field.result);
    values.iter().filter_map(|(key, value)| Some((key.clone(), value.to_json(kind(key)?)))).collect()
}

/// Writes values of a record that the caller holds, and computes what follows from them. Rights to the type are the caller's
/// to check; rights to single fields are checked here.
///
/// # Errors
/// `Invalid` at the fields' keys.
pub(crate) async fn write(tx: &mut Tx, entity_type: &str, id: EntityId, change: &Change<'_>) -> Result<Written> {
    let fields = sql::of_type(tx, entity_type).await?;
    let role = tx.actor().role.clone();
    let before = if change.creating { Values::new() } else { values_of(tx, &fields, id).await? };
    let (wanted, mut errors) = wanted(&fields, &role, &before, change);
    errors.extend(references(tx, &wanted, &before).await?);
    errors.extend(taken(tx, &wanted, id).await?);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let mut written = Written { old: Map::new(), new: Map::new() };
    let mut left = BTreeSet::new();
    for (field, value) in &wanted {
        let old = before.get(&field.key);
        if old == value.as_ref() {
            continue;
        }
        if let Some(Value::Reference(id)) = old {
            left.insert((field.id, *id));
        }
        written.old.insert(field.key.clone(), old.map_or(Json::Null, |value| value.to_json(&field.result)));
        written.new.insert(field.key.clone(), value.as_ref().map_or(Json::Null, |value| value.to_json(&field.result)));
        let unique = value.as_ref().filter(|_| field.details.unique).map(check::unique_key);
        sql::store(tx, field.id, &field.result, id, value.as_ref(), unique.as_deref())
            .await
            .on_constraint("field_values_unique", || duplicate(&field.key))
            .on_constraint("field_values_reference", || Error::Invalid(vec![unknown(&field.key)]))?;
    }
    compute::after(tx, entity_type, id, &left).await?;
    Ok(written)
}

fn duplicate(key: &str) -> Error {
    Error::invalid(key, "duplicate", "Another record has this value already.")
}

fn unknown(key: &str) -> FieldError {
    FieldError { field: key.into(), code: "unknown".into(), message: "There is no such record.".into() }
}

/// What each named field shall hold, and every fault of what was sent.
fn wanted<'a>(fields: &'a [Field], role: &str, before: &Values, change: &Change<'_>) -> (Vec<(&'a Field, Option<Value>)>, Vec<FieldError>) {
    let mut errors = Vec::new();
    let mut fault = |field: &str, code: &str, message: &str| {
        errors.push(FieldError { field: field.into(), code: code.into(), message: message.into() });
    };
    let find = |key: &str| fields.iter().find(|field| field.key == key && field.visible_to(role));
    let mut wanted: Vec<(&Field, Option<Value>)> = Vec::new();
    let named = change.values.iter().map(|(key, value)| (key, Some(value))).chain(change.emptied.iter().map(|key| (key, None)));
    for (key, value) in named {
        let Some(field) = find(key) else {
            fault(key, "unknown", "There is no such field.");
            continue;
        };
        // What is sent back as it was read is no change; forms send what they show.
        if !field.editable_by(role) {
            if before.get(key) != value {
                fault(key, "read_only", "This cannot be written.");
            }
            continue;
        }
        match value.map_or(Ok(None), |value| check::value(field, value)) {
            Ok(kept) => wanted.push((field, kept)),
            Err(error) => fault(key, &error.code, &error.message),
        }
    }
    if change.creating {
        for field in fields {
            let told = wanted.iter().any(|(known, _)| known.id == field.id);
            let default = field.details.default.as_deref().filter(|text| !told && !text.trim().is_empty());
            if let (Some(text), Shape::Stored(_)) = (default, &field.details.shape)
                && let Some(value) = from_text(field, text)
            {
                wanted.push((field, Some(value)));
            }
        }
    }
    for field in fields.iter().filter(|field| field.details.required && field.editable_by(role)) {
        let now = wanted.iter().find(|(known, _)| known.id == field.id);
        let missing = match now {
            Some((_, value)) => value.is_none(),
            None => change.creating,
        };
        if missing && !errors.iter().any(|error| error.field == field.key) {
            errors.push(FieldError { field: field.key.clone(), code: "required".into(), message: "This is needed.".into() });
        }
    }
    (wanted, errors)
}

/// A value as it would be written; what is no value of the field is none.
pub(super) fn from_text(field: &Field, text: &str) -> Option<Value> {
    let value = Value::from_json(&field.result, &Json::String(text.into()), "PLN").ok()??;
    check::value(field, &value).ok()?
}

/// References to what is not there, is deleted, is of another type or may not be seen. One that is sent back as it was read may
/// lead to a record of which one is not told: forms send what they show.
async fn references(tx: &mut Tx, wanted: &[(&Field, Option<Value>)], before: &Values) -> Result<Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut readable: BTreeMap<&str, bool> = BTreeMap::new();
    for (field, value) in wanted {
        let (Kind::Reference(target), Some(Value::Reference(id))) = (&field.result, value) else { continue };
        let may = match readable.get(target.as_str()) {
            Some(may) => *may,
            None => {
                let may = records::may_read(tx, target).await.is_ok();
                readable.insert(target, may);
                may
            }
        };
        let kept = before.get(&field.key) == value.as_ref();
        let there = may && version_of(tx, target, *id, false).await.is_ok();
        if !there || !(kept || records::reach::require_seen(tx, target, *id).await.is_ok()) {
            errors.push(unknown(&field.key));
        }
    }
    Ok(errors)
}

/// Unique values that another record has already. The database refuses them too, should two come at once.
async fn taken(tx: &mut Tx, wanted: &[(&Field, Option<Value>)], id: EntityId) -> Result<Vec<FieldError>> {
    let mut errors = Vec::new();
    let organization = tx.organization();
    for (field, value) in wanted.iter().filter(|(field, _)| field.details.unique) {
        let Some(value) = value else { continue };
        let other: bool = sqlx::query_scalar(
            "select exists (select from field_values where organization_id = $1 and field_id = $2 and unique_key = $3 and entity_id <> $4)",
        )
        .bind(organization)
        .bind(field.id)
        .bind(check::unique_key(value))
        .bind(id)
        .fetch_one(tx.conn())
        .await?;
        if other {
            errors.push(FieldError {
                field: field.key.clone(),
                code: "duplicate".into(),
                message: "Another record has this value already.".into(),
            });
        }
    }
    Ok(errors)
}

/// A deleted record keeps its values, and gives unique ones free for others.
pub(crate) async fn forget_unique(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update field_values set unique_key = null where organization_id = $1 and entity_id = $2 and unique_key is not null")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A record that comes back takes its unique values again.
///
/// # Errors
/// `Invalid` where another record has one of them meanwhile.
pub(crate) async fn keep_unique(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<()> {
    let mut fields = sql::of_type(tx, entity_type).await?;
    fields.retain(|field| field.details.unique);
    let values = values_of(tx, &fields, id).await?;
    for field in &fields {
        let Some(value) = values.get(&field.key) else { continue };
        let unique = check::unique_key(value);
        sql::store(tx, field.id, &field.result, id, Some(value), Some(&unique))
            .await
            .on_constraint("field_values_unique", || duplicate(&field.key))?;
    }
    Ok(())
}
