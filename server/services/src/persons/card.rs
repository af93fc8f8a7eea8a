//! A human with everything that stands on their page.

use chrono::NaiveDate;
use platform::{
    Result,
    id::{EntityId, UserId},
    input::Input,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    PersonInput, filled,
    lifecycle::{Held, PersonAlert, PersonFact, Stage},
    normal_phone,
};
use crate::{companies::CompanyRole, consents::Consent, merge::Merged, tags::RecordTag};

/// How many further addresses and numbers somebody has at most.
const MOST: usize = 50;

/// What a further way to somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    #[default]
    Email,
    Phone,
    /// Postal.
    Address,
    /// A page in a social network.
    Profile,
}

impl ContactKind {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Email, Self::Phone, Self::Address, Self::Profile];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Profile => "profile",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A further way to somebody, beside the first e-mail address and number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Which one it is; made by the caller, or none for a new one.
    #[serde(default)]
    pub id: Option<EntityId>,
    pub kind: ContactKind,
    /// In people's own words: home, work.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub label: String,
    /// The address or number (kept in E.164); of a postal address the street.
    #[schema(min_length = 1, max_length = 300)]
    pub value: String,
    #[serde(default)]
    #[schema(max_length = 20)]
    pub postcode: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub city: String,
    /// ISO 3166, or empty.
    #[serde(default)]
    pub country: String,
}

/// What is typed about a human.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonDetails {
    /// Made by the caller, so that a retry makes no second person. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 100)]
    pub given_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub family_name: String,
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// The first e-mail address; further ones are contacts.
    #[serde(default)]
    pub email: Option<String>,
    /// The first number; one without a country is of the organization's own.
    #[serde(default)]
    pub phone: Option<String>,
    /// Two letters: the language to speak to them in.
    #[serde(default)]
    pub language: Option<String>,
    /// PESEL or the like. Left as it is where one may not see it.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub national_id: Option<String>,
    /// Who looks after them; whoever creates them if not given.
    #[serde(default)]
    pub owner: Option<UserId>,
    /// All further addresses and numbers: those that are missing are taken away.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub contacts: Vec<Contact>,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

impl PersonDetails {
    /// The part that every product knows.
    pub fn person(&self) -> PersonInput {
        PersonInput {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            birth_date: self.birth_date,
            email: self.email.clone(),
            phone: self.phone.clone(),
            language: self.language.clone(),
        }
    }

    /// The national id in capitals and without spaces.
    pub fn national_id(&self) -> Option<String> {
        let text = filled(self.national_id.as_deref())?;
        Some(text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase())
    }

    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`, naming every field at fault: `contacts.0.value`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        if let Some(id) = self.national_id() {
            let right = (4..=30).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
            input.check(right, "national_id", "pattern", "A national id is 4 to 30 letters and digits.");
        }
        input.check(self.contacts.len() <= MOST, "contacts", "too_long", "There are too many addresses and numbers.");
        for (place, contact) in self.contacts.iter().enumerate() {
            contact.check(&mut input, &format!("contacts.{place}."));
        }
        // All at once: who is told of the name first would otherwise hear of the numbers later.
        match (self.person().check(), input.finish()) {
            (Err(platform::Error::Invalid(mut errors)), Err(platform::Error::Invalid(more))) => {
                errors.extend(more);
                Err(platform::Error::Invalid(errors))
            }
            (person, rest) => person.and(rest),
        }
    }
}

impl Contact {
    fn check(&self, input: &mut Input, at: &str) {
        let field = |name: &str| [at, name].concat();
        input.text(&field("label"), self.label.trim(), 0, 60);
        input.text(&field("value"), self.value.trim(), 1, 300);
        input.text(&field("postcode"), self.postcode.trim(), 0, 20);
        input.text(&field("city"), self.city.trim(), 0, 100);
        let country = self.country.is_empty() || (self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase()));
        input.check(country, &field("country"), "country", "A country is two capital letters.");
        match self.kind {
            ContactKind::Email => input.email(&field("value"), self.value.trim()),
            ContactKind::Phone => {
                let right = normal_phone(&self.value).is_some();
                input.check(right, &field("value"), "phone", "This is not a telephone number.");
            }
            ContactKind::Address | ContactKind::Profile => {}
        }
    }
}

/// A human as their page shows them: what every product knows, as far as the reader may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonCard {
    pub id: EntityId,
    /// `person`, or the type of the product that extends them: `gabinet:patient`.
    pub entity_type: String,
    pub given_name: String,
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    /// E.164 where it could be read as such.
    pub phone: Option<String>,
    pub language: Option<String>,
    /// None also for those who may not see it.
    pub national_id: Option<String>,
    /// Whether whoever asks may see the national id.
    pub sees_national_id: bool,
    pub owner: Option<UserId>,
    pub owner_name: Option<String>,
    pub contacts: Vec<Contact>,
    /// Computed from what the products hold.
    pub roles: Vec<String>,
    pub stage: Stage,
    /// What the stage follows from; none for a visitor.
    pub because: Option<Held>,
    /// What the products hold.
    pub held: Vec<Held>,
    /// What the products tell.
    pub facts: Vec<PersonFact>,
    /// What the products warn of.
    pub alerts: Vec<PersonAlert>,
    /// What they are to companies.
    pub companies: Vec<CompanyRole>,
    /// What they have agreed to, as it is now.
    pub consents: Vec<Consent>,
    /// Records that were merged into this one.
    pub merged: Vec<Merged>,
    /// What a change must name (R18).
    pub version: i32,
    /// Whether whoever asks may change it.
    pub may_write: bool,
    /// Whether whoever asks may merge.
    pub may_merge: bool,
}

/// A human in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonRow {
    pub id: EntityId,
    pub given_name: String,
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub owner_name: Option<String>,
    pub roles: Vec<String>,
    pub stage: Stage,
    pub because: Option<Held>,
    pub tags: Vec<RecordTag>,
    /// What the products warn of.
    pub alerts: Vec<PersonAlert>,
}

/// Which humans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonQuery {
    /// Name, number or address; empty for all.
    pub q: String,
    /// `lead`, `patient` …; empty for all.
    pub role: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contact_at_fault_is_named_by_its_place() {
        let details = PersonDetails {
            family_name: "Nowak".into(),
            national_id: Some("!".into()),
            contacts: vec![
                Contact { value: "anna@lipowa.example".into(), ..Contact::default() },
                Contact { value: "anna".into(), ..Contact::default() },
                Contact { kind: ContactKind::Phone, value: "none".into(), country: "pl".into(), ..Contact::default() },
            ],
            ..PersonDetails::default()
        };
        let Err(platform::Error::Invalid(errors)) = details.check() else { panic!("nothing was found") };
        let found: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(found, ["given_name", "national_id", "contacts.1.value", "contacts.2.country", "contacts.2.value"]);
    }
}
