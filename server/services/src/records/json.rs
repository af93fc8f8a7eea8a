//! Values as programs send and read them: plain JSON by the kind of the field.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value as Json, json};

use super::{FieldInfo, Kind, Record, Value};

/// Why a JSON value is none of a kind: a code that screens translate, and English.
pub type Wrong = (&'static str, &'static str);

impl Value {
    /// As plain JSON: `"text"`, `"12.5"`, `{"amount": "12.50", "currency": "PLN"}`, `["a", "b"]`, `{"error": "division"}`.
    /// A choice of one word is that word; numbers are text, so that no digit is lost.
    pub fn to_json(&self, kind: &Kind) -> Json {
        match self {
            Value::Choices(keys) if matches!(kind, Kind::Choice(_)) => keys.first().map_or(Json::Null, |key| json!(key)),
            Value::Choices(keys) => json!(keys),
            Value::Money { minor, currency } => {
                let amount = currency.parse().map(|c| platform::money::Money::new(*minor, c).decimal());
                json!({ "amount": amount.unwrap_or_else(|_| minor.to_string()), "currency": currency })
            }
            Value::Bool(yes) => json!(yes),
            Value::Instant(at) => json!(at),
            Value::Error(error) => json!({ "error": error.code, "message": error.message }),
            Value::Reference(id) => json!(id),
            Value::Text(_) | Value::Number(_) | Value::Date(_) => json!(self.plain()),
        }
    }

    /// Reads plain JSON as a value of that kind; `null` and an empty text are empty. An amount without a currency is in
    /// `currency`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn from_json(kind: &Kind, json: &Json, currency: &str) -> Result<Option<Value>, Wrong> {
        let text = match json {
            Json::Null => return Ok(None),
            Json::String(text) => Some(text.trim()),
            _ => None,
        };
        if text == Some("") {
            return Ok(None);
        }
        let number = || match (json, text) {
            (Json::Number(number), _) => Some(number.to_string()),
            (_, Some(text)) => Some(text.to_owned()),
            _ => None,
        };
        let value = match kind {
            Kind::Text | Kind::Email | Kind::Phone | Kind::Url => Value::Text(text.ok_or(("text", "A text is needed."))?.to_owned()),
            Kind::LongText => Value::Text(json.as_str().ok_or(("text", "A text is needed."))?.to_owned()),
            Kind::Number | Kind::Percent => {
                let number = number().and_then(|text| text.trim_end_matches('%').parse().ok());
                Value::Number(number.ok_or(("number", "A number of at most 18 digits and 10 places is needed."))?)
            }
            Kind::Money => money(json, number().as_deref(), currency).ok_or(("money", "This is not an amount of that currency."))?,
            Kind::Date => {
                Value::Date(text.and_then(|text| text.parse::<NaiveDate>().ok()).ok_or(("date", "A date is needed: 2026-11-24."))?)
            }
            Kind::DateTime => {
                let at = text.and_then(|text| text.parse::<DateTime<Utc>>().ok());
                Value::Instant(at.ok_or(("instant", "An instant with its offset is needed: 2026-11-24T09:30:00Z."))?)
            }
            Kind::Boolean => Value::Bool(match (json, text) {
                (Json::Bool(yes), _) => *yes,
                (_, Some("true" | "1" | "yes" | "tak")) => true,
                (_, Some("false" | "0" | "no" | "nie")) => false,
                _ => return Err(("boolean", "Yes or no is needed.")),
            }),
            Kind::Choice(_) => Value::choice(text.ok_or(("choice", "One of the choices is needed."))?),
            Kind::MultiChoice(_) => match json {
                Json::Array(items) if items.is_empty() => return Ok(None),
                Json::Array(items) => {
                    let keys: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(|key| key.trim().to_owned())).collect();
                    Value::Choices(keys.ok_or(("choice", "A list of the choices is needed."))?)
                }
                _ => {
                    let text = text.ok_or(("choice", "A list of the choices is needed."))?;
                    Value::Choices(text.split([',', ';']).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect())
                }
            },
            Kind::Reference(_) => {
                Value::Reference(text.and_then(|text| text.parse().ok()).ok_or(("reference", "The id of a record is needed."))?)
            }
        };
        Ok(Some(value))
    }
}

impl Record {
    /// As programs read it: `{"id": …, "type": …, "title": …, "status": …, "version": …, "values": {…}}`.
    pub fn to_json(&self, fields: &[FieldInfo]) -> Json {
        let kind = |key: &str| fields.iter().find(|field| field.key == key).map(|field| &field.kind);
        let values: Map<String, Json> =
            self.values.iter().filter_map(|(key, value)| Some((key.clone(), value.to_json(kind(key)?)))).collect();
        json!({
            "id": self.id, "type": self.entity_type, "title": self.title, "status": self.status, "version": self.version, "values": values,
        })
    }
}

fn money(json: &Json, bare: Option<&str>, currency: &str) -> Option<Value> {
    let (amount, currency) = match json {
        Json::Object(money) => {
            let amount = match money.get("amount")? {
                Json::String(text) => text.clone(),
                Json::Number(number) => number.to_string(),
                _ => return None,
            };
            (amount, money.get("currency").map_or(Some(currency), Json::as_str)?.to_owned())
        }
        // `12.50 PLN` and `12.50`.
        _ => match bare?.rsplit_once(' ') {
            Some((amount, code)) if code.len() == 3 && code.bytes().all(|c| c.is_ascii_uppercase()) => (amount.to_owned(), code.to_owned()),
            _ => (bare?.to_owned(), currency.to_owned()),
        },
    };
    let amount: String = amount.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let parsed = platform::money::Money::parse(&amount, currency.parse().ok()?).ok()?;
    Some(Value::Money { minor: parsed.minor, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_read_by_its_kind() {
        let read = |kind: Kind, json: Json| Value::from_json(&kind, &json, "PLN");
        assert_eq!(read(Kind::Number, json!(12.5)), Ok(Some(Value::Number("12.5".parse().expect("a number")))));
        assert_eq!(read(Kind::Money, json!("12,50")), Ok(Some(Value::Money { minor: 1250, currency: "PLN".into() })));
        assert_eq!(
            read(Kind::Money, json!({"amount": "3", "currency": "JPY"})),
            Ok(Some(Value::Money { minor: 3, currency: "JPY".into() }))
        );
        assert_eq!(read(Kind::MultiChoice(vec![]), json!(["a", "b"])), Ok(Some(Value::Choices(vec!["a".into(), "b".into()]))));
        assert_eq!(read(Kind::Text, json!("  ")), Ok(None));
        assert_eq!(read(Kind::Date, json!("24.11.2026")).expect_err("no date").0, "date");
        assert_eq!(read(Kind::Boolean, json!("maybe")).expect_err("neither").0, "boolean");
    }
}
