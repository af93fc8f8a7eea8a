//! Exact decimal numbers: as many digits as a field may hold, and never a float.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{cmp::Ordering, fmt, str::FromStr};

/// How many places a number may have; what is divided is rounded to them, half away from zero.
const PLACES: u32 = 10;
/// No number reaches this: eighteen digits before the point.
const LIMIT: i128 = 1_000_000_000_000_000_000;

/// A decimal number with at most 18 digits before and 10 behind the point. Equal numbers are equal: 1.50 is 1.5.
/// It travels as text, so that no reader makes a float of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    /// The digits; no zero at the end unless `scale` is 0.
    digits: i128,
    /// How many of them stand behind the point.
    scale: u32,
}

/// Not a number, or one with too many digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    #[error("not a number")]
    Syntax,
    #[error("a number of at most 18 digits before and 10 behind the point")]
    Range,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Decimal = Decimal { digits: 0, scale: 0 };

    /// `digits` divided by ten to the power of `scale`; none where that is out of range.
    pub fn new(digits: i128, scale: u32) -> Option<Decimal> {
        let (mut digits, mut scale) = (digits, scale);
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        if scale > PLACES {
            if scale > 37 {
                return None;
            }
            digits = rounded(digits, 10_i128.pow(scale - PLACES));
            return Decimal::new(digits, PLACES);
        }
        (digits.checked_abs()? < LIMIT * 10_i128.pow(scale)).then_some(Decimal { digits, scale })
    }

    /// The digits and how many of them stand behind the point.
    pub fn parts(self) -> (i128, u32) {
        (self.digits, self.scale)
    }

    /// The sum, if it is in range.
    #[expect(clippy::should_implement_trait, reason = "it may have no result, as an operator must")]
    pub fn add(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other);
        Decimal::new(a.checked_add(b)?, scale)
    }

    /// The difference, if it is in range.
    #[expect(clippy::should_implement_trait, reason = "it may have no result, as an operator must")]
    pub fn sub(self, other: Decimal) -> Option<Decimal> {
        self.add(other.negated())
    }

    /// The product to ten places, if it is in range.
    #[expect(clippy::should_implement_trait, reason = "it may have no result, as an operator must")]
    pub fn mul(self, other: Decimal) -> Option<Decimal> {
        Decimal::new(self.digits.checked_mul(other.digits)?, self.scale + other.scale)
    }

    /// The quotient to ten places; none where the divisor is zero or the quotient out of range.
    #[expect(clippy::should_implement_trait, reason = "it may have no result, as an operator must")]
    pub fn div(self, other: Decimal) -> Option<Decimal> {
        let (a, b, _) = self.aligned(other);
        if b == 0 {
            return None;
        }
        // Whole part and remainder apart, so that the digits of both fit.
        let (whole, mut rest) = (a / b, a % b);
        let (mut digits, step) = (whole.checked_abs().filter(|whole| *whole < LIMIT).map(|_| whole)?, 10_i128);
        for _ in 0..PLACES {
            rest = rest.checked_mul(step)?;
            digits = digits.checked_mul(step)?.checked_add(rest / b)?;
            rest %= b;
        }
        let half = rest.unsigned_abs().checked_mul(2)? >= b.unsigned_abs();
        let sign = if (a < 0) == (b < 0) { 1 } else { -1 };
        Decimal::new(if half { digits.checked_add(sign)? } else { digits }, PLACES)
    }

    /// With the other sign.
    pub fn negated(self) -> Decimal {
        Decimal { digits: -self.digits, scale: self.scale }
    }

    /// To so many places, half away from zero; a number of places below zero rounds to tens, hundreds …
    pub fn round(self, places: i32) -> Option<Decimal> {
        let places = places.clamp(-18, 10);
        if places >= 0 {
            let places = places.unsigned_abs();
            if self.scale <= places {
                return Some(self);
            }
            return Decimal::new(rounded(self.digits, 10_i128.pow(self.scale - places)), places);
        }
        let unit = 10_i128.pow(places.unsigned_abs());
        let whole = 10_i128.pow(self.scale).checked_mul(unit)?;
        Decimal::new(rounded(self.digits, whole).checked_mul(unit)?, 0)
    }

    /// The whole number before the point.
    pub fn whole(self) -> i128 {
        self.digits / 10_i128.pow(self.scale)
    }

    /// As a float, for drawing only.
    pub fn approximately(self) -> f64 {
        self.to_string().parse().unwrap_or_default()
    }

    fn aligned(self, other: Decimal) -> (i128, i128, u32) {
        let scale = self.scale.max(other.scale);
        // At most 28 digits each, which an i128 holds ten billion times over.
        (self.digits * 10_i128.pow(scale - self.scale), other.digits * 10_i128.pow(scale - other.scale), scale)
    }
}

