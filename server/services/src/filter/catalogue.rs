//! Which fields there are for whoever asks. What is not in the catalogue cannot be asked for: it is the white list from
//! which all SQL of a filter is made.

use platform::id::{FieldId, UserId};

use crate::records::Kind;

/// The word for a reference to somebody who signs in rather than to a record.
pub const USER: &str = "user";

/// The types that a filter touches, with the fields that who asks may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    pub types: Vec<Type>,
}

/// A type of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// `crm:lead`.
    pub key: String,
    /// The tables its fields are read from; `r` has `organization_id` and `id`. The registry is joined to it as `entity`.
    pub from: String,
    pub fields: Vec<Field>,
    /// Whose records who asks is told of; none for all.
    pub owners: Option<Vec<UserId>>,
}

/// A field of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub key: String,
    pub kind: Kind,
    pub source: Source,
}

/// How the database reads a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An expression over the type's tables.
    Sql(String),
    /// Minor units and currency, each an expression over the type's tables.
    Money { minor: String, currency: String },
    /// Rows of `field_values`.
    Custom(FieldId),
}

impl Catalogue {
    /// The type of that key.
    pub fn of(&self, key: &str) -> Option<&Type> {
        self.types.iter().find(|found| found.key == key)
    }
}

impl Type {
    /// The field of that key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// The tests that fields of a kind take, by their names on the wire, in the order in which they are offered.
pub fn tests_of(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url => {
            &["contains", "not_contains", "starts_with", "is", "is_not", "one_of", "none_of", "empty", "not_empty"]
        }
        Kind::Number | Kind::Percent | Kind::Money => {
            &["is", "is_not", "more", "at_least", "less", "at_most", "between", "empty", "not_empty"]
        }
        Kind::Date | Kind::DateTime => &["within", "on", "before", "after", "between", "empty", "not_empty"],
        Kind::Choice(_) => &["one_of", "none_of", "is", "is_not", "empty", "not_empty"],
        Kind::MultiChoice(_) => &["one_of", "all_of", "none_of", "is", "is_not", "empty", "not_empty"],
        Kind::Boolean => &["is", "is_not", "empty", "not_empty"],
        Kind::Reference(target) if target == USER => &["me", "not_me", "is", "is_not", "one_of", "none_of", "empty", "not_empty"],
        Kind::Reference(_) => &["is", "is_not", "one_of", "none_of", "empty", "not_empty"],
    }
}
