//! Lists of tasks: somebody's, and those about a record.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{
    Result, Tx,
    id::{EntityId, UserId},
    rest::{Page, PageQuery},
};
use serde::{Deserialize, Serialize};

use super::{
    RecordTask,
    sql::{self, Row},
};
use crate::subjects::{self, RECORDS_READ, Subject};

/// How many tasks about one record are told.
const MOST: i64 = 200;

/// Which tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskQuery {
    /// Whose; one's own if not given.
    pub assignee: Option<UserId>,
    /// Those that are done, the latest first, instead of those that are not, the soonest due first.
    pub done: bool,
}

/// Somebody's tasks, those among them that the actor may see. Entries of type `task` that were made in the calendar are
/// their tasks too, from a month ago on.
///
/// # Errors
/// `Denied`, `Invalid` (the cursor).
pub async fn list(tx: &mut Tx, query: &TaskQuery, page: &PageQuery) -> Result<Page<RecordTask>> {
    tx.require(RECORDS_READ)?;
    let (limit, after) = (page.limit(), page.after::<(Option<DateTime<Utc>>, EntityId)>()?);
    let (organization, now) = (tx.organization(), tx.now());
    let zone = sql::zone(tx).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select * from (
             select t.id, t.entity_id, e.entity_type, t.title, t.body,
                    case when a.id is null then t.due_date end as due_date, coalesce(a.starts_at, t.due_at) as due_at, t.remind_at,
                    t.assignee_id, u.name as assignee_name, t.priority,
                    coalesce(t.done_at, case when a.status = 'completed' then a.updated_at end) as done_at,
                    a.id as activity_id, false as of_calendar, t.author_id, null::text as editor, t.version, false as deleted,
                    case when $3 then coalesce(t.done_at, a.updated_at)
                         else coalesce(a.starts_at, t.due_at, (t.due_date + 1)::timestamp at time zone $4) end as due
             from record_tasks t
             left join entities e on e.organization_id = t.organization_id and e.id = t.entity_id
             left join scheduled_activities a on a.organization_id = t.organization_id and a.id = t.activity_id
                  and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
             left join memberships m on m.organization_id = t.organization_id and m.user_id = t.assignee_id
             left join users u on u.id = m.user_id
             where t.organization_id = $1 and t.assignee_id = $2 and t.deleted_at is null
               and (t.done_at is not null or a.status is not distinct from 'completed') = $3
             union all
             select a.id, a.subject_id, e.entity_type, a.title, a.description, null::date, a.starts_at, null::timestamptz,
                    $2, u.name, 1::smallint, case when a.status = 'completed' then a.updated_at end, a.id, true, a.owner_id, null::text,
                    a.version, false, case when $3 then a.updated_at else a.starts_at end
             from scheduled_activities a
             left join entities e on e.organization_id = a.organization_id and e.id = a.subject_id
             left join users u on u.id = (select m.user_id from memberships m where m.organization_id = $1 and m.user_id = $2)
             where a.organization_id = $1 and a.activity_type = 'task' and a.starts_at > $5 - interval '31 days'
               and (a.status = 'completed') = $3 and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
               and not exists (select from record_tasks t where t.organization_id = a.organization_id and t.activity_id = a.id)
               and coalesce((select bool_or(r.user_id = $2) from resource_bookings b
                             join resources r on r.organization_id = b.organization_id and r.id = b.resource_id
                             where b.organization_id = a.organization_id and b.activity_id = a.id and r.user_id is not null),
                            a.owner_id = $2)
         ) tasks
         where case when $3 then (coalesce(due, '-infinity'), id) < (coalesce($6, 'infinity'::timestamptz), coalesce($7, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
                    else (coalesce(due, 'infinity'), id) > (coalesce($6, case when $7 is null then '-infinity' else 'infinity' end::timestamptz), coalesce($7, '00000000-0000-0000-0000-000000000000'::uuid)) end
         order by case when $3 then due end desc nulls last, case when $3 then id end desc,
                  case when not $3 then due end nulls last, id
         limit $8",
    )
    .bind(organization)
    .bind(query.assignee.unwrap_or(tx.user()))
    .bind(query.done)
    .bind(zone.name())
    .bind(now)
    .bind(after.and_then(|after| after.0))
    .bind(after.map(|after| after.1))
    .bind(limit + 1)
    .fetch_all(tx.conn())
    .await?;
    let page = Page::of(rows, limit, |row: &Row| (row.due, row.id))?;
    let named = named(tx, &page.items).await?;
    let items = page
        .items
        .into_iter()
        .filter_map(|row| {
            let about = row.entity_id.and_then(|id| named.get(&id).cloned());
            sql::may_see(tx, &row, about.as_ref()).then(|| row.task(about, zone, now))
        })
        .collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// The tasks about a record: those to be done, the soonest due first, and then those that are done.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn about(tx: &mut Tx, record: EntityId) -> Result<Vec<RecordTask>> {
    let subject = subjects::see(tx, record).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let zone = sql::zone(tx).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select * from (
             select t.id, t.entity_id, e.entity_type, t.title, t.body,
                    case when a.id is null then t.due_date end as due_date, coalesce(a.starts_at, t.due_at) as due_at, t.remind_at,
                    t.assignee_id, u.name as assignee_name, t.priority,
                    coalesce(t.done_at, case when a.status = 'completed' then a.updated_at end) as done_at,
                    a.id as activity_id, false as of_calendar, t.author_id, null::text as editor, t.version, false as deleted,
                    coalesce(a.starts_at, t.due_at, (t.due_date + 1)::timestamp at time zone $3) as due
             from record_tasks t
             left join entities e on e.organization_id = t.organization_id and e.id = t.entity_id
             left join scheduled_activities a on a.organization_id = t.organization_id and a.id = t.activity_id
                  and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
             left join memberships m on m.organization_id = t.organization_id and m.user_id = t.assignee_id
             left join users u on u.id = m.user_id
             where t.organization_id = $1 and t.entity_id = $2 and t.deleted_at is null
         ) tasks
         order by done_at desc nulls first, due nulls last, id limit $4",
    )
    .bind(organization)
    .bind(subject.id)
    .bind(zone.name())
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.task(Some(subject.clone()), zone, now)).collect())
}

async fn named(tx: &mut Tx, rows: &[Row]) -> Result<HashMap<EntityId, Subject>> {
    let ids: Vec<EntityId> = rows.iter().filter_map(|row| row.entity_id).collect();
    subjects::named(tx, &ids).await
}
