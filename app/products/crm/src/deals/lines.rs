//! What is sold in a deal: lines with quantity, price, discount and tax, reckoned here by the very code the server goes by.

use crm::{
    deals::{DealLines, DealLinesInput},
    totals::{SaleLine, SaleTotals, TaxCategory, totals},
};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    id::EntityId,
    money::{Currency, Money},
};
use ui::{Button, Choice, Failure, FailureAlert, Input, Lang, Select, Table, Tone, use_lang, use_toasts};

use super::{money, plain};
use crate::{deal_doors::save_lines, words};

/// A decimal number in units of ten to the minus `places`; none if it is none or has more places.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let text = text.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > places || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

/// A line as it is typed.
#[derive(Clone, Copy)]
struct Typed {
    key: u32,
    name: RwSignal<String>,
    quantity: RwSignal<String>,
    price: RwSignal<String>,
    discount: RwSignal<String>,
    /// `S:2300`, `E`.
    tax: RwSignal<String>,
}

impl Typed {
    fn of(key: u32, line: &SaleLine, currency: Currency) -> Self {
        let tax = match line.tax {
            TaxCategory::S => format!("S:{}", line.rate),
            other => other.as_str().to_owned(),
        };
        Self {
            key,
            name: RwSignal::new(line.name.clone()),
            quantity: RwSignal::new(plain(line.quantity, 3)),
            price: RwSignal::new(Money { minor: line.unit_price, currency }.decimal()),
            discount: RwSignal::new(plain(i64::from(line.discount), 2)),
            tax: RwSignal::new(tax),
        }
    }

    /// What cannot be read is what the server refuses.
    fn line(self, currency: Currency) -> SaleLine {
        let tax = self.tax.get();
        let (category, rate) = tax.split_once(':').unwrap_or((&tax, "0"));
        SaleLine {
            name: self.name.get(),
            quantity: scaled(&self.quantity.get(), 3).unwrap_or(0),
            unit_price: Money::parse(&self.price.get(), currency).map_or(-1, |money| money.minor),
            discount: scaled(&self.discount.get(), 2).and_then(|part| i32::try_from(part).ok()).unwrap_or(-1),
            tax: TaxCategory::parse(category).unwrap_or(TaxCategory::S),
            rate: rate.parse().unwrap_or(-1),
        }
    }
}

/// How something is taxed, in a word.
pub(crate) fn tax_name(lang: Lang, tax: TaxCategory, rate: i32) -> String {
    match tax {
        TaxCategory::S => format!("{} %", plain(i64::from(rate), 2)),
        TaxCategory::Z => "0 %".to_owned(),
        TaxCategory::E => words::tax_exempt(lang).to_owned(),
        TaxCategory::AE => words::tax_reverse(lang).to_owned(),
        TaxCategory::O => words::tax_outside(lang).to_owned(),
    }
}

