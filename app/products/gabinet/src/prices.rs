//! Prices as they are shown and typed, wherever one appears.

use gabinet::treatments::Treatment;
use platform::money::{Currency, Money};
use ui::{Choice, Lang, amount, when};

/// `750,00 zł`; empty in a currency that nobody knows.
pub fn shown(lang: Lang, minor: i64, currency: &str) -> String {
    currency.parse().map(|currency| amount(lang, Money::new(minor, currency))).unwrap_or_default()
}

/// An amount as it is typed in the reader's language.
pub fn decimal(lang: Lang, money: Money) -> String {
    let text = money.decimal();
    match lang {
        Lang::Pl => text.replace('.', ","),
        Lang::En => text,
    }
}

/// What was typed, in minor units: none inside if nothing was, none at all if it is no amount.
pub fn read(typed: &str, currency: Option<Currency>) -> Option<Option<i64>> {
    let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    match (typed.is_empty(), currency) {
        (true, _) => Some(None),
        (false, Some(currency)) => Money::parse(&typed, currency).ok().map(|money| Some(money.minor)),
        (false, None) => None,
    }
}

/// A treatment to be chosen: name, length and price, as they are for everybody.
pub fn choice(lang: Lang, treatment: &Treatment) -> Choice {
    let mut note = when::length(lang, treatment.duration.into());
    let price = shown(lang, treatment.price, &treatment.currency);
    if !price.is_empty() {
        note.push_str(" · ");
        note.push_str(&price);
    }
    Choice::new(treatment.id.to_string(), treatment.name.clone()).with_note(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_an_amount_or_nothing_or_wrong() {
        let zloty: Option<Currency> = "PLN".parse().ok();
        assert_eq!(read(" 1 200,50 ", zloty), Some(Some(120_050)));
        assert_eq!(read("0", zloty), Some(Some(0)));
        assert_eq!(read("  ", zloty), Some(None));
        assert_eq!(read("", None), Some(None));
        assert_eq!(read("a lot", zloty), None);
        assert_eq!(read("12", None), None);
    }

    #[test]
    fn prices_are_shown_in_their_currency() {
        assert_eq!(shown(Lang::En, 49_900, "USD"), "$499.00");
        assert_eq!(shown(Lang::En, 49_900, "none"), "");
    }
}
