//! Calls in the database. Their time is the scheduled activity's; this table holds what CRM knows besides.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::{Value, json};
use services::calendar::{
    Face, Status,
    activities::{self, Activity, NewActivity, NewBooking},
};

use super::{Call, CompleteCall, OUTCOMES, PlanCall};
use crate::{CALL, CALLS_WRITE, LEADS_READ, PRODUCT, leads};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    activity_id: EntityId,
    lead_id: EntityId,
    lead_name: String,
    lead_phone: Option<String>,
    lead_company: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    status: String,
    outcome: String,
    notes: String,
    version: i32,
}

impl Row {
    fn into_call(self) -> Result<Call> {
        Ok(Call {
            id: self.id,
            activity: self.activity_id,
            lead: self.lead_id,
            lead_name: self.lead_name,
            lead_phone: self.lead_phone,
            lead_company: self.lead_company,
            start: self.starts_at,
            end: self.ends_at,
            status: self.status.parse::<Status>().map_err(|_| Error::Internal("an activity's status is unknown".into()))?,
            outcome: self.outcome,
            notes: self.notes,
            version: self.version,
        })
    }
}

/// One call by its own id or by its activity's: the calendar knows it by the latter.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Call> {
    tx.verify_product_access(PRODUCT)?;
    // A call is told of as far as its lead is, whoever has planned it.
    let owners = tx.reach(LEADS_READ)?.owners();
    let organization = tx.organization();
    sqlx::query_as::<_, Row>(
        "select c.id, c.activity_id, c.lead_id, e.title as lead_name, p.phone as lead_phone, l.company as lead_company,
                a.starts_at, a.ends_at, a.status, c.outcome, c.notes, a.version
         from crm_calls c
         join scheduled_activities a on a.organization_id = c.organization_id and a.id = c.activity_id
         join crm_leads l on l.organization_id = c.organization_id and l.id = c.lead_id
         join persons p on p.organization_id = l.organization_id and p.id = l.person_id
         join entities e on e.organization_id = l.organization_id and e.id = l.id
         where c.organization_id = $1 and (c.id = $2 or c.activity_id = $2)
           and ($3::uuid[] is null or e.owner_id = any ($3))",
    )
    .bind(organization)
    .bind(id)
    .bind(owners)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)?
    .into_call()
}

/// Plans a call with a lead. With the id of an existing call it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the lead), `Invalid`, `Conflict` of code `double_booking`.
pub async fn plan(tx: &mut Tx, input: &PlanCall) -> Result<Call> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(CALLS_WRITE)?;
    let mut checked = Input::new();
    checked.check((1..=1440).contains(&input.minutes), "minutes", "range", "Between 1 and 1440 minutes.");
    checked.year("start", &input.start);
    checked.text("notes", &input.notes, 0, 10_000);
    checked.finish()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let lead = leads::get(tx, input.lead).await?;
    let name = format!("{} {}", lead.given_name, lead.family_name);
    entities::insert(
        tx,
        &NewEntity { id, entity_type: "crm:call", title: &name, keywords: "", owner: Some(tx.user()), status: Some("scheduled") },
    )
    .await?;
    let activity = EntityId::new();
    activities::insert(
        tx,
        &NewActivity {
            id: activity,
            activity_type: CALL.to_owned(),
            title: name,
            description: String::new(),
            location: input.location,
            start: input.start,
            end: input.start + TimeDelta::minutes(i64::from(input.minutes)),
            status: Status::Scheduled,
            owner: Some(tx.user()),
            subject: Some(input.lead),
            record: Some(id),
            face: Face { line: lead.company.clone(), ..Face::default() },
            bookings: input.staff.map(|resource| NewBooking::throughout(resource, 0, 0)).into_iter().collect(),
            overbook: false,
        },
    )
    .await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("insert into crm_calls (organization_id, id, activity_id, lead_id, notes, created_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(organization)
        .bind(id)
        .bind(activity)
        .bind(input.lead)
        .bind(&input.notes)
        .bind(now)
        .execute(tx.conn())
        .await?;
    actions::record(tx, EntityRef::new("crm:call", id), "planned", None, Some(json!({ "start": input.start, "lead": input.lead }))).await?;
    get(tx, id).await
}

/// Closes a call with what came of it.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `transition`.
pub async fn complete(tx: &mut Tx, id: EntityId, input: &CompleteCall) -> Result<Call> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(CALLS_WRITE)?;
    let mut checked = Input::new();
    checked.one_of("outcome", &input.outcome, &OUTCOMES);
    checked.text("notes", &input.notes, 0, 10_000);
    checked.finish()?;
    let call = get(tx, id).await?;
    finish(tx, &call, input.version, Status::Completed, json!({ "outcome": input.outcome })).await?;
    let organization = tx.organization();
    sqlx::query("update crm_calls set outcome = $3, notes = $4, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(call.id)
        .bind(&input.outcome)
        .bind(&input.notes)
        .execute(tx.conn())
        .await?;
    get(tx, call.id).await
}

/// Cancels a call; its time is free at once.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `version` or `transition`.
pub async fn cancel(tx: &mut Tx, id: EntityId, version: i32) -> Result<Call> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(CALLS_WRITE)?;
    let call = get(tx, id).await?;
    finish(tx, &call, version, Status::Cancelled, json!({})).await?;
    get(tx, call.id).await
}

/// Brings a call and its activity to `to`, and logs it with what else is known. A call has fewer steps than a visit: it is
/// planned, then made, missed or cancelled.
pub(crate) async fn finish(tx: &mut Tx, call: &Call, version: i32, to: Status, known: Value) -> Result<Activity> {
    let allowed = call.status == Status::Scheduled && matches!(to, Status::Completed | Status::Cancelled | Status::NoShow);
    if !allowed {
        return Err(Error::conflict("transition", "A call that is over stays as it is."));
    }
    let finished = activities::set_status(tx, call.activity, version, to).await?;
    entities::update(tx, call.id, &call.lead_name, "", Some(to.as_str())).await?;
    actions::record(tx, EntityRef::new("crm:call", call.id), to.as_str(), Some(json!({ "status": call.status })), Some(known)).await?;
    Ok(finished)
}
