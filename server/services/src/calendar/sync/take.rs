//! A page of what was read there, put here: whose each entry is, and what becomes of it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{Error, Result, Tx, id::EntityId};

use super::{
    apply::{self, Target},
    run::{Loaded, target},
    side::{Mark, Remote},
};

#[derive(Clone, sqlx::FromRow)]
struct Link {
    remote_id: String,
    part: i16,
    direction: String,
    activity_id: Option<EntityId>,
    etag: String,
    unlinked: bool,
}

/// Puts entries here that were read there, in the transaction of a job.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn take(
    tx: &mut Tx,
    connection: &Loaded,
    items: &[Remote],
    round: i64,
    window: (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let organization = tx.organization();
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let rows: Vec<Link> = sqlx::query_as(
        "select remote_id, part, direction, activity_id, etag, unlinked from calendar_links
         where organization_id = $1 and connection_id = $2 and remote_id = any ($3) order by remote_id, part for update",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    let mut links: HashMap<String, Vec<Link>> = HashMap::new();
    for row in rows {
        links.entry(row.remote_id.clone()).or_default().push(row);
    }
    sqlx::query("update calendar_links set seen = $4 where organization_id = $1 and connection_id = $2 and remote_id = any ($3)")
        .bind(organization)
        .bind(connection.id)
        .bind(items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>())
        .bind(round)
        .execute(tx.conn())
        .await?;
    let target = target(tx, connection).await?;
    for item in items {
        let known = links.remove(&item.id).unwrap_or_default();
        let known_ours = known.iter().any(|link| link.direction == "out");
        match item.mark.filter(|mark| mark.organization == organization) {
            Some(mark) if mark.connection == connection.id => ours(tx, connection, item, mark, &known, round).await?,
            Some(mark) if item.busy && !known_ours && over(tx, mark.connection).await? => stray(tx, connection, item, round).await?,
            // It is told there by another connection of ours: it is here already.
            Some(_) if known.is_empty() => {}
            // Of what is deleted nothing but the name may be told.
            _ if known_ours => forgotten(tx, connection, item).await?,
            _ => theirs(tx, connection, &target, item, &known, round, window).await?,
        }
    }
    Ok(())
}

/// Whether a connection has ended and left something there.
async fn over(tx: &mut Tx, connection: EntityId) -> Result<bool> {
    let organization = tx.organization();
    let lives: bool =
        sqlx::query_scalar("select exists (select from calendar_connections where organization_id = $1 and id = $2 and state <> 'ended')")
            .bind(organization)
            .bind(connection)
            .fetch_one(tx.conn())
            .await?;
    Ok(!lives)
}

/// What was made here is as it is here: what was changed of it there is told anew, what is there twice goes once.
async fn ours(tx: &mut Tx, connection: &Loaded, item: &Remote, mark: Mark, known: &[Link], round: i64) -> Result<()> {
    let organization = tx.organization();
    if let Some(link) = known.first() {
        return if item.busy && link.etag == item.etag { Ok(()) } else { forgotten(tx, connection, item).await };
    }
    if !item.busy {
        return Ok(());
    }
    // A run that made it did not come to write it down.
    let adopted = sqlx::query(
        "insert into calendar_links (organization_id, connection_id, remote_id, direction, activity_id, etag, seen)
         select $1, $2, $4, 'out', a.id, $5, $6 from scheduled_activities a where a.organization_id = $1 and a.id = $3
         on conflict do nothing",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(mark.activity)
    .bind(&item.id)
    .bind(&item.etag)
    .bind(round)
    .execute(tx.conn())
    .await?
    .rows_affected();
    if adopted == 0 { stray(tx, connection, item, round).await } else { Ok(()) }
}

/// Changed or deleted there: to be told again.
async fn forgotten(tx: &mut Tx, connection: &Loaded, item: &Remote) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update calendar_links set sent_version = 0, refused = '', etag = $4 where organization_id = $1 and connection_id = $2 and remote_id = $3",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(&item.id)
    .bind(if item.busy { item.etag.as_str() } else { "" })
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Of ours, but one too many: it goes when we write.
async fn stray(tx: &mut Tx, connection: &Loaded, item: &Remote, round: i64) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into calendar_links (organization_id, connection_id, remote_id, direction, etag, seen) values ($1, $2, $3, 'out', $4, $5)
         on conflict do nothing",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(&item.id)
    .bind(&item.etag)
    .bind(round)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What was made there is here as it is there.
async fn theirs(
    tx: &mut Tx,
    connection: &Loaded,
    target: &Target,
    item: &Remote,
    known: &[Link],
    round: i64,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let organization = tx.organization();
    let wanted = match item.time.filter(|_| item.busy && connection.receives) {
        Some(time) => apply::stretches(time, target.zone).into_iter().filter(|(start, end)| *start < to && *end > from).collect(),
        None => Vec::new(),
    };
    if known.iter().any(|link| link.unlinked) {
        // Its member has made it an entry of our own. Deleted there, it is forgotten and stays here.
        return if wanted.is_empty() { drop_links(tx, connection, &item.id, 0).await } else { Ok(()) };
    }
    for (part, stretch) in (0i16..).zip(&wanted) {
        let before = known.iter().find(|link| link.part == part).and_then(|link| link.activity_id);
        let (block, collides) = match before {
            Some(block) => match apply::moved(tx, block, *stretch).await {
                Ok(collides) => (block, collides),
                Err(Error::NotFound) => apply::place(tx, target, *stretch).await?,
                Err(error) => return Err(error),
            },
            None => apply::place(tx, target, *stretch).await?,
        };
        sqlx::query(
            "insert into calendar_links (organization_id, connection_id, remote_id, part, direction, activity_id, etag, collides, seen, ends_at)
             values ($1, $2, $3, $4, 'in', $5, $6, $7, $8, $9)
             on conflict (organization_id, connection_id, remote_id, part) do update set
                 activity_id = excluded.activity_id, etag = excluded.etag, collides = excluded.collides, ends_at = excluded.ends_at",
        )
        .bind(organization)
        .bind(connection.id)
        .bind(&item.id)
        .bind(part)
        .bind(block)
        .bind(&item.etag)
        .bind(collides)
        .bind(round)
        .bind(stretch.1)
        .execute(tx.conn())
        .await?;
    }
    let parts = i16::try_from(wanted.len()).unwrap_or(i16::MAX);
    let gone: Vec<EntityId> = known.iter().filter(|link| link.part >= parts).filter_map(|link| link.activity_id).collect();
    if !gone.is_empty() {
        apply::take_away(tx, &gone).await?;
    }
    if known.iter().any(|link| link.part >= parts) { drop_links(tx, connection, &item.id, parts).await } else { Ok(()) }
}

async fn drop_links(tx: &mut Tx, connection: &Loaded, remote: &str, from_part: i16) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("delete from calendar_links where organization_id = $1 and connection_id = $2 and remote_id = $3 and part >= $4")
        .bind(organization)
        .bind(connection.id)
        .bind(remote)
        .bind(from_part)
        .execute(tx.conn())
        .await?;
    Ok(())
}
