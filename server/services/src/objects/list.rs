//! Reading records of whichever type: lists, one with its surroundings.

use platform::{
    Error, Result, Tx,
    actions::{self, ActionRow},
    id::{EntityId, FieldId},
    rest::{Page, PageQuery},
};
use sqlx::{Postgres, QueryBuilder};
use std::collections::BTreeMap;

use super::{Link, RecordList, RecordPage, RecordQuery, sql};
use crate::{
    core::OBJECTS_READ,
    fields, persons,
    records::{self, FieldInfo, Kind, Record, RecordSource, Value, push_base, reach, source},
    subjects,
};

/// One record, by its type and id.
pub(super) async fn one(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<Record> {
    let state = tx.state().clone();
    records::read(tx, &state, entity_type, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// One record with its fields and what may be done with it. A deleted record of the organization's own types is shown to
/// those who may bring it back.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<RecordPage> {
    tx.require(OBJECTS_READ)?;
    let info = records::may_read(tx, entity_type).await?;
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, entity_type).await?;
    let may_write = may_write(tx, entity_type).await?;
    let (record, deleted) = match one(tx, entity_type, id).await {
        Err(Error::NotFound) if info.flexible && may_write => (super::removal::deleted(tx, entity_type, id).await?, true),
        found => (found?, false),
    };
    let titles = titles(tx, std::slice::from_ref(&record)).await?;
    let next = match entity_type.strip_prefix("object:") {
        Some(key) => following(&sql::readable(tx, key).await?.details.statuses, record.status.as_deref()),
        None => Vec::new(),
    };
    Ok(RecordPage { info, fields, record, titles, may_write, next, deleted })
}

fn following(statuses: &[super::Status], present: Option<&str>) -> Vec<String> {
    let from = statuses.iter().find(|status| Some(status.key.as_str()) == present);
    let allowed = |key: &str| from.is_none_or(|from| from.next.is_empty() || from.next.iter().any(|next| next == key));
    statuses.iter().map(|status| status.key.clone()).filter(|key| Some(key.as_str()) != present && allowed(key)).collect()
}

pub(super) async fn may_write(tx: &mut Tx, entity_type: &str) -> Result<bool> {
    match records::may_write(tx, entity_type).await {
        Ok(_) => Ok(true),
        Err(Error::Denied(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

pub(super) async fn titles(tx: &mut Tx, records: &[Record]) -> Result<Vec<(EntityId, String)>> {
    let referenced = records.iter().flat_map(|record| record.values.values());
    let ids = referenced.filter_map(|value| if let Value::Reference(id) = value { Some(*id) } else { None }).collect();
    fields::titles(tx, ids).await
}

/// Records of a type, the latest first.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` where the choice is none.
pub async fn list(tx: &mut Tx, entity_type: &str, query: &RecordQuery, page: &PageQuery) -> Result<RecordList> {
    tx.require(OBJECTS_READ)?;
    let info = records::may_read(tx, entity_type).await?;
    let state = tx.state().clone();
    let fields = records::fields_of(tx, &state, entity_type).await?;
    let (limit, after) = (page.limit(), page.after::<EntityId>()?);
    let ids = ids(tx, entity_type, &fields, query, after, limit + 1).await?;
    let Page { items, next_cursor } = Page::of(ids, limit, |id| *id)?;
    let records = records::read_fields(tx, &state, entity_type, &fields, &items).await?;
    let titles = titles(tx, &records).await?;
    let may_write = may_write(tx, entity_type).await?;
    Ok(RecordList { info, fields, records, titles, next_cursor, may_write })
}

async fn ids(
    tx: &mut Tx,
    entity_type: &str,
    fields: &[FieldInfo],
    asked: &RecordQuery,
    after: Option<EntityId>,
    limit: i64,
) -> Result<Vec<EntityId>> {
    let state = tx.state().clone();
    let source = source(&state, entity_type)?;
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new("select r.id");
    push_base(&mut query, tx, source, entity_type);
    push_asked(&mut query, source, fields, asked)?;
    if let Some(after) = after {
        query.push(" and r.id < ").push_bind(after);
    }
    query.push(" order by r.id desc limit ").push_bind(limit);
    Ok(query.build_query_scalar().fetch_all(tx.conn()).await?)
}

/// What is asked for, as conditions behind the base.
pub(super) fn push_asked(
    query: &mut QueryBuilder<Postgres>,
    source: &RecordSource,
    fields: &[FieldInfo],
    asked: &RecordQuery,
) -> Result<()> {
    let needle = asked.q.trim();
    if needle.contains('\0') || needle.chars().count() > 200 {
        return Err(Error::invalid("q", "character", "This cannot be looked for."));
    }
    if !needle.is_empty() {
        query.push(" and strpos(e.search, normalised(").push_bind(needle.to_owned()).push(")) > 0");
    }
    let Some(by) = &asked.by else { return Ok(()) };
    let field = fields.iter().find(|field| field.key == *by && matches!(field.kind, Kind::Choice(_)));
    let field = field.ok_or_else(|| Error::invalid("by", "choice", "A choice of the type is needed."))?;
    let word = asked.word.clone().filter(|word| !word.is_empty());
    match (field.custom, source.column(&field.key)) {
        (Some(id), _) => {
            let exists = if word.is_some() { " and exists (" } else { " and not exists (" };
            query.push(exists);
            query.push("select from field_values v where v.organization_id = r.organization_id and v.entity_id = r.id and v.field_id = ");
            query.push_bind(id);
            if let Some(word) = word {
                query.push(" and v.v_text = ").push_bind(word);
            }
            query.push(")");
        }
        (None, Some(column)) => {
            query.push(" and coalesce((").push(column).push(")::text, '') = ").push_bind(word.unwrap_or_default());
        }
        (None, None) => return Err(Error::invalid("by", "choice", "A choice of the type is needed.")),
    }
    Ok(())
}

/// Records of a type to choose from for a reference: those that `q` resembles, or the latest.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn pick(tx: &mut Tx, entity_type: &str, q: &str) -> Result<Vec<(EntityId, String)>> {
    tx.require(OBJECTS_READ)?;
    records::may_list(tx, entity_type).await?;
    if q.contains('\0') {
        return Ok(Vec::new());
    }
    let ids = if q.trim().chars().count() >= 2 {
        persons::search(tx, &[entity_type], q, 20).await?
    } else {
        let organization = tx.organization();
        let owners = reach::of(tx, entity_type).ok_or(Error::NotFound)?.owners();
        sqlx::query_scalar(
            "select id from entities where organization_id = $1 and entity_type = $2 and deleted_at is null and merged_into is null
               and ($3::uuid[] is null or owner_id = any ($3))
             order by id desc limit 20",
        )
        .bind(organization)
        .bind(entity_type)
        .bind(owners)
        .fetch_all(tx.conn())
        .await?
    };
    subjects::titles(tx, entity_type, &ids).await
}

/// What was done to a record, the latest first.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn history(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<Vec<ActionRow>> {
    let page = get(tx, entity_type, id).await?;
    let hidden = fields::hidden_keys(tx, &[entity_type.to_owned()]).await?;
    let mut rows = actions::timeline(tx, page.record.id, 200).await?;
    for row in &mut rows {
        fields::hide(&hidden, &mut row.old);
        fields::hide(&hidden, &mut row.new);
    }
    Ok(rows)
}

/// The records that a record points at and that point at it by reference fields; of types and fields that who asks may see,
/// at most 200.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn links(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<Vec<Link>> {
    tx.require(OBJECTS_READ)?;
    one(tx, entity_type, id).await?;
    let organization = tx.organization();
    type Row = (EntityId, String, FieldId, String, bool);
    let rows: Vec<Row> = sqlx::query_as(
        "select e.id, e.entity_type, f.id, f.entity_type, v.v_ref = $2 as incoming
         from field_values v
         join fields f on f.organization_id = v.organization_id and f.id = v.field_id and f.retired_at is null
         join entities e on e.organization_id = v.organization_id and e.id = case when v.v_ref = $2 then v.entity_id else v.v_ref end
         where v.organization_id = $1 and v.v_ref is not null and (v.v_ref = $2 or v.entity_id = $2) and e.deleted_at is null
         order by incoming, e.entity_type, e.title, e.id limit 200",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let state = tx.state().clone();
    let ids: Vec<EntityId> = rows.iter().map(|row| row.0).collect();
    let named = subjects::named(tx, &ids).await?;
    let mut visible: BTreeMap<String, Vec<FieldInfo>> = BTreeMap::new();
    let mut links = Vec::new();
    for (id, entity_type, field, of, incoming) in rows {
        if !visible.contains_key(of.as_str()) {
            let fields = match records::fields_of(tx, &state, &of).await {
                Ok(fields) => fields,
                Err(Error::NotFound) => Vec::new(),
                Err(other) => return Err(other),
            };
            visible.insert(of.clone(), fields);
        }
        let known = visible.get(&of).and_then(|fields| fields.iter().find(|known| known.custom == Some(field)));
        if let (Some(record), Some(known)) = (named.get(&id), known) {
            let title = record.title.clone();
            links.push(Link { entity_type, id, title, field: known.key.clone(), label: known.label.clone(), incoming });
        }
    }
    Ok(links)
}

/// The fields of a type that who asks may see.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn fields_of(tx: &mut Tx, entity_type: &str) -> Result<Vec<FieldInfo>> {
    tx.require(OBJECTS_READ)?;
    let state = tx.state().clone();
    records::fields_of(tx, &state, entity_type).await
}
