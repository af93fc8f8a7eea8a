//! Who is who in a company.

use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
};
use serde_json::json;

use super::{Company, CompanyRole, CompanyRoleInput, get};
use crate::{
    core::{COMPANIES_READ, COMPANIES_WRITE},
    persons,
};

macro_rules! roles {
    ($which:literal) => {
        concat!(
            "select m.id, m.company_id as company, c.name as company_name, m.person_id as person,
        p.given_name || ' ' || p.family_name as person_name, m.role, m.from_date, m.to_date
    from company_people m
    join companies c on c.organization_id = m.organization_id and c.id = m.company_id
    join persons p on p.organization_id = m.organization_id and p.id = m.person_id
    join entities e on e.organization_id = m.organization_id and e.id = p.id
    join entities ce on ce.organization_id = m.organization_id and ce.id = c.id
    where m.organization_id = $1 and e.deleted_at is null and e.merged_into is null and ce.deleted_at is null ",
            $which
        )
    };
}

/// How many roles are told at once.
const MOST: i64 = 500;

/// The roles of a human whom the caller has found, the present ones first; none for those who may not see companies.
///
/// # Errors
/// `Unavailable`.
pub async fn of_person(tx: &mut Tx, person: EntityId) -> Result<Vec<CompanyRole>> {
    if !tx.can(COMPANIES_READ) {
        return Ok(Vec::new());
    }
    let organization = tx.organization();
    Ok(sqlx::query_as(roles!("and m.person_id = $2 order by m.to_date desc nulls first, m.from_date desc nulls last, m.id limit $3"))
        .bind(organization)
        .bind(person)
        .bind(MOST)
        .fetch_all(tx.conn())
        .await?)
}

/// The people of a company that the caller has found: those whom one may see.
pub(super) async fn of_company(tx: &mut Tx, company: EntityId) -> Result<Vec<CompanyRole>> {
    if !tx.can(crate::core::PERSONS_READ) {
        return Ok(Vec::new());
    }
    let types = persons::visible(tx).await?;
    let organization = tx.organization();
    Ok(sqlx::query_as(roles!(
        "and m.company_id = $2 and e.entity_type = any ($4) order by m.to_date desc nulls first, p.family_name, m.id limit $3"
    ))
    .bind(organization)
    .bind(company)
    .bind(MOST)
    .bind(types)
    .fetch_all(tx.conn())
    .await?)
}

/// Gives somebody a role in a company. With the id of one that is there it returns the company as it is.
///
/// # Errors
/// `Denied`, `NotFound` (the company), `Invalid` (also where there is no such person), `Conflict` of code `duplicate`.
pub async fn add_person(tx: &mut Tx, company: EntityId, input: &CompanyRoleInput) -> Result<Company> {
    tx.require(COMPANIES_WRITE)?;
    input.check()?;
    let found = get(tx, company).await?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if found.people.iter().any(|role| role.id == id) {
        return Ok(found);
    }
    let person = match persons::find(tx, input.person).await {
        Err(Error::NotFound) => return Err(Error::invalid("person", "unknown", "There is no such person.")),
        found => found?,
    };
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into company_people (organization_id, id, company_id, person_id, role, from_date, to_date, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(company)
    .bind(person)
    .bind(input.role.trim())
    .bind(input.from_date)
    .bind(input.to_date)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("company_people_pkey", || Error::conflict("duplicate", "There is a role of that id already."))?;
    let told =
        json!({ "role_id": id, "person": person, "role": input.role.trim(), "from_date": input.from_date, "to_date": input.to_date });
    actions::record(tx, EntityRef::new("company", company), "person_added", None, Some(told)).await?;
    get(tx, company).await
}

/// Changes what somebody's role is called and how long it lasts.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`.
pub async fn change_person(tx: &mut Tx, id: EntityId, input: &CompanyRoleInput) -> Result<Company> {
    tx.require(COMPANIES_WRITE)?;
    input.check()?;
    let before = one(tx, id).await?;
    let organization = tx.organization();
    sqlx::query("update company_people set role = $3, from_date = $4, to_date = $5 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(input.role.trim())
        .bind(input.from_date)
        .bind(input.to_date)
        .execute(tx.conn())
        .await?;
    let old = json!({ "role_id": id, "role": before.role, "from_date": before.from_date, "to_date": before.to_date });
    let new = json!({ "role_id": id, "role": input.role.trim(), "from_date": input.from_date, "to_date": input.to_date });
    actions::record(tx, EntityRef::new("company", before.company), "person_changed", Some(old), Some(new)).await?;
    get(tx, before.company).await
}

/// Takes a role away that was never one; one that has ended gets its last day instead.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn remove_person(tx: &mut Tx, id: EntityId) -> Result<Company> {
    tx.require(COMPANIES_WRITE)?;
    let before = one(tx, id).await?;
    let organization = tx.organization();
    sqlx::query("delete from company_people where organization_id = $1 and id = $2").bind(organization).bind(id).execute(tx.conn()).await?;
    let old =
        json!({ "role_id": id, "person": before.person, "role": before.role, "from_date": before.from_date, "to_date": before.to_date });
    actions::record(tx, EntityRef::new("company", before.company), "person_removed", Some(old), None).await?;
    get(tx, before.company).await
}

/// A role of somebody whom one may see.
async fn one(tx: &mut Tx, id: EntityId) -> Result<CompanyRole> {
    tx.require(COMPANIES_READ)?;
    let types = persons::visible(tx).await?;
    let organization = tx.organization();
    sqlx::query_as(roles!("and m.id = $2 and e.entity_type = any ($3)"))
        .bind(organization)
        .bind(id)
        .bind(types)
        .fetch_optional(tx.conn())
        .await?
        .ok_or(Error::NotFound)
}
