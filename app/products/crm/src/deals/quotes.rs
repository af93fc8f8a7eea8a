//! The quotes of a deal.

use crm::quotes::{NewQuote, Quote, QuoteState, QuoteStep};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Lang, Meaning, Table, Tag, Tone, use_lang, use_toasts, when};

use super::money;
use crate::{
    deal_doors::{make_quote, step_quote},
    words,
};

/// What a state is called.
pub(crate) fn state_name(lang: Lang, state: QuoteState) -> &'static str {
    match state {
        QuoteState::Draft => words::quote_draft(lang),
        QuoteState::Sent => words::quote_sent(lang),
        QuoteState::Accepted => words::quote_accepted(lang),
        QuoteState::Declined => words::quote_declined(lang),
        QuoteState::Expired => words::quote_expired(lang),
    }
}

/// What there is, what can be done with each, and one more.
#[component]
pub(super) fn Quotes(deal: EntityId, quotes: Vec<Quote>, may: bool, lines: bool, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    // A second press makes no second one.
    let fresh = EntityId::new();
    let make = move || {
        busy.set(true);
        spawn_local(async move {
            let made = make_quote(deal, NewQuote { id: Some(fresh), ..NewQuote::default() }).await;
            busy.try_set(false);
            match made {
                Ok(_) => again.run(()),
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let step = Callback::new(move |(id, version, to): (EntityId, i32, QuoteState)| {
        spawn_local(async move {
            if let Err(failure) = step_quote(id, QuoteStep { version, to }).await {
                toasts.fail(&failure);
            }
            again.run(());
        });
    });
    let row = move |quote: Quote| {
        let (id, version) = (quote.id, quote.version);
        let meaning = match quote.state {
            QuoteState::Draft | QuoteState::Expired => Meaning::Neutral,
            QuoteState::Sent => Meaning::Info,
            QuoteState::Accepted => Meaning::Positive,
            QuoteState::Declined => Meaning::Attention,
        };
        let name = quote.number.clone().unwrap_or_else(|| words::quote_draft(lang).to_owned());
        let button = move |to: QuoteState, text: &'static str| {
            (may && quote.state.leads_to(to)).then(|| view! { <Button on_press=move || step.run((id, version, to))>{text}</Button> })
        };
        view! {
            <tr>
                <th scope="row"><a href=format!("/dashboard/crm/quotes/{id}/print") rel="external">{name}</a></th>
                <td><Tag meaning=meaning text=state_name(lang, quote.state)/></td>
                <td>{when::date_short(lang, quote.valid_until)}</td>
                <td class="number tnum">{money(lang, quote.totals.gross, &quote.currency)}</td>
                <td>
                    <span class="actions">
                        {button(QuoteState::Sent, words::quote_send(lang))}
                        {button(QuoteState::Accepted, words::quote_accept(lang))}
                        {button(QuoteState::Declined, words::quote_decline(lang))}
                    </span>
                </td>
            </tr>
        }
    };
    let none = quotes.is_empty();
    let rows = quotes.into_iter().map(row).collect_view();
    let heads = vec![words::quote_number(lang), words::status(lang), words::valid_until(lang), words::gross_head(lang), ""];
    view! {
        <section class="deal-quotes">
            <h2>{words::quotes_title(lang)}</h2>
            {if none {
                view! { <p>{words::no_quotes(lang)}</p> }.into_any()
            } else {
                view! { <Table caption=words::quotes_title(lang) heads=heads>{rows}</Table> }.into_any()
            }}
            {(may && lines).then(|| view! { <Button tone=Tone::Quiet icon="note" busy=busy on_press=make>{words::make_quote(lang)}</Button> })}
        </section>
    }
    .into_any()
}
