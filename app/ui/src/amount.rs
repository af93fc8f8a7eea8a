//! Money as people write it.

use crate::text::Lang;
use platform::money::Money;

/// `1 200,00 zł`, `$1,200.00`, `1 200,00 €`: marks of the reader's language, the currency's own sign. Złoty are written
/// the Polish way in every language, as on every price list.
pub fn amount(lang: Lang, money: Money) -> String {
    let code = money.currency.as_str();
    let polish = lang == Lang::Pl || code == "PLN";
    let (thousands, point) = if polish { ('\u{a0}', ',') } else { (',', '.') };
    let plain = money.decimal();
    let digits = plain.trim_start_matches('-');
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut number = String::with_capacity(plain.len() + 8);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            number.push(thousands);
        }
        number.push(digit);
    }
    if !part.is_empty() {
        number.push(point);
        number.push_str(part);
    }
    let sign = match code {
        "PLN" => "zł",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        other => other,
    };
    let mut text = String::with_capacity(number.len() + 6);
    if money.minor < 0 {
        text.push('−');
    }
    if polish || sign.len() == 3 && sign.is_ascii() {
        text.push_str(&number);
        text.push('\u{a0}');
        text.push_str(sign);
    } else {
        text.push_str(sign);
        text.push_str(&number);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::money::Currency;

    #[test]
    fn amounts_carry_the_marks_of_the_language_and_the_sign_of_the_currency() {
        let text = |lang, minor, currency| amount(lang, Money::new(minor, currency));
        assert_eq!(text(Lang::En, 120_000, Currency::PLN), "1\u{a0}200,00\u{a0}zł");
        assert_eq!(text(Lang::En, 123_456_789, Currency::USD), "$1,234,567.89");
        assert_eq!(text(Lang::Pl, -5, Currency::EUR), "−0,05\u{a0}€");
        assert_eq!(text(Lang::En, 99_900, "CHF".parse().unwrap()), "999.00\u{a0}CHF");
    }
}
