//! Records of whichever type as a board.

use platform::{Error, Result, Tx, id::EntityId};
use sqlx::{Postgres, QueryBuilder};
use std::collections::HashMap;

use super::{
    Board, Column, RecordQuery,
    list::{may_write, push_asked, titles},
};
use crate::{
    core::OBJECTS_READ,
    records::{self, Choice, FieldInfo, Kind, Record, push_base, source},
};

/// How many records a column of a board shows.
const SHOWN: i64 = 50;

/// Records of a type in columns by the words of a choice, the status unless another is named.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` where there is no such choice.
pub async fn board(tx: &mut Tx, entity_type: &str, by: Option<&str>, q: &str) -> Result<Board> {
    tx.require(OBJECTS_READ)?;
    let info = records::may_read(tx, entity_type).await?;
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, entity_type).await?;
    let choices = fields.iter().filter(|field| !field.kind.choices().is_empty() && matches!(field.kind, Kind::Choice(_)));
    let field = match by {
        Some(by) => choices.clone().find(|field| field.key == by),
        None => choices.clone().find(|field| field.key == "status").or_else(|| choices.clone().next()),
    };
    let field = match (field.cloned(), by) {
        (Some(field), _) => field,
        (None, Some(_)) => return Err(Error::invalid("by", "choice", "A choice of the type is needed.")),
        // A type without any choice has a board without columns.
        (None, None) => {
            let may_write = may_write(tx, entity_type).await?;
            return Ok(Board { info, fields, by: String::new(), columns: Vec::new(), titles: Vec::new(), may_write });
        }
    };
    let mut words = words(tx, entity_type, &fields, &field, q).await?;
    // What is no word of the choice any more has no column.
    words.retain(|word, _| word.is_empty() || field.kind.choices().iter().any(|choice| choice.key == *word));
    let ids: Vec<EntityId> = words.values().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let all = records::read_fields(tx, &state, entity_type, &fields, &ids).await?;
    let titles = titles(tx, &all).await?;
    let mut all: HashMap<EntityId, Record> = all.into_iter().map(|record| (record.id, record)).collect();
    let none = Choice { key: String::new(), label: String::new(), hue: None };
    let mut columns = Vec::new();
    for choice in field.kind.choices().iter().cloned().chain([none]) {
        let (count, ids) = words.remove(&choice.key).unwrap_or_default();
        if count > 0 || !choice.key.is_empty() {
            columns.push(Column { choice, count, records: ids.iter().filter_map(|id| all.remove(id)).collect() });
        }
    }
    let may_write = may_write(tx, entity_type).await?;
    Ok(Board { info, by: field.key, fields, columns, titles, may_write })
}

/// Of each word of a choice, and of none, how many records have it and the first of them: in one statement, however many
/// words there are.
async fn words(
    tx: &mut Tx,
    entity_type: &str,
    fields: &[FieldInfo],
    by: &FieldInfo,
    q: &str,
) -> Result<HashMap<String, (i64, Vec<EntityId>)>> {
    let state = tx.state().clone();
    let source = source(&state, entity_type)?;
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select t.word, t.total, t.id from (
             select t.word, t.id, count(*) over (partition by t.word) as total,
                 row_number() over (partition by t.word order by t.id desc) as place from (select r.id, coalesce((",
    );
    match (by.custom, source.column(&by.key)) {
        (Some(id), _) => {
            query.push("select v.v_text from field_values v where v.organization_id = r.organization_id and v.entity_id = r.id");
            query.push(" and v.field_id = ").push_bind(id).push(" order by v.seq limit 1");
        }
        (None, Some(column)) => {
            query.push(column);
        }
        (None, None) => return Err(Error::invalid("by", "choice", "A choice of the type is needed.")),
    }
    query.push(")::text, '') as word");
    push_base(&mut query, tx, source, entity_type);
    push_asked(&mut query, source, fields, &RecordQuery { q: q.into(), by: None, word: None })?;
    query.push(") t) t where t.place <= ").push_bind(SHOWN).push(" order by t.word, t.place");
    let rows: Vec<(String, i64, EntityId)> = query.build_query_as().fetch_all(tx.conn()).await?;
    let mut words: HashMap<String, (i64, Vec<EntityId>)> = HashMap::new();
    for (word, total, id) in rows {
        let (count, ids) = words.entry(word).or_default();
        *count = total;
        ids.push(id);
    }
    Ok(words)
}
