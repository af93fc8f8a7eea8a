//! Follows the action feed: one reader a server, whatever the number of listeners. The feed is asked instead of
//! listened to, as a notification in a booking's transaction would make all commits wait for one lock.

use super::LiveEvent;
use crate::error::Result;
use crate::id::{EntityId, OrganizationId};
use crate::state::State;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

const PERIOD: Duration = Duration::from_millis(200);
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
            cursor = Some(result.as_ref().map_or(from, Cursor::clone));
            result.map(|_| ())
        };
        match step.await {
            Ok(()) => {
                if away {
                    tracing::info!("live updates go on");
                }
                away = false;
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

/// What has been passed on: everything that was committed in this snapshot of the database. The next reading takes
/// what is committed by then and was not yet, so that a late commit is never skipped, and one transaction that takes
/// long holds nobody else's changes up.
#[derive(Clone, Debug)]
struct Cursor {
    snapshot: String,
}

impl Cursor {
    async fn now(state: &State) -> Result<Cursor> {
        let snapshot = sqlx::query_scalar("select pg_current_snapshot()::text").fetch_one(&state.pool).await?;
        Ok(Cursor { snapshot })
    }
}

#[derive(sqlx::FromRow)]
struct FeedRow {
    snapshot: String,
    /// None in the one row that says that nothing has happened.
    organization_id: Option<OrganizationId>,
    entity_type: Option<String>,
    entity_id: Option<EntityId>,
    action: Option<String>,
}

/// Passes on what has come since the cursor; says where it is then.
async fn pass_on(state: &State, from: &Cursor) -> Result<Cursor> {
    // One statement, and so one snapshot for what is read and for what is remembered as read.
    let rows: Vec<FeedRow> = sqlx::query_as(
        "select pg_current_snapshot()::text as snapshot, f.organization_id, f.entity_type, f.entity_id, f.action
         from (select 1) as always
         left join action_feed f on f.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)
             and not pg_visible_in_snapshot(f.transaction, $1::text::pg_snapshot)
         order by f.transaction, f.position",
    )
    .bind(&from.snapshot)
    .fetch_all(&state.pool)
    .await?;
    let mut cursor = from.clone();
    for row in rows {
        cursor.snapshot = row.snapshot;
        if let (Some(organization), Some(entity_type), Some(entity_id), Some(action)) =
            (row.organization_id, row.entity_type, row.entity_id, row.action)
        {
            state.live.publish(LiveEvent { organization, entity_type, entity_id, action });
        }
    }
    Ok(cursor)
}

async fn clear(state: &State) -> Result<()> {
    sqlx::query("delete from action_feed where at < now() - interval '1 day'").execute(&state.pool).await?;
    Ok(())
}
