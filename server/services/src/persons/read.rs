//! Humans as lists and pages show them, whatever record type they are.

use std::collections::HashMap;

use chrono::NaiveDate;
use platform::{
    Error, Result, Tx,
    id::{EntityId, UserId},
    rest::{Page, PageQuery},
};
use sqlx::{Postgres, QueryBuilder};

use super::{
    Contact, ContactKind, PersonCard, PersonDetails, PersonQuery, PersonRow, contract,
    lifecycle::{self, Held, PersonAlert},
    search,
};
use crate::{
    companies, consents,
    core::{NATIONAL_IDS_READ, PERSONS_MERGE, PERSONS_READ, PERSONS_WRITE},
    merge, subjects,
    tags::RecordTag,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    entity_type: String,
    given_name: String,
    family_name: String,
    birth_date: Option<NaiveDate>,
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    national_id: Option<String>,
    owner_id: Option<UserId>,
    owner_name: Option<String>,
    version: i32,
}

const COLUMNS: &str = "select p.id, e.entity_type, p.given_name, p.family_name, p.birth_date, p.email, p.phone, p.language, p.national_id,
        e.owner_id, u.name as owner_name, e.version
    from persons p
    join entities e on e.organization_id = p.organization_id and e.id = p.id
    left join users u on u.id = e.owner_id
        and exists (select from memberships m where m.organization_id = p.organization_id and m.user_id = u.id)
    where p.organization_id = ";

/// The types of person that whoever asks may see.
pub(crate) async fn visible(tx: &mut Tx) -> Result<Vec<String>> {
    let state = tx.state().clone();
    let persons = contract::types(&state);
    Ok(subjects::readable_types(tx).await?.into_iter().filter(|key| persons.contains(&key.as_str())).collect())
}

/// The record that is looked for: the one that has taken it in, if it was merged.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn find(tx: &mut Tx, id: EntityId) -> Result<EntityId> {
    Ok(row(tx, id).await?.id)
}

async fn row(tx: &mut Tx, id: EntityId) -> Result<Row> {
    tx.require(PERSONS_READ)?;
    let types = visible(tx).await?;
    let mut query = QueryBuilder::<Postgres>::new(COLUMNS);
    query.push_bind(tx.organization());
    query.push(" and p.id = (select coalesce(m.merged_into, m.id) from entities m where m.organization_id = ");
    query.push_bind(tx.organization()).push(" and m.id = ").push_bind(id);
    query.push(") and e.deleted_at is null and e.entity_type = any (").push_bind(types).push(")");
    query.build_query_as::<Row>().fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)
}

/// Humans by family name, or those whom the query resembles, the best first and on one page.
///
/// # Errors
/// `Denied`, `Invalid` (the query, the cursor).
pub async fn list(tx: &mut Tx, asked: &PersonQuery, page: &PageQuery) -> Result<Page<PersonRow>> {
    tx.require(PERSONS_READ)?;
    let mut input = platform::input::Input::new();
    input.text("q", &asked.q, 0, 200);
    input.text("role", &asked.role, 0, 60);
    input.finish()?;
    let state = tx.state().clone();
    let types = visible(tx).await?;
    let found = match asked.q.trim() {
        "" => None,
        q => {
            let types: Vec<&str> = types.iter().map(String::as_str).collect();
            Some(search(tx, &types, q, 50).await?)
        }
    };
    let mut query = QueryBuilder::<Postgres>::new(COLUMNS);
    query.push_bind(tx.organization());
    query.push(" and e.deleted_at is null and e.merged_into is null and e.entity_type = any (").push_bind(types).push(")");
    if !asked.role.is_empty() {
        let mut sources = contract::hooks(&state).flat_map(|(_, hooks)| hooks.roles).filter(|source| {
            source.role == asked.role
                && tx.can(source.read)
                && source.product.is_none_or(|product| tx.verify_product_access(product).is_ok())
        });
        match sources.next() {
            // A constant of the code.
            Some(source) => drop(query.push(" and (").push(source.holds).push(")")),
            None => return Ok(Page { items: Vec::new(), next_cursor: None }),
        }
    }
    let limit = page.limit();
    if let Some(ids) = &found {
        query.push(" and p.id = any (").push_bind(ids.clone()).push(")");
    } else {
        let after: Option<(String, String, EntityId)> = page.after()?;
        if let Some((family, given, id)) = after {
            query.push(" and (p.family_name, p.given_name, p.id) > (").push_bind(family).push(", ").push_bind(given);
            query.push(", ").push_bind(id).push(")");
        }
        query.push(" order by p.family_name, p.given_name, p.id limit ").push_bind(limit + 1);
    }
    let mut rows: Vec<Row> = query.build_query_as().fetch_all(tx.conn()).await?;
    if let Some(ids) = &found {
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        rows.truncate(usize::try_from(limit).unwrap_or(50));
    }
    let page = Page::of(rows, limit, |row| (row.family_name.clone(), row.given_name.clone(), row.id))?;
    let ids: Vec<EntityId> = page.items.iter().map(|row| row.id).collect();
    let mut held = held(tx, &ids).await?;
    let mut tags = tags(tx, &ids).await?;
    let mut alerts = alerts(tx, &ids).await?;
    let items = page.items.into_iter().map(|row| {
        let held = held.remove(&row.id).unwrap_or_default();
        let because = lifecycle::furthest(&held).cloned();
        PersonRow {
            id: row.id,
            given_name: row.given_name,
            family_name: row.family_name,
            birth_date: row.birth_date,
            email: row.email,
            phone: row.phone,
            owner_name: row.owner_name,
            roles: lifecycle::roles(&held),
            stage: because.as_ref().map(|one| one.stage).unwrap_or_default(),
            because,
            tags: tags.remove(&row.id).unwrap_or_default(),
            alerts: alerts.remove(&row.id).unwrap_or_default(),
        }
    });
    Ok(Page { items: items.collect(), next_cursor: page.next_cursor })
}

