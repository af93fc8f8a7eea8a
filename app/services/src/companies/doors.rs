//! What the screens of companies ask the server.

use leptos::prelude::*;
use platform::id::EntityId;
use services::companies::{Company, CompanyInput, CompanyRoleInput, CompanyRow};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use {app_platform::session::begin, platform::rest::PageQuery, services::companies};

/// Companies by name, or those whom the query resembles, and where the list goes on.
#[server(prefix = "/fn", endpoint = "companies/list", input = Wire, output = Wire)]
pub async fn list_companies(q: String, cursor: Option<String>) -> Result<(Vec<CompanyRow>, Option<String>), Failure> {
    let mut tx = begin().await?;
    let page = companies::list(&mut tx, &q, &PageQuery { cursor, limit: None }).await?;
    tx.commit().await?;
    Ok((page.items, page.next_cursor))
}

/// One company.
#[server(prefix = "/fn", endpoint = "companies/company", input = Wire, output = Wire)]
pub async fn read_company(id: EntityId) -> Result<Company, Failure> {
    let mut tx = begin().await?;
    let company = companies::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(company)
}

/// Makes a company, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "companies/save", input = Wire, output = Wire)]
pub async fn save_company(id: Option<EntityId>, input: CompanyInput) -> Result<EntityId, Failure> {
    let mut tx = begin().await?;
    let company = match id {
        Some(id) => companies::update(&mut tx, id, &input).await?,
        None => companies::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(company.id)
}

/// Gives somebody a role in a company.
#[server(prefix = "/fn", endpoint = "companies/put_person", input = Wire, output = Wire)]
pub async fn put_person(company: EntityId, input: CompanyRoleInput) -> Result<Company, Failure> {
    let mut tx = begin().await?;
    let company = companies::add_person(&mut tx, company, &input).await?;
    tx.commit().await?;
    Ok(company)
}

/// Changes a role.
#[server(prefix = "/fn", endpoint = "companies/change_person", input = Wire, output = Wire)]
pub async fn change_person(role: EntityId, input: CompanyRoleInput) -> Result<Company, Failure> {
    let mut tx = begin().await?;
    let company = companies::change_person(&mut tx, role, &input).await?;
    tx.commit().await?;
    Ok(company)
}

/// Takes a role away.
#[server(prefix = "/fn", endpoint = "companies/remove_person", input = Wire, output = Wire)]
pub async fn remove_person(role: EntityId) -> Result<Company, Failure> {
    let mut tx = begin().await?;
    let company = companies::remove_person(&mut tx, role).await?;
    tx.commit().await?;
    Ok(company)
}
