//! A lead becomes a deal.

use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;
use services::{
    companies::{self, CompanyInput, CompanyRoleInput},
    core::COMPANIES_WRITE,
    fields, persons,
};

use super::{ConvertLead, LeadStatus, get, sql};
use crate::{
    DEALS_WRITE, LEADS_WRITE, PRODUCT,
    deals::{self, Deal, DealInput},
};

/// Makes the deal of a lead: with the lead's person, and with its company, which is found by its name or made. The lead is
/// qualified by it. A lead that has a deal already is answered with that deal, so that a second press, or a colleague's, makes no
/// second one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn convert(tx: &mut Tx, id: EntityId, input: &ConvertLead) -> Result<Deal> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(LEADS_WRITE)?;
    tx.reach(DEALS_WRITE)?;
    let mut checked = Input::new();
    checked.text("title", &input.title, 0, 200);
    checked.finish()?;
    // Whoever converts it too waits here and then finds the deal.
    let person = get(tx, id).await?.person;
    persons::hold(tx, person).await?;
    sql::hold(tx, id).await?;
    let lead = get(tx, id).await?;
    tx.require_over(LEADS_WRITE, lead.owner)?;
    if let Some(deal) = lead.deal {
        return deals::get(tx, deal).await;
    }
    if lead.version != input.version {
        return Err(actions::changed_meanwhile(tx, id, "lead", &lead, "Somebody else has changed this lead in the meantime.").await?);
    }
    let company = match input.company {
        Some(company) => Some(company),
        None => company(tx, lead.company.trim()).await?,
    };
    if let Some(company) = company {
        belongs(tx, company, lead.person).await?;
    }
    let name = format!("{} {}", lead.given_name, lead.family_name);
    let title = match (input.title.trim(), lead.company.trim()) {
        ("", "") => name.trim(),
        ("", company) => company,
        (title, _) => title,
    };
    let wanted = DealInput {
        title: title.to_owned(),
        stage: input.stage,
        person: Some(lead.person),
        company,
        value: lead.value,
        currency: lead.currency.clone(),
        ..DealInput::default()
    };
    let deal = deals::insert(tx, &wanted, Some(id)).await?;
    sql::set_status(tx, &lead, LeadStatus::Qualified).await?;
    let (old, new) = (json!({ "status": lead.status }), json!({ "status": LeadStatus::Qualified, "deal": deal.id }));
    actions::record(tx, EntityRef::new("crm:lead", id), "converted", Some(old), Some(new)).await?;
    fields::touched(tx, "crm:lead", id).await?;
    Ok(deal)
}

/// The company of that name, whatever its case and marks; made, if there is none.
async fn company(tx: &mut Tx, name: &str) -> Result<Option<EntityId>> {
    if name.is_empty() {
        return Ok(None);
    }
    let organization = tx.organization();
    // Two leads of one company that are converted at once would otherwise each make it.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::text || ':' || normalised($2), 0))")
        .bind(organization)
        .bind(name)
        .execute(tx.conn())
        .await?;
    let found: Option<EntityId> = sqlx::query_scalar(
        "select c.id from companies c join entities e on e.organization_id = c.organization_id and e.id = c.id
         where c.organization_id = $1 and e.deleted_at is null and normalised(c.name) = normalised($2)
         order by c.created_at, c.id limit 1",
    )
    .bind(organization)
    .bind(name)
    .fetch_optional(tx.conn())
    .await?;
    if found.is_some() {
        return Ok(found);
    }
    let wanted = CompanyInput { name: name.to_owned(), ..CompanyInput::default() };
    Ok(Some(companies::create(tx, &wanted).await?.id))
}

/// Somebody who is nobody in the company yet becomes its contact; only by those who may change companies.
async fn belongs(tx: &mut Tx, company: EntityId, person: EntityId) -> Result<()> {
    let organization = tx.organization();
    let (known, locale): (bool, String) = sqlx::query_as(
        "select exists (select from company_people where organization_id = $1 and company_id = $2 and person_id = $3), o.locale
         from organizations o where o.organization_id = $1",
    )
    .bind(organization)
    .bind(company)
    .bind(person)
    .fetch_one(tx.conn())
    .await?;
    if known || !tx.can(COMPANIES_WRITE) {
        return Ok(());
    }
    let role = if locale == "pl" { "kontakt" } else { "contact" };
    let wanted = CompanyRoleInput { id: None, person, role: role.to_owned(), from_date: None, to_date: None };
    match companies::add_person(tx, company, &wanted).await {
        // Of a company or a person whom one may not see nothing is said; the deal itself tells.
        Err(Error::NotFound) => Err(Error::invalid("company", "unknown", "There is no such company.")),
        done => done.map(drop),
    }
}
