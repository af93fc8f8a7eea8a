//! What follows from other values is computed in the transaction that changes those: roll-ups of the record, its formulas,
//! and then what looks at the record from above. There is no cycle in the definitions, so that this comes to an end.

use futures::future::BoxFuture;
use platform::{
    Result, Tx,
    id::{EntityId, FieldId},
};
use std::collections::BTreeSet;

use super::{Field, RollUp, Shape, Summary, graph, sql};
use crate::{
    formula,
    records::{self, Decimal, Kind, Value, Values},
};

/// For modules whose own fields of a record have changed: formulas may follow from them.
///
/// # Errors
/// `Unavailable`.
pub async fn touched(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<()> {
    after(tx, entity_type, id, &BTreeSet::new()).await
}

/// Computes what follows from a record's values, and what follows from that. `left` are the references that it had and
/// has no longer, by their fields.
pub(super) fn after<'a>(
    tx: &'a mut Tx,
    entity_type: &'a str,
    id: EntityId,
    left: &'a BTreeSet<(FieldId, EntityId)>,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let (fields, above) = sql::around(tx, entity_type).await?;
        compute(tx, entity_type, &fields, id).await?;
        for (owner, parent) in parents(tx, &above, entity_type, id, left).await? {
            // Two that change children of one parent take turns, and the second sees what the first has written.
            if super::values::version_of(tx, &owner, parent, true).await.is_ok() {
                after(tx, &owner, parent, &BTreeSet::new()).await?;
            }
        }
        Ok(())
    })
}

/// The records whose roll-ups look at this one or did until now, in the order in which they are held.
async fn parents(
    tx: &mut Tx,
    above: &[Field],
    entity_type: &str,
    id: EntityId,
    left: &BTreeSet<(FieldId, EntityId)>,
) -> Result<BTreeSet<(String, EntityId)>> {
    let mut found = BTreeSet::new();
    if above.is_empty() {
        return Ok(found);
    }
    let own = sql::of_type(tx, entity_type).await?;
    for field in above {
        let Shape::RollUp(up) = &field.details.shape else { continue };
        let Some(via) = own.iter().find(|field| field.key == up.via) else { continue };
        let organization = tx.organization();
        let now: Option<Option<EntityId>> =
            sqlx::query_scalar("select v_ref from field_values where organization_id = $1 and field_id = $2 and entity_id = $3")
                .bind(organization)
                .bind(via.id)
                .bind(id)
                .fetch_optional(tx.conn())
                .await?;
        let gone = left.iter().filter(|(field, _)| *field == via.id).map(|(_, parent)| *parent);
        found.extend(now.flatten().into_iter().chain(gone).map(|parent| (field.entity_type.clone(), parent)));
    }
    Ok(found)
}

