//! Types, fields and records as who asks may see them.

use chrono::DateTime;
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, FieldId},
    module::{EntityType, Module},
};
use sqlx::{Postgres, QueryBuilder, Row};
use std::collections::HashMap;

use super::{Decimal, FieldInfo, Kind, Record, RecordSource, TypeInfo, Value, push_base, reach, source, source::push_whole};
use crate::{fields, objects};

/// The module's type of that key, with its module.
fn registered(state: &State, entity_type: &str) -> Option<(&'static Module, &'static EntityType)> {
    state.modules.iter().find_map(|module| Some((*module, module.entity_type(entity_type)?)))
}

/// Whether records of a type may be seen, all or some of them; one that may not be is not found, like one that is not there.
///
/// # Errors
/// `NotFound`.
pub async fn may_read(tx: &mut Tx, entity_type: &str) -> Result<TypeInfo> {
    if let Some(key) = entity_type.strip_prefix("object:") {
        return Ok(objects::readable(tx, key).await?.info());
    }
    let state = tx.state().clone();
    let (module, kind) = registered(&state, entity_type).ok_or(Error::NotFound)?;
    if reach::of_type(tx, module, kind).is_some() { Ok(of_module(kind)) } else { Err(Error::NotFound) }
}

/// As [`may_read`] of a type whose records are listed. What takes place on the calendar is none: it is called by what it is
/// about, and who may know that is not the type's to say.
///
/// # Errors
/// `NotFound`.
pub async fn may_list(tx: &mut Tx, entity_type: &str) -> Result<TypeInfo> {
    let state = tx.state().clone();
    source(&state, entity_type)?;
    may_read(tx, entity_type).await
}

/// Whether fields that the organization has added to a type may be written: whoever sees a module's record and may write
/// fields of records, and for the organization's own types whom they name.
///
/// # Errors
/// `NotFound`, `Denied`.
pub async fn may_write(tx: &mut Tx, entity_type: &str) -> Result<TypeInfo> {
    tx.require(crate::core::OBJECTS_WRITE)?;
    if let Some(key) = entity_type.strip_prefix("object:") {
        return Ok(objects::writable(tx, key).await?.info());
    }
    may_read(tx, entity_type).await
}

fn of_module(kind: &EntityType) -> TypeInfo {
    TypeInfo {
        key: kind.key.into(),
        name: kind.key.into(),
        plural: kind.key.into(),
        icon: kind.icon.into(),
        path: kind.path.into(),
        flexible: false,
    }
}

/// All types of record that who asks may see and whose records can be listed: the modules' in their order, then the
/// organization's own.
///
/// # Errors
/// `Unavailable`.
pub async fn types(tx: &mut Tx) -> Result<Vec<TypeInfo>> {
    let state = tx.state().clone();
    let mut types: Vec<TypeInfo> = Vec::new();
    for module in state.modules {
        for kind in module.entity_types {
            if reach::of_type(tx, module, kind).is_some() && source(&state, kind.key).is_ok() {
                types.push(of_module(kind));
            }
        }
    }
    types.extend(objects::visible(tx).await?.iter().map(objects::ObjectType::info));
    Ok(types)
}

/// All fields of a type that who asks may see: those its module has declared and can be read, then the organization's own.
///
/// # Errors
/// `NotFound` where the type may not be seen.
pub async fn fields_of(tx: &mut Tx, state: &State, entity_type: &str) -> Result<Vec<FieldInfo>> {
    may_read(tx, entity_type).await?;
    let mut all = declared(tx, state, entity_type).await?;
    let role = tx.actor().role.clone();
    let own = fields::of_type(tx, entity_type).await?;
    all.extend(own.iter().filter(|field| field.visible_to(&role)).map(|field| field.info(&role)));
    Ok(all)
}

/// What a module has declared of a type, or what every type of the organization's own has.
pub(crate) async fn declared(tx: &mut Tx, state: &State, entity_type: &str) -> Result<Vec<FieldInfo>> {
    let source = source(state, entity_type)?;
    let plain = |key: &str, kind: Kind, required: bool, editable: bool| FieldInfo {
        key: key.into(),
        label: super::kind::sentence(key),
        kind,
        required,
        custom: None,
        computed: !editable,
        editable,
        section: String::new(),
        help: String::new(),
    };
    if let Some(key) = entity_type.strip_prefix("object:") {
        let choices = objects::readable(tx, key).await?.details.statuses.iter().map(objects::Status::choice).collect();
        return Ok(vec![
            plain("title", Kind::Text, false, false),
            plain("status", Kind::Choice(choices), false, true),
            plain("created_at", Kind::DateTime, false, false),
            plain("updated_at", Kind::DateTime, false, false),
        ]);
    }
    let (_, kind) = registered(state, entity_type).ok_or(Error::NotFound)?;
    let known = kind.fields.iter().filter(|field| source.column(field.key).is_some());
    let writes = |key: &str| source.save.is_some() && !source.computed.contains(&key);
    Ok(known.map(|field| plain(field.key, Kind::declared(field.kind), field.required, writes(field.key))).collect())
}

/// Records of a type with all values that who asks may see, in the order of `ids`; what is not there is left out.
///
/// # Errors
/// `NotFound` where the type may not be seen.
pub async fn read(tx: &mut Tx, state: &State, entity_type: &str, ids: &[EntityId]) -> Result<Vec<Record>> {
    let fields = fields_of(tx, state, entity_type).await?;
    read_fields(tx, state, entity_type, &fields, ids).await
}

