//! One language's texts as they stand in its file.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Names of plural forms; an object with one of these and nothing else is a plural.
const FORMS: [&str; 4] = ["one", "few", "many", "other"];

/// One text.
#[derive(Debug, PartialEq)]
pub enum Text {
    Plain(String),
    /// By plural form.
    Plural(BTreeMap<String, String>),
}

impl Text {
    /// The placeholders in order of their first appearance; a plural's number comes first.
    pub fn placeholders(&self) -> Vec<String> {
        let mut found = Vec::new();
        match self {
            Text::Plain(text) => placeholders(text, &mut found),
            Text::Plural(forms) => {
                found.push("n".into());
                // In a fixed order, so that languages with different forms agree.
                for form in ["other", "many", "few", "one"] {
                    if let Some(text) = forms.get(form) {
                        placeholders(text, &mut found);
                    }
                }
            }
        }
        found
    }
}

fn placeholders(text: &str, found: &mut Vec<String>) {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { return };
        let name = rest[open + 1..open + close].to_string();
        if !found.contains(&name) {
            found.push(name);
        }
        rest = &rest[open + close + 1..];
    }
}

/// All texts of a file by key, groups joined with dots. `forms` are the plural forms its language must give.
pub fn read(json: &str, forms: &[&str]) -> Result<BTreeMap<String, Text>, String> {
    let Value::Object(root) = serde_json::from_str(json).map_err(|error| error.to_string())? else {
        return Err("is no object".into());
    };
    let mut texts = BTreeMap::new();
    group(&root, "", forms, &mut texts)?;
    Ok(texts)
}

fn group(object: &Map<String, Value>, prefix: &str, forms: &[&str], texts: &mut BTreeMap<String, Text>) -> Result<(), String> {
    for (key, value) in object {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let text = match value {
            Value::String(text) => Text::Plain(checked(&key, text)?),
            Value::Object(inner) if inner.keys().all(|form| FORMS.contains(&form.as_str())) && !inner.is_empty() => {
                plural(&key, inner, forms)?
            }
            Value::Object(inner) => {
                group(inner, &key, forms, texts)?;
                continue;
            }
            _ => return Err(format!("{key} is neither a text nor an object")),
        };
        if texts.insert(key.clone(), text).is_some() {
            return Err(format!("{key} stands there twice"));
        }
    }
    Ok(())
}

fn plural(key: &str, object: &Map<String, Value>, forms: &[&str]) -> Result<Text, String> {
    let mut given = BTreeMap::new();
    for (form, value) in object {
        let text = value.as_str().ok_or_else(|| format!("{key}.{form} is no text"))?;
        given.insert(form.clone(), checked(key, text)?);
    }
    match forms.iter().find(|form| !given.contains_key(**form)) {
        Some(missing) => Err(format!("{key} has no form `{missing}`")),
        None => Ok(Text::Plural(given)),
    }
}

/// Refuses placeholders that could not be an argument's name.
fn checked(key: &str, text: &str) -> Result<String, String> {
    if text.matches('{').count() != text.matches('}').count() {
        return Err(format!("{key} has an open brace"));
    }
    let mut found = Vec::new();
    placeholders(text, &mut found);
    match found.iter().find(|name| !crate::code::is_name(name)) {
        Some(name) => Err(format!("{key} has the placeholder {{{name}}}, which is no name")),
        None => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_joined_with_dots_and_plurals_are_not_groups() {
        let texts =
            read(r#"{"rule": {"busy": "Taken"}, "visits": {"one": "{n} visit", "other": "{n} visits of {who}"}}"#, &["one", "other"])
                .unwrap();
        assert_eq!(texts["rule.busy"], Text::Plain("Taken".into()));
        assert_eq!(texts["visits"].placeholders(), ["n", "who"]);
    }

    #[test]
    fn a_missing_plural_form_is_named() {
        let fault = read(r#"{"visits": {"one": "wizyta", "other": "wizyty"}}"#, &["one", "few", "many"]).unwrap_err();
        assert_eq!(fault, "visits has no form `few`");
    }
}
