//! Amounts of money in whole minor units. Never a float; rounding, where there is any, is half away from zero.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// An ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[schema(value_type = String, example = "PLN")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Polish złoty.
    pub const PLN: Currency = Currency(*b"PLN");
    /// United States dollar.
    pub const USD: Currency = Currency(*b"USD");
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");

    /// The code.
    pub fn as_str(&self) -> &str {
        // Always ASCII letters, as `from_str` is the only way to make one.
        str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimal places the minor unit stands behind: 0 for JPY, 2 for PLN, 3 for KWD.
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV"
            | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not an amount or not a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Three capital letters make a currency.
    #[error("a currency is three capital letters")]
    Currency,
    /// Not a decimal number, or with more places than the currency has.
    #[error("not an amount of that currency")]
    Amount,
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => Ok(Currency([*a, *b, *c])),
            _ => Err(MoneyError::Currency),
        }
    }
}

impl TryFrom<Cow<'_, str>> for Currency {
    type Error = MoneyError;

    fn try_from(text: Cow<'_, str>) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().into()
    }
}

/// An amount: `minor` units of `currency`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Grosz, cent, yen: by the currency's exponent.
    pub minor: i64,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads `12`, `12.5`, `12,50` or `-0.05`; never rounds, so too many places are refused.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let exponent = currency.exponent() as usize;
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) || part.len() > exponent {
            return Err(MoneyError::Amount);
        }
        let minor: i64 = format!("{whole}{part:0<exponent$}").parse().map_err(|_| MoneyError::Amount)?;
        Ok(Self { minor: if negative { -minor } else { minor }, currency })
    }

    /// The number alone with a point and all places: `1234.50`. Screens put in their language's marks.
    pub fn decimal(&self) -> String {
        let exponent = self.currency.exponent();
        let unit = 10u64.pow(exponent);
        let minor = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        match exponent {
            0 => format!("{sign}{minor}"),
            _ => format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = exponent as usize),
        }
    }

    /// The sum; none if the currencies differ or it grows too large. Sums over currencies are never one number.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        let minor = (self.currency == other.currency).then(|| self.minor.checked_add(other.minor)).flatten()?;
        Some(Money { minor, ..self })
    }
}

/// `1234.50 PLN`: the same in every language.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn places_follow_the_currency() {
        assert_eq!(Money::new(123_450, Currency::PLN).to_string(), "1234.50 PLN");
        assert_eq!(Money::new(-5, Currency::USD).to_string(), "-0.05 USD");
        assert_eq!(Money::new(1500, currency("JPY")).to_string(), "1500 JPY");
        assert_eq!(Money::new(1500, currency("KWD")).to_string(), "1.500 KWD");
    }

    #[test]
    fn too_many_places_are_refused_rather_than_rounded() {
        assert_eq!(Money::parse("12,5", Currency::PLN).unwrap().minor, 1250);
        for text in ["", "-", ".5", "12.345", "1e3", "1 000", "99999999999999999999"] {
            assert_eq!(Money::parse(text, Currency::PLN), Err(MoneyError::Amount), "{text}");
        }
        assert!(Money::parse("1.5", currency("JPY")).is_err());
    }

    #[test]
    fn amounts_of_two_currencies_have_no_sum() {
        assert_eq!(Money::new(1, Currency::PLN).checked_add(Money::new(1, Currency::EUR)), None);
        assert_eq!(Money::new(1, Currency::PLN).checked_add(Money::new(i64::MAX, Currency::PLN)), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(minor in -1_000_000_000_000i64..1_000_000_000_000, code in "PLN|JPY|KWD|CLF") {
            let money = Money::new(minor, currency(&code));
            prop_assert_eq!(Money::parse(&money.decimal(), money.currency), Ok(money));
        }
    }
}