/// As [`read`], of these fields.
pub(crate) async fn read_fields(
    tx: &mut Tx,
    state: &State,
    entity_type: &str,
    fields: &[FieldInfo],
    ids: &[EntityId],
) -> Result<Vec<Record>> {
    read_by(tx, state, entity_type, fields, ids, push_base).await
}

/// As [`read_fields`], also of records that the actor is not told of: for what is computed from them, whoever writes.
pub(crate) async fn read_whole(
    tx: &mut Tx,
    state: &State,
    entity_type: &str,
    fields: &[FieldInfo],
    ids: &[EntityId],
) -> Result<Vec<Record>> {
    read_by(tx, state, entity_type, fields, ids, push_whole).await
}

async fn read_by(
    tx: &mut Tx,
    state: &State,
    entity_type: &str,
    fields: &[FieldInfo],
    ids: &[EntityId],
    push_base: fn(&mut QueryBuilder<Postgres>, &Tx, &RecordSource, &str),
) -> Result<Vec<Record>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let source = source(state, entity_type)?;
    let declared: Vec<&FieldInfo> = fields.iter().filter(|field| field.custom.is_none()).collect();
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new("select r.id, e.title, e.status, e.version, array[");
    for (place, field) in declared.iter().enumerate() {
        query.push(if place == 0 { "" } else { ", " });
        push_text(&mut query, source, field);
    }
    query.push("]::text[] as declared");
    push_base(&mut query, tx, source, entity_type);
    query.push(" and r.id = any(").push_bind(ids.to_vec()).push(")");
    let rows = query.build().fetch_all(tx.conn()).await?;

    let mut records: HashMap<EntityId, Record> = HashMap::with_capacity(rows.len());
    for row in rows {
        let id: EntityId = row.try_get("id")?;
        let texts: Vec<Option<String>> = row.try_get("declared")?;
        let values = declared.iter().zip(texts).filter_map(|(field, text)| Some((field.key.clone(), parsed(&field.kind, &text?)?)));
        let record = Record {
            id,
            entity_type: entity_type.into(),
            title: row.try_get("title")?,
            status: row.try_get("status")?,
            version: row.try_get("version")?,
            values: values.collect(),
        };
        records.insert(id, record);
    }
    let custom: Vec<(FieldId, &FieldInfo)> = fields.iter().filter_map(|field| Some((field.custom?, field))).collect();
    if !custom.is_empty() {
        for (id, key, value) in fields::values(tx, &custom, ids).await? {
            if let Some(record) = records.get_mut(&id) {
                record.values.insert(key, value);
            }
        }
    }
    Ok(ids.iter().filter_map(|id| records.remove(id)).collect())
}

/// Waits until nobody else writes a record through the operations of all types, and keeps it so until the transaction ends.
/// Comes before anything else is held: a module holds what its record is about before the record itself, so that holding
/// the record here would be the wrong way round.
pub(crate) async fn turn(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::text || $2::text, 0))")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// As [`turn`], and gives the version by which the living record is told and, of the same moment, its module's own. Whoever
/// changes the record by its module's own door meanwhile makes the latter an old one.
///
/// # Errors
/// `NotFound`.
pub(crate) async fn turn_of(tx: &mut Tx, source: &RecordSource, entity_type: &str, id: EntityId) -> Result<(i32, i32)> {
    turn(tx, id).await?;
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new("select e.version, ");
    query.push(source.version);
    push_base(&mut query, tx, source, entity_type);
    query.push(" and r.id = ").push_bind(id);
    query.build_query_as().fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)
}

/// A declared field as text that [`parsed`] reads.
fn push_text(query: &mut QueryBuilder<Postgres>, source: &RecordSource, field: &FieldInfo) {
    let Some(column) = source.column(&field.key) else {
        query.push("null");
        return;
    };
    match field.kind {
        Kind::DateTime => query.push("to_char((").push(column).push(") at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
        Kind::Money => {
            let currency = source.column(&[&field.key, ".currency"].concat()).unwrap_or("''");
            query.push("(").push(column).push(")::text || ' ' || ").push(currency)
        }
        Kind::MultiChoice(_) => query.push("array_to_string(").push(column).push(", ',')"),
        _ => query.push("(").push(column).push(")::text"),
    };
}

/// A declared value from its text; an empty text is empty.
fn parsed(kind: &Kind, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    Some(match kind {
        Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url => Value::Text(text.into()),
        Kind::Number | Kind::Percent => Value::Number(text.parse::<Decimal>().ok()?),
        Kind::Money => {
            let (minor, currency) = text.split_once(' ')?;
            Value::Money { minor: minor.parse().ok()?, currency: currency.into() }
        }
        Kind::Date => Value::Date(text.parse().ok()?),
        Kind::DateTime => Value::Instant(DateTime::parse_from_rfc3339(text).ok()?.to_utc()),
        Kind::Boolean => Value::Bool(text == "true"),
        Kind::Choice(_) => Value::choice(text),
        Kind::MultiChoice(_) => Value::Choices(text.split(',').map(str::to_owned).collect()),
        Kind::Reference(_) => Value::Reference(text.parse().ok()?),
    })
}
