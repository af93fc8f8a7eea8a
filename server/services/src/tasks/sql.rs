//! Tasks in the database. What happens to one stands in the log of the record it is about, or else in its own.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef, UserId},
    input::Input,
    members, time,
};
use serde_json::{Value, json};

use super::{Priority, RecordTask, TASK, TaskInput, calendar, standing};
use crate::{
    notes::author,
    subjects::{self, RECORDS_READ, Subject, TASKS_WRITE, stale},
};

/// A task as it is read; one that was made in the calendar looks the same.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: EntityId,
    pub(super) entity_id: Option<EntityId>,
    pub(super) entity_type: Option<String>,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) due_date: Option<NaiveDate>,
    /// That of its entry in the calendar, if it has one.
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) remind_at: Option<DateTime<Utc>>,
    pub(super) assignee_id: Option<UserId>,
    pub(super) assignee_name: Option<String>,
    pub(super) priority: i16,
    pub(super) done_at: Option<DateTime<Utc>>,
    pub(super) activity_id: Option<EntityId>,
    pub(super) of_calendar: bool,
    pub(super) author_id: Option<UserId>,
    pub(super) editor: Option<String>,
    pub(super) version: i32,
    pub(super) deleted: bool,
    /// By which lists go; none for what has no due day.
    pub(super) due: Option<DateTime<Utc>>,
}

impl Row {
    pub(super) fn task(self, about: Option<Subject>, zone: Tz, now: DateTime<Utc>) -> RecordTask {
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        RecordTask {
            standing: standing(self.done_at.is_some(), self.due_date, self.due_at, self.due_at.map(local), now, local(now)),
            id: self.id,
            about,
            title: self.title,
            text: self.body,
            due_date: self.due_date,
            due_at: self.due_at,
            remind_at: self.remind_at,
            assignee: self.assignee_id,
            assignee_name: self.assignee_name,
            priority: usize::try_from(self.priority).ok().and_then(|at| Priority::ALL.get(at).copied()).unwrap_or_default(),
            done_at: self.done_at,
            activity: self.activity_id,
            of_calendar: self.of_calendar,
            version: self.version,
        }
    }

    /// What the log tells of it.
    fn told(&self) -> Value {
        json!({ "task": self.id, "title": self.title, "text": self.body, "due_date": self.due_date, "due_at": self.due_at,
            "assignee": self.assignee_id, "priority": self.priority, "done": self.done_at.is_some() })
    }
}

/// The organization's zone, in which whole days are told.
pub(super) async fn zone(tx: &mut Tx) -> Result<Tz> {
    let organization = tx.organization();
    let name: String =
        sqlx::query_scalar("select zone from organizations where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    time::zone(&name)
}

/// One task.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<RecordTask> {
    tx.require(RECORDS_READ)?;
    let (row, about) = open(tx, id).await?;
    let (zone, now) = (zone(tx).await?, tx.now());
    Ok(row.task(about, zone, now))
}

/// Makes a task. With the id of an existing one it returns that one.
///
/// # Errors
/// `Denied`, `NotFound` (the record it is about), `Invalid`, `Conflict` of code `duplicate` (the id is another record's).
pub async fn add(tx: &mut Tx, input: &TaskInput) -> Result<RecordTask> {
    tx.require(TASKS_WRITE)?;
    check(tx, input).await?;
    let about = match input.about {
        Some(record) => Some(subjects::see(tx, record).await?),
        None => None,
    };
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match open(tx, id).await {
            Ok(_) => return get(tx, id).await,
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let entity = NewEntity { id, entity_type: TASK, title: input.title.trim(), keywords: "", owner: author(tx), status: None };
    entities::insert(tx, &entity).await?;
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "insert into record_tasks (organization_id, id, entity_id, title, body, due_date, due_at, remind_at, assignee_id, priority,
             author_id, updated_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $12)",
    )
    .bind(organization)
    .bind(id)
    .bind(about.as_ref().map(|about| about.id))
    .bind(input.title.trim())
    .bind(input.text.trim())
    .bind(input.due_date)
    .bind(input.due_at)
    .bind(input.remind_at)
    .bind(input.assignee)
    .bind(input.priority as i16)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let made = row(tx, id, false).await?;
    record(tx, &made, "task_added", None, Some(made.told())).await?;
    let zone = zone(tx).await?;
    Ok(made.task(about, zone, now))
}

