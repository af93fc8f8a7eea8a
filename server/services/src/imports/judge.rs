//! What becomes of lines: read as values, recognised or not, and made or filled by the very functions that forms use. A trial
//! does the same and undoes each line at once, so that it tells what would really happen.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use chrono_tz::Tz;
use platform::{Error, Result, Tx, error::FieldError, id::EntityId, time};
use uuid::Uuid;

use super::{
    LineFault, LineOutcome, NAME, NOTE, OnDuplicate, RecordImport, TAGS,
    cell::{self, Cell, Habits},
    doors::{self, Target},
    mapping,
    same::{self, Signs},
    store::Told,
};
use crate::{
    core::OBJECTS_READ,
    filter::fold::folded,
    notes::{self, NewRecordNote},
    objects::{self, RecordInput},
    persons,
    records::{self, RecordSource, Value, Values, reach::Sought, source},
    subjects::{NOTES_WRITE, RECORD_SETTINGS_WRITE, TAGS_WRITE},
    tags::{self, TagInput},
};

/// After so long a portion ends early: what it holds (the number of the next patient, for one) others wait for.
const LONGEST: Duration = Duration::from_secs(1);
/// How long a tag's name may be.
const LONGEST_TAG: usize = 60;
/// What Google puts on every contact, which says nothing.
const SYSTEM_LABELS: [&str; 2] = ["mycontacts", "starred"];

/// What lines of an import are judged by; read anew for every portion.
pub(super) struct Judge<'a> {
    import: &'a RecordImport,
    target: Target,
    source: &'static RecordSource,
    currency: String,
    zone: Tz,
    /// Whether names and dates of birth tell records apart.
    human: bool,
    /// Records by type and title, as far as they were asked for.
    titles: BTreeMap<(String, String), Result<EntityId, cell::Wrong>>,
}

/// A line as it was read.
struct Read {
    line: i32,
    values: Values,
    tags: Vec<String>,
    note: String,
    /// Why it is refused.
    faults: Vec<LineFault>,
    /// What of it is left out.
    remarks: Vec<LineFault>,
    signs: Signs,
}

/// What a line has come to.
struct Done {
    outcome: LineOutcome,
    record: Option<(EntityId, String)>,
    filled: Vec<String>,
    beside: Vec<EntityId>,
    faults: Vec<LineFault>,
}

fn fault(column: Option<u16>, code: &str, message: impl Into<String>) -> LineFault {
    LineFault { column, code: code.into(), message: message.into() }
}

