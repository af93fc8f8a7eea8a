//! What kinds of field there are, and lines of text as choices and statuses.

use services::records::{Choice, Kind};
use ui::Lang;

use crate::words;

/// All kinds that can be chosen, in the order of the list; formulas and roll-ups last.
pub(super) const KINDS: [&str; 16] = [
    "text",
    "long_text",
    "number",
    "money",
    "percent",
    "date",
    "date_time",
    "choice",
    "multi_choice",
    "boolean",
    "email",
    "phone",
    "url",
    "reference",
    "formula",
    "roll_up",
];

/// What a kind is called.
pub(super) fn name(lang: Lang, word: &str) -> &'static str {
    match word {
        "long_text" => words::kind_long_text(lang),
        "number" => words::kind_number(lang),
        "money" => words::kind_money(lang),
        "percent" => words::kind_percent(lang),
        "date" => words::kind_date(lang),
        "date_time" => words::kind_date_time(lang),
        "choice" => words::kind_choice(lang),
        "multi_choice" => words::kind_multi_choice(lang),
        "boolean" => words::kind_boolean(lang),
        "email" => words::kind_email(lang),
        "phone" => words::kind_phone(lang),
        "url" => words::kind_url(lang),
        "reference" => words::kind_reference(lang),
        "formula" => words::kind_formula(lang),
        "roll_up" => words::kind_roll_up(lang),
        _ => words::kind_text(lang),
    }
}

/// What a summary of many values is called.
pub(super) fn how(lang: Lang, word: &str) -> &'static str {
    match word {
        "sum" => words::how_sum(lang),
        "average" => words::how_average(lang),
        "least" => words::how_least(lang),
        "greatest" => words::how_greatest(lang),
        _ => words::how_count(lang),
    }
}

/// The kind of that word, with its choices or the type that it refers to.
pub(super) fn kind(word: &str, choices: Vec<Choice>, target: String) -> Kind {
    match word {
        "long_text" => Kind::LongText,
        "number" => Kind::Number,
        "money" => Kind::Money,
        "percent" => Kind::Percent,
        "date" => Kind::Date,
        "date_time" => Kind::DateTime,
        "choice" => Kind::Choice(choices),
        "multi_choice" => Kind::MultiChoice(choices),
        "boolean" => Kind::Boolean,
        "email" => Kind::Email,
        "phone" => Kind::Phone,
        "url" => Kind::Url,
        "reference" => Kind::Reference(target),
        _ => Kind::Text,
    }
}

/// A key from a name: small letters, digits and underscores, without the marks on letters.
pub(super) fn key_of(name: &str, digits: bool) -> String {
    let mut key = String::new();
    for letter in ui::letters::fold(name).chars() {
        if letter.is_ascii_lowercase() || (digits && letter.is_ascii_digit() && !key.is_empty()) {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(40);
    key.trim_end_matches('_').to_owned()
}

/// One name a line, with its hue behind a `#`. A word that was there keeps its key, so that records keep it.
pub(super) fn choices(text: &str, before: &[Choice]) -> Vec<Choice> {
    let mut made: Vec<Choice> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (label, hue) = match line.rsplit_once('#') {
            Some((label, hue)) if hue.trim().parse::<u16>().is_ok_and(|hue| hue < 360) => (label.trim(), hue.trim().parse().ok()),
            _ => (line, None),
        };
        let known = before.iter().find(|choice| choice.label == label).map(|choice| choice.key.clone());
        let mut key = known.unwrap_or_else(|| key_of(label, true));
        if key.is_empty() || made.iter().any(|choice| choice.key == key) {
            key = format!("word_{}", made.len() + 1);
        }
        made.push(Choice { key, label: label.to_owned(), hue });
    }
    made
}

/// Choices as lines.
pub(super) fn lines(choices: &[Choice]) -> String {
    let line = |choice: &Choice| choice.hue.map_or_else(|| choice.label.clone(), |hue| format!("{} #{hue}", choice.label));
    choices.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_from_a_name() {
        assert_eq!(key_of("Żółty numer 2", true), "zolty_numer_2");
        assert_eq!(key_of("2nd phone!", true), "nd_phone");
        assert_eq!(key_of("Room 12", false), "room");
    }

    #[test]
    fn a_word_keeps_its_key_and_a_new_one_gets_its_own() {
        let before = vec![Choice { key: "old".into(), label: "In use".into(), hue: None }];
        let now = choices("In use #120\nNew\n\n新\n新", &before);
        let told: Vec<(&str, Option<u16>)> = now.iter().map(|choice| (choice.key.as_str(), choice.hue)).collect();
        assert_eq!(told, [("old", Some(120)), ("new", None), ("word_3", None), ("word_4", None)]);
        assert_eq!(lines(&now[..2]), "In use #120\nNew");
    }
}