/// Changes what a task says.
///
/// # Errors
/// `Denied`, `NotFound` (also for what is changed in the calendar), `Invalid`, `Conflict` of code `version`.
pub async fn edit(tx: &mut Tx, id: EntityId, input: &TaskInput) -> Result<RecordTask> {
    tx.require(TASKS_WRITE)?;
    let (before, about) = open_locked(tx, id).await?;
    check(tx, input).await?;
    if before.of_calendar {
        return Err(Error::NotFound);
    }
    let (zone, now) = (zone(tx).await?, tx.now());
    if before.version != input.version {
        let editor = before.editor.clone();
        return Err(stale(&before.task(about, zone, now), editor.as_deref()));
    }
    let (organization, author) = (tx.organization(), author(tx));
    sqlx::query(
        "update record_tasks set title = $3, body = $4, due_date = $5, due_at = $6, remind_at = $7, assignee_id = $8, priority = $9,
             updated_by = $10, updated_at = $11, version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(input.title.trim())
    .bind(input.text.trim())
    .bind(input.due_date)
    .bind(input.due_at)
    .bind(input.remind_at)
    .bind(input.assignee)
    .bind(input.priority as i16)
    .bind(author)
    .bind(now)
    .execute(tx.conn())
    .await?;
    entities::update(tx, id, input.title.trim(), "", None).await?;
    if before.title != input.title.trim() || before.body != input.text.trim() {
        calendar::rename(tx, &before, input.title.trim(), input.text.trim()).await?;
    }
    let after = row(tx, id, false).await?;
    if before.told() != after.told() || before.remind_at != after.remind_at {
        record(tx, &after, "task_changed", Some(before.told()), Some(after.told())).await?;
    }
    Ok(after.task(about, zone, now))
}

/// Ticks a task or takes the tick away. It names no version: the same again changes nothing. Its entry in the calendar,
/// if it has one, is completed or opened again along with it.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn set_done(tx: &mut Tx, id: EntityId, done: bool) -> Result<RecordTask> {
    tx.require(TASKS_WRITE)?;
    let (before, about) = open_locked(tx, id).await?;
    let (zone, now) = (zone(tx).await?, tx.now());
    if before.done_at.is_some() == done {
        return Ok(before.task(about, zone, now));
    }
    calendar::tick(tx, &before, done).await?;
    if !before.of_calendar {
        let (organization, author) = (tx.organization(), author(tx));
        sqlx::query(
            "update record_tasks set done_at = case when $3 then $4 end, updated_by = $5, updated_at = $4, version = version + 1
             where organization_id = $1 and id = $2",
        )
        .bind(organization)
        .bind(id)
        .bind(done)
        .bind(now)
        .bind(author)
        .execute(tx.conn())
        .await?;
        let verb = if done { "task_done" } else { "task_reopened" };
        record(
            tx,
            &before,
            verb,
            Some(json!({ "task": id, "title": before.title, "done": !done })),
            Some(json!({ "task": id, "title": before.title, "done": done })),
        )
        .await?;
    }
    let after = row(tx, id, false).await?;
    Ok(after.task(about, zone, now))
}

/// Takes a task away, and the time that was set aside for it; [`restore`] brings the task back, without the time.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn delete(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.require(TASKS_WRITE)?;
    let (before, _) = open_locked(tx, id).await?;
    if before.of_calendar {
        return Err(Error::NotFound);
    }
    calendar::free(tx, &before).await?;
    set_deleted(tx, id, true).await?;
    record(tx, &before, "task_deleted", Some(before.told()), None).await
}

/// Brings a task back that was taken away.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn restore(tx: &mut Tx, id: EntityId) -> Result<RecordTask> {
    tx.require(TASKS_WRITE)?;
    let found = row(tx, id, true).await?;
    let about = allowed(tx, &found).await?;
    if found.deleted {
        set_deleted(tx, id, false).await?;
        record(tx, &found, "task_restored", None, Some(found.told())).await?;
    }
    let (zone, now) = (zone(tx).await?, tx.now());
    Ok(row(tx, id, false).await?.task(about, zone, now))
}

async fn check(tx: &mut Tx, input: &TaskInput) -> Result<()> {
    let mut checked = Input::new();
    checked.text("title", input.title.trim(), 1, 300);
    checked.text("text", input.text.trim(), 0, 10_000);
    checked.check(input.due_date.is_none() || input.due_at.is_none(), "due_at", "choice", "A day or an instant, not both.");
    if let Some(date) = input.due_date {
        checked.year("due_date", &date);
    }
    for (field, at) in [("due_at", input.due_at), ("remind_at", input.remind_at)] {
        if let Some(at) = at {
            checked.year(field, &at);
        }
    }
    if let Some(user) = input.assignee {
        let member = members::is_member(tx, user).await?;
        checked.check(member, "assignee", "unknown", "There is no such member.");
    }
    checked.finish()
}

/// A task that is there and that the actor may see, and what it is about if they may read that.
pub(super) async fn open(tx: &mut Tx, id: EntityId) -> Result<(Row, Option<Subject>)> {
    opened(tx, id, false).await
}