/// What the products hold of these persons: one statement a product.
async fn held(tx: &mut Tx, ids: &[EntityId]) -> Result<HashMap<EntityId, Vec<Held>>> {
    let mut all: HashMap<EntityId, Vec<Held>> = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    let state = tx.state().clone();
    for (_, hooks) in contract::hooks(&state) {
        for held in (hooks.held)(tx, ids).await? {
            all.entry(held.person).or_default().push(held);
        }
    }
    Ok(all)
}

/// What the products warn of about these persons, as far as whoever asks may see it: one statement a product. Ids of what
/// is no person have nothing.
///
/// # Errors
/// `Unavailable`.
pub async fn alerts(tx: &mut Tx, ids: &[EntityId]) -> Result<HashMap<EntityId, Vec<PersonAlert>>> {
    let mut all: HashMap<EntityId, Vec<PersonAlert>> = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    let state = tx.state().clone();
    for hook in contract::hooks(&state).filter_map(|(_, hooks)| hooks.alerts) {
        for alert in hook(tx, ids).await? {
            all.entry(alert.person).or_default().push(alert);
        }
    }
    Ok(all)
}

async fn tags(tx: &mut Tx, ids: &[EntityId]) -> Result<HashMap<EntityId, Vec<RecordTag>>> {
    let mut all: HashMap<EntityId, Vec<RecordTag>> = HashMap::new();
    if !tx.can(subjects::RECORDS_READ) {
        return Ok(all);
    }
    let organization = tx.organization();
    let rows: Vec<(EntityId, EntityId, String, i16, i32)> = sqlx::query_as(
        "select r.entity_id, t.id, t.name, t.hue, t.version from record_tags r
         join tags t on t.organization_id = r.organization_id and t.id = r.tag_id
         where r.organization_id = $1 and r.entity_id = any ($2) and t.deleted_at is null order by normalised(t.name)",
    )
    .bind(organization)
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    for (record, id, name, hue, version) in rows {
        all.entry(record).or_default().push(RecordTag { id, name, hue, version });
    }
    Ok(all)
}

/// A human with everything that every product knows of them. The id of a record that was merged leads to the one that has
/// taken it in, whose id the answer names.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn card(tx: &mut Tx, id: EntityId) -> Result<PersonCard> {
    let row = row(tx, id).await?;
    let id = row.id;
    let held = held(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let state = tx.state().clone();
    let mut facts = Vec::new();
    for hook in contract::hooks(&state).filter_map(|(_, hooks)| hooks.facts) {
        facts.extend(hook(tx, id).await?);
    }
    let because = lifecycle::furthest(&held).cloned();
    let sees_national_id = tx.can(NATIONAL_IDS_READ);
    Ok(PersonCard {
        id,
        entity_type: row.entity_type,
        given_name: row.given_name,
        family_name: row.family_name,
        birth_date: row.birth_date,
        email: row.email,
        phone: row.phone,
        language: row.language,
        national_id: row.national_id.filter(|_| sees_national_id),
        sees_national_id,
        owner: row.owner_id.filter(|_| row.owner_name.is_some()),
        owner_name: row.owner_name,
        contacts: contacts(tx, id).await?,
        roles: lifecycle::roles(&held),
        stage: because.as_ref().map(|one| one.stage).unwrap_or_default(),
        because,
        held,
        facts,
        alerts: alerts(tx, &[id]).await?.remove(&id).unwrap_or_default(),
        companies: companies::of_person(tx, id).await?,
        consents: consents::state(tx, id).await?,
        merged: merge::into(tx, id).await?,
        version: row.version,
        may_write: tx.can(PERSONS_WRITE),
        may_merge: tx.can(PERSONS_MERGE),
    })
}

/// What a form would show of them.
pub(super) async fn details(tx: &mut Tx, id: EntityId) -> Result<PersonDetails> {
    let row = row(tx, id).await?;
    Ok(PersonDetails {
        id: None,
        given_name: row.given_name,
        family_name: row.family_name,
        birth_date: row.birth_date,
        email: row.email,
        phone: row.phone,
        language: row.language,
        national_id: row.national_id,
        owner: row.owner_id,
        contacts: contacts(tx, row.id).await?,
        version: row.version,
    })
}

async fn contacts(tx: &mut Tx, id: EntityId) -> Result<Vec<Contact>> {
    let organization = tx.organization();
    let rows: Vec<(EntityId, String, String, String, String, String, String)> = sqlx::query_as(
        "select id, kind, label, value, postcode, city, country from person_contacts
         where organization_id = $1 and person_id = $2 order by place, id",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let contact = |(id, kind, label, value, postcode, city, country): (EntityId, String, String, String, String, String, String)| Contact {
        id: Some(id),
        kind: ContactKind::parse(&kind).unwrap_or_default(),
        label,
        value,
        postcode,
        city,
        country,
    };
    Ok(rows.into_iter().map(contact).collect())
}

/// Which type of record a person is.
pub(crate) async fn type_of(tx: &mut Tx, id: EntityId) -> Result<String> {
    let organization = tx.organization();
    sqlx::query_scalar("select entity_type from entities where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?
        .ok_or(Error::NotFound)
}

/// Those who may look after a person: the members by name, at most 500.
///
/// # Errors
/// `Denied`.
pub async fn owners(tx: &mut Tx) -> Result<Vec<(UserId, String)>> {
    tx.require(PERSONS_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select u.id, u.name from memberships m join users u on u.id = m.user_id
         where m.organization_id = $1 and m.status = 'active' order by u.name, u.id limit 500",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?)
}
