//! Companies: who belongs to whom, who works there, and on which terms they buy.

#[cfg(feature = "ssr")]
mod hierarchy;
#[cfg(feature = "ssr")]
mod people;
#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use people::{add_person, change_person, of_person, remove_person};
#[cfg(feature = "ssr")]
pub use record::SOURCE;
#[cfg(feature = "ssr")]
pub use sql::{create, get, list, update};

use chrono::NaiveDate;
use platform::{
    Result,
    id::{EntityId, UserId},
    input::Input,
    module::{Field, FieldKind},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::persons::{filled, normal_phone};

/// What a company can be to the organization.
pub const KINDS: [&str; 3] = ["customer", "vendor", "partner"];
/// How many companies stand above one another at most.
pub const DEPTH: i32 = 20;

/// What is declared of companies.
pub const FIELDS: &[Field] = &[
    Field { key: "name", kind: FieldKind::Text, required: true },
    Field { key: "tax_id", kind: FieldKind::Text, required: false },
    Field { key: "parent", kind: FieldKind::Reference("company"), required: false },
    Field { key: "website", kind: FieldKind::Text, required: false },
    Field { key: "email", kind: FieldKind::Email, required: false },
    Field { key: "phone", kind: FieldKind::Phone, required: false },
    Field { key: "street", kind: FieldKind::Text, required: false },
    Field { key: "postcode", kind: FieldKind::Text, required: false },
    Field { key: "city", kind: FieldKind::Text, required: false },
    Field { key: "country", kind: FieldKind::Text, required: false },
    Field { key: "credit_limit", kind: FieldKind::Money, required: false },
    Field { key: "payment_days", kind: FieldKind::Number, required: false },
    Field { key: "notes", kind: FieldKind::LongText, required: false },
];

/// A company in lists, and as others name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct CompanyRow {
    pub id: EntityId,
    pub name: String,
    pub kinds: Vec<String>,
    pub city: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The company above it.
    pub parent_name: Option<String>,
    /// How many people have a role there today.
    pub people: i64,
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Company {
    pub id: EntityId,
    pub name: String,
    /// NIP, VAT number or the like.
    pub tax_id: Option<String>,
    /// `customer`, `vendor`, `partner`: any of them.
    pub kinds: Vec<String>,
    /// The company above it.
    pub parent: Option<EntityId>,
    pub website: String,
    pub email: Option<String>,
    /// E.164 where it could be read as such.
    pub phone: Option<String>,
    pub street: String,
    pub postcode: String,
    pub city: String,
    /// ISO 3166, or empty.
    pub country: String,
    /// Up to how much is owed, in minor units of `currency`; none: no limit was agreed.
    pub credit_limit: Option<i64>,
    pub currency: String,
    /// Days after the invoice in which it is to be paid.
    pub payment_days: Option<i16>,
    pub notes: String,
    pub owner: Option<UserId>,
    /// Those above it, the nearest first.
    pub above: Vec<CompanyName>,
    /// Those directly below it.
    pub below: Vec<CompanyName>,
    /// Who has, had or will have a role there; those whom one may see.
    pub people: Vec<CompanyRole>,
    /// What a change must name (R18).
    pub version: i32,
    /// Whether whoever asks may change it.
    pub may_write: bool,
}

/// A company as another names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct CompanyName {
    pub id: EntityId,
    pub name: String,
}

/// Who somebody is to a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct CompanyRole {
    pub id: EntityId,
    pub company: EntityId,
    pub company_name: String,
    pub person: EntityId,
    pub person_name: String,
    pub role: String,
    pub from_date: Option<NaiveDate>,
    /// The last day.
    pub to_date: Option<NaiveDate>,
}

/// What is typed about somebody's role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyRoleInput {
    /// Made by the caller, so that a retry makes no second one. Only read when adding.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Only read when adding.
    pub person: EntityId,
    #[schema(min_length = 1, max_length = 100)]
    pub role: String,
    #[serde(default)]
    pub from_date: Option<NaiveDate>,
    /// The last day.
    #[serde(default)]
    pub to_date: Option<NaiveDate>,
}

impl CompanyRoleInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("role", self.role.trim(), 1, 100);
        for (field, date) in [("from_date", self.from_date), ("to_date", self.to_date)] {
            if let Some(date) = date {
                input.year(field, &date);
            }
        }
        if let (Some(from), Some(to)) = (self.from_date, self.to_date) {
            input.check(from <= to, "to_date", "order", "It ends before it begins.");
        }
        input.finish()
    }
}

/// What is typed about a company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[schema(max_length = 40)]
    pub tax_id: Option<String>,
    #[serde(default)]
    #[schema(max_items = 3)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub parent: Option<EntityId>,
    #[serde(default)]
    #[schema(max_length = 300)]
    pub website: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    #[schema(max_length = 300)]
    pub street: String,
    #[serde(default)]
    #[schema(max_length = 20)]
    pub postcode: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub city: String,
    #[serde(default)]
    pub country: String,
    /// Minor units of the organization's currency.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub credit_limit: Option<i64>,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365)]
    pub payment_days: Option<i16>,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub notes: String,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

impl CompanyInput {
    /// The tax id in capitals and without spaces.
    pub fn tax_id(&self) -> Option<String> {
        let text = filled(self.tax_id.as_deref())?;
        Some(text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase())
    }

    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`, naming every field at fault.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("name", self.name.trim(), 1, 200);
        if let Some(id) = self.tax_id() {
            let right = (4..=30).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
            input.check(right, "tax_id", "pattern", "A tax id is 4 to 30 letters and digits.");
        }
        for kind in &self.kinds {
            input.one_of("kinds", kind, &KINDS);
        }
        if let Some(email) = filled(self.email.as_deref()) {
            input.email("email", email);
        }
        if let Some(phone) = filled(self.phone.as_deref()) {
            input.check(normal_phone(phone).is_some(), "phone", "phone", "This is not a telephone number.");
        }
        let country = self.country.is_empty() || (self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase()));
        input.check(country, "country", "country", "A country is two capital letters.");
        for (field, text, longest) in [
            ("website", &self.website, 300),
            ("street", &self.street, 300),
            ("postcode", &self.postcode, 20),
            ("city", &self.city, 100),
            ("notes", &self.notes, 10_000),
        ] {
            input.text(field, text.trim(), 0, longest);
        }
        let limit = self.credit_limit.is_none_or(|limit| (0..=100_000_000_000_000).contains(&limit));
        input.check(limit, "credit_limit", "range", "A limit is not negative.");
        let days = self.payment_days.is_none_or(|days| (0..=365).contains(&days));
        input.check(days, "payment_days", "range", "At most 365 days.");
        input.finish()
    }
}
