//! Fields and their values in the database.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Result, Tx,
    id::{EntityId, FieldId},
};
use sqlx::types::Json;
use std::collections::{BTreeMap, BTreeSet};

use super::{Field, FieldDetails, Shape};
use crate::{
    formula,
    records::{FieldInfo, Kind, Value},
};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: FieldId,
    entity_type: String,
    key: String,
    details: Json<FieldDetails>,
    result: Json<Kind>,
    version: i32,
    retired: bool,
}

impl From<Row> for Field {
    fn from(row: Row) -> Field {
        Field {
            id: row.id,
            entity_type: row.entity_type,
            key: row.key,
            result: row.result.0,
            details: row.details.0,
            version: row.version,
            retired: row.retired,
        }
    }
}

/// The fields of a type that are in use, in their order.
pub(crate) async fn of_type(tx: &mut Tx, entity_type: &str) -> Result<Vec<Field>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, entity_type, key, details, result, version, false as retired from fields
         where organization_id = $1 and entity_type = $2 and retired_at is null order by sort, id",
    )
    .bind(organization)
    .bind(entity_type)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Field::from).collect())
}

/// The keys of the organization's fields of these types, also of those retired, that the actor may not see: what they hold is
/// taken out of whatever is told of a record's past.
///
/// # Errors
/// `Unavailable`.
pub(crate) async fn hidden_keys(tx: &mut Tx, entity_types: &[String]) -> Result<BTreeSet<String>> {
    let (organization, role) = (tx.organization(), tx.actor().role.clone());
    let rows: Vec<Row> = sqlx::query_as(
        "select id, entity_type, key, details, result, version, retired_at is not null as retired from fields
         where organization_id = $1 and entity_type = any ($2)",
    )
    .bind(organization)
    .bind(entity_types)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Field::from).filter(|field| !field.visible_to(&role)).map(|field| field.key).collect())
}

/// Takes what hidden fields hold out of one side of an entry in the log.
pub(crate) fn hide(hidden: &BTreeSet<String>, side: &mut Option<serde_json::Value>) {
    if let Some(values) = side.as_mut().and_then(serde_json::Value::as_object_mut) {
        values.retain(|key, _| !hidden.contains(key));
    }
}

/// The fields of a type together with the roll-ups of other types that look at it: what a change of its records may touch.
pub(super) async fn around(tx: &mut Tx, entity_type: &str) -> Result<(Vec<Field>, Vec<Field>)> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, entity_type, key, details, result, version, false as retired from fields
         where organization_id = $1 and retired_at is null
           and (entity_type = $2 or details #>> '{shape,roll_up,source}' = $2) order by sort, id",
    )
    .bind(organization)
    .bind(entity_type)
    .fetch_all(tx.conn())
    .await?;
    let all: Vec<Field> = rows.into_iter().map(Field::from).collect();
    let looking = |field: &&Field| matches!(&field.details.shape, Shape::RollUp(up) if up.source == entity_type);
    let above = all.iter().filter(looking).cloned().collect();
    Ok((all.into_iter().filter(|field| field.entity_type == entity_type).collect(), above))
}

/// All fields in use, of all types.
pub(super) async fn in_use(tx: &mut Tx) -> Result<Vec<Field>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, entity_type, key, details, result, version, false as retired from fields
         where organization_id = $1 and retired_at is null order by entity_type, sort, id",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Field::from).collect())
}

/// Fields of a type, retired ones last and only if wanted; or the one of that id.
pub(super) async fn select(tx: &mut Tx, entity_type: Option<&str>, id: Option<FieldId>, retired: bool) -> Result<Vec<Field>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, entity_type, key, details, result, version, retired_at is not null as retired from fields
         where organization_id = $1 and ($2::text is null or entity_type = $2) and ($3::uuid is null or id = $3)
           and ($4 or retired_at is null)
         order by retired_at is not null, sort, id limit 1000",
    )
    .bind(organization)
    .bind(entity_type)
    .bind(id)
    .bind(retired)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Field::from).collect())
}

/// A value as its rows.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) seq: i16,
    pub(super) text: Option<String>,
    pub(super) num: Option<String>,
    pub(super) date: Option<NaiveDate>,
    pub(super) ts: Option<DateTime<Utc>>,
    pub(super) yes: Option<bool>,
    pub(super) reference: Option<EntityId>,
    pub(super) long: Option<String>,
    pub(super) error: Option<String>,
}

/// The rows of a value of a field of that kind.
pub(super) fn rows_of(kind: &Kind, value: &Value) -> Vec<Stored> {
    let one = |stored: Stored| vec![stored];
    match value {
        Value::Text(text) if *kind == Kind::LongText => one(Stored { long: Some(text.clone()), ..Stored::default() }),
        Value::Text(text) => one(Stored { text: Some(text.clone()), ..Stored::default() }),
        Value::Number(number) => one(Stored { num: Some(number.to_string()), ..Stored::default() }),
        Value::Money { minor, currency } => one(Stored { num: Some(minor.to_string()), text: Some(currency.clone()), ..Stored::default() }),
        Value::Date(date) => one(Stored { date: Some(*date), ..Stored::default() }),
        Value::Instant(at) => one(Stored { ts: Some(*at), ..Stored::default() }),
        Value::Bool(yes) => one(Stored { yes: Some(*yes), ..Stored::default() }),
        Value::Choices(keys) => {
            let rows = keys.iter().zip(0_i16..).map(|(key, seq)| Stored { seq, text: Some(key.clone()), ..Stored::default() });
            rows.collect()
        }
        Value::Reference(id) => one(Stored { reference: Some(*id), ..Stored::default() }),
        Value::Error(error) => one(Stored { error: Some(error.code.clone()), ..Stored::default() }),
    }
}

