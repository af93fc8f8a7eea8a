//! Imports and their lines in the database.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, UserId},
};
use sqlx::types::Json;

use super::{
    ImportColumn, ImportLine, ImportSettings, ImportState, KEPT_DAYS, LineFault, LineOutcome, PREVIEW, RecordImport, table::Table,
};

/// How many lines are written at once.
const AT_ONCE: usize = 1000;

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    entity_type: String,
    file_name: String,
    encoding: String,
    delimiter: String,
    columns: Json<Vec<ImportColumn>>,
    settings: Json<ImportSettings>,
    state: String,
    problem: String,
    total: i32,
    done: i32,
    made: i32,
    changed: i32,
    skipped: i32,
    refused: i32,
    undone: i32,
    kept: i32,
    user_id: UserId,
    author: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    cleared: bool,
}

impl Row {
    fn told(self, preview: Vec<Vec<String>>) -> RecordImport {
        RecordImport {
            id: self.id,
            entity_type: self.entity_type,
            file_name: self.file_name,
            encoding: self.encoding,
            delimiter: self.delimiter,
            columns: self.columns.0,
            settings: self.settings.0,
            preview,
            state: ImportState::parse(&self.state).unwrap_or(ImportState::Failed),
            problem: self.problem,
            total: self.total,
            done: self.done,
            made: self.made,
            changed: self.changed,
            skipped: self.skipped,
            refused: self.refused,
            undone: self.undone,
            kept: self.kept,
            user: self.user_id,
            author: self.author,
            version: self.version,
            created_at: self.created_at,
            finished_at: self.finished_at,
            cleared: self.cleared,
        }
    }
}

macro_rules! imports {
    ($which:literal) => {
        concat!(
            "select i.id, i.entity_type, i.file_name, i.encoding, i.delimiter, i.columns, i.settings, i.state, i.problem, i.total, i.done,
                i.made, i.changed, i.skipped, i.refused, i.undone, i.kept, i.user_id, u.name as author, i.version, i.created_at,
                i.finished_at, i.cleared_at is not null as cleared
             from imports i
             left join memberships m on m.organization_id = i.organization_id and m.user_id = i.user_id
             left join users u on u.id = m.user_id
             where i.organization_id = $1 and ",
            $which
        )
    };
}

/// Keeps a file that was read.
pub(super) async fn insert(tx: &mut Tx, import: &RecordImport, table: &Table) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into imports (organization_id, id, entity_type, file_name, encoding, delimiter, columns, settings, total, user_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(organization)
    .bind(import.id)
    .bind(&import.entity_type)
    .bind(&import.file_name)
    .bind(&import.encoding)
    .bind(&import.delimiter)
    .bind(Json(&import.columns))
    .bind(Json(&import.settings))
    .bind(import.total)
    .bind(import.user)
    .bind(import.created_at)
    .execute(tx.conn())
    .await?;
    for lines in table.lines.chunks(AT_ONCE) {
        sqlx::query(
            "insert into import_lines (organization_id, import_id, line, cells)
             select $1, $2, l.line, l.cells from unnest($3::integer[], $4::jsonb[]) as l (line, cells)",
        )
        .bind(organization)
        .bind(import.id)
        .bind(lines.iter().map(|(line, _)| *line).collect::<Vec<_>>())
        .bind(lines.iter().map(|(_, cells)| Json(cells)).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Forgets the lines of imports that are older than they are kept, which are personal data; what they came to stays.
pub(super) async fn clear(tx: &mut Tx) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "with old as (
             update imports set cleared_at = $2
             where organization_id = $1 and cleared_at is null and created_at < $3 and state not in ('trying', 'running', 'undoing')
             returning id
         ), keys as (
             delete from import_keys k using old where k.organization_id = $1 and k.import_id = old.id
         )
         delete from import_lines l using old where l.organization_id = $1 and l.import_id = old.id",
    )
    .bind(organization)
    .bind(now)
    .bind(now - TimeDelta::days(KEPT_DAYS))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One import with its first lines; whose it is and whether it may be seen is the caller's to judge.
pub(super) async fn one(tx: &mut Tx, id: EntityId) -> Result<RecordImport> {
    let organization = tx.organization();
    let row: Row =
        sqlx::query_as(imports!("i.id = $2")).bind(organization).bind(id).fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)?;
    let preview: Vec<Json<Vec<String>>> =
        sqlx::query_scalar("select cells from import_lines where organization_id = $1 and import_id = $2 order by line limit $3")
            .bind(organization)
            .bind(id)
            .bind(PREVIEW)
            .fetch_all(tx.conn())
            .await?;
    Ok(row.told(preview.into_iter().map(|cells| cells.0).collect()))
}

/// The latest imports of a type or of all, without their lines: of one member, or of everybody.
pub(super) async fn list(tx: &mut Tx, entity_type: Option<&str>, user: Option<UserId>, most: i64) -> Result<Vec<RecordImport>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(imports!(
        "($2::text is null or i.entity_type = $2) and ($3::uuid is null or i.user_id = $3) order by i.id desc limit $4"
    ))
    .bind(organization)
    .bind(entity_type)
    .bind(user)
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.told(Vec::new())).collect())
}