/// As [`open`], held until the transaction ends.
pub(super) async fn open_locked(tx: &mut Tx, id: EntityId) -> Result<(Row, Option<Subject>)> {
    opened(tx, id, true).await
}

async fn opened(tx: &mut Tx, id: EntityId, lock: bool) -> Result<(Row, Option<Subject>)> {
    let found = row(tx, id, lock).await?;
    let about = allowed(tx, &found).await?;
    if found.deleted { Err(Error::NotFound) } else { Ok((found, about)) }
}

/// Whether the actor may see a task: whoever may read the record it is about, whoever is to do it, and whoever made it if
/// it is about none.
async fn allowed(tx: &mut Tx, row: &Row) -> Result<Option<Subject>> {
    let about = match row.entity_id {
        Some(record) => subjects::named(tx, &[record]).await?.remove(&record),
        None => None,
    };
    if may_see(tx, row, about.as_ref()) { Ok(about) } else { Err(Error::NotFound) }
}

/// See [`allowed`].
pub(super) fn may_see(tx: &Tx, row: &Row, about: Option<&Subject>) -> bool {
    let me = tx.user();
    if row.of_calendar {
        return tx.can(crate::core::CALENDAR_READ);
    }
    about.is_some() || row.assignee_id == Some(me) || row.entity_id.is_none() && row.author_id.is_none_or(|author| author == me)
}

/// A task, taken away or not, or an entry of that type in the calendar.
pub(super) async fn row(tx: &mut Tx, id: EntityId, lock: bool) -> Result<Row> {
    let organization = tx.organization();
    if lock {
        sqlx::query("select 1 from record_tasks where organization_id = $1 and id = $2 for update")
            .bind(organization)
            .bind(id)
            .execute(tx.conn())
            .await?;
    }
    sqlx::query_as(
        "select t.id, t.entity_id, e.entity_type, t.title, t.body,
                case when a.id is null then t.due_date end as due_date, coalesce(a.starts_at, t.due_at) as due_at, t.remind_at,
                t.assignee_id, u.name as assignee_name, t.priority,
                coalesce(t.done_at, case when a.status = 'completed' then a.updated_at end) as done_at,
                a.id as activity_id, false as of_calendar, t.author_id, w.name as editor, t.version,
                t.deleted_at is not null as deleted, null::timestamptz as due
         from record_tasks t
         left join entities e on e.organization_id = t.organization_id and e.id = t.entity_id
         left join scheduled_activities a on a.organization_id = t.organization_id and a.id = t.activity_id
              and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         left join memberships m on m.organization_id = t.organization_id and m.user_id = t.assignee_id
         left join users u on u.id = m.user_id
         left join memberships v on v.organization_id = t.organization_id and v.user_id = t.updated_by
         left join users w on w.id = v.user_id
         where t.organization_id = $1 and t.id = $2
         union all
         select a.id, a.subject_id, e.entity_type, a.title, a.description, null::date, a.starts_at, null::timestamptz,
                a.owner_id, u.name, 1::smallint, case when a.status = 'completed' then a.updated_at end, a.id, true, a.owner_id, null::text,
                a.version, a.status in ('cancelled', 'no_show', 'moved', 'expired'), null::timestamptz
         from scheduled_activities a
         left join entities e on e.organization_id = a.organization_id and e.id = a.subject_id
         left join memberships m on m.organization_id = a.organization_id and m.user_id = a.owner_id
         left join users u on u.id = m.user_id
         where a.organization_id = $1 and a.id = $2 and a.activity_type = 'task'
           and not exists (select from record_tasks t where t.organization_id = a.organization_id and t.activity_id = a.id)",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)
}

/// Writes into the log of what the task is about.
pub(super) async fn record(tx: &mut Tx, row: &Row, verb: &str, old: Option<Value>, new: Option<Value>) -> Result<()> {
    let entity = match (row.entity_id, &row.entity_type) {
        (Some(id), Some(kind)) => EntityRef::new(kind, id),
        _ => EntityRef::new(TASK, row.id),
    };
    actions::record(tx, entity, verb, old, new).await
}

async fn set_deleted(tx: &mut Tx, id: EntityId, deleted: bool) -> Result<()> {
    let (organization, now, author) = (tx.organization(), tx.now(), author(tx));
    sqlx::query(
        "with task as (
             update record_tasks set deleted_at = case when $3 then $4 end, updated_by = $5, updated_at = $4, version = version + 1
             where organization_id = $1 and id = $2
         )
         update entities set deleted_at = case when $3 then $4 end, updated_at = $4, version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(deleted)
    .bind(now)
    .bind(author)
    .execute(tx.conn())
    .await?;
    Ok(())
}
