//! The lines that were not taken over as a file: as they came, with where and why, so that they can be put right and brought in
//! again.

use std::collections::BTreeMap;

use platform::{Result, Tx, id::EntityId};

use super::{ImportLine, LineOutcome, RecordImport, doors, store};
use crate::views::csv;

/// How many lines are read at once.
const AT_ONCE: i64 = 1000;

/// The lines of one outcome as CSV in UTF-8: the file's own columns, and behind them the line, the columns at fault and the
/// reasons. `heads` are the heads of these three and `reasons` what codes mean, in the reader's language; without them they
/// are English.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn refusals(
    tx: &mut Tx,
    id: EntityId,
    outcome: LineOutcome,
    heads: &[String],
    reasons: &BTreeMap<String, String>,
) -> Result<String> {
    let import = doors::get(tx, id).await?;
    let mut text = String::from("\u{feff}");
    let usual = ["Line", "Column", "Reason"].map(str::to_owned);
    let heads = if heads.len() == usual.len() { heads } else { &usual };
    let own = import.columns.iter().map(|column| column.heading.as_str());
    csv::line(&mut text, own.chain(heads.iter().map(String::as_str)).map(|head| csv::cell(head, false)));
    let mut after = 0;
    loop {
        let lines = store::lines(tx, id, Some(outcome), after, AT_ONCE).await?;
        let Some(last) = lines.last() else { return Ok(text) };
        after = last.line;
        for line in &lines {
            csv::line(&mut text, cells(&import, line, reasons).iter().map(|cell| csv::cell(cell, false)));
        }
    }
}

/// A line as a row: as many cells as there are columns, and the three behind them.
fn cells(import: &RecordImport, line: &ImportLine, reasons: &BTreeMap<String, String>) -> Vec<String> {
    let heading = |column: u16| import.columns.get(usize::from(column)).map_or("", |column| column.heading.as_str());
    let columns: Vec<&str> = line.faults.iter().filter_map(|fault| fault.column).map(heading).collect();
    let why: Vec<&str> = line.faults.iter().map(|fault| reasons.get(&fault.code).map_or(fault.message.as_str(), String::as_str)).collect();
    let mut cells: Vec<String> = (0..import.columns.len()).map(|place| line.cells.get(place).cloned().unwrap_or_default()).collect();
    cells.extend([line.line.to_string(), columns.join("; "), why.join("; ")]);
    cells
}
