//! What is given to the fields of a declared record: for the functions that put it into a module's own input.

use platform::{Error, Result, id::EntityId};
use std::str::FromStr;

use super::{Value, Values};

/// What is given to one field: a value, or nothing, which empties it.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub key: &'a str,
    pub value: Option<&'a Value>,
}

impl<'a> Given<'a> {
    /// All that is given: what is emptied first.
    pub fn all(values: &'a Values, emptied: &'a [String]) -> impl Iterator<Item = Given<'a>> {
        let emptied = emptied.iter().map(|key| Given { key, value: None });
        emptied.chain(values.iter().map(|(key, value)| Given { key, value: Some(value) }))
    }

    /// A text; none where it is emptied.
    ///
    /// # Errors
    /// `Invalid` for what is no text.
    pub fn text(self) -> Result<Option<String>> {
        self.read(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None })
    }

    /// A text that is empty where it is emptied.
    ///
    /// # Errors
    /// `Invalid` for what is no text.
    pub fn words(self) -> Result<String> {
        Ok(self.text()?.unwrap_or_default())
    }

    /// A date; none where it is emptied.
    ///
    /// # Errors
    /// `Invalid` for what is no date.
    pub fn date(self) -> Result<Option<chrono::NaiveDate>> {
        self.read(|value| if let Value::Date(date) = value { Some(*date) } else { None })
    }

    /// Another record; none where it is emptied.
    ///
    /// # Errors
    /// `Invalid` for what is no reference.
    pub fn reference(self) -> Result<Option<EntityId>> {
        self.read(|value| if let Value::Reference(id) = value { Some(*id) } else { None })
    }

    /// A number that fits the type; none where it is emptied.
    ///
    /// # Errors
    /// `Invalid` for what is no such number.
    pub fn number<T: FromStr>(self) -> Result<Option<T>> {
        self.read(|value| if let Value::Number(number) = value { number.to_string().parse().ok() } else { None })
    }

    /// An amount in minor units of that currency; none where it is emptied.
    ///
    /// # Errors
    /// `Invalid` for what is no amount, and with `message` for one in another currency.
    pub fn money(self, currency: &str, message: &str) -> Result<Option<i64>> {
        match self.value {
            Some(Value::Money { currency: other, .. }) if other != currency => Err(Error::invalid(self.key, "currency", message)),
            _ => self.read(|value| if let Value::Money { minor, .. } = value { Some(*minor) } else { None }),
        }
    }

    /// It is of another type than its field.
    pub fn wrong(self) -> Error {
        Error::invalid(self.key, "type", "This is no value for this field.")
    }

    /// The record has no field of that key.
    pub fn unknown(self) -> Error {
        Error::invalid(self.key, "unknown", "There is no such field.")
    }

    fn read<T>(self, of: impl Fn(&Value) -> Option<T>) -> Result<Option<T>> {
        match self.value {
            None => Ok(None),
            Some(value) => of(value).map(Some).ok_or_else(|| self.wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_another_type_is_refused_by_its_field_and_what_is_emptied_is_nothing() {
        let text = Value::Text("Anna".into());
        let given = Given { key: "name", value: Some(&text) };
        assert_eq!(given.text().unwrap().as_deref(), Some("Anna"));
        assert!(given.date().is_err() && given.number::<i32>().is_err());
        assert_eq!(Given { key: "name", value: None }.words().unwrap(), "");
    }

    #[test]
    fn an_amount_is_in_the_currency_that_is_asked_for() {
        let amount = Value::Money { minor: 500, currency: "PLN".into() };
        let given = Given { key: "value", value: Some(&amount) };
        assert_eq!(given.money("PLN", "").unwrap(), Some(500));
        assert!(given.money("EUR", "In euros.").is_err());
    }
}
