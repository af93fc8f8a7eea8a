//! Tables that come in from elsewhere, taken over into records of any type that can be written: read and mapped, tried
//! first, run by a job in portions, and undone whole. Nothing here knows a product; every record is made and changed by the
//! function that its own door uses, with the rights of whoever asked for it.

#[cfg(feature = "ssr")]
mod cell;
#[cfg(feature = "ssr")]
mod decode;
#[cfg(feature = "ssr")]
mod doors;
#[cfg(feature = "ssr")]
mod job;
#[cfg(feature = "ssr")]
mod judge;
#[cfg(feature = "ssr")]
mod mapping;
#[cfg(feature = "ssr")]
mod refusals;
#[cfg(feature = "ssr")]
mod same;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod table;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
mod undo;

#[cfg(feature = "ssr")]
pub use doors::{begin, change, get, list, possible, rows, step};
#[cfg(feature = "ssr")]
pub use job::WORK;
#[cfg(feature = "ssr")]
pub use refusals::refusals;

use chrono::{DateTime, Utc};
use platform::id::{EntityId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How large a file may be, in bytes.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// How many lines of it may say something, the heading left out.
pub const MOST_ROWS: usize = 50_000;
/// How many columns it may have.
pub const MOST_COLUMNS: usize = 200;
/// How many bytes one line of the table may take, which may be several lines of the file. A longer one is mostly a quotation
/// mark that is never closed, and would swallow what follows.
pub const LONGEST_LINE: usize = 256 * 1024;
/// How many letters of a cell are kept.
pub const LONGEST_CELL: usize = 20_000;
/// How many lines are shown before anything is done.
pub const PREVIEW: i64 = 5;
/// So many days the lines of a file are kept, which are personal data, and so long an import can be undone.
pub const KEPT_DAYS: i64 = 30;

/// A column whose words become tags of the record.
pub const TAGS: &str = "+tags";
/// A column whose text becomes a note on the record.
pub const NOTE: &str = "+note";
/// A column with a whole name, for types that have a given and a family name.
pub const NAME: &str = "+name";

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// It is being said what the columns are.
    Mapping,
    /// It is being found out what would come of it.
    Trying,
    /// What would come of it is known.
    Tried,
    Running,
    Done,
    Undoing,
    Undone,
    /// It went no further; `problem` says why, and what was done by then can be undone.
    Failed,
}

impl ImportState {
    /// As it is kept and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mapping => "mapping",
            Self::Trying => "trying",
            Self::Tried => "tried",
            Self::Running => "running",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::Failed => "failed",
        }
    }

    /// Whether a job is at work on it.
    pub const fn busy(self) -> bool {
        matches!(self, Self::Trying | Self::Running | Self::Undoing)
    }

    #[cfg(feature = "ssr")]
    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Mapping, Self::Trying, Self::Tried, Self::Running, Self::Done, Self::Undoing, Self::Undone, Self::Failed];
        all.into_iter().find(|state| state.as_str() == word)
    }
}

/// What is done with a line whose record is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDuplicate {
    /// Nothing.
    #[default]
    Skip,
    /// What is empty there is filled from here; what is there stays.
    Fill,
    /// Another record is made all the same.
    Make,
}

/// How dates are read that say neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 24.11.2026
    #[default]
    DayFirst,
    /// 11/24/2026
    MonthFirst,
}

/// How a file is read and what is done with duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSettings {
    #[serde(default)]
    pub duplicates: OnDuplicate,
    /// Fields by which a record is recognised: one value in common is enough. None recognises nothing.
    #[serde(default)]
    pub match_by: Vec<String>,
    #[serde(default)]
    pub dates: DateOrder,
    /// Whether `1,5` is one and a half.
    #[serde(default)]
    pub decimal_comma: bool,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportColumn {
    /// What stands above it.
    pub heading: String,
    /// The field it becomes, or `+tags`, `+note`, `+name`; none if it is left out.
    pub target: Option<String>,
}

/// A file that is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordImport {
    pub id: EntityId,
    /// What its lines become.
    pub entity_type: String,
    pub file_name: String,
    /// `utf-8`, `utf-16le`, `windows-1250` …
    pub encoding: String,
    /// What stands between two columns: `,`, `;`, a tab or `|`.
    pub delimiter: String,
    pub columns: Vec<ImportColumn>,
    pub settings: ImportSettings,
    /// The first lines.
    pub preview: Vec<Vec<String>>,
    pub state: ImportState,
    /// Why it went no further; empty if it did.
    pub problem: String,
    /// How many lines there are.
    pub total: i32,
    /// How many of them have been gone through in this state.
    pub done: i32,
    /// Records that were made, or would be.
    pub made: i32,
    /// Records in which something was filled, or would be.
    pub changed: i32,
    /// Lines that came to nothing because their record is there.
    pub skipped: i32,
    /// Lines that could not be taken over; `GET /imports/{id}/refusals` tells each with its reason.
    pub refused: i32,
    /// Records that an undo took back.
    pub undone: i32,
    /// Records that it left because something was done with them since.
    pub kept: i32,
    pub user: UserId,
    /// Whose it is.
    pub author: Option<String>,
    /// What a change must name (R18).
    pub version: i32,
    pub created_at: DateTime<Utc>,
    /// When it last came to rest.
    pub finished_at: Option<DateTime<Utc>>,
    /// Its lines are no longer kept: nothing more can be done with it.
    pub cleared: bool,
}

/// A file to be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecordImport {
    /// Made by the caller, so that a retry makes no second import.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// What its lines become: `person`, `company`, `crm:lead`, `object:device` …
    pub entity_type: String,
    #[schema(min_length = 1, max_length = 200)]
    pub file_name: String,
    /// The file's bytes in base64: at most 20 MiB, 50,000 lines and 200 columns.
    pub file: String,
    /// In which encoding it is; found out where it is not told.
    #[serde(default)]
    pub encoding: Option<String>,
}

/// What the columns are and how they are read. Whatever was found out about the import so far is forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordImportChange {
    /// The version that was read (R18).
    pub version: i32,
    /// One for each column: the field it becomes, `+tags`, `+note`, `+name`, or none.
    pub targets: Vec<Option<String>>,
    pub settings: ImportSettings,
}

/// What is asked of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStep {
    /// Finds out what would come of it.
    Try,
    /// Does it.
    Run,
    /// Takes it back.
    Undo,
}

/// What became of a line, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    Made,
    Changed,
    Skipped,
    Refused,
}

impl LineOutcome {
    /// As it is kept and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Changed => "changed",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
        }
    }

    #[cfg(feature = "ssr")]
    fn parse(word: &str) -> Option<Self> {
        [Self::Made, Self::Changed, Self::Skipped, Self::Refused].into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// What is said about a line: why it was refused or skipped, or what of it was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineFault {
    /// Which column, counted from 0; none where it is about the whole line.
    pub column: Option<u16>,
    /// Stable: the codes of fields, and `formula`, `columns`, `ambiguous`, `exists`, `twice_in_file`, `nothing_new`, `no_year`,
    /// `no_tag`.
    pub code: String,
    /// English; screens translate by code.
    pub message: String,
}

/// A line of the file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportLine {
    /// Where it begins in the file, counted from 1.
    pub line: i32,
    pub cells: Vec<String>,
    /// None where that is not known yet.
    pub outcome: Option<LineOutcome>,
    pub faults: Vec<LineFault>,
    /// The record that it became or that was there; none in a trial.
    pub record: Option<EntityId>,
    /// `undone` or `kept`, after an undo.
    pub undo: Option<String>,
}
