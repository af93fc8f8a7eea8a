//! What records hold in the columns of a list, and what that is called.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use platform::{
    Result, Tx,
    id::{EntityId, UserId},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{
    Cell, Row,
    known::{Known, REGISTERED},
};
use crate::{
    core::VIEWS_READ,
    filter::{catalogue::USER, plan::Path},
    records::{self, FieldInfo, Kind, Value, Values},
    subjects,
};

/// The values of records by their keys or, across links, their paths.
type Found = HashMap<EntityId, (String, Values)>;

/// The rows of these records, in their order.
///
/// # Errors
/// `Unavailable`.
pub(in super::super) async fn cells(tx: &mut Tx, known: &Known, columns: &[Path], ids: &[EntityId]) -> Result<Vec<Row>> {
    let wanted: BTreeSet<&str> = columns.iter().map(|column| column.text.as_str()).collect();
    let mut found = values(tx, known, known.entity_type.clone(), wanted.into_iter().map(str::to_owned).collect(), ids.to_vec()).await?;
    let names = names(tx, columns, found.values().map(|(_, values)| values)).await?;
    let row = |id: &EntityId| {
        let (title, mut values) = found.remove(id)?;
        let cells = columns.iter().map(|column| cell(column, values.remove(&column.text), &names, known.zone())).collect();
        Some(Row { id: *id, title, cells })
    };
    Ok(ids.iter().filter_map(row).collect())
}

fn cell(column: &Path, value: Option<Value>, names: &HashMap<EntityId, String>, zone: Tz) -> Cell {
    let text = match &value {
        None => String::new(),
        Some(Value::Instant(at)) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
        Some(value) => spoken(&column.field.kind, value, names),
    };
    Cell { value, text }
}

/// A value as it is read.
fn spoken(kind: &Kind, value: &Value, names: &HashMap<EntityId, String>) -> String {
    match value {
        Value::Reference(id) => names.get(id).cloned().unwrap_or_default(),
        Value::Choices(words) => {
            let label = |word: &String| {
                kind.choices().iter().find(|choice| choice.key == *word).map_or(word.clone(), |choice| choice.label.clone())
            };
            words.iter().map(label).collect::<Vec<_>>().join(", ")
        }
        value => value.plain(),
    }
}

/// The values at the end of paths: those of the type itself read at once, those across a link with the records it leads to.
pub(in super::super) fn values<'a>(
    tx: &'a mut Tx,
    known: &'a Known,
    entity_type: String,
    paths: Vec<String>,
    ids: Vec<EntityId>,
) -> BoxFuture<'a, Result<Found>> {
    Box::pin(async move {
        let (mut own, mut across): (BTreeSet<String>, BTreeMap<String, Vec<String>>) = Default::default();
        for path in &paths {
            match path.split_once('.') {
                None => {
                    own.insert(path.clone());
                }
                Some((link, rest)) => {
                    own.insert(link.to_owned());
                    across.entry(link.to_owned()).or_default().push(rest.to_owned());
                }
            }
        }
        let mut found = read(tx, known, &entity_type, &own, &ids).await?;
        for (link, rest) in across {
            let target = known.catalogue.of(&entity_type).and_then(|kind| kind.field(&link)).map(|field| field.kind.clone());
            let Some(Kind::Reference(target)) = target else { continue };
            let referred = |values: &Values| match values.get(&link) {
                Some(Value::Reference(id)) => Some(*id),
                _ => None,
            };
            let others: BTreeSet<EntityId> = found.values().filter_map(|(_, values)| referred(values)).collect();
            let others = values(tx, known, target, rest.clone(), others.into_iter().collect()).await?;
            for (_, values) in found.values_mut() {
                let Some((_, other)) = referred(values).and_then(|id| others.get(&id)) else { continue };
                for key in &rest {
                    if let Some(value) = other.get(key) {
                        values.insert(format!("{link}.{key}"), value.clone());
                    }
                }
            }
        }
        Ok(found)
    })
}

