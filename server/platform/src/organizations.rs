//! Organizations: the tenants. Everything else belongs to one of them.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub use sql::{create, get, today, update};
#[cfg(feature = "ssr")]
pub(crate) use sql::{create_as, record};

use crate::error::Result;
use crate::id::OrganizationId;
use crate::input::Input;
use crate::money::Currency;

/// Entity type of the record that stands for the organization itself; its id is the organization's.
pub const ENTITY_TYPE: &str = "organization";
/// What an organization can be.
pub const KINDS: [&str; 3] = ["clinic", "company", "agency"];
/// The languages of the application.
pub const LOCALES: [&str; 2] = ["en", "pl"];

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    /// Its name in addresses; never changes.
    pub slug: String,
    /// `clinic`, `company` or `agency`.
    pub kind: String,
    /// ISO 3166, two capital letters.
    pub country: String,
    /// ISO 4217, three capital letters.
    pub currency: String,
    /// `en` or `pl`.
    pub locale: String,
    /// IANA name; the zone of its new locations.
    pub zone: String,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about an organization when it is made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationDetails {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// `clinic`, `company` or `agency`.
    #[serde(default = "clinic")]
    pub kind: String,
    /// ISO 3166, two capital letters.
    #[schema(pattern = "^[A-Z]{2}$", example = "PL")]
    pub country: String,
    /// ISO 4217, three capital letters.
    #[schema(pattern = "^[A-Z]{3}$", example = "PLN")]
    pub currency: String,
    /// `en` or `pl`.
    #[serde(default = "english")]
    pub locale: String,
    /// IANA name: `Europe/Warsaw`.
    #[schema(min_length = 1, max_length = 64)]
    pub zone: String,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

fn clinic() -> String {
    "clinic".into()
}

fn english() -> String {
    "en".into()
}

impl OrganizationDetails {
    /// What can be told without a list of zones; the server checks the zone as well.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 200);
        input.one_of("kind", &self.kind, &KINDS);
        let country = self.country.len() == 2 && self.country.bytes().all(|letter| letter.is_ascii_uppercase());
        input.check(country, "country", "country", "A country is two capital letters.");
        let currency = self.currency.parse::<Currency>().is_ok();
        input.check(currency, "currency", "currency", "A currency is three capital letters.");
        input.one_of("locale", &self.locale, &LOCALES);
        input.text("zone", &self.zone, 1, 64);
        input.finish()
    }
}

/// A name in small letters, digits and dashes, for addresses; `organization` where nothing is left of it.
#[cfg(feature = "ssr")]
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'ą' => 'a',
            'ć' => 'c',
            'ę' => 'e',
            'ł' => 'l',
            'ń' => 'n',
            'ó' => 'o',
            'ś' => 's',
            'ź' | 'ż' => 'z',
            other => other,
        };
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(50);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { ENTITY_TYPE.into() } else { slug.into() }
}

#[cfg(all(test, feature = "ssr"))]
mod names {
    use super::*;

    #[test]
    fn an_address_is_made_from_the_name() {
        assert_eq!(slug("Klinika Lipowa"), "klinika-lipowa");
        assert_eq!(slug("  Żółć & Syn, sp. z o.o. "), "zolc-syn-sp-z-o-o");
        assert_eq!(slug("診所"), "organization");
    }
}
