//! Writing: what is here and not, or not so, there. Each entry is told outside of any transaction, and written down as told
//! in one of its own.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, SessionId},
    jobs::Job,
    sessions::{Identity, Kind},
    time,
    tx::Door,
};
use sqlx::types::Json;

use super::{
    outside::Trouble,
    run::Loaded,
    side::{Account, Entry, Mark},
};
use crate::calendar::{
    Face,
    activities::Sight,
    feeds::publish::{self, words},
};

/// What is told ahead. What is over is not told any more.
const AHEAD: TimeDelta = TimeDelta::days(180);
/// How many entries one run tells before it lets others have their turn.
const MOST: i64 = 100;

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    activity_type: String,
    title: String,
    description: String,
    place: String,
    zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    face: Json<Face>,
    version: i32,
    remote_id: Option<String>,
    etag: Option<String>,
    locale: String,
}

/// Takes back and tells; whether that is all.
pub(super) async fn push(state: &State, job: &Job, connection: &Loaded, account: &Account<'_>) -> Result<bool, Trouble> {
    let withdrawn = withdraw(state, job, connection, account).await?;
    if !connection.sends {
        return Ok(withdrawn);
    }
    let entries = unsent(state, connection).await?;
    let all = entries.len() < usize::try_from(MOST).unwrap_or_default();
    for (entry, version) in entries {
        let (there, refused) = match account.put(&entry).await {
            Ok(there) => (Some(there), ""),
            // It takes all others; this one not until it is another.
            Err(Trouble::Rejected(_)) => (None, "rejected"),
            Err(trouble) => return Err(trouble),
        };
        platform::tx::retry(|| write_down(state, job, connection, &entry, version, there.as_ref(), refused)).await?;
    }
    Ok(withdrawn && all)
}

