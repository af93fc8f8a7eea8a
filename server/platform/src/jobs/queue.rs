//! The queue: asking for work, taking it, and what becomes of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Failed, Job, Kind, LEASE, Next};
use crate::actions;
use crate::error::{Error, Result};
use crate::id::{EntityId, EntityRef};
use crate::tx::Tx;

/// The first pause after a failure; it doubles each time.
const FIRST_PAUSE: f64 = 5.0;
/// No pause is longer.
const LONGEST_PAUSE: f64 = 3600.0;

/// Asks for work, in the transaction that needs it. Work of the same kind about the same thing is one job: it is done once
/// more if it is being done already. What was laid aside begins anew.
///
/// # Errors
/// `Unavailable`.
pub async fn want(tx: &mut Tx, kind: &Kind, key: &str, payload: Value, delay: Duration) -> Result<EntityId> {
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_scalar(
        "insert into jobs (organization_id, id, kind, key, payload, due_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7, $7)
         on conflict (organization_id, kind, key) do update set
             payload = excluded.payload, updated_at = excluded.updated_at,
             again = jobs.state = 'running',
             due_at = case when jobs.state = 'waiting' then least(jobs.due_at, excluded.due_at) else excluded.due_at end,
             attempts = case when jobs.state in ('waiting', 'running') then jobs.attempts else 0 end,
             state = case when jobs.state = 'running' then 'running' else 'waiting' end
         returning id",
    )
    .bind(organization)
    .bind(EntityId::new())
    .bind(kind.key)
    .bind(key)
    .bind(payload)
    .bind(delay.as_secs_f64())
    .bind(now)
    .fetch_one(tx.conn())
    .await?)
}

/// Brings jobs of a kind forward that wait for their turn and have not failed; those that failed keep their pause.
///
/// # Errors
/// `Unavailable`.
pub async fn hurry(tx: &mut Tx, kind: &Kind, keys: Option<&[String]>, delay: Duration) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update jobs set again = state = 'running', due_at = least(due_at, now() + make_interval(secs => $4))
         where organization_id = $1 and kind = $2 and ($3::text[] is null or key = any ($3))
           and (state = 'running' or state = 'waiting' and attempts = 0)",
    )
    .bind(organization)
    .bind(kind.key)
    .bind(keys)
    .bind(delay.as_secs_f64())
    .execute(tx.conn())
    .await?;
    Ok(())
}

type Taken = (EntityId, String, String, Value, i32, i64);

/// Takes the tenant's next due job. One that crashed whoever held it, time after time, is laid aside here.
pub(super) async fn take(tx: &mut Tx, kinds: &[&'static Kind]) -> Result<Option<Job>> {
    let (organization, now) = (tx.organization(), tx.now());
    let names: Vec<&str> = kinds.iter().map(|kind| kind.key).collect();
    let taken: Option<Taken> = sqlx::query_as(
        "with next as (
             select id from jobs
             where organization_id = $1 and kind = any ($2)
               and (state = 'waiting' and due_at <= now() or state = 'running' and lease_until <= now())
             order by due_at limit 1 for update skip locked
         )
         update jobs j set state = 'running', fence = fence + 1, attempts = attempts + 1, again = false, updated_at = $3,
             lease_until = now() + make_interval(secs => $4)
         from next where j.organization_id = $1 and j.id = next.id
         returning j.id, j.kind, j.key, j.payload, j.attempts, j.fence",
    )
    .bind(organization)
    .bind(names)
    .bind(now)
    .bind(LEASE.as_secs_f64())
    .fetch_optional(tx.conn())
    .await?;
    Ok(taken.map(|(id, kind, key, payload, attempt, fence)| Job { organization, id, kind, key, payload, attempt, fence }))
}

impl Job {
    /// Whether it is still ours, to the end of the transaction; its lease begins anew. Every transaction of a job in which
    /// something is written calls this first.
    ///
    /// # Errors
    /// `Unavailable` where another has taken it.
    pub async fn hold(&self, tx: &mut Tx) -> Result<()> {
        let held = sqlx::query(
            "update jobs set lease_until = now() + make_interval(secs => $4)
             where organization_id = $1 and id = $2 and fence = $3 and state = 'running'",
        )
        .bind(self.organization)
        .bind(self.id)
        .bind(self.fence)
        .bind(LEASE.as_secs_f64())
        .execute(tx.conn())
        .await?
        .rows_affected();
        if held == 1 { Ok(()) } else { Err(Error::Unavailable) }
    }

    /// Writes down what became of it; nothing where another has taken it.
    pub(super) async fn finish(&self, tx: &mut Tx, kind: &Kind, outcome: &Result<Next, Failed>) -> Result<()> {
        let (state, wait, attempts, problem) = match outcome {
            Ok(Next::Done) => ("done", 0.0, 0, ""),
            Ok(Next::Again(wait)) => ("waiting", wait.as_secs_f64(), 0, ""),
            Err(failed) => {
                let dead = failed.fatal || !failed.put_off && self.attempt >= kind.attempts;
                let wait = failed.wait.map_or_else(|| pause(self.attempt), |wait| wait.as_secs_f64());
                let attempts = if failed.put_off { self.attempt - 1 } else { self.attempt };
                (if dead { "dead" } else { "waiting" }, wait, attempts, failed.problem.as_str())
            }
        };
        let now = tx.now();
        // What was asked for meanwhile is done at once, unless it has just failed.
        let finished = sqlx::query(
            "update jobs set attempts = $6, problem = left($7, 60), lease_until = null, again = false, updated_at = $8,
                 state = case when again and $4 = 'done' then 'waiting' else $4 end,
                 due_at = case when again and $7 = '' then now() else now() + make_interval(secs => $5) end
             where organization_id = $1 and id = $2 and fence = $3 and state = 'running'",
        )
        .bind(self.organization)
        .bind(self.id)
        .bind(self.fence)
        .bind(state)
        .bind(wait)
        .bind(attempts)
        .bind(problem)
        .bind(now)
        .execute(tx.conn())
        .await?
        .rows_affected();
        if finished == 1 && state == "dead" {
            let about = EntityRef::new("organization", EntityId(self.organization.0));
            let told = json!({ "job": self.id, "kind": self.kind, "problem": problem });
            actions::record(tx, about, "job_dead", None, Some(told)).await?;
        }
        Ok(())
    }
}

/// The pause after so many failures: it doubles, and half of it is chance, so that many do not come back at once.
fn pause(attempt: i32) -> f64 {
    let whole = (FIRST_PAUSE * 2f64.powi(attempt.clamp(1, 20) - 1)).min(LONGEST_PAUSE);
    whole / 2.0 + rand::random_range(0.0..=whole / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_an_hour() {
        assert!((2.5..=5.0).contains(&pause(1)) && (5.0..=10.0).contains(&pause(2)));
        assert!((1800.0..=3600.0).contains(&pause(30)));
    }
}
