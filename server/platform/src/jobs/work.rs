//! The worker: takes what is due and does it, a few at a time.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::{Failed, Job, Kind, Kinds, LEASE, queue};
use crate::error::Result;
use crate::id::OrganizationId;
use crate::state::State;
use crate::tx::Tx;

const PERIOD: Duration = Duration::from_secs(1);
/// How many jobs a server does at once.
const AT_ONCE: usize = 4;

/// Does what is due until the task is dropped. While the database is away it waits.
pub async fn work(state: State) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut running = JoinSet::new();
    let mut away = false;
    loop {
        ticks.tick().await;
        while running.try_join_next().is_some() {}
        if running.len() >= AT_ONCE {
            continue;
        }
        match next(&state, AT_ONCE - running.len()).await {
            Ok(taken) => {
                away = false;
                for (kind, job) in taken {
                    let state = state.clone();
                    running.spawn(async move { one(&state, kind, job).await });
                }
            }
            Err(error) => {
                if !away {
                    tracing::warn!(code = error.code(), "jobs wait for the database");
                }
                away = true;
            }
        }
    }
}

/// Does one after the other all that is due at this moment; how many that were. For tests, and for those who cannot wait.
///
/// # Errors
/// `Unavailable`.
pub async fn run_due(state: &State) -> Result<usize> {
    let mut done = 0;
    loop {
        let taken = next(state, 1).await?;
        if taken.is_empty() {
            return Ok(done);
        }
        for (kind, job) in taken {
            one(state, kind, job).await;
            done += 1;
        }
    }
}

/// Takes some of what is due, of one tenant after the other, so that nobody's many hold up another's one.
async fn next(state: &State, most: usize) -> Result<Vec<(&'static Kind, Job)>> {
    let Some(Kinds(kinds)) = state.extension::<Kinds>() else { return Ok(Vec::new()) };
    let names: Vec<&str> = kinds.iter().map(|kind| kind.key).collect();
    let due: Vec<OrganizationId> =
        sqlx::query_scalar("select jobs_due($1, $2)").bind(names).bind(i32::try_from(most).unwrap_or(1)).fetch_all(&state.pool).await?;
    let mut taken = Vec::new();
    for organization in due {
        let mut tx = Tx::begin_for_job(state, organization).await?;
        let job = queue::take(&mut tx, kinds).await?;
        tx.commit().await?;
        let found = job.and_then(|job| kinds.iter().find(|kind| kind.key == job.kind).map(|kind| (*kind, job)));
        taken.extend(found);
    }
    Ok(taken)
}

/// Does one job while its lease is kept up; whoever loses it stops.
async fn one(state: &State, kind: &'static Kind, job: Job) {
    let outcome = if job.attempt > kind.attempts {
        // Nobody who took it came back to say why.
        Err(Failed::fatal("crashed"))
    } else {
        let run = (kind.run)(state.clone(), job.clone());
        tokio::select! {
            outcome = run => outcome,
            () = lost(state, &job) => return,
        }
    };
    if let Err(failed) = &outcome {
        tracing::warn!(kind = kind.key, problem = failed.problem, attempt = job.attempt, "a job was not done");
    }
    let written = crate::tx::retry(|| async {
        let mut tx = Tx::begin_for_job(state, job.organization).await?;
        job.finish(&mut tx, kind, &outcome).await?;
        tx.commit().await
    });
    if let Err(error) = written.await {
        // Its lease runs out, and it is done again.
        tracing::warn!(kind = kind.key, code = error.code(), "what became of a job was not written down");
    }
}

/// Keeps the lease up; comes back when another has taken the job.
async fn lost(state: &State, job: &Job) {
    loop {
        tokio::time::sleep(LEASE / 4).await;
        let kept = async {
            let mut tx = Tx::begin_for_job(state, job.organization).await?;
            job.hold(&mut tx).await?;
            tx.commit().await
        };
        // A database that is away for a moment takes nothing from anybody; the lease is looked at again.
        if kept.await.is_err() && !ours(state, job).await {
            return;
        }
    }
}

async fn ours(state: &State, job: &Job) -> bool {
    let asked = async {
        let mut tx = Tx::begin_for_job(state, job.organization).await?;
        let fence: Option<i64> = sqlx::query_scalar("select fence from jobs where organization_id = $1 and id = $2")
            .bind(job.organization)
            .bind(job.id)
            .fetch_optional(tx.conn())
            .await?;
        tx.commit().await?;
        Ok::<_, crate::error::Error>(fence)
    };
    asked.await.map_or(true, |fence| fence == Some(job.fence))
}
