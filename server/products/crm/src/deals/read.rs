//! Deals as they are read.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, UserId},
    permission::Reach,
    rest::{Page, PageQuery},
};

use super::{Deal, DealQuery};
use crate::{DEALS_READ, LEADS_READ, PRODUCT, pipelines::StageKind};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: EntityId,
    title: String,
    pipeline_id: EntityId,
    stage_id: EntityId,
    stage_name: String,
    kind: String,
    probability: i16,
    person_id: Option<EntityId>,
    person_name: Option<String>,
    company_id: Option<EntityId>,
    company_name: Option<String>,
    value: i64,
    currency: String,
    close_on: Option<NaiveDate>,
    owner_id: Option<UserId>,
    owner_name: Option<String>,
    next_step: String,
    next_step_on: Option<NaiveDate>,
    lost_reason: String,
    lead_id: Option<EntityId>,
    stage_since: DateTime<Utc>,
    days_in_stage: i32,
    stale: bool,
    lines: i32,
    closed_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<Row> for Deal {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            pipeline: row.pipeline_id,
            stage: row.stage_id,
            stage_name: row.stage_name,
            kind: StageKind::parse(&row.kind).unwrap_or(StageKind::Open),
            probability: row.probability,
            person: row.person_id,
            person_name: row.person_name,
            company: row.company_id,
            company_name: row.company_name,
            value: row.value,
            currency: row.currency,
            close_on: row.close_on,
            owner: row.owner_id,
            owner_name: row.owner_name,
            next_step: row.next_step,
            next_step_on: row.next_step_on,
            lost_reason: row.lost_reason,
            lead: row.lead_id,
            stage_since: row.stage_since,
            days_in_stage: row.days_in_stage,
            stale: row.stale,
            lines: row.lines,
            closed_at: row.closed_at,
            handed_over: false,
            version: row.version,
        }
    }
}

/// What is told of each deal: of those that `$which` names, where `$1` is the tenant and `$2` now.
macro_rules! deals {
    ($($which:literal),+) => {
        concat!(
            "select d.id, d.title, s.pipeline_id, d.stage_id, s.name as stage_name, s.kind, s.probability, d.person_id,
                p.given_name || ' ' || p.family_name as person_name, d.company_id, c.name as company_name, d.value, d.currency, d.close_on,
                u.id as owner_id, u.name as owner_name, d.next_step, d.next_step_on, d.lost_reason, d.lead_id, d.stage_since,
                greatest(floor(extract(epoch from $2 - d.stage_since) / 86400), 0)::integer as days_in_stage,
                coalesce(s.kind = 'open' and d.stage_since + s.rot_days * interval '24 hours' < $2, false) as stale,
                (select count(*) from crm_deal_lines l where l.organization_id = d.organization_id and l.deal_id = d.id)::integer as lines,
                d.closed_at, d.version
             from crm_deals d
             join entities e on e.organization_id = d.organization_id and e.id = d.id and e.deleted_at is null
             join crm_stages s on s.organization_id = d.organization_id and s.id = d.stage_id
             left join persons p on p.organization_id = d.organization_id and p.id = d.person_id
             left join companies c on c.organization_id = d.organization_id and c.id = d.company_id
             left join memberships m on m.organization_id = d.organization_id and m.user_id = e.owner_id
             left join users u on u.id = m.user_id
             where d.organization_id = $1 and ",
            $($which),+
        )
    };
}

