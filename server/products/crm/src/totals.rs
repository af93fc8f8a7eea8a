//! What lines of a sale come to: one engine for the form, the list, the page and the paper.
//!
//! Prices are net and the method is N-DOC: each line is rounded, tax is taken once from the sum of a group of lines of
//! the same category and rate. Rounding is half away from zero; nothing here is ever a float.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How something is taxed. 0 % and exempt are different groups, even where both come to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum TaxCategory {
    /// At a rate.
    S,
    /// At 0 %.
    Z,
    /// Exempt.
    E,
    /// Reverse charge: the buyer pays it.
    AE,
    /// Outside of the tax.
    O,
}

impl TaxCategory {
    /// In the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::S, Self::Z, Self::E, Self::AE, Self::O];

    /// The letters stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::Z => "Z",
            Self::E => "E",
            Self::AE => "AE",
            Self::O => "O",
        }
    }

    /// The category of these letters.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == word)
    }
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaleLine {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Thousandths: 1500 is one and a half.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
    /// Net price of one, in minor units of the sale's currency.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub unit_price: i64,
    /// Hundredths of a per cent: 1000 is ten per cent off.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000)]
    pub discount: i32,
    pub tax: TaxCategory,
    /// Hundredths of a per cent: 2300 is 23 %. Nothing but `S` has one.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000)]
    pub rate: i32,
}

impl SaleLine {
    /// Quantity × price less the discount, rounded to the minor unit. Amounts beyond what is kept stay at its end.
    pub fn net(&self) -> i64 {
        let full = i128::from(self.quantity) * i128::from(self.unit_price);
        let exact = full.saturating_mul(i128::from(10_000 - self.discount.clamp(0, 10_000)));
        whole(exact, 1000 * 10_000)
    }
}

/// Lines that are taxed alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxGroup {
    pub tax: TaxCategory,
    /// Hundredths of a per cent.
    pub rate: i32,
    /// Minor units, as all that follows.
    pub net: i64,
    /// The tax itself.
    pub amount: i64,
    pub gross: i64,
}

/// What lines come to, in minor units. Net and tax are gross in each group and in total.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SaleTotals {
    /// By category and rate, the highest rate first.
    pub groups: Vec<TaxGroup>,
    pub net: i64,
    pub tax: i64,
    pub gross: i64,
}

/// What these lines come to.
pub fn totals(lines: &[SaleLine]) -> SaleTotals {
    let mut groups: Vec<TaxGroup> = Vec::new();
    for line in lines {
        let net = line.net();
        match groups.iter_mut().find(|group| (group.tax, group.rate) == (line.tax, line.rate)) {
            Some(group) => group.net = group.net.saturating_add(net),
            None => groups.push(TaxGroup { tax: line.tax, rate: line.rate, net, amount: 0, gross: 0 }),
        }
    }
    groups.sort_by_key(|group| (group.tax, -group.rate));
    let mut all = SaleTotals::default();
    for group in &mut groups {
        group.amount = share(group.net, group.rate);
        group.gross = group.net.saturating_add(group.amount);
        all.net = all.net.saturating_add(group.net);
        all.tax = all.tax.saturating_add(group.amount);
    }
    all.gross = all.net.saturating_add(all.tax);
    SaleTotals { groups, ..all }
}

/// So many hundredths of a per cent of an amount.
pub fn share(amount: i64, hundredths: i32) -> i64 {
    whole(i128::from(amount) * i128::from(hundredths), 10_000)
}

/// Half away from zero.
fn whole(exact: i128, unit: i128) -> i64 {
    let rounded = exact.abs().saturating_add(unit / 2) / unit * exact.signum();
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: i64, unit_price: i64, discount: i32, tax: TaxCategory, rate: i32) -> SaleLine {
        SaleLine { name: "Course".into(), quantity, unit_price, discount, tax, rate }
    }

    #[test]
    fn a_half_is_rounded_away_from_zero_and_never_to_the_even_one() {
        assert_eq!(line(500, 5, 0, TaxCategory::S, 2300).net(), 3);
        assert_eq!(line(1500, 3, 0, TaxCategory::S, 2300).net(), 5);
        assert_eq!(line(1000, 999, 5000, TaxCategory::S, 2300).net(), 500);
        assert_eq!(share(-50, 100), -1);
        assert_eq!(share(50, 100), 1);
        assert_eq!(share(49, 100), 0);
    }

    #[test]
    fn tax_is_taken_once_from_the_rounded_lines_of_a_group() {
        let told = totals(&[line(1000, 10, 0, TaxCategory::S, 2300), line(1000, 11, 0, TaxCategory::S, 2300)]);
        // Line by line it would be 2 and 3.
        assert_eq!((told.net, told.tax, told.gross), (21, 5, 26));
        let apart = totals(&[line(1000, 10, 0, TaxCategory::S, 2300), line(1000, 11, 0, TaxCategory::S, 800)]);
        assert_eq!((apart.groups.len(), apart.tax), (2, 2 + 1));
    }

    #[test]
    fn nought_per_cent_exempt_and_reverse_charge_are_groups_of_their_own() {
        let each = TaxCategory::ALL.map(|tax| line(2000, 1_050, 1000, tax, if tax == TaxCategory::S { 800 } else { 0 }));
        let told = totals(&each);
        assert_eq!(told.groups.len(), 5);
        assert_eq!((told.net, told.tax), (5 * 1_890, 151));
    }

    #[test]
    fn net_and_tax_are_gross_whatever_the_lines_are() {
        let mut seed = 7_u64;
        let mut next = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % most
        };
        for _ in 0..2_000 {
            let count = 1 + next(8);
            let lines: Vec<SaleLine> = (0..count)
                .map(|_| {
                    let tax = TaxCategory::ALL[usize::try_from(next(5)).unwrap_or(0)];
                    let rate = if tax == TaxCategory::S { [500, 800, 2300][usize::try_from(next(3)).unwrap_or(0)] } else { 0 };
                    let (quantity, price, off) = (1 + next(5_000_000), next(9_000_000), next(10_001));
                    line(quantity.cast_signed(), price.cast_signed(), i32::try_from(off).unwrap_or(0), tax, rate)
                })
                .collect();
            let told = totals(&lines);
            assert_eq!(told.net, lines.iter().map(SaleLine::net).sum::<i64>());
            assert_eq!(told.net + told.tax, told.gross);
            assert_eq!(told.groups.iter().map(|group| group.amount).sum::<i64>(), told.tax);
            assert!(told.groups.iter().all(|group| group.net + group.amount == group.gross));
        }
    }

    #[test]
    fn what_is_too_much_stays_at_the_end_of_what_is_kept() {
        assert_eq!(line(i64::MAX, i64::MAX, 0, TaxCategory::S, 2300).net(), i64::MAX);
    }
}
