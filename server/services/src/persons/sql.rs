//! Persons in the database. Whoever calls has checked the right of the product that extends them.

use chrono::Days;
use platform::{
    Error, Result, Tx,
    entities::{self, NewEntity},
    id::EntityId,
};

use super::{Person, PersonInput, e164, filled};
use crate::records::reach::Sought;

/// Makes a person under an entity of its own.
///
/// # Errors
/// `Invalid`, `Conflict` of code `duplicate`.
pub async fn insert(tx: &mut Tx, id: EntityId, input: &PersonInput) -> Result<()> {
    insert_entity(tx, id, "person", "", input).await
}

/// As [`insert`] for a product that extends the person under the same id: its entity type and what else it is found by.
///
/// # Errors
/// `Invalid`, `Conflict` of code `duplicate` where the id is another record's.
pub async fn insert_entity(tx: &mut Tx, id: EntityId, entity_type: &str, keywords: &str, input: &PersonInput) -> Result<()> {
    let country = country(tx).await?;
    let person = normal(tx, id, input, &country)?;
    let keywords = [keywords, &input.keywords(&country)].join(" ");
    let entity = NewEntity { id, entity_type, title: &input.name(), keywords: keywords.trim(), owner: Some(tx.user()), status: None };
    entities::insert(tx, &entity).await?;
    let organization = tx.organization();
    sqlx::query(
        "insert into persons (organization_id, id, given_name, family_name, birth_date, email, phone, language)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(person.given_name)
    .bind(person.family_name)
    .bind(person.birth_date)
    .bind(person.email)
    .bind(person.phone)
    .bind(person.language)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes a person and what it is found by.
///
/// # Errors
/// `Invalid`, `NotFound`.
pub async fn update(tx: &mut Tx, id: EntityId, keywords: &str, input: &PersonInput) -> Result<()> {
    let country = country(tx).await?;
    let person = normal(tx, id, input, &country)?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update persons set given_name = $3, family_name = $4, birth_date = $5, email = $6, phone = $7, language = $8
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(person.given_name)
    .bind(person.family_name)
    .bind(person.birth_date)
    .bind(person.email)
    .bind(person.phone)
    .bind(person.language)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    let keywords = [keywords, &input.keywords(&country)].join(" ");
    entities::update(tx, id, &input.name(), keywords.trim(), None).await
}

/// What is told about a human as it is kept.
///
/// # Errors
/// `Invalid`.
pub(super) fn normal(tx: &Tx, id: EntityId, input: &PersonInput, country: &str) -> Result<Person> {
    input.check()?;
    check_birth(tx, input)?;
    Ok(Person {
        id,
        given_name: input.given_name.trim().to_owned(),
        family_name: input.family_name.trim().to_owned(),
        birth_date: input.birth_date,
        email: filled(input.email.as_deref()).map(str::to_lowercase),
        phone: filled(input.phone.as_deref()).and_then(|phone| e164(phone, country)),
        language: filled(input.language.as_deref()).map(str::to_owned),
    })
}

/// The organization's country, in which numbers are dialled that name none.
pub(crate) async fn country(tx: &mut Tx) -> Result<String> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar("select country from organizations where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?)
}

/// Nobody is born tomorrow. Somewhere it is a day later than here, so that one day is let pass.
fn check_birth(tx: &Tx, input: &PersonInput) -> Result<()> {
    let tomorrow = tx.now().date_naive() + Days::new(1);
    if input.birth_date.is_some_and(|date| date > tomorrow) {
        return Err(Error::invalid("birth_date", "date", "This is not a date of birth."));
    }
    Ok(())
}

/// One person.
///
/// # Errors
/// `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Person> {
    let organization = tx.organization();
    sqlx::query_as(
        "select id, given_name, family_name, birth_date, email, phone, language from persons where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)
}

/// Records of these entity types whose name, number, e-mail or phone resembles `query`, the best first: ids in order.
/// Typing errors, missing diacritics and the order of names are forgiven.
///
/// # Errors
/// `Unavailable`.
pub async fn search(tx: &mut Tx, entity_types: &[&str], query: &str, at_most: i32) -> Result<Vec<EntityId>> {
    let sought = Sought::of(tx, entity_types.iter().map(|kind| (*kind).to_owned()));
    Ok(sqlx::query_scalar("select id from search_entities($1, $2, $3, $4, $5)")
        .bind(sought.types)
        .bind(query)
        .bind(at_most)
        .bind(sought.narrowed)
        .bind(sought.owned)
        .fetch_all(tx.conn())
        .await?)
}
