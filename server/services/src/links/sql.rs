//! Links in the database. Each change stands in the logs of both records, each as it reads from there; the log keeps the
//! other record's id and not its name, so that nobody reads there what they may not read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::{Value, json};
use sqlx::types::Json;

use super::{LinkChange, LinkType, MOST_PROPERTIES, NewLink, RecordLink, types};
use crate::{
    notes::author,
    subjects::{self, LINKS_WRITE, Subject, stale},
};

/// How many links a record has at most.
const MOST: i64 = 1_000;

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    type_id: EntityId,
    from_id: EntityId,
    to_id: EntityId,
    name: String,
    inverse: String,
    from_date: Option<NaiveDate>,
    to_date: Option<NaiveDate>,
    properties: Json<BTreeMap<String, String>>,
    version: i32,
    editor: Option<String>,
    deleted: bool,
}

impl Row {
    fn other(&self, here: EntityId) -> EntityId {
        if self.from_id == here { self.to_id } else { self.from_id }
    }

    fn seen_from(self, here: EntityId, other: Subject) -> RecordLink {
        let outward = self.from_id == here;
        RecordLink {
            id: self.id,
            kind: self.type_id,
            name: if outward { self.name } else { self.inverse },
            outward,
            other,
            from_date: self.from_date,
            to_date: self.to_date,
            properties: self.properties.0,
            version: self.version,
        }
    }

    /// What the log of one of its records tells of it.
    fn told(&self, here: EntityId) -> Value {
        let name = if self.from_id == here { &self.name } else { &self.inverse };
        json!({ "link": self.id, "name": name, "other": self.other(here), "from_date": self.from_date, "to_date": self.to_date,
            "properties": self.properties.0 })
    }
}

/// The links of a record to records that the actor may read, by what they are called.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn list(tx: &mut Tx, record: EntityId) -> Result<Vec<RecordLink>> {
    let subject = subjects::see(tx, record).await?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select l.id, l.type_id, l.from_id, l.to_id, t.name, t.inverse, l.from_date, l.to_date, l.properties, l.version,
                null::text as editor, false as deleted
         from record_links l join link_types t on t.organization_id = l.organization_id and t.id = l.type_id
         where l.organization_id = $1 and l.deleted_at is null and l.from_id = $2
         union all
         select l.id, l.type_id, l.from_id, l.to_id, t.name, t.inverse, l.from_date, l.to_date, l.properties, l.version,
                null::text as editor, false as deleted
         from record_links l join link_types t on t.organization_id = l.organization_id and t.id = l.type_id
         where l.organization_id = $1 and l.deleted_at is null and l.to_id = $2
         limit $3",
    )
    .bind(organization)
    .bind(subject.id)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    let others: Vec<EntityId> = rows.iter().map(|row| row.other(subject.id)).collect();
    let named = subjects::named(tx, &others).await?;
    let mut links: Vec<RecordLink> = rows
        .into_iter()
        .filter_map(|row| {
            let other = named.get(&row.other(subject.id))?.clone();
            Some(row.seen_from(subject.id, other))
        })
        .collect();
    links.sort_by(|one, next| (&one.name, &one.other.title, one.id).cmp(&(&next.name, &next.other.title, next.id)));
    Ok(links)
}

/// Links a record to another. With the id of an existing link it returns that one.
///
/// # Errors
/// `Denied`, `NotFound` (the record), `Invalid` (the other one, the kind, or a kind that does not join these types),
/// `Conflict` of code `duplicate` (they are linked so already) or `limit`.
pub async fn link(tx: &mut Tx, record: EntityId, new: &NewLink) -> Result<RecordLink> {
    tx.require(LINKS_WRITE)?;
    check(new.from_date, new.to_date, &new.properties)?;
    let subject = subjects::see(tx, record).await?;
    let other = subjects::named(tx, &[new.other]).await?.remove(&new.other);
    let other = other.ok_or_else(|| Error::invalid("other", "unknown", "There is no such record."))?;
    let kind = types::get(tx, new.kind).await?.ok_or_else(|| Error::invalid("kind", "unknown", "There is no such kind of link."))?;
    let (from, to) = if new.outward { (&subject, &other) } else { (&other, &subject) };
    joins(&kind, from, to)?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match row(tx, id, false).await {
            Ok(found) if !found.deleted && (found.from_id, found.to_id) == (from.id, to.id) => {
                return Ok(found.seen_from(subject.id, other));
            }
            Ok(_) => return Err(Error::conflict("duplicate", "There is a link of that id already.")),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    let count: i64 = sqlx::query_scalar(
        "select count(*) from record_links where organization_id = $1 and deleted_at is null and (from_id = $2 or to_id = $2)",
    )
    .bind(organization)
    .bind(subject.id)
    .fetch_one(tx.conn())
    .await?;
    if count >= MOST {
        return Err(Error::conflict("limit", "This record has too many links."));
    }
    sqlx::query(
        "insert into record_links (organization_id, id, type_id, from_id, to_id, from_date, to_date, properties, author_id, updated_by,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $10)",
    )
    .bind(organization)
    .bind(id)
    .bind(kind.id)
    .bind(from.id)
    .bind(to.id)
    .bind(new.from_date)
    .bind(new.to_date)
    .bind(Json(&new.properties))
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("record_links_once", taken)?;
    let made = row(tx, id, false).await?;
    told(tx, "linked", None, Some(&made), &subject, &other).await?;
    Ok(made.seen_from(subject.id, other))
}

/// Changes the dates and properties of a link.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `duplicate`.
pub async fn change(tx: &mut Tx, id: EntityId, change: &LinkChange) -> Result<RecordLink> {
    tx.require(LINKS_WRITE)?;
    check(change.from_date, change.to_date, &change.properties)?;
    let (before, from, to) = open(tx, id).await?;
    if before.deleted {
        return Err(Error::NotFound);
    }
    if before.version != change.version {
        let editor = before.editor.clone();
        return Err(stale(&before.seen_from(from.id, to), editor.as_deref()));
    }
    if (before.from_date, before.to_date, &before.properties.0) == (change.from_date, change.to_date, &change.properties) {
        return Ok(before.seen_from(from.id, to));
    }
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "update record_links set from_date = $3, to_date = $4, properties = $5, updated_by = $6, updated_at = $7, version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(change.from_date)
    .bind(change.to_date)
    .bind(Json(&change.properties))
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("record_links_once", taken)?;
    let after = row(tx, id, false).await?;
    told(tx, "link_changed", Some(&before), Some(&after), &from, &to).await?;
    Ok(after.seen_from(from.id, to))
}

/// Takes a link away; [`restore`] brings it back.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn delete(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(LINKS_WRITE)?;
    let (before, from, to) = open(tx, id).await?;
    if before.deleted {
        return Err(Error::NotFound);
    }
    set_deleted(tx, id, true).await?;
    told(tx, "unlinked", Some(&before), None, &from, &to).await
}

