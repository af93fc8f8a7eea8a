//! A run of one connection: being let in, reading, writing. A job, which comes again by itself.

use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, State, Tx, actions,
    id::{EntityId, EntityRef, LocationId, OrganizationId, UserId},
    jobs::{self, Failed, Job, Kind, Next},
};
use serde_json::json;

use super::{ConnectionState, Outside, Provider, apply, cal_com, google, outside::Trouble, pull, push, secret::Secret, side::Account};
use crate::calendar::feeds::Detail;

/// The kind of job that keeps a connection in step.
pub static JOB: Kind = Kind { key: "calendar_sync", attempts: 12, run: |state, job| Box::pin(run(state, job)) };

/// Both sides are compared so often even if nothing seems to have happened.
const PERIOD: Duration = Duration::from_secs(300);

/// A connection as a run works with it.
pub(super) struct Loaded {
    pub(super) organization: OrganizationId,
    pub(super) id: EntityId,
    pub(super) user: UserId,
    pub(super) resource: EntityId,
    pub(super) location: LocationId,
    pub(super) provider: Provider,
    pub(super) calendar: String,
    pub(super) detail: Detail,
    pub(super) sends: bool,
    pub(super) receives: bool,
    pub(super) state: ConnectionState,
    pub(super) secret: Secret,
    pub(super) cursor: String,
    pub(super) round: i64,
    pub(super) read_whole_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: UserId,
    resource_id: EntityId,
    location_id: LocationId,
    provider: String,
    calendar: String,
    detail: String,
    sends: bool,
    receives: bool,
    state: String,
    secret: String,
    cursor: String,
    round: i64,
    read_whole_at: Option<DateTime<Utc>>,
}

