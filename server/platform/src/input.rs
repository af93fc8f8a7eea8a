//! Checking what people and programs send, before the database is asked: all fields at fault are named at once.

use chrono::Datelike;
use email_address::{EmailAddress, Options};

use crate::error::{Error, FieldError, Result};

/// Whether a character leaves no mark: spaces, controls, joiners, fillers and marks of direction.
fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Collects the fields at fault.
#[derive(Debug, Default)]
pub struct Input {
    errors: Vec<FieldError>,
}

impl Input {
    /// Nothing is wrong so far.
    pub fn new() -> Input {
        Input::default()
    }

    /// Notes a fault unless `right`.
    pub fn check(&mut self, right: bool, field: &str, code: &str, message: impl Into<String>) {
        if !right {
            self.errors.push(FieldError { field: field.into(), code: code.into(), message: message.into() });
        }
    }

    /// A text of so many characters; one that is needed shows at least one. The character NUL is refused everywhere: the database cannot keep it.
    pub fn text(&mut self, field: &str, text: &str, shortest: usize, longest: usize) {
        let length = text.chars().count();
        if shortest > 0 && text.chars().all(is_invisible) {
            self.check(false, field, "required", "This is needed.");
        } else if length < shortest {
            self.check(false, field, "too_short", format!("At least {shortest} characters are needed."));
        } else if length > longest {
            self.check(false, field, "too_long", format!("At most {longest} characters are possible."));
        }
        self.check(!text.contains('\0'), field, "character", "The character NUL is not possible.");
    }

    /// A plain e-mail address, without a name beside it.
    pub fn email(&mut self, field: &str, address: &str) {
        let options = Options::default().without_display_text().without_domain_literal();
        let right = address.len() <= 254 && !address.contains('\0') && EmailAddress::parse_with_options(address, options).is_ok();
        self.check(right, field, "email", "This is not an e-mail address.");
    }

    /// A date or an instant in a year for which there are clinics. chrono and RFC 3339 reach further than the database,
    /// and at their ends a day more or an hour less is no longer to be told.
    pub fn year(&mut self, field: &str, at: &impl Datelike) {
        self.check((1970..=2200).contains(&at.year()), field, "range", "The year must lie between 1970 and 2200.");
    }

    /// One of these words.
    pub fn one_of(&mut self, field: &str, word: &str, words: &[&str]) {
        self.check(words.contains(&word), field, "choice", format!("One of {} is needed.", words.join(", ")));
    }

    /// All faults together, if there are any.
    pub fn finish(self) -> Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_named_at_once() {
        let mut input = Input::new();
        input.text("name", "", 1, 10);
        input.text("note", "a\0b", 0, 2);
        input.email("email", "Anna <anna@lipowa.example>");
        input.one_of("kind", "shop", &["clinic"]);
        let Err(Error::Invalid(errors)) = input.finish() else { panic!("nothing was found") };
        let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        let expected = [("name", "required"), ("note", "too_long"), ("note", "character"), ("email", "email"), ("kind", "choice")];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_ends_of_the_calendar_are_out_of_range() {
        let mut input = Input::new();
        input.year("first", &chrono::NaiveDate::MIN);
        input.year("last", &chrono::DateTime::<chrono::Utc>::MAX_UTC);
        input.year("today", &chrono::DateTime::UNIX_EPOCH);
        let Err(Error::Invalid(errors)) = input.finish() else { panic!("nothing was found") };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["first", "last"]);
    }

    #[test]
    fn a_name_that_nobody_sees_is_none() {
        for unseen in ["\u{200b}", "\u{feff}\u{2060} ", "\u{3164}", "\u{200d}\u{fe0f}", "\u{2800}\u{ad}"] {
            let mut input = Input::new();
            input.text("name", unseen, 1, 200);
            input.text("note", unseen, 0, 200);
            let Err(Error::Invalid(errors)) = input.finish() else { panic!("{unseen:?} is a name") };
            assert_eq!(errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect::<Vec<_>>(), [("name", "required")]);
        }
        let mut input = Input::new();
        input.text("name", "\u{200e}張偉 👩\u{200d}⚕\u{fe0f}", 1, 200);
        assert!(input.finish().is_ok());
    }

    #[test]
    fn ordinary_input_passes() {
        let mut input = Input::new();
        input.text("name", "Łukasz Żółć", 1, 11);
        input.email("email", "anna.nowak+desk@lipowa.example");
        assert!(input.finish().is_ok());
    }
}
