//! What both doors do with imports: a file comes in, it is said what its columns are, and it goes from step to step.

use std::time::Duration;

use data_encoding::BASE64;
use platform::{
    Error, Result, Tx, actions,
    error::Refusal,
    id::{EntityId, EntityRef},
    input::Input,
    jobs,
    permission::Permission,
    rest::{Page, PageQuery},
};
use serde_json::json;

use super::{
    DateOrder, ImportColumn, ImportLine, ImportSettings, ImportState, ImportStep, LineOutcome, MOST_BYTES, NewRecordImport, RecordImport,
    RecordImportChange, WORK, decode, mapping, store, table,
};
use crate::{
    core::OBJECTS_WRITE,
    fields,
    records::{self, FieldInfo, Kind, source},
};

/// How many imports are listed.
const MOST: i64 = 50;
/// By how many lines it is found out which columns say something, and how.
const SAMPLE: usize = 1000;

/// What is known of the type that is imported into: its fields, and those by which the database or habit tells records apart.
pub(super) struct Target {
    pub(super) fields: Vec<FieldInfo>,
    /// No two records have the same.
    pub(super) unique: Vec<String>,
}

/// Reads what an import may write. What comes to be by other ways only has no import.
pub(super) async fn target(tx: &mut Tx, entity_type: &str) -> Result<Target> {
    tx.require(OBJECTS_WRITE)?;
    records::may_write(tx, entity_type).await?;
    let state = tx.state().clone();
    let source = source(&state, entity_type)?;
    if source.save.is_none() && !entity_type.starts_with("object:") {
        return Err(Error::Denied(OBJECTS_WRITE));
    }
    let fields = records::fields_of(tx, &state, entity_type).await?;
    let own = fields::of_type(tx, entity_type).await?;
    let mut unique: Vec<String> = source.unique.iter().map(|key| (*key).to_owned()).collect();
    unique.extend(own.into_iter().filter(|field| field.details.unique).map(|field| field.key));
    unique.retain(|key| fields.iter().any(|field| field.key == *key));
    Ok(Target { fields, unique })
}