/// Brings a link back that was taken away; told as seen from its beginning.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of code `duplicate` (they were linked so again meanwhile).
pub async fn restore(tx: &mut Tx, id: EntityId) -> Result<RecordLink> {
    tx.require(LINKS_WRITE)?;
    let (found, from, to) = open(tx, id).await?;
    if !found.deleted {
        return Ok(found.seen_from(from.id, to));
    }
    set_deleted(tx, id, false).await?;
    let found = row(tx, id, false).await?;
    told(tx, "linked", None, Some(&found), &from, &to).await?;
    Ok(found.seen_from(from.id, to))
}

/// The present version of a link that the actor may read, for what goes by the log and not by what somebody saw.
pub(crate) async fn version(tx: &mut Tx, id: EntityId) -> Result<i32> {
    Ok(open(tx, id).await?.0.version)
}

fn taken() -> Error {
    Error::conflict("duplicate", "These two are linked so already.")
}

fn check(from: Option<NaiveDate>, to: Option<NaiveDate>, properties: &BTreeMap<String, String>) -> Result<()> {
    let mut input = Input::new();
    for (field, date) in [("from_date", from), ("to_date", to)] {
        if let Some(date) = date {
            input.year(field, &date);
        }
    }
    let ordered = from.zip(to).is_none_or(|(from, to)| from <= to);
    input.check(ordered, "to_date", "order", "The last day lies before the first.");
    input.check(properties.len() <= MOST_PROPERTIES, "properties", "too_long", "At most 20 properties.");
    for (name, text) in properties {
        input.text("properties", name.trim(), 1, 100);
        input.text("properties", text, 0, 500);
    }
    input.finish()
}

fn joins(kind: &LinkType, from: &Subject, to: &Subject) -> Result<()> {
    let allowed = |types: &[String], subject: &Subject| types.is_empty() || types.contains(&subject.entity_type);
    let mut input = Input::new();
    input.check(kind.active, "kind", "inactive", "This kind of link is no longer in use.");
    input.check(
        allowed(&kind.from_types, from) && allowed(&kind.to_types, to),
        "kind",
        "kind",
        "This kind of link does not join these types.",
    );
    input.check(from.id != to.id, "other", "choice", "A record is not linked to itself.");
    input.finish()
}

/// A link with its two records, both of which the actor may read; held until the transaction ends.
async fn open(tx: &mut Tx, id: EntityId) -> Result<(Row, Subject, Subject)> {
    let found = row(tx, id, true).await?;
    let from = subjects::see(tx, found.from_id).await?;
    let to = subjects::see(tx, found.to_id).await?;
    Ok((found, from, to))
}

async fn row(tx: &mut Tx, id: EntityId, lock: bool) -> Result<Row> {
    let organization = tx.organization();
    if lock {
        sqlx::query("select 1 from record_links where organization_id = $1 and id = $2 for update")
            .bind(organization)
            .bind(id)
            .execute(tx.conn())
            .await?;
    }
    sqlx::query_as(
        "select l.id, l.type_id, l.from_id, l.to_id, t.name, t.inverse, l.from_date, l.to_date, l.properties, l.version,
                u.name as editor, l.deleted_at is not null as deleted
         from record_links l
         join link_types t on t.organization_id = l.organization_id and t.id = l.type_id
         left join memberships m on m.organization_id = l.organization_id and m.user_id = l.updated_by
         left join users u on u.id = m.user_id
         where l.organization_id = $1 and l.id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)
}

async fn set_deleted(tx: &mut Tx, id: EntityId, deleted: bool) -> Result<()> {
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "update record_links set deleted_at = case when $3 then $4 end, version = version + 1, updated_by = $5, updated_at = $4
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(deleted)
    .bind(now)
    .bind(author)
    .execute(tx.conn())
    .await
    .on_constraint("record_links_once", taken)?;
    Ok(())
}

async fn told(tx: &mut Tx, verb: &str, old: Option<&Row>, new: Option<&Row>, one: &Subject, other: &Subject) -> Result<()> {
    for here in [one, other] {
        let entity = EntityRef::new(&here.entity_type, here.id);
        actions::record(tx, entity, verb, old.map(|row| row.told(here.id)), new.map(|row| row.told(here.id))).await?;
    }
    Ok(())
}