/// A type's own fields, of living records.
async fn read(tx: &mut Tx, known: &Known, entity_type: &str, keys: &BTreeSet<String>, ids: &[EntityId]) -> Result<Found> {
    let state = known.state.clone();
    let all: &[FieldInfo] = known.fields.get(entity_type).map(Vec::as_slice).unwrap_or_default();
    let source = records::source(&state, entity_type)?;
    let declared = |field: &&FieldInfo| field.custom.is_some() || source.column(&field.key).is_some();
    let fields: Vec<FieldInfo> = all.iter().filter(|field| keys.contains(&field.key)).filter(declared).cloned().collect();
    let records = records::read_fields(tx, &state, entity_type, &fields, ids).await?;
    let mut found: Found = records.into_iter().map(|record| (record.id, (record.title, record.values))).collect();
    let registered = |key: &str| keys.contains(key) && source.column(key).is_none();
    if REGISTERED.iter().any(|(key, _)| registered(key)) {
        type Entry = (EntityId, String, Option<UserId>, DateTime<Utc>, DateTime<Utc>);
        let organization = tx.organization();
        let rows: Vec<Entry> =
            sqlx::query_as("select id, title, owner_id, created_at, updated_at from entities where organization_id = $1 and id = any($2)")
                .bind(organization)
                .bind(ids)
                .fetch_all(tx.conn())
                .await?;
        for (id, title, owner, created_at, updated_at) in rows {
            let Some((_, values)) = found.get_mut(&id) else { continue };
            let owner = owner.filter(|owner| *owner != UserId::SYSTEM).map(|owner| Value::Reference(EntityId(owner.0)));
            let entries = [
                ("title", Some(Value::Text(title)).filter(|title| title.text() != Some(""))),
                ("owner", owner),
                ("created_at", Some(Value::Instant(created_at))),
                ("updated_at", Some(Value::Instant(updated_at))),
            ];
            values.extend(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.filter(|_| registered(key))?))));
        }
    }
    Ok(found)
}

/// What the records and users are called that values refer to, as far as who asks may see them.
pub(in super::super) async fn names<'v>(
    tx: &mut Tx,
    columns: &[Path],
    values: impl Iterator<Item = &'v Values>,
) -> Result<HashMap<EntityId, String>> {
    let references: Vec<(&str, &str)> = columns
        .iter()
        .filter_map(|column| match &column.field.kind {
            Kind::Reference(target) => Some((column.text.as_str(), target.as_str())),
            _ => None,
        })
        .collect();
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let mut wanted: BTreeMap<&str, BTreeSet<EntityId>> = BTreeMap::new();
    for values in values {
        for (path, target) in &references {
            if let Some(Value::Reference(id)) = values.get(*path) {
                wanted.entry(target).or_default().insert(*id);
            }
        }
    }
    names_of_all(tx, wanted).await
}

/// What records of several types, and users, are called: one statement for the former, one for the latter.
pub(in super::super) async fn names_of_all<T: AsRef<str> + Ord>(
    tx: &mut Tx,
    wanted: BTreeMap<T, BTreeSet<EntityId>>,
) -> Result<HashMap<EntityId, String>> {
    let (users, records): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|(target, _)| target.as_ref() == USER);
    let users: Vec<EntityId> = users.into_iter().flat_map(|(_, ids)| ids).collect();
    let mut names = HashMap::new();
    if !users.is_empty() {
        names.extend(names_of(tx, USER, &users).await?);
    }
    let ids: Vec<EntityId> = records.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let named = subjects::named(tx, &ids).await?;
    for (target, ids) in &records {
        let of = ids.iter().filter_map(|id| Some((*id, named.get(id).filter(|record| record.entity_type == target.as_ref())?)));
        names.extend(of.map(|(id, record)| (id, record.title.clone())));
    }
    Ok(names)
}

/// What records of a type, or users, are called; nothing where the type may not be seen.
pub(in super::super) async fn names_of(tx: &mut Tx, target: &str, ids: &[EntityId]) -> Result<Vec<(EntityId, String)>> {
    let organization = tx.organization();
    if target == USER {
        return Ok(sqlx::query_as(
            "select u.id, u.name from memberships m join users u on u.id = m.user_id where m.organization_id = $1 and m.user_id = any($2)",
        )
        .bind(organization)
        .bind(ids)
        .fetch_all(tx.conn())
        .await?);
    }
    subjects::titles(tx, target, ids).await
}

/// Records of a type, or people who sign in, whose name resembles a text, the best first: what a reference in a filter can
/// be. Without a text the first people; records have to be sought.
///
/// # Errors
/// `NotFound` where the type may not be seen.
pub async fn referred(tx: &mut Tx, target: &str, text: &str) -> Result<Vec<(EntityId, String)>> {
    tx.require(VIEWS_READ)?;
    let organization = tx.organization();
    if target == USER {
        return Ok(sqlx::query_as(
            "select u.id, u.name from memberships m join users u on u.id = m.user_id
             where m.organization_id = $1 and m.status = 'active' and strpos(folded(u.name), folded($2)) > 0 order by folded(u.name), u.id limit 20",
        )
        .bind(organization)
        .bind(text.trim())
        .fetch_all(tx.conn())
        .await?);
    }
    records::may_list(tx, target).await?;
    let ids = crate::persons::search(tx, &[target], text, 20).await?;
    subjects::titles(tx, target, &ids).await
}
