//! Companies in the database.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::ResultExt,
    id::{EntityId, EntityRef, UserId},
    rest::{Page, PageQuery},
};
use serde_json::json;

use super::{
    Company, CompanyInput, CompanyRow,
    hierarchy::{above, check_parent},
    people,
};
use crate::{
    core::{COMPANIES_READ, COMPANIES_WRITE},
    fields, hooks,
    persons::{self, e164, filled},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    name: String,
    tax_id: Option<String>,
    kinds: Vec<String>,
    parent_id: Option<EntityId>,
    website: String,
    email: Option<String>,
    phone: Option<String>,
    street: String,
    postcode: String,
    city: String,
    country: String,
    credit_limit: Option<i64>,
    currency: String,
    payment_days: Option<i16>,
    notes: String,
    owner_id: Option<UserId>,
    version: i32,
}

/// Companies by name; with `query` those whom it resembles, the best first and on one page.
///
/// # Errors
/// `Denied`, `Invalid`.
pub async fn list(tx: &mut Tx, query: &str, page: &PageQuery) -> Result<Page<CompanyRow>> {
    tx.require(COMPANIES_READ)?;
    let mut input = platform::input::Input::new();
    input.text("q", query, 0, 200);
    input.finish()?;
    let (organization, limit) = (tx.organization(), page.limit());
    let today = tx.now().date_naive();
    let found = if query.trim().is_empty() {
        None
    } else {
        Some(persons::search(tx, &["company"], query, i32::try_from(limit).unwrap_or(50)).await?)
    };
    let (name, after) = page.after::<(String, EntityId)>()?.unwrap_or_else(|| (String::new(), EntityId(uuid::Uuid::nil())));
    macro_rules! rows {
        ($which:literal) => {
            concat!(
                "select c.id, c.name, c.kinds, c.city, c.email, c.phone, up.name as parent_name,
            (select count(distinct m.person_id) from company_people m where m.organization_id = $1 and m.company_id = c.id
             and coalesce(m.from_date, $2) <= $2 and coalesce(m.to_date, $2) >= $2) as people
         from companies c
         join entities e on e.organization_id = c.organization_id and e.id = c.id and e.deleted_at is null
         left join companies up on up.organization_id = c.organization_id and up.id = c.parent_id
         where c.organization_id = $1 and ",
                $which
            )
        };
    }
    if let Some(ids) = found {
        let mut items: Vec<CompanyRow> =
            sqlx::query_as(rows!("c.id = any ($3)")).bind(organization).bind(today).bind(&ids).fetch_all(tx.conn()).await?;
        items.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        return Ok(Page { items, next_cursor: None });
    }
    let items = sqlx::query_as(rows!("(c.name, c.id) > ($3, $4) order by c.name, c.id limit $5"))
        .bind(organization)
        .bind(today)
        .bind(name)
        .bind(after)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Page::of(items, limit, |row: &CompanyRow| (row.name.clone(), row.id))
}

