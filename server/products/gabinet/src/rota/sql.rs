//! Drafts in the database.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::Refusal,
    id::{EntityId, EntityRef},
};
use serde_json::json;
use sqlx::types::Json;

use super::{Draft, DraftHead, DraftHours, DraftInput, DraftStatus, NewDraft, Publish, as_of, effects, merged};
use crate::{EMPLOYEES_READ, HOURS_WRITE, PRODUCT, hours, hours::WorkingHours};

fn require(tx: &Tx, permission: platform::permission::Permission) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(permission)
}

/// Drafts that are neither published nor discarded, by their first dates.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn drafts(tx: &mut Tx) -> Result<Vec<DraftHead>> {
    require(tx, EMPLOYEES_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select id, name, from_date, version,
                (select count(*) from gabinet_rota_draft_hours h
                 where h.organization_id = d.organization_id and h.draft_id = d.id) as employees
         from gabinet_rota_drafts d where organization_id = $1 and status = 'draft' order by from_date, id limit 200",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?)
}

/// One draft, whatever has become of it.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Draft> {
    require(tx, EMPLOYEES_READ)?;
    let organization = tx.organization();
    let head: Option<(String, NaiveDate, String, i32, DateTime<Utc>)> = sqlx::query_as(
        "select name, from_date, status, version, created_at from gabinet_rota_drafts where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let (name, from_date, status, version, created_at) = head.ok_or(Error::NotFound)?;
    let rows: Vec<(EntityId, Json<WorkingHours>, bool)> = sqlx::query_as(
        "select h.employee_id, h.hours, h.based_on <> e.hours_version
         from gabinet_rota_draft_hours h
         join gabinet_employees e on e.organization_id = h.organization_id and e.id = h.employee_id
         where h.organization_id = $1 and h.draft_id = $2 order by h.employee_id",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let hours = rows.into_iter().map(|(employee, hours, outdated)| DraftHours { employee, hours: hours.0, outdated }).collect();
    let status = DraftStatus::try_from(status).map_err(|word| Error::internal(format!("a draft has the status {word}")))?;
    Ok(Draft { id, name, from_date, status, version, created_at, hours })
}

/// The hours that the practitioners have, with their versions. Locked, in the order of ids, where they are to be changed.
async fn current(tx: &mut Tx, employees: &[EntityId], lock: bool) -> Result<BTreeMap<EntityId, (WorkingHours, i32)>> {
    let organization = tx.organization();
    let question = match lock {
        true => "select id, hours_version from gabinet_employees where organization_id = $1 and id = any ($2) order by id for update",
        false => "select id, hours_version from gabinet_employees where organization_id = $1 and id = any ($2) order by id",
    };
    let versions: Vec<(EntityId, i32)> = sqlx::query_as(question).bind(organization).bind(employees).fetch_all(tx.conn()).await?;
    let known = hours::all(tx, employees, None, hours::FIRST, hours::LAST).await?;
    let versions: BTreeMap<EntityId, i32> = versions.into_iter().collect();
    Ok(known.employees.into_iter().filter_map(|(id, (set, _))| Some((id, (set, *versions.get(&id)?)))).collect())
}

/// What all drafts of these practitioners are judged by.
pub(super) async fn plans(tx: &mut Tx, draft: &Draft) -> Result<Vec<(EntityId, WorkingHours, WorkingHours)>> {
    let employees: Vec<EntityId> = draft.hours.iter().map(|hours| hours.employee).collect();
    let now = current(tx, &employees, false).await?;
    Ok(draft
        .hours
        .iter()
        .filter_map(|planned| {
            let (set, _) = now.get(&planned.employee)?;
            Some((planned.employee, set.clone(), merged(set, &planned.hours, draft.from_date)))
        })
        .collect())
}

/// Begins a draft with the hours as they are. With the id of an existing one it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn create(tx: &mut Tx, new: &NewDraft) -> Result<Draft> {
    require(tx, HOURS_WRITE)?;
    new.check()?;
    let id = new.id.unwrap_or_else(EntityId::new);
    if new.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let (organization, now) = (tx.organization(), tx.now());
    let known = current(tx, &new.employees, false).await?;
    if new.employees.iter().any(|employee| !known.contains_key(employee)) {
        return Err(Error::invalid("employees", "unknown", "There is no such practitioner."));
    }
    let title = new.name.trim();
    let entity = NewEntity { id, entity_type: "gabinet:rota_draft", title, keywords: "", owner: None, status: None };
    entities::insert(tx, &entity).await?;
    sqlx::query("insert into gabinet_rota_drafts (organization_id, id, name, from_date, created_at) values ($1, $2, $3, $4, $5)")
        .bind(organization)
        .bind(id)
        .bind(new.name.trim())
        .bind(new.from_date)
        .bind(now)
        .execute(tx.conn())
        .await?;
    for (employee, (set, version)) in &known {
        put(tx, id, *employee, &as_of(set, new.from_date), *version).await?;
    }
    let told = json!({ "name": new.name.trim(), "from_date": new.from_date });
    actions::record(tx, EntityRef::new("gabinet:rota_draft", id), "created", None, Some(told)).await?;
    get(tx, id).await
}

