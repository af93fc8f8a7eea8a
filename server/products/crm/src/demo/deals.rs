//! Deals of the demonstration clinic: a pipeline with something in every stage, one of them stale, and quotes.

use chrono::{Days, TimeDelta};
use platform::{Result, State, Tx, id::EntityId, state::Clock, tx::Door};
use services::hooks::DemoTenant;

use crate::{
    deals::{self, DealInput, DealLinesInput, MoveDeal},
    leads::{self, ConvertLead, Lead},
    pipelines::{self, PipelineInput},
    quotes::{self, NewQuote, QuoteState, QuoteStep},
    totals::{SaleLine, TaxCategory},
};

/// Title, value in minor units, currency, the place of its stage, days until it is decided.
const DEALS: [(&str, i64, &str, usize, u64); 6] = [
    ("Pakiety masażu dla biura Meridian", 1_480_000, "PLN", 2, 12),
    ("Rehabilitacja drużyny juniorów", 960_000, "PLN", 0, 40),
    ("Dzień zdrowia w szkole", 420_000, "PLN", 1, 25),
    ("Gäste aus Berlin: Wellness", 350_000, "EUR", 1, 33),
    ("Opieka nad maratonem", 2_200_000, "PLN", 4, 5),
    ("Karnety dla hotelu", 780_000, "PLN", 5, 9),
];

/// Writes them; of a lead that is qualified one more comes to be.
pub(super) async fn write(state: &State, tenant: &DemoTenant, qualified: &Lead) -> Result<()> {
    // They were begun some days ago, so that one has stood too long.
    let past = State { clock: Clock::starting_at(state.clock.now() - TimeDelta::days(16)), ..state.clone() };
    let mut tx = Tx::begin_for_system(&past, tenant.organization, Door::Demo).await?;
    let pipeline = pipelines::create(&mut tx, &PipelineInput::usual(tenant.country == "PL")).await?;
    let owner = deals::owners(&mut tx).await?.first().map(|(user, _)| *user);
    let today = state.clock.now().date_naive();
    let mut begun = Vec::with_capacity(DEALS.len());
    for (title, value, currency, _, days) in DEALS {
        let input = DealInput {
            title: title.into(),
            value,
            currency: currency.into(),
            close_on: Some(today + Days::new(days)),
            owner,
            next_step: "Zadzwonić".into(),
            next_step_on: Some(today + Days::new(1)),
            ..DealInput::default()
        };
        begun.push(deals::create(&mut tx, &input).await?);
    }
    tx.commit().await?;
    let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
    for (deal, (_, _, _, place, _)) in begun.iter().zip(DEALS) {
        if place > 0 {
            let step = MoveDeal { version: deal.version, stage: pipeline.stages[place].id, lost_reason: "Inna oferta".into() };
            deals::move_to(&mut tx, deal.id, &step).await?;
        }
    }
    let wanted = ConvertLead { version: qualified.version, stage: Some(pipeline.stages[3].id), ..ConvertLead::default() };
    let converted = leads::convert(&mut tx, qualified.id, &wanted).await?;
    offer(&mut tx, converted.id, true).await?;
    offer(&mut tx, begun[0].id, false).await?;
    tx.commit().await
}

/// Lines and a quote of them.
async fn offer(tx: &mut Tx, deal: EntityId, sent: bool) -> Result<()> {
    let line =
        |name: &str, quantity, unit_price, discount, tax, rate| SaleLine { name: name.into(), quantity, unit_price, discount, tax, rate };
    let lines = vec![
        line("Masaż na miejscu, 30 minut", 24_000, 9_000, 1_000, TaxCategory::S, 2_300),
        line("Konsultacja fizjoterapeuty", 6_000, 15_000, 0, TaxCategory::E, 0),
        line("Wynajem stołu, dzień", 2_000, 12_500, 0, TaxCategory::S, 2_300),
    ];
    let version = deals::get(tx, deal).await?.version;
    deals::save_lines(tx, deal, &DealLinesInput { version, lines }).await?;
    let quote = quotes::create(tx, deal, &NewQuote::default()).await?;
    if sent {
        quotes::step(tx, quote.id, &QuoteStep { version: quote.version, to: QuoteState::Sent }).await?;
    }
    Ok(())
}