/// `digits / by`, half away from zero.
fn rounded(digits: i128, by: i128) -> i128 {
    let (whole, rest) = (digits / by, digits % by);
    if rest.abs() * 2 >= by { whole + rest.signum() } else { whole }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Decimal {
        Decimal::new(number.into(), 0).unwrap_or_default()
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let (a, b, _) = self.aligned(*other);
        a.cmp(&b)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `12`, `-12.5` and `12,5`; spaces between digits are let pass, exponents are not.
    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
        let (negative, rest) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (whole, part) = rest.split_once(['.', ',']).unwrap_or((rest, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
            return Err(DecimalError::Syntax);
        }
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        if whole.len() > 18 || part.len() > 10 {
            return Err(DecimalError::Range);
        }
        let digits: i128 = match [whole, part].concat() {
            none if none.is_empty() => 0,
            digits => digits.parse().map_err(|_| DecimalError::Syntax)?,
        };
        let scale = u32::try_from(part.len()).map_err(|_| DecimalError::Range)?;
        Decimal::new(if negative { -digits } else { digits }, scale).ok_or(DecimalError::Range)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i128.pow(self.scale);
        let (whole, part) = (self.digits.abs() / unit, self.digits.abs() % unit);
        let sign = if self.digits < 0 { "-" } else { "" };
        match self.scale {
            0 => write!(f, "{sign}{whole}"),
            places => write!(f, "{sign}{whole}.{part:0>width$}", width = places as usize),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn a_number_is_read_as_people_write_it_and_kept_exactly() {
        for (written, kept) in
            [("12", "12"), ("12,50", "12.5"), ("-0.10", "-0.1"), ("1 234.5", "1234.5"), ("−3", "-3"), ("007", "7"), ("-0", "0")]
        {
            assert_eq!(of(written).to_string(), kept);
        }
        for wrong in ["", "-", "1e5", "1.2.3", "abc", ".", "1234567890123456789", "0.12345678901"] {
            assert!(wrong.parse::<Decimal>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_third_is_rounded_at_the_tenth_place_and_nothing_is_divided_by_zero() {
        assert_eq!(of("1").div(of("3")).map(|n| n.to_string()).as_deref(), Some("0.3333333333"));
        assert_eq!(of("-2").div(of("3")).map(|n| n.to_string()).as_deref(), Some("-0.6666666667"));
        assert_eq!(of("1").div(Decimal::ZERO), None);
        assert_eq!(of("999999999999999999").mul(of("10")), None);
        assert_eq!(of("2.5").round(0), Some(of("3")));
        assert_eq!(of("-2.5").round(0), Some(of("-3")));
        assert_eq!(of("1250").round(-2), Some(of("1300")));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(digits in -10_i128.pow(18)..10_i128.pow(18), scale in 0_u32..10) {
            if let Some(number) = Decimal::new(digits, scale) {
                prop_assert_eq!(of(&number.to_string()), number);
            }
        }

        #[test]
        fn a_sum_taken_apart_is_what_it_was(a in -10_i64.pow(15)..10_i64.pow(15), b in -10_i64.pow(15)..10_i64.pow(15), places in 0_u32..9) {
            let (a, b) = (Decimal::new(a.into(), places), Decimal::new(b.into(), 3));
            let (Some(a), Some(b)) = (a, b) else { return Ok(()) };
            prop_assert_eq!(a.add(b).and_then(|sum| sum.sub(b)), Some(a));
            prop_assert_eq!(a.cmp(&b), a.sub(b).map_or(Ordering::Equal, |rest| rest.cmp(&Decimal::ZERO)));
        }

        #[test]
        fn no_arithmetic_panics(a in any::<i128>(), b in any::<i128>(), s in 0_u32..40, t in 0_u32..40, places in any::<i32>()) {
            if let (Some(a), Some(b)) = (Decimal::new(a, s), Decimal::new(b, t)) {
                let _ = (a.add(b), a.sub(b), a.mul(b), a.div(b), a.round(places), a.cmp(&b));
            }
        }
    }
}
