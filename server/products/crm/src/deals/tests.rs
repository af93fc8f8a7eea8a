//! Deals on a real database.

use platform::{
    Error, Tx,
    id::EntityId,
    rest::PageQuery,
    testing::{self, Clinic},
};
use serde_json::json;
use services::{
    companies::{self, CompanyInput},
    hooks::Hooks,
    notes, objects, persons,
    records::Value,
    timeline,
};

use super::*;
use crate::{
    forecast::{ForecastQuery, forecast},
    leads::{self, ConvertLead, LeadInput, LeadStatus},
    pipelines::{self, Pipeline, PipelineInput},
    totals::{SaleLine, TaxCategory},
};

mod together;

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

pub(crate) async fn desk() -> (Clinic, Pipeline) {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let pipeline = pipelines::create(&mut tx, &PipelineInput::usual(false)).await.expect("a pipeline");
    tx.commit().await.expect("committed");
    (clinic, pipeline)
}

pub(crate) fn titled(title: &str, value: i64) -> DealInput {
    DealInput { title: title.into(), value, ..DealInput::default() }
}

pub(crate) fn lines_of(version: i32) -> DealLinesInput {
    let line = |name: &str, quantity, unit_price, rate| SaleLine {
        name: name.into(),
        quantity,
        unit_price,
        discount: 0,
        tax: TaxCategory::S,
        rate,
    };
    DealLinesInput { version, lines: vec![line("Package", 2_000, 50_000, 800), line("Device", 1_000, 120_050, 2_300)] }
}

async fn moved(tx: &mut Tx, deal: &Deal, stage: EntityId, reason: &str) -> Result<Deal> {
    move_to(tx, deal.id, &MoveDeal { version: deal.version, stage, lost_reason: reason.into() }).await
}

fn code<T: std::fmt::Debug>(refused: Result<T>) -> String {
    refused.expect_err("refused").code().to_owned()
}

#[tokio::test]
async fn a_deal_goes_through_its_stages_and_every_step_is_kept() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let deal = create(&mut tx, &titled("Massage for the office", 480_000)).await.expect("a deal");
    assert_eq!(
        (deal.stage, deal.kind, deal.currency.as_str(), deal.owner),
        (pipeline.stages[0].id, StageKind::Open, "PLN", Some(clinic.anna.user))
    );
    let second = moved(&mut tx, &deal, pipeline.stages[1].id, "").await.expect("moved");
    assert_eq!(code(moved(&mut tx, &deal, pipeline.stages[2].id, "").await), "version");
    let lost = pipeline.stages[5].id;
    let Err(Error::Invalid(why)) = moved(&mut tx, &second, lost, " ").await else { panic!("lost without a reason") };
    assert_eq!(why[0].field, "lost_reason");
    let gone = moved(&mut tx, &second, lost, "Too dear").await.expect("lost");
    assert_eq!((gone.kind, gone.lost_reason.as_str(), gone.closed_at.is_some()), (StageKind::Lost, "Too dear", true));
    let back = moved(&mut tx, &gone, pipeline.stages[1].id, "").await.expect("taken up again");
    assert_eq!((back.lost_reason.as_str(), back.closed_at), ("", None));
    let told = steps(&mut tx, deal.id).await.expect("steps");
    let names: Vec<_> = told.iter().map(|step| step.to_stage.as_str()).collect();
    assert_eq!(names, ["New", "Needs", "Lost", "Needs"]);
    let forged =
        sqlx::query("update crm_deal_steps set seconds = 1 where organization_id = $1").bind(tx.organization()).execute(tx.conn()).await;
    assert!(forged.is_err(), "history can be rewritten");
}

#[tokio::test]
async fn a_column_tells_count_and_sums_of_each_currency_and_its_pages_miss_and_repeat_nobody() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    for n in 0..7 {
        create(&mut tx, &titled(&format!("Deal {n}"), 105)).await.expect("a deal");
    }
    let euros = DealInput { currency: "EUR".into(), owner: Some(clinic.jan.user), ..titled("Abroad", 999) };
    create(&mut tx, &euros).await.expect("a deal");
    let told = board(&mut tx, pipeline.id, None, Some(3)).await.expect("a board");
    let first = &told.columns[0];
    assert_eq!((told.columns.len(), first.count, first.deals.len()), (6, 8, 3));
    let sums: Vec<_> = first.sums.iter().map(|sum| (sum.currency.as_str(), sum.count, sum.value, sum.weighted)).collect();
    // 73.5 and 99.9: half away from zero.
    assert_eq!(sums, [("PLN", 7, 735, 74), ("EUR", 1, 999, 100)]);
    let mut seen: Vec<EntityId> = first.deals.iter().map(|deal| deal.id).collect();
    let mut cursor = first.next_cursor.clone();
    while cursor.is_some() {
        let query = DealQuery { stage: Some(first.stage.id), ..DealQuery::default() };
        let page = list(&mut tx, &query, &PageQuery { cursor, limit: Some(3) }).await.expect("a page");
        seen.extend(page.items.iter().map(|deal| deal.id));
        cursor = page.next_cursor;
    }
    assert_eq!(seen.len(), 8);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 8);
    let jans = board(&mut tx, pipeline.id, Some(clinic.jan.user), None).await.expect("a board");
    assert_eq!((jans.columns[0].count, jans.columns[0].deals[0].title.as_str()), (1, "Abroad"));
}

