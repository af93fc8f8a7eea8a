//! Deals made and changed.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef, UserId},
    members,
};
use serde_json::{Value, json};
use services::{companies, fields, persons};

use super::{Deal, DealInput, found, get, moves, read::written};
use crate::{
    DEALS_WRITE, PRODUCT,
    pipelines::{self, StageKind},
};

/// Makes a deal. With the id of an existing one it returns that one. One that is begun in a later stage is not asked for what
/// comes into it by a step: imports and leads bring deals as they are.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid` (also where there is no such stage, person, company or member).
pub async fn create(tx: &mut Tx, input: &DealInput) -> Result<Deal> {
    insert(tx, input, None).await
}

/// As [`create`], of a lead.
pub(crate) async fn insert(tx: &mut Tx, input: &DealInput, lead: Option<EntityId>) -> Result<Deal> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(DEALS_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let stage = match input.stage {
        Some(stage) => pipelines::stage(tx, stage).await?.map(|(_, stage)| stage),
        None => pipelines::first(tx, None).await?,
    };
    let Some(stage) = stage else { return Err(Error::invalid("stage", "unknown", "There is no such stage.")) };
    if stage.kind == StageKind::Lost {
        return Err(Error::invalid("stage", "lost", "A deal is not lost before it was begun."));
    }
    let named = Named::of(tx, input, None).await?;
    let owner = match input.owner {
        Some(owner) => Some(member(tx, owner).await?),
        None => Some(tx.user()).filter(|user| *user != UserId::SYSTEM),
    };
    let entity = NewEntity {
        id,
        entity_type: "crm:deal",
        title: input.title.trim(),
        keywords: &named.keywords,
        owner,
        status: Some(stage.kind.as_str()),
    };
    entities::insert(tx, &entity).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into crm_deals (organization_id, id, stage_id, title, person_id, company_id, value, currency, close_on, next_step,
             next_step_on, lead_id, stage_since, closed_at, created_at)
         select $1, $2, $3, $4, $5, $6, $7, coalesce(nullif($8, ''), o.currency), $9, $10, $11, $12, $13, case when $14 then $13 end, $13
         from organizations o where o.organization_id = $1",
    )
    .bind(organization)
    .bind(id)
    .bind(stage.id)
    .bind(input.title.trim())
    .bind(named.person)
    .bind(named.company)
    .bind(input.value)
    .bind(&input.currency)
    .bind(input.close_on)
    .bind(input.next_step.trim())
    .bind(input.next_step_on)
    .bind(lead)
    .bind(now)
    .bind(stage.kind != StageKind::Open)
    .execute(tx.conn())
    .await?;
    moves::note(tx, id, None, stage.id, 0).await?;
    let made = written(tx, id).await?;
    actions::record(tx, EntityRef::new("crm:deal", id), "created", None, Some(told(&made))).await?;
    fields::touched(tx, "crm:deal", id).await?;
    Ok(made)
}

/// Changes a deal; the input's version must be the present one (R18). The value of a deal with lines stays their total, and
/// its currency theirs. It may be handed over to anybody, also to somebody whose deals one does not see; the answer says so.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &DealInput) -> Result<Deal> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(DEALS_WRITE)?;
    input.check()?;
    let before = get(tx, id).await?;
    tx.require_over(DEALS_WRITE, before.owner)?;
    let named = Named::of(tx, input, Some(&before)).await?;
    let owner = match input.owner {
        Some(owner) if before.owner != Some(owner) => Some(member(tx, owner).await?),
        owner => owner,
    };
    let organization = tx.organization();
    let changed = sqlx::query(
        "update crm_deals d
         set title = $4, person_id = $5, company_id = $6, close_on = $9, next_step = $10, next_step_on = $11, version = version + 1,
             value = case when has.lines then d.value else $7 end,
             currency = case when has.lines or $8 = '' then d.currency else $8 end
         from (select exists (select from crm_deal_lines l where l.organization_id = $1 and l.deal_id = $2) as lines) has
         where d.organization_id = $1 and d.id = $2 and d.version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.title.trim())
    .bind(named.person)
    .bind(named.company)
    .bind(input.value)
    .bind(&input.currency)
    .bind(input.close_on)
    .bind(input.next_step.trim())
    .bind(input.next_step_on)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 {
        return Err(stale(tx, id).await?);
    }
    entities::update(tx, id, input.title.trim(), &named.keywords, None).await?;
    entities::hand_over(tx, id, owner).await?;
    let after = written(tx, id).await?;
    actions::record(tx, EntityRef::new("crm:deal", id), "updated", Some(told(&before)), Some(told(&after))).await?;
    fields::touched(tx, "crm:deal", id).await?;
    Ok(after)
}

/// R18: what a change made from an older version is refused with.
pub(super) async fn stale(tx: &mut Tx, id: EntityId) -> Result<Error> {
    let now = get(tx, id).await?;
    actions::changed_meanwhile(tx, id, "deal", &now, "Somebody else has changed this deal in the meantime.").await
}

/// What the log tells of a deal: what forms change. Ids, as names of humans have no place there.
pub(super) fn told(deal: &Deal) -> Value {
    json!({
        "title": deal.title, "person": deal.person, "company": deal.company, "value": deal.value, "currency": deal.currency,
        "close_on": deal.close_on, "owner": deal.owner, "next_step": deal.next_step, "next_step_on": deal.next_step_on,
    })
}

/// Whom a deal is about, found, and what it is found by besides its title.
struct Named {
    person: Option<EntityId>,
    company: Option<EntityId>,
    keywords: String,
}

impl Named {
    /// What is as it was need not be seen by whoever changes the rest.
    async fn of(tx: &mut Tx, input: &DealInput, before: Option<&Deal>) -> Result<Self> {
        let person = match input.person {
            Some(person) if before.is_none_or(|deal| deal.person != Some(person)) => match persons::find(tx, person).await {
                Err(Error::NotFound) => return Err(Error::invalid("person", "unknown", "There is no such person.")),
                found => Some(found?),
            },
            same => same,
        };
        if let Some(company) = input.company
            && before.is_none_or(|deal| deal.company != Some(company))
        {
            match companies::get(tx, company).await {
                Err(Error::NotFound) => return Err(Error::invalid("company", "unknown", "There is no such company.")),
                found => drop(found?),
            }
        }
        let keywords = found::keywords(tx, person, input.company).await?;
        Ok(Self { person, company: input.company, keywords })
    }
}

/// A member of the organization.
async fn member(tx: &mut Tx, user: UserId) -> Result<UserId> {
    members::require_member(tx, "owner", user).await?;
    Ok(user)
}
