//! Records in the registry, as far as the actor may read them.

use std::collections::HashMap;

use platform::{
    Error, Result, Tx,
    id::{EntityId, UserId},
    permission::Reach,
};

use super::{RECORDS_READ, Subject};
use crate::{calendar::activities::Sight, objects, records::reach, search};

#[derive(sqlx::FromRow)]
struct Row {
    /// As it was asked for.
    asked: EntityId,
    /// The record that has taken it in, or itself.
    id: EntityId,
    entity_type: String,
    title: String,
    owner_id: Option<UserId>,
    activity_type: Option<String>,
}

/// One record that the actor may read. The id of a record that was merged leads to the one it was merged into.
///
/// # Errors
/// `Denied`, `NotFound` (also for a record of a type one may not read), `NotSubscribed`.
pub async fn see(tx: &mut Tx, id: EntityId) -> Result<Subject> {
    tx.require(RECORDS_READ)?;
    let row = rows(tx, &[id]).await?.into_iter().next().ok_or(Error::NotFound)?;
    let kind = kind(tx, &row.entity_type).await?;
    if !shown(&kind, &Sight::of(tx), row.owner_id, row.activity_type.as_deref()) {
        return Err(Error::NotFound);
    }
    Ok(subject(&kind, row))
}

/// As [`see`]; none of a record that was deleted and can be brought back, as a page may still ask for what it has open.
///
/// # Errors
/// As [`see`].
pub async fn see_unless_deleted(tx: &mut Tx, id: EntityId) -> Result<Option<Subject>> {
    let seen = see(tx, id).await;
    if !matches!(seen, Err(Error::NotFound)) {
        return seen.map(Some);
    }
    let organization = tx.organization();
    let deleted: Option<(String, Option<UserId>, Option<String>)> = sqlx::query_as(
        "select e.entity_type, e.owner_id, a.activity_type from entities e
         left join scheduled_activities a on a.organization_id = e.organization_id and a.id = e.id
         where e.organization_id = $1 and e.id = $2 and e.deleted_at is not null",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let (entity_type, owner, activity_type) = deleted.ok_or(Error::NotFound)?;
    // That there was one is told only to whom it would have been shown.
    match kind(tx, &entity_type).await {
        Ok(kind) if shown(&kind, &Sight::of(tx), owner, activity_type.as_deref()) => Ok(None),
        Ok(_) | Err(Error::NotFound | Error::NotSubscribed(_)) => Err(Error::NotFound),
        Err(error) => Err(error),
    }
}

/// Those of the records that the actor may read, by the ids they were asked for.
///
/// # Errors
/// `Unavailable`.
pub async fn named(tx: &mut Tx, ids: &[EntityId]) -> Result<HashMap<EntityId, Subject>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = rows(tx, ids).await?;
    let sight = Sight::of(tx);
    let mut kinds: HashMap<String, Option<Kind>> = HashMap::new();
    let mut found = HashMap::new();
    for row in rows {
        if !kinds.contains_key(&row.entity_type) {
            let kind = match kind(tx, &row.entity_type).await {
                Ok(kind) => Some(kind),
                Err(Error::NotFound | Error::NotSubscribed(_)) => None,
                Err(error) => return Err(error),
            };
            kinds.insert(row.entity_type.clone(), kind);
        }
        if let Some(Some(kind)) = kinds.get(&row.entity_type)
            && shown(kind, &sight, row.owner_id, row.activity_type.as_deref())
        {
            found.insert(row.asked, subject(kind, row));
        }
    }
    Ok(found)
}

/// Records of one type, in the order of their ids, by what they are called; without those that the actor may not read.
///
/// # Errors
/// `Unavailable`.
pub(crate) async fn titles(tx: &mut Tx, entity_type: &str, ids: &[EntityId]) -> Result<Vec<(EntityId, String)>> {
    let mut named = named(tx, ids).await?;
    let title = |id: &EntityId| Some((*id, named.remove(id).filter(|record| record.entity_type == entity_type)?.title));
    Ok(ids.iter().filter_map(title).collect())
}