#[tokio::test]
async fn a_deal_is_stale_once_it_has_stood_longer_than_its_stage_allows_and_one_that_is_won_never_is() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let deal = create(&mut tx, &titled("Quiet", 100)).await.expect("a deal");
    let won = create(&mut tx, &DealInput { stage: Some(pipeline.stages[4].id), ..titled("Won", 100) }).await.expect("a deal");
    let aged = "update crm_deals set stage_since = stage_since - $2::integer * interval '24 hours' where organization_id = $1";
    sqlx::query(aged).bind(tx.organization()).bind(7).execute(tx.conn()).await.expect("aged");
    assert!(!get(&mut tx, deal.id).await.expect("a deal").stale, "seven days are allowed");
    sqlx::query(aged).bind(tx.organization()).bind(1).execute(tx.conn()).await.expect("aged");
    let told = get(&mut tx, deal.id).await.expect("a deal");
    assert_eq!((told.stale, told.days_in_stage), (true, 8));
    assert!(!get(&mut tx, won.id).await.expect("a deal").stale);
}

#[tokio::test]
async fn a_deals_value_follows_its_lines() {
    let (clinic, _) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let deal = create(&mut tx, &titled("Equipment", 5)).await.expect("a deal");
    let told = save_lines(&mut tx, deal.id, &lines_of(deal.version)).await.expect("lines");
    assert_eq!((told.totals.net, told.totals.tax, told.totals.gross), (220_050, 8_000 + 27_612, 255_662));
    let after = get(&mut tx, deal.id).await.expect("a deal");
    assert_eq!((after.value, after.lines), (220_050, 2));
    let renamed =
        update(&mut tx, deal.id, &DealInput { value: 1, currency: "EUR".into(), ..DealInput::from(&after) }).await.expect("changed");
    assert_eq!((renamed.value, renamed.currency.as_str()), (220_050, "PLN"), "lines have the last word");
    assert_eq!(code(save_lines(&mut tx, deal.id, &lines_of(deal.version)).await), "version");
    let mut wrong = lines_of(renamed.version);
    wrong.lines[1].quantity = 0;
    wrong.lines[0].tax = TaxCategory::E;
    let Err(Error::Invalid(why)) = save_lines(&mut tx, deal.id, &wrong).await else { panic!("accepted") };
    assert_eq!(why.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["lines[0].rate", "lines[1].quantity"]);
}

#[tokio::test]
async fn a_lead_becomes_one_deal_with_its_person_and_with_a_company_that_is_there_or_made_once() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let lead = |given: &str, company: &str| -> LeadInput {
        serde_json::from_value(json!({ "given_name": given, "family_name": "Wrona", "company": company, "value": 9_900 })).expect("a lead")
    };
    let known =
        companies::create(&mut tx, &CompanyInput { name: "Hotel Pod Lipą".into(), ..CompanyInput::default() }).await.expect("a company");
    let first = leads::create(&mut tx, &lead("Ola", "hotel pod lipa")).await.expect("a lead");
    let ask = ConvertLead { version: first.version, ..ConvertLead::default() };
    let deal = leads::convert(&mut tx, first.id, &ask).await.expect("a deal");
    assert_eq!((deal.person, deal.company, deal.value, deal.lead), (Some(first.person), Some(known.id), 9_900, Some(first.id)));
    let again = leads::convert(&mut tx, first.id, &ask).await.expect("the same deal");
    assert_eq!(again.id, deal.id);
    let told = leads::get(&mut tx, first.id).await.expect("a lead");
    assert_eq!((told.deal, told.status), (Some(deal.id), LeadStatus::Qualified));
    assert_eq!(companies::get(&mut tx, known.id).await.expect("a company").people.len(), 1, "the person is its contact");
    for given in ["Ewa", "Iza"] {
        let lead = leads::create(&mut tx, &lead(given, "Studio Ruchu")).await.expect("a lead");
        leads::convert(&mut tx, lead.id, &ConvertLead { version: lead.version, ..ConvertLead::default() }).await.expect("a deal");
    }
    let there = companies::list(&mut tx, "", &PageQuery::default()).await.expect("companies");
    assert_eq!(there.items.len(), 2);
    moved(&mut tx, &deal, pipeline.stages[4].id, "").await.expect("won");
    assert_eq!(leads::get(&mut tx, first.id).await.expect("a lead").status, LeadStatus::Won, "the lead follows its deal");
    let card = persons::card(&mut tx, first.person).await.expect("a person");
    assert!(card.held.iter().any(|held| held.record == deal.id && held.role == "customer"), "{:?}", card.held);
}

