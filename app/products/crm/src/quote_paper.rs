//! A quote on paper: a plain document that the server writes whole; a browser needs nothing but its style sheet to print it.

use std::pin::Pin;

use crm::quotes::{self, Quote};
use leptos::{prelude::*, tachys::view::RenderHtml};
use platform::{Result, Tx};
use ui::{Lang, paper::Wanted, when};

use crate::{
    deals::{lines::tax_name, money, plain, quotes::state_name},
    words,
};

/// The document of a quote.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub fn document<'a>(tx: &'a mut Tx, wanted: &'a Wanted<'a>) -> Pin<Box<dyn Future<Output = Result<String>> + Send + 'a>> {
    Box::pin(async move {
        let quote = quotes::get(tx, wanted.id("id")?).await?;
        Ok(Owner::new().with(|| page(wanted.lang, wanted.package, &quote)))
    })
}

fn page(lang: Lang, package: &str, quote: &Quote) -> String {
    let name = match &quote.number {
        Some(number) => [words::quote(lang), number.as_str()].join(" "),
        None => [words::quote(lang), words::quote_draft(lang)].join(" · "),
    };
    let page = view! {
        <html lang=lang.code() class="is-a4">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{name.clone()}</title>
                <link rel="stylesheet" href=format!("/{package}/print.css")/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script src="/print.js" defer="defer"></script>
            </head>
            <body>
                <header class="bar">
                    <a href=format!("/dashboard/crm/deals/{}", quote.deal)>{words::quote_back(lang)}</a>
                    <p class="state">{state_name(lang, quote.state)}</p>
                    <button type="button" data-print="">{words::quote_print(lang)}</button>
                </header>
                <main id="main"><section class="sheet quote">{sheet(lang, name, quote)}</section></main>
            </body>
        </html>
    };
    ["<!doctype html>", &page.to_html()].concat()
}

fn sheet(lang: Lang, name: String, quote: &Quote) -> AnyView {
    let amount = |minor: i64| money(lang, minor, &quote.currency);
    let party = |what: &'static str, who: &str, detail: &str| {
        let (first, rest) = who.split_once('\n').unwrap_or((who, ""));
        let lines = rest.lines().chain(detail.lines()).map(|line| view! { <span>{line.to_owned()}</span> }).collect_view();
        view! { <div><h2>{what}</h2><strong>{first.to_owned()}</strong>{lines}</div> }
    };
    let rows = (1..)
        .zip(&quote.lines)
        .map(|(place, line)| {
            let discount = if line.discount == 0 { String::new() } else { format!("{} %", plain(i64::from(line.discount), 2)) };
            view! {
                <tr>
                    <td class="number">{place}</td>
                    <th scope="row">{line.name.clone()}</th>
                    <td class="number">{plain(line.quantity, 3)}</td>
                    <td class="number">{amount(line.unit_price)}</td>
                    <td class="number">{discount}</td>
                    <td>{tax_name(lang, line.tax, line.rate)}</td>
                    <td class="number">{amount(line.net())}</td>
                </tr>
            }
        })
        .collect_view();
    let groups = quote
        .totals
        .groups
        .iter()
        .map(|group| {
            view! {
                <tr>
                    <th scope="row">{tax_name(lang, group.tax, group.rate)}</th>
                    <td class="number">{amount(group.net)}</td>
                    <td class="number">{amount(group.amount)}</td>
                    <td class="number">{amount(group.gross)}</td>
                </tr>
            }
        })
        .collect_view();
    let issued = quote.issued_on.map(|date| view! { <p>{words::quote_issued(lang)}": "{when::date(lang, date)}</p> });
    let plain_head = |text: &'static str| text.trim_start_matches('#');
    view! {
        <header>
            <h1>{name}</h1>
            <p>{quote.title.clone()}</p>
            {issued}
            <p>{words::valid_until(lang)}": "{when::date(lang, quote.valid_until)}</p>
        </header>
        <div class="parties">
            {party(words::quote_from(lang), &quote.seller, "")}
            {party(words::quote_to(lang), &quote.buyer, &quote.buyer_detail)}
        </div>
        <table>
            <thead>
                <tr>
                    <th scope="col" class="number">{words::quote_place(lang)}</th>
                    <th scope="col">{words::line_name(lang)}</th>
                    <th scope="col" class="number">{words::quantity(lang)}</th>
                    <th scope="col" class="number">{words::unit_price(lang)}</th>
                    <th scope="col" class="number">{words::discount(lang)}</th>
                    <th scope="col">{words::tax(lang)}</th>
                    <th scope="col" class="number">{words::net(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <table class="totals">
            <thead>
                <tr>
                    <th scope="col">{words::quote_rate(lang)}</th>
                    <th scope="col" class="number">{plain_head(words::net_head(lang))}</th>
                    <th scope="col" class="number">{words::tax(lang)}</th>
                    <th scope="col" class="number">{plain_head(words::gross_head(lang))}</th>
                </tr>
            </thead>
            <tbody>{groups}</tbody>
            <tfoot>
                <tr>
                    <th scope="row">{words::sum(lang)}</th>
                    <td class="number">{amount(quote.totals.net)}</td>
                    <td class="number">{amount(quote.totals.tax)}</td>
                    <td class="number"><strong>{amount(quote.totals.gross)}</strong></td>
                </tr>
            </tfoot>
        </table>
        <p class="notes">{quote.notes.clone()}</p>
        <p class="method">{words::quote_method(lang)}</p>
    }
    .into_any()
}