/// Records whose name or keywords are like the query, of these types or of any, that the actor may read; at most 20.
///
/// # Errors
/// `Denied`, `Invalid`.
pub async fn find(tx: &mut Tx, query: &str, types: &[String]) -> Result<Vec<Subject>> {
    let hits = search::among(tx, query, |key| types.is_empty() || types.iter().any(|wanted| wanted == key)).await?;
    Ok(hits.into_iter().map(|hit| hit.record).collect())
}

/// The types of record that the actor may read, all or some of their records: those of the products the organization subscribes to, and its own.
///
/// # Errors
/// `Unavailable`.
pub async fn readable_types(tx: &mut Tx) -> Result<Vec<String>> {
    let all = tx.state().modules.iter().flat_map(|module| module.entity_types.iter().map(move |kind| (module, kind)));
    let mut types: Vec<String> =
        all.filter(|(module, kind)| reach::of_type(tx, module, kind).is_some()).map(|(_, kind)| kind.key.to_owned()).collect();
    types.extend(objects::visible(tx).await?.iter().map(|kind| kind.info().key));
    Ok(types)
}

/// What is known of a type.
struct Kind {
    icon: String,
    path: String,
    reach: Reach,
}

/// A type that the actor may read.
async fn kind(tx: &mut Tx, key: &str) -> Result<Kind> {
    if let Some(own) = key.strip_prefix("object:") {
        let info = objects::readable(tx, own).await?.info();
        return Ok(Kind { icon: info.icon, path: info.path, reach: Reach::All });
    }
    let registered = tx.state().modules.iter().find_map(|module| Some((*module, module.entity_type(key)?)));
    let (module, kind) = registered.ok_or(Error::NotFound)?;
    if !tx.can_some(kind.read) {
        return Err(Error::NotFound);
    }
    module.product.map_or(Ok(()), |product| tx.verify_product_access(product))?;
    let reach = reach::of_type(tx, module, kind).ok_or(Error::NotFound)?;
    Ok(Kind { icon: kind.icon.to_owned(), path: kind.path.to_owned(), reach })
}

/// Whether one of these is shown: of a type that belongs to somebody by whose it is; an entry in the calendar, which is called
/// by what it is about, by what its module tells.
fn shown(kind: &Kind, sight: &Sight, owner: Option<UserId>, activity_type: Option<&str>) -> bool {
    kind.reach.covers(owner) && activity_type.is_none_or(|kind| sight.tells(kind))
}

fn subject(kind: &Kind, row: Row) -> Subject {
    Subject { path: path(&kind.path, row.id), icon: kind.icon.clone(), id: row.id, entity_type: row.entity_type, title: row.title }
}

/// The record's own page, or the one that any record has.
fn path(template: &str, id: EntityId) -> String {
    let template = if template.contains("{id}") { template } else { "/dashboard/records/{id}" };
    template.replace("{id}", &id.to_string())
}

async fn rows(tx: &mut Tx, ids: &[EntityId]) -> Result<Vec<Row>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        // One after another by their keys, whatever the planner thinks of tables that nobody has counted yet.
        "with asked as materialized (
            select e.id as asked, coalesce(e.merged_into, e.id) as id from entities e where e.organization_id = $1 and e.id = any ($2))
         select asked.asked, m.id, m.entity_type, m.title, m.owner_id, a.activity_type
         from asked
         cross join lateral (
            select m.id, m.entity_type, m.title, m.owner_id from entities m
            where m.organization_id = $1 and m.id = asked.id and m.deleted_at is null limit 1) m
         left join lateral (
            select a.activity_type from scheduled_activities a
            where a.organization_id = $1 and a.id = m.id and m.entity_type = 'activity' limit 1) a on true",
    )
    .bind(organization)
    .bind(ids)
    .fetch_all(tx.conn())
    .await?)
}
