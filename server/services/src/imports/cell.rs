//! The text of a cell as the value of a field: dates, numbers and choices as people and spreadsheets write them.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value as Json;

use super::{DateOrder, ImportSettings, LONGEST_CELL};
use crate::{
    filter::fold::folded,
    records::{FieldInfo, Kind, Value},
};

/// What a cell comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Cell {
    Empty,
    Value(Value),
    /// The title or id of another record, of this type.
    Record(String, String),
    /// It says nothing that can be kept; why.
    Ignored(&'static str, &'static str),
}

/// Why a cell is none: a code that screens translate, and English.
pub(super) type Wrong = (&'static str, &'static str);

/// By what cells are read.
pub(super) struct Habits<'a> {
    pub(super) settings: &'a ImportSettings,
    /// The organization's: amounts without a currency are in it, times without an offset are its own.
    pub(super) currency: &'a str,
    pub(super) zone: Tz,
}

/// Reads a cell as a field.
///
/// # Errors
/// Why it is none.
pub(super) fn read(field: &FieldInfo, text: &str, habits: &Habits<'_>) -> Result<Cell, Wrong> {
    let text = harmless(text)?;
    if text.is_empty() {
        return Ok(Cell::Empty);
    }
    if text.chars().count() > LONGEST_CELL {
        return Err(("too_long", "At most 20,000 characters are possible."));
    }
    let plain: Cow<'_, str> = match &field.kind {
        Kind::Number | Kind::Percent | Kind::Money => number(&text, habits.settings.decimal_comma).into(),
        Kind::Date => match date(&text, habits.settings.dates)? {
            Some(date) => date.to_string().into(),
            None => return Ok(Cell::Ignored("no_year", "A day without its year was left out.")),
        },
        Kind::DateTime => instant(&text, habits).ok_or(("instant", "A date and a time are needed."))?.into(),
        Kind::Boolean => yes_or_no(&text).into(),
        Kind::Choice(_) => return Ok(Cell::Value(Value::choice(&chosen(&field.kind, &text)?))),
        Kind::MultiChoice(_) => return Ok(Cell::Value(Value::Choices(all_chosen(&field.kind, &text)?))),
        // Google writes several into one cell; the first is the one they use.
        Kind::Email | Kind::Phone => text.split(":::").next().unwrap_or_default().trim().to_owned().into(),
        Kind::Reference(target) => return Ok(Cell::Record(target.clone(), text.into_owned())),
        Kind::Text | Kind::LongText | Kind::Url => text,
    };
    Ok(Value::from_json(&field.kind, &Json::String(plain.into_owned()), habits.currency)?.map_or(Cell::Empty, Cell::Value))
}

/// Text that no spreadsheet would run. What our own export has marked as text is text; a formula is refused, as it would be
/// one again in whatever it is exported to.
///
/// # Errors
/// That it is a formula.
pub(super) fn harmless(text: &str) -> Result<Cow<'_, str>, Wrong> {
    let text = text.trim();
    if let Some(marked) = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])) {
        return Ok(marked.trim().into());
    }
    let commands = text.starts_with(['+', '-', '@']) && text.contains('|') && text.contains('!');
    if text.starts_with(['=', '＝']) || commands {
        return Err(("formula", "This begins like a formula, which is not taken over."));
    }
    Ok(text.into())
}

/// The words of a cell that holds several.
pub(super) fn several(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = if text.contains(":::") { text.split(":::").collect() } else { text.split([',', ';']).collect() };
    parts.into_iter().map(str::trim).filter(|word| !word.is_empty()).collect()
}

/// The key of a choice by its key or by what it is called.
fn chosen(kind: &Kind, word: &str) -> Result<String, Wrong> {
    let plain = |text: &str| folded(&several(text).join(", "));
    let like = |name: &str| plain(name) == plain(word);
    let found = kind.choices().iter().find(|choice| like(&choice.key) || like(&choice.label) || like(&choice.key.replace('_', " ")));
    found.map(|choice| choice.key.clone()).ok_or(("choice", "This is none of the choices."))
}

