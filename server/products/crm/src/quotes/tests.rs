//! Quotes on a real database.

use platform::{Error, testing::Clinic};

use super::*;
use crate::deals::{
    self, DealLinesInput,
    tests::{desk, lines_of, titled},
};

async fn drafts(clinic: &Clinic, count: usize) -> Vec<Quote> {
    let mut tx = clinic.tx(&clinic.anna).await;
    let deal = deals::create(&mut tx, &titled("Equipment", 0)).await.expect("a deal");
    deals::save_lines(&mut tx, deal.id, &lines_of(deal.version)).await.expect("lines");
    let mut made = Vec::new();
    for _ in 0..count {
        made.push(create(&mut tx, deal.id, &NewQuote::default()).await.expect("a quote"));
    }
    tx.commit().await.expect("committed");
    made
}

async fn send(clinic: &Clinic, quote: &Quote) -> platform::Result<Quote> {
    let mut tx = clinic.tx(&clinic.anna).await;
    let sent = step(&mut tx, quote.id, &QuoteStep { version: quote.version, to: QuoteState::Sent }).await?;
    tx.commit().await?;
    Ok(sent)
}

#[tokio::test]
async fn a_quote_is_a_copy_and_what_happens_to_the_deal_afterwards_does_not_reach_it() {
    let (clinic, _) = desk().await;
    let quote = drafts(&clinic, 1).await.remove(0);
    assert_eq!((quote.state, quote.number.clone(), quote.totals.gross), (QuoteState::Draft, None, 255_662));
    assert_eq!(quote.valid_until.to_string(), "2026-12-08");
    let mut tx = clinic.tx(&clinic.anna).await;
    let deal = deals::get(&mut tx, quote.deal).await.expect("a deal");
    deals::save_lines(&mut tx, deal.id, &DealLinesInput { version: deal.version, lines: Vec::new() }).await.expect("no lines");
    assert_eq!(get(&mut tx, quote.id).await.expect("a quote").totals, quote.totals);
    let Err(Error::Invalid(why)) = create(&mut tx, deal.id, &NewQuote::default()).await else { panic!("a quote of nothing") };
    assert_eq!(why[0].field, "lines");
    let forged =
        sqlx::query("update crm_quote_lines set quantity = 1 where organization_id = $1").bind(tx.organization()).execute(tx.conn()).await;
    assert!(forged.is_err(), "a quote's lines can be rewritten");
}

#[tokio::test]
async fn numbers_have_no_gaps_however_many_send_at_once_and_even_where_one_gives_up() {
    let (clinic, _) = desk().await;
    let quotes = drafts(&clinic, 8).await;
    // Draws a number and gives up.
    let mut tx = clinic.tx(&clinic.anna).await;
    step(&mut tx, quotes[0].id, &QuoteStep { version: 1, to: QuoteState::Sent }).await.expect("sent");
    drop(tx);
    let sent = futures::future::join_all(quotes.iter().map(|quote| send(&clinic, quote))).await;
    let mut numbers: Vec<String> = sent.into_iter().map(|quote| quote.expect("sent").number.expect("a number")).collect();
    numbers.sort();
    let expected: Vec<String> = (1..=8).map(|n| format!("Q-2026-{n:04}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn of_two_who_send_one_quote_one_is_refused_and_no_number_is_lost() {
    let (clinic, _) = desk().await;
    let quotes = drafts(&clinic, 2).await;
    let (a, b) = tokio::join!(send(&clinic, &quotes[0]), send(&clinic, &quotes[0]));
    let codes: Vec<String> = [&a, &b].iter().filter_map(|done| done.as_ref().err().map(|error| error.code().to_owned())).collect();
    assert_eq!(codes, ["version"]);
    assert_eq!(send(&clinic, &quotes[1]).await.expect("sent").number.as_deref(), Some("Q-2026-0002"));
}

#[tokio::test]
async fn a_quote_is_accepted_once_and_not_after_its_last_day() {
    let (clinic, _) = desk().await;
    let quotes = drafts(&clinic, 2).await;
    let (first, late) = (send(&clinic, &quotes[0]).await.expect("sent"), send(&clinic, &quotes[1]).await.expect("sent"));
    let mut tx = clinic.tx(&clinic.anna).await;
    let to = |quote: &Quote, to| QuoteStep { version: quote.version, to };
    let accepted = step(&mut tx, first.id, &to(&first, QuoteState::Accepted)).await.expect("accepted");
    let again = step(&mut tx, first.id, &to(&accepted, QuoteState::Declined)).await.expect_err("it is decided");
    assert_eq!(again.code(), "transition");
    sqlx::query("update crm_quotes set valid_until = '2026-11-23' where organization_id = $1 and id = $2")
        .bind(tx.organization())
        .bind(late.id)
        .execute(tx.conn())
        .await
        .expect("time has passed");
    assert_eq!(get(&mut tx, late.id).await.expect("a quote").state, QuoteState::Expired);
    let refused = step(&mut tx, late.id, &to(&late, QuoteState::Accepted)).await.expect_err("too late");
    assert_eq!(refused.code(), "transition");
}