/// The records that a record's references lead to and that look back at it: asked before it is deleted, told after.
pub(crate) async fn looking(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<BTreeSet<(String, EntityId)>> {
    let (_, above) = sql::around(tx, entity_type).await?;
    parents(tx, &above, entity_type, id, &BTreeSet::new()).await
}

/// Computes what looks at a record that has gone or come back.
pub(crate) async fn again(tx: &mut Tx, parents: BTreeSet<(String, EntityId)>) -> Result<()> {
    for (owner, parent) in parents {
        if super::values::version_of(tx, &owner, parent, true).await.is_ok() {
            after(tx, &owner, parent, &BTreeSet::new()).await?;
        }
    }
    Ok(())
}

/// Computes a record's roll-ups and formulas and writes those that have changed.
pub(super) async fn compute(tx: &mut Tx, entity_type: &str, fields: &[Field], id: EntityId) -> Result<()> {
    if !fields.iter().any(Field::computed) {
        return Ok(());
    }
    let state = tx.state().clone();
    // Whoever writes: a formula reads what they may not see.
    let mut all = records::declared(tx, &state, entity_type).await?;
    all.extend(fields.iter().map(|field| field.info("owner")));
    let Some(record) = records::read_whole(tx, &state, entity_type, &all, &[id]).await?.pop() else { return Ok(()) };
    let before = record.values;
    let mut values: Values = before.clone();
    for field in fields {
        if let Shape::RollUp(up) = &field.details.shape {
            let value = summed(tx, field, up, id).await?;
            put(&mut values, &field.key, value);
        }
    }
    for field in graph::in_order(fields) {
        let Shape::Formula(text) = &field.details.shape else { continue };
        let value = match formula::parse(text) {
            Ok(expr) => formula::evaluate(&expr, &field.key, &|key| values.get(key).cloned()),
            Err(_) => Some(formula::error(&field.key, "type")),
        };
        put(&mut values, &field.key, value);
    }
    for field in fields.iter().filter(|field| field.computed()) {
        let (old, new) = (before.get(&field.key), values.get(&field.key));
        if old != new {
            sql::store(tx, field.id, &field.result, id, new, None).await?;
        }
    }
    Ok(())
}

fn put(values: &mut Values, key: &str, value: Option<Value>) {
    match value {
        Some(value) => values.insert(key.to_owned(), value),
        None => values.remove(key),
    };
}

type Sums =
    (i64, Option<String>, Option<String>, Option<String>, i64, Option<String>, Option<chrono::NaiveDate>, Option<chrono::NaiveDate>, i64);

/// What a roll-up gives: over the living records whose reference leads here.
async fn summed(tx: &mut Tx, field: &Field, up: &RollUp, id: EntityId) -> Result<Option<Value>> {
    let organization = tx.organization();
    let (count, sum, least, greatest, currencies, currency, first, last, broken): Sums = sqlx::query_as(
        "select count(*), sum(v.v_num)::text, min(v.v_num)::text, max(v.v_num)::text,
                count(distinct v.v_text) filter (where v.v_num is not null), min(v.v_text) filter (where v.v_num is not null),
                min(v.v_date), max(v.v_date), count(v.v_error)
         from fields f
         join field_values ref on ref.organization_id = f.organization_id and ref.field_id = f.id and ref.v_ref = $2
         join entities e on e.organization_id = ref.organization_id and e.id = ref.entity_id and e.deleted_at is null
         left join fields o on o.organization_id = f.organization_id and o.entity_type = f.entity_type and o.key = $5 and o.retired_at is null
         left join field_values v on v.organization_id = ref.organization_id and v.field_id = o.id and v.entity_id = ref.entity_id
         where f.organization_id = $1 and f.entity_type = $3 and f.key = $4 and f.retired_at is null
           and ($5 is null or v.entity_id is not null)",
    )
    .bind(organization)
    .bind(id)
    .bind(&up.source)
    .bind(&up.via)
    .bind(&up.over)
    .fetch_one(tx.conn())
    .await?;
    if up.how == Summary::Count {
        return Ok(Some(Value::Number(Decimal::from(count))));
    }
    if broken > 0 {
        return Ok(Some(formula::error(&field.key, "reference")));
    }
    if field.result == Kind::Date {
        return Ok(if up.how == Summary::Least { first } else { last }.map(Value::Date));
    }
    if currencies > 1 {
        return Ok(Some(formula::error(&field.key, "currency")));
    }
    let parsed = |text: Option<String>| text.map(|text| text.parse::<Decimal>());
    let number = match up.how {
        Summary::Least => parsed(least),
        Summary::Greatest => parsed(greatest),
        Summary::Sum => parsed(sum),
        Summary::Average => parsed(sum).map(|sum| sum.and_then(|sum| sum.div(Decimal::from(count)).ok_or(records::DecimalError::Range))),
        Summary::Count => None,
    };
    let Some(number) = number else { return Ok(None) };
    let value = number.ok().and_then(|number| match (&field.result, currency) {
        (Kind::Money, Some(currency)) => formula::money_of(number, &currency),
        _ => Some(Value::Number(number)),
    });
    Ok(Some(value.unwrap_or_else(|| formula::error(&field.key, "range"))))
}