impl<'a> Judge<'a> {
    /// Reads what lines of an import are judged by.
    ///
    /// # Errors
    /// `Denied`, `NotFound`.
    pub(super) async fn of(tx: &mut Tx, import: &'a RecordImport) -> Result<Judge<'a>> {
        let target = doors::target(tx, &import.entity_type).await?;
        let state = tx.state().clone();
        let source = source(&state, &import.entity_type)?;
        let organization = tx.organization();
        let (currency, zone): (String, String) = sqlx::query_as("select currency, zone from organizations where organization_id = $1")
            .bind(organization)
            .fetch_one(tx.conn())
            .await?;
        let human = persons::types(&state).contains(&import.entity_type.as_str())
            || source.column("given_name").is_some() && source.column("family_name").is_some();
        Ok(Judge { import, target, source, currency, zone: time::zone(&zone)?, human, titles: BTreeMap::new() })
    }

    /// Goes through some lines, in their order, and through fewer if they take long. A trial leaves nothing of them.
    ///
    /// # Errors
    /// `Denied`, `NotSubscribed`: then nothing can be taken over at all. `Unavailable`, `Contended`: to be tried again.
    pub(super) async fn lines(&mut self, tx: &mut Tx, lines: &[(i32, Vec<String>)], trial: bool) -> Result<Vec<Told>> {
        let mut read = Vec::with_capacity(lines.len());
        for (line, cells) in lines {
            read.push(self.read(tx, *line, cells).await?);
        }
        same::normalise(tx, read.iter_mut().map(|read| &mut read.signs)).await?;
        let known = match self.import.settings.duplicates {
            OnDuplicate::Make => BTreeMap::new(),
            OnDuplicate::Skip | OnDuplicate::Fill => {
                let signs: Vec<&Signs> = read.iter().map(|read| &read.signs).collect();
                same::existing(tx, self.import, self.source, &self.target.fields, &signs).await?
            }
        };
        let mut told = Vec::with_capacity(read.len());
        let began = Instant::now();
        for (place, read) in read.into_iter().enumerate() {
            if place > 0 && began.elapsed() > LONGEST {
                break;
            }
            told.push(self.line(tx, read, known.get(&place), trial).await?);
        }
        Ok(told)
    }

    async fn line(&self, tx: &mut Tx, read: Read, known: Option<&(EntityId, String)>, trial: bool) -> Result<Told> {
        let tell = |line: i32, done: Done| Told {
            line,
            outcome: done.outcome,
            faults: done.faults,
            record: done.record.filter(|_| !trial),
            filled: done.filled,
            beside: done.beside,
        };
        let refused =
            |faults: Vec<LineFault>| Done { outcome: LineOutcome::Refused, record: None, filled: Vec::new(), beside: Vec::new(), faults };
        if !read.faults.is_empty() {
            return Ok(tell(read.line, refused(read.faults)));
        }
        tx.mark().await?;
        let done = match self.act(tx, &read, known).await {
            Ok(done) => {
                if trial {
                    tx.back().await?;
                }
                done
            }
            Err(error) => {
                tx.back().await?;
                refused(self.faults(error)?)
            }
        };
        tx.unmark().await?;
        if matches!(done.outcome, LineOutcome::Made | LineOutcome::Changed) {
            let record = done.record.as_ref().filter(|_| done.outcome == LineOutcome::Changed);
            same::keep(tx, self.import, read.line, &read.signs, record.map(|(id, _)| *id)).await?;
        }
        Ok(tell(read.line, done))
    }

    /// Makes the record of a line, or fills one that is there.
    async fn act(&self, tx: &mut Tx, read: &Read, known: Option<&(EntityId, String)>) -> Result<Done> {
        let skipped = |record: Option<(EntityId, String)>, why: LineFault| Done {
            outcome: LineOutcome::Skipped,
            record,
            filled: Vec::new(),
            beside: Vec::new(),
            faults: vec![why],
        };
        let twice = |line: i32| fault(None, "twice_in_file", format!("Line {line} says the same."));
        let policy = self.import.settings.duplicates;
        if policy != OnDuplicate::Make
            && let Some(line) = same::above(tx, self.import, self.human, &read.signs).await?
        {
            return Ok(skipped(None, twice(line)));
        }
        let exists = || fault(None, "exists", "There is a record of this already.");
        match (policy, known) {
            (OnDuplicate::Fill, Some((id, entity_type))) => match same::filled(tx, self.import, *id).await? {
                Some(line) => Ok(skipped(Some((*id, entity_type.clone())), twice(line))),
                None => self.fill(tx, read, *id, entity_type).await,
            },
            (OnDuplicate::Skip, Some((id, entity_type))) => Ok(skipped(Some((*id, entity_type.clone())), exists())),
            (OnDuplicate::Make, _) | (_, None) => self.make(tx, read).await,
        }
    }

    async fn make(&self, tx: &mut Tx, read: &Read) -> Result<Done> {
        if let Some((field, line)) = same::taken(tx, self.import, &read.signs).await? {
            return Err(Error::invalid(&field, "duplicate", format!("Line {line} has this already.")));
        }
        let entity_type = self.import.entity_type.as_str();
        // What comes to be from here on has later names.
        let marker = EntityId::new();
        let id = named(self.import.id, read.line);
        let input = RecordInput { id: Some(id), version: 0, values: read.values.clone(), emptied: Vec::new() };
        let record = objects::create(tx, entity_type, &input).await?;
        let beside = self.beside(tx, record.id, marker).await?;
        let mut faults = read.remarks.clone();
        if !read.note.is_empty() {
            if tx.can(NOTES_WRITE) {
                notes::add(tx, record.id, &NewRecordNote { id: None, text: read.note.clone(), pinned: false }).await?;
            } else {
                faults.push(fault(None, "no_note", "You may not write notes; this one was left out."));
            }
        }
        for name in &read.tags {
            if !tag(tx, record.id, name).await? {
                faults.push(fault(None, "no_tag", format!("There is no tag “{name}”, and it was left out.")));
            }
        }
        let record = Some((record.id, entity_type.to_owned()));
        Ok(Done { outcome: LineOutcome::Made, record, filled: Vec::new(), beside, faults })
    }

    /// Records that were made along with one: all that its savepoint has written.
    async fn beside(&self, tx: &mut Tx, id: EntityId, marker: EntityId) -> Result<Vec<EntityId>> {
        let organization = tx.organization();
        Ok(sqlx::query_scalar(
            "select b.id from entities a join entities b on b.organization_id = a.organization_id and b.xmin = a.xmin
             where a.organization_id = $1 and a.id = $2 and b.organization_id = $1 and b.id > $3 and b.id <> $2",
        )
        .bind(organization)
        .bind(id)
        .bind(marker)
        .fetch_all(tx.conn())
        .await?)
    }

    /// Fills what is empty in a record that is there.
    async fn fill(&self, tx: &mut Tx, read: &Read, id: EntityId, entity_type: &str) -> Result<Done> {
        let state = tx.state().clone();
        let fields = records::fields_of(tx, &state, entity_type).await?;
        let found = records::read(tx, &state, entity_type, &[id]).await?.pop().ok_or(Error::NotFound)?;
        let empty = |key: &str| !found.values.contains_key(key) && fields.iter().any(|field| field.key == key && mapping::writable(field));
        let values: Values = read.values.iter().filter(|(key, _)| empty(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
        let record = Some((id, entity_type.to_owned()));
        if values.is_empty() {
            let faults = vec![fault(None, "nothing_new", "The record that is there lacks nothing of this.")];
            return Ok(Done { outcome: LineOutcome::Skipped, record, filled: Vec::new(), beside: Vec::new(), faults });
        }
        let filled = values.keys().cloned().collect();
        let input = RecordInput { id: None, version: found.version, values, emptied: Vec::new() };
        objects::update(tx, entity_type, id, &input).await?;
        Ok(Done { outcome: LineOutcome::Changed, record, filled, beside: Vec::new(), faults: read.remarks.clone() })
    }

    /// Why a line was refused, at its columns; what is no matter of the line is passed on.
    fn faults(&self, error: Error) -> Result<Vec<LineFault>> {
        match error {
            Error::Invalid(errors) => Ok(errors.into_iter().map(|error| self.at_column(error)).collect()),
            Error::Conflict(refusal) => {
                let column = self.target.unique.iter().find_map(|key| self.column(key)).filter(|_| refusal.code == "duplicate");
                Ok(vec![fault(column, &refusal.code, refusal.message)])
            }
            Error::NotFound => Ok(vec![fault(None, "not_found", "What it belongs to is not there.")]),
            Error::Internal(cause) => {
                tracing::error!(%cause, "a line of an import met a fault of ours");
                Ok(vec![fault(None, "internal", "Something went wrong on our side.")])
            }
            other => Err(other),
        }
    }

    fn at_column(&self, error: FieldError) -> LineFault {
        LineFault { column: self.column(&error.field), code: error.code, message: error.message }
    }

    /// The column that becomes a field.
    fn column(&self, key: &str) -> Option<u16> {
        let of = |wanted: &str| self.import.columns.iter().position(|column| column.target.as_deref() == Some(wanted));
        let place = of(key).or_else(|| if matches!(key, "given_name" | "family_name") { of(NAME) } else { None });
        place.and_then(|place| u16::try_from(place).ok())
    }

    /// Reads a line's cells as the fields that their columns become.
    async fn read(&mut self, tx: &mut Tx, line: i32, cells: &[String]) -> Result<Read> {
        let mut read = Read {
            line,
            values: Values::new(),
            tags: Vec::new(),
            note: String::new(),
            faults: Vec::new(),
            remarks: Vec::new(),
            signs: Signs::default(),
        };
        if cells.iter().skip(self.import.columns.len()).any(|cell| !cell.is_empty()) {
            read.faults.push(fault(None, "columns", "The line has more columns than the heading."));
        }
        let notes = self.import.columns.iter().filter(|column| column.target.as_deref() == Some(NOTE)).count();
        for (place, (column, text)) in self.import.columns.iter().zip(cells).enumerate() {
            let Some(target) = column.target.as_deref().filter(|_| !text.is_empty()) else { continue };
            let at = u16::try_from(place).ok();
            let outcome = match target {
                TAGS => plain(text).map(|text| read.tags.extend(labels(&text))),
                NOTE => plain(text).map(|text| {
                    let paragraph = if notes > 1 { [column.heading.as_str(), ": ", &text].concat() } else { text };
                    let gap = if read.note.is_empty() { "" } else { "\n\n" };
                    read.note.extend([gap, paragraph.as_str()]);
                }),
                NAME => plain(text).map(|text| {
                    let (given, family) = divided(&text);
                    read.values.insert("given_name".into(), Value::Text(given));
                    read.values.insert("family_name".into(), Value::Text(family));
                }),
                key => self.value(tx, key, text, at, &mut read).await?,
            };
            if let Err((code, message)) = outcome {
                read.faults.push(fault(at, code, message));
            }
        }
        read.values.retain(|_, value| !matches!(value, Value::Text(text) if text.is_empty()));
        let settings = &self.import.settings;
        read.signs = Signs::of(&read.values, &self.target.fields, &settings.match_by, &self.target.unique);
        Ok(read)
    }

    async fn value(&mut self, tx: &mut Tx, key: &str, text: &str, at: Option<u16>, read: &mut Read) -> Result<Result<(), cell::Wrong>> {
        let Some(field) = self.target.fields.iter().find(|field| field.key == key && mapping::writable(field)) else {
            return Ok(Err(("unknown", "There is no such field any more.")));
        };
        let habits = Habits { settings: &self.import.settings, currency: &self.currency, zone: self.zone };
        match cell::read(field, text, &habits) {
            Ok(Cell::Empty) => {}
            Ok(Cell::Value(value)) => {
                read.values.insert(key.to_owned(), value);
            }
            Ok(Cell::Ignored(code, message)) => read.remarks.push(fault(at, code, message)),
            Ok(Cell::Record(of, title)) => match self.record(tx, of, &title).await? {
                Ok(id) => {
                    read.values.insert(key.to_owned(), Value::Reference(id));
                }
                Err(wrong) => return Ok(Err(wrong)),
            },
            Err(wrong) => return Ok(Err(wrong)),
        }
        Ok(Ok(()))
    }

    /// The record of a type that is called so, or has this id. What this very import makes is not meant, as a trial cannot
    /// know it: who stands above whom in one file takes two imports.
    async fn record(&mut self, tx: &mut Tx, of: String, title: &str) -> Result<Result<EntityId, cell::Wrong>> {
        let asked = (of, folded(title.trim()));
        if let Some(found) = self.titles.get(&asked) {
            return Ok(*found);
        }
        let types = if asked.0 == "person" { persons::visible(tx).await? } else { vec![asked.0.clone()] };
        let sought = Sought::of(tx, types);
        let readable = tx.can(OBJECTS_READ) && records::may_list(tx, &asked.0).await.is_ok();
        let organization = tx.organization();
        let ids: Vec<EntityId> = if readable {
            sqlx::query_scalar(
                "select id from entities where organization_id = $1 and entity_type = any ($2) and deleted_at is null and merged_into is null
                   and (id = $3 or normalised(title) = normalised($4)) and created_at < coalesce($5, 'infinity'::timestamptz)
                   and (not entity_type = any ($6) or entity_type || ' ' || owner_id = any ($7))
                 order by id = $3 desc, id limit 2",
            )
            .bind(organization)
            .bind(sought.types)
            .bind(title.trim().parse::<Uuid>().ok())
            .bind(title.trim())
            .bind(Some(self.import.created_at).filter(|_| asked.0 == self.import.entity_type))
            .bind(sought.narrowed)
            .bind(sought.owned)
            .fetch_all(tx.conn())
            .await?
        } else {
            Vec::new()
        };
        let found = match ids.as_slice() {
            [only] => Ok(*only),
            [] => Err(("unknown", "There is no record of this name.")),
            _ => Err(("ambiguous", "There are several records of this name.")),
        };
        self.titles.insert(asked, found);
        Ok(found)
    }
}

/// The name of the record that a line becomes: the same however often the line is gone through.
fn named(import: EntityId, line: i32) -> EntityId {
    let line = u128::try_from(line).unwrap_or_default();
    EntityId(Uuid::from_u128(import.0.as_u128().wrapping_add(line)))
}

fn plain(text: &str) -> Result<String, cell::Wrong> {
    cell::harmless(text).map(std::borrow::Cow::into_owned)
}

/// The tags that a cell names.
fn labels(text: &str) -> Vec<String> {
    let words = cell::several(text).into_iter().map(|word| word.trim_start_matches(['*', ' ']));
    let useful = |word: &&str| !word.is_empty() && !SYSTEM_LABELS.contains(&folded(word).replace(' ', "").as_str());
    words.filter(useful).map(|word| word.chars().take(LONGEST_TAG).collect()).collect()
}

/// A whole name as given and family name: the last word, or what stands before a comma.
fn divided(name: &str) -> (String, String) {
    let (given, family) = match name.split_once(',') {
        Some((family, given)) => (given, family),
        None => name.trim().rsplit_once(' ').unwrap_or((name, "")),
    };
    (given.trim().to_owned(), family.trim().to_owned())
}

/// Puts a tag of that name on a record, and makes it where there is none; false where that may not be.
async fn tag(tx: &mut Tx, record: EntityId, name: &str) -> Result<bool> {
    if !tx.can(TAGS_WRITE) {
        return Ok(false);
    }
    let organization = tx.organization();
    let known: Option<EntityId> =
        sqlx::query_scalar("select id from tags where organization_id = $1 and deleted_at is null and normalised(name) = normalised($2)")
            .bind(organization)
            .bind(name)
            .fetch_optional(tx.conn())
            .await?;
    let id = match known {
        Some(id) => id,
        None if tx.can(RECORD_SETTINGS_WRITE) => {
            let hue = name.bytes().fold(7_u16, |sum, byte| (sum * 31 + u16::from(byte)) % 360);
            tags::create(tx, &TagInput { id: None, name: name.to_owned(), hue: i16::try_from(hue).unwrap_or_default(), version: 0 })
                .await?
                .id
        }
        None => return Ok(false),
    };
    tags::tag(tx, record, id).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_is_divided_and_labels_lose_what_says_nothing() {
        assert_eq!(divided("Anna Maria Nowak"), ("Anna Maria".into(), "Nowak".into()));
        assert_eq!(divided("Nowak, Anna"), ("Anna".into(), "Nowak".into()));
        assert_eq!(divided("Anna"), ("Anna".into(), String::new()));
        assert_eq!(labels("* myContacts ::: VIP ::: Stali klienci"), ["VIP", "Stali klienci"]);
    }

    #[test]
    fn every_line_names_its_record_and_no_two_the_same() {
        let (one, other) = (EntityId::new(), EntityId::new());
        assert_eq!(named(one, 7), named(one, 7));
        assert_ne!(named(one, 7), named(one, 8));
        assert_ne!(named(one, 7), named(other, 7));
    }
}
