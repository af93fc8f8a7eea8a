//! Making and changing records of whichever type.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::{FieldError, Refusal},
    id::{EntityId, EntityRef},
};
use serde_json::{Map, Value as Json, json};

use super::{ObjectType, RecordInput, list, sql, title};
use crate::{
    core::OBJECTS_WRITE,
    fields::{self, Change, Field},
    records::{self, FieldInfo, OBJECTS, Record, RecordSource, Saving, Value, Values, source},
};

/// Reads what a program has sent: plain JSON by the kinds of the fields.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` at every field at fault.
pub async fn input_of(tx: &mut Tx, entity_type: &str, json: &Map<String, Json>) -> Result<RecordInput> {
    tx.require(OBJECTS_WRITE)?;
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, entity_type).await?;
    let organization = tx.organization();
    let currency: String =
        sqlx::query_scalar("select currency from organizations where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    let (mut input, mut errors) = (RecordInput::default(), Vec::new());
    for (key, value) in json {
        let read = match fields.iter().find(|field| field.key == *key) {
            Some(field) => Value::from_json(&field.kind, value, &currency),
            None => Err(("unknown", "There is no such field.")),
        };
        match read {
            Ok(Some(value)) => {
                input.values.insert(key.clone(), value);
            }
            Ok(None) => input.emptied.push(key.clone()),
            Err((code, message)) => errors.push(FieldError { field: key.clone(), code: code.into(), message: message.into() }),
        }
    }
    if errors.is_empty() { Ok(input) } else { Err(Error::Invalid(errors)) }
}

/// What concerns a module's own fields, and what the organization's.
fn split(fields: &[FieldInfo], input: &RecordInput) -> Result<(RecordInput, RecordInput)> {
    let own = |key: &str| fields.iter().find(|field| field.key == key).map(|field| field.custom.is_some());
    let (mut theirs, mut ours) = (RecordInput::default(), RecordInput::default());
    let mut errors = Vec::new();
    let keys = input.values.keys().chain(&input.emptied);
    for key in keys.filter(|key| own(key).is_none()) {
        errors.push(FieldError { field: key.clone(), code: "unknown".into(), message: "There is no such field.".into() });
    }
    for (key, value) in &input.values {
        let part = if own(key) == Some(true) { &mut ours } else { &mut theirs };
        part.values.insert(key.clone(), value.clone());
    }
    for key in &input.emptied {
        let part = if own(key) == Some(true) { &mut ours } else { &mut theirs };
        part.emptied.push(key.clone());
    }
    if errors.is_empty() { Ok((theirs, ours)) } else { Err(Error::Invalid(errors)) }
}

