//! What colleagues say of where they are, from one server to the others: gathered, written in one statement, in no
//! transaction of anybody's work, and read by each server once for all of its listeners. Kept by nobody.

use super::Hub;
use super::cursor::Cursor;
use crate::error::Result;
use crate::id::OrganizationId;
use sqlx::PgConnection;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// How long words are gathered before they are written.
const GATHER: Duration = Duration::from_millis(100);

/// This server's place among the servers.
pub(super) struct Words {
    server: Uuid,
    /// None while nobody listens here: what is said meanwhile is not read later.
    cursor: Option<Cursor>,
    written: Instant,
}

#[derive(sqlx::FromRow)]
struct WordRow {
    snapshot: String,
    /// None in the one row that says that nothing was said.
    organization_id: Option<OrganizationId>,
    told: Option<String>,
}

impl Words {
    pub(super) fn new() -> Words {
        Words { server: Uuid::new_v4(), cursor: None, written: Instant::now() }
    }

    /// Tells the others what was said here, and listeners here what was said there.
    pub(super) async fn carry(&mut self, connection: &mut PgConnection, hub: &Hub, heard: bool) -> Result<()> {
        if self.written.elapsed() >= GATHER {
            self.written = Instant::now();
            self.write(&mut *connection, hub).await?;
        }
        if !heard {
            self.cursor = None;
            return Ok(());
        }
        let from = match self.cursor.take() {
            Some(from) => from,
            None => Cursor::now(&mut *connection).await?,
        };
        self.cursor = Some(self.read(connection, hub, from).await?);
        Ok(())
    }

    async fn write(&self, connection: &mut PgConnection, hub: &Hub) -> Result<()> {
        let (organizations, told): (Vec<Uuid>, Vec<String>) =
            hub.take_words().into_iter().map(|(organization, text)| (organization.0, text.to_string())).unzip();
        if organizations.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "insert into presence_feed (organization_id, server, told)
             select w.organization_id, $2, w.told from unnest($1::uuid[], $3::text[]) as w (organization_id, told)",
        )
        .bind(organizations)
        .bind(self.server)
        .bind(told)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn read(&self, connection: &mut PgConnection, hub: &Hub, from: Cursor) -> Result<Cursor> {
        let rows: Vec<WordRow> = sqlx::query_as(
            "select pg_current_snapshot()::text as snapshot, f.organization_id, f.told
             from (select 1) as always
             left join presence_feed f on f.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)
                 and not pg_visible_in_snapshot(f.transaction, $1::text::pg_snapshot) and f.server <> $2
             order by f.transaction, f.position",
        )
        .bind(&from.snapshot)
        .bind(self.server)
        .fetch_all(connection)
        .await?;
        let mut cursor = from;
        for row in rows {
            cursor.snapshot = row.snapshot;
            if let (Some(organization), Some(told)) = (row.organization_id, row.told) {
                hub.pass_word(organization, Arc::from(told));
            }
        }
        Ok(cursor)
    }
}

/// Clears away what every server has read.
pub(super) async fn clear(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("delete from presence_feed where at < now() - interval '1 minute'").execute(connection).await?;
    Ok(())
}
