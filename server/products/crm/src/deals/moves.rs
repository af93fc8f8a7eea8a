//! Steps from stage to stage, and what is kept of them.

use platform::{
    Error, Result, Tx, actions, entities,
    id::{EntityId, EntityRef, UserId},
    input::Input,
};
use serde_json::json;
use services::fields;

use super::{Deal, DealStep, MoveDeal, get, write};
use crate::{
    DEALS_WRITE, PRODUCT, leads,
    pipelines::{self, StageKind},
};

/// Brings a deal to another stage; the version must be the present one (R18). A deal that stands there already stays as it is.
/// What is lost says why, and a stage further on may ask for more. The lead it came from is won or lost with it.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn move_to(tx: &mut Tx, id: EntityId, input: &MoveDeal) -> Result<Deal> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(DEALS_WRITE)?;
    let mut checked = Input::new();
    checked.text("lost_reason", &input.lost_reason, 0, 500);
    checked.finish()?;
    let before = get(tx, id).await?;
    tx.require_over(DEALS_WRITE, before.owner)?;
    let Some((pipeline, stage)) = pipelines::stage(tx, input.stage).await? else {
        return Err(Error::invalid("stage", "unknown", "There is no such stage."));
    };
    let reason = input.lost_reason.trim();
    if stage.kind == StageKind::Lost {
        let mut checked = Input::new();
        checked.text("lost_reason", reason, 1, 500);
        checked.finish()?;
    }
    if before.version != input.version {
        return Err(write::stale(tx, id).await?);
    }
    if before.stage == stage.id {
        return Ok(before);
    }
    if !stage.requires.is_empty() && pipelines::leads_on(&pipelines::get(tx, pipeline).await?, before.stage, stage.id) {
        pipelines::require_told(tx, &stage, id).await?;
    }
    // The lead comes before the deal, as with whoever changes the person of both.
    let follows = before.lead.filter(|_| before.kind != stage.kind);
    if let Some(lead) = follows {
        leads::hold(tx, lead).await?;
    }
    let (organization, now) = (tx.organization(), tx.now());
    let seconds = sqlx::query_scalar::<_, i64>(
        "with before as (select stage_since from crm_deals where organization_id = $1 and id = $2)
         update crm_deals d
         set stage_id = $4, stage_since = $5, lost_reason = case when $6 = 'lost' then $7 else '' end,
             closed_at = case when $6 <> 'open' then $5 end, version = version + 1
         from before
         where d.organization_id = $1 and d.id = $2 and d.version = $3
         returning greatest(floor(extract(epoch from $5 - before.stage_since)), 0)::bigint",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(stage.id)
    .bind(now)
    .bind(stage.kind.as_str())
    .bind(reason)
    .fetch_optional(tx.conn())
    .await?;
    let Some(seconds) = seconds else { return Err(write::stale(tx, id).await?) };
    note(tx, id, Some(before.stage), stage.id, seconds).await?;
    sqlx::query("update entities set status = $3, version = version + 1, updated_at = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(stage.kind.as_str())
        .bind(now)
        .execute(tx.conn())
        .await?;
    let after = get(tx, id).await?;
    let told = |deal: &Deal| json!({ "stage": deal.stage_name, "lost_reason": deal.lost_reason });
    actions::record(tx, EntityRef::new("crm:deal", id), "moved", Some(told(&before)), Some(told(&after))).await?;
    if let Some(lead) = follows {
        follow(tx, lead, after.kind).await?;
    }
    fields::touched(tx, "crm:deal", id).await?;
    Ok(after)
}

/// The lead follows its deal: won, lost, or qualified again.
async fn follow(tx: &mut Tx, lead: EntityId, kind: StageKind) -> Result<()> {
    let organization = tx.organization();
    let word = match kind {
        StageKind::Open => "qualified",
        StageKind::Won => "won",
        StageKind::Lost => "lost",
    };
    let before: Option<(String, String, String)> = sqlx::query_as(
        "with before as (select status from crm_leads where organization_id = $1 and id = $2 for no key update)
         update crm_leads l set status = $3, version = l.version + 1 from before, entities e
         where l.organization_id = $1 and l.id = $2 and before.status <> $3 and e.organization_id = $1 and e.id = l.id
         returning before.status, e.title, e.keywords",
    )
    .bind(organization)
    .bind(lead)
    .bind(word)
    .fetch_optional(tx.conn())
    .await?;
    let Some((status, title, keywords)) = before else { return Ok(()) };
    entities::update(tx, lead, &title, &keywords, Some(word)).await?;
    let (old, new) = (json!({ "status": status }), json!({ "status": word }));
    actions::record(tx, EntityRef::new("crm:lead", lead), "updated", Some(old), Some(new)).await?;
    fields::touched(tx, "crm:lead", lead).await
}

/// Writes a step down. Steps are only ever added.
pub(super) async fn note(tx: &mut Tx, deal: EntityId, from: Option<EntityId>, to: EntityId, seconds: i64) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let who = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    sqlx::query(
        "insert into crm_deal_steps (organization_id, id, deal_id, from_stage_id, to_stage_id, at, seconds, user_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(EntityId::new())
    .bind(deal)
    .bind(from)
    .bind(to)
    .bind(now)
    .bind(seconds)
    .bind(who)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The steps of a deal, the first first; at most the last 200.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn steps(tx: &mut Tx, id: EntityId) -> Result<Vec<DealStep>> {
    get(tx, id).await?;
    let organization = tx.organization();
    let mut steps: Vec<DealStep> = sqlx::query_as(
        "select h.id, f.name as from_stage, t.name as to_stage, h.at, h.seconds, u.name as who
         from crm_deal_steps h
         join crm_stages t on t.organization_id = h.organization_id and t.id = h.to_stage_id
         left join crm_stages f on f.organization_id = h.organization_id and f.id = h.from_stage_id
         left join memberships m on m.organization_id = h.organization_id and m.user_id = h.user_id
         left join users u on u.id = m.user_id
         where h.organization_id = $1 and h.deal_id = $2 order by h.at desc, h.id desc limit 200",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    steps.reverse();
    Ok(steps)
}
