//! What a treatment needs, how it is booked, and what is different with single practitioners.

use platform::{Error, Result, Tx, id::EntityId};
use services::calendar::slots::{Align, Segment};
use sqlx::types::Json;

use crate::treatments::{Rules, Terms, TreatmentNeed};

pub(super) async fn needs(tx: &mut Tx, treatment: EntityId, needs: &[TreatmentNeed]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("delete from gabinet_treatment_needs where organization_id = $1 and treatment_id = $2")
        .bind(organization)
        .bind(treatment)
        .execute(tx.conn())
        .await?;
    let kinds: Vec<&str> = needs.iter().map(|need| need.kind.as_str()).collect();
    let sorts: Vec<&str> = needs.iter().map(|need| need.sort_of.trim()).collect();
    let segments: Vec<Json<&[Segment]>> = needs.iter().map(|need| Json(need.segments.as_slice())).collect();
    sqlx::query(
        "insert into gabinet_treatment_needs (organization_id, treatment_id, kind, sort_of, segments)
         select $1, $2, n.kind, n.sort_of, n.segments from unnest($3::text[], $4::text[], $5::jsonb[]) as n (kind, sort_of, segments)
         on conflict do nothing",
    )
    .bind(organization)
    .bind(treatment)
    .bind(kinds)
    .bind(sorts)
    .bind(segments)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn rules(tx: &mut Tx, treatment: EntityId, rules: &Rules) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update gabinet_treatments set notice_minutes = $3, horizon_days = $4, per_day = $5, per_week = $6, per_month = $7, step = $8,
             align = $9, online = $10, needs_approval = $11, buffers_inside_hours = $12, seats = $13, staff_segments = $14
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(treatment)
    .bind(rules.notice_minutes)
    .bind(rules.horizon_days)
    .bind(rules.per_day)
    .bind(rules.per_week)
    .bind(rules.per_month)
    .bind(rules.step)
    .bind(if rules.align == Align::Clock { "clock" } else { "window" })
    .bind(rules.online)
    .bind(rules.needs_approval)
    .bind(rules.buffers_inside_hours)
    .bind(rules.seats)
    .bind(Json(&rules.staff_segments))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who is qualified is said of the practitioner; here is only what is different with those who are.
pub(super) async fn terms(tx: &mut Tx, treatment: EntityId, terms: &[Terms]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update gabinet_qualifications set duration = null, price = null
         where organization_id = $1 and treatment_id = $2 and (duration is not null or price is not null)",
    )
    .bind(organization)
    .bind(treatment)
    .execute(tx.conn())
    .await?;
    let own: Vec<&Terms> = terms.iter().filter(|own| own.duration.is_some() || own.price.is_some()).collect();
    if own.is_empty() {
        return Ok(());
    }
    let written = sqlx::query(
        "update gabinet_qualifications q set duration = o.duration, price = o.price
         from unnest($3::uuid[], $4::integer[], $5::bigint[]) as o (employee_id, duration, price)
         where q.organization_id = $1 and q.treatment_id = $2 and q.employee_id = o.employee_id",
    )
    .bind(organization)
    .bind(treatment)
    .bind(own.iter().map(|own| own.employee).collect::<Vec<_>>())
    .bind(own.iter().map(|own| own.duration).collect::<Vec<_>>())
    .bind(own.iter().map(|own| own.price).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    if written.rows_affected() < own.len() as u64 {
        return Err(Error::invalid("terms", "unqualified", "Only who is qualified for the treatment can have terms of their own."));
    }
    Ok(())
}
