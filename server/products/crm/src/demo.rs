//! Furnishes a demonstration clinic with leads and calls.

mod deals;

use chrono::TimeDelta;
use futures::future::BoxFuture;
use platform::{Result, State, Tx, state::Clock, time, time::ZoneWindow, tx::Door};
use services::{
    filter::{Condition, Filter, Test},
    hooks::DemoTenant,
    views::{self, Aggregate, Definition, Layout, Measure, Sort},
};

use crate::{
    calls::{self, CompleteCall, PlanCall},
    leads::{self, LeadInput, LeadStatus},
};

/// Given and family name, telephone, company, source and how far they have come.
const LEADS: [(&str, &str, &str, &str, &str, LeadStatus); 8] = [
    ("Julia", "Pawlak", "+48602100201", "Meridian sp. z o.o.", "strona www", LeadStatus::New),
    ("Konrad", "Bielski", "+48602100202", "", "polecenie", LeadStatus::Contacted),
    ("Sylwia", "Nowicka", "+48602100203", "", "Instagram", LeadStatus::New),
    ("Dominik", "Rutkowski", "+48602100204", "Hotel Pod Lipą", "targi", LeadStatus::Qualified),
    ("Aneta", "Sikora", "+48602100205", "", "strona www", LeadStatus::Lost),
    ("Patryk", "Walczak", "+48602100206", "", "polecenie", LeadStatus::New),
    ("Iza", "Górska", "+48602100207", "Studio Ruchu", "Facebook", LeadStatus::Contacted),
    ("Robert", "Maj", "+48602100208", "", "strona www", LeadStatus::Won),
];

/// Place in [`LEADS`] of the one that becomes a deal.
const QUALIFIED: usize = 3;

/// Which of the leads are called when: place in [`LEADS`], days from today, hour and minute.
const CALLS: [(usize, i64, u32, u32); 6] = [(1, 0, 9, 15), (0, 0, 12, 15), (3, 0, 15, 45), (2, 1, 10, 0), (5, 1, 14, 30), (6, 3, 11, 15)];

/// Minutes that a call takes.
const MINUTES: i32 = 15;

/// The module's demo hook.
pub fn write<'a>(state: &'a State, tenant: &'a DemoTenant) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let today = state.clock.now().with_timezone(&time::zone(&tenant.zone)?).date_naive();
        let zone = ZoneWindow::of(time::zone(&tenant.zone)?, today, today + TimeDelta::days(8));
        // What was planned for today was planned before.
        let past = State { clock: Clock::starting_at(state.clock.now() - TimeDelta::days(2)), ..state.clone() };
        let mut tx = Tx::begin_for_system(&past, tenant.organization, Door::Demo).await?;
        let mut leads = Vec::with_capacity(LEADS.len());
        for (n, (given, family, phone, company, source, status)) in LEADS.iter().enumerate() {
            let input = LeadInput {
                id: None,
                given_name: (*given).into(),
                family_name: (*family).into(),
                email: None,
                phone: Some((*phone).into()),
                company: (*company).into(),
                source: (*source).into(),
                status: *status,
                value: 180_000 + 35_000 * i64::try_from(n).unwrap_or(0),
                notes: String::new(),
                owner: None,
                version: 0,
            };
            leads.push(leads::create(&mut tx, &input).await?);
        }
        let mut calls = Vec::with_capacity(CALLS.len());
        for (lead, days, hour, minute) in CALLS {
            let Some(wall) = (today + TimeDelta::days(days)).and_hms_opt(hour, minute, 0) else { continue };
            let call = PlanCall {
                id: None,
                lead: leads[lead].id,
                location: tenant.location,
                start: zone.instant(wall).rule_boundary(),
                minutes: MINUTES,
                staff: None,
                notes: String::new(),
            };
            calls.push(calls::plan(&mut tx, &call).await?);
        }
        keep_views(&mut tx, tenant.country == "PL").await?;
        tx.commit().await?;
        deals::write(state, tenant, &leads[QUALIFIED]).await?;
        // Those whose time has passed were made.
        let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
        let now = tx.now();
        for call in calls.iter().filter(|call| call.end <= now) {
            let made = CompleteCall { version: call.version, outcome: "reached".into(), notes: String::new() };
            calls::complete(&mut tx, call.id, &made).await?;
        }
        tx.commit().await
    })
}

/// Lists that a sales team begins its day with.
async fn keep_views(tx: &mut Tx, polish: bool) -> Result<()> {
    let open = ["new", "contacted", "qualified"].map(Into::into).to_vec();
    let open = Filter::Field(Condition { path: "status".into(), test: Test::OneOf(open) });
    let columns = ["given_name", "family_name", "company", "phone", "status", "value"].map(str::to_owned).to_vec();
    let dearest = Definition {
        columns: columns.clone(),
        filter: Filter::All(vec![open]),
        sorts: vec![Sort { field: "value".into(), descending: true }],
        aggregates: vec![Aggregate { field: "value".into(), measure: Measure::Sum }],
        ..Definition::default()
    };
    let board = Definition { columns, group: Some("status".into()), layout: Layout::Board, ..Definition::default() };
    let (first, second) = if polish { ("Otwarte leady", "Tablica") } else { ("Open leads", "Board") };
    views::create(tx, &views::shared("crm:lead", first, dearest)).await?;
    views::create(tx, &views::shared("crm:lead", second, board)).await?;
    Ok(())
}
