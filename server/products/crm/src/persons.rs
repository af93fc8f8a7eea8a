//! What CRM tells of humans: who is a lead, who has become a customer, and that leads follow whoever two records turn out
//! to be.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use platform::{Result, Tx, id::EntityId};
use services::persons::{
    Handling, PersonHooks, Reference, RoleSource,
    lifecycle::{Held, Stage},
};

use crate::{DEALS_READ, LEADS_READ, PRODUCT, deals};

/// CRM's half of the contract about humans.
pub const HOOKS: PersonHooks = PersonHooks {
    extends: &[],
    roles: &[
        RoleSource {
            role: "lead",
            product: Some(PRODUCT),
            read: LEADS_READ,
            holds:
                "exists (select from crm_leads x where x.organization_id = p.organization_id and x.person_id = p.id and x.status <> 'won')
                or exists (select from crm_deals x join crm_stages s on s.organization_id = x.organization_id and s.id = x.stage_id
                    where x.organization_id = p.organization_id and x.person_id = p.id and s.kind <> 'won')",
        },
        RoleSource {
            role: "customer",
            product: Some(PRODUCT),
            read: LEADS_READ,
            holds:
                "exists (select from crm_leads x where x.organization_id = p.organization_id and x.person_id = p.id and x.status = 'won')
                or exists (select from crm_deals x join crm_stages s on s.organization_id = x.organization_id and s.id = x.stage_id
                    where x.organization_id = p.organization_id and x.person_id = p.id and s.kind = 'won')",
        },
    ],
    held,
    facts: None,
    alerts: None,
    changed: Some(changed),
    hold: None,
    veto: None,
    references: &[
        Reference { table: "crm_leads", column: "person_id", key: &["id"], handling: Handling::Move, created: Some("created_at") },
        Reference { table: "crm_deals", column: "person_id", key: &["id"], handling: Handling::Move, created: Some("created_at") },
    ],
    fields: &[],
};

fn held<'a>(tx: &'a mut Tx, persons: &'a [EntityId]) -> BoxFuture<'a, Result<Vec<Held>>> {
    Box::pin(async move {
        if tx.verify_product_access(PRODUCT).is_err() {
            return Ok(Vec::new());
        }
        let mut all = of_leads(tx, persons).await?;
        all.extend(of_deals(tx, persons).await?);
        Ok(all)
    })
}

async fn of_leads(tx: &mut Tx, persons: &[EntityId]) -> Result<Vec<Held>> {
    let Ok(reach) = tx.reach(LEADS_READ) else { return Ok(Vec::new()) };
    let organization = tx.organization();
    let rows: Vec<(EntityId, EntityId, String, String, DateTime<Utc>)> = sqlx::query_as(
        "select l.person_id, l.id, e.title, l.status, l.created_at from crm_leads l
             join entities e on e.organization_id = l.organization_id and e.id = l.id
             where l.organization_id = $1 and l.person_id = any ($2) and e.deleted_at is null
               and ($3::uuid[] is null or e.owner_id = any ($3))
             order by l.created_at desc, l.id limit 1000",
    )
    .bind(organization)
    .bind(persons)
    .bind(reach.owners())
    .fetch_all(tx.conn())
    .await?;
    let told = |(person, record, title, status, at): (EntityId, EntityId, String, String, DateTime<Utc>)| {
        let (role, stage) = match status.as_str() {
            "won" => ("customer", Stage::Customer),
            "lost" => ("lead", Stage::Former),
            "qualified" => ("lead", Stage::Opportunity),
            _ => ("lead", Stage::Lead),
        };
        Held {
            person,
            module: "crm".into(),
            role: role.into(),
            stage,
            reason: ["held.lead_", &status].concat(),
            at: Some(at),
            record,
            title,
            path: format!("/dashboard/crm/leads/{record}"),
        }
    };
    Ok(rows.into_iter().map(told).collect())
}

async fn of_deals(tx: &mut Tx, persons: &[EntityId]) -> Result<Vec<Held>> {
    let Ok(reach) = tx.reach(DEALS_READ) else { return Ok(Vec::new()) };
    let organization = tx.organization();
    let rows: Vec<(EntityId, EntityId, String, String, DateTime<Utc>)> = sqlx::query_as(
        "select d.person_id, d.id, d.title, s.kind, coalesce(d.closed_at, d.created_at) from crm_deals d
         join entities e on e.organization_id = d.organization_id and e.id = d.id
         join crm_stages s on s.organization_id = d.organization_id and s.id = d.stage_id
         where d.organization_id = $1 and d.person_id = any ($2) and e.deleted_at is null
           and ($3::uuid[] is null or e.owner_id = any ($3))
         order by d.created_at desc, d.id limit 1000",
    )
    .bind(organization)
    .bind(persons)
    .bind(reach.owners())
    .fetch_all(tx.conn())
    .await?;
    let told = |(person, record, title, kind, at): (EntityId, EntityId, String, String, DateTime<Utc>)| Held {
        person,
        module: "crm".into(),
        role: if kind == "won" { "customer" } else { "lead" }.into(),
        stage: match kind.as_str() {
            "won" => Stage::Customer,
            "lost" => Stage::Former,
            _ => Stage::Opportunity,
        },
        reason: ["held.deal_", &kind].concat(),
        at: Some(at),
        record,
        title,
        path: format!("/dashboard/crm/deals/{record}"),
    };
    Ok(rows.into_iter().map(told).collect())
}

/// A lead is called as its person is, and whoever has its form open is told that it changed.
fn changed(tx: &mut Tx, person: EntityId) -> BoxFuture<'_, Result<Option<String>>> {
    Box::pin(async move {
        let (organization, now) = (tx.organization(), tx.now());
        sqlx::query(
            "with raised as (update crm_leads set version = version + 1 where organization_id = $1 and person_id = $2 returning id, company)
             update entities e set title = p.given_name || ' ' || p.family_name, keywords = concat_ws(' ', nullif(l.company, ''), p.email, p.phone),
                 version = e.version + 1, updated_at = $3
             from raised l, persons p
             where e.organization_id = $1 and e.id = l.id and p.organization_id = $1 and p.id = $2",
        )
        .bind(organization)
        .bind(person)
        .bind(now)
        .execute(tx.conn())
        .await?;
        deals::person_changed(tx, person).await?;
        Ok(None)
    })
}
