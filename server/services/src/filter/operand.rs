//! What a field is compared with, as it is written: its field's kind says how it is read.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;
use utoipa::ToSchema;

/// A value as text: `won`, `12.50`, `100 PLN`, `2026-11-24`, `today-7`, `true`, an id. JSON may write numbers and truth
/// values plainly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Operand(pub String);

impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Operand(text.to_owned())
    }
}

impl From<String> for Operand {
    fn from(text: String) -> Self {
        Operand(text)
    }
}

impl<'de> Deserialize<'de> for Operand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() { deserializer.deserialize_any(Plain) } else { String::deserialize(deserializer).map(Operand) }
    }
}

struct Plain;

impl de::Visitor<'_> for Plain {
    type Value = Operand;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a truth value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Operand, E> {
        Ok(text.into())
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Operand, E> {
        Ok(truth.to_string().into())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Operand, E> {
        Ok(number.to_string().into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Operand, E> {
        Ok(number.to_string().into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Operand, E> {
        Ok(number.to_string().into())
    }
}