/// A page of deals: of one stage whoever came last on top, of all the newest first.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the stage), `Invalid` (the query, the cursor).
pub async fn list(tx: &mut Tx, asked: &DealQuery, page: &PageQuery) -> Result<Page<Deal>> {
    tx.verify_product_access(PRODUCT)?;
    let owners = tx.reach(DEALS_READ)?.owners();
    let mut input = platform::input::Input::new();
    input.text("q", &asked.q, 0, 200);
    input.finish()?;
    let (organization, now, limit) = (tx.organization(), tx.now(), page.limit());
    let rows: Vec<Row> = match asked.stage {
        Some(stage) => {
            let known = "select exists (select 1 from crm_stages where organization_id = $1 and id = $2)";
            if !sqlx::query_scalar::<_, bool>(known).bind(organization).bind(stage).fetch_one(tx.conn()).await? {
                return Err(platform::Error::NotFound);
            }
            let (since, after) = page.after::<(DateTime<Utc>, EntityId)>()?.unzip();
            let query = sqlx::query_as(deals!(
                "d.stage_id = $3 and ($4::uuid is null or e.owner_id = $4) and ($5::text = '' or strpos(e.search, normalised($5)) > 0)
                   and (d.stage_since, d.id) < (coalesce($6, 'infinity'::timestamptz), coalesce($7, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
                   and ($9::uuid[] is null or e.owner_id = any ($9))
                 order by d.stage_since desc, d.id desc limit $8"
            ));
            let query = query.bind(organization).bind(now).bind(stage).bind(asked.owner).bind(asked.q.trim());
            query.bind(since).bind(after).bind(limit + 1).bind(owners).fetch_all(tx.conn()).await?
        }
        None => {
            let after = page.after::<(DateTime<Utc>, EntityId)>()?.map(|(_, id)| id);
            let query = sqlx::query_as(deals!(
                "($3::uuid is null or e.owner_id = $3) and ($4::text = '' or strpos(e.search, normalised($4)) > 0)
                   and d.id < coalesce($5, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
                   and ($7::uuid[] is null or e.owner_id = any ($7))
                 order by d.id desc limit $6"
            ));
            let query = query.bind(organization).bind(now).bind(asked.owner).bind(asked.q.trim());
            query.bind(after).bind(limit + 1).bind(owners).fetch_all(tx.conn()).await?
        }
    };
    Page::of(rows.into_iter().map(Deal::from).collect(), limit, |deal: &Deal| (deal.stage_since, deal.id))
}

/// The first so many deals of each of these stages, whoever came last on top.
pub(super) async fn of_stages(tx: &mut Tx, stages: &[EntityId], owner: Option<UserId>, most: i64) -> Result<Vec<Deal>> {
    let (organization, now, owners) = (tx.organization(), tx.now(), tx.reach(DEALS_READ)?.owners());
    let rows: Vec<Row> = sqlx::query_as(deals!(
        "d.id in (
             select top.id from unnest($3::uuid[]) as column_ (id)
             cross join lateral (
                 select o.id from crm_deals o
                 join entities oe on oe.organization_id = o.organization_id and oe.id = o.id and oe.deleted_at is null
                 where o.organization_id = $1 and o.stage_id = column_.id and ($4::uuid is null or oe.owner_id = $4)
                   and ($6::uuid[] is null or oe.owner_id = any ($6))
                 order by o.stage_since desc, o.id desc limit $5) top)
         order by d.stage_since desc, d.id desc"
    ))
    .bind(organization)
    .bind(now)
    .bind(stages)
    .bind(owner)
    .bind(most)
    .bind(owners)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Deal::from).collect())
}

/// One deal.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Deal> {
    tx.verify_product_access(PRODUCT)?;
    let reach = tx.reach(DEALS_READ)?;
    one(tx, id, &reach).await
}

/// A deal as whoever has just written it is answered, also if it was handed over to somebody whose deals they do not see.
///
/// # Errors
/// `Denied`, `NotFound`.
pub(super) async fn written(tx: &mut Tx, id: EntityId) -> Result<Deal> {
    let reach = tx.reach(DEALS_READ)?;
    let deal = one(tx, id, &Reach::All).await?;
    Ok(Deal { handed_over: !reach.covers(deal.owner), ..deal })
}

async fn one(tx: &mut Tx, id: EntityId, reach: &Reach) -> Result<Deal> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query_as::<_, Row>(deals!("d.id = $3 and ($4::uuid[] is null or e.owner_id = any ($4))"))
        .bind(organization)
        .bind(now)
        .bind(id)
        .bind(reach.owners())
        .fetch_optional(tx.conn())
        .await?
        .map(Deal::from)
        .ok_or(Error::NotFound)
}

/// Those who may look after a deal or a lead: the members by name, at most 500.
///
/// # Errors
/// `NotSubscribed`, `Denied` to whoever sees neither.
pub async fn owners(tx: &mut Tx) -> Result<Vec<(UserId, String)>> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(LEADS_READ).or_else(|_| tx.reach(DEALS_READ))?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select u.id, u.name from memberships m join users u on u.id = m.user_id
         where m.organization_id = $1 and m.status = 'active' order by u.name, u.id limit 500",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?)
}