/// Whether whoever asks may take files over into a type.
///
/// # Errors
/// `Unavailable`.
pub async fn possible(tx: &mut Tx, entity_type: &str) -> Result<bool> {
    match target(tx, entity_type).await {
        Ok(_) => Ok(true),
        Err(Error::Denied(_) | Error::NotSubscribed(_) | Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Takes a file in: reads it, and says what its columns probably are. With the id of an existing import it returns that one.
///
/// # Errors
/// `Denied`, `NotFound` (the type), `Invalid` at `file`, `file_name` and `encoding`.
pub async fn begin(tx: &mut Tx, new: &NewRecordImport) -> Result<RecordImport> {
    tx.require(OBJECTS_WRITE)?;
    if let Some(id) = new.id {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let target = target(tx, &new.entity_type).await?;
    let mut input = Input::new();
    input.text("file_name", new.file_name.trim(), 1, 200);
    input.check(!new.file.is_empty(), "file", "required", "The file is empty.");
    input.check(new.file.len() <= MOST_BYTES.div_ceil(3) * 4, "file", "too_large", "A file has at most 20 MiB.");
    input.finish()?;
    // Reading a file takes the processor for a while, and others are served by the same threads.
    let (file, encoding) = (new.file.clone(), new.encoding.clone());
    let read = move || {
        let bytes = BASE64.decode(file.as_bytes()).map_err(|_| Error::invalid("file", "type", "This is not base64."))?;
        let (text, encoding) = decode::decode(&bytes, encoding.as_deref())?;
        Ok::<_, Error>((table::read(&text)?, encoding))
    };
    let (table, encoding) = tokio::task::spawn_blocking(read).await.map_err(|_| Error::internal("a file could not be read"))??;
    store::clear(tx).await?;
    let organization = tx.organization();
    let country: String =
        sqlx::query_scalar("select country from organizations where organization_id = $1").bind(organization).fetch_one(tx.conn()).await?;
    let (columns, settings) = guessed(&target, &table, &country);
    let import = RecordImport {
        id: new.id.unwrap_or_else(EntityId::new),
        entity_type: new.entity_type.clone(),
        file_name: new.file_name.trim().to_owned(),
        encoding,
        delimiter: table.delimiter.to_string(),
        columns,
        settings,
        preview: Vec::new(),
        state: ImportState::Mapping,
        problem: String::new(),
        total: i32::try_from(table.lines.len()).map_err(Error::internal)?,
        done: 0,
        made: 0,
        changed: 0,
        skipped: 0,
        refused: 0,
        undone: 0,
        kept: 0,
        user: tx.user(),
        author: None,
        version: 1,
        created_at: tx.now(),
        finished_at: None,
        cleared: false,
    };
    store::insert(tx, &import, &table).await?;
    store::one(tx, import.id).await
}

/// What the columns probably are, and how the file is to be read.
fn guessed(target: &Target, table: &table::Table, country: &str) -> (Vec<ImportColumn>, ImportSettings) {
    let sample = || table.lines.iter().take(SAMPLE).map(|(_, cells)| cells);
    let says = |place: usize| sample().any(|cells| cells.get(place).is_some_and(|cell| !cell.is_empty()));
    let filled: Vec<bool> = (0..table.heading.len()).map(says).collect();
    let targets = mapping::guess(&table.heading, &filled, &target.fields);
    let kind = |key: &str| target.fields.iter().find(|field| field.key == key).map(|field| &field.kind);
    let dated: Vec<usize> =
        (0..targets.len()).filter(|place| matches!(targets[*place].as_deref().and_then(kind), Some(Kind::Date | Kind::DateTime))).collect();
    let usual = if country == "US" { DateOrder::MonthFirst } else { DateOrder::DayFirst };
    let dates = mapping::dates(sample().flat_map(|cells| dated.iter().filter_map(|place| cells.get(*place).map(String::as_str))), usual);
    let mapped = |key: &str| targets.iter().flatten().any(|target| target == key);
    let match_by = target.fields.iter().filter(|field| mapped(&field.key) && mapping::recognises(field));
    let match_by = match_by.filter(|field| matches!(field.kind, Kind::Email | Kind::Phone) || target.unique.contains(&field.key));
    let settings = ImportSettings {
        match_by: match_by.map(|field| field.key.clone()).collect(),
        dates,
        // Where the comma divides numbers a spreadsheet puts semicolons between columns.
        decimal_comma: table.delimiter == ';' || table.delimiter == '\t' && !matches!(country, "US" | "GB" | "IE" | "CA" | "AU" | "NZ"),
        ..ImportSettings::default()
    };
    let columns = table.heading.iter().zip(targets);
    (columns.map(|(heading, target)| ImportColumn { heading: heading.chars().take(200).collect(), target }).collect(), settings)
}

/// An import that whoever asks may see: their own, and everybody's for those who look after jobs.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<RecordImport> {
    tx.require(OBJECTS_WRITE)?;
    let import = store::one(tx, id).await?;
    if import.user != tx.user() && !tx.can(Permission::JOBS_WRITE) {
        return Err(Error::NotFound);
    }
    records::may_read(tx, &import.entity_type).await?;
    Ok(import)
}

/// The latest imports that whoever asks may see, of a type or of all: the newest first, without their lines.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx, entity_type: Option<&str>) -> Result<Vec<RecordImport>> {
    tx.require(OBJECTS_WRITE)?;
    let user = if tx.can(Permission::JOBS_WRITE) { None } else { Some(tx.user()) };
    let mut input = Input::new();
    input.text("type", entity_type.unwrap_or_default(), 0, 100);
    input.finish()?;
    let found = store::list(tx, entity_type, user, MOST).await?;
    let readable: Vec<String> = records::types(tx).await?.into_iter().map(|of| of.key).collect();
    Ok(found.into_iter().filter(|import| readable.contains(&import.entity_type)).collect())
}

/// Holds an import that is to go on from the version that was read.
async fn held(tx: &mut Tx, id: EntityId, version: i32) -> Result<RecordImport> {
    get(tx, id).await?;
    let present = store::hold(tx, id).await?;
    let import = get(tx, id).await?;
    if present != version {
        let current = Some(json!({ "import": import, "author": import.author }));
        return Err(Refusal { current, ..Refusal::new("version", "This import has gone on in the meantime.") }.into());
    }
    if import.cleared {
        return Err(Error::conflict("transition", "The lines of this import are no longer kept."));
    }
    Ok(import)
}

/// Says what the columns are and how they are read. What was found out so far is forgotten.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of codes `version` and `transition` (it was run already).
pub async fn change(tx: &mut Tx, id: EntityId, input: &RecordImportChange) -> Result<RecordImport> {
    let import = held(tx, id, input.version).await?;
    if !matches!(import.state, ImportState::Mapping | ImportState::Tried) {
        return Err(Error::conflict("transition", "It is no longer to be said what the columns are."));
    }
    let target = target(tx, &import.entity_type).await?;
    mapping::check(&import.columns, &input.targets, &target.fields)?;
    for key in &input.settings.match_by {
        let known = target.fields.iter().any(|field| field.key == *key && mapping::recognises(field));
        if !known || !input.targets.iter().flatten().any(|target| target == key) {
            return Err(Error::invalid("settings.match_by", "unknown", "Records are recognised by fields that a column becomes."));
        }
    }
    let columns: Vec<ImportColumn> =
        import.columns.into_iter().zip(&input.targets).map(|(column, target)| ImportColumn { target: target.clone(), ..column }).collect();
    store::map(tx, id, &columns, &input.settings).await?;
    store::forget_outcomes(tx, id).await?;
    store::enter(tx, id, ImportState::Mapping).await?;
    store::one(tx, id).await
}

/// Takes a step: finds out what would come of an import, does it, takes it back. A job does it, in the name of whoever asks;
/// `GET /imports/{id}` tells how far it is.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (nothing is mapped), `Conflict` of codes `version` and `transition`.
pub async fn step(tx: &mut Tx, id: EntityId, version: i32, step: ImportStep) -> Result<RecordImport> {
    let import = held(tx, id, version).await?;
    let state = match (step, import.state) {
        (ImportStep::Try, ImportState::Mapping | ImportState::Tried) => ImportState::Trying,
        (ImportStep::Run, ImportState::Tried) => ImportState::Running,
        (ImportStep::Undo, ImportState::Done | ImportState::Failed) => ImportState::Undoing,
        _ => return Err(Error::conflict("transition", "This step is not possible from where the import stands.")),
    };
    if step != ImportStep::Undo {
        let target = target(tx, &import.entity_type).await?;
        let targets: Vec<Option<String>> = import.columns.iter().map(|column| column.target.clone()).collect();
        // A field may have gone since.
        mapping::check(&import.columns, &targets, &target.fields)?;
        store::forget_outcomes(tx, id).await?;
    }
    store::enter(tx, id, state).await?;
    let payload = json!({ "user": tx.user() });
    jobs::want(tx, &WORK, &id.to_string(), payload, Duration::ZERO).await?;
    if step != ImportStep::Try {
        let verb = if step == ImportStep::Run { "import_begun" } else { "import_undo_begun" };
        logged(tx, &import, verb).await?;
    }
    store::one(tx, id).await
}

/// Writes into the organization's log what is done with an import.
pub(super) async fn logged(tx: &mut Tx, import: &RecordImport, verb: &str) -> Result<()> {
    let organization = EntityRef::new("organization", EntityId(tx.organization().0));
    let told = json!({
        "import": import.id, "entity_type": import.entity_type, "lines": import.total, "made": import.made, "changed": import.changed,
        "skipped": import.skipped, "refused": import.refused, "undone": import.undone, "kept": import.kept,
    });
    actions::record(tx, organization, verb, None, Some(told)).await
}

/// Lines and what became of them, in their order: of one outcome, or all.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (the cursor).
pub async fn rows(tx: &mut Tx, id: EntityId, outcome: Option<LineOutcome>, page: &PageQuery) -> Result<Page<ImportLine>> {
    get(tx, id).await?;
    let (limit, after) = (page.limit(), page.after::<i32>()?.unwrap_or_default());
    let lines = store::lines(tx, id, outcome, after, limit + 1).await?;
    Page::of(lines, limit, |line| line.line)
}
