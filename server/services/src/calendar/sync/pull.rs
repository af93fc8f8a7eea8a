//! Reading: what has changed there is done here, page by page, each in a transaction of its own. Where the reading had got to
//! is kept at its end only: one that was killed begins again, and finds most of it done.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, Result, State, Tx, id::EntityId, jobs::Job};

use super::{apply, outside::Trouble, run::Loaded, side::Account, take::take};

/// Days that are looked at, before now and after.
const BACK: TimeDelta = TimeDelta::days(7);
const AHEAD: TimeDelta = TimeDelta::days(180);
/// All is read anew so often, so that the days ahead move on and nothing is missed for long.
const WHOLE: TimeDelta = TimeDelta::hours(24);
/// How many entries are done in one transaction.
const AT_ONCE: usize = 40;
/// No calendar has more pages.
const PAGES: usize = 400;

/// The days that are kept in step.
pub(super) fn window(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    (now - BACK, now + AHEAD)
}

pub(super) async fn pull(state: &State, job: &Job, connection: &mut Loaded, account: &Account<'_>) -> Result<(), Trouble> {
    let now = state.clock.now();
    if connection.read_whole_at.is_none_or(|at| at + WHOLE <= now) {
        connection.cursor.clear();
    }
    loop {
        match read(state, job, connection, account, window(now)).await {
            // The cursor is too old: all is read, and what is not there any more goes.
            Err(Trouble::Gone) if !connection.cursor.is_empty() => connection.cursor.clear(),
            done => return done,
        }
    }
}

async fn read(
    state: &State,
    job: &Job,
    connection: &mut Loaded,
    account: &Account<'_>,
    window: (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), Trouble> {
    let whole = connection.cursor.is_empty();
    // The number is not kept before the reading is complete; one that was killed uses it again, with nothing lost.
    let round = connection.round + i64::from(whole);
    let mut page = None;
    for _ in 0..PAGES {
        let found = account.changes(&connection.cursor, page.as_deref(), window).await?;
        for items in found.items.chunks(AT_ONCE) {
            platform::tx::retry(|| async {
                let mut tx = Tx::begin_for_job(state, job.organization).await?;
                job.hold(&mut tx).await?;
                take(&mut tx, connection, items, round, window).await?;
                tx.commit().await
            })
            .await?;
        }
        match (found.next, found.cursor) {
            (Some(next), _) => page = Some(next),
            (None, cursor) => {
                return finish(state, job, connection, cursor.unwrap_or_default(), whole.then_some((round, window.0 + BACK))).await;
            }
        }
    }
    Err(Error::internal("a calendar without end").into())
}

async fn finish(
    state: &State,
    job: &Job,
    connection: &mut Loaded,
    cursor: String,
    whole: Option<(i64, DateTime<Utc>)>,
) -> Result<(), Trouble> {
    let now = state.clock.now();
    platform::tx::retry(|| async {
        let mut tx = Tx::begin_for_job(state, job.organization).await?;
        job.hold(&mut tx).await?;
        if let Some((round, from)) = whole {
            sweep(&mut tx, connection, round, from).await?;
        }
        settle(&mut tx, connection).await?;
        sqlx::query(
            "update calendar_connections set cursor = $3, round = $4, read_whole_at = coalesce($5, read_whole_at)
             where organization_id = $1 and id = $2",
        )
        .bind(connection.organization)
        .bind(connection.id)
        .bind(&cursor)
        .bind(whole.map_or(connection.round, |(round, _)| round))
        .bind(whole.map(|_| now))
        .execute(tx.conn())
        .await?;
        tx.commit().await
    })
    .await?;
    connection.cursor = cursor;
    if let Some((round, _)) = whole {
        connection.round = round;
        connection.read_whole_at = Some(now);
    }
    Ok(())
}

/// After all was read: what was not seen is not there any more. What is older than what was read stays as it was.
async fn sweep(tx: &mut Tx, connection: &Loaded, round: i64, from: DateTime<Utc>) -> Result<()> {
    let organization = tx.organization();
    let gone: Vec<Option<EntityId>> = sqlx::query_scalar(
        "delete from calendar_links where organization_id = $1 and connection_id = $2 and direction = 'in' and seen <> $3 and ends_at > $4
         returning case when unlinked then null else activity_id end",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(round)
    .bind(from)
    .fetch_all(tx.conn())
    .await?;
    let gone: Vec<EntityId> = gone.into_iter().flatten().collect();
    apply::take_away(tx, &gone).await?;
    sqlx::query(
        "update calendar_links set sent_version = 0, etag = '' where organization_id = $1 and connection_id = $2 and direction = 'out' and seen <> $3
           and ends_at > $4 and refused = ''",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(round)
    .bind(from)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Blocks that lie over something have their time for themselves as soon as that is gone.
async fn settle(tx: &mut Tx, connection: &Loaded) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let colliding: Vec<EntityId> = sqlx::query_scalar(
        "select activity_id from calendar_links
         where organization_id = $1 and connection_id = $2 and collides and not unlinked and activity_id is not null and ends_at > $3
         order by ends_at limit 100",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    for block in colliding {
        match apply::settled(tx, block).await {
            Ok(true) => {
                sqlx::query(
                    "update calendar_links set collides = false where organization_id = $1 and connection_id = $2 and activity_id = $3",
                )
                .bind(organization)
                .bind(connection.id)
                .bind(block)
                .execute(tx.conn())
                .await?;
            }
            Ok(false) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
