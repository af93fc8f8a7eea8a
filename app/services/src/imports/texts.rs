//! What states, outcomes and reasons of an import are called.

use services::imports::{ImportState, LineFault, LineOutcome, RecordImport};
use ui::{Failure, Lang, Meaning};

use crate::{fields, words};

/// Every code that only imports know.
const REASONS: [&str; 18] = [
    "formula",
    "columns",
    "ambiguous",
    "exists",
    "twice_in_file",
    "nothing_new",
    "no_year",
    "no_tag",
    "no_note",
    "changed_since",
    "in_use",
    "duplicate",
    "date",
    "choice",
    "unknown",
    "required",
    "email",
    "phone",
];

/// Why a line or a file was not taken over.
pub(super) fn reason(lang: Lang, code: &str, message: &str) -> String {
    let known = match code {
        "formula" => words::import_reason_formula(lang),
        "columns" => words::import_reason_columns(lang),
        "ambiguous" => words::import_reason_ambiguous(lang),
        "exists" => words::import_reason_exists(lang),
        "twice_in_file" => words::import_reason_twice(lang),
        "nothing_new" => words::import_reason_nothing_new(lang),
        "no_year" => words::import_reason_no_year(lang),
        "no_tag" => words::import_reason_no_tag(lang),
        "no_note" => words::import_reason_no_note(lang),
        "changed_since" => words::import_reason_changed_since(lang),
        "duplicate" => words::import_reason_duplicate(lang),
        "compressed" => words::import_reason_compressed(lang),
        "binary" => words::import_reason_binary(lang),
        "encoding" => words::import_reason_encoding(lang),
        "rows" => words::import_reason_rows(lang),
        "line_too_long" => words::import_reason_line_too_long(lang),
        "too_large" => words::import_reason_too_large(lang),
        _ => return fields::told(lang, code, message),
    };
    known.to_owned()
}

/// All reasons by their codes, for a file.
pub(super) fn reasons(lang: Lang) -> Vec<(String, String)> {
    REASONS.iter().map(|code| ((*code).to_owned(), reason(lang, code, code))).collect()
}

/// What is said about a line.
pub(super) fn fault(lang: Lang, import: &RecordImport, fault: &LineFault) -> String {
    let text = reason(lang, &fault.code, &fault.message);
    let heading = fault.column.and_then(|column| import.columns.get(usize::from(column)));
    match heading {
        Some(column) if !column.heading.is_empty() => [&column.heading, ": ", &text].concat(),
        _ => text,
    }
}

/// A failure with what is wrong with the file told so.
pub(super) fn localised(lang: Lang, failure: Failure) -> Failure {
    let mut problem = failure.0;
    for error in &mut problem.errors {
        // What the server says of a line stands in no text of ours.
        error.message = match error.code.as_str() {
            "columns" | "line_too_long" if lang == Lang::En => std::mem::take(&mut error.message),
            code => reason(lang, code, &error.message),
        };
        error.code = ["imports.", &error.code].concat();
    }
    Failure(problem)
}

/// Where an import stands.
pub(super) fn state(lang: Lang, state: ImportState) -> (&'static str, Meaning) {
    match state {
        ImportState::Mapping => (words::import_state_mapping(lang), Meaning::Neutral),
        ImportState::Trying => (words::import_state_trying(lang), Meaning::Info),
        ImportState::Tried => (words::import_state_tried(lang), Meaning::Info),
        ImportState::Running => (words::import_state_running(lang), Meaning::Info),
        ImportState::Done => (words::import_state_done(lang), Meaning::Positive),
        ImportState::Undoing => (words::import_state_undoing(lang), Meaning::Info),
        ImportState::Undone => (words::import_state_undone(lang), Meaning::Neutral),
        ImportState::Failed => (words::import_state_failed(lang), Meaning::Critical),
    }
}

/// What became of a line.
pub(super) fn outcome(lang: Lang, outcome: LineOutcome) -> &'static str {
    match outcome {
        LineOutcome::Made => words::import_made(lang),
        LineOutcome::Changed => words::import_changed(lang),
        LineOutcome::Skipped => words::import_skipped(lang),
        LineOutcome::Refused => words::import_refused(lang),
    }
}
