//! Whether a value is one that its field may have.

use platform::{error::FieldError, input::Input};
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

use super::{Field, FieldDetails, Shape};
use crate::{
    persons::normal_phone,
    records::{Decimal, Kind, Value},
};

/// How large a compiled pattern may be: a repetition of repetitions is refused and not run.
const PATTERN_BYTES: usize = 64 * 1024;

/// The pattern of a field, anchored at both ends.
pub(super) fn pattern(text: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{text})$")).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).nest_limit(50).build().ok()
}

fn fault(key: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError { field: key.into(), code: code.into(), message: message.into() }
}

/// A value as it is kept: trimmed, telephone numbers in one run of digits, addresses in small letters.
///
/// # Errors
/// Why the field may not have it, at the field's key.
pub(super) fn value(field: &Field, value: &Value) -> Result<Option<Value>, FieldError> {
    let key = field.key.as_str();
    let kept = match (&field.result, value) {
        (Kind::LongText, Value::Text(text)) => {
            let mut input = Input::new();
            input.text(key, text, 0, 20_000);
            first(input)?;
            Value::Text(text.trim_end().into())
        }
        (Kind::Text | Kind::Email | Kind::Phone | Kind::Url, Value::Text(text)) => Value::Text(text_of(&field.result, key, text.trim())?),
        (Kind::Number | Kind::Percent, Value::Number(_)) | (Kind::Boolean, Value::Bool(_)) => value.clone(),
        (Kind::Money, Value::Money { minor, currency }) => {
            let known = currency.parse::<platform::money::Currency>().is_ok() && minor.checked_abs().is_some();
            known.then(|| value.clone()).ok_or_else(|| fault(key, "money", "This is not an amount of that currency."))?
        }
        (Kind::Date, Value::Date(date)) => {
            let mut input = Input::new();
            input.check((1..=9999).contains(&chrono::Datelike::year(date)), key, "range", "The year must lie between 1 and 9999.");
            first(input)?;
            value.clone()
        }
        (Kind::DateTime, Value::Instant(at)) => {
            let mut input = Input::new();
            input.year(key, at);
            first(input)?;
            value.clone()
        }
        (Kind::Choice(choices) | Kind::MultiChoice(choices), Value::Choices(keys)) => {
            let one = matches!(field.result, Kind::Choice(_));
            let known = keys.iter().all(|key| choices.iter().any(|choice| choice.key == *key));
            let mut once = keys.clone();
            once.sort();
            once.dedup();
            if !known || once.len() != keys.len() || (one && keys.len() > 1) {
                return Err(fault(key, "choice", "One of the choices is needed."));
            }
            value.clone()
        }
        (Kind::Reference(_), Value::Reference(_)) => value.clone(),
        _ => return Err(fault(key, "type", format!("A value of kind {} is needed.", field.result.word()))),
    };
    if is_empty(&kept) {
        return Ok(None);
    }
    range(&field.details, key, &field.result, &kept)?;
    Ok(Some(kept))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        Value::Choices(keys) => keys.is_empty(),
        _ => false,
    }
}

fn first(input: Input) -> Result<(), FieldError> {
    match input.finish() {
        Err(platform::Error::Invalid(mut errors)) if !errors.is_empty() => Err(errors.remove(0)),
        _ => Ok(()),
    }
}

fn text_of(kind: &Kind, key: &str, text: &str) -> Result<String, FieldError> {
    let mut input = Input::new();
    input.text(key, text, 0, 500);
    match kind {
        Kind::Email if !text.is_empty() => input.email(key, text),
        Kind::Url if !text.is_empty() => {
            input.check(is_url(text), key, "url", "This is not a web address: it begins with https:// or http://.")
        }
        Kind::Phone if !text.is_empty() => {
            input.check(normal_phone(text).is_some(), key, "phone", "This is not a telephone number.");
        }
        _ => {}
    }
    first(input)?;
    Ok(match kind {
        Kind::Email => text.to_lowercase(),
        Kind::Phone => normal_phone(text).unwrap_or_default(),
        _ => text.to_owned(),
    })
}

/// An address of the web and nothing that a browser would run.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c))
    })
}

/// Least, most and pattern.
fn range(details: &FieldDetails, key: &str, kind: &Kind, value: &Value) -> Result<(), FieldError> {
    for (bound, wanted) in [(&details.least, std::cmp::Ordering::Less), (&details.most, std::cmp::Ordering::Greater)] {
        let Some(text) = bound.as_deref().filter(|text| !text.trim().is_empty()) else { continue };
        if beyond(kind, value, text) == Some(wanted) {
            let message = if wanted.is_lt() { format!("At least {text}.") } else { format!("At most {text}.") };
            return Err(fault(key, if wanted.is_lt() { "least" } else { "most" }, message));
        }
    }
    if let (Some(text), Value::Text(value)) = (details.pattern.as_deref().filter(|text| !text.is_empty()), value) {
        let right = pattern(text).is_some_and(|pattern| pattern.is_match(value));
        return if right { Ok(()) } else { Err(fault(key, "pattern", "This does not have the form that is wanted.")) };
    }
    Ok(())
}

