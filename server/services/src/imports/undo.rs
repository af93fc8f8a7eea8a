//! An import taken back: what it made is withdrawn, what it filled is emptied, unless somebody has done something with it
//! since. That stays, and is told.

use std::collections::BTreeSet;

use platform::{Error, Result, Tx, id::EntityId};
use sqlx::{AssertSqlSafe, types::Json};

use super::{ImportState, LineFault, LineOutcome, RecordImport, doors, job::PORTION, store};
use crate::{
    hooks,
    objects::{self, RecordInput},
    records::{self, Values},
};

/// Tables whose rows are part of a record or told by its own log; a row in any other that points to one is a use of it.
const OWN: [(&str, &str); 9] = [
    ("actions", "entity_id"),
    ("field_values", "entity_id"),
    ("person_contacts", "person_id"),
    ("record_documents", "entity_id"),
    ("record_notes", "entity_id"),
    ("record_tags", "entity_id"),
    ("record_tasks", "entity_id"),
    ("record_links", "from_id"),
    ("record_links", "to_id"),
];

#[derive(sqlx::FromRow)]
struct Line {
    line: i32,
    outcome: String,
    record_id: EntityId,
    record_type: String,
    filled: Vec<String>,
    beside: Vec<EntityId>,
}

/// Takes some lines back, the last ones first: what was made later may point to what was made before. Tells whether there is
/// more.
///
/// # Errors
/// `Denied`, `NotSubscribed`: then nothing can be taken back at all.
pub(super) async fn portion(tx: &mut Tx, import: &RecordImport) -> Result<bool> {
    let organization = tx.organization();
    let lines: Vec<Line> = sqlx::query_as(
        "select line, outcome, record_id, record_type, filled, beside from import_lines
         where organization_id = $1 and import_id = $2 and outcome in ('made', 'changed') and record_id is not null
           and record_type is not null and undo is null
         order by line desc limit $3",
    )
    .bind(organization)
    .bind(import.id)
    .bind(PORTION)
    .fetch_all(tx.conn())
    .await?;
    if lines.is_empty() {
        store::rest(tx, import.id, ImportState::Undone, "").await?;
        doors::logged(tx, import, "import_undone").await?;
        return Ok(false);
    }
    let family: Vec<EntityId> = lines.iter().flat_map(|line| std::iter::once(line.record_id).chain(line.beside.iter().copied())).collect();
    let touched = touched(tx, import, &family).await?;
    let used = used(tx, &family).await?;
    let mut told: Vec<(i32, &str, Vec<LineFault>)> = Vec::with_capacity(lines.len());
    for line in &lines {
        let made = line.outcome == LineOutcome::Made.as_str();
        let why = if touched.contains(&line.record_id) {
            Some(("changed_since", "Something has been done with it since."))
        } else if made && used.contains(&line.record_id) {
            Some(("in_use", "Something else depends on it."))
        } else {
            None
        };
        let done = match why {
            Some((code, message)) => Some(LineFault { column: None, code: code.into(), message: message.into() }),
            None => back(tx, line, made, |id| touched.contains(&id) || used.contains(&id)).await?,
        };
        told.push((line.line, if done.is_some() { "kept" } else { "undone" }, done.into_iter().collect()));
    }
    tell(tx, import.id, &told).await?;
    Ok(true)
}

/// Takes one line back; why not, if it could not be.
async fn back(tx: &mut Tx, line: &Line, made: bool, stays: impl Fn(EntityId) -> bool) -> Result<Option<LineFault>> {
    tx.mark().await?;
    let outcome = if made { withdraw(tx, line, stays).await } else { empty(tx, line).await };
    let kept = match outcome {
        Ok(()) => None,
        // Somebody has deleted it, or it has become part of another.
        Err(Error::NotFound) => None,
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            tx.back().await?;
            Some(LineFault { column: None, code: error.code().to_owned(), message: "It cannot be as it was.".into() })
        }
        Err(other) => return Err(other),
    };
    tx.unmark().await?;
    Ok(kept)
}

