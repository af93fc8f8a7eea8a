//! Making, changing and retiring types of record.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::{Refusal, ResultExt},
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::{Value as Json, json};
use sqlx::types::Json as Column;

use super::{ImportObject, MOST_STATUSES, MOST_TYPES, NewObject, ObjectChange, ObjectDetails, ObjectType, schema, sql, title};
use crate::{
    core::{FIELDS_WRITE, OBJECTS_READ},
    fields::{self, Field},
    formula,
    records::{self, Kind},
};

/// The type under which definitions stand in the registry, so that the log tells their history.
const ENTITY: &str = "object_type";

/// The organization's own types of record; those out of use last, if wanted.
///
/// # Errors
/// `Denied`.
pub async fn list_types(tx: &mut Tx, retired: bool) -> Result<Vec<ObjectType>> {
    tx.require(FIELDS_WRITE)?;
    sql::select(tx, None, retired).await
}

async fn get(tx: &mut Tx, key: &str) -> Result<ObjectType> {
    tx.require(FIELDS_WRITE)?;
    sql::select(tx, Some(key), true).await?.pop().ok_or(Error::NotFound)
}

fn check(details: &ObjectDetails) -> Result<()> {
    let mut input = Input::new();
    input.text("name", details.name.trim(), 1, 100);
    input.text("plural", details.plural.trim(), 1, 100);
    input.text("description", &details.description, 0, 500);
    let plain = |word: &str, longest: usize| {
        word.len() <= longest && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
    };
    input.check(plain(&details.icon, 40), "icon", "choice", "This is not the name of an icon.");
    let statuses = &details.statuses;
    input.check(statuses.len() <= MOST_STATUSES, "statuses", "limit", format!("At most {MOST_STATUSES} statuses are possible."));
    for (place, status) in statuses.iter().enumerate() {
        let field = format!("statuses[{place}]");
        input.check(
            !status.key.is_empty() && plain(&status.key, 60),
            &format!("{field}.key"),
            "key",
            "A key is made of small letters, digits and underscores.",
        );
        input.check(
            statuses.iter().filter(|other| other.key == status.key).count() == 1,
            &format!("{field}.key"),
            "duplicate",
            "Two statuses have the same key.",
        );
        input.text(&format!("{field}.label"), status.label.trim(), 1, 100);
        input.check(status.hue < 360, &format!("{field}.hue"), "range", "A hue lies below 360.");
        let known = status.next.iter().all(|next| statuses.iter().any(|other| other.key == *next));
        input.check(known, &format!("{field}.next"), "choice", "Only statuses of the type may follow.");
    }
    for (name, roles) in [("read_roles", &details.read_roles), ("write_roles", &details.write_roles)] {
        input.check(roles.len() <= 100 && roles.iter().all(|role| plain(role, 60)), name, "choice", "These are not roles.");
    }
    input.text("title", details.title.as_deref().unwrap_or_default(), 0, formula::LONGEST);
    input.finish()
}

fn tidy(details: &ObjectDetails) -> ObjectDetails {
    ObjectDetails {
        name: details.name.trim().into(),
        plural: details.plural.trim().into(),
        description: details.description.trim().into(),
        title: details.title.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        ..details.clone()
    }
}

/// Whether the title's formula reads fields that are there and gives something to say.
fn check_title(details: &ObjectDetails, fields: &[Field]) -> Result<()> {
    let Some(text) = &details.title else { return Ok(()) };
    let kind = |key: &str| match key {
        "status" => Some(Kind::Text),
        key => fields.iter().find(|field| field.key == key).map(|field| title::kind_in_titles(&field.result)),
    };
    let checked = formula::parse(text).and_then(|expr| formula::check(&expr, &kind));
    checked.map(|_| ()).map_err(|fault| Error::invalid("title", fault.code, fault.message))
}

/// Makes a type of record. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`.
pub async fn define(tx: &mut Tx, new: &NewObject) -> Result<ObjectType> {
    tx.require(FIELDS_WRITE)?;
    let right = new.key.len() <= 40
        && new.key.starts_with(|c: char| c.is_ascii_lowercase())
        && new.key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if !right {
        return Err(Error::invalid("key", "key", "A key is made of small letters and underscores, a letter first."));
    }
    let details = tidy(&new.details);
    check(&details)?;
    check_title(&details, &[])?;
    if let Some(known) = sql::select(tx, Some(&new.key), true).await?.pop() {
        return if new.id == Some(known.id) { Ok(known) } else { Err(taken()) };
    }
    if sql::select(tx, None, true).await?.len() >= MOST_TYPES {
        return Err(Error::invalid("key", "limit", format!("At most {MOST_TYPES} types of record are possible.")));
    }
    let of = ObjectType { id: new.id.unwrap_or_else(EntityId::new), key: new.key.clone(), details, version: 1, retired: false };
    let entity =
        NewEntity { id: of.id, entity_type: ENTITY, title: &of.details.plural, keywords: &of.key, owner: Some(tx.user()), status: None };
    entities::insert(tx, &entity).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("insert into object_types (organization_id, id, key, details, created_at) values ($1, $2, $3, $4, $5)")
        .bind(organization)
        .bind(of.id)
        .bind(&of.key)
        .bind(Column(&of.details))
        .bind(now)
        .execute(tx.conn())
        .await
        .on_constraint("object_types_key", taken)?;
    actions::record(tx, EntityRef::new(ENTITY, of.id), "created", None, Some(json!(of))).await?;
    Ok(of)
}

fn taken() -> Error {
    Error::invalid("key", "duplicate", "There is a type of this key already.")
}