/// Makes a record. With the id of an existing one of the type it returns that one.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`.
pub async fn create(tx: &mut Tx, entity_type: &str, input: &RecordInput) -> Result<Record> {
    tx.require(OBJECTS_WRITE)?;
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, entity_type).await?;
    if let Some(key) = entity_type.strip_prefix("object:") {
        let of = sql::writable(tx, key).await?;
        return create_own(tx, &of, input).await;
    }
    let save = source(&state, entity_type)?.save.ok_or(Error::Denied(OBJECTS_WRITE))?;
    let (theirs, ours) = split(&fields, input)?;
    if let Some(id) = input.id {
        match list::one(tx, entity_type, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let id = save(tx, Saving::New(input.id), &theirs.values, &theirs.emptied).await?;
    if fields.iter().any(|field| field.custom.is_some()) {
        let written = fields::write(tx, entity_type, id, &Change { values: &ours.values, emptied: &ours.emptied, creating: true }).await?;
        if !written.new.is_empty() {
            actions::record(tx, EntityRef::new(entity_type, id), "updated", None, Some(Json::Object(written.new))).await?;
        }
    }
    list::one(tx, entity_type, id).await
}

async fn create_own(tx: &mut Tx, of: &ObjectType, input: &RecordInput) -> Result<Record> {
    let entity_type = of.entity_type();
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match list::one(tx, &entity_type, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let (status, ours) = with_status(of, input, None)?;
    let new = NewEntity {
        id,
        entity_type: &entity_type,
        title: &of.details.name,
        keywords: "",
        owner: Some(tx.user()),
        status: status.as_deref(),
    };
    entities::insert(tx, &new).await?;
    let written = fields::write(tx, &entity_type, id, &Change { values: &ours.values, emptied: &ours.emptied, creating: true }).await?;
    let title = name(tx, of, id, status.as_deref(), None).await?;
    let mut told = written.new;
    told.insert("title".into(), json!(title));
    if let Some(status) = status {
        told.insert("status".into(), json!(status));
    }
    actions::record(tx, EntityRef::new(&entity_type, id), "created", None, Some(Json::Object(told))).await?;
    list::one(tx, &entity_type, id).await
}

/// The status that is wanted, and the input without it.
fn with_status(of: &ObjectType, input: &RecordInput, present: Option<&str>) -> Result<(Option<String>, RecordInput)> {
    let mut rest = input.clone();
    let statuses = &of.details.statuses;
    let wanted = match rest.values.remove("status") {
        Some(Value::Choices(keys)) => keys.into_iter().next(),
        Some(_) => return Err(Error::invalid("status", "choice", "One of the statuses is needed.")),
        None => None,
    };
    for computed in OBJECTS.computed {
        // Forms send what they show.
        rest.values.remove(*computed);
        rest.emptied.retain(|key| key != computed);
    }
    rest.emptied.retain(|key| key != "status");
    let Some(wanted) = wanted else {
        return Ok((present.map(str::to_owned).or_else(|| statuses.first().map(|status| status.key.clone())), rest));
    };
    if !statuses.iter().any(|status| status.key == wanted) {
        return Err(Error::invalid("status", "choice", "One of the statuses is needed."));
    }
    let from = present.and_then(|key| statuses.iter().find(|status| status.key == key));
    let allowed = match from {
        Some(from) => from.key == wanted || from.next.is_empty() || from.next.contains(&wanted),
        None => true,
    };
    if allowed { Ok((Some(wanted), rest)) } else { Err(Error::conflict("transition", "This status does not follow the present one.")) }
}

/// Calls a record by what it holds now.
pub(super) async fn name(tx: &mut Tx, of: &ObjectType, id: EntityId, status: Option<&str>, present: Option<&str>) -> Result<String> {
    let entity_type = of.entity_type();
    let fields: Vec<Field> = fields::of_type(tx, &entity_type).await?;
    let known: Vec<FieldInfo> = fields.iter().map(|field| field.info("owner")).collect();
    let known: Vec<_> = known.iter().filter_map(|field| Some((field.custom?, field))).collect();
    let values: Values = fields::values(tx, &known, &[id]).await?.into_iter().map(|(_, key, value)| (key, value)).collect();
    let title = title::title(tx, of, &fields, &values, status, present).await?;
    let (organization, keywords) = (tx.organization(), title::keywords(&fields, &values));
    sqlx::query("update entities set title = $3, keywords = $4 where organization_id = $1 and id = $2 and (title <> $3 or keywords <> $4)")
        .bind(organization)
        .bind(id)
        .bind(&title)
        .bind(keywords)
        .execute(tx.conn())
        .await?;
    Ok(title)
}

/// That somebody else was first (R18), with what is stored now.
pub(super) async fn stale(tx: &mut Tx, record: &Record, fields: &[FieldInfo]) -> Result<Error> {
    let author = actions::timeline(tx, record.id, 1).await?.into_iter().next().and_then(|row| row.user_name);
    let current = Some(json!({ "record": record.to_json(fields), "author": author }));
    Ok(Refusal { current, ..Refusal::new("version", "Somebody else has changed this record in the meantime.") }.into())
}

/// Changes what is named of a record; the input's version must be the present one (R18).
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`, `Conflict` of codes `version` and `transition`.
pub async fn update(tx: &mut Tx, entity_type: &str, id: EntityId, input: &RecordInput) -> Result<Record> {
    tx.require(OBJECTS_WRITE)?;
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, entity_type).await?;
    if let Some(key) = entity_type.strip_prefix("object:") {
        let of = sql::writable(tx, key).await?;
        return update_own(tx, &of, id, input, &fields).await;
    }
    let source = source(&state, entity_type)?;
    let (version, own) = records::turn_of(tx, source, entity_type, id).await?;
    let written = if version == input.version {
        update_both(tx, source, id, own, split(&fields, input)?, version).await
    } else {
        Err(Error::conflict("version", ""))
    };
    match written {
        // One refusal for all types, whichever half found it out.
        Err(Error::Conflict(refusal)) if refusal.code == "version" => {
            let now = list::one(tx, entity_type, id).await?;
            Err(stale(tx, &now, &fields).await?)
        }
        written => written,
    }?;
    list::one(tx, entity_type, id).await
}

/// Writes what a module keeps of a record, and what the organization's own fields hold: both from one version, or neither.
async fn update_both(
    tx: &mut Tx,
    source: &RecordSource,
    id: EntityId,
    own: i32,
    (theirs, ours): (RecordInput, RecordInput),
    mut version: i32,
) -> Result<()> {
    let entity_type = source.entity_type;
    let named = !(theirs.values.is_empty() && theirs.emptied.is_empty());
    if named {
        let save = source.save.ok_or(Error::Denied(OBJECTS_WRITE))?;
        save(tx, Saving::Known(id, own), &theirs.values, &theirs.emptied).await?;
        // Raised just now, and held since.
        version = fields::version(tx, entity_type, id).await?;
    }
    if !(ours.values.is_empty() && ours.emptied.is_empty()) {
        let input = fields::FieldsInput { version, values: ours.values, emptied: ours.emptied };
        fields::save(tx, entity_type, id, &input).await?;
    } else if named {
        fields::touched(tx, entity_type, id).await?;
    }
    Ok(())
}

async fn update_own(tx: &mut Tx, of: &ObjectType, id: EntityId, input: &RecordInput, infos: &[FieldInfo]) -> Result<Record> {
    let entity_type = of.entity_type();
    let version = fields::version(tx, &entity_type, id).await?;
    let before = list::one(tx, &entity_type, id).await?;
    if version != input.version {
        return Err(stale(tx, &before, infos).await?);
    }
    let (status, ours) = with_status(of, input, before.status.as_deref())?;
    let mut written =
        fields::write(tx, &entity_type, id, &Change { values: &ours.values, emptied: &ours.emptied, creating: false }).await?;
    let title = name(tx, of, id, status.as_deref(), Some(&before.title)).await?;
    for (key, old, new) in
        [("status", before.status.as_deref(), status.as_deref()), ("title", Some(before.title.as_str()), Some(title.as_str()))]
    {
        if old != new {
            written.old.insert(key.into(), json!(old));
            written.new.insert(key.into(), json!(new));
        }
    }
    if written.new.is_empty() {
        return Ok(before);
    }
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update entities set status = $3, version = version + 1, updated_at = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(status)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let (old, new) = (Some(Json::Object(written.old)), Some(Json::Object(written.new)));
    actions::record(tx, EntityRef::new(&entity_type, id), "updated", old, new).await?;
    list::one(tx, &entity_type, id).await
}