async fn load(tx: &mut Tx, outside: &Outside, id: EntityId) -> Result<Option<Loaded>, Failed> {
    let organization = tx.organization();
    let row: Option<Row> = sqlx::query_as(
        "select user_id, resource_id, location_id, provider, calendar, detail, sends, receives, state, secret, cursor, round, read_whole_at
         from calendar_connections where organization_id = $1 and id = $2 and state not in ('authorizing', 'ended')",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await
    .map_err(Error::from)?;
    let Some(row) = row else { return Ok(None) };
    let unknown = || Error::internal("a connection has an unknown word");
    let state = ConnectionState::parse(&row.state).ok_or_else(unknown)?;
    let secret = match Secret::open(&outside.sealer, organization, id, &row.secret) {
        Some(secret) => secret,
        // Nothing can be taken back without the keys: what is to end ends here.
        None if state == ConnectionState::Ending => Secret::default(),
        None => return Err(Failed::fatal("sealed")),
    };
    Ok(Some(Loaded {
        organization,
        id,
        user: row.user_id,
        resource: row.resource_id,
        location: row.location_id,
        provider: Provider::parse(&row.provider).ok_or_else(unknown)?,
        calendar: row.calendar,
        detail: Detail::parse(&row.detail).ok_or_else(unknown)?,
        sends: row.sends,
        receives: row.receives,
        state,
        secret,
        cursor: row.cursor,
        round: row.round,
        read_whole_at: row.read_whole_at,
    }))
}

async fn run(state: State, job: Job) -> Result<Next, Failed> {
    let Ok(id) = job.key.parse::<EntityId>() else { return Ok(Next::Done) };
    let outcome = attempt(&state, &job, id).await;
    let failed = match outcome {
        Ok(Some(next)) => {
            note(&state, &job, id, None).await?;
            return Ok(next);
        }
        Ok(None) => return Ok(Next::Done),
        Err(failed) => failed,
    };
    note(&state, &job, id, Some(&failed)).await?;
    Err(failed)
}

/// One run; none where there is nothing (any more) to be kept in step.
async fn attempt(state: &State, job: &Job, id: EntityId) -> Result<Option<Next>, Failed> {
    let outside = Outside::of(state)?;
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    job.hold(&mut tx).await?;
    let loaded = load(&mut tx, outside, id).await;
    tx.commit().await?;
    let Some(mut connection) = loaded? else { return Ok(None) };
    if connection.state == ConnectionState::Ending {
        return end(state, job, outside, &mut connection).await.map(|()| None);
    }
    enter(state, job, outside, &mut connection).await?;
    let mut renewed = false;
    loop {
        match step(state, job, outside, &mut connection).await {
            // A token may end before its time.
            Err(Trouble::Unauthorized) if connection.provider == Provider::Google && !renewed => {
                renewed = true;
                google::sign_in::renew(outside, &mut connection.secret, state.clock.now()).await?;
                save(state, job, outside, &connection, None).await?;
            }
            Ok(true) => return Ok(Some(Next::Again(PERIOD))),
            Ok(false) => return Ok(Some(Next::Again(Duration::ZERO))),
            Err(trouble) => return Err(trouble.into()),
        }
    }
}

/// Reads and writes; whether all is written.
async fn step(state: &State, job: &Job, outside: &Outside, connection: &mut Loaded) -> Result<bool, Trouble> {
    let secret = connection.secret.clone();
    let (provider, calendar) = (connection.provider, connection.calendar.clone());
    let account = Account { outside, provider, calendar: &calendar, secret: &secret };
    pull::pull(state, job, connection, &account).await?;
    push::push(state, job, connection, &account).await
}

/// Is let in: for the first time, or once more because the pass has run out.
async fn enter(state: &State, job: &Job, outside: &Outside, connection: &mut Loaded) -> Result<(), Failed> {
    let now = state.clock.now();
    let before = connection.secret.clone();
    let mut account = None;
    match connection.provider {
        Provider::Google => {
            if !connection.secret.code.is_empty() {
                google::sign_in::enter(outside, &mut connection.secret, now).await?;
            } else if google::sign_in::stale(&connection.secret, now) {
                google::sign_in::renew(outside, &mut connection.secret, now).await?;
            }
            if connection.receives {
                let whose = (connection.organization, connection.id);
                google::bell::hang(outside, &mut connection.secret, &connection.calendar, whose, now).await;
            }
        }
        Provider::CalCom => {
            if connection.secret.email.is_empty() {
                account = Some(cal_com::enter(outside, &mut connection.secret).await?);
            }
            if connection.receives {
                cal_com::bell::hang(outside, &mut connection.secret, (connection.organization, connection.id)).await?;
            }
        }
    }
    let after = &connection.secret;
    let changed = before.access != after.access || before.hook != after.hook || before.hook_until != after.hook_until || account.is_some();
    if changed || connection.state != ConnectionState::Active {
        save(state, job, outside, connection, account).await?;
    }
    Ok(())
}

/// Keeps what lets us in. Without it a token that was renewed is lost with the run, and is renewed once more by the next.
async fn save(state: &State, job: &Job, outside: &Outside, connection: &Loaded, account: Option<String>) -> Result<()> {
    let sealed = connection.secret.seal(&outside.sealer, connection.organization, connection.id)?;
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    job.hold(&mut tx).await?;
    let now = tx.now();
    sqlx::query(
        "update calendar_connections set secret = $3, account = coalesce(left($4, 300), account), updated_at = $5,
             state = case when state in ('connecting', 'broken') then 'active' else state end
         where organization_id = $1 and id = $2 and state not in ('ending', 'ended')",
    )
    .bind(connection.organization)
    .bind(connection.id)
    .bind(sealed)
    .bind(account)
    .bind(now)
    .execute(tx.conn())
    .await?;
    tx.commit().await
}

/// Writes down how a run went, for those who look at the connection.
async fn note(state: &State, job: &Job, id: EntityId, failed: Option<&Failed>) -> Result<()> {
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    job.hold(&mut tx).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let broken = failed.is_some_and(|failed| failed.fatal);
    let before: Option<(EntityId, String)> = sqlx::query_as(
        "update calendar_connections c set problem = $3, synced_at = case when $3 = '' then $4 else c.synced_at end,
             state = case when $5 and c.state in ('connecting', 'active') then 'broken' when $3 = '' and c.state = 'broken' then 'active' else c.state end
         from calendar_connections old
         where c.organization_id = $1 and c.id = $2 and old.organization_id = $1 and old.id = $2
         returning c.resource_id, case when old.state <> c.state then c.state else '' end",
    )
    .bind(organization)
    .bind(id)
    .bind(failed.map_or("", |failed| failed.problem.as_str()))
    .bind(now)
    .bind(broken)
    .fetch_optional(tx.conn())
    .await?;
    if let Some((resource, now_is)) = before.filter(|(_, now_is)| !now_is.is_empty()) {
        let told = json!({ "connection": id, "problem": failed.map_or("", |failed| &failed.problem) });
        let verb = if now_is == "broken" { "connection_broken" } else { "connection_mended" };
        actions::record(&mut tx, EntityRef::new("resource", resource), verb, None, Some(told)).await?;
    }
    tx.commit().await
}

/// Takes back what was told there, and forgets the keys. What cannot be taken back stays there.
async fn end(state: &State, job: &Job, outside: &Outside, connection: &mut Loaded) -> Result<(), Failed> {
    let last = job.attempt >= JOB.attempts;
    match take_back(state, job, outside, connection).await {
        Ok(()) => {}
        // We are let in no longer: nothing can be taken back.
        Err(Trouble::Unauthorized | Trouble::Denied | Trouble::Absent | Trouble::Rejected(_)) => {}
        Err(Trouble::Here(error)) => return Err(error.into()),
        Err(trouble) if !last => return Err(trouble.into()),
        Err(_) => {}
    }
    let mut tx = Tx::begin_for_job(state, job.organization).await?;
    job.hold(&mut tx).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("delete from calendar_links where organization_id = $1 and connection_id = $2")
        .bind(organization)
        .bind(connection.id)
        .execute(tx.conn())
        .await
        .map_err(Error::from)?;
    sqlx::query("update calendar_connections set state = 'ended', secret = '', problem = '', updated_at = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(connection.id)
        .bind(now)
        .execute(tx.conn())
        .await
        .map_err(Error::from)?;
    let told = json!({ "connection": connection.id });
    actions::record(&mut tx, EntityRef::new("resource", connection.resource), "connection_ended", None, Some(told)).await?;
    tx.commit().await?;
    Ok(())
}

async fn take_back(state: &State, job: &Job, outside: &Outside, connection: &mut Loaded) -> Result<(), Trouble> {
    if connection.provider == Provider::Google && connection.secret.refresh.is_empty() {
        return Ok(());
    }
    if connection.provider == Provider::Google && google::sign_in::stale(&connection.secret, state.clock.now()) {
        google::sign_in::renew(outside, &mut connection.secret, state.clock.now()).await?;
    }
    connection.sends = false;
    let secret = connection.secret.clone();
    let (provider, calendar) = (connection.provider, connection.calendar.clone());
    let account = Account { outside, provider, calendar: &calendar, secret: &secret };
    while !push::withdraw(state, job, connection, &account).await? {}
    match provider {
        Provider::Google => {
            google::bell::take_down(outside, &secret).await?;
            google::sign_in::leave(outside, &secret).await
        }
        Provider::CalCom if secret.hook_id.is_empty() => Ok(()),
        Provider::CalCom => cal_com::bell::take_down(outside, &secret, &secret.hook_id).await,
    }
}

/// The target of blocks that come from there.
pub(super) async fn target(tx: &mut Tx, connection: &Loaded) -> Result<apply::Target> {
    apply::Target::read(tx, (connection.id, connection.provider), (connection.user, connection.resource, connection.location)).await
}

/// Brings runs forward where something has happened, until the task is dropped. What it misses the next run finds.
pub async fn follow(state: State) {
    const EVERY: Duration = Duration::from_secs(3);
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = bring_forward(&state).await {
            tracing::debug!(code = error.code(), "connections were not brought forward");
        }
    }
}

/// One look at what has happened in the last seconds. The pause lets what is undone at once not be told at all.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn bring_forward(state: &State) -> Result<()> {
    let behind: Vec<OrganizationId> =
        sqlx::query_scalar("select jobs_behind($1, interval '10 seconds')").bind(JOB.key).fetch_all(&state.pool).await?;
    for organization in behind {
        let mut tx = Tx::begin_for_job(state, organization).await?;
        jobs::hurry(&mut tx, &JOB, None, Duration::from_secs(3)).await?;
        tx.commit().await?;
    }
    Ok(())
}