async fn held(tx: &mut Tx, key: &str, version: i32) -> Result<ObjectType> {
    let known = get(tx, key).await?;
    let organization = tx.organization();
    sqlx::query("select 1 from object_types where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(known.id)
        .execute(tx.conn())
        .await?;
    let known = get(tx, key).await?;
    if known.version != version {
        let author = actions::timeline(tx, known.id, 1).await?.into_iter().next().and_then(|row| row.user_name);
        let current = Some(json!({ "type": known, "author": author }));
        return Err(Refusal { current, ..Refusal::new("version", "Somebody else has changed this type in the meantime.") }.into());
    }
    Ok(known)
}

/// Changes a type of record. Records keep the titles they have until they are next written.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of codes `version` and `in_use`.
pub async fn update_type(tx: &mut Tx, key: &str, change: &ObjectChange) -> Result<ObjectType> {
    // Who may not, and what is not there, is told first; then what is wrong by itself; then who was quicker.
    get(tx, key).await?;
    let details = tidy(&change.details);
    check(&details)?;
    let old = held(tx, key, change.version).await?;
    let entity_type = old.entity_type();
    let fields = fields::of_type(tx, &entity_type).await?;
    check_title(&details, &fields)?;
    let organization = tx.organization();
    let gone: Vec<String> =
        old.details.statuses.iter().map(|s| s.key.clone()).filter(|key| !details.statuses.iter().any(|s| s.key == *key)).collect();
    let used: Option<String> = sqlx::query_scalar(
        "select status from entities where organization_id = $1 and entity_type = $2 and status = any($3) and deleted_at is null limit 1",
    )
    .bind(organization)
    .bind(&entity_type)
    .bind(gone)
    .fetch_optional(tx.conn())
    .await?;
    if let Some(word) = used {
        return Err(Error::conflict("in_use", format!("Records have the status {word}.")));
    }
    sqlx::query("update object_types set details = $3, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(old.id)
        .bind(Column(&details))
        .execute(tx.conn())
        .await?;
    entities::update(tx, old.id, &details.plural, &old.key, None).await?;
    let new = ObjectType { details, version: old.version + 1, ..old.clone() };
    actions::record(tx, EntityRef::new(ENTITY, old.id), "updated", Some(json!(old)), Some(json!(new))).await?;
    Ok(new)
}

/// Takes a type out of use; its records stay, and it can be taken into use again.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of codes `version` and `in_use` where a field of another type refers to it.
pub async fn retire(tx: &mut Tx, key: &str, version: i32) -> Result<ObjectType> {
    let old = held(tx, key, version).await?;
    let organization = tx.organization();
    let user: Option<String> = sqlx::query_scalar(
        "select details ->> 'label' from fields
         where organization_id = $1 and retired_at is null and entity_type <> $2
           and (result ->> 'reference' = $2 or details #>> '{shape,roll_up,source}' = $2) limit 1",
    )
    .bind(organization)
    .bind(old.entity_type())
    .fetch_optional(tx.conn())
    .await?;
    if let Some(label) = user {
        return Err(Error::conflict("in_use", format!("The field {label} refers to this type.")));
    }
    set_retired(tx, old, true).await
}

/// Takes a type into use again.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `version`.
pub async fn restore_type(tx: &mut Tx, key: &str, version: i32) -> Result<ObjectType> {
    let old = held(tx, key, version).await?;
    set_retired(tx, old, false).await
}

async fn set_retired(tx: &mut Tx, old: ObjectType, retired: bool) -> Result<ObjectType> {
    if old.retired == retired {
        return Ok(old);
    }
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update object_types set retired_at = case when $3 then $4::timestamptz end, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(old.id)
        .bind(retired)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let new = ObjectType { retired, version: old.version + 1, ..old.clone() };
    let verb = if retired { "retired" } else { "restored" };
    actions::record(tx, EntityRef::new(ENTITY, old.id), verb, Some(json!(old)), Some(json!(new))).await?;
    Ok(new)
}

/// A type of whichever kind as JSON Schema: what programs may send and will be sent as `values`.
///
/// # Errors
/// `NotFound`.
pub async fn definition(tx: &mut Tx, entity_type: &str) -> Result<Json> {
    tx.require(OBJECTS_READ)?;
    let info = records::may_read(tx, entity_type).await?;
    let state = tx.state().clone();
    let infos = records::fields_of(tx, &state, entity_type).await?;
    let own = fields::of_type(tx, entity_type).await?;
    let details = match entity_type.strip_prefix("object:") {
        Some(key) => Some(sql::readable(tx, key).await?.details),
        None => None,
    };
    Ok(schema::written(&info, &infos, &own, details.as_ref()))
}

/// Makes a type of record and its fields as a JSON Schema tells them.
///
/// # Errors
/// `Denied`, `Invalid` at the place in the schema.
pub async fn import(tx: &mut Tx, import: &ImportObject) -> Result<ObjectType> {
    tx.require(FIELDS_WRITE)?;
    let (details, new) =
        schema::read(&import.key, &import.schema).map_err(|(field, code, message)| Error::invalid(&field, code, message))?;
    let wanted_title = details.title.clone();
    let mut made = define(tx, &NewObject { id: None, key: import.key.clone(), details: ObjectDetails { title: None, ..details } }).await?;
    for field in new {
        let key = field.key.clone();
        fields::define(tx, &field).await.map_err(|error| match error {
            Error::Invalid(mut errors) => {
                errors.iter_mut().for_each(|error| error.field = format!("properties.{key}.{}", error.field));
                Error::Invalid(errors)
            }
            other => other,
        })?;
    }
    if wanted_title.is_some() {
        let details = ObjectDetails { title: wanted_title, ..made.details.clone() };
        made = update_type(tx, &import.key, &ObjectChange { version: made.version, details }).await?;
    }
    Ok(made)
}