async fn withdraw(tx: &mut Tx, line: &Line, stays: impl Fn(EntityId) -> bool) -> Result<()> {
    objects::withdraw(tx, &line.record_type, line.record_id).await?;
    let organization = tx.organization();
    for id in line.beside.iter().copied().filter(|id| !stays(*id)) {
        let entity_type: Option<String> =
            sqlx::query_scalar("select entity_type from entities where organization_id = $1 and id = $2 and deleted_at is null")
                .bind(organization)
                .bind(id)
                .fetch_optional(tx.conn())
                .await?;
        let Some(entity_type) = entity_type else { continue };
        match objects::withdraw(tx, &entity_type, id).await {
            // Of another module, which whoever asks does not see: it stays.
            Ok(()) | Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// Empties what was filled.
async fn empty(tx: &mut Tx, line: &Line) -> Result<()> {
    let state = tx.state().clone();
    let record = records::read(tx, &state, &line.record_type, &[line.record_id]).await?.pop().ok_or(Error::NotFound)?;
    let input = RecordInput { id: None, version: record.version, values: Values::new(), emptied: line.filled.clone() };
    objects::update(tx, &line.record_type, line.record_id, &input).await?;
    Ok(())
}

/// Those of these records with which anybody has done anything but this import, by what the log tells.
async fn touched(tx: &mut Tx, import: &RecordImport, ids: &[EntityId]) -> Result<BTreeSet<EntityId>> {
    let organization = tx.organization();
    // What was done before the import to a record that it filled is no change since.
    let ids: Vec<EntityId> = sqlx::query_scalar(
        "select a.entity_id from actions a
         where a.organization_id = $1 and a.entity_id = any ($2) and a.correlation is distinct from $3
           and coalesce((a.at, a.id) > (select b.at, b.id from actions b
               where b.organization_id = $1 and b.entity_id = a.entity_id and b.correlation = $3 order by b.at, b.id limit 1), true)
         union
         select e.id from entities e where e.organization_id = $1 and e.id = any ($2) and e.merged_into is not null",
    )
    .bind(organization)
    .bind(ids)
    .bind(import.id.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().collect())
}

/// Those of these records that something else points to which is still there: a visit, a deal, a value of another record. Asked
/// of every foreign key that the database has, so that no module can be forgotten.
async fn used(tx: &mut Tx, ids: &[EntityId]) -> Result<BTreeSet<EntityId>> {
    let keys: Vec<(String, String, bool)> = sqlx::query_as(
        "select con.conrelid::regclass::text, a.attname::text,
                exists (select from pg_attribute i where i.attrelid = con.conrelid and i.attname = 'id' and i.atttypid = 'uuid'::regtype)
         from pg_constraint con
         join pg_class c on c.oid = con.conrelid
         join pg_attribute a on a.attrelid = con.conrelid and a.attnum = any (con.conkey)
         join pg_attribute o on o.attrelid = con.conrelid and o.attnum = any (con.conkey) and o.attname = 'organization_id'
         where con.contype = 'f' and con.conparentid = 0 and not c.relispartition and a.attname not in ('organization_id', 'id')
           and c.relnamespace = 'public'::regnamespace and a.atttypid = 'uuid'::regtype and has_table_privilege(c.oid, 'select')
         group by 1, 2, 3 order by 1, 2",
    )
    .fetch_all(tx.conn())
    .await?;
    let state = tx.state().clone();
    let theirs: Vec<(&str, &str)> =
        hooks::all(&state).iter().flat_map(|hooks| hooks.records).flat_map(|source| source.parts).copied().collect();
    let part = |table: &str, column: &str| OWN.contains(&(table, column)) || theirs.contains(&(table, column));
    let asked = keys.iter().filter(|(table, column, _)| !part(table, column));
    let parts: Vec<String> = asked
        .map(|(table, column, named)| {
            // Names of the catalogue, never of anybody's sending.
            let one = format!("select t.{column} as id from {table} t where t.organization_id = $1 and t.{column} = any ($2)");
            let alive = " and not t.id = any ($2) and not exists (select from entities e where e.organization_id = $1 and e.id = t.id
                and e.deleted_at is not null)";
            if *named { [&one, alive].concat() } else { one }
        })
        .collect();
    if parts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let organization = tx.organization();
    let found: Vec<EntityId> =
        sqlx::query_scalar(AssertSqlSafe(parts.join(" union "))).bind(organization).bind(ids).fetch_all(tx.conn()).await?;
    Ok(found.into_iter().collect())
}

/// Writes down what was taken back and what stays, with why.
async fn tell(tx: &mut Tx, import: EntityId, told: &[(i32, &str, Vec<LineFault>)]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update import_lines l set undo = t.undo, faults = l.faults || t.faults
         from unnest($3::integer[], $4::text[], $5::jsonb[]) as t (line, undo, faults)
         where l.organization_id = $1 and l.import_id = $2 and l.line = t.line",
    )
    .bind(organization)
    .bind(import)
    .bind(told.iter().map(|(line, _, _)| *line).collect::<Vec<_>>())
    .bind(told.iter().map(|(_, undo, _)| *undo).collect::<Vec<_>>())
    .bind(told.iter().map(|(_, _, faults)| Json(faults)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let count = |word: &str| i32::try_from(told.iter().filter(|(_, undo, _)| *undo == word).count()).unwrap_or_default();
    sqlx::query("update imports set undone = undone + $3, kept = kept + $4, done = done + $5 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(import)
        .bind(count("undone"))
        .bind(count("kept"))
        .bind(i32::try_from(told.len()).unwrap_or_default())
        .execute(tx.conn())
        .await?;
    Ok(())
}