#[tokio::test]
async fn two_who_convert_one_lead_at_once_get_one_deal() {
    let (clinic, _) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let input: LeadInput =
        serde_json::from_value(json!({ "given_name": "Ola", "family_name": "Wrona", "company": "Wrona" })).expect("a lead");
    let lead = leads::create(&mut tx, &input).await.expect("a lead");
    tx.commit().await.expect("committed");
    let ask = ConvertLead { version: lead.version, ..ConvertLead::default() };
    let one = async || {
        let mut tx = clinic.tx(&clinic.anna).await;
        let deal = leads::convert(&mut tx, lead.id, &ask).await.expect("a deal").id;
        tx.commit().await.expect("committed");
        deal
    };
    let (a, b) = tokio::join!(one(), one());
    assert_eq!(a, b);
}

#[tokio::test]
async fn the_forecast_sums_by_month_owner_and_currency_and_forgets_nothing_that_is_open() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let on = |date: Option<&str>, value, stage: usize| DealInput {
        close_on: date.map(|date| date.parse().expect("a date")),
        stage: Some(pipeline.stages[stage].id),
        ..titled("Deal", value)
    };
    let euros = DealInput { currency: "EUR".into(), ..on(Some("2026-12-31"), 700, 0) };
    let jans = DealInput { owner: Some(clinic.jan.user), ..on(Some("2026-12-01"), 50, 3) };
    // Overdue counts now, far away not at all, and what has no date stands at the end.
    let rest =
        [on(Some("2026-12-05"), 105, 0), on(Some("2026-10-01"), 300, 1), on(Some("2030-01-01"), 9, 0), on(None, 11, 1), on(None, 1_000, 4)];
    for input in rest.into_iter().chain([euros, jans]) {
        create(&mut tx, &input).await.expect("a deal");
    }
    let told = forecast(&mut tx, &ForecastQuery { months: Some(2), ..ForecastQuery::default() }).await.expect("a forecast");
    let rows: Vec<_> = told
        .rows
        .iter()
        .map(|row| {
            (
                row.month.map(|month| month.to_string()),
                row.owner == Some(clinic.jan.user),
                row.currency.as_str(),
                row.open,
                row.weighted,
                row.won,
            )
        })
        .collect();
    let month = |month: &str| Some(month.to_owned());
    assert_eq!(rows.len(), 5, "{rows:?}");
    for row in [
        (month("2026-11-01"), false, "PLN", 300, 90, 1_000),
        (month("2026-12-01"), false, "EUR", 700, 70, 0),
        (month("2026-12-01"), false, "PLN", 105, 11, 0),
        (month("2026-12-01"), true, "PLN", 50, 40, 0),
        (None, false, "PLN", 11, 3, 0),
    ] {
        assert!(rows.contains(&row), "{row:?} is not among {rows:?}");
    }
    assert_eq!(code(forecast(&mut tx, &ForecastQuery { months: Some(25), ..ForecastQuery::default() }).await), "invalid");
}

#[tokio::test]
async fn a_deal_has_what_any_record_has_without_a_line_of_its_own() {
    let (clinic, _) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let input = objects::input_of(
        &mut tx,
        "crm:deal",
        json!({ "title": "By the door of all", "value": "12.50", "stage": "proposal" }).as_object().expect("an object"),
    )
    .await
    .expect("read");
    let made = objects::create(&mut tx, "crm:deal", &input).await.expect("a deal");
    assert_eq!(made.values["stage"], Value::Text("Proposal".into()));
    let note: notes::NewRecordNote = serde_json::from_value(json!({ "text": "Asked for a **quote**" })).expect("a note");
    notes::add(&mut tx, made.id, &note).await.expect("a note");
    let page = timeline::list(&mut tx, made.id, &[], &PageQuery::default()).await.expect("a timeline");
    assert_eq!(page.items.len(), 2);
    tx.commit().await.expect("committed");
    let mut tx = clinic.tx(&clinic.stranger).await;
    assert_eq!(code(get(&mut tx, made.id).await), "not_found");
    let mut tx = clinic.tx(&clinic.marek).await;
    assert_eq!(code(create(&mut tx, &titled("Not his", 1)).await), "denied");
}
