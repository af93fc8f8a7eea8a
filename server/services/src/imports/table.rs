//! The cells of a text: what stands between them, where each line begins, and how much of it there may be.

use platform::{Error, Result};

use super::{LONGEST_LINE, MOST_COLUMNS, MOST_ROWS};

/// What may stand between two columns, in the order in which it is believed where several would do.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// By how many lines that is found out.
const SAMPLE: usize = 20;

/// A table: its heading, and its lines with where each begins, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) delimiter: char,
    pub(super) heading: Vec<String>,
    pub(super) lines: Vec<(i32, Vec<String>)>,
}

fn refused(code: &str, message: impl Into<String>) -> Error {
    Error::invalid("file", code, message)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// Reads a text as a table.
///
/// # Errors
/// `Invalid` at `file`: no heading, no line, more of anything than is possible.
pub(super) fn read(text: &str) -> Result<Table> {
    let (text, told, before) = told(text);
    let delimiter = told.unwrap_or_else(|| guess(text));
    let mut reader = reader(text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut counter = Counter { text: text.as_bytes(), at: 0, line: 1 + before };
    let mut heading: Option<Vec<String>> = None;
    let mut lines: Vec<(i32, Vec<String>)> = Vec::new();
    while reader.read_record(&mut record).map_err(|_| refused("type", "This is no table."))? {
        let begins = record.position().map_or(0, csv::Position::byte);
        let line = counter.line_at(usize::try_from(begins).unwrap_or(usize::MAX));
        if record.len() > MOST_COLUMNS {
            return Err(refused("columns", format!("Line {line} has {} columns; at most {MOST_COLUMNS} are possible.", record.len())));
        }
        if record.as_slice().len() > LONGEST_LINE {
            return Err(refused("line_too_long", format!("Line {line} is too long. Is a quotation mark never closed?")));
        }
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        match heading {
            None => heading = Some(cells),
            Some(_) if lines.len() == MOST_ROWS => {
                return Err(refused("rows", format!("A file has at most {MOST_ROWS} lines.")));
            }
            Some(_) => lines.push((line, cells)),
        }
    }
    let heading = heading.ok_or_else(|| refused("required", "The file is empty."))?;
    if lines.is_empty() {
        return Err(refused("rows", "Below the heading there is nothing."));
    }
    Ok(Table { delimiter: char::from(delimiter), heading, lines })
}

/// What Excel may say in a first line of its own: `sep=;`. Gives the text behind it and how many lines that was.
fn told(text: &str) -> (&str, Option<u8>, i32) {
    let Some((first, rest)) = text.split_once('\n') else { return (text, None, 0) };
    let first = first.trim_end_matches('\r').trim_matches('"');
    match first.strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter]) if DELIMITERS.contains(delimiter) => (rest, Some(*delimiter), 1),
        _ => (text, None, 0),
    }
}

/// What stands between the columns of a text: what gives most lines as many columns as the first has, and more than one.
fn guess(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = reader(text, delimiter);
        let widths: Vec<usize> = reader.records().take(SAMPLE).filter_map(|record| Some(record.ok()?.len())).collect();
        let first = widths.first().copied().unwrap_or_default();
        let alike = widths.iter().filter(|width| **width == first).count();
        if first < 2 { (0, 0) } else { (alike * 100 / widths.len(), first) }
    };
    let mut best = (DELIMITERS[0], (0, 0));
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

/// Tells on which line of the file a byte stands, asked for in order. The reader counts by its own rules, which take the
/// end of the line before for part of the next.
struct Counter<'a> {
    text: &'a [u8],
    at: usize,
    line: i32,
}

impl Counter<'_> {
    fn line_at(&mut self, byte: usize) -> i32 {
        let mut end = byte.min(self.text.len());
        while end < self.text.len() && matches!(self.text[end], b'\r' | b'\n') {
            end += 1;
        }
        while self.at < end {
            let ends = match self.text[self.at] {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += i32::from(ends);
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        match read(text) {
            Err(Error::Invalid(errors)) if errors[0].field == "file" => errors[0].code.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn strings(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_are_told_apart() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", ','),
            ("a;b\n1,5;2,5\n3,5;4,5\n", ';'),
            ("a\tb\n1, or so\t2\n", '\t'),
            ("a|b\n1|2\n", '|'),
            ("sep=;\na;b\n1;2\n", ';'),
            ("name\nAnna\n", ','),
        ] {
            assert_eq!(read(text).expect("a table").delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for ending in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,\"two", "lines\"", "", ",", "3,4"].join(ending);
            let table = read(&text).expect("a table");
            let two = ["two", "lines"].join(ending);
            assert_eq!(table.lines, [(2, strings(&["1", &two])), (6, strings(&["3", "4"]))], "{ending:?}");
        }
        assert_eq!(read("sep=,\r\na,b\r\n1,2\r\n").expect("a table").lines[0].0, 3);
    }

    #[test]
    fn what_is_too_much_is_refused_with_its_line() {
        assert_eq!(code("a,b\n"), "rows");
        assert_eq!(code(&vec!["x"; 10_001].join(",")), "columns");
        assert_eq!(code(&["a,b\n1,\"", &"x".repeat(10 * 1024 * 1024)].concat()), "line_too_long");
        assert_eq!(code(&["a\n", &"1\n".repeat(MOST_ROWS + 1)].concat()), "rows");
        assert_eq!(read(&["a\n", &"1\n".repeat(MOST_ROWS)].concat()).expect("just enough").lines.len(), MOST_ROWS);
    }
}