/// The keys of several choices in one cell. What stands between two of them may stand in a name too: the longest name that is
/// one comes first.
fn all_chosen(kind: &Kind, text: &str) -> Result<Vec<String>, Wrong> {
    let widest = kind.choices().iter().map(|choice| several(&choice.label).len()).max().unwrap_or_default().max(1);
    let (words, mut place, mut keys) = (several(text), 0, Vec::new());
    while place < words.len() {
        let known = |end: &usize| chosen(kind, &words[place..*end].join(", ")).is_ok();
        let end = (place + 1..=words.len().min(place + widest)).rev().find(known).unwrap_or(place + 1);
        keys.push(chosen(kind, &words[place..end].join(", "))?);
        place = end;
    }
    Ok(keys)
}

/// A number with a point: `1 234,50`, `1.234,50`, `1,234.50`, `12,5 %`, `250,00 PLN`.
fn number(text: &str, decimal_comma: bool) -> String {
    let (amount, currency) = match text.rsplit_once([' ', '\u{a0}']) {
        Some((amount, code)) if code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_alphabetic()) => {
            (amount, Some(code.to_uppercase()))
        }
        _ => (text, None),
    };
    let (amount, currency) = match amount.strip_suffix("zł") {
        Some(amount) => (amount, Some("PLN".to_owned())),
        None => (amount, currency),
    };
    let digits: String = amount.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{202f}')).collect();
    let bare = digits.trim_end_matches('%');
    let plain = match (bare.rfind(','), bare.rfind('.')) {
        // Both: the last one is the decimal one.
        (Some(comma), Some(point)) if comma > point => bare.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => bare.replace(',', ""),
        (Some(_), None) if decimal_comma && bare.matches(',').count() == 1 => bare.replace(',', "."),
        (Some(comma), None) if bare.len() - comma != 4 && bare.matches(',').count() == 1 => bare.replace(',', "."),
        (Some(_), None) => bare.replace(',', ""),
        (None, Some(point)) if decimal_comma && (bare.len() - point == 4 || bare.matches('.').count() > 1) => bare.replace('.', ""),
        _ => bare.to_owned(),
    };
    match currency {
        Some(currency) => [plain, currency].join(" "),
        None => plain,
    }
}

/// A date; none for a day of which the year is not told, as programs for contacts write birthdays.
fn date(text: &str, order: DateOrder) -> Result<Option<NaiveDate>, Wrong> {
    let wrong = ("date", "This is not a date.");
    if text.starts_with("--") {
        return Ok(None);
    }
    // Spreadsheets put midnight behind a date.
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<u32> = day.split(['.', '/', '-']).map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong)?;
    let [first, second, third] = parts[..] else { return Err(wrong) };
    let separator = day.find(|c: char| !c.is_ascii_digit()).unwrap_or_default();
    let (year, month, day) = match (separator, order) {
        (4, _) => (first, second, third),
        (_, DateOrder::DayFirst) => (third, second, first),
        (_, DateOrder::MonthFirst) => (third, first, second),
    };
    let found = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    found.filter(|date| (1000..=9999).contains(&date.year())).map(Some).ok_or(wrong)
}

/// An instant as it is sent; a time without an offset is on the organization's clock.
fn instant(text: &str, habits: &Habits<'_>) -> Option<String> {
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc().to_rfc3339());
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let day = date(day, habits.settings.dates).ok()??;
    let time = time.trim().trim_end_matches('Z');
    let time =
        ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"].iter().find_map(|form| chrono::NaiveTime::parse_from_str(time, form).ok())?;
    let at = habits.zone.from_local_datetime(&NaiveDateTime::new(day, time)).earliest()?;
    Some(at.with_timezone(&Utc).to_rfc3339())
}

