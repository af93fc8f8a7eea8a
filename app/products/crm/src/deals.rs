//! Deals: the board, the page of one, and what they are expected to bring.

mod board;
mod card;
mod form;
pub(crate) mod lines;
mod moving;
mod page;
pub(crate) mod quotes;
mod stages;

use platform::money::Money;
use ui::Lang;

ui::lazy_screens!(crm_deals: DEALS = fn deals_screens {
    "/dashboard/crm/deals" => board::page(),
    "/dashboard/crm/forecast" => crate::forecast::page(),
});

ui::lazy_screens!(crm_deal: DEAL = fn deal_screens {
    "/dashboard/crm/deals/:id" => page::page(),
});

/// An amount as it is read; nothing where the currency is none.
pub(crate) fn money(lang: Lang, minor: i64, currency: &str) -> String {
    currency.parse().map(|currency| ui::amount(lang, Money { minor, currency })).unwrap_or_default()
}

/// A number of units of ten to the minus `places`, without noughts at its end.
pub(crate) fn plain(number: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    match number % unit {
        0 => (number / unit).to_string(),
        part => format!("{}.{part:0width$}", number / unit, width = places as usize).trim_end_matches('0').to_owned(),
    }
}