/// One company with those above and below it and the people in it.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Company> {
    tx.require(COMPANIES_READ)?;
    let organization = tx.organization();
    let row: Row = sqlx::query_as(
        "select c.id, c.name, c.tax_id, c.kinds, c.parent_id, c.website, c.email, c.phone, c.street, c.postcode, c.city, c.country,
                c.credit_limit, c.currency, c.payment_days, c.notes, e.owner_id, c.version
         from companies c join entities e on e.organization_id = c.organization_id and e.id = c.id
         where c.organization_id = $1 and c.id = $2 and e.deleted_at is null",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)?;
    let above = above(tx, row.parent_id).await?;
    let below = sqlx::query_as(
        "select c.id, c.name from companies c join entities e on e.organization_id = c.organization_id and e.id = c.id
         where c.organization_id = $1 and c.parent_id = $2 and e.deleted_at is null order by c.name, c.id limit 200",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let people = people::of_company(tx, id).await?;
    Ok(Company {
        id: row.id,
        name: row.name,
        tax_id: row.tax_id,
        kinds: row.kinds,
        parent: row.parent_id,
        website: row.website,
        email: row.email,
        phone: row.phone,
        street: row.street,
        postcode: row.postcode,
        city: row.city,
        country: row.country,
        credit_limit: row.credit_limit,
        currency: row.currency,
        payment_days: row.payment_days,
        notes: row.notes,
        owner: row.owner_id,
        above,
        below,
        people,
        version: row.version,
        may_write: tx.can(COMPANIES_WRITE),
    })
}

/// Makes a company. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `Invalid`, `Conflict` of code `duplicate` (the tax id is another company's).
pub async fn create(tx: &mut Tx, input: &CompanyInput) -> Result<Company> {
    tx.require(COMPANIES_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    check_parent(tx, id, input.parent).await?;
    let phone = phone(tx, input).await?;
    let keywords = keywords(input, phone.as_deref());
    let entity = NewEntity {
        id,
        entity_type: "company",
        title: input.name.trim(),
        keywords: &keywords,
        owner: Some(tx.user()).filter(|user| *user != UserId::SYSTEM),
        status: None,
    };
    entities::insert(tx, &entity).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into companies (organization_id, id, name, tax_id, kinds, parent_id, website, email, phone, street, postcode, city,
             country, credit_limit, currency, payment_days, notes, created_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, o.currency, $15, $16, $17
         from organizations o where o.organization_id = $1",
    )
    .bind(organization)
    .bind(id)
    .bind(input.name.trim())
    .bind(input.tax_id())
    .bind(&input.kinds)
    .bind(input.parent)
    .bind(input.website.trim())
    .bind(filled(input.email.as_deref()).map(str::to_lowercase))
    .bind(phone)
    .bind(input.street.trim())
    .bind(input.postcode.trim())
    .bind(input.city.trim())
    .bind(&input.country)
    .bind(input.credit_limit)
    .bind(input.payment_days)
    .bind(input.notes.trim())
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("companies_tax_id_key", taken)?;
    actions::record(tx, EntityRef::new("company", id), "created", None, Some(json!({ "title": input.name.trim() }))).await?;
    fields::touched(tx, "company", id).await?;
    get(tx, id).await
}

/// Changes a company; the input's version must be the present one (R18).
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `duplicate`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &CompanyInput) -> Result<Company> {
    tx.require(COMPANIES_WRITE)?;
    input.check()?;
    let before = get(tx, id).await?;
    check_parent(tx, id, input.parent).await?;
    let phone = phone(tx, input).await?;
    let keywords = keywords(input, phone.as_deref());
    let organization = tx.organization();
    // Whoever writes something that tells of the company has done so, or waits and then reads its new name.
    entities::hold(tx, &[id]).await?;
    let changed = sqlx::query(
        "update companies set name = $4, tax_id = $5, kinds = $6, parent_id = $7, website = $8, email = $9, phone = $10, street = $11,
             postcode = $12, city = $13, country = $14, credit_limit = $15, payment_days = $16, notes = $17, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.name.trim())
    .bind(input.tax_id())
    .bind(&input.kinds)
    .bind(input.parent)
    .bind(input.website.trim())
    .bind(filled(input.email.as_deref()).map(str::to_lowercase))
    .bind(phone)
    .bind(input.street.trim())
    .bind(input.postcode.trim())
    .bind(input.city.trim())
    .bind(&input.country)
    .bind(input.credit_limit)
    .bind(input.payment_days)
    .bind(input.notes.trim())
    .execute(tx.conn())
    .await
    .on_constraint("companies_tax_id_key", taken)?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        let message = "Somebody else has changed this company in the meantime.";
        return Err(actions::changed_meanwhile(tx, id, "company", &now, message).await?);
    }
    entities::update(tx, id, input.name.trim(), &keywords, None).await?;
    let after = get(tx, id).await?;
    if after.name != before.name {
        let state = tx.state().clone();
        for renamed in hooks::all(&state).iter().filter_map(|hooks| hooks.company_renamed) {
            renamed(tx, id).await?;
        }
    }
    actions::record(tx, EntityRef::new("company", id), "updated", Some(shown(&before)), Some(shown(&after))).await?;
    fields::touched(tx, "company", id).await?;
    Ok(after)
}

/// What the log tells of a company: what forms change.
fn shown(company: &Company) -> serde_json::Value {
    json!({
        "name": company.name, "tax_id": company.tax_id, "kinds": company.kinds, "parent": company.parent, "website": company.website,
        "email": company.email, "phone": company.phone, "street": company.street, "postcode": company.postcode, "city": company.city,
        "country": company.country, "credit_limit": company.credit_limit, "payment_days": company.payment_days, "notes": company.notes,
    })
}

async fn phone(tx: &mut Tx, input: &CompanyInput) -> Result<Option<String>> {
    let Some(phone) = filled(input.phone.as_deref()) else { return Ok(None) };
    let country = if input.country.is_empty() { persons::country(tx).await? } else { input.country.clone() };
    Ok(e164(phone, &country))
}

fn keywords(input: &CompanyInput, phone: Option<&str>) -> String {
    let tax_id = input.tax_id();
    let parts = [tax_id.as_deref(), phone, filled(input.email.as_deref()), filled(Some(&input.website)), filled(Some(&input.city))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn taken() -> Error {
    Error::conflict("duplicate", "There is a company of this tax id already.")
}
