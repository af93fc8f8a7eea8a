//! Jobs as people see them who look after them.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::JobRow;
use crate::actions;
use crate::error::{Error, Result};
use crate::id::{EntityId, EntityRef};
use crate::permission::Permission;
use crate::tx::Tx;

type Row = (EntityId, String, String, String, i32, f64, String, DateTime<Utc>, DateTime<Utc>);

fn row((id, kind, key, state, attempts, due, problem, created_at, updated_at): Row) -> JobRow {
    #[allow(clippy::cast_possible_truncation)]
    let due_in_seconds = due.round() as i64;
    JobRow { id, kind, key, state, attempts, due_in_seconds, problem, created_at, updated_at }
}

/// What is not done yet: what was laid aside first, then what waits, by when it is due.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<JobRow>> {
    tx.require(Permission::JOBS_WRITE)?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, kind, key, state, attempts, extract(epoch from due_at - now())::float8, problem, created_at, updated_at
         from jobs where organization_id = $1 and state <> 'done' order by state <> 'dead', due_at limit 200",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(row).collect())
}

/// Has a job done at once, whether it waits or was laid aside; its tries begin anew.
///
/// # Errors
/// `Denied`, `NotFound` (also of one that is done).
pub async fn run_now(tx: &mut Tx, id: EntityId) -> Result<JobRow> {
    tx.require(Permission::JOBS_WRITE)?;
    let (organization, now) = (tx.organization(), tx.now());
    let found: Option<Row> = sqlx::query_as(
        "update jobs set again = state = 'running', due_at = least(due_at, now()), updated_at = $3,
             attempts = case when state = 'running' then attempts else 0 end, state = case when state = 'running' then state else 'waiting' end
         where organization_id = $1 and id = $2 and state <> 'done'
         returning id, kind, key, state, attempts, extract(epoch from due_at - now())::float8, problem, created_at, updated_at",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    let job = row(found.ok_or(Error::NotFound)?);
    let about = EntityRef::new("organization", EntityId(organization.0));
    actions::record(tx, about, "job_rerun", None, Some(json!({ "job": id, "kind": job.kind }))).await?;
    Ok(job)
}
