//! A pipeline as a board: how much stands in each stage, and the first of it.

use std::collections::HashMap;

use platform::{
    Result, Tx,
    id::{EntityId, UserId},
    rest::{Page, PageQuery},
};

use super::{Deal, DealBoard, DealColumn, DealSum, read};
use crate::{DEALS_READ, DEALS_WRITE, pipelines};

/// A pipeline's columns with count, sum and weighted sum per currency, and the first `limit` deals of each; those of one
/// member, if one is named.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the pipeline).
pub async fn board(tx: &mut Tx, pipeline: EntityId, owner: Option<UserId>, limit: Option<i64>) -> Result<DealBoard> {
    let pipeline = pipelines::get(tx, pipeline).await?;
    let limit = PageQuery { cursor: None, limit: Some(limit.unwrap_or(20)) }.limit();
    let stages: Vec<EntityId> = pipeline.stages.iter().map(|stage| stage.id).collect();
    let (organization, owners) = (tx.organization(), tx.reach(DEALS_READ)?.owners());
    let rows: Vec<(EntityId, String, i64, i64, i64)> = sqlx::query_as(
        "select d.stage_id, d.currency, count(*), sum(d.value)::bigint,
                round(sum(d.value::numeric * s.probability) / 100)::bigint
         from crm_deals d
         join entities e on e.organization_id = d.organization_id and e.id = d.id and e.deleted_at is null
         join crm_stages s on s.organization_id = d.organization_id and s.id = d.stage_id
         where d.organization_id = $1 and d.stage_id = any ($2) and ($3::uuid is null or e.owner_id = $3)
           and ($4::uuid[] is null or e.owner_id = any ($4))
         group by d.stage_id, d.currency order by count(*) desc, d.currency",
    )
    .bind(organization)
    .bind(&stages)
    .bind(owner)
    .bind(owners)
    .fetch_all(tx.conn())
    .await?;
    let mut sums: HashMap<EntityId, Vec<DealSum>> = HashMap::new();
    for (stage, currency, count, value, weighted) in rows {
        sums.entry(stage).or_default().push(DealSum { currency, count, value, weighted });
    }
    let mut deals: HashMap<EntityId, Vec<Deal>> = HashMap::new();
    for deal in read::of_stages(tx, &stages, owner, limit + 1).await? {
        deals.entry(deal.stage).or_default().push(deal);
    }
    let column = |stage: pipelines::DealStage| -> Result<DealColumn> {
        let page = Page::of(deals.remove(&stage.id).unwrap_or_default(), limit, |deal: &Deal| (deal.stage_since, deal.id))?;
        let sums = sums.remove(&stage.id).unwrap_or_default();
        let count = sums.iter().map(|sum| sum.count).sum();
        Ok(DealColumn { stage, count, sums, deals: page.items, next_cursor: page.next_cursor })
    };
    Ok(DealBoard {
        pipeline: pipeline.id,
        name: pipeline.name,
        version: pipeline.version,
        columns: pipeline.stages.into_iter().map(column).collect::<Result<_>>()?,
        may_write: tx.can_some(DEALS_WRITE),
    })
}