type Cells = (
    FieldId,
    EntityId,
    Option<String>,
    Option<String>,
    Option<NaiveDate>,
    Option<DateTime<Utc>>,
    Option<bool>,
    Option<EntityId>,
    Option<String>,
    Option<String>,
);

/// The values that these records have of these fields, with the fields' keys.
pub(crate) async fn values(tx: &mut Tx, fields: &[(FieldId, &FieldInfo)], ids: &[EntityId]) -> Result<Vec<(EntityId, String, Value)>> {
    let known: Vec<(FieldId, &str, &Kind)> = fields.iter().map(|(id, field)| (*id, field.key.as_str(), &field.kind)).collect();
    values_of(tx, &known, ids).await
}

/// As [`values`], by the fields' keys and kinds.
pub(super) async fn values_of(tx: &mut Tx, fields: &[(FieldId, &str, &Kind)], ids: &[EntityId]) -> Result<Vec<(EntityId, String, Value)>> {
    let organization = tx.organization();
    let cells: Vec<Cells> = sqlx::query_as(
        "select field_id, entity_id, v_text, v_num::text, v_date, v_ts, v_bool, v_ref, v_long, v_error from field_values
         where organization_id = $1 and entity_id = any($2) and field_id = any($3) order by entity_id, field_id, seq",
    )
    .bind(organization)
    .bind(ids.to_vec())
    .bind(fields.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    let mut found: BTreeMap<(EntityId, FieldId), Value> = BTreeMap::new();
    for cell in cells {
        let (field, entity) = (cell.0, cell.1);
        let Some((_, key, kind)) = fields.iter().find(|(id, _, _)| *id == field) else { continue };
        let Some(value) = value_of(kind, key, cell) else { continue };
        match (found.get_mut(&(entity, field)), value) {
            (Some(Value::Choices(keys)), Value::Choices(more)) => keys.extend(more),
            (_, value) => {
                found.insert((entity, field), value);
            }
        }
    }
    let key = |id: FieldId| fields.iter().find(|(known, _, _)| *known == id).map(|(_, key, _)| (*key).to_owned());
    Ok(found.into_iter().filter_map(|((entity, field), value)| Some((entity, key(field)?, value))).collect())
}

fn value_of(kind: &Kind, key: &str, cell: Cells) -> Option<Value> {
    let (_, _, text, num, date, ts, yes, reference, long, error) = cell;
    if let Some(code) = error {
        return Some(formula::error(key, &code));
    }
    Some(match kind {
        Kind::Text | Kind::Email | Kind::Phone | Kind::Url => Value::Text(text?),
        Kind::LongText => Value::Text(long?),
        Kind::Number | Kind::Percent => Value::Number(num?.parse().ok()?),
        Kind::Money => Value::Money { minor: num?.split('.').next()?.parse().ok()?, currency: text? },
        Kind::Date => Value::Date(date?),
        Kind::DateTime => Value::Instant(ts?),
        Kind::Boolean => Value::Bool(yes?),
        Kind::Choice(_) | Kind::MultiChoice(_) => Value::Choices(vec![text?]),
        Kind::Reference(_) => Value::Reference(reference?),
    })
}

/// Puts a value in the place of what a record had of a field; none empties it.
pub(super) async fn store(
    tx: &mut Tx,
    field: FieldId,
    kind: &Kind,
    entity: EntityId,
    value: Option<&Value>,
    unique: Option<&str>,
) -> Result<(), sqlx::Error> {
    let organization = tx.organization();
    sqlx::query("delete from field_values where organization_id = $1 and field_id = $2 and entity_id = $3")
        .bind(organization)
        .bind(field)
        .bind(entity)
        .execute(tx.conn())
        .await?;
    let rows = value.map(|value| rows_of(kind, value)).unwrap_or_default();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into field_values (organization_id, field_id, entity_id, seq, v_text, v_num, v_date, v_ts, v_bool, v_ref, v_long, v_error, unique_key)
         select $1, $2, $3, seq, v_text, v_num::numeric, v_date, v_ts, v_bool, v_ref, v_long, v_error, $13
         from unnest($4::smallint[], $5::text[], $6::text[], $7::date[], $8::timestamptz[], $9::boolean[], $10::uuid[], $11::text[], $12::text[])
             as v (seq, v_text, v_num, v_date, v_ts, v_bool, v_ref, v_long, v_error)",
    )
    .bind(organization)
    .bind(field)
    .bind(entity)
    .bind(rows.iter().map(|row| row.seq).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.text.clone()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.num.clone()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.date).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.ts).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.yes).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.reference).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.long.clone()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.error.clone()).collect::<Vec<_>>())
    .bind(unique)
    .execute(tx.conn())
    .await?;
    Ok(())
}
