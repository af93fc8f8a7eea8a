//! Languages and what the generated texts are made of. Texts themselves stand in each UI crate's `locales/*.json`;
//! see the crate `texts_build` for how they become functions.

use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

/// Brings the module `words` with this crate's texts; its `build.rs` must call `texts_build::generate()`.
#[macro_export]
macro_rules! texts {
    () => {
        include!(concat!(env!("OUT_DIR"), "/words.rs"));
    };
}

/// A language of the screens. Changing it loads the page anew, so it is a plain value and no signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Pl,
}

impl Lang {
    /// In the order in which they are offered.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Pl];

    /// The BCP 47 code, for `<html lang>`, cookies and the user's settings.
    pub fn code(self) -> &'static str {
        self.of("en", "pl")
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        self.of("English", "Polski")
    }

    /// Reads `pl`, `pl-PL`, `EN_us`; none for other languages.
    pub fn from_code(code: &str) -> Option<Lang> {
        let primary = code.trim().split(['-', '_']).next()?;
        Lang::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }

    /// The best of what a browser's `Accept-Language` asks for; its order is trusted, weights are not read.
    pub fn from_accepted(header: &str) -> Option<Lang> {
        header.split(',').find_map(|part| Lang::from_code(part.split(';').next()?))
    }

    /// The one of two texts that is in this language.
    #[inline]
    pub fn of(self, english: &'static str, polish: &'static str) -> &'static str {
        match self {
            Lang::En => english,
            Lang::Pl => polish,
        }
    }
}

/// The language of the screens, from the context that the frame provides; English without one.
pub fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

/// Puts values in the place of `{name}`; used by generated code.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        filled.push_str(&rest[..open]);
        let name = &rest[open + 1..open + close];
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = &rest[open + close + 1..];
    }
    filled.push_str(rest);
    filled
}

/// Looks a key up among keys with their English and Polish texts, all with a zero between them: one text, because a table
/// of texts is as many pointers for the browser to load. Used by generated code.
pub fn find(table: &'static str, lang: Lang, key: &str) -> Option<&'static str> {
    let mut words = table.split('\0');
    loop {
        let (known, english, polish) = (words.next()?, words.next()?, words.next()?);
        if known == key {
            return Some(lang.of(english, polish));
        }
    }
}

/// The English plural form for a count; used by generated code.
pub fn english(n: i64, one: &'static str, other: &'static str) -> &'static str {
    if n == 1 { one } else { other }
}

/// The Polish plural form for a count: 1 wizyta, 2 wizyty, 5 wizyt, 12 wizyt, 22 wizyty; used by generated code.
pub fn polish(n: i64, one: &'static str, few: &'static str, many: &'static str) -> &'static str {
    let (tens, ones) = (n.unsigned_abs() % 100, n.unsigned_abs() % 10);
    match (n, tens, ones) {
        (1, ..) => one,
        (_, 12..=14, _) => many,
        (_, _, 2..=4) => few,
        _ => many,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_wish_for_polish_is_understood() {
        assert_eq!(Lang::from_accepted("de-AT,pl-PL;q=0.9,en;q=0.8"), Some(Lang::Pl));
        assert_eq!(Lang::from_accepted("*"), None);
    }

    #[test]
    fn polish_counts_as_poles_do() {
        let form = |n| polish(n, "wizyta", "wizyty", "wizyt");
        assert_eq!(
            [1, 2, 4, 5, 11, 12, 14, 21, 22, 101, 112, 0].map(form).join(" "),
            "wizyta wizyty wizyty wizyt wizyt wizyt wizyt wizyt wizyty wizyt wizyt wizyt"
        );
    }

    #[test]
    fn placeholders_are_filled_wherever_they_stand() {
        assert_eq!(fill("{time}: {who} → {time}", &[("time", "13:15"), ("who", "Dr Lis")]), "13:15: Dr Lis → 13:15");
    }
}