async fn put(tx: &mut Tx, draft: EntityId, employee: EntityId, hours: &WorkingHours, based_on: i32) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into gabinet_rota_draft_hours (organization_id, draft_id, employee_id, hours, based_on) values ($1, $2, $3, $4, $5)
         on conflict (organization_id, draft_id, employee_id) do update set hours = excluded.hours",
    )
    .bind(organization)
    .bind(draft)
    .bind(employee)
    .bind(Json(hours))
    .bind(based_on)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A draft that is still one, locked; the version must be the present one (R18).
async fn open(tx: &mut Tx, id: EntityId, version: i32) -> Result<Draft> {
    let organization = tx.organization();
    sqlx::query("select 1 from gabinet_rota_drafts where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    let draft = get(tx, id).await?;
    if draft.status != DraftStatus::Draft {
        return Err(Error::conflict("transition", "This draft has been published or discarded."));
    }
    if draft.version != version {
        return Err(
            crate::version::changed_meanwhile(tx, id, "draft", &draft, "Somebody else has changed this draft in the meantime.").await?
        );
    }
    Ok(draft)
}

/// Changes a draft. Who is added to it begins with the version their hours have now; who is left out is taken out.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` (R18) or `transition`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &DraftInput) -> Result<Draft> {
    require(tx, HOURS_WRITE)?;
    input.check()?;
    let before = open(tx, id, input.version).await?;
    let organization = tx.organization();
    let employees: Vec<EntityId> = input.hours.iter().map(|hours| hours.employee).collect();
    let known = current(tx, &employees, false).await?;
    sqlx::query("delete from gabinet_rota_draft_hours where organization_id = $1 and draft_id = $2 and not (employee_id = any ($3))")
        .bind(organization)
        .bind(id)
        .bind(&employees)
        .execute(tx.conn())
        .await?;
    for planned in &input.hours {
        let Some((_, version)) = known.get(&planned.employee) else {
            return Err(Error::invalid("hours", "unknown", "There is no such practitioner."));
        };
        put(tx, id, planned.employee, &planned.hours, *version).await?;
    }
    sqlx::query("update gabinet_rota_drafts set name = $3, from_date = $4, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(input.name.trim())
        .bind(input.from_date)
        .execute(tx.conn())
        .await?;
    let after = get(tx, id).await?;
    actions::record(tx, EntityRef::new("gabinet:rota_draft", id), "updated", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}

/// Throws a draft away.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `transition`.
pub async fn discard(tx: &mut Tx, id: EntityId) -> Result<()> {
    require(tx, HOURS_WRITE)?;
    let version = get(tx, id).await?.version;
    open(tx, id, version).await?;
    close(tx, id, DraftStatus::Discarded).await
}

async fn close(tx: &mut Tx, id: EntityId, status: DraftStatus) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update gabinet_rota_drafts set status = $3, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(status.as_str())
        .execute(tx.conn())
        .await?;
    actions::record(tx, EntityRef::new("gabinet:rota_draft", id), status.as_str(), None, None).await
}

/// Makes a draft the rota, for all its practitioners or for none. Visits stay where they are; how many would fall outside
/// hours can be named, and nothing is published if somebody has booked more of them meanwhile.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (a place that has gone), `Conflict` of code `version` where the draft, the
/// hours it was made from or the number of visits have changed, or `transition`.
pub async fn publish(tx: &mut Tx, id: EntityId, how: &Publish) -> Result<Draft> {
    require(tx, HOURS_WRITE)?;
    let draft = open(tx, id, how.version).await?;
    let employees: Vec<EntityId> = draft.hours.iter().map(|hours| hours.employee).collect();
    let now = current(tx, &employees, true).await?;
    // Read again under the lock: nobody changes the hours from here on.
    let draft_now = get(tx, id).await?;
    if draft_now.hours.iter().any(|hours| hours.outdated) {
        let message = "Somebody else has changed the hours of these practitioners since the draft was begun.";
        let outdated: Vec<EntityId> = draft_now.hours.iter().filter(|hours| hours.outdated).map(|hours| hours.employee).collect();
        return Err(Refusal { current: Some(json!({ "outdated": outdated })), ..Refusal::new("version", message) }.into());
    }
    if let Some(affected) = how.affected {
        let effects = effects(tx, id).await?;
        if i64::try_from(effects.visits.len()).unwrap_or(i64::MAX) > affected {
            let message = "More visits would fall outside hours than were shown: somebody has booked in the meantime.";
            return Err(Refusal { current: Some(json!(effects)), ..Refusal::new("version", message) }.into());
        }
    }
    for planned in &draft.hours {
        let Some((before, _)) = now.get(&planned.employee) else { continue };
        let after = merged(before, &planned.hours, draft.from_date);
        after.check()?;
        if after != *before {
            hours::put(tx, planned.employee, &after).await?;
            let (before, after) = (json!(before), json!(after));
            actions::record(tx, EntityRef::new("resource", planned.employee), "hours_set", Some(before), Some(after)).await?;
        }
    }
    close(tx, id, DraftStatus::Published).await?;
    get(tx, id).await
}
