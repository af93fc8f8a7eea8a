//! Making and changing humans through their own page, whatever products hold of them.

use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
    members,
};
use serde_json::json;

use super::{Contact, ContactKind, PersonCard, PersonDetails, PersonInput, card, contract, e164, insert, read, sql};
use crate::{
    core::{NATIONAL_IDS_READ, PERSONS_WRITE},
    fields,
};

/// Makes a person. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`, `Conflict` of code `duplicate` where the id is another record's.
pub async fn create(tx: &mut Tx, input: &PersonDetails) -> Result<PersonCard> {
    tx.require(PERSONS_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match card(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    insert(tx, id, &input.person()).await?;
    beside(tx, id, input).await?;
    let name = input.person().name();
    actions::record(tx, EntityRef::new("person", id), "created", None, Some(json!({ "title": name }))).await?;
    fields::touched(tx, "person", id).await?;
    card(tx, id).await
}

/// Changes a person; the input's version must be the present one (R18). The products' own records of them follow.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn edit(tx: &mut Tx, id: EntityId, input: &PersonDetails) -> Result<PersonCard> {
    tx.require(PERSONS_WRITE)?;
    input.check()?;
    let id = read::find(tx, id).await?;
    let organization = tx.organization();
    // Held from here on, so that two who change it take turns.
    let version: i32 = sqlx::query_scalar("select version from entities where organization_id = $1 and id = $2 for no key update")
        .bind(organization)
        .bind(id)
        .fetch_one(tx.conn())
        .await?;
    let before = card(tx, id).await?;
    if version != input.version {
        let message = "Somebody else has changed this person in the meantime.";
        return Err(actions::changed_meanwhile(tx, id, "person", &before, message).await?);
    }
    sql::update(tx, id, "", &input.person()).await?;
    beside(tx, id, input).await?;
    changed(tx, id).await?;
    let after = card(tx, id).await?;
    let entity = EntityRef::new(&before.entity_type, id);
    let (old, new) = differences(&before, &after);
    actions::record(tx, entity, "updated", Some(old), Some(new)).await?;
    fields::touched(tx, &before.entity_type, id).await?;
    Ok(after)
}

/// Changes a human by the form of a product's own record of them. The product has checked its right and its version, and
/// logs its own record; every other record of the same human follows, as if it had been done on the human's own page.
/// `own` is the type of that record; who is more than that, and more than a plain person, is changed by this form only with
/// the right to change persons. Where the form says nothing new of them nothing is written, so that nobody else's form is
/// out of date by it; gives whether it did.
///
/// # Errors
/// `Invalid`, `NotFound`, `Denied`.
pub async fn revise(tx: &mut Tx, id: EntityId, own: &str, input: &PersonInput) -> Result<bool> {
    let entity_type = hold(tx, id).await?;
    let before = sql::get(tx, id).await?;
    let country = sql::country(tx).await?;
    let after = sql::normal(tx, id, input, &country)?;
    if before == after {
        return Ok(false);
    }
    if entity_type != own && entity_type != "person" {
        tx.require(PERSONS_WRITE)?;
    }
    sql::update(tx, id, "", input).await?;
    // The keywords were written without what the products know.
    changed(tx, id).await?;
    if entity_type != own {
        let entity = EntityRef::new(&entity_type, id);
        actions::record(tx, entity, "updated", Some(json!(before)), Some(json!(after))).await?;
        fields::touched(tx, &entity_type, id).await?;
    }
    Ok(true)
}

/// Holds a human before any record of theirs is written, so that two who change them take turns and never wait for each
/// other crosswise. Gives their type.
///
/// # Errors
/// `NotFound`.
pub async fn hold(tx: &mut Tx, id: EntityId) -> Result<String> {
    let organization = tx.organization();
    sqlx::query_scalar("select entity_type from entities where organization_id = $1 and id = $2 for no key update")
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?
        .ok_or(Error::NotFound)
}

/// Tells the products that a person was changed, and makes the person found by all that is known.
pub(crate) async fn changed(tx: &mut Tx, id: EntityId) -> Result<()> {
    let state = tx.state().clone();
    let mut more = String::new();
    for hook in contract::hooks(&state).filter_map(|(_, hooks)| hooks.changed) {
        if let Some(keywords) = hook(tx, id).await? {
            more = keywords;
        }
    }
    let organization = tx.organization();
    sqlx::query(
        "update entities e set title = p.given_name || ' ' || p.family_name,
             keywords = left(concat_ws(' ', nullif($3, ''), p.phone, p.email,
                 (select string_agg(c.value, ' ' order by c.place) from person_contacts c
                  where c.organization_id = $1 and c.person_id = $2 and c.kind in ('email', 'phone'))), 2000)
         from persons p where p.organization_id = $1 and p.id = $2 and e.organization_id = $1 and e.id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(more)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What stands beside the fields that every product knows.
async fn beside(tx: &mut Tx, id: EntityId, input: &PersonDetails) -> Result<()> {
    let organization = tx.organization();
    if let Some(owner) = input.owner {
        members::require_member(tx, "owner", owner).await?;
        sqlx::query("update entities set owner_id = $3 where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(id)
            .bind(owner)
            .execute(tx.conn())
            .await?;
    }
    if tx.can(NATIONAL_IDS_READ) {
        sqlx::query("update persons set national_id = $3 where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(id)
            .bind(input.national_id())
            .execute(tx.conn())
            .await?;
    }
    put_contacts(tx, id, &input.contacts).await?;
    changed_keywords(tx, id, input).await
}

/// A new person is found by all their numbers at once; products have nothing of them yet.
async fn changed_keywords(tx: &mut Tx, id: EntityId, input: &PersonDetails) -> Result<()> {
    if input.contacts.is_empty() { Ok(()) } else { changed(tx, id).await }
}

async fn put_contacts(tx: &mut Tx, id: EntityId, contacts: &[Contact]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let country = sql::country(tx).await?;
    let ids: Vec<EntityId> = contacts.iter().map(|contact| contact.id.unwrap_or_else(EntityId::new)).collect();
    sqlx::query("delete from person_contacts where organization_id = $1 and person_id = $2 and id <> all ($3)")
        .bind(organization)
        .bind(id)
        .bind(&ids)
        .execute(tx.conn())
        .await?;
    if contacts.is_empty() {
        return Ok(());
    }
    let value = |contact: &Contact| match contact.kind {
        ContactKind::Phone => e164(&contact.value, &country).unwrap_or_default(),
        ContactKind::Email => contact.value.trim().to_lowercase(),
        ContactKind::Address | ContactKind::Profile => contact.value.trim().to_owned(),
    };
    let texts = |of: fn(&Contact) -> &str| contacts.iter().map(|contact| of(contact).trim().to_owned()).collect::<Vec<_>>();
    let done = sqlx::query(
        "insert into person_contacts (organization_id, id, person_id, kind, label, value, postcode, city, country, place, created_at)
         select $1, c.id, $2, c.kind, c.label, c.value, c.postcode, c.city, c.country, c.place, $10
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
             with ordinality as c (id, kind, label, value, postcode, city, country, place)
         on conflict (organization_id, id) do update set kind = excluded.kind, label = excluded.label, value = excluded.value,
             postcode = excluded.postcode, city = excluded.city, country = excluded.country, place = excluded.place
         where person_contacts.person_id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(&ids)
    .bind(texts(|contact| contact.kind.as_str()))
    .bind(texts(|contact| &contact.label))
    .bind(contacts.iter().map(value).collect::<Vec<_>>())
    .bind(texts(|contact| &contact.postcode))
    .bind(texts(|contact| &contact.city))
    .bind(texts(|contact| &contact.country))
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("person_contacts_pkey", twice)?;
    if usize::try_from(done.rows_affected()) == Ok(contacts.len()) { Ok(()) } else { Err(twice()) }
}

fn twice() -> Error {
    Error::conflict("duplicate", "One of the addresses or numbers is another record's.")
}

/// What the log tells: only what has changed, and of a national id never more than that it has.
fn differences(before: &PersonCard, after: &PersonCard) -> (serde_json::Value, serde_json::Value) {
    let shown = |card: &PersonCard| {
        let contacts: Vec<&str> = card.contacts.iter().map(|contact| contact.value.as_str()).collect();
        json!({
            "given_name": card.given_name, "family_name": card.family_name, "birth_date": card.birth_date, "email": card.email,
            "phone": card.phone, "language": card.language, "owner": card.owner, "contacts": contacts,
        })
    };
    let (mut old, mut new) = (shown(before), shown(after));
    if let (Some(old), Some(new)) = (old.as_object_mut(), new.as_object_mut()) {
        let same: Vec<String> = old.iter().filter(|(key, value)| new.get(*key) == Some(*value)).map(|(key, _)| key.clone()).collect();
        for key in same {
            old.remove(&key);
            new.remove(&key);
        }
        if before.national_id != after.national_id {
            new.insert("national_id_changed".into(), json!(true));
        }
    }
    (old, new)
}
