//! The Rust source of the module `words`.

use crate::catalogue::Text;
use std::collections::BTreeMap;
use std::fmt::Write;

type Catalogue = BTreeMap<String, Text>;

/// Words of Rust that may be names only with `r#`.
const RAW: [&str; 38] = [
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "false", "fn", "for", "gen", "if", "impl", "in",
    "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait", "true", "type", "unsafe", "use",
    "where", "while", "yield", "abstract", "final",
];

/// Whether a key can be a function's or an argument's name.
pub fn is_name(key: &str) -> bool {
    let mut letters = key.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && !matches!(key, "self" | "super" | "crate" | "by_key")
}

fn name(key: &str) -> String {
    if RAW.contains(&key) { format!("r#{key}") } else { key.into() }
}

/// The module's source, or everything in which the two languages differ.
pub fn write(english: &Catalogue, polish: &Catalogue) -> Result<String, Vec<String>> {
    let faults = differences(english, polish);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut code = String::from(
        "/// This crate's texts: see `texts_build`.\n\
         #[allow(dead_code, clippy::all)]\n\
         pub mod words {\n    use ::ui::text::Lang;\n\n",
    );
    let mut keyed = Vec::new();
    let labels_only = english.keys().any(|key| key.starts_with("labels."));
    for (key, text) in english {
        let Some(other) = polish.get(key) else { continue };
        let label = key.strip_prefix("labels.");
        let short = label.unwrap_or(key);
        if is_name(short) {
            function(&mut code, short, text, other);
        }
        if let (Text::Plain(en), Text::Plain(pl)) = (text, other)
            && text.placeholders().is_empty()
            && (label.is_some() || !labels_only)
        {
            keyed.push((short, en, pl));
        }
    }
    keyed.sort();
    let keyed: Vec<String> = keyed.into_iter().map(|(key, en, pl)| [key, en, pl].join("\0")).collect();
    let _ = writeln!(code, "    static KEYED: &str = {:?};\n", keyed.join("\0"));
    code.push_str(
        "    /// A plain text by a name that is only known at run time.\n    \
         pub fn by_key(lang: Lang, key: &str) -> Option<&'static str> {\n        ::ui::text::find(KEYED, lang, key)\n    }\n}\n",
    );
    Ok(code)
}

fn function(code: &mut String, key: &str, english: &Text, polish: &Text) {
    let _ = writeln!(code, "    /// {}", sample(english));
    let arguments = english.placeholders();
    let name = name(key);
    match (english, polish) {
        (Text::Plain(en), Text::Plain(pl)) if arguments.is_empty() => {
            let _ = writeln!(code, "    pub fn {name}(lang: Lang) -> &'static str {{ lang.of({en:?}, {pl:?}) }}\n");
        }
        (Text::Plain(en), Text::Plain(pl)) => {
            let _ = writeln!(
                code,
                "    pub fn {name}(lang: Lang, {}) -> String {{ ::ui::text::fill(lang.of({en:?}, {pl:?}), &[{}]) }}\n",
                typed(&arguments),
                pairs(&arguments)
            );
        }
        (Text::Plural(en), Text::Plural(pl)) => {
            let further = &arguments[1..];
            let comma = if further.is_empty() { "" } else { ", " };
            let form = |forms: &BTreeMap<String, String>, form: &str, instead: &str| {
                forms.get(form).or_else(|| forms.get(instead)).cloned().unwrap_or_default()
            };
            let _ = writeln!(
                code,
                "    pub fn {name}(lang: Lang, n: i64{comma}{}) -> String {{\n        \
                 let text = lang.of(::ui::text::english(n, {:?}, {:?}), ::ui::text::polish(n, {:?}, {:?}, {:?}));\n        \
                 ::ui::text::fill(text, &[(\"n\", &n.to_string()){comma}{}])\n    }}\n",
                typed(further),
                form(en, "one", "other"),
                form(en, "other", "one"),
                form(pl, "one", "many"),
                form(pl, "few", "many"),
                form(pl, "many", "other"),
                pairs(further),
            );
        }
        // Told as a difference before.
        _ => {}
    }
}

/// What the text says, for the function's documentation.
fn sample(text: &Text) -> String {
    let text = match text {
        Text::Plain(text) => text.as_str(),
        Text::Plural(forms) => forms.get("other").map_or("", String::as_str),
    };
    text.replace('\n', " ").replace('[', "\\[")
}

fn typed(arguments: &[String]) -> String {
    arguments.iter().map(|argument| format!("{}: &str", name(argument))).collect::<Vec<_>>().join(", ")
}

fn pairs(arguments: &[String]) -> String {
    arguments.iter().map(|argument| format!("({argument:?}, {})", name(argument))).collect::<Vec<_>>().join(", ")
}

fn differences(english: &Catalogue, polish: &Catalogue) -> Vec<String> {
    let mut faults = Vec::new();
    for key in english.keys().filter(|key| !polish.contains_key(*key)) {
        faults.push(format!("`{key}` is missing in Polish"));
    }
    for key in polish.keys().filter(|key| !english.contains_key(*key)) {
        faults.push(format!("`{key}` is missing in English"));
    }
    for (key, text) in english {
        let Some(other) = polish.get(key) else { continue };
        let sorted = |text: &Text| {
            let mut names = text.placeholders();
            names.sort();
            names
        };
        match (text, other) {
            (Text::Plain(_), Text::Plain(_)) | (Text::Plural(_), Text::Plural(_)) if sorted(text) == sorted(other) => {}
            (Text::Plain(_), Text::Plain(_)) | (Text::Plural(_), Text::Plural(_)) => {
                faults.push(format!("`{key}` has other placeholders in Polish"))
            }
            _ => faults.push(format!("`{key}` counts in one language only")),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::read;

    fn both(english: &str, polish: &str) -> Result<String, Vec<String>> {
        write(&read(english, &["one", "other"]).unwrap(), &read(polish, &["one", "few", "many"]).unwrap())
    }

    #[test]
    fn a_key_missing_in_one_language_ends_the_build() {
        let faults = both(r#"{"save": "Save", "undo": "Undo"}"#, r#"{"save": "Zapisz", "cofnij": "Cofnij"}"#).unwrap_err();
        assert_eq!(faults, ["`undo` is missing in Polish", "`cofnij` is missing in English"]);
    }

    #[test]
    fn differing_placeholders_end_the_build() {
        let faults = both(r#"{"moved": "Moved to {time}"}"#, r#"{"moved": "Przeniesiono na {czas}"}"#).unwrap_err();
        assert_eq!(faults, ["`moved` has other placeholders in Polish"]);
    }

    #[test]
    fn texts_become_functions_and_labels_are_found_by_key() {
        let code = both(
            r#"{"move": "Move", "labels": {"crm:call": "Call", "leads": "Leads"}}"#,
            r#"{"move": "Przenieś", "labels": {"crm:call": "Telefon", "leads": "Leady"}}"#,
        )
        .unwrap();
        assert!(code.contains(r#"pub fn r#move(lang: Lang) -> &'static str { lang.of("Move", "Przenieś") }"#));
        assert!(code.contains("pub fn leads("));
        assert!(code.contains(r#""crm:call\0Call\0Telefon\0leads\0Leads\0Leady""#), "{code}");
    }
}
