//! Furnishes a demonstration clinic with leads and calls.

use chrono::TimeDelta;
use futures::future::BoxFuture;
use platform::{Result, State, Tx, time, time::ZoneWindow, tx::Door};
use services::hooks::DemoTenant;

use crate::{
    calls::{self, PlanCall},
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

/// The module's demo hook.
pub fn write<'a>(state: &'a State, tenant: &'a DemoTenant) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let today = state.clock.now().with_timezone(&time::zone(&tenant.zone)?).date_naive();
        let zone = ZoneWindow::of(time::zone(&tenant.zone)?, today, today + TimeDelta::days(8));
        let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
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
                version: 0,
            };
            let lead = leads::create(&mut tx, &input).await?;
            let open = !matches!(status, LeadStatus::Won | LeadStatus::Lost);
            let day = today + TimeDelta::days(i64::try_from(n / 2).unwrap_or(0));
            let wall = day.and_hms_opt(12 + u32::try_from(n % 2).unwrap_or(0) * 2, 15, 0);
            if let (true, Some(wall)) = (open, wall) {
                let call = PlanCall {
                    id: None,
                    lead: lead.id,
                    location: tenant.location,
                    start: zone.instant(wall).rule_boundary(),
                    minutes: 15,
                    staff: None,
                    notes: String::new(),
                };
                calls::plan(&mut tx, &call).await?;
            }
        }
        tx.commit().await
    })
}