/// On which side of a bound a value lies; none where they cannot be compared. Of texts the number of letters counts.
fn beyond(kind: &Kind, value: &Value, bound: &str) -> Option<std::cmp::Ordering> {
    let currency = if let Value::Money { currency, .. } = value { currency.as_str() } else { "XXX" };
    if let Value::Text(text) = value {
        let letters = Decimal::from(i64::try_from(text.chars().count()).ok()?);
        return Some(letters.cmp(&bound.parse().ok()?));
    }
    Some(match (value, Value::from_json(kind, &Json::String(bound.into()), currency).ok()??) {
        (Value::Number(a), Value::Number(b)) => a.cmp(&b),
        (Value::Money { minor: a, .. }, Value::Money { minor: b, .. }) => a.cmp(&b),
        (Value::Date(a), Value::Date(b)) => a.cmp(&b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(&b),
        _ => return None,
    })
}

/// What a unique field is compared by: without case, so that two spellings are one.
pub(super) fn unique_key(value: &Value) -> String {
    value.plain().to_lowercase()
}

/// Whether the details of a field make sense, without looking at other fields.
pub(super) fn details(details: &FieldDetails) -> platform::Result<()> {
    let mut input = Input::new();
    input.text("label", details.label.trim(), 1, 100);
    input.text("section", details.section.trim(), 0, 100);
    input.text("help", details.help.trim(), 0, 500);
    for (name, text, longest) in [
        ("pattern", details.pattern.as_deref(), 500),
        ("default", details.default.as_deref(), 2_000),
        ("least", details.least.as_deref(), 60),
        ("most", details.most.as_deref(), 60),
    ] {
        input.text(name, text.unwrap_or_default(), 0, longest);
    }
    for (name, roles) in [("visible_roles", &details.visible_roles), ("editable_roles", &details.editable_roles)] {
        let plain = |role: &String| role.len() <= 60 && role.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        input.check(roles.len() <= 100 && roles.iter().all(plain), name, "choice", "These are not roles.");
    }
    if let Some(text) = details.pattern.as_deref().filter(|text| !text.is_empty()) {
        input.check(pattern(text).is_some(), "pattern", "pattern", "This is not a pattern, or one that would take too long.");
    }
    match &details.shape {
        Shape::Stored(kind) => stored(&mut input, details, kind),
        Shape::Formula(formula) => input.text("formula", formula, 1, crate::formula::LONGEST),
        Shape::RollUp(up) => {
            input.text("source", &up.source, 1, 100);
            input.text("via", &up.via, 1, 60);
        }
    }
    let computed = !matches!(details.shape, Shape::Stored(_));
    input.check(
        !(computed && (details.required || details.unique)),
        "required",
        "computed",
        "What is computed is neither required nor unique.",
    );
    input.finish()
}

fn stored(input: &mut Input, details: &FieldDetails, kind: &Kind) {
    if let Kind::Choice(choices) | Kind::MultiChoice(choices) = kind {
        input.check((1..=super::MOST_CHOICES).contains(&choices.len()), "choices", "required", "Between 1 and 200 choices are needed.");
        let plain = |key: &str| {
            !key.is_empty() && key.len() <= 60 && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let right = |choice: &crate::records::Choice| {
            plain(&choice.key)
                && (1..=100).contains(&choice.label.trim().chars().count())
                && !choice.label.contains('\0')
                && choice.hue.is_none_or(|hue| hue < 360)
        };
        input.check(choices.iter().all(right), "choices", "choice", "A choice has a key of small letters, a name and a hue below 360.");
        let mut keys: Vec<&str> = choices.iter().map(|choice| choice.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        input.check(keys.len() == choices.len(), "choices", "duplicate", "Two choices have the same key.");
    }
    if let Kind::Reference(target) = kind {
        input.text("target", target, 1, 100);
    }
    let comparable = matches!(kind, Kind::Text | Kind::Email | Kind::Phone | Kind::Url | Kind::Number | Kind::Date);
    input.check(!details.unique || comparable, "unique", "kind", "Values of this kind cannot be unique.");
    input.check(
        !(details.unique && details.default.as_deref().is_some_and(|text| !text.is_empty())),
        "default",
        "unique",
        "A unique field has no default.",
    );
    for (name, bound) in [("least", &details.least), ("most", &details.most)] {
        let Some(text) = bound.as_deref().filter(|text| !text.trim().is_empty()) else { continue };
        let right = match kind {
            Kind::Text | Kind::LongText => text.parse::<Decimal>().is_ok(),
            Kind::Number | Kind::Percent | Kind::Money | Kind::Date | Kind::DateTime => {
                matches!(Value::from_json(kind, &Json::String(text.into()), "PLN"), Ok(Some(_)))
            }
            _ => false,
        };
        input.check(right, name, "range", "This is not a bound for values of this kind.");
    }
}
