//! Follows the action feed: one reader a server, whatever the number of listeners. The feed is asked instead of
//! listened to, as a notification in a booking's transaction would make all commits wait for one lock.

use super::LiveEvent;
use crate::error::Result;
use crate::id::{EntityId, OrganizationId};
use crate::state::State;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

const PERIOD: Duration = Duration::from_millis(200);
const BATCH: i64 = 1000;
/// How often entries that every reader has long passed are cleared away.
const CLEARING: Duration = Duration::from_secs(3600);

/// Passes every committed action on to the hub until the task is dropped. While the database is away it waits and goes
/// on where it was.
pub async fn follow(state: State) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut cursor = None;
    let mut cleared = Instant::now();
    let mut away = false;
    loop {
        ticks.tick().await;
        let step = async {
            let from = match cursor.take() {
                Some(from) => from,
                None => Cursor::now(&state).await?,
            };
            let result = pass_on(&state, &from).await;
            // Where it was is kept, also when the step failed.
            cursor = Some(result.as_ref().map_or(from, |(next, _)| next.clone()));
            result.map(|(_, full)| full)
        };
        match step.await {
            Ok(full) => {
                if away {
                    tracing::info!("live updates go on");
                }
                away = false;
                if full {
                    ticks.reset_immediately();
                }
            }
            Err(error) => {
                if !away {
                    tracing::warn!(code = error.code(), "live updates wait for the database");
                }
                away = true;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        if cleared.elapsed() > CLEARING {
            cleared = Instant::now();
            if let Err(error) = clear(&state).await {
                tracing::warn!(code = error.code(), "old entries of the action feed stay for another hour");
            }
        }
    }
}

/// The last entry passed on. Transactions commit out of order, so it is compared by transaction first, and
/// only transactions below the oldest running one are read: a late commit is never skipped.
#[derive(Clone, Debug)]
struct Cursor {
    transaction: String,
    position: i64,
}

impl Cursor {
    async fn now(state: &State) -> Result<Cursor> {
        let transaction = sqlx::query_scalar("select pg_snapshot_xmin(pg_current_snapshot())::text").fetch_one(&state.pool).await?;
        Ok(Cursor { transaction, position: 0 })
    }
}

type FeedRow = (String, i64, OrganizationId, String, EntityId, String);

/// Passes on what has come since the cursor; says where it is then and whether there was more than one batch.
async fn pass_on(state: &State, from: &Cursor) -> Result<(Cursor, bool)> {
    let rows: Vec<FeedRow> = sqlx::query_as(
        "select transaction::text, position, organization_id, entity_type, entity_id, action
         from action_feed
         where (transaction, position) > ($1::text::xid8, $2) and transaction < pg_snapshot_xmin(pg_current_snapshot())
         order by action_feed.transaction, position
         limit $3",
    )
    .bind(&from.transaction)
    .bind(from.position)
    .bind(BATCH)
    .fetch_all(&state.pool)
    .await?;
    let full = rows.len() as i64 == BATCH;
    let mut cursor = from.clone();
    for (transaction, position, organization, entity_type, entity_id, action) in rows {
        cursor = Cursor { transaction, position };
        state.live.publish(LiveEvent { organization, entity_type, entity_id, action });
    }
    Ok((cursor, full))
}

async fn clear(state: &State) -> Result<()> {
    sqlx::query("delete from action_feed where at < now() - interval '1 day'").execute(&state.pool).await?;
    Ok(())
}