fn yes_or_no(text: &str) -> String {
    match folded(text).as_str() {
        "x" | "y" | "t" | "prawda" | "on" | "✓" => "true".into(),
        "n" | "f" | "falsz" | "off" | "-" => "false".into(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Choice;

    fn cell(kind: Kind, text: &str, settings: &ImportSettings) -> Result<Cell, Wrong> {
        let field = FieldInfo {
            key: "field".into(),
            label: "Field".into(),
            kind,
            required: false,
            custom: None,
            computed: false,
            editable: true,
            section: String::new(),
            help: String::new(),
        };
        read(&field, text, &Habits { settings, currency: "PLN", zone: Tz::Europe__Warsaw })
    }

    fn text(kind: Kind, text: &str) -> String {
        match cell(kind, text, &ImportSettings { decimal_comma: true, ..ImportSettings::default() }) {
            Ok(Cell::Value(value)) => value.plain(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_and_amounts_are_read_as_people_write_them() {
        for (written, number) in
            [("1 234,50", "1234.5"), ("1.234,50", "1234.5"), ("1,234.50", "1234.5"), ("12,5 %", "12.5"), ("-7", "-7"), ("1.234", "1234")]
        {
            assert_eq!(text(Kind::Number, written), number, "{written}");
        }
        assert_eq!(text(Kind::Money, "1\u{a0}250,00 zł"), "1250.00 PLN");
        assert_eq!(text(Kind::Money, "99.90 EUR"), "99.90 EUR");
        let point = ImportSettings::default();
        assert_eq!(cell(Kind::Number, "1,234", &point), Ok(Cell::Value(Value::Number("1234".parse().expect("a number")))));
        assert_eq!(cell(Kind::Number, "many", &point).expect_err("no number").0, "number");
    }

    #[test]
    fn dates_are_read_in_the_order_that_is_set_and_those_without_a_year_are_left_out() {
        assert_eq!(text(Kind::Date, "24.11.1990"), "1990-11-24");
        assert_eq!(text(Kind::Date, "1990-11-24 00:00:00"), "1990-11-24");
        let american = ImportSettings { dates: DateOrder::MonthFirst, ..ImportSettings::default() };
        let birthday = NaiveDate::from_ymd_opt(1990, 11, 4).expect("a date");
        assert_eq!(cell(Kind::Date, "11/4/1990", &american), Ok(Cell::Value(Value::Date(birthday))));
        assert!(matches!(cell(Kind::Date, " --11-24", &american), Ok(Cell::Ignored("no_year", _))));
        for wrong in ["31.02.1990", "24.11.90", "yesterday", "1990"] {
            assert_eq!(cell(Kind::Date, wrong, &ImportSettings::default()).expect_err(wrong).0, "date");
        }
        assert_eq!(text(Kind::DateTime, "24.11.2026 09:30"), "2026-11-24T08:30:00Z");
    }

    #[test]
    fn choices_go_by_their_names_and_the_first_of_several_addresses_is_taken() {
        let named = |key: &str, label: &str| Choice { key: key.into(), label: label.into(), hue: None };
        let colours = || vec![named("dark_red", "Ciemny czerwony"), Choice::plain("blue"), named("sea", "Blue, of the sea")];
        assert_eq!(text(Kind::Choice(colours()), "CIEMNY CZERWONY"), "dark_red");
        assert_eq!(text(Kind::Choice(colours()), "dark red"), "dark_red");
        assert_eq!(text(Kind::MultiChoice(colours()), "Blue; dark_red"), "blue, dark_red");
        assert_eq!(text(Kind::MultiChoice(colours()), "Blue, of the sea, Blue; dark_red"), "sea, blue, dark_red");
        assert_eq!(cell(Kind::MultiChoice(colours()), "blue, of", &ImportSettings::default()).expect_err("no such").0, "choice");
        assert_eq!(cell(Kind::Choice(colours()), "green", &ImportSettings::default()).expect_err("none").0, "choice");
        assert_eq!(text(Kind::Email, "anna@a.example ::: anna@b.example"), "anna@a.example");
        assert_eq!(text(Kind::Boolean, "Tak"), "true");
    }

    #[test]
    fn a_formula_is_refused_and_what_our_export_has_marked_is_text() {
        for formula in ["=cmd|' /C calc'!A0", " =1+1", "@SUM(1)|x!A1", "＝1"] {
            assert_eq!(cell(Kind::Text, formula, &ImportSettings::default()).expect_err(formula).0, "formula");
        }
        assert_eq!(text(Kind::Phone, "'+48601224118"), "+48601224118");
        assert_eq!(text(Kind::Phone, "+48 601 224 118"), "+48 601 224 118");
        assert_eq!(text(Kind::Text, "'=A1"), "=A1");
        assert_eq!(text(Kind::Text, "- a dash"), "- a dash");
    }
}
