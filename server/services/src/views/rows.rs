//! Pages of a list.

mod cells;

pub use cells::referred;
pub(super) use cells::{cells, names_of, names_of_all, values};

use platform::{Error, Result, Tx, id::EntityId};
use sqlx::{Postgres, QueryBuilder, Row as _};

use super::{
    COLUMNS, Query, Row, Rows, Sort,
    known::{Known, in_time},
    order::{self, Cursor, Key},
};
use crate::filter::{Plan, plan::Path};

/// A row's id and the values it is ordered by.
type Place = (EntityId, Vec<Option<String>>);

/// A page of the records that pass a filter.
///
/// # Errors
/// `NotFound` where the type may not be seen, `Invalid`.
pub async fn query(tx: &mut Tx, entity_type: &str, query: &Query) -> Result<Rows> {
    let mut known = Known::of(tx, entity_type).await?;
    let plan = known.plan(tx, &query.filter, "filter").await?;
    let columns = columns(tx, &mut known, &query.columns).await?;
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let mut places = places(tx, &known, &plan, &query.sorts, query.cursor.as_deref(), limit + 1).await?;
    let more = places.len() > usize::try_from(limit).unwrap_or(0);
    places.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = match places.last() {
        Some((id, values)) if more => Some(order::pack(&query.sorts, values, *id)?),
        _ => None,
    };
    let ids: Vec<EntityId> = places.into_iter().map(|(id, _)| id).collect();
    let items: Vec<Row> = cells(tx, &known, &columns, &ids).await?;
    Ok(Rows { columns: columns.into_iter().map(|column| column.text).collect(), items, next_cursor })
}

/// The fields of columns; of none, all fields of the type.
///
/// # Errors
/// `Invalid`.
pub(super) async fn columns(tx: &mut Tx, known: &mut Known, wanted: &[String]) -> Result<Vec<Path>> {
    if wanted.len() > COLUMNS {
        return Err(Error::invalid("columns", "too_many", format!("A list has at most {COLUMNS} columns.")));
    }
    let all: Vec<String> = match wanted {
        [] => known.kind()?.fields.iter().map(|field| field.key.clone()).take(COLUMNS).collect(),
        wanted => wanted.to_vec(),
    };
    let mut columns = Vec::with_capacity(all.len());
    for (place, key) in all.iter().enumerate() {
        columns.push(known.path(tx, key, &format!("columns[{place}]")).await?);
    }
    Ok(columns)
}

/// Which records, in their order. A list that is ordered by a field of the organization's own first reads the field's rows in
/// their order, which an index gives, and what is empty there after them; so the first page of many records is quick.
pub(super) async fn places(
    tx: &mut Tx,
    known: &Known,
    plan: &Plan,
    sorts: &[Sort],
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<Place>> {
    let keys = order::keys(tx, known, sorts).await?;
    let cursor = order::cursor(&keys, sorts, cursor)?;
    let part = |stretch| Part { known, plan, keys: &keys, cursor: cursor.as_ref(), stretch };
    if keys.first().and_then(Key::indexed).is_none() {
        return part(Stretch::All).read(tx, limit).await;
    }
    let filled = cursor.as_ref().is_none_or(|cursor| cursor.values.first().is_some_and(Option::is_some));
    let mut found = if filled { part(Stretch::Filled).read(tx, limit).await? } else { Vec::new() };
    let missing = limit - i64::try_from(found.len()).unwrap_or(limit);
    if missing > 0 {
        // After all that is filled, what is empty begins at its beginning.
        let empty = Part { cursor: cursor.as_ref().filter(|_| !filled), ..part(Stretch::Empty) };
        found.extend(empty.read(tx, missing).await?);
    }
    Ok(found)
}

/// Which rows: those where the first key is filled, where it is empty, or all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stretch {
    All,
    Filled,
    Empty,
}

struct Part<'a> {
    known: &'a Known,
    plan: &'a Plan,
    keys: &'a [Key],
    cursor: Option<&'a Cursor>,
    stretch: Stretch,
}

impl Part<'_> {
    async fn read(&self, tx: &mut Tx, limit: i64) -> Result<Vec<Place>> {
        let organization = tx.organization();
        let compiler = self.known.compiler(tx);
        let mut query: QueryBuilder<Postgres> = QueryBuilder::new("select t.id");
        for (place, key) in self.keys.iter().enumerate() {
            query.push(", ");
            key.push_text(&mut query, &format!("t.k{place}"));
        }
        query.push(" from (select r.id");
        for (place, key) in self.keys.iter().enumerate() {
            query.push(", ");
            match (self.stretch, place) {
                (Stretch::Empty, 0) => key.push_nothing(&mut query),
                _ => key.push(&mut query, organization, self.stretch == Stretch::Filled && place == 0),
            }
            query.push(format!(" as k{place}"));
        }
        let first = self.keys.first().and_then(|key| Some((key.indexed()?, key.field.kind.column())));
        if let (Stretch::Filled, Some((id, column))) = (self.stretch, first) {
            compiler.base_with(&mut query, &self.known.entity_type, |query| {
                query.push(" join field_values sv on sv.organization_id = r.organization_id and sv.entity_id = r.id and sv.field_id = ");
                query.push_bind(id);
            })?;
            query.push(" and sv.").push(column).push(" is not null");
        } else {
            compiler.base(&mut query, &self.known.entity_type)?;
        }
        if let (Stretch::Empty, Some((id, column))) = (self.stretch, first) {
            query.push(" and not exists (select 1 from field_values fv where fv.organization_id = ").push_bind(organization);
            query.push(" and fv.field_id = ").push_bind(id).push(" and fv.entity_id = r.id and fv.").push(column).push(" is not null)");
        }
        query.push(" and ");
        compiler.condition(&mut query, self.plan)?;
        query.push(") t");
        if let Some(cursor) = self.cursor {
            query.push(" where ");
            order::push_after(&mut query, self.keys, cursor);
        }
        order::push_order(&mut query, self.keys);
        query.push(" limit ").push_bind(limit);
        let rows = in_time(query.build().fetch_all(tx.conn()).await)?;
        let place = |row: &sqlx::postgres::PgRow| -> Result<Place> {
            let values = (0..self.keys.len()).map(|place| row.try_get::<Option<String>, _>(place + 1)).collect::<Result<_, _>>()?;
            Ok((row.try_get(0)?, values))
        };
        rows.iter().map(place).collect()
    }
}
