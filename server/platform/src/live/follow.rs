//! Follows the action feed: one reader a server, whatever the number of listeners. The feed is asked instead of
//! listened to, as a notification in a booking's transaction would make all commits wait for one lock.

use super::cursor::Cursor;
use super::words::{self, Words};
use super::{Hub, LiveEvent};
use crate::error::Result;
use crate::id::{EntityId, OrganizationId};
use crate::state::State;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often the feed is asked while somebody listens: so long at most does a change wait.
const PERIOD: Duration = Duration::from_millis(40);
/// How often while nobody does.
const QUIET: Duration = Duration::from_millis(500);
/// How often entries that every reader has long passed are cleared away.
const CLEARING: Duration = Duration::from_secs(3600);
/// The same of what colleagues said.
const FORGETTING: Duration = Duration::from_secs(60);

/// Passes every committed action on to the hub until the task is dropped, and what colleagues say from server to server.
/// While the database is away it waits and goes on where it was.
pub async fn follow(state: State) {
    let mut place = Place { connection: None, cursor: None, words: Words::new(), cleared: Instant::now(), forgotten: Instant::now() };
    let mut away = false;
    loop {
        let (changes, colleagues) = state.live.is_heard();
        let pause = if changes || colleagues { PERIOD } else { QUIET };
        tokio::select! {
            () = sleep(pause) => {}
            // Somebody has come where nobody was: the long pause is over.
            () = state.live.woken(), if pause == QUIET => {}
        }
        match place.step(&state, colleagues).await {
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
                place.connection = None;
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// How far this server has come.
struct Place {
    /// Kept, so that what is told does not queue for one with those who work.
    connection: Option<PoolConnection<Postgres>>,
    cursor: Option<Cursor>,
    words: Words,
    cleared: Instant,
    forgotten: Instant,
}

impl Place {
    async fn step(&mut self, state: &State, colleagues: bool) -> Result<()> {
        let connection: &mut PgConnection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(state.pool.acquire().await?),
        };
        let from = match self.cursor.take() {
            Some(from) => from,
            None => Cursor::now(connection).await?,
        };
        let result = pass_on(connection, &state.live, &from).await;
        // Where it was is kept, also when the step failed.
        self.cursor = Some(result.as_ref().map_or(from, Cursor::clone));
        result?;
        self.words.carry(connection, &state.live, colleagues).await?;
        if self.forgotten.elapsed() > FORGETTING {
            self.forgotten = Instant::now();
            words::clear(connection).await?;
        }
        if self.cleared.elapsed() > CLEARING {
            self.cleared = Instant::now();
            clear(connection).await?;
        }
        Ok(())
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
async fn pass_on(connection: &mut PgConnection, hub: &Hub, from: &Cursor) -> Result<Cursor> {
    // One statement, and so one snapshot for what is read and for what is remembered as read.
    let rows: Vec<FeedRow> = sqlx::query_as(
        "select pg_current_snapshot()::text as snapshot, f.organization_id, f.entity_type, f.entity_id, f.action
         from (select 1) as always
         left join action_feed f on f.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)
             and not pg_visible_in_snapshot(f.transaction, $1::text::pg_snapshot)
         order by f.transaction, f.position",
    )
    .bind(&from.snapshot)
    .fetch_all(connection)
    .await?;
    let mut cursor = from.clone();
    for row in rows {
        cursor.snapshot = row.snapshot;
        if let (Some(organization), Some(entity_type), Some(entity_id), Some(action)) =
            (row.organization_id, row.entity_type, row.entity_id, row.action)
        {
            hub.publish(LiveEvent { organization, entity_type, entity_id, action });
        }
    }
    Ok(cursor)
}

async fn clear(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("delete from action_feed where at < now() - interval '1 day'").execute(connection).await?;
    Ok(())
}