/// Entries that the other side does not know, or not as they are, as its member may see them.
async fn unsent(state: &State, connection: &Loaded) -> Result<Vec<(Entry, i32)>, Trouble> {
    let identity = Identity {
        session: SessionId(connection.id.0),
        user: connection.user,
        organization: Some(connection.organization),
        name: String::new(),
        email: String::new(),
        kind: Kind::Api,
        locale: None,
    };
    let mut tx = match Tx::begin(state, &identity, Door::Job).await {
        Ok(tx) if tx.can(crate::core::CONNECTIONS_WRITE) && tx.can(crate::core::CALENDAR_READ) => tx,
        // Nobody is told what nobody may see any more.
        Ok(_) | Err(Error::NotFound) => return Err(Trouble::Member),
        Err(error) => return Err(error.into()),
    };
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(
        "select a.id, a.activity_type, a.title, a.description, l.name as place, l.zone, a.starts_at, a.ends_at, a.face, a.version,
                k.remote_id, k.etag, coalesce(u.locale, o.locale) as locale
         from scheduled_activities a
         join locations l on l.organization_id = a.organization_id and l.id = a.location_id
         join organizations o on o.organization_id = a.organization_id
         join users u on u.id = $6
         left join calendar_links k on k.organization_id = a.organization_id and k.connection_id = $2 and k.activity_id = a.id and k.direction = 'out'
         where a.organization_id = $1 and a.starts_at > $4::timestamptz - interval '31 days' and a.ends_at > $4 and a.starts_at < $5
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired', 'held')
           and exists (select from resource_bookings b where b.organization_id = $1 and b.activity_id = a.id and b.resource_id = $3)
           and not exists (select from calendar_links f where f.organization_id = $1 and f.activity_id = a.id and f.direction = 'in'
                               and (not f.unlinked or f.connection_id = $2))
           and k.sent_version is distinct from a.version
         order by a.starts_at, a.id limit $7",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(connection.resource)
    .bind(now)
    .bind(now + AHEAD)
    .bind(connection.user)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await
    .map_err(Error::from)?;
    let sight = Sight::of(&tx);
    let mut entries = Vec::new();
    for row in rows {
        let face = &row.face.0;
        let entry =
            publish::Entry { activity_type: &row.activity_type, title: &row.title, description: row.description, place: row.place, face };
        let words = words(&sight, connection.detail, &row.locale, entry);
        let entry = Entry {
            mark: Mark { organization, connection: connection.id, activity: row.id },
            start: row.starts_at,
            end: row.ends_at,
            zone: time::zone(&row.zone)?,
            summary: words.summary,
            description: words.description,
            place: words.place,
            private: words.private,
            there: row.remote_id.filter(|id| !id.starts_with(NOWHERE)).zip(row.etag),
        };
        entries.push((entry, row.version));
    }
    tx.commit().await?;
    Ok(entries)
}

/// Begins the name of what is not there because it was refused.
const NOWHERE: &str = "nowhere/";

async fn write_down(
    state: &State,
    job: &Job,
    connection: &Loaded,
    entry: &Entry,
    version: i32,
    there: Option<&(String, String)>,
    refused: &str,
) -> Result<()> {
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    job.hold(&mut tx).await?;
    let nowhere = (format!("{NOWHERE}{}", entry.mark.activity), String::new());
    let (id, etag) = there.or(entry.there.as_ref()).unwrap_or(&nowhere);
    sqlx::query(
        "insert into calendar_links (organization_id, connection_id, remote_id, direction, activity_id, etag, sent_version, refused, seen, ends_at)
         values ($1, $2, $4, 'out', $3, $5, $6, $7, $8, $9)
         on conflict (organization_id, connection_id, activity_id) where direction = 'out' do update set
             remote_id = excluded.remote_id, etag = excluded.etag, sent_version = excluded.sent_version, refused = excluded.refused,
             seen = excluded.seen, ends_at = excluded.ends_at",
    )
    .bind(connection.organization)
    .bind(connection.id)
    .bind(entry.mark.activity)
    .bind(id)
    .bind(etag)
    .bind(version)
    .bind(refused)
    .bind(connection.round)
    .bind(entry.end)
    .execute(tx.conn())
    .await?;
    tx.commit().await
}

/// Takes back what is here no longer, or is not to be told there any more; whether that is all.
pub(super) async fn withdraw(state: &State, job: &Job, connection: &Loaded, account: &Account<'_>) -> Result<bool, Trouble> {
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    let organization = tx.organization();
    let gone: Vec<(String, Option<EntityId>)> = sqlx::query_as(
        "select k.remote_id, k.activity_id from calendar_links k
         left join scheduled_activities a on a.organization_id = k.organization_id and a.id = k.activity_id
         where k.organization_id = $1 and k.connection_id = $2 and k.direction = 'out'
           and (not $4 or a.id is null or a.status in ('cancelled', 'no_show', 'moved', 'expired', 'held')
                or not exists (select from resource_bookings b where b.organization_id = $1 and b.activity_id = a.id and b.resource_id = $3))
         order by k.remote_id limit $5",
    )
    .bind(organization)
    .bind(connection.id)
    .bind(connection.resource)
    .bind(connection.sends)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await
    .map_err(Error::from)?;
    tx.commit().await?;
    let all = gone.len() < usize::try_from(MOST).unwrap_or_default();
    for (remote, _) in gone {
        if !remote.starts_with(NOWHERE) {
            account.remove(&remote).await?;
        }
        let mut tx = Tx::begin_for_job(state, job.organization).await?;
        job.hold(&mut tx).await?;
        sqlx::query(
            "delete from calendar_links where organization_id = $1 and connection_id = $2 and remote_id = $3 and direction = 'out'",
        )
        .bind(organization)
        .bind(connection.id)
        .bind(&remote)
        .execute(tx.conn())
        .await
        .map_err(Error::from)?;
        tx.commit().await?;
    }
    Ok(all)
}

/// How many entries of a connection's resource the other side was not told yet.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn count(tx: &mut Tx, connection: EntityId, resource: EntityId) -> Result<i64> {
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_scalar(
        "select count(*) from scheduled_activities a
         left join calendar_links k on k.organization_id = a.organization_id and k.connection_id = $2 and k.activity_id = a.id and k.direction = 'out'
         where a.organization_id = $1 and a.starts_at > $4::timestamptz - interval '31 days' and a.ends_at > $4 and a.starts_at < $5
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired', 'held')
           and exists (select from resource_bookings b where b.organization_id = $1 and b.activity_id = a.id and b.resource_id = $3)
           and not exists (select from calendar_links f where f.organization_id = $1 and f.activity_id = a.id and f.direction = 'in'
                               and (not f.unlinked or f.connection_id = $2))
           and k.sent_version is distinct from a.version",
    )
    .bind(organization)
    .bind(connection)
    .bind(resource)
    .bind(now)
    .bind(now + AHEAD)
    .fetch_one(tx.conn())
    .await?)
}
