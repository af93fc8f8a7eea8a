//! The job that goes through an import in portions. Each portion is one transaction that makes its records, writes down what
//! became of its lines and moves the place, so that whatever interrupts it, it goes on where it was and nothing comes twice.

use std::time::Duration;

use futures::future::BoxFuture;
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, UserId},
    jobs::{Failed, Job, Kind, Next},
};

use super::{ImportState, RecordImport, doors, judge::Judge, store, undo};

/// Takes a file over, finds out what would come of it, or takes it back.
pub const WORK: Kind = Kind { key: "record_import", attempts: 8, run };

/// How many lines are gone through at once.
pub(super) const PORTION: i64 = 100;
/// How long one import waits before it asks again whether it is its turn.
const TURN: Duration = Duration::from_millis(200);

fn run(state: State, job: Job) -> BoxFuture<'static, Result<Next, Failed>> {
    Box::pin(async move {
        let id: EntityId = job.key.parse().map_err(|_| Failed::fatal("payload"))?;
        let user = job.payload.get("user").and_then(|user| user.as_str()).and_then(|user| user.parse().ok());
        let user: UserId = user.ok_or_else(|| Failed::fatal("payload"))?;
        loop {
            match portion(&state, &job, id, user).await {
                Ok(Step::More) => {}
                Ok(Step::Wait) => tokio::time::sleep(TURN).await,
                Ok(Step::Done) => return Ok(Next::Done),
                // Whoever asked for it may not, or no longer: that is told where the import is looked at.
                Err(error @ (Error::Denied(_) | Error::NotSubscribed(_) | Error::NotFound | Error::Invalid(_))) => {
                    stop(&state, &job, id, error.code()).await?;
                    return Ok(Next::Done);
                }
                Err(error) => return Err(error.into()),
            }
        }
    })
}

/// What follows a portion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    More,
    /// Another import into the same type has its turn.
    Wait,
    Done,
}

/// Does one portion. In the name and with the rights of whoever asked, and told by the log as
/// one piece of work: the import's own name is what its entries have in common.
async fn portion(state: &State, job: &Job, id: EntityId, user: UserId) -> Result<Step> {
    let mut tx = Tx::begin_in_the_name_of(state, job.organization, user, id.0).await?;
    job.hold(&mut tx).await?;
    let next = step(&mut tx, id).await?;
    tx.commit().await?;
    Ok(next)
}

/// As [`portion`] within a transaction.
pub(super) async fn step(tx: &mut Tx, id: EntityId) -> Result<Step> {
    store::hold(tx, id).await?;
    let import = doors::get(tx, id).await?;
    match import.state {
        ImportState::Trying => lines(tx, &import, true).await,
        ImportState::Running => lines(tx, &import, false).await,
        ImportState::Undoing => Ok(if undo::portion(tx, &import).await? { Step::More } else { Step::Done }),
        // What was asked for has been done meanwhile.
        _ => Ok(Step::Done),
    }
}

async fn lines(tx: &mut Tx, import: &RecordImport, trial: bool) -> Result<Step> {
    if !trial {
        // Two imports into one type take turns, so that each sees what the other has made. Nobody waits inside a transaction.
        let turn: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtextextended($1, 35))")
            .bind(format!("{}:{}", tx.organization(), import.entity_type))
            .fetch_one(tx.conn())
            .await?;
        if !turn {
            return Ok(Step::Wait);
        }
    }
    let lines = store::next(tx, import.id, PORTION).await?;
    if lines.is_empty() {
        store::rest(tx, import.id, if trial { ImportState::Tried } else { ImportState::Done }, "").await?;
        if !trial {
            doors::logged(tx, import, "import_done").await?;
        }
        return Ok(Step::Done);
    }
    let told = Judge::of(tx, import).await?.lines(tx, &lines, trial).await?;
    store::tell(tx, import.id, &told).await?;
    Ok(Step::More)
}

/// Says why an import goes no further. After a trial its columns can be said anew.
async fn stop(state: &State, job: &Job, id: EntityId, problem: &str) -> Result<()> {
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    job.hold(&mut tx).await?;
    store::hold(&mut tx, id).await?;
    let import = store::one(&mut tx, id).await?;
    let after = if import.state == ImportState::Trying { ImportState::Mapping } else { ImportState::Failed };
    store::rest(&mut tx, id, after, problem).await?;
    doors::logged(&mut tx, &import, "import_failed").await?;
    tx.commit().await
}