/// The lines, as a table that is a form for those who may change it.
#[component]
pub(super) fn Lines(id: EntityId, known: DealLines, may: bool, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let currency = known.currency.parse::<Currency>().unwrap_or(Currency::PLN);
    let typed: Vec<Typed> = (0..).zip(&known.lines).map(|(key, line)| Typed::of(key, line, currency)).collect();
    let next = StoredValue::new(u32::try_from(typed.len()).unwrap_or(0));
    let rows = RwSignal::new(typed);
    let version = known.version;
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let lines = move || rows.get().into_iter().map(|row| row.line(currency)).collect::<Vec<SaleLine>>();
    let add = move || {
        let key = next.get_value();
        next.set_value(key + 1);
        let empty = SaleLine { name: String::new(), quantity: 1000, unit_price: 0, discount: 0, tax: TaxCategory::S, rate: 2300 };
        rows.update(|rows| rows.push(Typed::of(key, &empty, currency)));
    };
    let save = move || {
        let input = DealLinesInput { version, lines: untrack(lines) };
        busy.set(true);
        spawn_local(async move {
            let done = save_lines(id, input).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    toasts.say(words::lines_saved(lang));
                    again.run(());
                }
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let rates: Vec<Choice> = [2300, 800, 500]
        .map(|rate| Choice::new(format!("S:{rate}"), tax_name(lang, TaxCategory::S, rate)))
        .into_iter()
        .chain(
            [TaxCategory::Z, TaxCategory::E, TaxCategory::AE, TaxCategory::O].map(|tax| Choice::new(tax.as_str(), tax_name(lang, tax, 0))),
        )
        .collect();
    let offered = StoredValue::new(rates);
    let row = move |row: Typed| {
        let own = row.tax.get_untracked();
        let mut choices = offered.get_value();
        if let Some(rate) =
            own.strip_prefix("S:").and_then(|rate| rate.parse().ok()).filter(|_| choices.iter().all(|choice| choice.value != own))
        {
            choices.insert(0, Choice::new(own, tax_name(lang, TaxCategory::S, rate)));
        }
        let net = move || money(lang, row.line(currency).net(), currency.as_str());
        view! {
            <tr>
                <td><Input name="line_name" value=row.name label=words::line_name(lang) autocomplete="off"/></td>
                <td><Input name="line_quantity" value=row.quantity label=words::quantity(lang) autocomplete="off"/></td>
                <td><Input name="line_price" value=row.price label=words::unit_price(lang) autocomplete="off"/></td>
                <td><Input name="line_discount" value=row.discount label=words::discount(lang) autocomplete="off"/></td>
                <td><Select name="line_tax" choices=choices value=row.tax label=words::tax(lang)/></td>
                <td class="number tnum">{net}</td>
                <td><Button tone=Tone::Plain icon="trash" name=words::remove_line(lang) on_press=move || rows.update(|rows| rows.retain(|other| other.key != row.key))/></td>
            </tr>
        }
        .into_any()
    };
    let still = move |line: SaleLine| {
        view! {
            <tr>
                <th scope="row">{line.name.clone()}</th>
                <td class="number tnum">{plain(line.quantity, 3)}</td>
                <td class="number tnum">{money(lang, line.unit_price, currency.as_str())}</td>
                <td class="number tnum">{plain(i64::from(line.discount), 2)}</td>
                <td>{tax_name(lang, line.tax, line.rate)}</td>
                <td class="number tnum">{money(lang, line.net(), currency.as_str())}</td>
            </tr>
        }
    };
    let mut heads = vec![
        words::line_name(lang),
        words::quantity(lang),
        words::unit_price(lang),
        words::discount(lang),
        words::tax(lang),
        words::net_head(lang),
    ];
    if may {
        heads.push("");
    }
    let body = match may {
        true => view! { <For each=move || rows.get() key=|row| row.key children=row/> }.into_any(),
        false => known.lines.into_iter().map(still).collect_view().into_any(),
    };
    view! {
        <section class="deal-lines">
            <h2>{words::lines_title(lang)}</h2>
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <Table caption=words::lines_title(lang) heads=heads>{body}</Table>
            {move || sums(lang, &totals(&lines()), currency.as_str())}
            {may.then(|| view! {
                <footer>
                    <Button icon="plus" on_press=add>{words::add_line(lang)}</Button>
                    <Button tone=Tone::Primary busy=busy on_press=save>{words::save_lines(lang)}</Button>
                </footer>
            })}
        </section>
    }
    .into_any()
}

fn sums(lang: Lang, told: &SaleTotals, currency: &str) -> AnyView {
    let pair = |name: String, minor: i64| view! { <div><dt>{name}</dt><dd class="tnum">{money(lang, minor, currency)}</dd></div> };
    let taxes =
        told.groups.iter().map(|group| pair(words::tax_of(lang, &tax_name(lang, group.tax, group.rate)), group.amount)).collect_view();
    view! {
        <dl class="deal-sums">
            {pair(words::net(lang).to_owned(), told.net)}
            {taxes}
            {pair(words::gross(lang).to_owned(), told.gross)}
        </dl>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::plain;
    use super::scaled;

    #[test]
    fn decimals_are_read_and_written_without_a_float() {
        assert_eq!(scaled("1,5", 3), Some(1_500));
        assert_eq!(scaled("12.50", 2), Some(1_250));
        for wrong in ["", "1.2345", "-1", "1e3", ".5"] {
            assert_eq!(scaled(wrong, 3), None, "{wrong}");
        }
        assert_eq!((plain(1_500, 3), plain(2_000, 3), plain(5, 2)), ("1.5".into(), "2".into(), "0.05".into()));
    }
}
