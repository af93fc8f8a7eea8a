//! The value of a field.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{error::FieldError, id::EntityId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::Decimal;

/// A value of a field. What is empty is `None`, or not there at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text, long text, e-mail, phone, URL.
    Text(String),
    /// Number and percent.
    Number(Decimal),
    /// Minor units of an ISO 4217 currency.
    Money {
        minor: i64,
        currency: String,
    },
    Date(NaiveDate),
    Instant(DateTime<Utc>),
    Bool(bool),
    /// Keys: one of a choice, one or more of a multi-choice in their order.
    Choices(Vec<String>),
    Reference(EntityId),
    /// Why a formula has no value.
    Error(FieldError),
}

/// Values by the keys of their fields.
pub type Values = BTreeMap<String, Value>;

impl Value {
    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// One word of a choice.
    pub fn choice(key: &str) -> Value {
        Value::Choices(vec![key.into()])
    }

    /// As a person reads it without knowing choices' and records' names: for titles, CSV and the log.
    pub fn plain(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Money { minor, currency } => match currency.parse() {
                Ok(currency) => format!("{} {currency}", platform::money::Money::new(*minor, currency).decimal()),
                Err(_) => format!("{minor} {currency}"),
            },
            Value::Date(date) => date.to_string(),
            Value::Instant(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            Value::Bool(yes) => yes.to_string(),
            Value::Choices(keys) => keys.join(", "),
            Value::Reference(id) => id.to_string(),
            Value::Error(error) => format!("#{}", error.code),
        }
    }
}
