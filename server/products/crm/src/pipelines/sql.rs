//! Pipelines in the database.

use std::collections::HashMap;

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef},
    input::Input,
};
use serde_json::json;

use super::{DealStage, MOST_PIPELINES, Pipeline, PipelineInput, StageKind, asks};
use crate::{DEALS_READ, PIPELINES_WRITE, PRODUCT};

#[derive(sqlx::FromRow)]
struct StageRow {
    id: EntityId,
    pipeline_id: EntityId,
    name: String,
    kind: String,
    probability: i16,
    rot_days: Option<i16>,
    requires: Vec<String>,
}

impl From<StageRow> for DealStage {
    fn from(row: StageRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: StageKind::parse(&row.kind).unwrap_or(StageKind::Open),
            probability: row.probability,
            rot_days: row.rot_days,
            requires: row.requires,
        }
    }
}

/// The organization's pipelines, the oldest first; there are few.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Pipeline>> {
    tx.verify_product_access(PRODUCT)?;
    // Which stages there are is nobody's secret among those who see any deal.
    tx.reach(DEALS_READ)?;
    read(tx, None).await
}

/// One pipeline.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Pipeline> {
    tx.verify_product_access(PRODUCT)?;
    // Which stages there are is nobody's secret among those who see any deal.
    tx.reach(DEALS_READ)?;
    read(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn read(tx: &mut Tx, only: Option<EntityId>) -> Result<Vec<Pipeline>> {
    let organization = tx.organization();
    let pipelines: Vec<(EntityId, String, i32)> = sqlx::query_as(
        "select p.id, p.name, p.version from crm_pipelines p
         where p.organization_id = $1 and ($2::uuid is null or p.id = $2) order by p.created_at, p.id limit 100",
    )
    .bind(organization)
    .bind(only)
    .fetch_all(tx.conn())
    .await?;
    let ids: Vec<EntityId> = pipelines.iter().map(|(id, _, _)| *id).collect();
    let rows: Vec<StageRow> = sqlx::query_as(
        "select id, pipeline_id, name, kind, probability, rot_days, requires from crm_stages
         where organization_id = $1 and pipeline_id = any ($2) and retired_at is null order by sort, id",
    )
    .bind(organization)
    .bind(&ids)
    .fetch_all(tx.conn())
    .await?;
    let mut stages: HashMap<EntityId, Vec<DealStage>> = HashMap::new();
    for row in rows {
        stages.entry(row.pipeline_id).or_default().push(row.into());
    }
    let whole = |(id, name, version)| Pipeline { id, name, stages: stages.remove(&id).unwrap_or_default(), version };
    Ok(pipelines.into_iter().map(whole).collect())
}

/// The stage of that id and its pipeline; none where it was taken out or never was. It stays one until the transaction ends.
pub(crate) async fn stage(tx: &mut Tx, id: EntityId) -> Result<Option<(EntityId, DealStage)>> {
    let organization = tx.organization();
    let row: Option<StageRow> = sqlx::query_as(
        "select id, pipeline_id, name, kind, probability, rot_days, requires from crm_stages
         where organization_id = $1 and id = $2 and retired_at is null for share",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.pipeline_id, row.into())))
}

/// Where a deal begins of which nothing else is said: the first open stage of that pipeline, or of the oldest.
pub(crate) async fn first(tx: &mut Tx, pipeline: Option<EntityId>) -> Result<Option<DealStage>> {
    let pipelines = read(tx, pipeline).await?;
    let open = |pipeline: Pipeline| pipeline.stages.into_iter().find(|stage| stage.kind == StageKind::Open);
    match pipelines.into_iter().next().and_then(open) {
        // Held as any other, so that it is not taken out meanwhile.
        Some(first) => Ok(stage(tx, first.id).await?.map(|(_, stage)| stage)),
        None => Ok(None),
    }
}

/// Makes a pipeline. With the id of an existing one it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn create(tx: &mut Tx, input: &PipelineInput) -> Result<Pipeline> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(PIPELINES_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let (organization, now) = (tx.organization(), tx.now());
    let there: i64 =
        sqlx::query_scalar("select count(*) from crm_pipelines where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    if there >= MOST_PIPELINES {
        return Err(Error::invalid("name", "too_many", "At most 20 pipelines are possible."));
    }
    let entity =
        NewEntity { id, entity_type: "crm:pipeline", title: input.name.trim(), keywords: "", owner: Some(tx.user()), status: None };
    entities::insert(tx, &entity).await?;
    sqlx::query("insert into crm_pipelines (organization_id, id, name, created_at) values ($1, $2, $3, $4)")
        .bind(organization)
        .bind(id)
        .bind(input.name.trim())
        .bind(now)
        .execute(tx.conn())
        .await?;
    write_stages(tx, id, input, &[]).await?;
    let made = get(tx, id).await?;
    actions::record(tx, EntityRef::new("crm:pipeline", id), "created", None, Some(told(&made))).await?;
    Ok(made)
}

/// Changes a pipeline and its stages; the input's version must be the present one (R18). A stage that deals stand in is not
/// taken out.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `in_use`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &PipelineInput) -> Result<Pipeline> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(PIPELINES_WRITE)?;
    input.check()?;
    let before = get(tx, id).await?;
    let organization = tx.organization();
    let changed =
        sqlx::query("update crm_pipelines set name = $4, version = version + 1 where organization_id = $1 and id = $2 and version = $3")
            .bind(organization)
            .bind(id)
            .bind(input.version)
            .bind(input.name.trim())
            .execute(tx.conn())
            .await?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        let message = "Somebody else has changed this pipeline in the meantime.";
        return Err(actions::changed_meanwhile(tx, id, "pipeline", &now, message).await?);
    }
    write_stages(tx, id, input, &before.stages).await?;
    entities::update(tx, id, input.name.trim(), "", None).await?;
    let after = get(tx, id).await?;
    actions::record(tx, EntityRef::new("crm:pipeline", id), "updated", Some(told(&before)), Some(told(&after))).await?;
    Ok(after)
}

