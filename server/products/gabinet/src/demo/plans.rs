//! What lies some weeks ahead: who waits for an earlier time, visits of two treatments, and of treatments with rules; and what
//! was agreed with single patients.

use chrono::{Days, NaiveDate};
use platform::{Result, Tx, id::EntityId};
use services::hooks::DemoTenant;

use super::special;
use crate::{
    appointments::{self, AvailabilityQuestion, Book, Channel, Further},
    patients::{
        Patient,
        terms::{self, PatientTermInput, PatientTermsInput},
    },
    treatments::Treatment,
    waiting::{self, DayWindow, WaitingInput, WaitingKind},
};

/// From how many days ahead: what somebody tries out in the days around today meets none of it.
const AHEAD: u64 = 14;

/// Writes them.
pub async fn write(
    tx: &mut Tx,
    tenant: &DemoTenant,
    today: NaiveDate,
    (catalogue, specials): (&[Treatment], &[Treatment]),
    patients: &[Patient],
) -> Result<()> {
    let from = today.checked_add_days(Days::new(AHEAD)).unwrap_or(today);
    wishes(tx, tenant, from, catalogue, patients).await?;
    for (first, second, patient) in [(0, 1, 3), (1, 2, 5)] {
        if let (Some(first), Some(second), Some(patient)) = (catalogue.get(first), catalogue.get(second), patients.get(patient)) {
            both(tx, tenant, from, [first, second], patient).await?;
        }
    }
    let later = from.checked_add_days(Days::new(2)).unwrap_or(from);
    special::visits(tx, tenant, later, specials, patients).await?;
    agreed(tx, tenant, catalogue, patients).await
}

/// Two patients with whom something else was agreed than holds for everybody: one who needs more time, one who pays less. From
/// now on: what is booked already is as it was.
async fn agreed(tx: &mut Tx, tenant: &DemoTenant, catalogue: &[Treatment], patients: &[Patient]) -> Result<()> {
    let polish = tenant.country == "PL";
    let (slower, regular) = if polish { ("Potrzebuje więcej czasu", "Stały pacjent") } else { ("Needs more time", "A regular") };
    let [Some(first), Some(second)] = [0, 1].map(|place| catalogue.get(place)) else { return Ok(()) };
    let longer = PatientTermInput { treatment: first.id, duration: Some(first.duration + 15), price: None, note: slower.into() };
    let cheaper = PatientTermInput { treatment: second.id, duration: None, price: Some(second.price / 10 * 9), note: regular.into() };
    for (place, term) in [(11, longer), (12, cheaper)] {
        let Some(patient) = patients.get(place) else { continue };
        let version = terms::get(tx, patient.id).await?.version;
        terms::set(tx, patient.id, &PatientTermsInput { version, items: vec![term] }).await?;
    }
    Ok(())
}

async fn wishes(tx: &mut Tx, tenant: &DemoTenant, from: NaiveDate, catalogue: &[Treatment], patients: &[Patient]) -> Result<()> {
    let polish = tenant.country == "PL";
    let morning = DayWindow { from: 480, to: 720 };
    let wanted = [
        (2, vec![1, 2, 3, 4, 5], Vec::new(), 2, if polish { "Prosi o telefon" } else { "Please call" }),
        (1, vec![2, 4], vec![morning], 1, ""),
        (0, Vec::new(), Vec::new(), 0, if polish { "Może poczekać" } else { "Can wait" }),
    ];
    for (place, (treatment, weekdays, windows, priority, note)) in wanted.into_iter().enumerate() {
        let (Some(treatment), Some(patient)) = (catalogue.get(treatment), patients.get(7 + place)) else { continue };
        let new = WaitingInput {
            id: None,
            // The second asks for any such morning, and is to be answered.
            kind: if place == 1 { WaitingKind::Request } else { WaitingKind::Waiting },
            patient: patient.id,
            location: tenant.location,
            treatments: vec![treatment.id],
            staff: Vec::new(),
            weekdays,
            windows,
            from_date: from,
            to_date: from.checked_add_days(Days::new(21)).unwrap_or(from),
            priority,
            note: note.into(),
            version: 0,
        };
        waiting::add(tx, &new).await?;
    }
    Ok(())
}

/// The earliest visit of two treatments by one practitioner, if there is one in a fortnight.
async fn both(tx: &mut Tx, tenant: &DemoTenant, from: NaiveDate, [first, second]: [&Treatment; 2], patient: &Patient) -> Result<()> {
    let further = vec![Further { treatment: second.id, employee: None, offset: None }];
    let asked = AvailabilityQuestion {
        location: tenant.location,
        treatment: first.id,
        employee: None,
        patient: None,
        from,
        to: from.checked_add_days(Days::new(13)).unwrap_or(from),
        moving: None,
        further: further.clone(),
        channel: Channel::Desk,
    };
    let Some(slot) = appointments::earliest(tx, &asked).await? else { return Ok(()) };
    let new = Book {
        id: Some(EntityId::new()),
        patient: patient.id,
        treatment: first.id,
        employee: slot.employee_id,
        resources: None,
        location: tenant.location,
        start: slot.start,
        notes: String::new(),
        overbook_reason: None,
        hold: None,
        further,
        channel: Channel::Desk,
    };
    match appointments::book(tx, &new).await {
        // The patient may have something else that day: then there is one visit less.
        Ok(_) | Err(platform::Error::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
