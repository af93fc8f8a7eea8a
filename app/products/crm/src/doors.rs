//! CRM's server functions: the screens' thin doors to `leads` and `calls`.

use crm::{
    calls::{Call, CompleteCall, PlanCall},
    leads::{Lead, LeadInput},
};
use leptos::prelude::*;
use platform::id::{EntityId, UserId};
use ui::Failure;
use ui::Wire;

/// A page of leads and where it goes on.
pub type Leads = (Vec<Lead>, Option<String>);

/// Leads, newest first: of one status (empty for all), whose name, company, e-mail or phone contains `query`.
#[server(name = AskLeads, prefix = "/fn", endpoint = "crm/leads", input = Wire, output = Wire)]
pub async fn list_leads(status: String, query: String, cursor: Option<String>) -> Result<Leads, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let page = platform::rest::PageQuery { cursor, limit: Some(50) };
    let leads = crm::leads::list(&mut tx, crm::leads::LeadStatus::parse(&status), &query, &page).await?;
    tx.commit().await?;
    Ok((leads.items, leads.next_cursor))
}

/// A lead, and who may look after one.
pub type OneLead = (Lead, Vec<(UserId, String)>);

/// One lead.
#[server(name = AskLead, prefix = "/fn", endpoint = "crm/lead", input = Wire, output = Wire)]
pub async fn get_lead(id: EntityId) -> Result<OneLead, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let lead = crm::leads::get(&mut tx, id).await?;
    let owners = crm::deals::owners(&mut tx).await?;
    tx.commit().await?;
    Ok((lead, owners))
}

/// Makes a lead, or changes the one of that id.
#[server(name = SaveLeadDoor, prefix = "/fn", endpoint = "crm/save_lead", input = Wire, output = Wire)]
pub async fn save_lead(id: Option<EntityId>, input: LeadInput) -> Result<Lead, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let lead = match id {
        Some(id) => crm::leads::update(&mut tx, id, &input).await?,
        None => crm::leads::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(lead)
}

/// The call behind a calendar's event.
#[server(name = AskCall, prefix = "/fn", endpoint = "crm/call", input = Wire, output = Wire)]
pub async fn get_call(activity: EntityId) -> Result<Call, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let call = crm::calls::get(&mut tx, activity).await?;
    tx.commit().await?;
    Ok(call)
}

/// Plans a call on the calendar.
#[server(name = PlanCallDoor, prefix = "/fn", endpoint = "crm/plan_call", input = Wire, output = Wire)]
pub async fn plan_call(input: PlanCall) -> Result<Call, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let call = crm::calls::plan(&mut tx, &input).await?;
    tx.commit().await?;
    Ok(call)
}

/// Closes a call with what came of it.
#[server(name = CompleteCallDoor, prefix = "/fn", endpoint = "crm/complete_call", input = Wire, output = Wire)]
pub async fn complete_call(id: EntityId, input: CompleteCall) -> Result<Call, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let call = crm::calls::complete(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(call)
}

/// Cancels a call.
#[server(name = CancelCallDoor, prefix = "/fn", endpoint = "crm/cancel_call", input = Wire, output = Wire)]
pub async fn cancel_call(id: EntityId, version: i32) -> Result<Call, Failure> {
    let mut tx = app_platform::session::begin_in(&crm::MODULE).await?;
    let call = crm::calls::cancel(&mut tx, id, version).await?;
    tx.commit().await?;
    Ok(call)
}
