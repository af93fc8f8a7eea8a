//! Timelines from the action log.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, UserId},
    input::Input,
    rest::{Page, PageQuery},
};
use serde_json::Value;
use uuid::Uuid;

use super::{EntryKind, FieldAsOf, Logged, RecordAsOf, TimelineEntry, changes, record, replayed, text};
use crate::{
    fields,
    subjects::{self, DOCUMENTS_WRITE, LINKS_WRITE, NOTES_WRITE, Subject, TAGS_WRITE, TASKS_WRITE},
};

/// How far back a record is replayed.
const LONGEST: i64 = 20_000;

/// Every verb of the log that is about something beside the record.
const BESIDE: [(EntryKind, &[&str]); 5] = [
    (EntryKind::Notes, &["note_added", "note_changed", "note_deleted", "note_restored"]),
    (EntryKind::Tasks, &["task_added", "task_changed", "task_done", "task_reopened", "task_deleted", "task_restored"]),
    (
        EntryKind::Documents,
        &[
            "document_added",
            "document_changed",
            "document_version_added",
            "document_version_changed",
            "document_deleted",
            "document_restored",
            "document_shared",
            "document_unshared",
            "document_opened",
        ],
    ),
    (EntryKind::Links, &["linked", "link_changed", "unlinked"]),
    (EntryKind::Tags, &["tagged", "untagged"]),
];

/// All of them.
pub(super) fn beside() -> Vec<&'static str> {
    BESIDE.iter().flat_map(|(_, verbs)| verbs.iter().copied()).collect()
}

/// An action of the log.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: EntityId,
    pub(super) at: DateTime<Utc>,
    pub(super) who: Option<String>,
    pub(super) door: String,
    pub(super) verb: String,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
    /// Whether it was done to a record that was merged into this one since; it is read here, and undone nowhere.
    #[sqlx(default)]
    merged: bool,
}

impl Row {
    pub(super) fn told(&self, name: &str) -> Option<&str> {
        let side = |side: &'_ Option<Value>| side.as_ref().and_then(|side| side.get(name)).and_then(Value::as_str).is_some();
        if side(&self.new) { self.new.as_ref()?.get(name)?.as_str() } else { self.old.as_ref()?.get(name)?.as_str() }
    }

    /// Takes out what hidden fields of the record hold. What lies beside it has names of its own.
    fn hide(&mut self, hidden: &BTreeSet<String>) {
        if EntryKind::of(&self.verb) == EntryKind::Record {
            fields::hide(hidden, &mut self.old);
            fields::hide(hidden, &mut self.new);
        }
    }

    /// The note, task, document, tag or link it is about. What is done to a link by which a document is lent is about the link.
    pub(super) fn object(&self) -> Option<EntityId> {
        let name = match EntryKind::of(&self.verb) {
            EntryKind::Record => return None,
            EntryKind::Notes => "note",
            EntryKind::Tasks => "task",
            EntryKind::Documents if self.told("share").is_some() => "share",
            EntryKind::Documents => "document",
            EntryKind::Links => "link",
            EntryKind::Tags => "tag",
        };
        self.told(name)?.parse().ok()
    }

    fn name(&self) -> String {
        let name = match EntryKind::of(&self.verb) {
            EntryKind::Record => return String::new(),
            EntryKind::Notes => "text",
            EntryKind::Tasks => "title",
            EntryKind::Documents | EntryKind::Links | EntryKind::Tags => "name",
        };
        let line = self.told(name).unwrap_or_default().lines().next().unwrap_or_default();
        let mut short: String = line.chars().take(80).collect();
        if short.len() < line.len() {
            short.push('…');
        }
        short
    }
}

