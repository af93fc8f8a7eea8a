//! A value of each kind that a field may be of: as it is sent and read, as it stands in a file, and one that is none. Which
//! kinds there are is read from the description of the REST door, so that a new one without a line here fails.

use serde_json::{Value, json};

/// What a field of a kind may hold.
pub struct Sample {
    /// As it is sent and read.
    pub value: Value,
    /// As it stands in a cell of a file.
    pub cell: String,
}

/// By what values differ, and to what references lead.
pub struct Habit<'a> {
    /// Of every record its own, below a million.
    pub number: u32,
    /// Of the two values there are of each kind.
    pub second: bool,
    /// The record that a reference to a type leads to.
    pub target: &'a dyn Fn(&str) -> Value,
}

/// The words of all kinds, as the description of the REST door lists them.
pub fn kinds(document: &Value) -> Vec<String> {
    let all = document["components"]["schemas"]["Kind"]["oneOf"].as_array().expect("kinds of fields are described");
    let words: Vec<String> = all
        .iter()
        .flat_map(|one| match one["enum"].as_array() {
            Some(words) => words.clone(),
            None => one["required"].as_array().cloned().unwrap_or_default(),
        })
        .map(|word| word.as_str().expect("a word").to_owned())
        .collect();
    assert!(words.len() >= 14, "the kinds are found: {words:?}");
    words
}

/// The word of a kind as it is sent: `"text"`, `{"reference": "person"}`.
pub fn word(kind: &Value) -> &str {
    let carrying = || kind.as_object().and_then(|carried| carried.keys().next()).map(String::as_str);
    kind.as_str().or_else(carrying).expect("a kind")
}

/// A kind of that word with what it carries; references lead to records of `target`.
pub fn kind(word: &str, target: &str) -> Value {
    let choices = json!([{ "key": "dark_red", "label": "Ciemny czerwony" }, { "key": "blue", "label": "Niebieski, morski" }]);
    match word {
        "choice" | "multi_choice" => json!({ word: choices }),
        "reference" => json!({ word: target }),
        plain => json!(plain),
    }
}

/// A value of a kind.
pub fn sample(kind: &Value, habit: &Habit<'_>) -> Sample {
    let Habit { number, second, target } = habit;
    let plain = |first: &str, other: &str| {
        let text = if *second { other } else { first };
        Sample { value: json!(text), cell: text.to_owned() }
    };
    match word(kind) {
        "text" => plain("Żółw, \"gęś\"; ość", "-2 and what follows"),
        "long_text" => plain("First line\nand a \"second\"", "Other,\n\nafter an empty line"),
        "number" => plain("12", "-7.5"),
        "percent" => plain("12.5", "0.25"),
        "money" => {
            let amount = if *second { "0.05" } else { "1250.00" };
            Sample { value: json!({ "amount": amount, "currency": "PLN" }), cell: format!("{amount} PLN") }
        }
        "date" => plain("1980-05-06", "2024-02-29"),
        "date_time" => plain("2026-11-25T09:30:00Z", "2026-07-01T22:15:00Z"),
        "boolean" => Sample { value: json!(!second), cell: (!second).to_string() },
        "email" => plain(&format!("kit{number}@example.org"), &format!("other{number}@example.org")),
        "phone" => plain(&format!("+48601{number:06}"), &format!("+48602{number:06}")),
        "url" => plain("https://kit.example/a?b=c,d", "http://other.example"),
        "choice" => {
            let key = words(kind, "choice").into_iter().cycle().nth(usize::from(*second)).expect("a word");
            Sample { cell: key.as_str().expect("a key").to_owned(), value: key }
        }
        "multi_choice" => {
            let chosen: Vec<Value> = words(kind, "multi_choice").into_iter().skip(usize::from(*second)).collect();
            let cell: Vec<&str> = chosen.iter().filter_map(Value::as_str).collect();
            Sample { cell: cell.join("; "), value: json!(chosen) }
        }
        "reference" => {
            let id = target(kind["reference"].as_str().expect("a type"));
            Sample { cell: id.as_str().expect("an id").to_owned(), value: id }
        }
        other => panic!("say what a field of kind {other} may hold"),
    }
}

/// The keys of the words of a choice.
fn words(kind: &Value, word: &str) -> Vec<Value> {
    kind[word].as_array().expect("words").iter().map(|one| one["key"].clone()).collect()
}

/// What is no value of a kind.
pub fn wrong(word: &str) -> Value {
    match word {
        "text" => json!("x".repeat(501)),
        "long_text" => json!("x".repeat(20_001)),
        "reference" => json!(uuid::Uuid::now_v7()),
        "url" => json!("javascript:alert(1)"),
        _ => json!("neither"),
    }
}

/// What modules want in a form of their own, which no kind tells.
pub fn of_form(key: &str, number: u32) -> Option<String> {
    match key {
        "country" => Some("PL".into()),
        "language" => Some("pl".into()),
        "tax_id" => Some(format!("KIT{number:06}")),
        // Whole days.
        "payment_days" => Some("14".into()),
        // A deal begins in an open one.
        "stage" => Some("open".into()),
        _ => None,
    }
}