/// Brings the stages to what is told: in order, new ones made, those left out retired.
async fn write_stages(tx: &mut Tx, pipeline: EntityId, input: &PipelineInput, before: &[DealStage]) -> Result<()> {
    for (place, stage) in input.stages.iter().enumerate() {
        let known = stage.id.is_none_or(|id| before.iter().any(|own| own.id == id));
        if !known {
            return Err(Error::invalid(&format!("stages[{place}].id"), "unknown", "This pipeline has no such stage."));
        }
        let kept = before.iter().find(|own| Some(own.id) == stage.id);
        if kept.is_some_and(|own| own.kind != stage.kind) {
            return Err(Error::invalid(&format!("stages[{place}].kind"), "fixed", "What a stage means for its deals stays as it is."));
        }
    }
    check_asked(tx, input, before).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let gone: Vec<EntityId> =
        before.iter().map(|own| own.id).filter(|id| !input.stages.iter().any(|stage| stage.id == Some(*id))).collect();
    // Who moves a deal into a stage holds its row, so that none comes in while it is taken out.
    let retired: Vec<EntityId> =
        sqlx::query_scalar("select id from crm_stages where organization_id = $1 and id = any ($2) order by id for update")
            .bind(organization)
            .bind(&gone)
            .fetch_all(tx.conn())
            .await?;
    let used: bool = sqlx::query_scalar("select exists (select from crm_deals where organization_id = $1 and stage_id = any ($2))")
        .bind(organization)
        .bind(&retired)
        .fetch_one(tx.conn())
        .await?;
    if used {
        return Err(Error::conflict("in_use", "Deals stand in a stage that would be taken out."));
    }
    sqlx::query("update crm_stages set retired_at = $3 where organization_id = $1 and id = any ($2)")
        .bind(organization)
        .bind(&retired)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let stages = &input.stages;
    let ids: Vec<EntityId> = stages.iter().map(|stage| stage.id.unwrap_or_else(EntityId::new)).collect();
    let probability = |kind, percent| match kind {
        StageKind::Open => percent,
        StageKind::Won => 100,
        StageKind::Lost => 0,
    };
    sqlx::query(
        "insert into crm_stages (organization_id, id, pipeline_id, name, sort, kind, probability, rot_days, requires)
         select $1, s.id, $2, s.name, s.place - 1, s.kind, s.probability, s.rot_days,
             array(select jsonb_array_elements_text(s.requires))
         from unnest($3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::jsonb[])
             with ordinality as s (id, name, kind, probability, rot_days, requires, place)
         on conflict (organization_id, id) do update
         set name = excluded.name, sort = excluded.sort, probability = excluded.probability, rot_days = excluded.rot_days,
             requires = excluded.requires",
    )
    .bind(organization)
    .bind(pipeline)
    .bind(ids)
    .bind(stages.iter().map(|stage| stage.name.trim()).collect::<Vec<_>>())
    .bind(stages.iter().map(|stage| stage.kind.as_str()).collect::<Vec<_>>())
    .bind(stages.iter().map(|stage| probability(stage.kind, stage.probability)).collect::<Vec<_>>())
    .bind(stages.iter().map(|stage| stage.rot_days.filter(|_| stage.kind == StageKind::Open)).collect::<Vec<_>>())
    .bind(stages.iter().map(|stage| json!(stage.requires)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether what stages ask for are fields of a deal. What was asked for before may stay, though its field was taken out since.
async fn check_asked(tx: &mut Tx, input: &PipelineInput, before: &[DealStage]) -> Result<()> {
    if input.stages.iter().all(|stage| stage.requires.is_empty()) {
        return Ok(());
    }
    let known = asks(tx).await?;
    let mut checked = Input::new();
    for (place, stage) in input.stages.iter().enumerate() {
        let old = before.iter().find(|own| Some(own.id) == stage.id);
        let right = |key: &String| known.iter().any(|field| field.key == *key) || old.is_some_and(|old| old.requires.contains(key));
        checked.check(stage.requires.iter().all(right), &format!("stages[{place}].requires"), "unknown", "A deal has no such field.");
    }
    checked.finish()
}

fn told(pipeline: &Pipeline) -> serde_json::Value {
    let stage = |stage: &DealStage| match stage.requires.is_empty() {
        true => format!("{} ({} %)", stage.name, stage.probability),
        false => format!("{} ({} %: {})", stage.name, stage.probability, stage.requires.join(" + ")),
    };
    json!({ "name": pipeline.name, "stages": pipeline.stages.iter().map(stage).collect::<Vec<String>>().join(", ") })
}