/// Holds an import until the transaction ends, and gives its version.
pub(super) async fn hold(tx: &mut Tx, id: EntityId) -> Result<i32> {
    let organization = tx.organization();
    sqlx::query_scalar("select version from imports where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?
        .ok_or(Error::NotFound)
}

/// Begins with a state anew, from the first line.
pub(super) async fn enter(tx: &mut Tx, id: EntityId, state: ImportState) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update imports set state = $3, problem = '', position = 0, done = 0, version = version + 1, finished_at = null
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(state.as_str())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Comes to rest in a state.
pub(super) async fn rest(tx: &mut Tx, id: EntityId, state: ImportState, problem: &str) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update imports set state = $3, problem = left($4, 60), version = version + 1, finished_at = $5 where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(state.as_str())
    .bind(problem)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Says what the columns are.
pub(super) async fn map(tx: &mut Tx, id: EntityId, columns: &[ImportColumn], settings: &ImportSettings) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update imports set columns = $3, settings = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(Json(columns))
        .bind(Json(settings))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets what became of the lines, or would have.
pub(super) async fn forget_outcomes(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "with counts as (update imports set made = 0, changed = 0, skipped = 0, refused = 0 where organization_id = $1 and id = $2),
         keys as (delete from import_keys where organization_id = $1 and import_id = $2)
         update import_lines set outcome = null, faults = '[]', record_id = null, record_type = null, filled = '{}', beside = '{}'
         where organization_id = $1 and import_id = $2 and outcome is not null",
    )
    .bind(organization)
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The next lines that were not gone through yet in this state.
pub(super) async fn next(tx: &mut Tx, id: EntityId, most: i64) -> Result<Vec<(i32, Vec<String>)>> {
    let organization = tx.organization();
    let rows: Vec<(i32, Json<Vec<String>>)> = sqlx::query_as(
        "select l.line, l.cells from import_lines l
         where l.organization_id = $1 and l.import_id = $2
           and l.line > (select i.position from imports i where i.organization_id = $1 and i.id = $2)
         order by l.line limit $3",
    )
    .bind(organization)
    .bind(id)
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(line, cells)| (line, cells.0)).collect())
}

/// What became of a line, to be written down.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) line: i32,
    pub(super) outcome: LineOutcome,
    pub(super) faults: Vec<LineFault>,
    pub(super) record: Option<(EntityId, String)>,
    pub(super) filled: Vec<String>,
    pub(super) beside: Vec<EntityId>,
}

/// Writes down what became of some lines, in the transaction in which it became of them.
pub(super) async fn tell(tx: &mut Tx, id: EntityId, told: &[Told]) -> Result<()> {
    let organization = tx.organization();
    // Arrays of arrays have to be of one length; these travel as JSON.
    sqlx::query(
        "update import_lines l set outcome = t.outcome, faults = t.faults, record_id = t.record_id, record_type = t.record_type,
             filled = array(select jsonb_array_elements_text(t.filled)), beside = array(select jsonb_array_elements_text(t.beside)::uuid)
         from unnest($3::integer[], $4::text[], $5::jsonb[], $6::uuid[], $7::text[], $8::jsonb[], $9::jsonb[])
             as t (line, outcome, faults, record_id, record_type, filled, beside)
         where l.organization_id = $1 and l.import_id = $2 and l.line = t.line",
    )
    .bind(organization)
    .bind(id)
    .bind(told.iter().map(|told| told.line).collect::<Vec<_>>())
    .bind(told.iter().map(|told| told.outcome.as_str()).collect::<Vec<_>>())
    .bind(told.iter().map(|told| Json(&told.faults)).collect::<Vec<_>>())
    .bind(told.iter().map(|told| told.record.as_ref().map(|(id, _)| *id)).collect::<Vec<_>>())
    .bind(told.iter().map(|told| told.record.as_ref().map(|(_, of)| of.clone())).collect::<Vec<_>>())
    .bind(told.iter().map(|told| Json(&told.filled)).collect::<Vec<_>>())
    .bind(told.iter().map(|told| Json(&told.beside)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let count = |outcome: LineOutcome| i32::try_from(told.iter().filter(|told| told.outcome == outcome).count()).unwrap_or_default();
    sqlx::query(
        "update imports set position = coalesce($3, position), done = done + $4, made = made + $5, changed = changed + $6,
             skipped = skipped + $7, refused = refused + $8
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(told.last().map(|told| told.line))
    .bind(i32::try_from(told.len()).unwrap_or_default())
    .bind(count(LineOutcome::Made))
    .bind(count(LineOutcome::Changed))
    .bind(count(LineOutcome::Skipped))
    .bind(count(LineOutcome::Refused))
    .execute(tx.conn())
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Line {
    line: i32,
    cells: Json<Vec<String>>,
    outcome: Option<String>,
    faults: Json<Vec<LineFault>>,
    record_id: Option<EntityId>,
    undo: Option<String>,
}

/// Lines after one, in their order: all of them, or those of which one thing became.
pub(super) async fn lines(tx: &mut Tx, id: EntityId, outcome: Option<LineOutcome>, after: i32, most: i64) -> Result<Vec<ImportLine>> {
    let organization = tx.organization();
    let rows: Vec<Line> = sqlx::query_as(
        "select line, cells, outcome, faults, record_id, undo from import_lines
         where organization_id = $1 and import_id = $2 and line > $3 and ($4::text is null or outcome = $4) order by line limit $5",
    )
    .bind(organization)
    .bind(id)
    .bind(after)
    .bind(outcome.map(LineOutcome::as_str))
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    let told = |row: Line| ImportLine {
        line: row.line,
        cells: row.cells.0,
        outcome: row.outcome.as_deref().and_then(LineOutcome::parse),
        faults: row.faults.0,
        record: row.record_id,
        undo: row.undo,
    };
    Ok(rows.into_iter().map(told).collect())
}
