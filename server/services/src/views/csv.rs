//! Text as CSV that any spreadsheet opens and that none of them runs.

/// Ends a line of cells as RFC 4180 wants it.
pub(crate) fn line(csv: &mut String, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            csv.push(',');
        }
        csv.push_str(&cell);
    }
    csv.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula: what begins like one is told to be text by an apostrophe.
pub(crate) fn cell(text: &str, number: bool) -> String {
    let dangerous = !number && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let quoted = dangerous || text.contains([',', ';', '"', '\r', '\n', '\t']) || text.starts_with(' ') || text.ends_with(' ');
    match (quoted, dangerous) {
        (false, _) => text.to_owned(),
        (true, dangerous) => format!("\"{}{}\"", if dangerous { "'" } else { "" }, text.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text_and_numbers_stay_numbers() {
        assert_eq!(cell("=cmd|' /C calc'!A0", false), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(cell("+48601224118", false), "\"'+48601224118\"");
        assert_eq!(cell("-5", true), "-5");
        assert_eq!(cell("Nowak, \"Ania\"", false), "\"Nowak, \"\"Ania\"\"\"");
        assert_eq!(cell("Żółć", false), "Żółć");
    }
}