/// What happened to a record, the latest first: everything, or of some kinds only. What happened to records that were merged
/// into it is part of it.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (the cursor).
pub async fn list(tx: &mut Tx, record: EntityId, kinds: &[EntryKind], page: &PageQuery) -> Result<Page<TimelineEntry>> {
    let subject = subjects::see(tx, record).await?;
    let (limit, after) = (page.limit(), page.after::<(DateTime<Utc>, EntityId)>()?);
    let organization = tx.organization();
    let own = kinds.is_empty() || kinds.contains(&EntryKind::Record);
    let wanted = BESIDE.iter().filter(|(kind, _)| kinds.is_empty() || kinds.contains(kind));
    let wanted: Vec<&str> = wanted.flat_map(|(_, verbs)| verbs.iter().copied()).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "select a.id, a.at, u.name as who, a.door, a.action as verb, a.old, a.new, own.id <> $2 as merged
         from (select $2::uuid as id
               union all select e.id from entities e where e.organization_id = $1 and e.merged_into = $2) own
         cross join lateral (
             select a.* from actions a
             where a.organization_id = $1 and a.entity_id = own.id
               and a.at <= coalesce($3, 'infinity'::timestamptz)
               and (a.at, a.id) < (coalesce($3, 'infinity'::timestamptz), coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
               and (a.action = any ($5) or $6 and not a.action = any ($7))
             order by a.at desc, a.id desc limit $8) a
         left join memberships m on m.organization_id = a.organization_id and m.user_id = a.user_id
         left join users u on u.id = m.user_id
         order by a.at desc, a.id desc limit $8",
    )
    .bind(organization)
    .bind(subject.id)
    .bind(after.map(|after| after.0))
    .bind(after.map(|after| after.1))
    .bind(wanted)
    .bind(own)
    .bind(beside())
    .bind(limit + 1)
    .fetch_all(tx.conn())
    .await?;
    let mut page = Page::of(rows, limit, |row: &Row| (row.at, row.id))?;
    let latest = latest(tx, subject.id, &page.items).await?;
    let changed = page.items.iter().find(|row| EntryKind::of(&row.verb) == EntryKind::Record && !row.merged).cloned();
    let hidden = hidden(tx, subject.id).await?;
    page.items.iter_mut().for_each(|row| row.hide(&hidden));
    let names = Names::of(tx, &page.items).await?;
    let may = [NOTES_WRITE, TASKS_WRITE, DOCUMENTS_WRITE, LINKS_WRITE, TAGS_WRITE].map(|right| tx.can(right));
    let can = |kind: EntryKind| match kind {
        // Its module knows, and says so.
        EntryKind::Record => true,
        EntryKind::Notes => may[0],
        EntryKind::Tasks => may[1],
        EntryKind::Documents => may[2],
        EntryKind::Links => may[3],
        EntryKind::Tags => may[4],
    };
    let mut undoable = latest;
    if let Some(changed) = changed {
        // It is not taken back by halves: of what it changed, all must be visible.
        match record::back(tx, &subject, &changed).await {
            Ok(Some(back)) if back.is_open(tx, &subject).await? => drop(undoable.insert(changed.id)),
            Ok(_) | Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let items = page.items.into_iter().map(|row| entry(row, &undoable, &names, can)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// The keys of the fields that the actor may not see, of the record and of those that were merged into it.
async fn hidden(tx: &mut Tx, record: EntityId) -> Result<BTreeSet<String>> {
    let organization = tx.organization();
    let types: Vec<String> = sqlx::query_scalar(
        "select entity_type from entities where organization_id = $1 and id = $2
         union select entity_type from entities where organization_id = $1 and merged_into = $2",
    )
    .bind(organization)
    .bind(record)
    .fetch_all(tx.conn())
    .await?;
    fields::hidden_keys(tx, &types).await
}

/// A record as it was at an instant, as far as its log tells.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`.
pub async fn as_of(tx: &mut Tx, record: EntityId, at: DateTime<Utc>) -> Result<RecordAsOf> {
    let subject = subjects::see(tx, record).await?;
    let mut input = Input::new();
    input.year("at", &at);
    input.finish()?;
    let organization = tx.organization();
    let mut rows: Vec<Row> = sqlx::query_as(
        "select * from (
             select a.id, a.at, null::text as who, a.door, a.action as verb, a.old, a.new
             from actions a where a.organization_id = $1 and a.entity_id = $2
             order by a.at desc, a.id desc limit $3
         ) log order by at, id",
    )
    .bind(organization)
    .bind(subject.id)
    .bind(LONGEST)
    .fetch_all(tx.conn())
    .await?;
    let hidden = hidden(tx, subject.id).await?;
    rows.iter_mut().for_each(|row| row.hide(&hidden));
    let created: DateTime<Utc> = sqlx::query_scalar("select created_at from entities where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(subject.id)
        .fetch_one(tx.conn())
        .await?;
    // What was taken over with its history is older than its row.
    let first = rows.first().map_or(created, |row| row.at.min(created));
    let mut tags: Vec<String> = Vec::new();
    for row in rows.iter().filter(|row| row.at <= at) {
        match (row.verb.as_str(), row.told("name")) {
            ("tagged", Some(name)) if !tags.iter().any(|tag| tag == name) => tags.push(name.to_owned()),
            ("untagged", Some(name)) => tags.retain(|tag| tag != name),
            _ => {}
        }
    }
    tags.sort();
    let own = rows.into_iter().filter(|row| EntryKind::of(&row.verb) == EntryKind::Record);
    let log: Vec<Logged> = own.map(|row| Logged { at: row.at, old: row.old, new: row.new }).collect();
    let (then, now) = (replayed(&log, at), replayed(&log, DateTime::<Utc>::MAX_UTC));
    let existed = at >= first;
    let named = Names::ids(tx, then.values().map(|value| text(Some(value))).collect()).await?;
    let fields = then
        .iter()
        .filter(|_| existed)
        .map(|(field, value)| FieldAsOf {
            value: named.name(text(Some(value))),
            changed_since: now.get(field) != Some(value),
            field: field.clone(),
        })
        .collect();
    Ok(RecordAsOf { at, existed, fields, tags })
}

/// The latest action on each of the notes, tasks, documents, tags and links that these are about.
pub(super) async fn latest(tx: &mut Tx, record: EntityId, rows: &[Row]) -> Result<HashSet<EntityId>> {
    let objects: Vec<String> = rows.iter().filter_map(Row::object).map(|id| id.to_string()).collect();
    if objects.is_empty() {
        return Ok(HashSet::new());
    }
    let organization = tx.organization();
    let ids: Vec<EntityId> = sqlx::query_scalar(
        "select distinct on (object) id from (
             select a.id, a.at, coalesce(a.new ->> 'note', a.old ->> 'note', a.new ->> 'task', a.old ->> 'task',
                                         a.new ->> 'share', a.old ->> 'share', a.new ->> 'document', a.old ->> 'document',
                                         a.new ->> 'link', a.old ->> 'link', a.new ->> 'tag', a.old ->> 'tag') as object
             from actions a where a.organization_id = $1 and a.entity_id = $2
         ) log where object = any ($3) order by object, at desc, id desc",
    )
    .bind(organization)
    .bind(record)
    .bind(objects)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().collect())
}

/// Whether what was done can be undone at all: no secret is told twice, and nothing is unread again.
pub(super) fn leads_back(verb: &str) -> bool {
    !matches!(verb, "document_unshared" | "document_opened")
}

fn entry(row: Row, undoable: &HashSet<EntityId>, names: &Names, can: impl Fn(EntryKind) -> bool) -> TimelineEntry {
    let kind = EntryKind::of(&row.verb);
    let mut told = changes(row.old.as_ref(), row.new.as_ref());
    if matches!(kind, EntryKind::Links | EntryKind::Tags) {
        told.retain(|change| change.field != "name");
    }
    for change in &mut told {
        change.old = names.name(std::mem::take(&mut change.old));
        change.new = names.name(std::mem::take(&mut change.new));
    }
    TimelineEntry {
        name: row.name(),
        other: row.told("other").and_then(|id| id.parse().ok()).and_then(|id| names.records.get(&id).cloned()),
        changes: told,
        undoable: can(kind) && leads_back(&row.verb) && undoable.contains(&row.id),
        id: row.id,
        at: row.at,
        who: row.who,
        door: row.door,
        verb: row.verb,
        kind,
    }
}

/// What the ids in a log are called, as far as the actor may know.
struct Names {
    users: HashMap<Uuid, String>,
    records: HashMap<EntityId, Subject>,
}

impl Names {
    async fn of(tx: &mut Tx, rows: &[Row]) -> Result<Names> {
        let told = rows.iter().flat_map(|row| {
            let others = row.told("other").map(str::to_owned);
            changes(row.old.as_ref(), row.new.as_ref()).into_iter().flat_map(|change| [change.old, change.new]).chain(others)
        });
        let told = told.collect();
        Names::ids(tx, told).await
    }

    async fn ids(tx: &mut Tx, texts: Vec<String>) -> Result<Names> {
        let ids: BTreeSet<Uuid> = texts.iter().flat_map(|text| text.split(", ")).filter_map(|text| text.parse().ok()).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(Names { users: HashMap::new(), records: HashMap::new() });
        }
        let organization = tx.organization();
        let users: Vec<(UserId, String)> = sqlx::query_as(
            "select u.id, u.name from memberships m join users u on u.id = m.user_id
             where m.organization_id = $1 and m.user_id = any ($2)",
        )
        .bind(organization)
        .bind(&ids)
        .fetch_all(tx.conn())
        .await?;
        let records: Vec<EntityId> = ids.into_iter().map(EntityId).collect();
        Ok(Names { users: users.into_iter().map(|(id, name)| (id.0, name)).collect(), records: subjects::named(tx, &records).await? })
    }

    /// A text in which ids have become names.
    fn name(&self, text: String) -> String {
        let name = |part: &str| {
            let id: Uuid = part.parse().ok()?;
            self.users.get(&id).cloned().or_else(|| self.records.get(&EntityId(id)).map(|record| record.title.clone()))
        };
        if !text.split(", ").any(|part| name(part).is_some()) {
            return text;
        }
        text.split(", ").map(|part| name(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join(", ")
    }
}
