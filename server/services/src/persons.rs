//! One record per human, whatever roles products give them. Products extend it: a patient is a person.

mod card;
#[cfg(feature = "ssr")]
mod contract;
pub mod lifecycle;
mod phone;
#[cfg(feature = "ssr")]
mod read;
#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
mod write;
pub use card::{Contact, ContactKind, PersonCard, PersonDetails, PersonQuery, PersonRow};
#[cfg(feature = "ssr")]
pub use contract::{
    Handling, MERGE_FIELDS, MergeField, PersonHooks, REFERENCES, Reference, RepointHook, RoleSource, hooks, references, types,
};
pub use phone::e164;
#[cfg(feature = "ssr")]
pub use read::{alerts, card, find, list, owners};
#[cfg(feature = "ssr")]
pub(crate) use read::{type_of, visible};
#[cfg(feature = "ssr")]
pub use record::SOURCE;
#[cfg(feature = "ssr")]
pub(crate) use sql::country;
#[cfg(feature = "ssr")]
pub use sql::{get, insert, insert_entity, search};
#[cfg(feature = "ssr")]
pub(crate) use write::changed;
#[cfg(feature = "ssr")]
pub use write::{create, edit, hold, revise};

use chrono::NaiveDate;
use platform::{
    Result,
    id::EntityId,
    input::Input,
    module::{Field, FieldKind},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is known of every human.
pub const FIELDS: &[Field] = &[
    Field { key: "given_name", kind: FieldKind::Text, required: true },
    Field { key: "family_name", kind: FieldKind::Text, required: true },
    Field { key: "birth_date", kind: FieldKind::Date, required: false },
    Field { key: "email", kind: FieldKind::Email, required: false },
    Field { key: "phone", kind: FieldKind::Phone, required: false },
    Field { key: "language", kind: FieldKind::Text, required: false },
];

/// A human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Person {
    pub id: EntityId,
    pub given_name: String,
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    /// E.164 where it could be read as such.
    pub phone: Option<String>,
    pub language: Option<String>,
}

/// What is told about a human.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonInput {
    #[schema(min_length = 1, max_length = 100)]
    pub given_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Two letters: the language to speak to them in.
    pub language: Option<String>,
}

impl PersonInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`, naming every field at fault.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("given_name", self.given_name.trim(), 1, 100);
        input.text("family_name", self.family_name.trim(), 1, 100);
        if let Some(email) = filled(self.email.as_deref()) {
            input.email("email", email);
        }
        if let Some(phone) = filled(self.phone.as_deref()) {
            input.check(normal_phone(phone).is_some(), "phone", "phone", "This is not a telephone number.");
        }
        if let Some(language) = filled(self.language.as_deref()) {
            let right = language.len() == 2 && language.bytes().all(|letter| letter.is_ascii_lowercase());
            input.check(right, "language", "choice", "A language is two small letters.");
        }
        let plausible = |date: NaiveDate| NaiveDate::from_ymd_opt(1880, 1, 1).is_some_and(|first| date >= first);
        input.check(self.birth_date.is_none_or(plausible), "birth_date", "date", "This is not a date of birth.");
        input.finish()
    }

    /// As people say it.
    pub fn name(&self) -> String {
        [self.given_name.trim(), self.family_name.trim()].join(" ")
    }

    /// What the person is found by beside the name; the telephone number in one run of digits, dialled from that country.
    pub fn keywords(&self, country: &str) -> String {
        let phone = filled(self.phone.as_deref()).and_then(|phone| e164(phone, country));
        [phone.as_deref(), filled(self.email.as_deref())].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A text that says something.
pub fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Digits with a leading `+` if there was one or a leading `00`: 6 to 15 of them. None for what is no number.
pub fn normal_phone(text: &str) -> Option<String> {
    let text = text.trim();
    let (plus, rest) = match (text.strip_prefix('+'), text.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => (true, rest),
        (None, None) => (false, text),
    };
    if !rest.chars().all(|c| c.is_ascii_digit() || " -./()".contains(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (6..=15).contains(&digits.len()).then(|| if plus { ["+", &digits].concat() } else { digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_kept_as_digits() {
        assert_eq!(normal_phone("+48 601 224-118").as_deref(), Some("+48601224118"));
        assert_eq!(normal_phone("0048 601224118").as_deref(), Some("+48601224118"));
        assert_eq!(normal_phone("(22) 555 01 01").as_deref(), Some("225550101"));
        assert_eq!(normal_phone("call me"), None);
        assert_eq!(normal_phone("12"), None);
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let input = PersonInput { email: Some("x".into()), phone: Some("y".into()), ..PersonInput::default() };
        let Err(platform::Error::Invalid(errors)) = input.check() else { panic!("nothing was found") };
        assert_eq!(errors.len(), 4);
    }
}
