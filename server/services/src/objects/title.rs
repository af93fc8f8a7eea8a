//! What a record of the organization's own type is called and found by.

use platform::{Result, Tx, id::EntityId};
use std::collections::BTreeMap;

use super::ObjectType;
use crate::{
    fields::Field,
    formula,
    records::{Kind, Value, Values, source},
};

/// How many letters a title has at most.
const LONGEST: usize = 200;

/// In titles references and choices stand by their names.
pub(super) fn kind_in_titles(kind: &Kind) -> Kind {
    match kind {
        Kind::Reference(_) | Kind::Choice(_) | Kind::MultiChoice(_) => Kind::Text,
        kind => kind.clone(),
    }
}

/// What a record with these values is called; the title that it has where nothing comes out.
pub(super) async fn title(
    tx: &mut Tx,
    of: &ObjectType,
    fields: &[Field],
    values: &Values,
    status: Option<&str>,
    present: Option<&str>,
) -> Result<String> {
    let references: Vec<EntityId> = values.values().filter_map(|v| if let Value::Reference(id) = v { Some(*id) } else { None }).collect();
    let names = names(tx, references).await?;
    let mut spoken: BTreeMap<&str, Value> = BTreeMap::new();
    for field in fields {
        if let Some(value) = values.get(&field.key) {
            spoken.insert(&field.key, said(&field.result, value, &names));
        }
    }
    if let Some(label) = status.and_then(|key| of.details.statuses.iter().find(|status| status.key == key)) {
        spoken.insert("status", Value::Text(label.label.clone()));
    }
    let made = match of.details.title.as_deref().map(formula::parse) {
        Some(Ok(expr)) => formula::evaluate(&expr, "title", &|key| spoken.get(key).cloned()),
        _ => {
            // What some may not see is nobody's to read in a title.
            let first = |wanted: fn(&Kind) -> bool| {
                let open = fields.iter().filter(|field| field.details.visible_roles.is_empty());
                open.filter(move |field| wanted(&field.result)).find_map(|field| spoken.get(field.key.as_str()).cloned())
            };
            first(|kind| *kind == Kind::Text).or_else(|| first(|_| true))
        }
    };
    let text = made.filter(|value| !matches!(value, Value::Error(_))).map(|value| value.plain()).unwrap_or_default();
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    Ok(match (text.is_empty(), present) {
        (false, _) => text,
        (true, Some(present)) => present.to_owned(),
        (true, None) => of.details.name.clone(),
    })
}

async fn names(tx: &mut Tx, ids: Vec<EntityId>) -> Result<BTreeMap<EntityId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let organization = tx.organization();
    let rows: Vec<(EntityId, String, String)> =
        sqlx::query_as("select id, entity_type, title from entities where organization_id = $1 and id = any($2)")
            .bind(organization)
            .bind(ids)
            .fetch_all(tx.conn())
            .await?;
    // A title is for all who see the record. An entry in the calendar is called by whom it is about, which is not for all.
    let state = tx.state().clone();
    Ok(rows.into_iter().filter(|(_, kind, _)| source(&state, kind).is_ok()).map(|(id, _, title)| (id, title)).collect())
}

fn said(kind: &Kind, value: &Value, names: &BTreeMap<EntityId, String>) -> Value {
    match value {
        Value::Choices(keys) => {
            let label = |key: &String| {
                kind.choices().iter().find(|choice| choice.key == *key).map_or_else(|| key.clone(), |choice| choice.label.clone())
            };
            Value::Text(keys.iter().map(label).collect::<Vec<_>>().join(", "))
        }
        Value::Reference(id) => Value::Text(names.get(id).cloned().unwrap_or_default()),
        value => value.clone(),
    }
}

/// What a record is found by beside its title: its short texts, addresses and numbers that stand for it.
pub(super) fn keywords(fields: &[Field], values: &Values) -> String {
    let told = fields
        .iter()
        .filter(|field| matches!(field.result, Kind::Text | Kind::Email | Kind::Phone) && field.details.visible_roles.is_empty());
    let texts: Vec<&str> = told.filter_map(|field| values.get(&field.key).and_then(Value::text)).collect();
    texts.join(" ").chars().take(1_000).collect()
}
